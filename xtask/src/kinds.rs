//! `cargo xtask kinds`: what Kubernetes itself states about its built-in kinds, as compact tables.
//!
//! Everything comes from files of the Go module k8s.io/kubernetes and its neighbours, none of it from
//! memory: types and their list and patch semantics from `api/openapi-spec`, resources from
//! `api/discovery`, and from the struct tags how Go writes a field that is empty. What no file states
//! (table columns, what is served by default) `cargo xtask kinds record` takes from a running server.
//! `cargo xtask kinds check` asks crate `kinds` and Kubernetes' own libraries the same questions.
//! The crate `kinds` reads the tables; the formats are described at the head of its `table.rs`.

mod builtin;
mod check;
mod custom;
mod discovery;
mod generate;
mod record;
mod tags;
mod types;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// The release whose facts are written down.
const KUBERNETES: &str = "k8s.io/kubernetes@v1.36.3";
/// Where the Go types of the built-in kinds live, in the release's own versions.
const GO_TYPES: [&str; 4] = [
    "k8s.io/api@v0.36.3",
    "k8s.io/apimachinery@v0.36.3",
    "k8s.io/apiextensions-apiserver@v0.36.3",
    "k8s.io/kube-aggregator@v0.36.3",
];

/// Writes the tables, or records from a server.
///
/// # Errors
/// Go is missing, a module cannot be had, or a file is not as expected.
pub(crate) fn run(args: &[String]) -> Result<()> {
    match args {
        [] => write_tables(),
        [first, rest @ ..] if first == "record" => record::run(rest, &data()),
        [first, rest @ ..] if first == "record-builtin" => builtin::run(rest),
        [first, rest @ ..] if first == "record-custom" => custom::run(rest),
        [first, rest @ ..] if first == "check" => check::run(rest),
        _ => anyhow::bail!(
            "usage: cargo xtask kinds [record SERVER TOKEN | record-custom SERVER TOKEN | record-builtin SERVER TOKEN | check [COUNT [SEED]] [--golden FILE]]"
        ),
    }
}

fn write_tables() -> Result<()> {
    let kubernetes = module(KUBERNETES)?;
    let go = GO_TYPES
        .iter()
        .map(|name| module(name))
        .collect::<Result<Vec<_>>>()?;
    let api = kubernetes.join("api");
    let table = types::Table::read(&api.join("openapi-spec/v3"), &tags::read(&go)?)?;
    save("types.txt", &table.text())?;
    save(
        "kinds.txt",
        &discovery::text(&api.join("discovery"), &table)?,
    )
}

fn data() -> PathBuf {
    crate::root().join("crates/kinds/data")
}

fn save(name: &str, text: &str) -> Result<()> {
    let path = data().join(name);
    std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    println!("{}: {} bytes", path.display(), text.len());
    Ok(())
}

/// The directory of a Go module, downloaded if need be.
pub(crate) fn module(name: &str) -> Result<PathBuf> {
    let out = Command::new("go")
        .args(["mod", "download", "-json", name])
        .current_dir(std::env::temp_dir())
        .output()
        .context("running go")?;
    ensure!(
        out.status.success(),
        "go mod download {name}: {}",
        String::from_utf8_lossy(&out.stdout)
    );
    let answer: Value = serde_json::from_slice(&out.stdout)?;
    let dir = answer["Dir"].as_str().context("no Dir in go's answer")?;
    Ok(PathBuf::from(dir))
}

fn json(path: &Path) -> Result<Value> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("parsing {}", path.display()))
}
