//! `--dry-run`: what its words mean to either Helm, and to which command.

use windlass_engine::options::DryRun;
use windlass_value::fmt::quote;

use crate::command::parse_bool;
use crate::error::Failure;
use crate::log::Event;
use crate::session::Session;

/// Whose flag it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// A command that may do something.
    Action,
    /// `template`, which never does.
    Template,
}

/// What a given value means.
///
/// # Errors
/// A word that is none.
pub(super) fn strategy(given: &str, of: Of, session: &mut Session<'_>) -> Result<DryRun, Failure> {
    if session.compat.checks_dry_run_first() {
        helm4(given, of, session)
    } else {
        helm3(given, of)
    }
}

fn helm4(given: &str, of: Of, session: &mut Session<'_>) -> Result<DryRun, Failure> {
    let invalid = |words: &str| {
        let given = quote(given.as_bytes());
        Err(Failure::new(format!(
            "invalid dry-run value ({given}). Must be {words}"
        )))
    };
    let never = || invalid("\"server\" or \"client\"");
    match given {
        "unset" => {
            session.log(&Event::BareDryRun);
            return Ok(DryRun::Client);
        }
        "client" => return Ok(DryRun::Client),
        "server" => return Ok(DryRun::Server),
        "none" if of == Of::Template => return never(),
        "none" => return Ok(DryRun::None),
        _ => {}
    }
    let (strategy, instead) = match parse_bool(given) {
        None => return invalid("\"none\", \"server\", or \"client\""),
        Some(false) if of == Of::Template => return never(),
        Some(false) => (DryRun::None, "none"),
        Some(true) => (DryRun::Client, "client"),
    };
    session.log(&Event::DryRunSwitch {
        given: given.to_owned(),
        instead,
    });
    Ok(strategy)
}

fn helm3(given: &str, of: Of) -> Result<DryRun, Failure> {
    match given {
        "server" => Ok(DryRun::Server),
        "client" | "true" => Ok(DryRun::Client),
        "" | "none" | "false" if of == Of::Template => Ok(DryRun::Client),
        "" | "none" | "false" => Ok(DryRun::None),
        _ => Err(Failure::new(
            "Invalid dry-run flag. Flag must one of the following: \
             false, true, none, client, server",
        )),
    }
}
