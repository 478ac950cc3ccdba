//! patch, in four languages.

use serde_json::{Value, json};

use crate::server::{CONFIG_MAPS, Server};

#[tokio::test]
async fn three_languages_change_what_is_there() {
    let server = Server::new();
    server.config_map("a", json!({"k": "v", "l": "w"})).await;
    let one = format!("{CONFIG_MAPS}/a");
    let (_, made) = server
        .patch("merge", &one, json!({"data": {"k": null}}))
        .await;
    assert_eq!(made["data"], json!({"l": "w"}));
    let (_, made) = server
        .patch("strategic", &one, json!({"data": {"m": "x"}}))
        .await;
    assert_eq!(made["data"], json!({"l": "w", "m": "x"}));
    let patch = json!([{"op": "remove", "path": "/data/l"}]);
    let (_, made) = server.patch("json", &one, patch).await;
    assert_eq!(made["data"], json!({"m": "x"}));
}

#[tokio::test]
async fn strategic_patches_know_the_keys_of_lists() {
    let server = Server::new();
    let path = "/api/v1/namespaces/default/pods";
    let object = json!({"metadata": {"name": "p"}, "spec": {"containers": [
        {"name": "a", "image": "1"}, {"name": "b", "image": "1"}]}});
    server.post(path, object).await;
    let patch = json!({"spec": {"containers": [{"name": "b", "image": "2"}]}});
    let (code, made) = server.patch("strategic", &format!("{path}/p"), patch).await;
    assert_eq!(code, 200, "{made}");
    let images: Vec<&Value> = made["spec"]["containers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| &c["image"])
        .collect();
    assert_eq!(images, ["1", "2"]);
}

#[tokio::test]
async fn an_apply_creates_owns_and_conflicts() {
    let server = Server::new();
    let object = |value: &str| {
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"},
            "data": {"k": value}})
    };
    let path = |manager: &str| format!("{CONFIG_MAPS}/a?fieldManager={manager}");
    let (code, made) = server.patch("apply", &path("one"), object("1")).await;
    assert_eq!(code, 201, "{made}");
    assert_eq!(made["metadata"]["managedFields"][0]["operation"], "Apply");
    assert_eq!(
        server.patch("apply", &path("one"), object("2")).await.0,
        200
    );
    let (code, refusal) = server.patch("apply", &path("two"), object("3")).await;
    assert_eq!((code, &refusal["reason"]), (409, &json!("Conflict")));
    assert_eq!(
        refusal["message"],
        "Apply failed with 1 conflict: conflict with \"one\": .data.k"
    );
    assert_eq!(refusal["details"]["causes"][0]["field"], ".data.k");
    let forced = format!("{}&force=true", path("two"));
    let (code, made) = server.patch("apply", &forced, object("3")).await;
    assert_eq!((code, &made["data"]["k"]), (200, &json!("3")));
}
