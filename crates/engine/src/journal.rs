//! The journal as an object of the cluster, beside a release's records and of their kind, so that
//! whoever may write those may write it. It has no label `owner=helm`: no Helm takes it for a record.
//!
//! A claim is an object of the same sort that has the name of the record that is to come.

use std::sync::Arc;

use async_trait::async_trait;
use serde_json::{Value, json};
use windlass_plan::cluster::{
    self, Cluster, DeleteOptions, Error, Mapping, Object, ObjectRef, Write,
};
use windlass_plan::journal::{Claim, Entry, Journal};
use windlass_release::name;
use windlass_release::object::{HOLDER, Kind};
use windlass_value::base64;

/// What the names of journals begin with.
pub const PREFIX: &str = "sh.windlass.journal.v1";

/// The `type` of Secrets that hold journals, and of claims.
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

    /// The journal of a release.
    fn at(&self, namespace: &str, name: &str) -> ObjectRef {
        self.object_at(namespace, format!("{PREFIX}.{name}"))
    }

    fn object_at(&self, namespace: &str, name: String) -> ObjectRef {
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
            name,
        }
    }

    /// The place of a record.
    fn place(&self, namespace: &str, name: &str, revision: i64) -> ObjectRef {
        self.object_at(namespace, name::key(name, revision))
    }

    /// The object that is a claim; it is the record's before it, by its `uid`.
    fn claim_object(&self, at: &ObjectRef, claim: &Claim, before: &Object) -> Object {
        let mut object = json!({
            "apiVersion": "v1",
            "kind": self.kind.name(),
            "metadata": {
                "name": at.name,
                "namespace": at.namespace,
                "labels": { "name": claim.name, "owner": "windlass" },
                "annotations": { HOLDER: claim.holder },
                "ownerReferences": [{
                    "apiVersion": "v1",
                    "kind": self.kind.name(),
                    "name": name::key(&claim.name, claim.revision - 1),
                    "uid": before.pointer("/metadata/uid"),
                }],
            },
        });
        if self.kind == Kind::Secret {
            object["type"] = SECRET_TYPE.into();
        }
        object
    }

    fn manager(&self) -> Write {
        Write {
            field_manager: self.field_manager.clone(),
            ..Write::default()
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
        let write = self.manager();
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

    async fn claim(&self, mut claim: Claim) -> cluster::Result<Claim> {
        let before = self.place(&claim.namespace, &claim.name, claim.revision - 1);
        let before = self.cluster.get(&before).await?;
        let at = self.place(&claim.namespace, &claim.name, claim.revision);
        let object = self.claim_object(&at, &claim, &before);
        let created = self.cluster.create(&at, &object, &self.manager()).await?;
        claim.uid = text(&created, "/metadata/uid");
        Ok(claim)
    }

    async fn claimed(
        &self,
        namespace: &str,
        name: &str,
        revision: i64,
    ) -> cluster::Result<Option<Claim>> {
        let at = self.place(namespace, name, revision);
        let found = match self.cluster.get(&at).await {
            Err(error) if error.is_not_found() => return Ok(None),
            other => other?,
        };
        if text(&found, "/metadata/labels/owner") != "windlass" {
            return Ok(None);
        }
        let annotations = found.pointer("/metadata/annotations");
        let holder = annotations.and_then(|all| all.get(HOLDER)?.as_str());
        Ok(Some(Claim {
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            revision,
            holder: holder.unwrap_or_default().to_owned(),
            uid: text(&found, "/metadata/uid"),
        }))
    }

    async fn unclaim(&self, claim: &Claim) -> cluster::Result<()> {
        let at = self.place(&claim.namespace, &claim.name, claim.revision);
        let options = DeleteOptions {
            uid: (!claim.uid.is_empty()).then(|| claim.uid.clone()),
            ..DeleteOptions::default()
        };
        match self.cluster.delete(&at, &options).await {
            // Somebody else took it away, and may have put their own in its place.
            Err(error) if error.is_not_found() || error.is_conflict() => Ok(()),
            other => other,
        }
    }
}

fn text(object: &Object, path: &str) -> String {
    let found = object.pointer(path).and_then(Value::as_str);
    found.unwrap_or_default().to_owned()
}
