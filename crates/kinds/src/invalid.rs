//! What is wrong with fields of an object, in the server's words.

use std::fmt;

use serde_json::{Value, json};

use crate::quote;

/// Kinds of faults. Causes of a status name them so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Fault {
    /// Not there.
    Required,
    /// There twice.
    Duplicate,
    /// Malformed, out of bounds, …
    Invalid,
    /// Of another type than the schema says.
    TypeInvalid,
    /// Not one of a list of values.
    NotSupported,
    /// Not allowed here.
    Forbidden,
    /// Too many bytes.
    TooLong,
    /// Too many items.
    TooMany,
    /// Does not exist.
    NotFound,
}

impl Fault {
    /// As the `reason` of a cause.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Required => "FieldValueRequired",
            Self::Duplicate => "FieldValueDuplicate",
            Self::Invalid => "FieldValueInvalid",
            Self::TypeInvalid => "FieldValueTypeInvalid",
            Self::NotSupported => "FieldValueNotSupported",
            Self::Forbidden => "FieldValueForbidden",
            Self::TooLong => "FieldValueTooLong",
            Self::TooMany => "FieldValueTooMany",
            Self::NotFound => "FieldValueNotFound",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Required => "Required value",
            Self::Duplicate => "Duplicate value",
            Self::Invalid | Self::TypeInvalid => "Invalid value",
            Self::NotSupported => "Unsupported value",
            Self::Forbidden => "Forbidden",
            Self::TooLong => "Too long",
            Self::TooMany => "Too many",
            Self::NotFound => "Not found",
        }
    }

    fn shows_value(self) -> bool {
        !matches!(self, Self::Required | Self::Forbidden | Self::TooLong)
    }
}

/// One fault.
#[derive(Debug, Clone, PartialEq)]
pub struct Invalid {
    /// What kind of fault.
    pub fault: Fault,
    /// The field: `spec.containers[0].image`.
    pub field: String,
    /// Its value, where the message shows it.
    pub value: Value,
    /// What else there is to say; may be empty.
    pub detail: String,
    /// What stands in the message for the value and the detail.
    pub(crate) shown: Option<String>,
}

impl Invalid {
    /// A fault of any kind.
    #[must_use]
    pub fn new(fault: Fault, field: &str, value: Value, detail: &str) -> Self {
        Self {
            fault,
            field: field.to_owned(),
            value,
            detail: detail.to_owned(),
            shown: None,
        }
    }

    /// A value that the message shows in a form of its own, and what is said of it.
    #[must_use]
    pub(crate) fn shown(fault: Fault, field: &str, text: &str) -> Self {
        Self {
            shown: Some(text.to_owned()),
            ..Self::new(fault, field, Value::Null, "")
        }
    }

    /// A field that must be there.
    #[must_use]
    pub fn required(field: &str, detail: &str) -> Self {
        Self::new(Fault::Required, field, Value::Null, detail)
    }

    /// A malformed value.
    #[must_use]
    pub fn malformed(field: &str, value: Value, detail: &str) -> Self {
        Self::new(Fault::Invalid, field, value, detail)
    }

    /// A value that is there already.
    #[must_use]
    pub fn duplicate(field: &str, value: Value) -> Self {
        Self::new(Fault::Duplicate, field, value, "")
    }

    /// A value that is none of these.
    #[must_use]
    pub fn not_supported(field: &str, value: Value, supported: &[&str]) -> Self {
        let quoted: Vec<String> = supported.iter().map(|value| quote::quoted(value)).collect();
        let detail = match quoted.len() {
            0 => String::new(),
            _ => format!("supported values: {}", quoted.join(", ")),
        };
        Self::new(Fault::NotSupported, field, value, &detail)
    }

    /// Too long a text.
    #[must_use]
    pub fn too_long(field: &str, most: i64) -> Self {
        let bytes = if most == 1 { "byte" } else { "bytes" };
        let detail = format!("may not be more than {most} {bytes}");
        Self::new(Fault::TooLong, field, Value::Null, &detail)
    }

    /// Too long a list or map.
    #[must_use]
    pub fn too_many(field: &str, count: usize, most: i64) -> Self {
        let items = if most == 1 { "item" } else { "items" };
        let detail = format!("must have at most {most} {items}");
        Self::new(Fault::TooMany, field, json!(count), &detail)
    }

    /// The message without the field, as causes have it.
    #[must_use]
    pub fn body(&self) -> String {
        let mut text = self.fault.words().to_owned();
        if let Some(shown) = &self.shown {
            return format!("{text}: {shown}");
        }
        if self.fault.shows_value() {
            let shown = match &self.value {
                Value::String(value) => quote::quoted(value),
                Value::Number(_) | Value::Bool(_) => quote::plain(&self.value),
                other => quote::json(other),
            };
            text.push_str(": ");
            text.push_str(&shown);
        }
        if !self.detail.is_empty() {
            text.push_str(": ");
            text.push_str(&self.detail);
        }
        text
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.body())
    }
}

/// The message of the status: `Deployment.apps "x" is invalid: spec.selector: Required value`.
#[must_use]
pub fn message(group: &str, kind: &str, name: &str, faults: &[Invalid]) -> String {
    let dot = if group.is_empty() { "" } else { "." };
    let mut shown: Vec<String> = Vec::new();
    for fault in faults {
        let text = fault.to_string();
        if !shown.contains(&text) {
            shown.push(text);
        }
    }
    let list = match shown.as_slice() {
        [] => String::new(),
        [only] => format!(": {only}"),
        several => format!(": [{}]", several.join(", ")),
    };
    format!(
        "{kind}{dot}{group} {} is invalid{list}",
        quote::quoted(name)
    )
}
