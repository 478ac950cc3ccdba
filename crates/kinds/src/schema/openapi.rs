//! The schema of a custom resource as types.

use serde_json::Value;

use super::{Field, GoForm, List, Map, PatchMeta, Relation, Scalar, Type, TypeRef};
use crate::table;

/// Deeper schemas are taken as "anything": no real one comes near.
const DEPTH: usize = 200;

/// A schema that types cannot be made of.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {reason}")]
pub struct Unusable {
    /// Where, as a path of fields.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
}

pub(super) fn convert(schema: &Value, preserve_unknown: bool) -> Result<TypeRef, Unusable> {
    let root = convert_type(schema, preserve_unknown, "", 0)?;
    let mut own = root.resolve().clone();
    let map = own.map.get_or_insert_with(|| Map {
        fields: Vec::new(),
        element: Some(TypeRef::deduced()),
        atomic: false,
    });
    map.fields
        .retain(|field| !matches!(&*field.name, "apiVersion" | "kind" | "metadata"));
    let meta = table::number("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
    map.fields
        .push(field("apiVersion", TypeRef::scalar(Scalar::String)));
    map.fields
        .push(field("kind", TypeRef::scalar(Scalar::String)));
    map.fields.push(field(
        "metadata",
        meta.map_or_else(TypeRef::deduced, TypeRef::builtin),
    ));
    map.fields.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(TypeRef::own(own))
}

fn field(name: &str, of: TypeRef) -> Field {
    Field {
        name: name.into(),
        of,
        required: false,
        patch: PatchMeta::default(),
        default: None,
        go: GoForm::default(),
        go_type: None,
        via: "",
    }
}

fn convert_type(
    schema: &Value,
    mut preserve: bool,
    path: &str,
    depth: usize,
) -> Result<TypeRef, Unusable> {
    if depth > DEPTH {
        return Ok(TypeRef::deduced());
    }
    preserve |= schema["x-kubernetes-preserve-unknown-fields"] == true;
    if schema["x-kubernetes-int-or-string"] == true {
        return Ok(TypeRef::scalar(Scalar::IntOrString));
    }
    let map = || map(schema, preserve, path, depth);
    let list = || list(schema, preserve, path, depth);
    let scalar = |scalar| Type {
        scalar: Some(scalar),
        ..Type::default()
    };
    let of = match schema["type"].as_str() {
        Some("object") => Type {
            map: Some(map()?),
            ..Type::default()
        },
        Some("array") => Type {
            list: Some(list()?),
            ..Type::default()
        },
        Some("string") => match schema["format"].as_str() {
            None | Some("") => scalar(Scalar::String),
            Some("byte") => scalar(Scalar::Bytes),
            Some(_) => scalar(Scalar::Any),
        },
        Some("integer") => scalar(Scalar::Int64),
        Some("number") => scalar(Scalar::Number),
        Some("boolean") => scalar(Scalar::Bool),
        _ => Type {
            name: "",
            scalar: Some(Scalar::Any),
            list: Some(list()?),
            map: Some(map()?),
        },
    };
    Ok(TypeRef::own(of))
}

fn map(schema: &Value, preserve: bool, path: &str, depth: usize) -> Result<Map, Unusable> {
    let none = serde_json::Map::new();
    let properties = schema["properties"].as_object().unwrap_or(&none);
    let mut fields = Vec::with_capacity(properties.len());
    for (name, property) in properties {
        let below = format!("{path}.{name}");
        let mut field = field(name, convert_type(property, preserve, &below, depth + 1)?);
        field.default = property.get("default").cloned();
        fields.push(field);
    }
    let embedded = schema["x-kubernetes-embedded-resource"] == true;
    if embedded {
        embed(&mut fields);
    }
    fields.sort_by(|a, b| a.name.cmp(&b.name));
    let element = match &schema["additionalProperties"] {
        Value::Null if preserve || properties.is_empty() => Some(TypeRef::deduced()),
        Value::Null | Value::Bool(false) => None,
        Value::Bool(true) => Some(TypeRef::deduced()),
        other => Some(convert_type(
            other,
            preserve,
            &format!("{path}[*]"),
            depth + 1,
        )?),
    };
    let atomic = match schema["x-kubernetes-map-type"].as_str() {
        Some("atomic") => true,
        Some("granular") | None => false,
        Some(other) => return Err(unusable(path, format!("unknown map type {other}"))),
    };
    Ok(Map {
        fields,
        element,
        atomic,
    })
}

/// An object within an object has the fields that every object has.
fn embed(fields: &mut Vec<Field>) {
    let meta = table::number("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
    let all = [
        ("apiVersion", TypeRef::scalar(Scalar::String)),
        ("kind", TypeRef::scalar(Scalar::String)),
        (
            "metadata",
            meta.map_or_else(TypeRef::deduced, TypeRef::builtin),
        ),
    ];
    for (name, of) in all {
        if !fields.iter().any(|known| &*known.name == name) {
            fields.push(field(name, of));
        }
    }
}

fn list(schema: &Value, preserve: bool, path: &str, depth: usize) -> Result<List, Unusable> {
    let relation = match schema["x-kubernetes-list-type"].as_str() {
        None | Some("atomic") => Relation::Atomic,
        Some("set") => Relation::Set,
        Some("map") => {
            let keys = schema["x-kubernetes-list-map-keys"].as_array();
            let keys = keys.ok_or_else(|| unusable(path, "missing map keys".to_owned()))?;
            let key = |key: &Value| key.as_str().map(str::to_owned);
            Relation::Map(keys.iter().filter_map(key).collect())
        }
        Some(other) => return Err(unusable(path, format!("unknown list type {other}"))),
    };
    let element = match &schema["items"] {
        Value::Null => TypeRef::whole(),
        items => convert_type(items, preserve, &format!("{path}[*]"), depth + 1)?,
    };
    Ok(List { element, relation })
}

fn unusable(path: &str, reason: String) -> Unusable {
    Unusable {
        path: path.to_owned(),
        reason,
    }
}
