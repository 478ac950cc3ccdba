//! Values under a type: checking, merging, comparing, taking away.
//!
//! The semantics of server-side apply. A type may allow several forms (any value, for one); the form of
//! the value at hand decides. A list whose items are told apart is taken item by item, another is one
//! value. `None` is "not there", which is not the same as null.

mod check;
mod compare;
mod merge;
mod reconcile;
mod remove;
mod to_set;

use serde_json::Value;

pub(crate) use check::check;
pub use check::{Finding, Findings};
pub(crate) use compare::{Comparison, compare};
pub(crate) use merge::merge;
pub(crate) use reconcile::reconcile;
pub(crate) use remove::remove;
pub use to_set::set_of;

use crate::fields::{Element, Scalar};
use crate::schema::{List, Map, Relation, Type, TypeRef};

/// The form in which a value is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Map,
    Scalar,
    List,
}

/// The form of the value if its type allows it, else the first one that the type has.
fn form(of: &Type, value: Option<&Value>) -> Option<Form> {
    let own = match value {
        Some(Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            of.scalar.is_some().then_some(Form::Scalar)
        }
        Some(Value::Array(_)) => of.list.is_some().then_some(Form::List),
        Some(Value::Object(_)) => of.map.is_some().then_some(Form::Map),
        Some(Value::Null) | None => None,
    };
    own.or_else(|| {
        let forms = [
            (of.map.is_some(), Form::Map),
            (of.scalar.is_some(), Form::Scalar),
            (of.list.is_some(), Form::List),
        ];
        forms
            .into_iter()
            .find(|(has, _)| *has)
            .map(|(_, form)| form)
    })
}

/// What may be in a map, if the value is one.
fn members(value: Option<&Value>) -> Option<&serde_json::Map<String, Value>> {
    value.and_then(Value::as_object)
}

/// What may be in a list, if the value is one.
fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The type of a member. Members that a type does not know are taken as they come.
fn member_type<'a>(map: &'a Map, name: &str, any: &'a TypeRef) -> &'a TypeRef {
    map.type_of(name).unwrap_or(any)
}

/// How an item is told apart in its list.
fn element_of(list: &List, item: &Value) -> Result<Element, String> {
    match &list.relation {
        Relation::Atomic => Err("invalid indexing of non-associative list".to_owned()),
        Relation::Set => match item {
            Value::Object(_) => {
                Err("associative list without keys has an element that's a map type".to_owned())
            }
            Value::Array(_) => {
                Err("not supported: associative list with lists as elements".to_owned())
            }
            Value::Null => Err(
                "associative list without keys has an element that's an explicit null".to_owned(),
            ),
            scalar => Ok(Element::Value(Scalar(scalar.clone()))),
        },
        Relation::Map(keys) => keyed(list, keys, item),
    }
}

fn keyed(list: &List, keys: &[String], item: &Value) -> Result<Element, String> {
    let item = match item {
        Value::Null => {
            return Err("associative list with keys may not have a null element".to_owned());
        }
        Value::Object(members) => members,
        _ => return Err("associative list with keys may not have non-map elements".to_owned()),
    };
    let map = list.element.resolve().map.as_ref();
    let mut found = Vec::with_capacity(keys.len());
    for key in keys {
        let default = || map?.field(key)?.default.as_ref();
        if let Some(value) = item.get(key).or_else(default) {
            found.push((key.as_str().into(), Scalar(value.clone())));
        }
    }
    if found.is_empty() {
        let quoted: Vec<String> = keys.iter().map(|key| crate::quote::quoted(key)).collect();
        return Err(format!(
            "associative list with keys has an element that omits all key fields [{}] (and doesn't have default values for any key fields)",
            quoted.join(" ")
        ));
    }
    found.sort();
    Ok(Element::Key(found))
}
