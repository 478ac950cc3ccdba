//! `windlass get`: what is recorded of a release.

use super::flags::OUTPUT;
use super::unavailable;
use crate::command::{Command, Count, Flag, FlagKind};

pub(super) static COMMAND: Command = Command {
    name: "get",
    short: "show what is recorded of a release (not there yet)",
    long: "Shows a part of what is recorded of a release.",
    commands: &[&ALL, &HOOKS, &MANIFEST, &METADATA, &NOTES, &VALUES],
    ..Command::DEFAULT
};

const REVISION: &[Flag] =
    &[Flag::of("revision", FlagKind::Int, "the revision to show").default("0")];

const PART: Command = Command {
    arguments: "RELEASE_NAME",
    count: Count::Exactly(1),
    flags: &[REVISION],
    run: Some(unavailable::needs_cluster),
    ..Command::DEFAULT
};

static ALL: Command = Command {
    name: "all",
    short: "everything (not there yet)",
    flags: &[
        REVISION,
        &[Flag::text(
            "template",
            "Go template to print with, such as {{.Release.Name}}",
        )],
    ],
    ..PART
};
static HOOKS: Command = Command {
    name: "hooks",
    short: "its hooks (not there yet)",
    ..PART
};
static MANIFEST: Command = Command {
    name: "manifest",
    short: "its manifest (not there yet)",
    ..PART
};
static METADATA: Command = Command {
    name: "metadata",
    short: "its chart, revision and status (not there yet)",
    flags: &[REVISION, OUTPUT],
    ..PART
};
static NOTES: Command = Command {
    name: "notes",
    short: "its notes (not there yet)",
    ..PART
};
static VALUES: Command = Command {
    name: "values",
    short: "its values (not there yet)",
    flags: &[
        REVISION,
        OUTPUT,
        &[Flag::switch("all", "the computed values, not only those given").short('a')],
    ],
    ..PART
};
