//! The journal as an object of the cluster, beside a release's records and of their kind, so that
//! whoever may write those may write it. It has no label `owner=helm`: no Helm takes it for a record.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};
use windlass_plan::cluster::{
    self, Cluster, DeleteOptions, Error, Mapping, Object, ObjectRef, Write,
};
use windlass_plan::journal::{Entry, Journal};
use windlass_release::object::Kind;
use windlass_value::base64;

/// What the names of journals begin with.
pub const PREFIX: &str = "sh.windlass.journal.v1";

/// The `type` of Secrets that hold journals.
const SECRET_TYPE: &str = "windlass.sh/journal.v1";

const KEY: &str = "journal";

/// Keeps journals in a cluster.
pub struct ClusterJournal {
    cluster: Arc<dyn Cluster>,
    kind: Kind,
    field_manager: String,
}

impl ClusterJournal {
    /// Keeps journals in objects of that kind.
    #[must_use]
    pub fn new(cluster: Arc<dyn Cluster>, kind: Kind, field_manager: String) -> Self {
        Self {
            cluster,
            kind,
            field_manager,
        }
    }

    fn at(&self, namespace: &str, name: &str) -> ObjectRef {
        let plural = match self.kind {
            Kind::Secret => "secrets",
            Kind::ConfigMap => "configmaps",
        };
        ObjectRef {
            mapping: Mapping {
                group: String::new(),
                version: "v1".to_owned(),
                kind: self.kind.name().to_owned(),
                plural: plural.to_owned(),
                namespaced: true,
            },
            namespace: namespace.to_owned(),
            name: format!("{PREFIX}.{name}"),
        }
    }

    fn object(&self, at: &ObjectRef, entry: &Entry) -> cluster::Result<Object> {
        let text = serde_json::to_string(entry).map_err(|e| unreadable(&e))?;
        let mut object = json!({
            "apiVersion": "v1",
            "kind": self.kind.name(),
            "metadata": {
                "name": at.name,
                "namespace": at.namespace,
                "labels": { "name": entry.release.name, "owner": "windlass" },
            },
        });
        match self.kind {
            Kind::Secret => {
                let encoded = base64::encode(text.as_bytes());
                object["type"] = SECRET_TYPE.into();
                object["data"] = json!({ KEY: String::from_utf8_lossy(&encoded) });
            }
            Kind::ConfigMap => object["data"] = json!({ KEY: text }),
        }
        Ok(object)
    }

    fn entry(&self, object: &Object) -> cluster::Result<Entry> {
        let data = object.pointer("/data/journal").and_then(Value::as_str);
        let data = data.unwrap_or_default();
        let text = match self.kind {
            Kind::Secret => base64::decode(data.as_bytes()).unwrap_or_default(),
            Kind::ConfigMap => data.as_bytes().to_vec(),
        };
        serde_json::from_slice(&text).map_err(|e| unreadable(&e))
    }
}

fn unreadable(error: &serde_json::Error) -> Error {
    Error::Answer {
        message: format!("a journal that cannot be read or written: {error}"),
    }
}

#[async_trait]
impl Journal for ClusterJournal {
    async fn write(&self, entry: &Entry) -> cluster::Result<()> {
        let at = self.at(&entry.release.namespace, &entry.release.name);
        let object = self.object(&at, entry)?;
        let write = Write {
            field_manager: self.field_manager.clone(),
            ..Write::default()
        };
        match self.cluster.create(&at, &object, &write).await {
            Err(error) if error.is_already_exists() => {
                self.cluster.replace(&at, &object, &write).await?;
                Ok(())
            }
            other => other.map(|_| ()),
        }
    }

    async fn read(&self, namespace: &str, name: &str) -> cluster::Result<Option<Entry>> {
        match self.cluster.get(&self.at(namespace, name)).await {
            Ok(object) => self.entry(&object).map(Some),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn remove(&self, namespace: &str, name: &str) -> cluster::Result<()> {
        let options = DeleteOptions::default();
        match self
            .cluster
            .delete(&self.at(namespace, name), &options)
            .await
        {
            Err(error) if error.is_not_found() => Ok(()),
            other => other,
        }
    }
}
