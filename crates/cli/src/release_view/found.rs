//! Finding the release that a command names, as all commands that read do it: is the cluster there, is
//! the name one, what does the store have.

use std::future::Future;

use windlass_plan::cluster::Error as ClusterError;
use windlass_release::{History, Release, StoreError, name};

use crate::cluster::{Connection, unreachable};
use crate::command::Invocation;
use crate::diagnoses;
use crate::error::Failure;
use crate::session::Session;

/// How a shell sees a program that was ended by Ctrl-C.
const INTERRUPTED: i32 = 130;

/// Why a release was not read.
pub(crate) enum NotRead {
    /// The server did not answer.
    Unreachable(ClusterError),
    /// The store said no.
    Store(StoreError),
    /// Something else; what Helm says.
    Text(String),
}

impl From<StoreError> for NotRead {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl NotRead {
    /// The words of the Helm that is spoken.
    pub(crate) fn failure(self, session: &Session<'_>) -> Failure {
        match self {
            Self::Unreachable(error) => unreachable(&error, session),
            Self::Store(error) => {
                let unreadable = match &error {
                    StoreError::NoRevision(name) => Some(diagnoses::unreadable_records(name)),
                    _ => None,
                };
                Failure::new(error.text()).with(unreadable)
            }
            Self::Text(text) => Failure::new(text),
        }
    }
}

/// Reads something once the cluster is known to be there.
///
/// # Errors
/// In the words of the Helm that is spoken.
pub(crate) fn read<T>(
    session: &mut Session<'_>,
    connection: &mut Connection,
    act: impl Future<Output = Result<T, NotRead>>,
) -> Result<T, Failure> {
    let cluster = connection.cluster();
    let cancel = connection.engine(session).cancel;
    let reading = async move {
        cluster.version().await.map_err(NotRead::Unreachable)?;
        act.await
    };
    let outcome = connection.run(session, None, async move {
        tokio::select! {
            biased;
            outcome = reading => outcome,
            // Nothing was begun that would have to be brought to an end.
            () = cancel.cancelled() => std::process::exit(INTERRUPTED),
        }
    });
    outcome.map_err(|e| e.failure(session))
}

/// A revision of a release; the newest for 0.
pub(crate) async fn content(
    history: History<'_>,
    release: &str,
    revision: i64,
) -> Result<Release, NotRead> {
    name::validate(release).map_err(|_| {
        NotRead::Text(format!(
            "releaseContent: Release name is invalid: {release}"
        ))
    })?;
    Ok(if revision <= 0 {
        history.last(release).await?
    } else {
        history.get(release, revision).await?
    })
}

/// The release of a command's first argument, at its `--revision`.
///
/// # Errors
/// In the words of the Helm that is spoken.
pub(crate) fn named(
    session: &mut Session<'_>,
    invocation: &Invocation,
) -> Result<(Release, Connection), Failure> {
    let mut connection = Connection::open(&invocation.flags, session)?;
    let store = connection.store();
    let name = invocation.args.first().map_or("", String::as_str);
    let revision = invocation.flags.text("revision").parse().unwrap_or(0);
    let release = read(session, &mut connection, async {
        content(History::new(&*store, 0), name, revision).await
    })?;
    Ok((release, connection))
}
