//! `windlass sandbox`: the embedded cluster itself: served to other programs, looked at, begun anew.

mod serve;

use std::fs;

use windlass_plan::Cluster;
use windlass_plan::cluster::Selection;
use windlass_release::{Detail, StoreError};
use windlass_sandbox::{Error, Sandbox};

use crate::cluster::Connection;
use crate::cluster::sandbox::{Found, failure, find, state_file};
use crate::command::{Command, Count, Invocation};
use crate::error::{Failure, Outcome, io_failure};
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "sandbox",
    short: "the embedded cluster: serve it, look at it, begin anew",
    long: "The cluster that is embedded here and that --sandbox means.\n\n\
           It is kept in a file below the user's data and lives on from command to command.",
    commands: &[&serve::COMMAND, &STATUS, &RESET],
    ..Command::DEFAULT
};

static STATUS: Command = Command {
    name: "status",
    short: "tell what is in it",
    long: "Tells where the embedded cluster is kept and what is in it.",
    count: Count::None,
    run: Some(status),
    ..Command::DEFAULT
};

static RESET: Command = Command {
    name: "reset",
    short: "throw everything in it away",
    long: "Throws away everything in the embedded cluster and begins anew.",
    count: Count::None,
    run: Some(reset),
    ..Command::DEFAULT
};

fn status(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let mut connection = Connection::open_sandbox(&invocation.flags, session)?;
    let served = connection.served_at().unwrap_or("no").to_owned();
    let (cluster, store) = (connection.cluster(), connection.store());
    let counted = connection.run(session, None, async {
        let namespaces = count(&*cluster, "v1", "Namespace").await?;
        let pods = count(&*cluster, "v1", "Pod").await?;
        Ok::<_, windlass_plan::cluster::Error>((namespaces, pods))
    });
    let (namespaces, pods) = counted.map_err(|e| Failure::new(e.to_string()))?;
    let records = connection.run(session, None, async { store.list(Detail::Summary).await });
    let records = match records {
        Ok(records) => records,
        Err(StoreError::NotFound) => Vec::new(),
        Err(error) => return Err(Failure::new(error.text())),
    };
    let mut releases: Vec<(&str, &str)> = records
        .iter()
        .map(|r| (r.namespace.as_str(), r.name.as_str()))
        .collect();
    releases.sort_unstable();
    releases.dedup();
    session.print(format!(
        "FILE: {}\nSERVED: {served}\nNAMESPACES: {namespaces}\nPODS: {pods}\nRELEASES: {}\n",
        state_file(session).display(),
        releases.len()
    ))
}

async fn count(
    cluster: &dyn Cluster,
    api_version: &str,
    kind: &str,
) -> windlass_plan::cluster::Result<usize> {
    let mapping = cluster.mapping(api_version, kind).await?;
    let listed = cluster.list(&mapping, &Selection::default()).await?;
    Ok(listed.items.len())
}

fn reset(session: &mut Session<'_>, _invocation: &Invocation) -> Outcome {
    let path = state_file(session);
    match Sandbox::open(&path) {
        Ok(sandbox) => sandbox.reset().map_err(|e| failure(&e))?,
        // What cannot be read is thrown away with the rest.
        Err(Error::Foreign { .. } | Error::Newer { .. }) => {
            fs::remove_file(&path)
                .map_err(|e| io_failure("remove", &path.to_string_lossy(), &e))?;
        }
        Err(error) => return Err(failure(&error)),
    }
    session.print("The sandbox is empty again.\n")
}

/// The embedded cluster in this process, for a command that has to hold it itself.
async fn held(session: &Session<'_>) -> Result<Sandbox, Failure> {
    match find(session).await? {
        Found::Here(sandbox) => Ok(sandbox),
        Found::Served(address) => Err(Failure::new(format!(
            "another process serves the sandbox at {address}"
        ))),
    }
}
