//! What is refused, and in which words: each was compared with a real kube-apiserver 1.36.3.

use serde_json::{Value, json};

use crate::server::{Answer, CONFIG_MAPS, Server};

fn said((code, body): &Answer) -> (u16, &str, &str) {
    let text = |key: &str| body[key].as_str().unwrap_or_default();
    (*code, text("reason"), text("message"))
}

#[tokio::test]
async fn names_that_are_taken_or_missing() {
    let server = Server::new();
    server.config_map("a", json!({})).await;
    let answer = server
        .post(CONFIG_MAPS, json!({"metadata": {"name": "a"}}))
        .await;
    assert_eq!(
        said(&answer),
        (409, "AlreadyExists", "configmaps \"a\" already exists")
    );
    assert_eq!(
        answer.1["details"],
        json!({"name": "a", "kind": "configmaps"})
    );
    let answer = server
        .get("/apis/apps/v1/namespaces/default/deployments/b")
        .await;
    assert_eq!(
        said(&answer),
        (404, "NotFound", "deployments.apps \"b\" not found")
    );
    assert_eq!(
        answer.1["details"],
        json!({"name": "b", "group": "apps", "kind": "deployments"})
    );
    let answer = server.post(CONFIG_MAPS, json!({})).await;
    assert_eq!(
        said(&answer),
        (
            422,
            "Invalid",
            "ConfigMap \"\" is invalid: metadata.name: Required value: name or generateName is required"
        )
    );
}

#[tokio::test]
async fn places_that_do_not_fit() {
    let server = Server::new();
    let object = json!({"metadata": {"name": "a", "namespace": "b"}});
    let answer = server.post(CONFIG_MAPS, object).await;
    assert_eq!(
        said(&answer),
        (
            400,
            "BadRequest",
            "the namespace of the provided object does not match the namespace sent on the request"
        )
    );
    let object = json!({"metadata": {"name": "a"}});
    let answer = server
        .post("/api/v1/namespaces/nope/configmaps", object)
        .await;
    assert_eq!(
        said(&answer),
        (404, "NotFound", "namespaces \"nope\" not found")
    );
    let answer = server
        .put(
            &format!("{CONFIG_MAPS}/x"),
            json!({"metadata": {"name": "y"}}),
        )
        .await;
    assert_eq!(
        said(&answer),
        (
            400,
            "BadRequest",
            "the name of the object (y) does not match the name on the URL (x)"
        )
    );
}

#[tokio::test]
async fn objects_of_another_kind() {
    let server = Server::new();
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}});
    let answer = server.post(CONFIG_MAPS, pod).await;
    assert_eq!(
        said(&answer),
        (
            400,
            "BadRequest",
            "Pod in version \"v1\" cannot be handled as a ConfigMap: converting (v1.Pod) to (core.ConfigMap): unknown conversion"
        )
    );
}

#[tokio::test]
async fn writes_that_come_too_late() {
    let server = Server::new();
    let made = server.config_map("a", json!({})).await;
    let one = format!("{CONFIG_MAPS}/a");
    server
        .patch("merge", &one, json!({"data": {"k": "v"}}))
        .await;
    let answer = server.put(&one, made).await;
    assert_eq!(
        said(&answer),
        (
            409,
            "Conflict",
            "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again"
        )
    );
    let object = json!({"metadata": {"name": "b", "resourceVersion": "3"}});
    let answer = server.post(CONFIG_MAPS, object).await;
    assert_eq!(
        said(&answer),
        (
            500,
            "",
            "resourceVersion should not be set on objects to be created"
        )
    );
}

#[tokio::test]
async fn bad_names_and_labels_are_all_told() {
    let server = Server::new();
    let object = json!({"metadata": {"name": "X_y", "labels": {"a b": "c d"}}});
    let (code, refusal) = server.post(CONFIG_MAPS, object).await;
    assert_eq!(code, 422);
    let causes = refusal["details"]["causes"].as_array().unwrap();
    let fields: Vec<&Value> = causes.iter().map(|cause| &cause["field"]).collect();
    assert_eq!(
        fields,
        ["metadata.name", "metadata.labels", "metadata.labels"]
    );
    let message = refusal["message"].as_str().unwrap();
    assert!(message.starts_with("ConfigMap \"X_y\" is invalid: [metadata.name: Invalid value: \"X_y\": a lowercase RFC 1123 subdomain must"), "{message}");
}

