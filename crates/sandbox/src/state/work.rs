//! What controllers have yet to do: writes they have not heard of, tasks, and tasks with a deadline.
//!
//! All of it is saved with the state, so nothing is lost between two commands.

use std::collections::{BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use super::Entry;
use crate::clock::Moment;

/// "Look at this object again": what a controller asks of itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Task {
    /// The controller, as it names itself: `deployment`, `pod`, `garbage`.
    pub(crate) controller: String,
    /// `plural.group` of the object.
    pub(crate) resource: String,
    /// Empty where there are none.
    pub(crate) namespace: String,
    pub(crate) name: String,
}

/// Work to be done, now and later.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Work {
    /// Writes that controllers have not been told of. Never saved: a state is settled before.
    #[serde(skip)]
    unheard: VecDeque<Entry>,
    ready: VecDeque<Task>,
    /// Ordered by moment: the first is the next to come due.
    deadlines: BTreeSet<(Moment, Task)>,
}

impl Work {
    pub(crate) fn heard(&mut self, entry: Entry) {
        self.unheard.push_back(entry);
    }

    pub(crate) fn next_unheard(&mut self) -> Option<Entry> {
        self.unheard.pop_front()
    }

    /// To be done as soon as the present request is answered; once, however often it is asked for.
    pub(crate) fn enqueue(&mut self, task: Task) {
        if !self.ready.contains(&task) {
            self.ready.push_back(task);
        }
    }

    /// To be done at `at`. Several deadlines of one task may stand side by side: a controller that is
    /// woken early finds nothing to do.
    pub(crate) fn schedule(&mut self, at: Moment, task: Task) {
        self.deadlines.insert((at, task));
    }

    pub(crate) fn next_ready(&mut self) -> Option<Task> {
        self.ready.pop_front()
    }

    /// When the next deadline is.
    pub(crate) fn next_deadline(&self) -> Option<Moment> {
        self.deadlines.first().map(|(at, _)| *at)
    }

    /// Makes the task with the earliest deadline ready if it is due by `now`.
    pub(crate) fn pop_due(&mut self, now: Moment) -> Option<(Moment, Task)> {
        if self.next_deadline()? > now {
            return None;
        }
        self.deadlines.pop_first()
    }
}
