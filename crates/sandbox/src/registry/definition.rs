//! What is wrong with a CustomResourceDefinition: its names, its versions, and the form of its schemas, in the
//! server's words. Rules and defaults within schemas are not looked at, and lists of versions are shown as they
//! travel.

use serde_json::Value;

use super::metadata::{cause, invalid};
use crate::status::Cause;

const LABEL: &str = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
/// Deeper schemas are left alone.
const DEPTH: usize = 64;

/// All that is wrong.
pub(super) fn check(definition: &Value) -> Vec<Cause> {
    let mut found = Vec::new();
    let spec = &definition["spec"];
    let (group, plural) = (text(&spec["group"]), text(&spec["names"]["plural"]));
    let name = text(&definition["metadata"]["name"]);
    if name != format!("{plural}.{group}") {
        let why = "must be spec.names.plural+\".\"+spec.group";
        found.push(invalid("metadata.name", name, why));
    }
    match group {
        "" => found.push(required("spec.group", "")),
        group if !group.contains('.') => {
            let why = "should be a domain with at least one dot";
            found.push(invalid("spec.group", group, why));
        }
        _ => {}
    }
    match text(&spec["scope"]) {
        "" => found.push(required("spec.scope", "")),
        "Cluster" | "Namespaced" => {}
        other => found.push(unsupported("spec.scope", other, &["Cluster", "Namespaced"])),
    }
    versions(&spec["versions"], &mut found);
    names(&spec["names"], &mut found);
    if stored(&spec["versions"]) == 0 {
        let message = "Invalid value: null: must have at least one stored version".to_owned();
        found.push(cause("FieldValueInvalid", "status.storedVersions", message));
    }
    schemas(&spec["versions"], &mut found);
    found
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn required(field: &str, why: &str) -> Cause {
    let message = match why {
        "" => "Required value".to_owned(),
        why => format!("Required value: {why}"),
    };
    cause("FieldValueRequired", field, message)
}

fn unsupported(field: &str, value: &str, supported: &[&str]) -> Cause {
    let quoted: Vec<String> = supported.iter().map(|it| format!("{it:?}")).collect();
    let quoted = quoted.join(", ");
    let message = format!("Unsupported value: {value:?}: supported values: {quoted}");
    cause("FieldValueNotSupported", field, message)
}

fn stored(versions: &Value) -> usize {
    let stored = items(versions).iter().filter(|it| it["storage"] == true);
    stored.count()
}

fn versions(versions: &Value, found: &mut Vec<Cause>) {
    let field = "spec.versions";
    let mut seen: Vec<&Value> = Vec::new();
    let mut twice = false;
    for (at, version) in items(versions).iter().enumerate() {
        twice |= seen.contains(&&version["name"]);
        seen.push(&version["name"]);
        if !version["schema"]["openAPIV3Schema"].is_object() {
            let field = format!("{field}[{at}].schema.openAPIV3Schema");
            found.push(required(&field, ""));
        }
    }
    let mut wrong = |why: &str| {
        let message = format!("Invalid value: {versions}: {why}");
        found.push(cause("FieldValueInvalid", field, message));
    };
    if twice {
        wrong("must contain unique version names");
    }
    if stored(versions) != 1 {
        wrong("must have exactly one version marked as storage version");
    }
}

fn names(names: &Value, found: &mut Vec<Cause>) {
    for (name, mixed) in [
        ("plural", false),
        ("singular", false),
        ("kind", true),
        ("listKind", true),
    ] {
        let (field, value) = (format!("spec.names.{name}"), text(&names[name]));
        if value.is_empty() {
            found.push(required(&field, ""));
        } else if mixed && !is_label(&value.to_lowercase()) {
            let why = format!("may have mixed case, but should otherwise match: {LABEL}");
            found.push(invalid(&field, value, &why));
        } else if !mixed && !is_label(value) {
            found.push(invalid(&field, value, LABEL));
        }
    }
}

fn is_label(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    text.len() <= 63
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(inner)
        && !text.ends_with('-')
}

/// One schema that all versions share is told of as the definition's own.
fn schemas(versions: &Value, found: &mut Vec<Cause>) {
    let all: Vec<&Value> = items(versions)
        .iter()
        .map(|version| &version["schema"]["openAPIV3Schema"])
        .collect();
    let shared = all.iter().all(|schema| *schema == all[0]);
    for (at, schema) in all.iter().enumerate().filter(|(_, it)| it.is_object()) {
        let field = if shared {
            "spec.validation.openAPIV3Schema".to_owned()
        } else {
            format!("spec.versions[{at}].schema.openAPIV3Schema")
        };
        structure(schema, &field, "at the root", 0, found);
        types(schema, &field, 0, found);
        if shared {
            break;
        }
    }
}

/// The schemas below one, with the places where they lie and what lies there.
fn below<'a>(schema: &'a Value, field: &str) -> Vec<(&'a Value, String, &'static str)> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    let of_fields = "for specified object fields";
    let mut inner: Vec<_> = properties
        .map(|(name, schema)| (schema, format!("{field}.properties[{name}]"), of_fields))
        .collect();
    if schema["items"].is_object() {
        let of_items = "for specified array items";
        inner.push((&schema["items"], format!("{field}.items"), of_items));
    }
    if schema["additionalProperties"].is_object() {
        let place = format!("{field}.additionalProperties");
        inner.push((&schema["additionalProperties"], place, of_fields));
    }
    inner
}

/// Every value has a type, and every list items.
fn structure(schema: &Value, field: &str, place: &str, depth: usize, found: &mut Vec<Cause>) {
    if depth >= DEPTH {
        return;
    }
    for (inner, field, place) in below(schema, field) {
        structure(inner, &field, place, depth + 1, found);
    }
    let open = [
        "x-kubernetes-int-or-string",
        "x-kubernetes-preserve-unknown-fields",
    ];
    let open = depth > 0 && open.iter().any(|name| schema[*name] == true);
    match text(&schema["type"]) {
        "" if !open => {
            let why = format!("must not be empty {place}");
            found.push(required(&format!("{field}.type"), &why));
        }
        "array" if schema["items"].is_null() => {
            found.push(required(&format!("{field}.items"), "must be specified"));
        }
        _ => {}
    }
}

fn types(schema: &Value, field: &str, depth: usize, found: &mut Vec<Cause>) {
    let own = text(&schema["type"]);
    if !own.is_empty() && !TYPES.contains(&own) {
        found.push(unsupported(&format!("{field}.type"), own, &TYPES));
    }
    if depth < DEPTH {
        for (inner, field, _) in below(schema, field) {
            types(inner, &field, depth + 1, found);
        }
    }
}
