//! Namespaces: what they have, how they go.

use serde_json::json;

use crate::server::Server;

#[tokio::test]
async fn a_namespace_has_furniture() {
    let server = Server::new();
    server
        .post("/api/v1/namespaces", json!({"metadata": {"name": "a"}}))
        .await;
    for path in ["serviceaccounts/default", "configmaps/kube-root-ca.crt"] {
        assert_eq!(
            server.get(&format!("/api/v1/namespaces/a/{path}")).await.0,
            200,
            "{path}"
        );
    }
    let (_, made) = server.get("/api/v1/namespaces/a").await;
    assert_eq!(
        made["metadata"]["labels"],
        json!({"kubernetes.io/metadata.name": "a"})
    );
    assert_eq!(made["status"]["phase"], "Active");
}

#[tokio::test]
async fn a_namespace_goes_with_its_content() {
    let server = Server::new();
    server
        .post("/api/v1/namespaces", json!({"metadata": {"name": "a"}}))
        .await;
    let path = "/api/v1/namespaces/a/configmaps";
    let held = json!({"metadata": {"name": "held", "finalizers": ["x.y/z"]}});
    server.post(path, held).await;
    let (code, going) = server.delete("/api/v1/namespaces/a").await;
    assert_eq!(
        (code, &going["status"]["phase"]),
        (200, &json!("Terminating"))
    );
    assert_eq!(
        server
            .get("/api/v1/namespaces/a/serviceaccounts/default")
            .await
            .0,
        404
    );
    let (code, refusal) = server
        .post(path, json!({"metadata": {"name": "late"}}))
        .await;
    assert_eq!(code, 403);
    assert_eq!(
        refusal["message"],
        "configmaps \"late\" is forbidden: unable to create new content in namespace a because it is being terminated"
    );
    assert_eq!(server.get("/api/v1/namespaces/a").await.0, 200);
    server
        .patch(
            "merge",
            &format!("{path}/held"),
            json!({"metadata": {"finalizers": null}}),
        )
        .await;
    assert_eq!(server.get("/api/v1/namespaces/a").await.0, 404);
}

#[tokio::test]
async fn some_namespaces_stay() {
    let server = Server::new();
    let (code, refusal) = server.delete("/api/v1/namespaces/default").await;
    assert_eq!(code, 403);
    assert_eq!(
        refusal["message"],
        "namespaces \"default\" is forbidden: this namespace may not be deleted"
    );
}
