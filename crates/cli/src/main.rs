//! The `windlass` binary: hands the process's surroundings to the library beside it.

use std::collections::HashMap;
use std::io::BufWriter;
use std::process::ExitCode;

/// The system's allocator takes a sixth of a render's time, this one a twentieth.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let mut args = std::env::args();
    let called = args.next().unwrap_or_default();
    let args: Vec<String> = args.collect();
    let environment: HashMap<String, String> = std::env::vars_os()
        .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
        .collect();
    let succeeded = windlass_cli::run(
        &args,
        windlass_cli::Surroundings {
            called,
            environment,
            stdin: &mut std::io::stdin().lock(),
            stdout: &mut BufWriter::with_capacity(1 << 16, std::io::stdout().lock()),
            stderr: &mut std::io::stderr().lock(),
        },
    );
    if succeeded {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
