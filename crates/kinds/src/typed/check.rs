//! Does a value have its type?

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::{Form, element_of, form};
use crate::fields::Element;
use crate::quote;
use crate::schema::{List, Map, Relation, Scalar, TypeRef};

/// Something in a value that its type does not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub path: String,
    /// What.
    pub message: String,
}

/// All that was found, worded as the server words it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Findings(pub Vec<Finding>);

impl fmt::Display for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let show = |finding: &Finding| {
            if finding.path.is_empty() {
                finding.message.clone()
            } else {
                format!("{}: {}", finding.path, finding.message)
            }
        };
        if let [only] = self.0.as_slice() {
            return f.write_str(&show(only));
        }
        f.write_str("errors:")?;
        self.0
            .iter()
            .try_for_each(|finding| write!(f, "\n  {}", show(finding)))
    }
}

impl std::error::Error for Findings {}

/// Checks a value; lists may hold an item twice if told so.
pub(crate) fn check(value: &Value, of: &TypeRef, duplicates: bool) -> Result<(), Findings> {
    let mut checker = Checker {
        duplicates,
        path: String::new(),
        findings: Vec::new(),
    };
    checker.value(value, of);
    if checker.findings.is_empty() {
        Ok(())
    } else {
        Err(Findings(checker.findings))
    }
}

struct Checker {
    duplicates: bool,
    path: String,
    findings: Vec<Finding>,
}

impl Checker {
    fn value(&mut self, value: &Value, of: &TypeRef) {
        let resolved = of.resolve();
        match form(resolved, Some(value)) {
            Some(Form::Map) => {
                if let Some(map) = &resolved.map {
                    self.map(value, map);
                }
            }
            Some(Form::List) => {
                if let Some(list) = &resolved.list {
                    self.list(value, list);
                }
            }
            Some(Form::Scalar) => {
                if let Some(scalar) = resolved.scalar {
                    self.scalar(value, scalar);
                }
            }
            None => self.report("schema error: invalid atom: inlined".to_owned()),
        }
    }

    fn report(&mut self, message: String) {
        self.findings.push(Finding {
            path: self.path.clone(),
            message,
        });
    }

    fn below(&mut self, element: &Element, value: &Value, of: &TypeRef) {
        let len = self.path.len();
        self.path.push_str(&element.to_string());
        self.value(value, of);
        self.path.truncate(len);
    }

    fn map(&mut self, value: &Value, map: &Map) {
        let members = match value {
            Value::Null => return,
            Value::Object(members) => members,
            other => return self.report(format!("expected map, got &{{{}}}", quote::plain(other))),
        };
        for (name, member) in members {
            let element = Element::field(name);
            match map.type_of(name) {
                Some(of) => self.below(&element, member, of),
                None => {
                    self.findings.push(Finding {
                        path: format!("{}{element}", self.path),
                        message: "field not declared in schema".to_owned(),
                    });
                    return;
                }
            }
        }
    }

    fn list(&mut self, value: &Value, list: &List) {
        let items = match value {
            Value::Null => return,
            Value::Array(items) => items,
            other => {
                return self.report(format!("expected list, got &{{{}}}", quote::plain(other)));
            }
        };
        let mut seen = BTreeSet::new();
        for (at, item) in items.iter().enumerate() {
            let element = if list.relation == Relation::Atomic {
                Element::Index(i64::try_from(at).unwrap_or(i64::MAX))
            } else {
                match element_of(list, item) {
                    Ok(element) => element,
                    Err(reason) => return self.report(format!("element {at}: {reason}")),
                }
            };
            if list.relation != Relation::Atomic
                && !seen.insert(element.clone())
                && !self.duplicates
            {
                self.report(format!("duplicate entries for key {element}"));
            }
            self.below(&element, item, &list.element);
        }
    }

    fn scalar(&mut self, value: &Value, scalar: Scalar) {
        let plain = |value| format!("&{{{}}}", quote::plain(value));
        let complaint = match scalar {
            _ if value.is_null() => None,
            Scalar::Int32 | Scalar::Int64 | Scalar::Number => (!value.is_number()).then(|| {
                format!(
                    "expected numeric (int or float), got {}",
                    quote::type_name(value)
                )
            }),
            Scalar::String | Scalar::Bytes => (!value.is_string()).then(|| {
                format!(
                    "expected string, got &value.valueUnstructured{{Value:{}}}",
                    quote::syntax(value)
                )
            }),
            Scalar::Bool => {
                (!value.is_boolean()).then(|| format!("expected boolean, got {}", plain(value)))
            }
            _ => (value.is_array() || value.is_object())
                .then(|| format!("expected any scalar, got {}", plain(value))),
        };
        if let Some(message) = complaint {
            self.report(message);
        }
    }
}
