//! What is done when an upgrade failed: it is told and recorded, what it created is deleted if asked
//! for, and the release goes back to its last good revision if asked for.

use windlass_plan::ObjectRef;
use windlass_plan::cluster::Propagation;
use windlass_release::{Release, Status};

use super::Upgrading;
use crate::apply;
use crate::error::Error;
use crate::event::Level;
use crate::objects::quoted;
use crate::records;
use crate::rollback::Rollback;

impl Upgrading<'_> {
    /// Records that the upgrade failed, and undoes it as asked. The error is what is told in the end.
    pub(super) async fn fail(
        &self,
        release: &mut Release,
        created: &[ObjectRef],
        error: Error,
    ) -> Error {
        let text = error.text();
        let description = format!(
            "Upgrade {} failed: {}",
            quoted(&release.name),
            error.recorded()
        );
        self.tell_failure(release, &description, text);
        records::fail(release, description, &error);
        records::note(self.engine, release).await;
        if self.options.clean_up_on_failure
            && !created.is_empty()
            && let Err(errors) = apply::delete(self.engine, created, Propagation::Background).await
        {
            return Error::Undoing {
                act: "cleaning up resources",
                action: "upgrade",
                original: Box::new(error),
                cause: Box::new(Error::CleanUp(errors)),
            };
        }
        match self.options.undo_on_failure {
            true => self.undo(release, error).await,
            false => error,
        }
    }

    fn tell_failure(&self, release: &Release, description: &str, error: String) {
        if self.engine.compat.logs_failed_upgrades() {
            let fields = vec![("name", release.name.clone()), ("error", error)];
            self.engine.log(Level::Warn, "upgrade failed", fields);
        } else {
            let line = format!("warning: {description}");
            self.engine.log(Level::Debug, line, Vec::new());
        }
    }

    /// Goes back to the last revision that was good.
    async fn undo(&self, release: &Release, error: Error) -> Error {
        let message = "Upgrade failed and rollback-on-failure is set, rolling back to previous \
                       successful release";
        self.engine.log(Level::Debug, message, Vec::new());
        let undoing = |act, original, cause| Error::Undoing {
            act,
            action: "upgrade",
            original: Box::new(original),
            cause: Box::new(cause),
        };
        let history = match records::history(self.engine, 0).of(&release.name).await {
            Ok(history) => history,
            Err(cause) => {
                let act = "finding last successful release";
                return undoing(act, error, Error::Store(cause));
            }
        };
        // A failed revision is superseded only once another one succeeded.
        let good = |r: &&Release| matches!(r.info.status, Status::Superseded | Status::Deployed);
        let Some(good) = history.iter().rev().find(good) else {
            return Error::NothingToGoBackTo(Box::new(error));
        };
        let engine = self.engine.uncancelled();
        let rollback = Rollback {
            name: release.name.clone(),
            revision: good.version,
            waiting: self.options.waiting,
            disable_hooks: self.options.disable_hooks,
            force_replace: self.options.force_replace,
            force_conflicts: self.options.force_conflicts,
            server_side: self.options.server_side.clone(),
            ..Rollback::default()
        };
        match Box::pin(engine.rollback(rollback)).await {
            Ok(_) => Error::Undone {
                release: release.name.clone(),
                undone: "rolled back",
                flag: engine.compat.undoing_flag(),
                cause: Box::new(error),
            },
            Err(cause) => undoing("rolling back the release", error, cause),
        }
    }
}
