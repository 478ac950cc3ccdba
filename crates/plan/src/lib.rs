//! What is wanted, what is there, and the operations that lead from one to the other.
//!
//! [`cluster`] is the port to a cluster, beside the nouns it speaks of. A plan is data: the engine
//! makes one from a release and from what it observed, and carries it out.
//!
//! Not here: any I/O. The port's adapters are the `kube` crate's.

pub mod cluster;

pub use cluster::{Cluster, Mapping, ObjectRef};
