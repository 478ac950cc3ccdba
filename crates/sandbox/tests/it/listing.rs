//! list: selectors, pages, shapes.

use serde_json::{Value, json};

use crate::server::{CONFIG_MAPS, Server};

async fn furnished() -> Server {
    let server = Server::new();
    for (name, labels) in [
        ("a", json!({"x": "1"})),
        ("b", json!({"x": "2"})),
        ("c", json!({})),
    ] {
        let object = json!({"metadata": {"name": name, "labels": labels}, "data": {"k": "v"}});
        assert_eq!(server.post(CONFIG_MAPS, object).await.0, 201);
    }
    server
}

fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| item["metadata"]["name"].as_str().unwrap())
        .filter(|name| name.len() == 1)
        .collect()
}

#[tokio::test]
async fn selectors_narrow() {
    let server = furnished().await;
    for (query, wanted) in [
        ("", vec!["a", "b", "c"]),
        ("?labelSelector=x%3D1", vec!["a"]),
        ("?labelSelector=x", vec!["a", "b"]),
        ("?labelSelector=x+notin+(1)", vec!["b", "c"]),
        ("?fieldSelector=metadata.name%3Db", vec!["b"]),
        ("?fieldSelector=metadata.name!%3Db", vec!["a", "c"]),
        (
            "?labelSelector=x&fieldSelector=metadata.name!%3Db",
            vec!["a"],
        ),
    ] {
        let (_, list) = server.get(&format!("{CONFIG_MAPS}{query}")).await;
        assert_eq!(names(&list), wanted, "{query}");
    }
}

#[tokio::test]
async fn a_list_comes_in_pages() {
    let server = furnished().await;
    let (_, page) = server.get(&format!("{CONFIG_MAPS}?limit=2")).await;
    assert_eq!(names(&page), ["a", "b"]);
    // The third, and the bundle that every namespace has.
    assert_eq!(page["metadata"]["remainingItemCount"], 2);
    let next = page["metadata"]["continue"].as_str().unwrap();
    let (_, page) = server
        .get(&format!("{CONFIG_MAPS}?limit=2&continue={next}"))
        .await;
    assert_eq!(names(&page), ["c"]);
    assert_eq!(page["metadata"]["continue"], Value::Null);
}

#[tokio::test]
async fn items_of_built_in_kinds_do_not_repeat_what_they_are() {
    let server = furnished().await;
    let (_, list) = server.get(CONFIG_MAPS).await;
    assert_eq!(list["kind"], "ConfigMapList");
    assert!(list["items"][0].get("kind").is_none());
}

#[tokio::test]
async fn tables_and_metadata_are_shown_on_request() {
    let server = furnished().await;
    let asking = |accept: &'static str| {
        let server = &server;
        async move {
            let headers = [("accept", accept)];
            let path = format!("{CONFIG_MAPS}?fieldSelector=metadata.name%3Da");
            server
                .ask_with("GET", &path, String::new(), &headers)
                .await
                .1
        }
    };
    let table = asking("application/json;as=Table;v=v1;g=meta.k8s.io,application/json").await;
    let columns = table["columnDefinitions"].as_array().unwrap();
    let columns: Vec<&str> = columns
        .iter()
        .map(|c| c["name"].as_str().unwrap())
        .collect();
    assert_eq!(columns, ["Name", "Data", "Age"]);
    assert_eq!(table["rows"][0]["cells"][1], 1);
    assert_eq!(table["rows"][0]["object"]["kind"], "PartialObjectMetadata");
    let list = asking("application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io").await;
    assert_eq!(list["kind"], "PartialObjectMetadataList");
    assert!(list["items"][0].get("data").is_none());
}