#[tokio::test]
async fn paths_and_methods_that_are_not_there() {
    let server = Server::new();
    let missing = "the server could not find the requested resource";
    let answer = server.get("/api/v1/foos").await;
    assert_eq!(said(&answer), (404, "NotFound", missing));
    let answer = server.put("/api/v1/pods", json!({})).await;
    let message = "the server does not allow this method on the requested resource";
    assert_eq!(said(&answer), (405, "MethodNotAllowed", message));
    // Plain text, as of any web server.
    assert_eq!(server.get("/apis/foo/v1").await, (404, Value::Null));
}

#[tokio::test]
async fn media_types_that_are_not_spoken() {
    let server = Server::new();
    let one = format!("{CONFIG_MAPS}/a");
    for media in ["application/json", "application/apply-patch+cbor"] {
        let headers = [("content-type", media)];
        let answer = server
            .ask_with("PATCH", &one, "{}".to_owned(), &headers)
            .await;
        assert_eq!(
            said(&answer),
            (415, "UnsupportedMediaType", "415: Unsupported Media Type")
        );
    }
    let headers = [("accept", "application/cbor")];
    let (code, refusal) = server.ask_with("GET", &one, String::new(), &headers).await;
    assert_eq!((code, &refusal["reason"]), (406, &json!("NotAcceptable")));
}

#[tokio::test]
async fn selectors_that_cannot_be_read() {
    let server = Server::new();
    let answer = server
        .get(&format!("{CONFIG_MAPS}?fieldSelector=a%3Db"))
        .await;
    assert_eq!(
        said(&answer),
        (
            400,
            "BadRequest",
            "\"a\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
        )
    );
    for (selector, message) in [
        ("a%3Db%3Dc", "found '=', expected: ',' or 'end of string'"),
        ("a,,b", "found ',', expected: identifier after ','"),
        (
            "a+in+b",
            "unable to parse requirement: found 'b' expected: '('",
        ),
        (
            "!",
            "unable to parse requirement: found '', expected: identifier",
        ),
    ] {
        let answer = server
            .get(&format!("{CONFIG_MAPS}?labelSelector={selector}"))
            .await;
        assert_eq!(said(&answer), (400, "BadRequest", message));
    }
    let answer = server.get("/api/v1/pods?fieldSelector=a%3Db").await;
    assert_eq!(
        said(&answer),
        (400, "BadRequest", "field label not supported: a")
    );
}

#[tokio::test]
async fn data_that_is_too_large() {
    let server = Server::new();
    let data = "QUFB".repeat(1024 * 1024 / 3 + 1);
    let object = json!({"metadata": {"name": "s"}, "data": {"k": data}});
    let answer = server
        .post("/api/v1/namespaces/default/secrets", object)
        .await;
    assert_eq!(
        said(&answer),
        (
            422,
            "Invalid",
            "Secret \"s\" is invalid: data: Too long: may not be more than 1048576 bytes"
        )
    );
    let object = json!({"metadata": {"name": "s"}, "data": {"k": "A".repeat(3 * 1024 * 1024)}});
    let answer = server
        .post("/api/v1/namespaces/default/secrets", object)
        .await;
    assert_eq!(
        said(&answer),
        (
            413,
            "RequestEntityTooLarge",
            "Request entity too large: limit is 3145728"
        )
    );
}

#[tokio::test]
async fn fields_that_are_fixed() {
    let server = Server::new();
    server.config_map("a", json!({"k": "v"})).await;
    let one = format!("{CONFIG_MAPS}/a");
    server
        .patch("merge", &one, json!({"immutable": true}))
        .await;
    let answer = server
        .patch("merge", &one, json!({"data": {"k": "w"}}))
        .await;
    assert_eq!(
        said(&answer),
        (
            422,
            "Invalid",
            "ConfigMap \"a\" is invalid: data: Forbidden: field is immutable when `immutable` is set"
        )
    );
    let template = json!({"metadata": {"labels": {"a": "b"}},
        "spec": {"containers": [{"name": "c", "image": "i"}]}});
    let path = "/apis/apps/v1/namespaces/default/deployments";
    let object = json!({"metadata": {"name": "d"}, "spec": {"replicas": 0,
        "selector": {"matchLabels": {"a": "b"}}, "template": template}});
    server.post(path, object).await;
    let patch = json!({"spec": {"selector": {"matchLabels": {"a": "c"}},
        "template": {"metadata": {"labels": {"a": "c"}}}}});
    let answer = server.patch("merge", &format!("{path}/d"), patch).await;
    assert_eq!(
        said(&answer),
        (
            422,
            "Invalid",
            "Deployment.apps \"d\" is invalid: spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"c\"}}: field is immutable"
        )
    );
}
