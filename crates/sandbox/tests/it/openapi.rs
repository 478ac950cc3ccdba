//! OpenAPI: what clients compute with.

use serde_json::json;

use crate::server::Server;

#[tokio::test]
async fn types_of_a_version_are_complete() {
    let server = Server::new();
    let (code, document) = server.get("/openapi/v3/apis/apps/v1").await;
    assert_eq!(code, 200);
    let schemas = &document["components"]["schemas"];
    let deployment = &schemas["io.k8s.api.apps.v1.Deployment"];
    assert_eq!(
        deployment["properties"]["spec"]["$ref"],
        "#/components/schemas/io.k8s.api.apps.v1.DeploymentSpec"
    );
    let containers = &schemas["io.k8s.api.core.v1.PodSpec"]["properties"]["containers"];
    assert_eq!(containers["x-kubernetes-patch-merge-key"], "name");
    let names = schemas.as_object().unwrap();
    let text = document.to_string();
    for reference in text.split("#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(
            names.contains_key(name),
            "{name} is referred to and missing"
        );
    }
}

#[tokio::test]
async fn go_clients_get_the_second_version_in_protobuf() {
    let server = Server::new();
    let accept = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
    let headers = [("accept", accept)];
    let answer = server
        .ask_with("GET", "/openapi/v2", String::new(), &headers)
        .await;
    // No JSON: the body is not read.
    assert_eq!(answer, (200, json!(null)));
}
