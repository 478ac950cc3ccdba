//! The port to a cluster, carried out: each call one request, or one for each page.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::stream::BoxStream;
use http::Method;
use serde_json::{Value, json};
use windlass_plan::cluster::{
    Cluster, DeleteOptions, Error, FieldValidation, Listed, LogOptions, Mapping, Object, ObjectRef,
    Patch, Propagation, Result, Selection, Version, WatchEvent, Write,
};

use crate::client::{Client, parsed};
use crate::request::{Again, JSON, Request};
use crate::retry::Attempts;

/// Metadata alone.
const ACKNOWLEDGED: &str =
    "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json";

#[async_trait]
impl Cluster for Client {
    async fn version(&self) -> Result<Version> {
        self.server_version().await
    }

    async fn api_versions(&self) -> Result<Vec<String>> {
        self.served_versions().await
    }

    async fn mapping(&self, api_version: &str, kind: &str) -> Result<Mapping> {
        self.served_kind(api_version, kind).await
    }

    fn forget_mappings(&self) {
        self.shared.discovery.doubt();
    }

    async fn get(&self, target: &ObjectRef) -> Result<Object> {
        self.object(&about(Method::GET, target)).await
    }

    async fn get_table(&self, target: &ObjectRef) -> Result<Object> {
        let request = about(Method::GET, target).with("includeObject", "Object");
        let request = Request {
            accept: TABLE,
            ..request
        };
        self.object(&request).await
    }

    async fn list(&self, mapping: &Mapping, selection: &Selection) -> Result<Listed> {
        self.pages(mapping, selection).await
    }

    async fn watch(
        &self,
        mapping: &Mapping,
        selection: &Selection,
        resource_version: &str,
    ) -> Result<BoxStream<'static, Result<WatchEvent>>> {
        self.events(mapping, selection, resource_version).await
    }

    async fn create(&self, target: &ObjectRef, object: &Object, write: &Write) -> Result<Object> {
        let request = creation(target, object, write)?;
        self.create_by(&request, target, object).await
    }

    async fn patch(&self, target: &ObjectRef, patch: &Patch, write: &Write) -> Result<Object> {
        let request = written(about(Method::PATCH, target), write);
        let request = match patch {
            // Any JSON is YAML too.
            Patch::Apply { object, force } => request
                .with("force", force.to_string())
                .sending("application/apply-patch+yaml", body(object)?),
            Patch::Strategic(change) => {
                request.sending("application/strategic-merge-patch+json", body(change)?)
            }
            Patch::Merge(change) => request.sending("application/merge-patch+json", body(change)?),
            Patch::Json(change) => Request {
                again: Again::Never,
                ..request.sending("application/json-patch+json", body(change)?)
            },
        };
        self.object(&request).await
    }

    async fn replace(&self, target: &ObjectRef, object: &Object, write: &Write) -> Result<Object> {
        self.object(&replacement(target, object, write)?).await
    }

    async fn delete(&self, target: &ObjectRef, options: &DeleteOptions) -> Result<()> {
        let request = about(Method::DELETE, target);
        let request = request.sending(JSON, body(&delete_options(options))?);
        let mut attempts = Attempts::default();
        match self.attempted(&request, &mut attempts).await {
            Err(error) if attempts.uncertain && error.is_not_found() => Ok(()),
            other => other.map(drop),
        }
    }

    async fn logs(
        &self,
        namespace: &str,
        pod: &str,
        options: &LogOptions,
    ) -> Result<BoxStream<'static, Result<Bytes>>> {
        self.log(namespace, pod, options).await
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

impl Client {
    /// Carries a [`creation`] out.
    pub(crate) async fn create_by(
        &self,
        request: &Request,
        target: &ObjectRef,
        object: &Object,
    ) -> Result<Object> {
        let mut attempts = Attempts::default();
        match self.attempted(request, &mut attempts).await {
            Err(error)
                if attempts.uncertain && !target.name.is_empty() && error.is_already_exists() =>
            {
                let live = self.get(target).await?;
                match holds(&live, object) {
                    true => Ok(live),
                    false => Err(error),
                }
            }
            other => parsed(&other?.1),
        }
    }
}

/// The request that creates an object.
pub(crate) fn creation(target: &ObjectRef, object: &Object, write: &Write) -> Result<Request> {
    let place = ObjectRef {
        name: String::new(),
        ..target.clone()
    };
    let mut request = written(about(Method::POST, &place), write).sending(JSON, body(object)?);
    request.name.clone_from(&target.name);
    if target.name.is_empty() {
        // The server gives each a name of its own.
        request.again = Again::Never;
    }
    Ok(request)
}

/// The request that puts an object in the place of what is there.
pub(crate) fn replacement(target: &ObjectRef, object: &Object, write: &Write) -> Result<Request> {
    let mut request = written(about(Method::PUT, target), write).sending(JSON, body(object)?);
    if object["metadata"]["resourceVersion"].is_string() {
        // What was done has another version, which looks like someone else's work.
        request.again = Again::Never;
    }
    Ok(request)
}

/// Whether an object has all that another one has: it was made of that, and the server added to it.
fn holds(live: &Value, sent: &Value) -> bool {
    match (live, sent) {
        (Value::Object(live), Value::Object(sent)) => sent.iter().all(|(key, value)| {
            live.get(key)
                .map_or(value.is_null(), |live| holds(live, value))
        }),
        (Value::Array(live), Value::Array(sent)) => {
            live.len() == sent.len() && live.iter().zip(sent).all(|(live, sent)| holds(live, sent))
        }
        (live, sent) => live == sent,
    }
}

/// A request about an object.
pub(crate) fn about(method: Method, target: &ObjectRef) -> Request {
    Request::about(method, &target.mapping, &target.namespace, &target.name)
}

fn written(request: Request, write: &Write) -> Request {
    let validation = match write.field_validation {
        FieldValidation::Unset => "",
        FieldValidation::Ignore => "Ignore",
        FieldValidation::Warn => "Warn",
        FieldValidation::Strict => "Strict",
    };
    let request = request
        .with("fieldManager", write.field_manager.as_str())
        .with("dryRun", if write.dry_run { "All" } else { "" })
        .with("fieldValidation", validation);
    match write.brief {
        true => Request {
            accept: ACKNOWLEDGED,
            ..request
        },
        false => request,
    }
}

fn delete_options(options: &DeleteOptions) -> Value {
    let mut body = json!({ "kind": "DeleteOptions", "apiVersion": "v1" });
    if let Some(propagation) = options.propagation {
        let policy = match propagation {
            Propagation::Background => "Background",
            Propagation::Foreground => "Foreground",
            Propagation::Orphan => "Orphan",
        };
        body["propagationPolicy"] = policy.into();
    }
    if let Some(uid) = &options.uid {
        body["preconditions"] = json!({ "uid": uid });
    }
    if let Some(seconds) = options.grace_seconds {
        body["gracePeriodSeconds"] = seconds.into();
    }
    if options.dry_run {
        body["dryRun"] = json!(["All"]);
    }
    body
}

fn body(object: &Value) -> Result<Vec<u8>> {
    serde_json::to_vec(object).map_err(|error| Error::Answer {
        message: error.to_string(),
    })
}
