//! Notes of the action under way, for whoever comes after one that was killed.
//!
//! A task of its own writes them, so that an action never waits for its notes: one write when the
//! action has passed the fence, one that takes them away at the end, and a heartbeat with the phases
//! so far for as long as it takes. Where writing is forbidden or fails, the action goes on without.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use windlass_plan::journal::{Entry, Journal, Phase};
use windlass_plan::{Cluster, Plan};

use crate::engine::Engine;

/// How often a living holder says so.
const HEARTBEAT: Duration = Duration::from_secs(10);

/// The notes of one action.
pub(crate) struct Notes(Option<Writing>);

struct Writing {
    phases: UnboundedSender<Told>,
    task: JoinHandle<()>,
}

enum Told {
    Phase(Phase),
    /// The action is over, and with it the notes.
    Over,
}

impl Notes {
    /// Begins the notes of an action that is past the fence.
    pub(crate) fn begin(engine: &Engine, plan: &Plan) -> Self {
        let Some(journal) = &engine.journal else {
            return Self(None);
        };
        let entry = Entry {
            action: plan.action,
            release: plan.release.clone(),
            holder: engine.holder.clone(),
            heartbeat: 0,
            plan: plan.digest(),
            phases: Vec::new(),
        };
        let (phases, told) = unbounded_channel();
        let writer = Writer {
            journal: Arc::clone(journal),
            cluster: Arc::clone(&engine.cluster),
            entry,
        };
        let task = tokio::spawn(writer.run(told));
        Self(Some(Writing { phases, task }))
    }

    /// Notes that a phase begins.
    pub(crate) fn phase(&self, phase: Phase) {
        self.tell(Told::Phase(phase));
    }

    fn tell(&self, told: Told) {
        if let Some(writing) = &self.0 {
            // A writer that has given up is no reason to stop.
            let _given_up = writing.phases.send(told);
        }
    }

    /// Takes the notes away.
    pub(crate) async fn end(self) {
        self.tell(Told::Over);
        if let Some(writing) = self.0 {
            drop(writing.phases);
            // A writer that failed has nothing to take away.
            let _failed = writing.task.await;
        }
    }
}

struct Writer {
    journal: Arc<dyn Journal>,
    cluster: Arc<dyn Cluster>,
    entry: Entry,
}

impl Writer {
    async fn run(mut self, mut told: UnboundedReceiver<Told>) {
        let mut writes = self.write().await;
        loop {
            let beat = self.cluster.sleep(HEARTBEAT);
            tokio::select! {
                told = told.recv() => match told {
                    Some(Told::Phase(phase)) => self.entry.phases.push(phase),
                    Some(Told::Over) if writes => return self.remove().await,
                    Some(Told::Over) => return,
                    // The action was dropped: what it left is what the notes are for.
                    None => return,
                },
                () = beat, if writes => {
                    self.entry.heartbeat += 1;
                    writes = self.write().await;
                }
            }
        }
    }

    /// Writes them; whether there is a point in going on. What fails in passing is written next time,
    /// and may be there all the same.
    async fn write(&self) -> bool {
        match self.journal.write(&self.entry).await {
            Ok(()) => true,
            Err(error) => error.is_trouble(),
        }
    }

    async fn remove(&self) {
        let release = &self.entry.release;
        // One that stays says that its holder no longer lives.
        let _left = self.journal.remove(&release.namespace, &release.name).await;
    }
}
