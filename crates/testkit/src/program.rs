//! [`Program`]: a binary run as a user would, with nothing of this machine's environment.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::place::Place;

/// A binary and what surrounds it. Its environment is empty but for `HOME`, a directory of its own, and what
/// [`Program::variable`] adds.
#[derive(Debug)]
pub struct Program {
    path: PathBuf,
    name: Option<String>,
    directory: PathBuf,
    environment: Vec<(OsString, OsString)>,
    stdin: Vec<u8>,
    home: Place,
}

impl Program {
    /// The program at a path; from an integration test, `env!("CARGO_BIN_EXE_windlass")`.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        let home = Place::new();
        Self {
            path: path.into(),
            name: None,
            directory: home.path().to_owned(),
            environment: Vec::new(),
            stdin: Vec::new(),
            home,
        }
    }

    /// Calls it by another name, as a symbolic link would.
    #[must_use]
    pub fn called(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// Runs it in a directory; without this, in its empty `HOME`.
    #[must_use]
    pub fn in_directory(mut self, directory: impl AsRef<Path>) -> Self {
        directory.as_ref().clone_into(&mut self.directory);
        self
    }

    /// Sets a variable of its environment.
    #[must_use]
    pub fn variable(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.environment
            .push((name.into(), value.as_ref().to_owned()));
        self
    }

    /// What it reads from standard input.
    #[must_use]
    pub fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = text.into();
        self
    }

    /// Its `HOME`.
    #[must_use]
    pub fn home(&self) -> &Place {
        &self.home
    }

    /// Runs it to its end.
    #[must_use]
    pub fn run(&self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Outcome {
        let mut command = Command::new(&self.path);
        if let Some(name) = &self.name {
            std::os::unix::process::CommandExt::arg0(&mut command, name);
        }
        let mut child = command
            .args(arguments)
            .current_dir(&self.directory)
            .env_clear()
            .env("HOME", self.home.path())
            .envs(self.environment.iter().map(|(k, v)| (k, v)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|e| panic!("{}: {e}", self.path.display()));
        if let Some(mut stdin) = child.stdin.take() {
            // A program that does not read has closed the pipe, and that is its right.
            let _ = stdin.write_all(&self.stdin);
        }
        let output = child
            .wait_with_output()
            .unwrap_or_else(|e| panic!("{}: {e}", self.path.display()));
        Outcome {
            status: output
                .status
                .code()
                .unwrap_or_else(|| panic!("{}: ended by a signal", self.path.display())),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|e| panic!("output is not UTF-8: {e}"))
}

/// How a run ended and what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The exit status.
    pub status: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Outcome {
    /// Standard output of a run that has to have succeeded.
    #[must_use]
    pub fn success(self) -> String {
        assert_eq!(self.status, 0, "{}", self.stderr);
        self.stdout
    }

    /// Standard error of a run that has to have failed.
    #[must_use]
    pub fn failure(self) -> String {
        assert_ne!(self.status, 0, "no failure, but:\n{}", self.stdout);
        self.stderr
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_is_empty_but_for_home_and_what_is_given() {
        let program = Program::at("/usr/bin/env").variable("GIVEN", "1");
        let output = program.run([""; 0]).success();
        let mut lines: Vec<&str> = output.lines().collect();
        lines.sort_unstable();
        let home = format!("HOME={}", program.home().path().display());
        assert_eq!(lines, ["GIVEN=1", home.as_str()]);
    }

    #[test]
    fn input_goes_in_and_status_comes_out() {
        let program = Program::at("/bin/sh").stdin("abc");
        let outcome = program.run(["-c", "cat; echo no >&2; exit 3"]);
        let wanted = Outcome {
            status: 3,
            stdout: "abc".into(),
            stderr: "no\n".into(),
        };
        assert_eq!(outcome, wanted);
    }

    #[test]
    fn a_program_sees_the_name_it_is_called_by() {
        let program = Program::at("/bin/sh").called("other");
        assert_eq!(program.run(["-c", "echo $0"]).success(), "other\n");
    }
}
