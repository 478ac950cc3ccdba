//! `windlass get`: what is recorded of a release.

mod metadata;
mod template;
mod values;

use super::flags::OUTPUT;
use crate::command::{Command, Count, Flag, FlagKind, Invocation};
use crate::error::Outcome;
use crate::release_view::{StatusOptions, named, print_status};
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "get",
    short: "show what is recorded of a release",
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
    ..Command::DEFAULT
};

static ALL: Command = Command {
    name: "all",
    short: "everything",
    long: "Shows a release's chart, values, hooks, manifest and notes.",
    flags: &[
        REVISION,
        &[Flag::text(
            "template",
            "Go template to print with, such as {{.Release.Name}}",
        )],
    ],
    run: Some(all),
    ..PART
};
static HOOKS: Command = Command {
    name: "hooks",
    short: "its hooks",
    long: "Shows a release's hooks, as YAML documents.",
    run: Some(hooks),
    ..PART
};
static MANIFEST: Command = Command {
    name: "manifest",
    short: "its manifest",
    long: "Shows the objects that were rendered for a release, as YAML documents.",
    run: Some(manifest),
    ..PART
};
static METADATA: Command = Command {
    name: "metadata",
    short: "its chart, revision and status",
    long: "Shows a release's chart, labels, revision, status and date.",
    flags: &[REVISION, OUTPUT],
    run: Some(metadata::run),
    ..PART
};
static NOTES: Command = Command {
    name: "notes",
    short: "its notes",
    long: "Shows the notes that the chart has for a release.",
    run: Some(notes),
    ..PART
};
static VALUES: Command = Command {
    name: "values",
    short: "its values",
    long: "Shows the values that were given for a release, or all that it was made of.",
    flags: &[
        REVISION,
        OUTPUT,
        &[Flag::switch("all", "the computed values, not only those given").short('a')],
    ],
    run: Some(values::run),
    ..PART
};

fn all(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let (release, _) = named(session, invocation)?;
    let text = invocation.flags.text("template");
    if !text.is_empty() {
        let filled = template::fill(text, &release, session.compat)?;
        return session.print(filled);
    }
    let options = StatusOptions {
        debug: true,
        show_metadata: true,
        ..StatusOptions::default()
    };
    print_status(session, &release, &options)
}

fn hooks(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let (release, _) = named(session, invocation)?;
    let hooks = release.hooks.iter();
    let text = hooks.map(|hook| format!("---\n# Source: {}\n{}\n", hook.path, hook.manifest));
    session.print(text.collect::<String>())
}

fn manifest(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let (release, _) = named(session, invocation)?;
    session.print(format!("{}\n", release.manifest))
}

fn notes(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let (release, _) = named(session, invocation)?;
    if release.info.notes.is_empty() {
        return Ok(());
    }
    session.print(format!("NOTES:\n{}\n", release.info.notes))
}
