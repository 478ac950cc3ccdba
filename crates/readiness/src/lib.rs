//! Whether an object of a cluster is ready, on its way, or beyond hope.
//!
//! Three views of the same objects. [`kstatus`] is what Helm 4's watcher goes by, with its exact
//! messages; [`legacy`] is what Helm 3 and `--wait=legacy` poll for; [`hopeless`] finds what Helm would
//! wait for in vain, and says why, as data. Start at [`kstatus::assess`].
//!
//! Everything is a function of objects and the time of day: no requests, no waiting, no printing.

mod field;
pub mod hopeless;
pub mod kstatus;
pub mod legacy;

pub use kstatus::{Assessment, Condition, Purpose, Status};
