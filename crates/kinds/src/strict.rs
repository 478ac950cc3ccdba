//! Decoding of built-in kinds as the server does it: what it refuses, and what it warns of.
//!
//! A value of the wrong form is an error whatever the client asks for. An unknown or duplicate field is one
//! under `fieldValidation=Strict`, a warning under `Warn`, and dropped in silence under `Ignore`.
//!
//! The server puts `Deployment in version "v1" cannot be handled as a Deployment: ` before either error;
//! warnings are the single findings.

mod node;
mod walk;

use std::fmt;

use serde_json::Value;

use crate::quote;
use crate::schema::Schema;
use node::Node;

/// A field that the type does not know, or that is there twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// Not known.
    Unknown(String),
    /// There twice; the last one counts.
    Duplicate(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, path) = match self {
            Self::Unknown(path) => ("unknown", path),
            Self::Duplicate(path) => ("duplicate", path),
        };
        write!(f, "{what} field {}", quote::quoted(path))
    }
}

/// What was found, in the order of the document. As text the server's error, empty if there is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings(pub Vec<Finding>);

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, finding) in self.0.iter().enumerate() {
            f.write_str(if at == 0 {
                "strict decoding error: "
            } else {
                ", "
            })?;
            finding.fmt(f)?;
        }
        Ok(())
    }
}

/// A value that its place cannot hold. Texts are the server's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value of another form.
    #[error("json: cannot unmarshal {value} into Go {place} of type {of}")]
    Form {
        /// `string`, `number 1.5`, `object`, …
        value: String,
        /// `struct field DeploymentSpec.spec.replicas`, or `value`.
        place: String,
        /// The Go type.
        of: String,
    },
    /// A quantity, time or base64 text that is none.
    #[error("{0}")]
    Text(String),
    /// No JSON.
    #[error("{0}")]
    Json(String),
}

impl Error {
    /// The error as a conversion words it, which knows no fields.
    pub(crate) fn of_conversion(self) -> Self {
        match self {
            Self::Form { value, of, .. }
                if value.starts_with("number ") && of.starts_with("int") =>
            {
                Self::Text(format!("cannot convert float64 to {of}"))
            }
            Self::Form { value, of, .. } => Self::Form {
                value,
                place: "value".to_owned(),
                of,
            },
            Self::Text(text) if text.starts_with("illegal base64") => {
                Self::Text(format!("error decoding from json: {text}"))
            }
            other => other,
        }
    }
}

/// Decodes a body.
///
/// # Errors
/// The body is no JSON, or a value has the wrong form.
pub fn decode(schema: &Schema, body: &[u8]) -> Result<(Value, Findings), Error> {
    let node = Node::parse(body).map_err(|e| Error::Json(e.to_string()))?;
    let findings = walk::walk(schema, &node)?;
    Ok((node.into_value(), findings))
}

/// Checks an object that is decoded already: fields count in the order of their names.
///
/// # Errors
/// A value has the wrong form.
pub fn check(schema: &Schema, object: &Value) -> Result<Findings, Error> {
    walk::walk(schema, &Node::of(object))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    fn deployment() -> Schema {
        Schema::builtin("apps", "v1", "Deployment").unwrap()
    }

    #[test]
    fn unknown_and_duplicate_fields_come_in_order() {
        let body = br#"{"spec": {"zap": 1, "replicas": 1, "replicas": 2, "template": {"spec": {
            "containers": [{"name": "a", "foo": 1, "env": [{"name": "x", "bar": {}}]}]}}}, "odd": 1}"#;
        let (object, findings) = decode(&deployment(), body).unwrap();
        assert_eq!(object["spec"]["replicas"], 2);
        assert_eq!(
            findings.to_string(),
            r#"strict decoding error: unknown field "spec.zap", duplicate field "spec.replicas", unknown field "spec.template.spec.containers[0].foo", unknown field "spec.template.spec.containers[0].env[0].bar", unknown field "odd""#
        );
    }

    #[test]
    fn values_of_the_wrong_form_are_named_as_go_names_them() {
        let says = |body: &str| {
            decode(&deployment(), body.as_bytes())
                .unwrap_err()
                .to_string()
        };
        assert_eq!(
            says(r#"{"spec": {"replicas": "1"}}"#),
            "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"
        );
        assert_eq!(
            says(r#"{"spec": {"template": {"spec": {"containers": [{"env": [{"value": 1}]}]}}}}"#),
            "json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string"
        );
        assert_eq!(
            says(r#"{"spec": {"template": {"spec": {"containers": {}}}}}"#),
            "json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container"
        );
    }
}
