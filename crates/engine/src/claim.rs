//! Keeping others out. Between actions that make a revision the fence is the creation of its record. An
//! uninstall makes none: it claims the place of the next one, so that nobody begins a revision while it
//! takes the release down, and ends at once where somebody has begun one.
//!
//! A claim whose holder is gone is taken away by whoever meets it. Where claims may not be written, an
//! uninstall goes without.

use windlass_plan::journal::Claim;
use windlass_release::{Release, Status, StoreError};

use crate::engine::Engine;
use crate::error::Error;
use crate::event::Level;
use crate::records;
use crate::recovery::{self, Pending};

/// Creates the record of a new revision, after making room for it: the fence.
///
/// # Errors
/// [`Error::Pending`] where somebody takes the release down; the store's where another revision is there.
pub(crate) async fn fence(engine: &Engine, limit: i64, release: &Release) -> Result<(), Error> {
    let history = records::history(engine, limit);
    match history.create(release).await {
        Err(StoreError::AlreadyExists) => {}
        other => return Ok(other?),
    }
    match stale(engine, release, release.version).await? {
        true => Ok(history.create(release).await?),
        false => Err(StoreError::AlreadyExists.into()),
    }
}

/// A claim that is held, if there is somewhere to put one.
#[must_use]
pub(crate) struct Held<'a> {
    engine: &'a Engine,
    claim: Option<Claim>,
}

/// Claims a release whose newest revision is this one.
///
/// # Errors
/// [`Error::Pending`] where somebody else changes the release; [`Error::NotLoaded`] where it is gone by
/// now; the cluster's.
pub(crate) async fn claim<'a>(engine: &'a Engine, last: &Release) -> Result<Held<'a>, Error> {
    let Some(journal) = &engine.journal else {
        return Ok(Held {
            engine,
            claim: None,
        });
    };
    let wanted = Claim {
        namespace: last.namespace.clone(),
        name: last.name.clone(),
        revision: last.version + 1,
        holder: engine.holder.clone(),
        uid: String::new(),
    };
    let mut made = journal.claim(wanted.clone()).await;
    if let Err(error) = &made
        && error.is_already_exists()
    {
        match stale(engine, last, wanted.revision).await? {
            true => made = journal.claim(wanted).await,
            false => return Err(overtaken(engine, last).await),
        }
    }
    match made {
        Ok(claim) => {
            let claim = Some(claim);
            let held = Held { engine, claim };
            held.must_be_newest(last).await
        }
        Err(error) if error.is_already_exists() => Err(overtaken(engine, last).await),
        Err(error) if error.is_not_found() => Err(not_loaded(last, StoreError::NotFound)),
        Err(error) if error.is_trouble() => {
            Err(not_loaded(last, StoreError::Driver(Box::new(error))))
        }
        // It may not be written: no permission is needed that Helm does not need.
        Err(_) => Ok(Held {
            engine,
            claim: None,
        }),
    }
}

impl Held<'_> {
    /// Sees that nobody has changed the release between it being read and being claimed.
    async fn must_be_newest(self, last: &Release) -> Result<Self, Error> {
        let found = self.engine.store.get(&last.name, last.version).await;
        let error = match found {
            Ok(now) if now.info.status == last.info.status => return Ok(self),
            Ok(_) => overtaken(self.engine, last).await,
            Err(error) => not_loaded(last, error),
        };
        self.give_up().await;
        Err(error)
    }

    /// Lets others in again.
    pub(crate) async fn give_up(mut self) {
        if let (Some(journal), Some(claim)) = (&self.engine.journal, self.claim.take())
            && let Err(error) = journal.unclaim(&claim).await
        {
            // One that stays says of itself that its holder no longer lives.
            let fields = vec![("name", claim.name), ("error", error.to_string())];
            let message = "the claim to the release is left behind";
            self.engine.log(Level::Debug, message, fields);
        }
    }
}

/// Takes away what a holder left that is gone; whether there was such a claim in the place of this
/// revision's record.
///
/// # Errors
/// [`Error::Pending`] where the holder may live.
pub(crate) async fn stale(
    engine: &Engine,
    release: &Release,
    revision: i64,
) -> Result<bool, Error> {
    let Some(journal) = &engine.journal else {
        return Ok(false);
    };
    let (namespace, name) = (&release.namespace, &release.name);
    let claimed = async || journal.claimed(namespace, name, revision).await;
    let Ok(Some(claim)) = claimed().await else {
        return Ok(false);
    };
    let place = recovery::Place {
        namespace,
        name,
        revision: revision - 1,
    };
    let stays = async || matches!(claimed().await, Ok(Some(now)) if now == claim);
    if !recovery::is_gone(engine, place, &claim.holder, stays).await? {
        return Err(Error::Pending(Box::new(Pending {
            revision: revision - 1,
            status: Status::Uninstalling.to_string(),
            since: release.info.last_deployed.to_string(),
            holder: claim.holder,
        })));
    }
    let fields = vec![("name", name.clone()), ("holder", claim.holder.clone())];
    let message = "taking away the claim of an uninstall that was interrupted";
    engine.log(Level::Debug, message, fields);
    let unclaimed = journal.unclaim(&claim).await;
    unclaimed.map_err(|error| StoreError::Driver(Box::new(error)))?;
    Ok(true)
}

/// Somebody else was faster: told with what can be seen of them.
async fn overtaken(engine: &Engine, last: &Release) -> Error {
    let next = engine.store.get(&last.name, last.version + 1).await;
    let now = match next {
        Ok(next) => next,
        Err(_) => match engine.store.get(&last.name, last.version).await {
            Ok(now) => now,
            Err(error) => return not_loaded(last, error),
        },
    };
    Error::Pending(Box::new(Pending {
        revision: now.version,
        status: now.info.status.to_string(),
        since: now.info.last_deployed.to_string(),
        holder: now.holder,
    }))
}

fn not_loaded(last: &Release, cause: StoreError) -> Error {
    Error::NotLoaded {
        release: last.name.clone(),
        cause,
    }
}
