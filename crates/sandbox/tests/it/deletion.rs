//! delete: preconditions, finalizers, whole collections.

use serde_json::json;

use crate::server::{CONFIG_MAPS, Server};

#[tokio::test]
async fn a_finalizer_holds_an_object_back() {
    let server = Server::new();
    let object = json!({"metadata": {"name": "a", "finalizers": ["x.y/z"]}});
    server.post(CONFIG_MAPS, object).await;
    let one = format!("{CONFIG_MAPS}/a");
    let (_, marked) = server.delete(&one).await;
    assert_eq!(marked["kind"], "ConfigMap");
    assert!(marked["metadata"]["deletionTimestamp"].is_string());
    let more = json!({"metadata": {"finalizers": ["x.y/z", "a.b/c"]}});
    let (code, refusal) = server.patch("merge", &one, more).await;
    assert_eq!(code, 422);
    assert_eq!(
        refusal["message"],
        "ConfigMap \"a\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{\"a.b/c\"}"
    );
    let none = json!({"metadata": {"finalizers": null}});
    assert_eq!(server.patch("merge", &one, none).await.0, 200);
    assert_eq!(server.get(&one).await.0, 404);
}

#[tokio::test]
async fn a_precondition_protects() {
    let server = Server::new();
    let made = server.config_map("a", json!({})).await;
    let one = format!("{CONFIG_MAPS}/a");
    let options = |uid: &str| json!({"kind": "DeleteOptions", "apiVersion": "v1", "preconditions": {"uid": uid}});
    let (code, refusal) = server.ask("DELETE", &one, Some(options("other"))).await;
    assert_eq!(code, 409);
    let uid = made["metadata"]["uid"].as_str().unwrap();
    assert_eq!(
        refusal["message"],
        format!(
            "Operation cannot be fulfilled on ConfigMap \"a\": the UID in the precondition (other) does not match the UID in record ({uid}). The object might have been deleted and then recreated"
        )
    );
    assert_eq!(server.ask("DELETE", &one, Some(options(uid))).await.0, 200);
}

#[tokio::test]
async fn a_collection_goes_by_selector() {
    let server = Server::new();
    for (name, label) in [("a", "1"), ("b", "2")] {
        let object = json!({"metadata": {"name": name, "labels": {"x": label}}});
        server.post(CONFIG_MAPS, object).await;
    }
    let (_, list) = server
        .delete(&format!("{CONFIG_MAPS}?labelSelector=x%3D1"))
        .await;
    assert_eq!(list["items"][0]["metadata"]["name"], "a");
    assert_eq!(server.get(&format!("{CONFIG_MAPS}/a")).await.0, 404);
    assert_eq!(server.get(&format!("{CONFIG_MAPS}/b")).await.0, 200);
}

#[tokio::test]
async fn a_job_says_that_it_leaves_pods_behind() {
    let server = Server::new();
    let path = "/apis/batch/v1/namespaces/default/jobs";
    let pod = json!({"restartPolicy": "Never", "containers": [{"name": "c", "image": "i"}]});
    let object =
        json!({"metadata": {"name": "j"}, "spec": {"suspend": true, "template": {"spec": pod}}});
    assert_eq!(server.post(path, object).await.0, 201);
    let response = server
        .send("DELETE", &format!("{path}/j"), String::new(), &[])
        .await
        .unwrap();
    let warning = response.headers()["warning"].to_str().unwrap();
    assert!(
        warning.starts_with("299 - \"child pods are preserved by default when jobs are deleted;"),
        "{warning}"
    );
}
