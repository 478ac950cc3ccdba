//! What happened lately, for watches: bounded, so a watch that asks too far back is told to list
//! again.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::Value;

/// How many happenings are kept.
const KEPT: usize = 8192;

/// What became of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happening {
    Added,
    Modified,
    Deleted,
}

/// One write.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) revision: u64,
    /// `plural.group`.
    pub(crate) resource: Arc<str>,
    pub(crate) happening: Happening,
    /// As it is now; what was deleted carries the revision of its removal.
    pub(crate) object: Arc<Value>,
    /// As it was before.
    pub(crate) previous: Option<Arc<Value>>,
}

/// The last writes, oldest first.
#[derive(Default)]
pub(crate) struct Log {
    entries: VecDeque<Entry>,
    /// Writes up to this revision are no longer known.
    forgotten: u64,
}

impl Log {
    pub(crate) fn push(&mut self, entry: Entry) {
        if self.entries.len() == KEPT
            && let Some(oldest) = self.entries.pop_front()
        {
            self.forgotten = oldest.revision;
        }
        self.entries.push_back(entry);
    }

    /// Drops all that was up to `revision`.
    pub(crate) fn forget(&mut self, revision: u64) {
        self.entries.clear();
        self.forgotten = revision;
    }

    /// Writes after `revision`, or the oldest revision one may still ask for.
    pub(crate) fn after(&self, revision: u64) -> Result<impl Iterator<Item = &Entry>, u64> {
        if revision < self.forgotten {
            return Err(self.forgotten);
        }
        let start = self.entries.partition_point(|e| e.revision <= revision);
        Ok(self.entries.range(start..))
    }
}
