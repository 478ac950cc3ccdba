//! Objects of manifest texts, and who owns them.

use windlass_plan::ObjectRef;
use windlass_plan::cluster::Object;

/// An object of a manifest, and how it is named to the server.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// Its name to the server.
    pub at: ObjectRef,
    /// The object as wanted.
    pub object: Object,
}
