//! What is wanted, what is there, and the operations that lead from one to the other.
//!
//! [`cluster`] is the port to a cluster, beside the nouns it speaks of. A [`plan`] is data: the
//! engine makes one from a release and from what it observed, and carries it out. [`journal`] is the
//! port to the notes of an action under way. A [`file`] is a plan that is kept.
//!
//! Not here: any I/O. The ports' adapters are elsewhere.

pub mod cluster;
pub mod file;
pub mod journal;
pub mod plan;

pub use cluster::{Cluster, Mapping, ObjectRef};
pub use journal::Journal;
pub use plan::Plan;
