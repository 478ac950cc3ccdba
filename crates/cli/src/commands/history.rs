//! `windlass history`: the revisions of a release.

use super::flags::OUTPUT;
use super::unavailable;
use crate::command::{Command, Count, Flag, FlagKind};

pub(super) static COMMAND: Command = Command {
    name: "history",
    aliases: &["hist"],
    arguments: "RELEASE_NAME",
    short: "list a release's revisions (not there yet)",
    long: "Lists the revisions of a release, the newest last.",
    count: Count::Exactly(1),
    flags: &[OUTPUT, FLAGS],
    run: Some(unavailable::needs_cluster),
    ..Command::DEFAULT
};

const FLAGS: &[Flag] = &[
    Flag::of("max", FlagKind::Int, "how many revisions to list").default("256"),
    Flag::switch(
        "show-rollback-revision",
        "show the revision that each one brought back",
    ),
];
