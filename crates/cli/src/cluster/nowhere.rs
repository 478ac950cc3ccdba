//! [`Nowhere`]: the cluster that no kubeconfig leads to. Whatever is asked of it fails for that reason,
//! so that a command fails where it first needs a cluster, as Helm's do, and not where it starts.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::stream::BoxStream;
use windlass_plan::cluster::{
    Cluster, DeleteOptions, Error, Listed, LogOptions, Mapping, Object, ObjectRef, Patch, Result,
    Selection, Version, WatchEvent, Write,
};

/// No cluster, and why.
pub(super) struct Nowhere {
    pub(super) message: String,
}

impl Nowhere {
    fn refuse<T>(&self) -> Result<T> {
        Err(Error::Configuration {
            message: self.message.clone(),
        })
    }
}

#[async_trait]
impl Cluster for Nowhere {
    async fn version(&self) -> Result<Version> {
        self.refuse()
    }

    async fn api_versions(&self) -> Result<Vec<String>> {
        self.refuse()
    }

    async fn mapping(&self, _api_version: &str, _kind: &str) -> Result<Mapping> {
        self.refuse()
    }

    fn forget_mappings(&self) {}

    async fn get(&self, _target: &ObjectRef) -> Result<Object> {
        self.refuse()
    }

    async fn get_table(&self, _target: &ObjectRef) -> Result<Object> {
        self.refuse()
    }

    async fn list(&self, _mapping: &Mapping, _selection: &Selection) -> Result<Listed> {
        self.refuse()
    }

    async fn watch(
        &self,
        _mapping: &Mapping,
        _selection: &Selection,
        _resource_version: &str,
    ) -> Result<BoxStream<'static, Result<WatchEvent>>> {
        self.refuse()
    }

    async fn create(
        &self,
        _target: &ObjectRef,
        _object: &Object,
        _write: &Write,
    ) -> Result<Object> {
        self.refuse()
    }

    async fn patch(&self, _target: &ObjectRef, _patch: &Patch, _write: &Write) -> Result<Object> {
        self.refuse()
    }

    async fn replace(
        &self,
        _target: &ObjectRef,
        _object: &Object,
        _write: &Write,
    ) -> Result<Object> {
        self.refuse()
    }

    async fn delete(&self, _target: &ObjectRef, _options: &DeleteOptions) -> Result<()> {
        self.refuse()
    }

    async fn logs(
        &self,
        _namespace: &str,
        _pod: &str,
        _options: &LogOptions,
    ) -> Result<BoxStream<'static, Result<Bytes>>> {
        self.refuse()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
