//! What commands read: charts from the local file system, values from files and flags.

pub(crate) mod file;
pub(crate) mod jsonpath;
pub(crate) mod local;
pub(crate) mod path;
pub(crate) mod selector;
pub(crate) mod values;
