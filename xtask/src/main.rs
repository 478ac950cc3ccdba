//! Checks and measurements of the workspace: `cargo xtask COMMAND`.
//!
//! | command | what it does |
//! |---|---|
//! | `arrows` | compares the crate table of ARCHITECTURE.md with `cargo metadata` |
//! | `bench-engine` | releases by Helm 4 and by us in turn on one cluster, and prints ratios |
//! | `bench-render` | renders with both Helms and with us in turn, cold, and prints ratios |
//! | `cli-parity` | compares commands and flags with what both Helms print for `--help` |
//! | `cluster` | lends a real cluster on loopback to a command |
//! | `conformance` | runs scenarios by Helm and by us on a real cluster and compares all that they leave |
//! | `faulty` | runs our commands on a server that fails in many ways, through a proxy |
//! | `fuzz-diff` | asks both Helms' functions and ours made-up questions by the hundred thousand |
//! | `interop` | every action of each of both Helms and us on releases that the others made |
//! | `kills` | kills our commands at every request, and sees whether the next one sets it right |
//! | `kinds` | writes the tables of crate `kinds` from Kubernetes' own files; `kinds record` from a running server |
//! | `measure` | runs a command and prints what it cost: for the benches, which are too large to start it themselves |
//! | `moments` | kills our commands, or asks them to end, at random instants |
//! | `ours` | runs what only Windlass has on a real cluster or the sandbox, and compares what it prints |
//! | `pairs` | runs two of our commands at once on one release, in every pair |
//! | `pending` | kills Helm at random instants, and sees whether we mend what it leaves |
//! | `protobuf` | writes the table of the sandbox's protobuf reader from Kubernetes' own files |
//! | `oracle` | renders charts with both Helms' libraries and with us, and prints every kind of difference |
//! | `twin` | runs kubectl and Helm on a real cluster and on the sandbox and compares what they print |
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool speaks to the person who ran it"
)]

mod api;
mod arrows;
mod bench;
mod bench_engine;
mod chaos;
mod cluster;
mod conformance;
mod cost;
mod fuzz_diff;
mod interop;
mod kinds;
mod oracle;
mod parity;
mod peers;
mod protobuf;
mod sandbox;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    let outcome = match command.as_str() {
        "arrows" => arrows::check(),
        "bench-render" => bench::run(&rest),
        "cli-parity" => parity::run(&rest),
        "cluster" => cluster::run(&rest),
        "conformance" => conformance::run(&rest),
        "kinds" => kinds::run(&rest),
        "protobuf" => protobuf::run(),
        "ours" => conformance::ours(&rest),
        "twin" => conformance::twin(&rest),
        "fuzz-diff" => fuzz_diff::run(&rest),
        "interop" => interop::run(&rest),
        "faulty" => chaos::faulty::run(&rest),
        "kills" => chaos::kills::run(&rest),
        "moments" => chaos::moments::run(&rest),
        "pairs" => chaos::pairs::run(&rest),
        "pending" => chaos::pending::run(&rest),
        "measure" => cost::measure(&rest),
        "bench-engine" => bench_engine::run(&rest),
        "oracle" => oracle::run(&rest),
        other => Err(anyhow::anyhow!(
            "unknown command {other:?}; see the head of xtask/src/main.rs"
        )),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The last line of what a step of .ci/run says, where a part is missing.
            let text = format!("{error:#}");
            let prefix = if text.starts_with("SKIPPED: ") {
                ""
            } else {
                "xtask: "
            };
            eprintln!("{prefix}{text}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the workspace.
fn root() -> std::path::PathBuf {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
