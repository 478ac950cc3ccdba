//! Our own rendering: the whole command, in this process.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use anyhow::Result;

use super::peer::{Answer, Helm, Reply};
use super::question::Question;

/// What we answered, and how long it took.
pub(super) struct Ours {
    pub(super) answer: Answer,
    pub(super) took: Duration,
}

/// Renders as `helm template` would.
pub(super) fn render(question: &Question, helm: Helm) -> Result<Ours> {
    let arguments = question.arguments()?;
    let start = Instant::now();
    let answer = command(&arguments, helm);
    Ok(Ours {
        answer,
        took: start.elapsed(),
    })
}

/// Runs a command line in this process.
pub(crate) fn command(arguments: &[String], helm: Helm) -> Answer {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let environment = HashMap::from([
        ("HOME".to_owned(), "/nonexistent".to_owned()),
        ("WINDLASS_COMPAT".to_owned(), helm.name().to_owned()),
    ]);
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        windlass_cli::run(
            arguments,
            windlass_cli::Surroundings {
                called: "helm".into(),
                environment,
                stdin: &mut std::io::empty(),
                stdout: &mut stdout,
                stderr: &mut stderr,
                is_watched: false,
                sandbox: None,
            },
        )
    }));
    match outcome {
        Err(_) => Answer {
            reply: Reply::Broke("we panicked".into()),
            log: stderr,
        },
        Ok(0) => Answer {
            reply: Reply::Printed(stdout),
            log: stderr,
        },
        Ok(_) => {
            let (log, error) = part(&stderr);
            Answer {
                reply: Reply::Refused(error),
                log,
            }
        }
    }
}

/// Log lines, then what follows `Error: `.
fn part(stderr: &[u8]) -> (Vec<u8>, Vec<u8>) {
    const MARK: &[u8] = b"Error: ";
    let starts = std::iter::once(0).chain(
        stderr
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .map(|(at, _)| at + 1),
    );
    for at in starts {
        if let Some(error) = stderr[at..].strip_prefix(MARK) {
            let error = error.strip_suffix(b"\n").unwrap_or(error);
            return (stderr[..at].to_vec(), error.to_vec());
        }
    }
    (stderr.to_vec(), Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_follows_the_log() {
        let (log, error) = part(b"level=WARN\nError: a\nError: b\n");
        assert_eq!(
            (log.as_slice(), error.as_slice()),
            (&b"level=WARN\n"[..], &b"a\nError: b"[..])
        );
    }
}
