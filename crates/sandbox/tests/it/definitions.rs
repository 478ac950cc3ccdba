//! CustomResourceDefinitions: served at once, gone with their objects.

use serde_json::{Value, json};

use crate::server::Server;

const DEFINITIONS: &str = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

fn definition() -> Value {
    let schema = json!({"type": "object", "properties": {
        "spec": {"type": "object", "properties": {"size": {"type": "integer"}}},
        "status": {"type": "object", "properties": {"phase": {"type": "string"}}}}});
    json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "foos.ex.com"},
        "spec": {"group": "ex.com", "scope": "Namespaced",
            "names": {"plural": "foos", "singular": "foo", "kind": "Foo", "listKind": "FooList", "shortNames": ["fo"]},
            "versions": [{"name": "v1", "served": true, "storage": true,
                "schema": {"openAPIV3Schema": schema}, "subresources": {"status": {}},
                "additionalPrinterColumns": [{"name": "Size", "type": "integer", "jsonPath": ".spec.size"}]}]}})
}

async fn defined() -> Server {
    let server = Server::new();
    let (code, made) = server.post(DEFINITIONS, definition()).await;
    assert_eq!(code, 201, "{made}");
    server
}

const FOOS: &str = "/apis/ex.com/v1/namespaces/default/foos";

fn foo(name: &str) -> Value {
    json!({"apiVersion": "ex.com/v1", "kind": "Foo", "metadata": {"name": name}, "spec": {"size": 3}})
}

#[tokio::test]
async fn a_definition_is_established_and_served() {
    let server = defined().await;
    let (_, object) = server.get(&format!("{DEFINITIONS}/foos.ex.com")).await;
    let conditions = object["status"]["conditions"].as_array().unwrap();
    let kinds: Vec<&Value> = conditions.iter().map(|c| &c["type"]).collect();
    assert_eq!(kinds, ["NamesAccepted", "Established"]);
    let (_, group) = server.get("/apis/ex.com/v1").await;
    assert_eq!(group["resources"][0]["shortNames"], json!(["fo"]));
    let (code, made) = server.post(FOOS, foo("a")).await;
    assert_eq!(code, 201, "{made}");
    assert_eq!(made["metadata"]["generation"], 1);
    let (_, list) = server.get(FOOS).await;
    assert_eq!(
        (&list["kind"], &list["items"][0]["kind"]),
        (&json!("FooList"), &json!("Foo"))
    );
}

#[tokio::test]
async fn who_makes_one_owns_the_conversion_that_it_gets() {
    let server = defined().await;
    let (_, object) = server.get(&format!("{DEFINITIONS}/foos.ex.com")).await;
    let entries = object["metadata"]["managedFields"].as_array().unwrap();
    let made = entries.iter().find(|entry| entry["subresource"].is_null());
    let owned = &made.unwrap()["fieldsV1"]["f:spec"]["f:conversion"];
    assert_eq!(*owned, json!({".": {}, "f:strategy": {}}), "{entries:?}");
}

#[tokio::test]
async fn versions_that_are_not_there_are_told_as_null() {
    let server = Server::new();
    let mut definition = definition();
    definition["spec"]
        .as_object_mut()
        .unwrap()
        .remove("versions");
    let (code, refused) = server.post(DEFINITIONS, definition).await;
    assert_eq!(code, 422);
    let told = refused["message"].as_str().unwrap();
    assert!(
        told.contains("spec.versions: Invalid value: null: "),
        "{told}"
    );
}

#[tokio::test]
async fn its_columns_make_its_table() {
    let server = defined().await;
    server.post(FOOS, foo("a")).await;
    let headers = [("accept", "application/json;as=Table;v=v1;g=meta.k8s.io")];
    let (_, table) = server.ask_with("GET", FOOS, String::new(), &headers).await;
    assert_eq!(table["columnDefinitions"][1]["name"], "Size");
    assert_eq!(table["rows"][0]["cells"], json!(["a", 3]));
}

#[tokio::test]
async fn its_objects_go_with_it() {
    let server = defined().await;
    server.post(FOOS, foo("a")).await;
    assert_eq!(
        server.delete(&format!("{DEFINITIONS}/foos.ex.com")).await.0,
        200
    );
    assert_eq!(
        server.get(&format!("{DEFINITIONS}/foos.ex.com")).await.0,
        404
    );
    assert_eq!(server.get(FOOS).await, (404, Value::Null));
    server.post(DEFINITIONS, definition()).await;
    let (_, list) = server.get(FOOS).await;
    assert_eq!(list["items"], json!([]));
}

#[tokio::test]
async fn its_schema_is_kept() {
    let server = Server::new();
    let mut defined = definition();
    let schema = &mut defined["spec"]["versions"][0]["schema"]["openAPIV3Schema"];
    schema["properties"]["spec"]["properties"]["color"] =
        json!({"type": "string", "default": "red"});
    server.post(DEFINITIONS, defined).await;
    let mut object = foo("a");
    object["spec"]["odd"] = true.into();
    let (code, made) = server.post(FOOS, object.clone()).await;
    assert_eq!(
        (code, &made["spec"]),
        (201, &json!({"size": 3, "color": "red"}))
    );
    object["metadata"]["name"] = "b".into();
    let (code, refusal) = server
        .post(&format!("{FOOS}?fieldValidation=Strict"), object)
        .await;
    assert_eq!(code, 400);
    assert_eq!(
        refusal["message"],
        "Foo in version \"v1\" cannot be handled as a Foo: strict decoding error: unknown field \"spec.odd\""
    );
    let mut object = foo("c");
    object["spec"]["size"] = "large".into();
    let (code, refusal) = server.post(FOOS, object).await;
    assert_eq!(code, 422);
    assert_eq!(
        refusal["message"],
        "Foo.ex.com \"c\" is invalid: spec.size: Invalid value: \"string\": spec.size in body must be of type integer: \"string\""
    );
}
