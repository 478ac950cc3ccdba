//! A cluster as it will be once definitions of kinds are installed: their kinds are served, and there are
//! no objects of them yet. For plans that are made before.
//!
//! Everything else is asked of the cluster itself; so is a kind that it serves already.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use serde_json::Value;
use windlass_plan::cluster::{
    DeleteOptions, Error, Listed, LogOptions, Mapping, Object, Patch, Result, Selection, Status,
    Version, WatchEvent, Write,
};
use windlass_plan::{Cluster, ObjectRef};

/// A cluster with kinds that it does not serve yet.
pub(crate) struct Foreseen {
    cluster: Arc<dyn Cluster>,
    /// The kinds of definitions.
    kinds: Mutex<Vec<Mapping>>,
    /// Those of them that the cluster is known not to serve.
    to_come: Mutex<HashSet<Mapping>>,
}

impl Foreseen {
    pub(crate) fn new(cluster: Arc<dyn Cluster>) -> Self {
        Self {
            cluster,
            kinds: Mutex::default(),
            to_come: Mutex::default(),
        }
    }

    /// Takes definitions for installed.
    pub(crate) fn expect<'o>(&self, definitions: impl IntoIterator<Item = &'o Object>) {
        let found = definitions.into_iter().flat_map(kinds);
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        kinds.extend(found);
    }

    fn kinds(&self) -> Vec<Mapping> {
        let kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        kinds.clone()
    }

    /// Whether a kind is not served yet, as was seen when it was looked for.
    fn is_to_come(&self, mapping: &Mapping) -> bool {
        let to_come = self.to_come.lock();
        to_come
            .unwrap_or_else(PoisonError::into_inner)
            .contains(mapping)
    }
}

/// How the kinds of a definition will be served.
pub(crate) fn kinds(definition: &Object) -> Vec<Mapping> {
    let spec = &definition["spec"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let versions = spec["versions"].as_array().into_iter().flatten();
    let served = versions.filter(|version| version["served"] == true);
    let mapping = |version: &Value| Mapping {
        group: text(&spec["group"]),
        version: text(&version["name"]),
        kind: text(&spec["names"]["kind"]),
        plural: text(&spec["names"]["plural"]),
        namespaced: spec["scope"] == "Namespaced",
    };
    let complete = |mapping: &Mapping| {
        let parts = [&mapping.group, &mapping.version, &mapping.kind];
        parts.iter().all(|part| !part.is_empty())
    };
    served.map(mapping).filter(complete).collect()
}

fn not_there(target: &ObjectRef) -> Error {
    let mapping = &target.mapping;
    Error::Refused(Box::new(Status {
        code: 404,
        reason: "NotFound".to_owned(),
        message: format!(
            "{}.{} \"{}\" not found",
            mapping.plural, mapping.group, target.name
        ),
        ..Status::default()
    }))
}

#[async_trait]
impl Cluster for Foreseen {
    async fn version(&self) -> Result<Version> {
        self.cluster.version().await
    }

    async fn api_versions(&self) -> Result<Vec<String>> {
        let mut all = self.cluster.api_versions().await?;
        for mapping in self.kinds() {
            let version = mapping.api_version();
            let kind = format!("{version}/{}", mapping.kind);
            for one in [version, kind] {
                if !all.contains(&one) {
                    all.push(one);
                }
            }
        }
        Ok(all)
    }

    async fn mapping(&self, api_version: &str, kind: &str) -> Result<Mapping> {
        let is = |mapping: &Mapping| mapping.api_version() == api_version && mapping.kind == kind;
        let foreseen = self.kinds().into_iter().find(is);
        if let Some(mapping) = foreseen.as_ref().filter(|mapping| self.is_to_come(mapping)) {
            return Ok(mapping.clone());
        }
        match (self.cluster.mapping(api_version, kind).await, foreseen) {
            (Err(Error::NoMatch { .. }), Some(mapping)) => {
                let mut to_come = self.to_come.lock().unwrap_or_else(PoisonError::into_inner);
                to_come.insert(mapping.clone());
                Ok(mapping)
            }
            (found, _) => found,
        }
    }

    fn forget_mappings(&self) {
        self.cluster.forget_mappings();
    }

    async fn get(&self, target: &ObjectRef) -> Result<Object> {
        match self.is_to_come(&target.mapping) {
            true => Err(not_there(target)),
            false => self.cluster.get(target).await,
        }
    }

    async fn get_table(&self, target: &ObjectRef) -> Result<Object> {
        self.cluster.get_table(target).await
    }

    async fn list(&self, mapping: &Mapping, selection: &Selection) -> Result<Listed> {
        self.cluster.list(mapping, selection).await
    }

    async fn watch(
        &self,
        mapping: &Mapping,
        selection: &Selection,
        resource_version: &str,
    ) -> Result<BoxStream<'static, Result<WatchEvent>>> {
        let watch = self.cluster.watch(mapping, selection, resource_version);
        watch.await
    }

    async fn create(&self, target: &ObjectRef, object: &Object, write: &Write) -> Result<Object> {
        match write.dry_run && self.is_to_come(&target.mapping) {
            true => Ok(object.clone()),
            false => self.cluster.create(target, object, write).await,
        }
    }

    async fn patch(&self, target: &ObjectRef, patch: &Patch, write: &Write) -> Result<Object> {
        match patch {
            Patch::Apply { object, .. } if write.dry_run && self.is_to_come(&target.mapping) => {
                Ok(object.clone())
            }
            _ => self.cluster.patch(target, patch, write).await,
        }
    }

    async fn replace(&self, target: &ObjectRef, object: &Object, write: &Write) -> Result<Object> {
        self.cluster.replace(target, object, write).await
    }

    async fn delete(&self, target: &ObjectRef, options: &DeleteOptions) -> Result<()> {
        self.cluster.delete(target, options).await
    }

    async fn logs(
        &self,
        namespace: &str,
        pod: &str,
        options: &LogOptions,
    ) -> Result<BoxStream<'static, Result<Bytes>>> {
        self.cluster.logs(namespace, pod, options).await
    }

    async fn sleep(&self, duration: Duration) {
        self.cluster.sleep(duration).await;
    }
}
