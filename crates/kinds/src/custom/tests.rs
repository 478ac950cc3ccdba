#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::json;

use super::*;

fn schema() -> Value {
    json!({"type": "object", "properties": {"spec": {"type": "object", "required": ["size"], "properties": {
        "size": {"type": "integer", "minimum": 1, "maximum": 5},
        "mode": {"type": "string", "enum": ["a", "b"], "default": "a"},
        "name": {"type": "string", "maxLength": 3, "pattern": "^[a-z]+$"},
        "port": {"x-kubernetes-int-or-string": true, "anyOf": [{"type": "integer"}, {"type": "string"}]},
        "tags": {"type": "array", "maxItems": 2, "x-kubernetes-list-type": "set", "items": {"type": "string"}},
        "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}}
    }}}})
}

fn says(spec: &Value) -> Vec<String> {
    let faults = validate(&schema(), &json!({"spec": spec}), "");
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn faults_are_worded_as_the_server_words_them() {
    assert_eq!(
        says(&json!({"size": 1, "port": "http", "labels": {"a": "b"}})),
        [""; 0]
    );
    assert_eq!(says(&json!({})), ["spec.size: Required value"]);
    assert_eq!(
        says(&json!({"size": "1"})),
        [
            "spec.size: Invalid value: \"string\": spec.size in body must be of type integer: \"string\""
        ]
    );
    assert_eq!(
        says(&json!({"size": 9})),
        ["spec.size: Invalid value: 9: spec.size in body should be less than or equal to 5"]
    );
    assert_eq!(
        says(&json!({"size": 1, "mode": "c"})),
        ["spec.mode: Unsupported value: \"c\": supported values: \"a\", \"b\""]
    );
    assert_eq!(
        says(&json!({"size": 1, "name": "A"})),
        ["spec.name: Invalid value: \"A\": spec.name in body should match '^[a-z]+$'"]
    );
    assert_eq!(
        says(&json!({"size": 1, "name": "abcd"})),
        ["spec.name: Too long: may not be more than 3 bytes"]
    );
    assert_eq!(
        says(&json!({"size": 1, "tags": ["a", "b", "a"]})),
        [
            "spec.tags: Too many: 3: must have at most 2 items",
            "spec.tags[2]: Duplicate value: \"a\""
        ]
    );
}

#[test]
fn unknown_fields_go_and_defaults_come() {
    let mut object = json!({"apiVersion": "x/v1", "kind": "W", "metadata": {"name": "x"}, "odd": 1,
        "spec": {"size": 1, "more": {"a": 1}, "free": {"any": {"thing": 1}}, "name": null}});
    assert_eq!(prune(&schema(), &mut object), ["odd", "spec.more"]);
    default(&schema(), &mut object);
    assert_eq!(
        object["spec"],
        json!({"size": 1, "free": {"any": {"thing": 1}}, "mode": "a"})
    );
}
