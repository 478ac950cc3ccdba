//! `windlass upgrade`: bring a release to a chart and values.

use super::flags::{
    CHART_SOURCE, DRY_RUN, FORCE, FORCE_EXCLUSIVE, HIDE_SECRET, HISTORY_MAX, LIMITS, NOTES, OUTPUT,
    RELEASE, SERVER_SIDE, TIMEOUT, WAIT, WAIT_FOR_JOBS,
};
use super::unavailable;
use crate::command::{Command, Count, Flag};
use crate::input::values;

pub(super) static COMMAND: Command = Command {
    name: "upgrade",
    arguments: "[RELEASE] [CHART]",
    short: "upgrade a release (not there yet)",
    long: "Renders a chart and brings the objects of a release to what it says.\n\n\
           With --install a release that is not there is made.",
    count: Count::Exactly(2),
    flags: &[
        CHART_SOURCE,
        RELEASE,
        NOTES,
        FORCE,
        SERVER_SIDE,
        TIMEOUT,
        WAIT,
        WAIT_FOR_JOBS,
        DRY_RUN,
        HIDE_SECRET,
        HISTORY_MAX,
        OUTPUT,
        values::FLAGS,
        LIMITS,
        FLAGS,
    ],
    exclusive: &FORCE_EXCLUSIVE,
    run: Some(unavailable::needs_cluster),
    ..Command::DEFAULT
};

const FLAGS: &[Flag] = &[
    Flag::switch(
        "cleanup-on-fail",
        "if the upgrade fails, delete the objects it created",
    ),
    Flag::switch("install", "install the release if it is not there").short('i'),
    Flag::switch("recreate-pods", "restart the pods of changed workloads").deprecated_by_both(
        "functionality will no longer be updated. \
         Consult the documentation for other methods to recreate pods",
    ),
    Flag::switch(
        "reset-then-reuse-values",
        "begin with the chart's values, then those the last revision was given",
    ),
    Flag::switch("reset-values", "begin with the chart's values"),
    Flag::switch("reuse-values", "begin with the last revision's values"),
];
