//! `windlass rollback`: bring back an earlier revision of a release.

use windlass_chart::compat::Compat;

use super::flags::{
    FORCE, FORCE_EXCLUSIVE, HISTORY_MAX, SERVER_SIDE, TIMEOUT, WAIT, WAIT_FOR_JOBS,
};
use super::unavailable;
use crate::command::{Command, Count, Flag};

pub(super) static COMMAND: Command = Command {
    name: "rollback",
    arguments: "<RELEASE> [REVISION]",
    short: "bring back an earlier revision of a release (not there yet)",
    long: "Makes a new revision of a release that is as an earlier one was.\n\n\
           Without a revision, or with 0, that is the one before the current one.",
    count: Count::AtLeast(1),
    flags: &[
        FORCE,
        SERVER_SIDE,
        TIMEOUT,
        WAIT,
        WAIT_FOR_JOBS,
        HISTORY_MAX,
        FLAGS,
    ],
    exclusive: &FORCE_EXCLUSIVE,
    run: Some(unavailable::needs_cluster),
    ..Command::DEFAULT
};

const FLAGS: &[Flag] = &[
    Flag::switch(
        "cleanup-on-fail",
        "if the rollback fails, delete the objects it created",
    ),
    Flag::text(
        "description",
        "description of the new revision, of at most 256 characters",
    ),
    // E6
    Flag::switch("dry-run", "simulate").dialect(Compat::Helm3),
    Flag::text("dry-run", "simulate: none, client or server")
        .default("none")
        .bare("unset")
        .dialect(Compat::Helm4),
    Flag::switch("no-hooks", "leave hooks out"),
    Flag::switch("recreate-pods", "restart the pods of changed workloads"),
];
