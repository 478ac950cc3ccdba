//! [`Operation`]: one thing that an action does, why, and what must hold for it to be right.

use std::io;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::StepId;
use crate::ObjectRef;
use crate::cluster::{Object, Propagation};

/// One thing that an action does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[non_exhaustive]
pub enum Operation {
    /// The objects of a file of `crds/` are created and waited for. Always the first steps: what
    /// kinds there are decides what is rendered.
    InstallDefinitions {
        /// The file.
        path: String,
    },
    /// The release's namespace is created.
    CreateNamespace {
        /// The namespace.
        name: String,
    },
    /// The new revision is recorded: the fence that keeps two actions on one release apart.
    Record {
        /// The status it is recorded with.
        status: String,
    },
    /// A hook's object is created and waited for.
    Hook {
        /// `pre-install`, …
        moment: String,
        /// Its template.
        path: String,
        /// `metadata.name`; empty where the server makes one up.
        name: String,
        /// `kind`
        kind: String,
        /// Its weight.
        weight: i64,
        /// When its object is deleted.
        delete_policies: Vec<String>,
    },
    /// An object is brought to what is wanted.
    Apply {
        /// The object.
        object: ObjectRef,
        /// Why.
        reason: Reason,
        /// What must hold.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        precondition: Option<Precondition>,
        /// The object as wanted.
        wanted: Object,
        /// Whether it may be deleted and created anew where the server does not let it be changed.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        recreate: bool,
    },
    /// An object that is no longer wanted is deleted; unless the cluster's own object asks to be
    /// kept, which is looked at when it is time.
    Prune {
        /// The object.
        object: ObjectRef,
        /// Why.
        reason: Reason,
        /// What must hold.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        precondition: Option<Precondition>,
    },
    /// An object of a release that goes away is deleted.
    Delete {
        /// The object.
        object: ObjectRef,
        /// What becomes of its dependents.
        propagation: Propagation,
        /// What must hold.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        precondition: Option<Precondition>,
    },
    /// An object of a release that goes away stays.
    Keep {
        /// The object, where its kind is served.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        object: Option<ObjectRef>,
        /// Its kind.
        kind: String,
        /// Its name.
        name: String,
        /// Why.
        reason: Reason,
    },
    /// What was applied is waited for until it is ready.
    Wait {
        /// How: `watcher`, `legacy`, `hookOnly`.
        strategy: String,
        /// Jobs must complete.
        jobs: bool,
    },
    /// Objects that were applied, or deleted, are waited for until they are ready, or gone, since what
    /// comes next depends on it.
    Await {
        /// The steps that applied or deleted them.
        steps: Vec<StepId>,
        /// How: `watcher`, `legacy`.
        strategy: String,
        /// Jobs must complete.
        jobs: bool,
    },
    /// What was deleted is waited for until it is gone.
    WaitGone {
        /// How: `watcher`, `legacy`, `hookOnly`.
        strategy: String,
    },
    /// Older revisions that are deployed become superseded.
    Supersede {
        /// The revisions, where they are known beforehand.
        revisions: Vec<i64>,
    },
    /// The revision's last status is recorded.
    Finish {
        /// The status.
        status: String,
        /// The description.
        description: String,
    },
    /// Records are deleted.
    Purge {
        /// Their revisions.
        revisions: Vec<i64>,
    },
}

/// Why something is done to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// It is new in the release and not in the cluster.
    New,
    /// It is new in the release and in the cluster as the release's already.
    Adopted,
    /// It is new in the release and in the cluster as somebody else's, whom it is taken from.
    TakenOver,
    /// The release has it, and what is wanted changed.
    Changed,
    /// The release has it, and what is wanted did not change: it is looked after, in case somebody
    /// changed or deleted it.
    Same,
    /// The server makes up its name, so only run time knows.
    Generated,
    /// It is in the release's last revision and no longer wanted.
    Removed,
    /// It asks to be kept.
    KeepPolicy,
    /// It is not the release's.
    NotOwned,
    /// Whose it is cannot be found out.
    Unverifiable,
}

/// What must hold of an object for an operation to be right: that it is the object that was
/// observed, and that nobody has changed the fields that the release owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Precondition {
    /// `metadata.uid`
    pub uid: String,
    /// A hash of the owned fields as they were observed.
    pub owned: String,
}

impl Precondition {
    /// What must go on holding of an object that was observed, of which the fields of `wanted` are
    /// (or are about to be) the release's.
    #[must_use]
    pub fn of(observed: &Object, wanted: &Object) -> Self {
        let uid = observed.pointer("/metadata/uid").and_then(Value::as_str);
        let mut hasher = Fnv::default();
        owned(&mut hasher, Some(observed), wanted);
        Self {
            uid: uid.unwrap_or_default().to_owned(),
            owned: hasher.text(),
        }
    }

    /// Whether it still holds.
    #[must_use]
    pub fn holds(&self, observed: &Object, wanted: &Object) -> bool {
        *self == Self::of(observed, wanted)
    }
}

/// Walks the fields of `wanted` and hashes what `observed` has there. Lists are taken whole: which of
/// their items correspond is the server's business.
fn owned(hasher: &mut Fnv, observed: Option<&Value>, wanted: &Value) {
    match (wanted, observed) {
        (Value::Object(fields), Some(Value::Object(found))) => {
            for (key, wanted) in fields {
                hasher.add(key.as_bytes());
                owned(hasher, found.get(key), wanted);
            }
        }
        (_, Some(found)) => hasher.add(found.to_string().as_bytes()),
        (_, None) => hasher.add(b"\0absent"),
    }
}

/// A short fingerprint of a value's JSON, of which there may be much. No protection from those who mean to
/// deceive.
pub(super) fn digest(value: &impl Serialize) -> String {
    let mut hasher = Fnv::default();
    // Data of ours can always be written, and so can a hash.
    let _written = serde_json::to_writer(&mut hasher, value);
    hasher.text()
}

impl io::Write for Fnv {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            self.step(*byte);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Fowler, Noll and Vo's hash of 128 bits (1a): stable across programs and versions, unlike the
/// standard library's.
struct Fnv(u128);

impl Default for Fnv {
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Fnv {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

    fn step(&mut self, byte: u8) {
        self.0 ^= u128::from(byte);
        self.0 = self.0.wrapping_mul(Self::PRIME);
    }

    fn add(&mut self, bytes: &[u8]) {
        // The length keeps `ab`, `c` apart from `a`, `bc`.
        let length = (bytes.len() as u64).to_le_bytes();
        for byte in length.iter().chain(bytes) {
            self.step(*byte);
        }
    }

    fn text(&self) -> String {
        format!("{:032x}", self.0)
    }
}
