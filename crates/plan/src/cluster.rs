//! The port to a cluster: what the engine asks of a Kubernetes API server, and nothing more.
//!
//! An adapter translates each call to one request (a watch or a list to as many pages as it takes) and
//! adds no meaning of its own: no retries that could repeat a write, no defaults but the server's.
//! All calls may be cancelled by dropping their futures; a write that was already sent may then have
//! been carried out or not, which the engine finds out by reading.

mod error;
mod object;
mod write;

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::stream::BoxStream;

pub use error::{Error, Status, StatusCause};
pub use object::{Mapping, Object, ObjectRef};
pub use write::{DeleteOptions, FieldValidation, Patch, Propagation, Write};

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The version of an API server, as `/version` tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Version {
    /// `v1.36.3`
    pub git_version: String,
    /// `1`
    pub major: String,
    /// `36`
    pub minor: String,
}

/// Which objects of a kind a list or a watch is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The namespace; all of them, or a kind without namespaces, where there is none.
    pub namespace: Option<String>,
    /// A label selector, empty for all.
    pub labels: String,
    /// A field selector, empty for all: `metadata.name=x`.
    pub fields: String,
}

/// A page of objects, and the point in the server's history at which it was read.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    /// The objects, each with `apiVersion` and `kind`.
    pub items: Vec<Object>,
    /// Where a watch goes on from.
    pub resource_version: String,
}

/// What a watch tells.
#[derive(Debug, Clone)]
pub enum WatchEvent {
    /// The object is new.
    Added(Object),
    /// The object changed.
    Modified(Object),
    /// The object is gone; its last state.
    Deleted(Object),
    /// Nothing changed up to this resource version.
    Bookmark(String),
}

/// Whose logs, and how much of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogOptions {
    /// The container; the pod's only one if empty.
    pub container: String,
    /// Go on until the container ends.
    pub follow: bool,
    /// Logs of the container's previous run.
    pub previous: bool,
    /// Only so many lines from the end.
    pub tail_lines: Option<u64>,
}

/// A Kubernetes API server as the engine needs it. See the module for what all calls have in common.
#[async_trait]
pub trait Cluster: Send + Sync {
    /// The server's version; the cheapest way to see that it can be reached.
    async fn version(&self) -> Result<Version>;

    /// All `group/version` and `group/version/Kind` there are, as templates see them in
    /// `.Capabilities.APIVersions`; groups that are down are left out, and a cache may answer.
    async fn api_versions(&self) -> Result<Vec<String>>;

    /// How a kind is served. A kind that a cache does not know is looked for again at the server.
    ///
    /// # Errors
    /// [`Error::NoMatch`] where no such kind is served.
    async fn mapping(&self, api_version: &str, kind: &str) -> Result<Mapping>;

    /// Forgets what is known of served kinds, after definitions of kinds were installed.
    fn forget_mappings(&self);

    /// Reads an object. One that is not there is an error ([`Error::is_not_found`]).
    async fn get(&self, target: &ObjectRef) -> Result<Object>;

    /// Reads an object as a `Table` of one row with its column definitions, as `kubectl get` shows it.
    async fn get_table(&self, target: &ObjectRef) -> Result<Object>;

    /// Lists objects, page after page.
    async fn list(&self, mapping: &Mapping, selection: &Selection) -> Result<Listed>;

    /// Watches objects from a resource version on. The stream ends when the server ends it; where the
    /// server says that the version is too old, an error ([`Error::is_expired`]) is its last item.
    async fn watch(
        &self,
        mapping: &Mapping,
        selection: &Selection,
        resource_version: &str,
    ) -> Result<BoxStream<'static, Result<WatchEvent>>>;

    /// Creates an object with POST. `target.name` may be empty where the object asks for a
    /// generated name.
    async fn create(&self, target: &ObjectRef, object: &Object, write: &Write) -> Result<Object>;

    /// Changes an object with PATCH; server-side apply ([`Patch::Apply`]) makes it where there is none.
    async fn patch(&self, target: &ObjectRef, patch: &Patch, write: &Write) -> Result<Object>;

    /// Replaces an object with PUT.
    async fn replace(&self, target: &ObjectRef, object: &Object, write: &Write) -> Result<Object>;

    /// Asks for an object's deletion. An object that is not there is an error
    /// ([`Error::is_not_found`]).
    async fn delete(&self, target: &ObjectRef, options: &DeleteOptions) -> Result<()>;

    /// A pod's logs, in pieces as they come.
    async fn logs(
        &self,
        namespace: &str,
        pod: &str,
        options: &LogOptions,
    ) -> Result<BoxStream<'static, Result<Bytes>>>;

    /// Waits. Time comes through the port, so that a test's cluster can tell its own.
    async fn sleep(&self, duration: Duration);
}
