//! Which objects of a list or a watch are meant: label selectors and field selectors.

mod fields;
mod labels;

use serde_json::Value;

use crate::catalog::Kind;
use crate::http::Request;
use crate::status::Status;

pub(crate) use fields::FieldSelector;
pub(crate) use labels::LabelSelector;

/// Both selectors of a request, and its namespace and name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    pub(crate) namespace: Option<String>,
    pub(crate) labels: LabelSelector,
    pub(crate) fields: FieldSelector,
}

impl Selection {
    /// Reads `labelSelector` and `fieldSelector`. `name` is set for the watch of one object.
    pub(crate) fn of(
        request: &Request,
        kind: &Kind,
        namespace: &str,
        name: Option<&str>,
    ) -> Result<Self, Status> {
        let labels = request.param("labelSelector").unwrap_or_default();
        let fields = request.param("fieldSelector").unwrap_or_default();
        let mut fields = FieldSelector::parse(kind, fields)?;
        if let Some(name) = name {
            fields.require_name(name);
        }
        Ok(Self {
            namespace: Some(namespace.to_owned()).filter(|ns| !ns.is_empty()),
            labels: LabelSelector::parse(labels)?,
            fields,
        })
    }

    /// Whether nothing but the namespace narrows it.
    pub(crate) fn is_everything(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    pub(crate) fn matches(&self, object: &Value) -> bool {
        let metadata = &object["metadata"];
        let within = self
            .namespace
            .as_deref()
            .is_none_or(|ns| metadata["namespace"] == ns);
        within && self.labels.matches(&metadata["labels"]) && self.fields.matches(object)
    }
}
