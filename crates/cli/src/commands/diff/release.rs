//! `windlass diff release`: two releases of one chart.

use windlass_release::Release;

use super::{Sides, flags, index, revision_of};
use crate::cluster::Connection;
use crate::command::{Command, Count, Invocation};
use crate::error::{Failure, Outcome};
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "release",
    arguments: "RELEASE1 RELEASE2",
    short: "compare releases of a chart",
    long: "Compares two releases of one chart. A release of another namespace is NAMESPACE/RELEASE.",
    count: Count::Any,
    flags: &[flags::COLORS, flags::SHOWING, flags::COMPARING],
    run: Some(run),
    ..Command::DEFAULT
};

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let [one, other, ..] = invocation.args.as_slice() else {
        return Err(Failure::new(
            "Too few arguments to Command \"release\".\n\
             Minimum 2 arguments required: release name-1, release name-2",
        ));
    };
    let flags = &invocation.flags;
    let options = flags::options(flags, session)?;
    let (old, old_namespace) = find(one, invocation, session)?;
    let (new, new_namespace) = find(other, invocation, session)?;
    let (old_chart, new_chart) = (chart(&old), chart(&new));
    if old_chart != new_chart {
        return session.print(format!(
            "Error : Incomparable Releases \n Unable to compare releases from two different charts \
             \"{old_chart}\", \"{new_chart}\". \n try helm diff release --help to know more \n"
        ));
    }
    let sides = Sides::new(
        index(&old.manifest, &old_namespace, flags)?.by_template(),
        index(&new.manifest, &new_namespace, flags)?.by_template(),
    );
    sides.compare(&options, invocation, session)
}

fn chart(release: &Release) -> String {
    let chart = release.chart.as_ref();
    chart.map(|chart| chart.name()).unwrap_or_default()
}

/// The newest revision of a release, and its namespace.
fn find(
    named: &str,
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Result<(Release, String), Failure> {
    let flags = &invocation.flags;
    let (mut connection, name) = match named.split_once('/') {
        Some((namespace, name)) => {
            let connection = Connection::open_at(flags, namespace.to_owned(), session)?;
            (connection, name)
        }
        None => (Connection::open(flags, session)?, named),
    };
    let release = revision_of(name, 0, &mut connection, session)?;
    Ok((release, connection.namespace().to_owned()))
}
