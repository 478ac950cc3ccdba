//! `--post-renderer`: a program that the manifest is piped through.
//!
//! This is Helm 3's way: any program, the manifest without hooks on its standard input, and its
//! output taken as it is. Helm 4 only knows plugins here; a program works under either setting.

use std::io::{ErrorKind, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, ExitStatus, Stdio};

use windlass_chart::path;

use crate::command::Invocation;
use crate::error::{Failure, io_reason};
use crate::input::local;
use crate::session::Session;

/// A program and its arguments.
#[derive(Debug)]
pub(crate) struct PostRenderer {
    program: String,
    args: Vec<String>,
}

impl PostRenderer {
    /// The program that the flags name, if they do.
    ///
    /// # Errors
    /// It is not there, or cannot be run.
    pub(crate) fn find(
        invocation: &Invocation,
        session: &Session<'_>,
    ) -> Result<Option<Self>, Failure> {
        let name = invocation.flags.text("post-renderer");
        if name.is_empty() {
            return Ok(None);
        }
        let program = look_up(name, session).map_err(|why| {
            let quoted = windlass_value::fmt::quote(name.as_bytes());
            let why = if session.compat.post_renders_with_plugins() {
                format!("plugin: {{Name:{name} Type:postrenderer/v1}} not found")
            } else {
                format!("unable to find binary at {name}: exec: {quoted}: {why}")
            };
            Failure::new(format!(
                "invalid argument {quoted} for \"--post-renderer\" flag: {why}"
            ))
        })?;
        let args = invocation.flags.all("post-renderer-args").to_vec();
        let program = local::absolute(&program, session);
        Ok(Some(Self { program, args }))
    }

    /// Pipes a manifest through the program.
    ///
    /// # Errors
    /// It does not start, or ends with a failure; what it said on standard error is in the message.
    pub(crate) fn run(&self, manifest: &str) -> Result<String, Failure> {
        let failed = |said: &[u8], why: String| {
            let said = String::from_utf8_lossy(said);
            Failure::new(format!(
                "error while running post render on files: error while running command {}. \
                 error output:\n{said}: {why}",
                self.program
            ))
        };
        let mut child = Command::new(&self.program)
            .args(&self.args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| {
                failed(
                    b"",
                    format!("fork/exec {}: {}", self.program, io_reason(&e)),
                )
            })?;
        let input = child.stdin.take();
        let output = std::thread::scope(|scope| {
            // It may write before it has read all, so that takes a thread of its own. What it does
            // not want to read is its own business.
            scope.spawn(move || input.map(|mut pipe| pipe.write_all(manifest.as_bytes())));
            child.wait_with_output()
        })
        .map_err(|e| failed(b"", io_reason(&e)))?;
        if !output.status.success() {
            return Err(failed(&output.stderr, describe(output.status)));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// Go's `exec.LookPath`: a path, or a name below a directory in `PATH`.
fn look_up(name: &str, session: &Session<'_>) -> Result<String, String> {
    if name.contains('/') {
        return check(name).map(|()| name.to_owned());
    }
    let directories = session.variable("PATH").unwrap_or_default();
    directories
        .split(':')
        .map(|directory| path::join(&[if directory.is_empty() { "." } else { directory }, name]))
        .find(|candidate| check(candidate).is_ok())
        .ok_or_else(|| "executable file not found in $PATH".to_owned())
}

fn check(program: &str) -> Result<(), String> {
    match std::fs::metadata(program) {
        Err(e) if e.kind() == ErrorKind::PermissionDenied => Err("permission denied".to_owned()),
        Err(e) => Err(format!("stat {program}: {}", io_reason(&e))),
        Ok(found) if found.is_dir() => Err("is a directory".to_owned()),
        Ok(found) if found.permissions().mode() & 0o111 == 0 => Err("permission denied".to_owned()),
        Ok(_) => Ok(()),
    }
}

fn describe(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(9)) => "signal: killed".to_owned(),
        (None, Some(15)) => "signal: terminated".to_owned(),
        (None, signal) => format!("signal: {}", signal.unwrap_or_default()),
    }
}
