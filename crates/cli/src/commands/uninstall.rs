//! `windlass uninstall`: take releases out of the cluster.

use super::flags::{TIMEOUT, WAIT};
use super::unavailable;
use crate::command::{Command, Count, Flag};

pub(super) static COMMAND: Command = Command {
    name: "uninstall",
    aliases: &["del", "delete", "un"],
    arguments: "RELEASE_NAME [...]",
    short: "take a release out of the cluster (not there yet)",
    long: "Deletes the objects of releases and, unless --keep-history is given, their records.",
    count: Count::AtLeast(1),
    flags: &[TIMEOUT, WAIT, FLAGS],
    run: Some(unavailable::needs_cluster),
    ..Command::DEFAULT
};

const FLAGS: &[Flag] = &[
    Flag::text(
        "cascade",
        "what becomes of dependents: background, orphan or foreground",
    )
    .default("background"),
    Flag::text("description", "description of the uninstallation"),
    Flag::switch("dry-run", "simulate"),
    Flag::switch(
        "ignore-not-found",
        "a release that is not there is no error",
    ),
    Flag::switch("keep-history", "keep the release's records"),
    Flag::switch("no-hooks", "leave hooks out"),
];
