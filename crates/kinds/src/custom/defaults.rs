//! Putting in what the schema says stands for the absent.

use serde_json::Value;

use super::{DEPTH, additional};

/// Puts in defaults, also within those put in.
pub fn default(schema: &Value, object: &mut Value) {
    put(schema, object, 0);
}

fn put(schema: &Value, value: &mut Value, depth: usize) {
    if depth > DEPTH {
        return;
    }
    match value {
        Value::Object(members) => {
            for (name, of) in schema["properties"].as_object().into_iter().flatten() {
                let Some(default) = of.get("default").filter(|default| !default.is_null()) else {
                    continue;
                };
                let absent = members.get(name).is_none_or(|known| replaced(known, of));
                if absent {
                    members.insert(name.clone(), default.clone());
                }
            }
            for (name, member) in members {
                if let Some(of) = schema["properties"].get(name) {
                    put(of, member, depth + 1);
                } else if let Some(of) = additional(schema) {
                    put_item(of, member, depth);
                }
            }
        }
        Value::Array(items) => {
            if let Some(of) = schema.get("items") {
                for item in items {
                    put_item(of, item, depth);
                }
            }
        }
        _ => {}
    }
}

fn put_item(of: &Value, item: &mut Value, depth: usize) {
    if replaced(item, of) {
        *item = of.get("default").cloned().unwrap_or(Value::Null);
    }
    put(of, item, depth + 1);
}

/// A null where none may be gives way to the default.
fn replaced(value: &Value, of: &Value) -> bool {
    value.is_null() && of["nullable"] != true
}
