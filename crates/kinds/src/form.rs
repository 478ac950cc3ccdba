//! What the server's own types make of an object of a built-in kind.
//!
//! A server decodes an object into a Go struct and writes that out again. What comes out is not what
//! went in: unknown fields are gone, empty fields too where their tag says so, structs that are not
//! pointers are always there, quantities are canonical. Field ownership is reckoned on that form, so it
//! has to be the same here.

use serde_json::{Map, Value};

use crate::schema::{self, Field, Scalar, Schema, Type, TypeRef};
use crate::{quantity, texts};

/// The object as the server writes it. For a schema of one's own (custom resources) the object itself.
#[must_use]
pub fn written(schema: &Schema, object: &Value) -> Value {
    if schema.is_builtin() {
        value(object, schema.root())
    } else {
        object.clone()
    }
}

/// The form of an object of which nothing is set.
#[must_use]
pub fn empty(schema: &Schema) -> Value {
    written(schema, &Value::Object(Map::new()))
}

fn value(value: &Value, of: &TypeRef) -> Value {
    let resolved = of.resolve();
    match value {
        Value::Object(members) => match &resolved.map {
            Some(map) if of.is_struct() && !map.fields.is_empty() => object(members, map),
            Some(map) => members
                .iter()
                .filter_map(|(name, member)| {
                    let of = map.type_of(name)?;
                    Some((name.clone(), self::value(member, of)))
                })
                .collect(),
            None => Value::Object(members.clone()),
        },
        Value::Array(items) => match &resolved.list {
            Some(list) => items.iter().map(|item| item_of(item, list)).collect(),
            None if resolved.scalar == Some(Scalar::Bytes) => bytes(items),
            None => Value::Array(items.clone()),
        },
        other => scalar(other, resolved),
    }
}

/// A null item is decoded to the zero value of its type.
fn item_of(item: &Value, list: &schema::List) -> Value {
    if item.is_null() && list.element.is_struct() {
        return value(&Value::Object(Map::new()), &list.element);
    }
    value(item, &list.element)
}

/// Bytes that came as a list of numbers.
fn bytes(items: &[Value]) -> Value {
    let byte = |item: &Value| item.as_u64().and_then(|n| u8::try_from(n).ok());
    let bytes: Vec<u8> = items.iter().map(|item| byte(item).unwrap_or(0)).collect();
    Value::String(texts::base64_of(&bytes))
}

fn scalar(value: &Value, of: &Type) -> Value {
    let written = match (of.scalar, value) {
        (Some(Scalar::Quantity), Value::String(text)) => quantity::canonical(text).ok(),
        (Some(Scalar::Quantity), Value::Number(number)) => {
            quantity::canonical(&number.to_string()).ok()
        }
        (Some(Scalar::Time), Value::String(text)) => texts::time(text, false),
        (Some(Scalar::MicroTime), Value::String(text)) => texts::time(text, true),
        (Some(Scalar::Bytes), Value::String(text)) => Some(texts::base64(text).into_owned()),
        _ => None,
    };
    written.map_or_else(|| value.clone(), Value::String)
}

fn object(members: &Map<String, Value>, map: &schema::Map) -> Value {
    let mut out = Map::new();
    for field in &map.fields {
        let given = members.get(&*field.name).filter(|member| !member.is_null());
        if let Some(member) = field_of(given, field) {
            out.insert(field.name.to_string(), member);
        }
    }
    if let Some(element) = &map.element {
        for (name, member) in members {
            if map.field(name).is_none() {
                out.insert(name.clone(), value(member, element));
            }
        }
    }
    Value::Object(out)
}

fn field_of(given: Option<&Value>, field: &Field) -> Option<Value> {
    let go = field.go;
    if go.pointer {
        let omitted = go.omit_empty || go.omit_zero;
        return match given {
            Some(given) => Some(value(given, &field.of)),
            None if omitted => None,
            None => Some(Value::Null),
        };
    }
    let out = match given {
        Some(given) => value(given, &field.of),
        None => zero(&field.of),
    };
    (!left_out(&out, field)).then_some(out)
}

/// What Go writes of the zero value of a type.
fn zero(of: &TypeRef) -> Value {
    let resolved = of.resolve();
    if of.is_struct() {
        return value(&Value::Object(Map::new()), of);
    }
    if resolved.map.is_some() || resolved.list.is_some() {
        return Value::Null;
    }
    match resolved.scalar {
        Some(Scalar::String) => Value::String(String::new()),
        Some(
            Scalar::Byte | Scalar::Int32 | Scalar::Int64 | Scalar::Number | Scalar::IntOrString,
        ) => 0.into(),
        Some(Scalar::Bool) => Value::Bool(false),
        Some(Scalar::Quantity) => Value::String("0".to_owned()),
        Some(Scalar::Bytes | Scalar::Time | Scalar::MicroTime | Scalar::Any) | None => Value::Null,
    }
}

/// Whether the tag of a field that is no pointer leaves this value out.
fn left_out(value: &Value, field: &Field) -> bool {
    let of = field.of.resolve();
    if field.of.is_struct() {
        return field.go.omit_zero && *value == zero(&field.of);
    }
    match of.scalar {
        // These are structs in Go: `omitempty` does nothing for them.
        Some(Scalar::Time | Scalar::MicroTime | Scalar::Quantity | Scalar::IntOrString)
            if of.map.is_none() =>
        {
            field.go.omit_zero && *value == zero(&field.of)
        }
        _ => (field.go.omit_empty || field.go.omit_zero) && is_empty(value),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(true) => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use serde_json::json;

    use super::*;

    #[test]
    fn a_deployment_is_written_as_go_writes_it() {
        let schema = Schema::builtin("apps", "v1", "Deployment").unwrap();
        let object = json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "unknown": 1,
            "metadata": {"name": "a", "creationTimestamp": null, "labels": {}},
            "spec": {"replicas": 0, "minReadySeconds": 0, "template": {"spec": {"containers": [
                {"name": "c", "image": "i", "resources": {"limits": {"cpu": 0.5}}, "env": [{"name": "x", "value": ""}]}
            ]}}}
        });
        let wanted = json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": {"name": "a"},
            "spec": {"replicas": 0, "selector": null, "strategy": {}, "template": {"metadata": {}, "spec": {"containers": [
                {"name": "c", "image": "i", "resources": {"limits": {"cpu": "500m"}}, "env": [{"name": "x"}]}
            ]}}},
            "status": {}
        });
        assert_eq!(written(&schema, &object), wanted);
    }
}
