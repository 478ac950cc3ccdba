//! `windlass dependency`: what a chart depends on, and what of it is in charts/.
//!
//! `list` tells, `update` and `build` fetch: `repositories` says where a dependency comes from,
//! `resolve` which version it is, `fetch` brings charts/ up to date.

mod fetch;
mod list;
mod repositories;
mod resolve;
mod update;

use windlass_chart::path;

use super::flags::CHART_ACCESS;
use crate::command::{Command, Count, Flag, FlagKind, Invocation};
use crate::error::Outcome;
use crate::session::Session;
use crate::store;

pub(super) use update::{update_loudly, update_quietly};

pub(super) static COMMAND: Command = Command {
    name: "dependency",
    aliases: &["dep", "dependencies"],
    arguments: "update|build|list",
    short: "manage what a chart depends on",
    long: "Chart.yaml names the charts that a chart depends on, and charts/ holds them. These commands\n\
           tell how the two compare, and bring charts/ up to date. A repository is the address of a\n\
           chart repository or registry, file://PATH for a chart directory nearby, or nothing for a\n\
           chart that lies in charts/ anyway.",
    count: Count::None,
    commands: &[&BUILD, &LIST, &UPDATE],
    ..Command::DEFAULT
};

static BUILD: Command = Command {
    name: "build",
    arguments: "CHART",
    short: "rebuild charts/ from Chart.lock",
    long: "Fills charts/ with the very versions that Chart.lock names. Without a Chart.lock this is\n\
           `dependency update`.",
    count: Count::AtMost(1),
    flags: FETCH,
    run: Some(|session, invocation| {
        let epoch = store::epoch(session)?;
        update::build(&chart(invocation), epoch, session)
    }),
    ..Command::DEFAULT
};

static LIST: Command = Command {
    name: "list",
    aliases: &["ls"],
    arguments: "CHART",
    short: "list what a chart depends on",
    long: "Lists the dependencies of a chart, a directory or an archive, and whether charts/ has them.",
    count: Count::AtMost(1),
    flags: &[&[
        Flag::of("max-col-width", FlagKind::Uint, "longest text in a column").default("80"),
    ]],
    run: Some(list),
    ..Command::DEFAULT
};

static UPDATE: Command = Command {
    name: "update",
    aliases: &["up"],
    arguments: "CHART",
    short: "bring charts/ up to date with Chart.yaml",
    long: "Fills charts/ with the newest versions that Chart.yaml allows, takes out those that it does\n\
           not, and writes down in Chart.lock which they are.",
    count: Count::AtMost(1),
    flags: FETCH,
    run: Some(|session, invocation| {
        let epoch = store::epoch(session)?;
        update_loudly(&chart(invocation), epoch, session)
    }),
    ..Command::DEFAULT
};

const FETCH: &[&[Flag]] = &[
    CHART_ACCESS,
    &[
        Flag::text("keyring", "public keys to verify with"),
        Flag::switch(
            "skip-refresh",
            "leave cached repository indexes as they are",
        ),
        Flag::switch("verify", "verify what is downloaded"),
    ],
];

/// The chart that is meant: the argument, or the working directory.
fn chart(invocation: &Invocation) -> String {
    path::clean(invocation.args.first().map_or(".", String::as_str))
}

fn list(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let width = invocation.flags.text("max-col-width");
    let width = windlass_value::fmt::parse_uint(width.as_bytes(), 0, 64).unwrap_or_default();
    list::run(
        &chart(invocation),
        usize::try_from(width).unwrap_or(usize::MAX),
        session,
    )
}
