//! The `windlass` binary: hands the process's surroundings to the library beside it.

use std::collections::HashMap;
use std::io::{BufWriter, IsTerminal, Write};
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
    let mut stdin = std::io::stdin().lock();
    let mut stdout = BufWriter::with_capacity(1 << 16, std::io::stdout().lock());
    let mut stderr = std::io::stderr().lock();
    let surroundings = windlass_cli::Surroundings {
        called,
        environment,
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
        is_watched: std::io::stderr().is_terminal(),
        sandbox: None,
    };
    match windlass_cli::bug::caught(|| windlass_cli::run(&args, surroundings)) {
        Ok(status) => ExitCode::from(status),
        Err(bug) => {
            // There is nowhere left to complain to.
            let _ = stdout.flush();
            let _ = writeln!(stderr, "Error: {bug}");
            ExitCode::from(windlass_cli::bug::EXIT)
        }
    }
}
