//! A value without some of its fields.

use serde_json::Value;

use super::{Form, element_of, form, member_type};
use crate::fields::{Element, Set};
use crate::schema::{List, Map, Relation, TypeRef};

/// Takes fields away. What is left without any member or item becomes null.
pub(crate) fn remove(value: &Value, fields: &Set, of: &TypeRef) -> Value {
    let resolved = of.resolve();
    match form(resolved, Some(value)) {
        Some(Form::Map) if !of.atomic_map() => match (&resolved.map, value) {
            (Some(map), Value::Object(members)) => from_map(members, fields, map),
            _ => Value::Null,
        },
        Some(Form::List) => match (&resolved.list, value) {
            (Some(list), Value::Array(items)) if list.relation != Relation::Atomic => {
                from_list(items, fields, list)
            }
            _ => Value::Null,
        },
        Some(Form::Scalar) => value.clone(),
        Some(Form::Map) | None => Value::Null,
    }
}

fn from_map(members: &serde_json::Map<String, Value>, fields: &Set, map: &Map) -> Value {
    let any = TypeRef::deduced();
    let mut out = serde_json::Map::new();
    for (name, member) in members {
        let element = Element::field(name);
        if fields.members.contains(&element) {
            continue;
        }
        let kept = match fields.below(&element) {
            Some(below) => remove(member, below, member_type(map, name, &any)),
            None => member.clone(),
        };
        out.insert(name.clone(), kept);
    }
    if out.is_empty() {
        Value::Null
    } else {
        Value::Object(out)
    }
}

fn from_list(items: &[Value], fields: &Set, list: &List) -> Value {
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        let Ok(element) = element_of(list, item) else {
            out.push(item.clone());
            continue;
        };
        if fields.members.contains(&element) {
            continue;
        }
        out.push(match fields.below(&element) {
            Some(below) => remove(item, below, &list.element),
            None => item.clone(),
        });
    }
    if out.is_empty() {
        Value::Null
    } else {
        Value::Array(out)
    }
}
