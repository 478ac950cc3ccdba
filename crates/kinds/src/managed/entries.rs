//! The entries of `metadata.managedFields`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::fields::{Malformed, Set};
use crate::quote;

/// More entries of plain writes than this, and the oldest are put together.
const MOST_UPDATERS: usize = 10;
/// The manager that they are put together under.
const OLD_UPDATES: &str = "ancient-changes";

/// Entries that cannot be read. Texts are the server's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Undecodable {
    /// Neither `Apply` nor `Update`.
    #[error("operation must be `Apply` or `Update`")]
    Operation,
    /// No version.
    #[error("apiVersion must not be empty")]
    Version,
    /// The kind of set is not stated.
    #[error("missing fieldsType in managed fields entry {0}")]
    NoType(usize),
    /// The kind of set is not `FieldsV1`.
    #[error("invalid fieldsType {0} in managed fields entry {1}")]
    Type(String, usize),
    /// The set itself.
    #[error("error decoding set: {0}")]
    Set(Malformed),
}

/// How fields came to be owned. The order is that of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Operation {
    Apply,
    Update,
}

impl Operation {
    fn name(self) -> &'static str {
        match self {
            Self::Apply => "Apply",
            Self::Update => "Update",
        }
    }
}

/// What tells entries apart. The order is that of the server's identifiers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identity {
    pub(super) manager: String,
    pub(super) operation: Option<Operation>,
    /// Empty for `Apply`: a manager applies as one, whatever the version.
    pub(super) api_version: String,
    pub(super) subresource: String,
}

impl Identity {
    pub(super) fn new(
        manager: &str,
        operation: Operation,
        api_version: &str,
        subresource: &str,
    ) -> Self {
        let manager = if manager.is_empty() {
            "unknown"
        } else {
            manager
        };
        Self {
            manager: manager.to_owned(),
            operation: Some(operation),
            api_version: match operation {
                Operation::Apply => String::new(),
                Operation::Update => api_version.to_owned(),
            },
            subresource: subresource.to_owned(),
        }
    }

    /// Stands for the write under way until it is known what changed.
    pub(super) fn current() -> Self {
        Self {
            manager: String::new(),
            operation: None,
            api_version: String::new(),
            subresource: String::new(),
        }
    }

    /// As conflicts name it.
    pub(super) fn shown(&self) -> String {
        let mut text = quote::quoted(&self.manager);
        if !self.subresource.is_empty() {
            text.push_str(" with subresource ");
            text.push_str(&quote::quoted(&self.subresource));
        }
        if self.operation == Some(Operation::Update) {
            text.push_str(" using ");
            text.push_str(&self.api_version);
        }
        text
    }
}

/// What an owner owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Owned {
    pub(super) set: Set,
    pub(super) api_version: String,
    pub(super) applied: bool,
}

/// All owners of an object.
#[derive(Clone, Debug, Default)]
pub(super) struct Managed {
    pub(super) fields: BTreeMap<Identity, Owned>,
    pub(super) times: BTreeMap<Identity, String>,
}

/// Takes the entries out of an object.
pub(super) fn take(object: &mut Value) -> Option<Value> {
    let metadata = object.get_mut("metadata")?.as_object_mut()?;
    metadata.remove("managedFields").filter(|v| !v.is_null())
}

impl Managed {
    /// Reads the entries of an object.
    pub(super) fn of(object: &Value) -> Result<Self, Undecodable> {
        let entries = object["metadata"]["managedFields"].as_array();
        Self::decode(entries.map(Vec::as_slice).unwrap_or_default())
    }

