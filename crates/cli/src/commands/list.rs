//! `windlass list`: the releases there are.
//!
//! `select` chooses and orders them, `show` prints them.

mod select;
mod show;

use windlass_regexp::Regexp;
use windlass_release::Release;

use super::flags::OUTPUT;
use crate::cluster::Connection;
use crate::command::{Command, Count, Flag, FlagKind, Invocation};
use crate::error::{Failure, Outcome};
use crate::release_view::{NotRead, read};
use crate::session::Session;
use select::Choice;

pub(super) static COMMAND: Command = Command {
    name: "list",
    aliases: &["ls"],
    short: "list releases",
    long: "Lists the releases of a namespace, or of all.\n\n\
           Only the newest revision of each release is looked at. As helm3 those are shown that are\n\
           deployed or have failed, as helm4 all; flags for single states narrow that down, and can be\n\
           combined.",
    count: Count::None,
    flags: &[OUTPUT, FLAGS],
    run: Some(run),
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

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let flags = &invocation.flags;
    let mut connection = if flags.on("all-namespaces") {
        Connection::open_everywhere(flags, session)?
    } else {
        Connection::open(flags, session)?
    };
    let store = connection.store();
    let filter = flags.text("filter");
    let choice = Choice::of(flags, session.compat);
    let detail = choice.detail();
    let records = read(session, &mut connection, async {
        let filter = compiled(filter).map_err(NotRead::Text)?;
        let mut records = store.list(detail).await?;
        records.retain(|release| is_named(release, filter.as_ref()));
        Ok(records)
    })?;
    let chosen = choice.apply(records).map_err(Failure::new)?;
    show::print(session, flags, &chosen)
}

fn compiled(filter: &str) -> Result<Option<Regexp>, String> {
    if filter.is_empty() {
        return Ok(None);
    }
    let compiled = Regexp::new(&filter.into());
    compiled.map(Some).map_err(|e| e.to_string())
}

fn is_named(release: &Release, filter: Option<&Regexp>) -> bool {
    filter.is_none_or(|filter| filter.is_match(release.name.as_bytes()))
}
