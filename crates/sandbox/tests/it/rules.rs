//! Rules of custom resources, and what a definition itself may not be.

use serde_json::{Value, json};

use crate::server::Server;

const DEFINITIONS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const GEARS: &str = "/apis/ex.com/v1/namespaces/default/gears";

fn definition(schema: &Value) -> Value {
    json!({"metadata": {"name": "gears.ex.com"}, "spec": {"group": "ex.com", "scope": "Namespaced",
        "names": {"kind": "Gear", "plural": "gears"},
        "versions": [{"name": "v1", "served": true, "storage": true,
            "schema": {"openAPIV3Schema": schema}}]}})
}

async fn with(spec: Value) -> Server {
    let server = Server::new();
    let schema = json!({"type": "object", "properties": {"spec": spec}});
    let (code, made) = server.post(DEFINITIONS, definition(&schema)).await;
    assert_eq!(code, 201, "{made}");
    server
}

fn gear(spec: &Value) -> Value {
    json!({"apiVersion": "ex.com/v1", "kind": "Gear", "metadata": {"name": "g"}, "spec": spec})
}

fn messages(refusal: &Value) -> Vec<String> {
    let causes = refusal["details"]["causes"].as_array().unwrap();
    let told = causes.iter().map(|cause| {
        let text = |key: &str| cause[key].as_str().unwrap().to_owned();
        format!("{}: {}", text("field"), text("message"))
    });
    told.collect()
}

#[tokio::test]
async fn rules_hold_for_every_value_of_their_place() {
    let server = with(json!({"type": "object",
        "x-kubernetes-validations": [
            {"rule": "self.min <= self.max", "fieldPath": ".min"},
            {"rule": "self.__namespace__ != 'x'", "messageExpression": "'not ' + self.__namespace__"}],
        "properties": {
            "min": {"type": "integer"}, "max": {"type": "integer"}, "namespace": {"type": "string"},
            "parts": {"type": "array", "items": {"type": "object", "properties": {"a-b": {
                "type": "number", "x-kubernetes-validations": [
                    {"rule": "self < 2.0", "message": "too much", "reason": "FieldValueForbidden"}]}}}}}}))
    .await;
    let spec = json!({"min": 3, "max": 2, "namespace": "x", "parts": [{"a-b": 1}, {"a-b": 5}]});
    let (code, refusal) = server.post(GEARS, gear(&spec)).await;
    assert_eq!(code, 422);
    assert_eq!(
        messages(&refusal),
        [
            "spec.min: Invalid value: failed rule: self.min <= self.max",
            "spec: Invalid value: not x",
            "spec.parts[1].a-b: Forbidden: too much",
        ]
    );
    let spec = json!({"min": 1, "max": 2, "namespace": "y"});
    assert_eq!(server.post(GEARS, gear(&spec)).await.0, 201);
}

#[tokio::test]
async fn a_change_is_compared_and_what_stays_is_left_alone() {
    let server = with(json!({"type": "object", "properties": {
        "fixed": {"type": "string",
            "x-kubernetes-validations": [{"rule": "self == oldSelf", "message": "is fixed"}]},
        "free": {"type": "integer", "x-kubernetes-validations": [{"rule": "self > 0"}]}}}))
    .await;
    let made = server
        .post(GEARS, gear(&json!({"fixed": "a", "free": 1})))
        .await;
    assert_eq!(made.0, 201);
    let change = async |spec: Value| {
        let path = format!("{GEARS}/g");
        server.patch("merge", &path, json!({"spec": spec})).await
    };
    let (code, refusal) = change(json!({"fixed": "b"})).await;
    assert_eq!(code, 422);
    assert_eq!(
        messages(&refusal),
        ["spec.fixed: Invalid value: \"b\": is fixed"]
    );
    let (_, refusal) = change(json!({"free": 0})).await;
    assert_eq!(
        messages(&refusal),
        ["spec.free: Invalid value: 0: failed rule: self > 0"]
    );
    assert_eq!(change(json!({"free": 2})).await.0, 200);
}

#[tokio::test]
async fn rules_wait_for_a_value_of_the_right_form() {
    let server = with(json!({"type": "object", "required": ["name"],
        "x-kubernetes-validations": [{"rule": "self.name != ''"}],
        "properties": {"name": {"type": "string"}}}))
    .await;
    let (_, refusal) = server.post(GEARS, gear(&json!({}))).await;
    assert_eq!(
        messages(&refusal),
        [
            "spec.name: Required value",
            "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation",
        ]
    );
}

#[tokio::test]
async fn a_definition_has_names_versions_and_types() {
    let server = Server::new();
    let mut wrong = definition(&json!({"properties": {"a": {"type": "array"}}}));
    wrong["spec"]["scope"] = "Other".into();
    wrong["spec"]["names"]["kind"] = "a b".into();
    wrong["metadata"]["name"] = "other.ex.com".into();
    let (code, refusal) = server.post(DEFINITIONS, wrong).await;
    assert_eq!(code, 422);
    let told = messages(&refusal);
    for start in [
        "metadata.name: Invalid value: \"other.ex.com\": must be spec.names.plural+\".\"+spec.group",
        "spec.scope: Unsupported value: \"Other\": supported values: \"Cluster\", \"Namespaced\"",
        "spec.names.kind: Invalid value: \"a b\": may have mixed case",
        "spec.validation.openAPIV3Schema.properties[a].items: Required value: must be specified",
        "spec.validation.openAPIV3Schema.type: Required value: must not be empty at the root",
    ] {
        assert!(
            told.iter().any(|own| own.starts_with(start)),
            "{start} in {told:#?}"
        );
    }
}
