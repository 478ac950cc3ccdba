//! [`build`]: a manifest's text as targets, the way Kubernetes' resource builder makes them.

use std::collections::HashMap;

use serde_json::{Map, Value};
use windlass_plan::cluster::{Error, Mapping, Result as ClusterResult};
use windlass_plan::{Cluster, ObjectRef};

use super::documents::documents;
use super::{Origin, Target, decode, metadata, quoted, stored};

/// The annotation that names the groups of objects which an object waits for.
const AFTER: &str = "helm.sh/depends-on/resource-groups";

/// Whether a text is looked at closely before it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Each document must say its `apiVersion` and `kind`. (Fields are the server's to check.)
    Strict,
    /// What Helm has stored is taken as it is; `--disable-openapi-validation` asks for it too.
    None,
}

impl Check {
    /// A close look, unless that is switched off.
    #[must_use]
    pub fn unless(disabled: bool) -> Self {
        match disabled {
            true => Self::None,
            false => Self::Strict,
        }
    }
}

/// Why a text does not make targets. Texts are those of Kubernetes' resource builder.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A line starts with `---` and goes on.
    #[error("error parsing : invalid Yaml document separator: {separator}")]
    Separator {
        /// What follows.
        separator: String,
    },
    /// A document is not YAML.
    #[error("error parsing : {message}")]
    Yaml {
        /// In Go's words.
        message: String,
    },
    /// A document does not say what it is.
    #[error("error validating \"\": error validating data: {}", aggregate(.faults))]
    Invalid {
        /// What it does not say.
        faults: Vec<String>,
    },
    /// A document is no object.
    #[error("unable to decode \"\": {message}")]
    Decode {
        /// In Go's words.
        message: String,
    },
    /// No such kind is served.
    #[error("resource mapping not found for name: {name} namespace: {namespace} from \"\": {missing}\nensure CRDs are installed first", name = quoted(.name), namespace = quoted(.namespace))]
    NoMapping {
        /// The object's name.
        name: String,
        /// Its namespace, as far as it says one.
        namespace: String,
        /// The kind.
        missing: Error,
    },
    /// How a kind is served cannot be found out.
    #[error("unable to recognize \"\"")]
    Recognize(#[source] Error),
    /// A list's item has no kind.
    #[error("unable to get type info from the object \"*unstructured.Unstructured\": {message}")]
    Untyped {
        /// In Go's words.
        message: String,
    },
    /// How the kind of a list's item is served cannot be found out, or it is not.
    #[error("unable to recognize {0}")]
    RecognizeItem(Error),
    /// More than one of these.
    #[error("{}", aggregate(&texts(.0)))]
    Several(Vec<BuildError>),
}

fn texts(errors: &[BuildError]) -> Vec<String> {
    errors
        .iter()
        .map(|error| crate::error::text(error))
        .collect()
}

/// Several errors in Go's `Aggregate` form, each once.
fn aggregate(texts: &[String]) -> String {
    let mut each: Vec<&str> = Vec::new();
    for text in texts {
        if !each.contains(&text.as_str()) {
            each.push(text);
        }
    }
    match each.as_slice() {
        [one] => (*one).to_owned(),
        several => format!("[{}]", several.join(", ")),
    }
}

/// Makes targets of a text: one for each object, lists flattened, in order. Objects that live in
/// namespaces and name none get the given one; others lose theirs.
///
/// # Errors
/// All that is wrong, document after document, up to the first that cannot be read at all.
pub async fn build(
    cluster: &dyn Cluster,
    text: &str,
    namespace: &str,
    check: Check,
) -> Result<Vec<Target>, BuildError> {
    let mut builder = Builder::new(cluster, namespace, check);
    builder.read(text).await;
    builder.finish()
}

