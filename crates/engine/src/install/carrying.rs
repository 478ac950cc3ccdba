//! Carrying out the plan of an install: the namespace, the fence, the objects, the outcome; and undoing
//! what failed.
use std::sync::Arc;

use serde_json::json;
use windlass_release::{HookEvent, Release, Status};

use super::{Done, Installing, Prepared};
use crate::apply::{self, Create, Update};
use crate::claim;
use crate::error::{Error, is_trouble};
use crate::event::Level;
use crate::execute::{Bringing, Execution, Part, Stopped};
use crate::notes::Notes;
use crate::objects::{Check, Target, build, quoted};
use crate::records;
use crate::uninstall::Uninstall;

impl Installing<'_> {
    pub(super) async fn execute(&self, prepared: Prepared) -> Result<Done, Error> {
        let Prepared {
            mut release,
            adopted,
            mut plan,
            replaced,
            ..
        } = prepared;
        let engine = self.engine;
        engine.store.prepare(&release).await?;
        if self.options.create_namespace {
            self.create_namespace().await?;
        }
        let mut left = replaced;
        if let Some(replaced) = &mut left
            && replaced.info.status != Status::Failed
        {
            replaced.set_status(Status::Superseded, "superseded by new release");
            engine.store.update(replaced).await?;
        }
        claim::fence(engine, 0, &release).await?;
        let notes = Notes::begin(engine, &plan);
        let mut execution = Execution {
            engine,
            plan: &mut plan,
            notes: &notes,
            before: HookEvent::PreInstall,
            behind: HookEvent::PostInstall,
            waiting: self.options.waiting,
            left: left.as_slice(),
            bringing: self.bringing(adopted),
            created: Vec::new(),
        };
        let outcome = tokio::select! {
            biased;
            outcome = execution.run(&mut release) => outcome.map_err(named),
            () = engine.cancel.cancelled() => Err(Error::Cancelled),
        };
        let outcome = match outcome {
            Ok(()) => self.finish(&mut release).await,
            Err(error) => Err(self.fail(&mut release, error).await),
        };
        notes.end().await;
        outcome.map(|()| Done { release, plan })
    }

    pub(super) fn bringing(&self, adopted: Vec<Target>) -> Bringing {
        let options = &self.options;
        if adopted.is_empty() {
            return Bringing::Create(Create {
                server_side: options.server_side,
                ..Create::default()
            });
        }
        let how = Update {
            server_side: options.server_side,
            force_conflicts: options.force_conflicts,
            force_replace: options.force_replace,
            three_way_for_custom: options.take_ownership && !options.server_side,
            migrate_manager: true,
            ..Update::default()
        };
        Bringing::Update(Arc::new(adopted), how)
    }

    async fn create_namespace(&self) -> Result<(), Error> {
        let engine = self.engine;
        let namespace = json!({
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {
                "name": self.options.namespace,
                "labels": { "name": self.options.namespace },
            },
            "spec": {},
            "status": {},
        });
        let text = namespace.to_string();
        let built = build(&*engine.cluster, &text, &engine.namespace, Check::Strict);
        let mut targets = built.await.map_err(Error::Objects)?;
        let how = Create {
            server_side: self.options.server_side,
            ..Create::default()
        };
        match apply::create(engine, &mut targets, how).await {
            Err(error) if !error.is_already_exists() => Err(Error::Apply(error)),
            _ => Ok(()),
        }
    }

    /// Records the end. Where the server has trouble that is an error: else nobody would know that the
    /// record says less than the truth. What else stands in the way is only told, as Helm does.
    async fn finish(&self, release: &mut Release) -> Result<(), Error> {
        let description = records::description(&self.options.description, "Install complete");
        release.set_status(Status::Deployed, description);
        if let Err(error) = self.engine.store.update(release).await {
            let text = error.text();
            if self.engine.compat.logs_structured() {
                let fields = vec![("error", text)];
                self.engine
                    .log(Level::Error, "failed to record the release", fields);
            } else {
                let line = format!("failed to record the release: {text}");
                self.engine.log(Level::Debug, line, Vec::new());
            }
            if is_trouble(&error) {
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// Records that the release failed, or undoes it. The error is what is told in the end.
    async fn fail(&self, release: &mut Release, error: Error) -> Error {
        let name = &self.options.name;
        let description = format!("Release {} failed: {}", quoted(name), error.recorded());
        records::fail(release, description, &error);
        if !self.options.undo_on_failure {
            // There is a greater trouble to tell.
            let _unrecorded = self.engine.store.update(release).await;
            return error;
        }
        let message = "install failed and rollback-on-failure is set, uninstalling release";
        let fields = vec![("release", name.clone())];
        self.engine.log(Level::Debug, message, fields);
        let uninstall = Uninstall {
            name: name.clone(),
            disable_hooks: self.options.disable_hooks,
            waiting: self.options.waiting,
            ..Uninstall::default()
        };
        // The user's wish to end is fulfilled by undoing.
        let engine = self.engine.uncancelled();
        match Box::pin(engine.uninstall(uninstall)).await {
            Ok(_) => Error::Undone {
                release: name.clone(),
                undone: "uninstalled",
                flag: engine.compat.undoing_flag(),
                cause: Box::new(error),
            },
            Err(cause) => Error::Undoing {
                act: "uninstalling the release",
                action: "install",
                original: Box::new(error),
                cause: Box::new(cause),
            },
        }
    }
}

fn named(stopped: Stopped) -> Error {
    let moment = match stopped.part {
        Part::HooksBefore => "failed pre-install",
        Part::HooksBehind => "failed post-install",
        Part::Objects | Part::Waiting => return stopped.error,
    };
    Error::Hooks {
        moment,
        cause: Box::new(stopped.error),
    }
}
