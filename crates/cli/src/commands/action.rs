//! What the commands that change releases share: options read from flags, failures worded, releases
//! printed.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;
use windlass_engine::Error;
use windlass_engine::options::{FailFast, Recreate, ServerSide, Strategy, Waiting};
use windlass_release::{Release, StoreError};

use super::release::renderer::Left;
use crate::command::{Flags, Invocation, parse_bool};
use crate::diagnoses;
use crate::error::{Failure, Outcome};
use crate::release_view::{Format, StatusOptions, print_status};
use crate::session::Session;

/// Prints a release as the command leaves it.
///
/// # Errors
/// When it cannot be put into the format asked for.
pub(super) fn print(
    release: &Release,
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Outcome {
    let options = StatusOptions {
        format: Format::of(&invocation.flags),
        debug: session.debug,
        hide_notes: invocation.flags.on("hide-notes"),
        ..StatusOptions::default()
    };
    print_status(session, release, &options)
}

/// An engine's error in Helm's words, with what is known beyond them: of the render, and of objects that
/// were waited for in vain.
pub(super) fn failure(
    error: &Error,
    left: Option<&Mutex<Left>>,
    invocation: &Invocation,
) -> Failure {
    let diagnostic = left.and_then(|left| {
        let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
        left.diagnostic.take()
    });
    let failure = Failure::new(error.text()).with(diagnostic);
    let release = invocation.args.first().map_or("", String::as_str);
    if let Some(pending) = error.pending() {
        return failure.with_more([pending.diagnostic(release)]);
    }
    // An uninstall that is given a name says this where there are records, and none can be read.
    let unread = matches!(
        error,
        Error::NoRelease | Error::Store(StoreError::NoRevision(_))
    );
    if unread && !release.is_empty() {
        return failure.with_more([diagnoses::unreadable_records(release)]);
    }
    let Some(finding) = error.finding() else {
        return failure;
    };
    let early = "the wait ended early, since this had lasted too long to pass by itself; \
                 --fail-fast=false waits until the timeout";
    let mut told = finding.diagnostics();
    if finding.early
        && let Some(first) = told.first_mut()
    {
        first.help.push(early.to_owned());
    }
    let data = json!({"error": failure.message, "diagnosis": finding.to_json()});
    failure
        .with_more(told)
        .with_data(data, Format::of(&invocation.flags))
}

/// What is printed where the user ends an action.
pub(super) fn cancelled(invocation: &Invocation) -> String {
    let name = invocation.args.first().map_or("", String::as_str);
    format!("Release {name} has been cancelled.\n")
}

/// How long is waited for what.
pub(super) fn waiting(flags: &Flags, session: &Session<'_>) -> Waiting {
    let strategy = if session.compat.names_wait_strategies() {
        match flags.text("wait") {
            "watcher" | "true" => Strategy::Watcher,
            "legacy" => Strategy::Legacy,
            _ => Strategy::HookOnly,
        }
    } else if flags.on("wait") || undo_on_failure(flags) {
        Strategy::Legacy
    } else {
        Strategy::HookOnly
    };
    Waiting {
        strategy,
        jobs: flags.on("wait-for-jobs"),
        timeout: timeout(flags),
        fail_fast: fail_fast(flags, session),
        explain: session.wants_causes(),
    }
}

/// `--fail-fast`, `WINDLASS_FAIL_FAST`
fn fail_fast(flags: &Flags, session: &Session<'_>) -> FailFast {
    let given = match flags.text("fail-fast") {
        "" => session.variable("WINDLASS_FAIL_FAST").unwrap_or_default(),
        given => given,
    };
    let time = windlass_time::Duration::parse(given.as_bytes());
    let time = time.ok().and_then(|t| u64::try_from(t.nanoseconds()).ok());
    match (parse_bool(given), time) {
        (Some(false), _) => FailFast::Never,
        (None, Some(time)) => FailFast::After(Duration::from_nanos(time)),
        _ => FailFast::Patiently,
    }
}

/// `--timeout`; less than nothing is nothing.
pub(super) fn timeout(flags: &Flags) -> Duration {
    let parsed = windlass_time::Duration::parse(flags.text("timeout").as_bytes());
    let nanoseconds = parsed.map_or(0, windlass_time::Duration::nanoseconds);
    Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or_default())
}

/// `--atomic`, `--rollback-on-failure`
pub(super) fn undo_on_failure(flags: &Flags) -> bool {
    flags.on("rollback-on-failure") || flags.on("atomic")
}

/// `--force`, `--force-replace`
pub(super) fn force_replace(flags: &Flags) -> bool {
    flags.on("force-replace") || flags.on("force")
}

/// `--labels`
pub(super) fn labels(flags: &Flags) -> BTreeMap<String, String> {
    let pairs = flags.all("labels").iter().filter_map(|p| p.split_once('='));
    pairs.map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

/// `--server-side`, where an earlier revision may decide.
pub(super) fn server_side(flags: &Flags) -> ServerSide {
    match flags.text("server-side") {
        "auto" => ServerSide::Auto,
        "true" => ServerSide::Yes,
        "false" => ServerSide::No,
        other => ServerSide::Unknown(other.to_owned()),
    }
}

/// `--history-max`, `HELM_MAX_HISTORY`
pub(super) fn max_history(flags: &Flags, session: &Session<'_>) -> i64 {
    let number = |text: &str| windlass_value::fmt::parse_int(text.as_bytes(), 0, 64).ok();
    let variable = session.variable("HELM_MAX_HISTORY").and_then(number);
    match variable {
        Some(variable) if !flags.given("history-max") => variable,
        _ => number(flags.text("history-max")).unwrap_or_default(),
    }
}

/// `--recreate`
///
/// # Errors
/// An object that is not named as such.
pub(super) fn recreate(flags: &Flags) -> Result<Vec<Recreate>, Failure> {
    let one = |text: &String| match text.split_once('/') {
        Some((kind, name)) if !kind.is_empty() && !name.is_empty() => Ok(Recreate {
            kind: kind.to_owned(),
            name: name.to_owned(),
        }),
        _ => Err(Failure::new(format!(
            "--recreate takes KIND/NAME, such as job/migrate, not {text:?}"
        ))),
    };
    flags.all("recreate").iter().map(one).collect()
}
