//! Sets as JSON.
//!
//! A member is a key with an empty object; what lies below a field is the object under its key, and `.`
//! there says that the field is a member too. Keys begin with the kind of step: `f:name`,
//! `k:{"name":"x"}`, `v:"x"`, `i:0`.

use serde_json::{Map, Value};

use super::{Element, Scalar, Set};
use crate::quote;

/// A set that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("parsing key as path element {key:?}: {reason}")]
pub struct Malformed {
    /// The key.
    pub key: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Set {
    /// Reads `fieldsV1`.
    ///
    /// # Errors
    /// A key is not as above. Steps of kinds unknown to us are passed over.
    pub fn from_json(value: &Value) -> Result<Self, Malformed> {
        Ok(read(value)?.0.unwrap_or_default())
    }

    /// Writes `fieldsV1`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut out = Map::new();
        for member in &self.members {
            out.insert(key(member), Value::Object(Map::new()));
        }
        for (element, below) in &self.children {
            if below.members.is_empty() && below.children.is_empty() {
                continue;
            }
            let mut below = below.to_json();
            if let (true, Some(below)) = (self.members.contains(element), below.as_object_mut()) {
                below.insert(".".to_owned(), Value::Object(Map::new()));
            }
            out.insert(key(element), below);
        }
        Value::Object(out)
    }
}

/// What lies below, and whether the field itself is a member.
fn read(value: &Value) -> Result<(Option<Set>, bool), Malformed> {
    let mut set: Option<Set> = None;
    let mut member = false;
    for (key, below) in value.as_object().into_iter().flatten() {
        if key == "." {
            member = true;
            continue;
        }
        let Some(element) = element(key)? else {
            continue;
        };
        let (children, is_member) = read(below)?;
        let set = set.get_or_insert_with(Set::default);
        if is_member {
            set.members.insert(element.clone());
        }
        if let Some(children) = children {
            set.children.insert(element, children);
        }
    }
    member |= set.is_none();
    Ok((set, member))
}

fn element(key: &str) -> Result<Option<Element>, Malformed> {
    let malformed = |reason: String| Malformed {
        key: key.to_owned(),
        reason,
    };
    let Some((kind, rest)) = key.split_at_checked(2) else {
        return Err(malformed("key must be 2 characters long:".to_owned()));
    };
    let json = || serde_json::from_str::<Value>(rest).map_err(|e| malformed(e.to_string()));
    Ok(Some(match kind {
        "f:" => Element::field(rest),
        "v:" => Element::Value(Scalar(json()?)),
        "i:" => Element::Index(
            rest.parse()
                .map_err(|_| malformed("not an index".to_owned()))?,
        ),
        "k:" => {
            let fields = json()?;
            let fields = fields
                .as_object()
                .ok_or_else(|| malformed("not an object".to_owned()))?;
            let pair =
                |(name, value): (&String, &Value)| (name.as_str().into(), Scalar(value.clone()));
            Element::Key(fields.iter().map(pair).collect())
        }
        other if other.ends_with(':') => return Ok(None),
        _ => return Err(malformed(format!("missing colon: {key}"))),
    }))
}

fn key(element: &Element) -> String {
    match element {
        Element::Field(name) => format!("f:{name}"),
        Element::Key(fields) => {
            let fields: Map<String, Value> = fields
                .iter()
                .map(|(name, value)| (name.to_string(), value.0.clone()))
                .collect();
            format!("k:{}", quote::json(&Value::Object(fields)))
        }
        Element::Value(value) => format!("v:{}", quote::json(&value.0)),
        Element::Index(at) => format!("i:{at}"),
    }
}
