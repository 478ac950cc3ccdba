//! `windlass diff`: what a change would change, as users of the helm-diff plugin know it.
//!
//! Manifests against manifests: of revisions, of releases, of a release and a chart. What an action would
//! do to a cluster is `windlass plan`'s to tell.

pub(super) mod flags;
mod local;
pub(super) mod paint;
pub(super) mod print;
mod release;
mod revision;
mod template;
mod upgrade;

use windlass_diff::manifest::{Reading, TEST_HOOKS, Unreadable};
use windlass_diff::report::NewOwner;
use windlass_diff::{Index, Options, report};
use windlass_release::{History, Release, StoreError};

use crate::cluster::Connection;
use crate::command::{Command, Count, Flags, Invocation};
use crate::error::{DIFFERENT, Failure, Outcome};
use crate::release_view::{NotRead, content, read};
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "diff",
    short: "show what a change would change",
    long: "Shows differences between manifests: of a release and what an upgrade would make of it, of\n\
           revisions, of releases. Values of Secrets are masked.\n\n\
           The commands, flags and texts are those of the helm-diff plugin. What is there in the\n\
           cluster is not looked at, unless --three-way-merge asks for it; windlass plan does.",
    flags: &[flags::COLORS],
    commands: &[
        &upgrade::COMMAND,
        &revision::REVISION,
        &revision::ROLLBACK,
        &release::COMMAND,
        &local::COMMAND,
        &VERSION,
    ],
    ..Command::DEFAULT
};

static VERSION: Command = Command {
    name: "version",
    short: "tell the version",
    long: "Tells the version of what shows differences, which is Windlass's own.",
    count: Count::None,
    run: Some(version),
    ..Command::DEFAULT
};

fn version(session: &mut Session<'_>, _: &Invocation) -> Outcome {
    session.print(concat!(env!("CARGO_PKG_VERSION"), "\n"))
}

/// Manifests that are to be compared.
struct Sides {
    old: Index,
    new: Index,
    owners: Vec<NewOwner>,
    /// Whether differences count for `--detailed-exitcode`.
    is_counted: bool,
}

impl Sides {
    fn new(old: Index, new: Index) -> Self {
        Self {
            old,
            new,
            owners: Vec::new(),
            is_counted: true,
        }
    }

    /// Prints what is different, and ends the program accordingly.
    fn compare(
        &self,
        options: &Options,
        invocation: &Invocation,
        session: &mut Session<'_>,
    ) -> Outcome {
        let flags = &invocation.flags;
        for name in self.old.repeated.iter().chain(&self.new.repeated) {
            let name = windlass_value::fmt::quote(name.as_bytes());
            session.tell(&format!("Error: Found duplicate key {name} in manifest"));
        }
        let found = report(&self.old, &self.new, &self.owners, options);
        print::print(&found, options, flags, session)?;
        if found.has_changes && self.is_counted && flags.on("detailed-exitcode") {
            return Err(different());
        }
        Ok(())
    }
}

/// How a program ends that found differences, where that is asked for.
pub(super) fn different() -> Failure {
    let text = "identified at least one change, exiting with non-zero exit code \
                (detailed-exitcode parameter enabled)";
    Failure::new(text).with_status(DIFFERENT)
}

/// Reads the objects of a text as the flags say.
fn index(text: &str, namespace: &str, flags: &Flags) -> Result<Index, Failure> {
    let reading = Reading {
        namespace,
        normalize: flags.on("normalize-manifests"),
        without: match flags.on("include-tests") {
            true => &[],
            false => TEST_HOOKS,
        },
    };
    Index::read(text, reading).map_err(|error: Unreadable| Failure::new(error.to_string()))
}

/// Reads a revision of a release; the newest for 0.
fn revision_of(
    name: &str,
    revision: i64,
    connection: &mut Connection,
    session: &mut Session<'_>,
) -> Result<Release, Failure> {
    let store = connection.store();
    read(session, connection, async {
        content(History::new(&*store, 0), name, revision).await
    })
}

/// Reads the newest revision of a release that may not be there.
fn newest(
    name: &str,
    connection: &mut Connection,
    session: &mut Session<'_>,
) -> Result<Option<Release>, Failure> {
    let store = connection.store();
    read(session, connection, async {
        match content(History::new(&*store, 0), name, 0).await {
            Ok(release) => Ok(Some(release)),
            Err(NotRead::Store(StoreError::NotFound)) => Ok(None),
            Err(other) => Err(other),
        }
    })
}

/// A release's manifest and its hooks, as one text.
fn with_hooks(release: &Release) -> String {
    let mut text = format!("{}\n", release.manifest);
    for hook in &release.hooks {
        text.push_str(&format!(
            "---\n# Source: {}\n{}\n",
            hook.path, hook.manifest
        ));
    }
    text
}

/// A wrong number of arguments, in helm-diff's words.
fn arguments(given: usize, wanted: &[&str]) -> Result<(), Failure> {
    if given == wanted.len() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "This command needs {} arguments: {}",
        wanted.len(),
        wanted.join(", ")
    )))
}