pub(super) struct Builder<'a> {
    cluster: &'a dyn Cluster,
    namespace: &'a str,
    check: Check,
    /// Whether the text was applied once: kinds that are served no more are looked for elsewhere.
    pub(super) stored: bool,
    /// Kinds and names of objects that were left out, since their kind is nowhere.
    pub(super) extinct: Vec<(String, String)>,
    mappings: HashMap<(String, String), ClusterResult<Mapping>>,
    /// Where the document at hand comes from.
    source: String,
    targets: Vec<Target>,
    errors: Vec<BuildError>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(cluster: &'a dyn Cluster, namespace: &'a str, check: Check) -> Self {
        Self {
            cluster,
            namespace,
            check,
            stored: false,
            extinct: Vec::new(),
            mappings: HashMap::new(),
            source: String::new(),
            targets: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// Reads all documents of a text, up to the first that cannot be read at all.
    pub(super) async fn read(&mut self, text: &str) {
        for document in documents(text) {
            if let Ok(document) = &document {
                document.source().clone_into(&mut self.source);
            }
            let read = document.and_then(decode::value);
            let (value, json) = match read {
                Ok(None) => continue,
                Ok(Some(found)) => found,
                Err(error) => return self.errors.push(error),
            };
            if self.check == Check::Strict {
                let faults = decode::validation_faults(&value);
                if !faults.is_empty() {
                    return self.errors.push(BuildError::Invalid { faults });
                }
            }
            self.document(value, &json).await;
        }
    }

    async fn document(&mut self, value: Value, json: &str) {
        let fields = match decode::object(value, json) {
            Ok(fields) => fields,
            Err(error) => return self.errors.push(error),
        };
        // Whatever has items is a list, even where its kind does not say so.
        let listed = fields.get("items").is_some_and(Value::is_array);
        let found = match listed {
            true => self.list_mapping(&fields).await,
            false => self.mapping(&fields).await.map(Some),
        };
        match found {
            Err(Error::NoMatch { .. }) if self.stored => self.leave_out(&fields),
            Err(error) => self.errors.push(self.unmapped(&fields, error)),
            Ok(_) if listed => self.list(fields).await,
            Ok(Some(mapping)) => self.add(mapping, fields),
            Ok(None) => {}
        }
    }

    fn unmapped(&self, fields: &Map<String, Value>, error: Error) -> BuildError {
        let metadata = fields.get("metadata");
        let text = |key: &str| {
            let found = metadata.and_then(|m| m.get(key)?.as_str());
            found.unwrap_or_default().to_owned()
        };
        match error {
            missing @ Error::NoMatch { .. } => BuildError::NoMapping {
                name: text("name"),
                namespace: text("namespace"),
                missing,
            },
            other => BuildError::Recognize(other),
        }
    }

    /// How an object's kind is served; each kind is asked for once.
    async fn mapping(&mut self, fields: &Map<String, Value>) -> ClusterResult<Mapping> {
        let version = decode::api_version(fields);
        self.lookup(version, decode::kind(fields)).await
    }

    async fn lookup(&mut self, api_version: &str, kind: &str) -> ClusterResult<Mapping> {
        let key = (api_version.to_owned(), kind.to_owned());
        if let Some(known) = self.mappings.get(&key) {
            return known.clone();
        }
        let mut found = self.cluster.mapping(api_version, kind).await;
        if let Err(Error::NoMatch { .. }) = found
            && self.stored
        {
            match stored::successor(self.cluster, api_version, kind).await {
                Ok(None) => {}
                Ok(Some(mapping)) => found = Ok(mapping),
                Err(error) => found = Err(error),
            }
        }
        self.mappings.insert(key, found.clone());
        found
    }

    fn leave_out(&mut self, fields: &Map<String, Value>) {
        let name = fields.get("metadata").and_then(|m| m.get("name")?.as_str());
        let name = name.unwrap_or_default().to_owned();
        self.extinct.push((decode::kind(fields).to_owned(), name));
    }

    /// A list's own kind needs no mapping to be flattened, but it must be one: `List`, or that of a
    /// kind with `List` behind it. A kind with items that is served by itself is flattened as well.
    async fn list_mapping(
        &mut self,
        fields: &Map<String, Value>,
    ) -> ClusterResult<Option<Mapping>> {
        let version = decode::api_version(fields).to_owned();
        let kind = decode::kind(fields).to_owned();
        if kind == "List" {
            return Ok(None);
        }
        if let Some(item) = kind.strip_suffix("List")
            && self.lookup(&version, item).await.is_ok()
        {
            return Ok(None);
        }
        self.lookup(&version, &kind).await.map(Some)
    }

    /// Adds a list's items, those of lists within it last. Items of a typed list need not say their
    /// kind.
    async fn list(&mut self, fields: Map<String, Value>) {
        let mut lists = std::collections::VecDeque::from([fields]);
        while let Some(mut list) = lists.pop_front() {
            let version = decode::api_version(&list).to_owned();
            let kind = decode::kind(&list).to_owned();
            let item_kind = kind.strip_suffix("List").unwrap_or(&kind);
            let Some(Value::Array(items)) = list.remove("items") else {
                continue;
            };
            for item in items {
                let Value::Object(mut item) = item else {
                    let message = format!(
                        "json: cannot unmarshal {} into Go value of type map[string]interface {{}}",
                        windlass_kinds::json_kind(&item)
                    );
                    self.errors.push(BuildError::Decode { message });
                    continue;
                };
                if decode::kind(&item).is_empty() && decode::api_version(&item).is_empty() {
                    item.insert("kind".to_owned(), item_kind.into());
                    item.insert("apiVersion".to_owned(), version.clone().into());
                }
                match item.get("items").is_some_and(Value::is_array) {
                    true => lists.push_back(item),
                    false => self.item(item).await,
                }
            }
        }
    }

    async fn item(&mut self, fields: Map<String, Value>) {
        if decode::kind(&fields).is_empty() {
            let json = Value::Object(fields).to_string();
            let message = decode::missing_kind(&json);
            return self.errors.push(BuildError::Untyped { message });
        }
        match self.mapping(&fields).await {
            Ok(mapping) => self.add(mapping, fields),
            Err(Error::NoMatch { .. }) if self.stored => self.leave_out(&fields),
            Err(error) => self.errors.push(BuildError::RecognizeItem(error)),
        }
    }

    fn add(&mut self, mapping: Mapping, fields: Map<String, Value>) {
        let mut object = Value::Object(fields);
        let text = |key| metadata::text(&object, key).unwrap_or_default().to_owned();
        let name = text("name");
        let mut namespace = text("namespace");
        if !mapping.namespaced {
            namespace.clear();
            metadata::set_namespace(&mut object, "");
        } else if namespace.is_empty() {
            namespace = self.namespace.to_owned();
            metadata::set_namespace(&mut object, &namespace);
        }
        if self.stored {
            // The version that it is asked for in.
            object["apiVersion"] = mapping.api_version().into();
        }
        let at = ObjectRef {
            mapping,
            namespace,
            name,
        };
        let origin = Origin {
            source: self.source.clone(),
            after: metadata::take_annotation(&mut object, AFTER),
        };
        self.targets.push(Target { at, object, origin });
    }

    pub(super) fn finish(mut self) -> Result<Vec<Target>, BuildError> {
        match self.errors.pop() {
            None => Ok(self.targets),
            Some(last) if self.errors.is_empty() => Err(last),
            Some(last) => {
                self.errors.push(last);
                Err(BuildError::Several(self.errors))
            }
        }
    }
}
