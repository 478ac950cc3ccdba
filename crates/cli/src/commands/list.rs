//! `windlass list`: the releases there are.

use super::flags::OUTPUT;
use super::unavailable;
use crate::command::{Command, Count, Flag, FlagKind};

pub(super) static COMMAND: Command = Command {
    name: "list",
    aliases: &["ls"],
    short: "list releases (not there yet)",
    long: "Lists the releases of a namespace, or of all.",
    count: Count::None,
    flags: &[OUTPUT, FLAGS],
    run: Some(unavailable::needs_cluster),
    ..Command::DEFAULT
};

const FLAGS: &[Flag] = &[
    Flag::switch("all", "show releases of any status").short('a'),
    Flag::switch("all-namespaces", "look into all namespaces").short('A'),
    Flag::switch("date", "sort by date").short('d'),
    Flag::switch("deployed", "show deployed releases"),
    Flag::switch("failed", "show failed releases"),
    Flag::text("filter", "regular expression that names must match").short('f'),
    Flag::of("max", FlagKind::Int, "how many to show")
        .short('m')
        .default("256"),
    Flag::switch("no-headers", "leave out the head of the table"),
    Flag::of("offset", FlagKind::Int, "how many to pass over").default("0"),
    Flag::switch("pending", "show pending releases"),
    Flag::switch("reverse", "turn the order round").short('r'),
    Flag::text("selector", "labels of the records to look at").short('l'),
    Flag::switch("short", "print names only").short('q'),
    Flag::switch("superseded", "show superseded releases"),
    Flag::text(
        "time-format",
        "layout of times, as Go's: \"2006-01-02 15:04:05Z0700\"",
    ),
    Flag::switch(
        "uninstalled",
        "show uninstalled releases whose history was kept",
    ),
    Flag::switch("uninstalling", "show releases that are being uninstalled"),
];
