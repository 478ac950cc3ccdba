//! watch: what is there, what happens, how it ends.

use serde_json::json;

use crate::server::{CONFIG_MAPS, Server};

#[tokio::test]
async fn a_watch_tells_what_happens_after_a_list() {
    let server = Server::new();
    server.config_map("a", json!({})).await;
    let (_, list) = server.get(CONFIG_MAPS).await;
    let revision = list["metadata"]["resourceVersion"].as_str().unwrap();
    let path = format!("{CONFIG_MAPS}?watch=true&resourceVersion={revision}");
    let mut frames = server.watch(&path).await;
    server.config_map("b", json!({})).await;
    server
        .patch(
            "merge",
            &format!("{CONFIG_MAPS}/a"),
            json!({"data": {"k": "v"}}),
        )
        .await;
    server.delete(&format!("{CONFIG_MAPS}/b")).await;
    for wanted in [("ADDED", "b"), ("MODIFIED", "a"), ("DELETED", "b")] {
        let (kind, name) = frames.next_name().await;
        assert_eq!((kind.as_str(), name.as_str()), wanted);
    }
}

#[tokio::test]
async fn a_selector_makes_things_appear_and_vanish() {
    let server = Server::new();
    server.config_map("a", json!({})).await;
    let mut frames = server
        .watch(&format!("{CONFIG_MAPS}?watch=1&labelSelector=x%3D1"))
        .await;
    let label = |value: &str| json!({"metadata": {"labels": {"x": value}}});
    let one = format!("{CONFIG_MAPS}/a");
    for (value, wanted) in [("1", "ADDED"), ("2", "DELETED")] {
        server.patch("merge", &one, label(value)).await;
        assert_eq!(
            frames.next_name().await,
            (wanted.to_owned(), "a".to_owned())
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_watch_ends_when_its_time_is_over() {
    let server = Server::new();
    let path =
        format!("{CONFIG_MAPS}?watch=true&timeoutSeconds=300&fieldSelector=metadata.name%3Dnone");
    let mut frames = server.watch(&path).await;
    assert_eq!(frames.next().await, None);
}

#[tokio::test]
async fn the_end_of_what_is_there_is_marked_on_request() {
    let server = Server::new();
    let path = "/api/v1/namespaces?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan";
    let mut frames = server.watch(path).await;
    for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
        assert_eq!(
            frames.next_name().await,
            ("ADDED".to_owned(), name.to_owned())
        );
    }
    let (kind, object) = frames.next().await.unwrap();
    assert_eq!(kind, "BOOKMARK");
    assert_eq!(
        object["metadata"]["annotations"]["k8s.io/initial-events-end"],
        "true"
    );
}

#[tokio::test]
async fn what_is_forgotten_is_said_to_be_expired() {
    let server = Server::new();
    server.0.reset().unwrap();
    let mut frames = server
        .watch(&format!("{CONFIG_MAPS}?watch=true&resourceVersion=1"))
        .await;
    let (kind, status) = frames.next().await.unwrap();
    assert_eq!((kind.as_str(), &status["code"]), ("ERROR", &json!(410)));
    assert_eq!(status["reason"], "Expired");
    assert_eq!(frames.next().await, None);
}
