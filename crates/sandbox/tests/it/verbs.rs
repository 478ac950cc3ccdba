//! create, get, list, update, delete.

use serde_json::json;

use crate::server::Server;

#[tokio::test]
async fn an_object_is_made_found_and_taken_away() {
    let server = Server::new();
    let path = "/api/v1/namespaces/default/configmaps";
    let object = json!({"metadata": {"name": "a"}, "data": {"k": "v"}});
    let (code, made) = server.ask("POST", path, Some(object.clone())).await;
    assert_eq!(code, 201, "{made}");
    let (code, refusal) = server.ask("POST", path, Some(object)).await;
    assert_eq!(code, 409);
    assert_eq!(refusal["message"], "configmaps \"a\" already exists");
    let one = format!("{path}/a");
    assert_eq!(server.ask("GET", &one, None).await, (200, made));
    assert_eq!(server.ask("DELETE", &one, None).await.0, 200);
    let (code, refusal) = server.ask("GET", &one, None).await;
    assert_eq!(code, 404);
    assert_eq!(refusal["message"], "configmaps \"a\" not found");
    assert_eq!(
        refusal["details"],
        json!({"name": "a", "kind": "configmaps"})
    );
}
