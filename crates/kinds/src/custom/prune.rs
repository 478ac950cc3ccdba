//! Dropping what the schema does not know, and writing numbers as Go's encoder does.

use serde_json::{Number, Value};

use super::{DEPTH, additional, allows_additional, is_embedded, is_meta, preserves};

/// Takes unknown fields and nulls that may not be out of an object, and tells of the unknown fields.
pub fn prune(schema: &Value, object: &mut Value) -> Vec<String> {
    let mut walk = Walk::default();
    walk.value(object, Some(schema), "", true, 0);
    drop_nulls(object, Some(schema), 0);
    walk.unknown.sort();
    walk.unknown
}

#[derive(Default)]
struct Walk {
    unknown: Vec<String>,
}

impl Walk {
    fn value(
        &mut self,
        value: &mut Value,
        schema: Option<&Value>,
        path: &str,
        root: bool,
        depth: usize,
    ) {
        if depth > DEPTH {
            return;
        }
        let keep = schema.is_some_and(preserves);
        match value {
            Value::Object(members) => {
                let embedded = root || schema.is_some_and(is_embedded);
                members.retain(|name, member| {
                    if embedded && is_meta(name) {
                        return true;
                    }
                    let below = below(path, name);
                    if let Some(schema) = schema {
                        if let Some(of) = schema["properties"].get(name) {
                            self.value(member, Some(of), &below, false, depth + 1);
                            return true;
                        }
                        if allows_additional(schema) {
                            if let Some(of) = additional(schema) {
                                self.value(member, Some(of), &below, false, depth + 1);
                            } else if !keep {
                                self.value(member, None, &below, false, depth + 1);
                            }
                            return true;
                        }
                        if keep {
                            return true;
                        }
                    }
                    self.unknown.push(below);
                    false
                });
            }
            Value::Array(items) => {
                let of = schema.and_then(|schema| schema.get("items"));
                if keep && of.is_none() {
                    return;
                }
                for (at, item) in items.iter_mut().enumerate() {
                    self.value(item, of, &format!("{path}[{at}]"), false, depth + 1);
                }
            }
            _ => {}
        }
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// A floating-point number without a fraction is written as a whole one, and read as one again.
fn whole(number: &Number) -> Option<Number> {
    let value = number.as_f64().filter(|_| number.is_f64())?;
    let exact = value.fract() == 0.0 && value.abs() < 9e18;
    exact
        .then(|| format!("{value:.0}").parse::<i64>().ok())
        .flatten()
        .map(Number::from)
}

/// A null counts as absent where the schema allows no null and has no default to put there.
fn drop_nulls(value: &mut Value, schema: Option<&Value>, depth: usize) {
    if depth > DEPTH {
        return;
    }
    match value {
        Value::Object(members) => members.retain(|name, member| {
            let of = schema.and_then(|schema| {
                let own = schema["properties"].get(name);
                own.or_else(|| additional(schema))
            });
            let dropped = member.is_null()
                && of.is_some_and(|of| of["nullable"] != true && of.get("default").is_none());
            if !dropped {
                drop_nulls(member, of, depth + 1);
            }
            !dropped
        }),
        Value::Array(items) => {
            let of = schema.and_then(|schema| schema.get("items"));
            for item in items {
                drop_nulls(item, of, depth + 1);
            }
        }
        Value::Number(number) => {
            if let Some(whole) = whole(number) {
                *number = whole;
            }
        }
        _ => {}
    }
}
