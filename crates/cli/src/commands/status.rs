//! `windlass status`: how a release is doing.

use super::flags::OUTPUT;
use crate::command::{Command, Count, Flag, FlagKind, Invocation};
use crate::error::Outcome;
use crate::release_view::{Format, Resources, StatusOptions, named, print_status, read};
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "status",
    arguments: "RELEASE_NAME",
    short: "show how a release is doing",
    long: "Shows a release's last deployment, its objects, its tests and its notes.",
    count: Count::Exactly(1),
    flags: &[OUTPUT, FLAGS],
    run: Some(run),
    ..Command::DEFAULT
};

const FLAGS: &[Flag] = &[
    Flag::of("revision", FlagKind::Int, "the revision to show").default("0"),
    // E10: Helm 4 shows both always.
    Flag::switch("show-desc", "show the description"),
    Flag::switch("show-resources", "show the objects"),
];

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let flags = &invocation.flags;
    let format = Format::of(flags);
    let (mut release, mut connection) = named(session, invocation)?;
    let mut resources = Resources::default();
    if session.compat.shows_resources() || flags.on("show-resources") {
        let cluster = connection.cluster();
        let namespace = connection.namespace().to_owned();
        let manifest = &release.manifest;
        resources = read(session, &mut connection, async {
            Resources::of(&*cluster, manifest, &namespace, format == Format::Table).await
        })?;
    }
    release.chart = None;
    let options = StatusOptions {
        format,
        show_description: flags.on("show-desc"),
        resources,
        ..StatusOptions::default()
    };
    print_status(session, &release, &options)
}
