//! `windlass install`: make a release of a chart.

use super::flags::{
    CHART_SOURCE, DRY_RUN, FORCE, FORCE_EXCLUSIVE, HIDE_SECRET, INSTALL, LIMITS, NOTES, OUTPUT,
    RELEASE, TIMEOUT, WAIT, WAIT_FOR_JOBS,
};
use super::unavailable;
use crate::command::{Command, Count};
use crate::input::values;

pub(super) static COMMAND: Command = Command {
    name: "install",
    arguments: "[NAME] [CHART]",
    short: "install a chart (not there yet)",
    long: "Renders a chart, applies its objects to the cluster and records the release.",
    count: Count::AtLeast(1),
    flags: &[
        CHART_SOURCE,
        RELEASE,
        INSTALL,
        NOTES,
        FORCE,
        TIMEOUT,
        WAIT,
        WAIT_FOR_JOBS,
        DRY_RUN,
        HIDE_SECRET,
        OUTPUT,
        values::FLAGS,
        LIMITS,
    ],
    exclusive: &FORCE_EXCLUSIVE,
    run: Some(unavailable::needs_cluster),
    ..Command::DEFAULT
};
