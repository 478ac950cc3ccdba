//! Items of sets and keyed lists that are there twice.

use serde_json::{Map, Value};

use super::{DEPTH, additional};
use crate::invalid::Invalid;

pub(super) fn check(schema: &Value, object: &Value, field: &str) -> Vec<Invalid> {
    let mut faults = Vec::new();
    walk(schema, object, field, 0, &mut faults);
    faults
}

fn walk(schema: &Value, value: &Value, field: &str, depth: usize, faults: &mut Vec<Invalid>) {
    if depth > DEPTH {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if let Some(of) = additional(schema) {
                    walk(of, member, &format!("{field}[{name}]"), depth + 1, faults);
                }
                if let Some(of) = schema["properties"].get(name) {
                    let below = match field {
                        "" => name.clone(),
                        field => format!("{field}.{name}"),
                    };
                    walk(of, member, &below, depth + 1, faults);
                }
            }
        }
        Value::Array(items) => {
            duplicates(schema, items, field, faults);
            if let Some(of) = schema.get("items") {
                for (at, item) in items.iter().enumerate() {
                    walk(of, item, &format!("{field}[{at}]"), depth + 1, faults);
                }
            }
        }
        _ => {}
    }
}

fn duplicates(schema: &Value, items: &[Value], field: &str, faults: &mut Vec<Invalid>) {
    let keys: Vec<Value> = match schema["x-kubernetes-list-type"].as_str() {
        Some("set") => items.to_vec(),
        Some("map") => {
            let not_map = |item: &Value| !item.is_null() && !item.is_object();
            if let Some(at) = items.iter().position(not_map) {
                faults.push(Invalid::malformed(
                    &format!("{field}[{at}]"),
                    items[at].clone(),
                    "must be an object for an array of list-type map",
                ));
                return;
            }
            items.iter().map(|item| key(schema, item)).collect()
        }
        _ => return,
    };
    for (at, key) in keys.iter().enumerate() {
        // Told of once, at the second of them.
        let before = keys[..at].iter().filter(|other| *other == key).count();
        if before == 1 {
            faults.push(Invalid::duplicate(&format!("{field}[{at}]"), key.clone()));
        }
    }
}

fn key(schema: &Value, item: &Value) -> Value {
    let names = schema["x-kubernetes-list-map-keys"].as_array();
    let names = names.into_iter().flatten().filter_map(Value::as_str);
    let pairs = names.filter_map(|name| Some((name.to_owned(), item.get(name)?.clone())));
    Value::Object(pairs.collect::<Map<_, _>>())
}