    pub(super) fn decode(entries: &[Value]) -> Result<Self, Undecodable> {
        let mut managed = Self::default();
        for (at, entry) in entries.iter().enumerate() {
            let text = |key: &str| entry[key].as_str().unwrap_or("").to_owned();
            let operation = match text("operation").as_str() {
                "Apply" => Operation::Apply,
                "Update" => Operation::Update,
                _ => return Err(Undecodable::Operation),
            };
            let api_version = text("apiVersion");
            if api_version.is_empty() {
                return Err(Undecodable::Version);
            }
            match text("fieldsType").as_str() {
                "FieldsV1" => {}
                "" => return Err(Undecodable::NoType(at)),
                other => return Err(Undecodable::Type(quote::quoted(other), at)),
            }
            let identity = Identity {
                manager: text("manager"),
                operation: Some(operation),
                api_version: match operation {
                    Operation::Apply => String::new(),
                    Operation::Update => api_version.clone(),
                },
                subresource: text("subresource"),
            };
            if let Some(time) = entry["time"].as_str() {
                managed.times.insert(identity.clone(), time.to_owned());
            }
            let owned = Owned {
                set: Set::from_json(&entry["fieldsV1"]).map_err(Undecodable::Set)?,
                api_version,
                applied: operation == Operation::Apply,
            };
            managed.fields.insert(identity, owned);
        }
        Ok(managed)
    }

    /// Writes the entries into an object, in the server's order.
    pub(super) fn write(&self, object: &mut Value) {
        take(object);
        if self.fields.is_empty() {
            return;
        }
        let entries = self.encode();
        let Some(object) = object.as_object_mut() else {
            return;
        };
        let metadata = object
            .entry("metadata")
            .or_insert_with(|| Value::Object(Map::new()));
        if let Some(metadata) = metadata.as_object_mut() {
            metadata.insert("managedFields".to_owned(), Value::Array(entries));
        }
    }

    pub(super) fn encode(&self) -> Vec<Value> {
        let mut order: Vec<(&Identity, &Owned)> = self.fields.iter().collect();
        order.sort_by_key(|(identity, owned)| {
            (
                identity.operation,
                self.times.get(*identity),
                &identity.manager,
                &owned.api_version,
                &identity.subresource,
            )
        });
        let entry = |(identity, owned): (&Identity, &Owned)| self.entry(identity, owned);
        order.into_iter().map(entry).collect()
    }

    fn entry(&self, identity: &Identity, owned: &Owned) -> Value {
        let operation = if owned.applied {
            Operation::Apply
        } else {
            Operation::Update
        };
        let mut entry = json!({
            "operation": operation.name(),
            "apiVersion": owned.api_version,
            "fieldsType": "FieldsV1",
            "fieldsV1": owned.set.to_json(),
        });
        if !identity.manager.is_empty() {
            entry["manager"] = identity.manager.as_str().into();
        }
        if !identity.subresource.is_empty() {
            entry["subresource"] = identity.subresource.as_str().into();
        }
        if let Some(time) = self.times.get(identity) {
            entry["time"] = time.as_str().into();
        }
        entry
    }

    /// Puts the oldest entries of plain writes together when there are too many, by version.
    pub(super) fn cap(&mut self) {
        let mut updaters: Vec<Identity> = self
            .fields
            .iter()
            .filter(|(_, owned)| !owned.applied)
            .map(|(identity, _)| identity.clone())
            .collect();
        let mut count = updaters.len();
        updaters.sort_by(|a, b| (self.times.get(a), a).cmp(&(self.times.get(b), b)));
        let mut first_of_version: BTreeMap<String, Identity> = BTreeMap::new();
        for updater in updaters {
            if count <= MOST_UPDATERS {
                return;
            }
            let Some(owned) = self.fields.get(&updater).cloned() else {
                continue;
            };
            let version = owned.api_version.clone();
            let Some(first) = first_of_version.get(&version) else {
                first_of_version.insert(version, updater);
                continue;
            };
            let bucket = Identity::new(OLD_UPDATES, Operation::Update, &version, "");
            if !self.fields.contains_key(&bucket)
                && let Some(known) = self.fields.remove(first)
            {
                self.fields.insert(bucket.clone(), known);
            }
            if let Some(known) = self.fields.get_mut(&bucket) {
                known.set = owned.set.union(&known.set);
            }
            self.fields.remove(&updater);
            count -= 1;
            if let Some(time) = self.times.get(&updater).cloned() {
                self.times.insert(bucket, time);
            }
        }
    }
}
