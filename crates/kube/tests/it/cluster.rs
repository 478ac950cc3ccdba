//! The port, against the sandbox.

use futures_util::StreamExt;
use serde_json::json;
use windlass_kube::{Client, ConnectOptions, Lookup};
use windlass_plan::cluster::{
    Cluster, DeleteOptions, Error, LogOptions, ObjectRef, Patch, Selection, WatchEvent, Write,
};
use windlass_render::{Lookup as _, Wanted};
use windlass_sandbox::Sandbox;
use windlass_value::{Heap, Value};

pub(crate) fn client(sandbox: &Sandbox) -> Client {
    Client::from_service(sandbox.service(), &ConnectOptions::default())
}

async fn target(client: &Client, version: &str, kind: &str, name: &str) -> ObjectRef {
    ObjectRef {
        mapping: client.mapping(version, kind).await.unwrap(),
        namespace: "default".to_owned(),
        name: name.to_owned(),
    }
}

fn by(manager: &str) -> Write {
    Write {
        field_manager: manager.to_owned(),
        ..Write::default()
    }
}

#[tokio::test]
async fn objects_are_written_read_and_deleted() {
    let sandbox = Sandbox::in_memory();
    let client = client(&sandbox);
    let version = client.version().await.unwrap();
    assert!(version.git_version.starts_with("v1."), "{version:?}");
    let conf = target(&client, "v1", "ConfigMap", "conf").await;
    let object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "conf"}, "data": {"a": "1"}});
    let missing = client.get(&conf).await.unwrap_err();
    assert!(missing.is_not_found());
    assert_eq!(missing.to_string(), "configmaps \"conf\" not found");
    client.create(&conf, &object, &by("test")).await.unwrap();
    let again = client
        .create(&conf, &object, &by("test"))
        .await
        .unwrap_err();
    assert!(again.is_already_exists());
    let change = json!({"data": {"b": "2"}});
    let changed = client
        .patch(&conf, &Patch::Merge(change), &by("test"))
        .await
        .unwrap();
    assert_eq!(changed["data"], json!({"a": "1", "b": "2"}));
    let apply = Patch::Apply {
        object: json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "conf"}, "data": {"a": "3"}}),
        force: false,
    };
    let conflict = client.patch(&conf, &apply, &by("other")).await.unwrap_err();
    assert!(conflict.is_conflict(), "{conflict}");
    let table = client.get_table(&conf).await.unwrap();
    assert_eq!(table["kind"], "Table");
    client
        .delete(&conf, &DeleteOptions::default())
        .await
        .unwrap();
    let gone = client
        .delete(&conf, &DeleteOptions::default())
        .await
        .unwrap_err();
    assert!(gone.is_not_found());
}

#[tokio::test]
async fn lists_go_on_where_pages_end_and_watches_where_lists_do() {
    let sandbox = Sandbox::in_memory();
    let client = client(&sandbox);
    let conf = target(&client, "v1", "ConfigMap", "").await;
    for n in 0..501 {
        let name = format!("c{n:03}");
        let at = ObjectRef {
            name: name.clone(),
            ..conf.clone()
        };
        let object = json!({"metadata": {"name": name, "labels": {"mine": "yes"}}});
        client.create(&at, &object, &by("test")).await.unwrap();
    }
    let selection = Selection {
        namespace: Some("default".to_owned()),
        labels: "mine=yes".to_owned(),
        fields: String::new(),
    };
    let listed = client.list(&conf.mapping, &selection).await.unwrap();
    assert_eq!(listed.items.len(), 501);
    assert_eq!(listed.items[0]["kind"], "ConfigMap");
    let mut events = client
        .watch(&conf.mapping, &selection, &listed.resource_version)
        .await
        .unwrap();
    let at = ObjectRef {
        name: "c000".to_owned(),
        ..conf.clone()
    };
    client.delete(&at, &DeleteOptions::default()).await.unwrap();
    loop {
        match events.next().await.unwrap().unwrap() {
            WatchEvent::Bookmark(_) => {}
            WatchEvent::Deleted(object) => {
                assert_eq!(object["metadata"]["name"], "c000");
                break;
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn kinds_are_found_and_missed_in_helms_words() {
    let sandbox = Sandbox::in_memory();
    let client = client(&sandbox);
    let mapping = client.mapping("apps/v1", "Deployment").await.unwrap();
    assert_eq!(mapping.plural, "deployments");
    assert!(mapping.namespaced);
    let missed = client.mapping("apps/v1", "Nothing").await.unwrap_err();
    assert_eq!(
        missed.to_string(),
        "no matches for kind \"Nothing\" in version \"apps/v1\""
    );
    assert!(matches!(missed, Error::NoMatch { .. }));
    let versions = client.api_versions().await.unwrap();
    for wanted in [
        "v1",
        "v1/Pod",
        "apps/v1",
        "apps/v1/Deployment",
        "policy/v1/PodDisruptionBudget",
    ] {
        assert!(versions.iter().any(|it| it == wanted), "{wanted}");
    }
    // A kind that comes later is found without being told to look.
    let crd = target(
        &client,
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        "things.example.com",
    )
    .await;
    let crd = ObjectRef {
        namespace: String::new(),
        ..crd
    };
    let schema = json!({"openAPIV3Schema": {"type": "object"}});
    let object = json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.example.com"}, "spec": {"group": "example.com", "scope": "Cluster",
        "names": {"plural": "things", "kind": "Thing"},
        "versions": [{"name": "v1", "served": true, "storage": true, "schema": schema}]}});
    client.create(&crd, &object, &by("test")).await.unwrap();
    let mapping = client.mapping("example.com/v1", "Thing").await.unwrap();
    assert!(!mapping.namespaced);
}

#[tokio::test(flavor = "multi_thread")]
async fn pods_print_and_templates_look_up() {
    let sandbox = Sandbox::in_memory();
    let client = client(&sandbox);
    let pod = target(&client, "v1", "Pod", "p").await;
    let object = json!({"metadata": {"name": "p", "annotations": {"sandbox.windlass.dev/log": "hello"}},
        "spec": {"containers": [{"name": "c", "image": "nginx:1"}]}});
    client.create(&pod, &object, &by("test")).await.unwrap();
    let selection = Selection {
        namespace: Some("default".to_owned()),
        fields: "metadata.name=p".to_owned(),
        ..Selection::default()
    };
    let mut events = client.watch(&pod.mapping, &selection, "0").await.unwrap();
    loop {
        let event = events.next().await.unwrap().unwrap();
        if let WatchEvent::Added(pod) | WatchEvent::Modified(pod) = event
            && pod["status"]["phase"] == "Running"
        {
            break;
        }
    }
    let mut log = client
        .logs("default", "p", &LogOptions::default())
        .await
        .unwrap();
    let mut text = Vec::new();
    while let Some(piece) = log.next().await {
        text.extend_from_slice(&piece.unwrap());
    }
    assert_eq!(text, b"hello\n");
    let mut lookup = Lookup::new(client, tokio::runtime::Handle::current());
    let looked = tokio::task::spawn_blocking(move || {
        let mut heap = Heap::new();
        let wanted = |api_version, kind, name| Wanted {
            api_version,
            kind,
            namespace: "default",
            name,
        };
        let found = lookup.lookup(&mut heap, &wanted("v1", "Pod", "p")).unwrap();
        let kind = heap.get(found, b"kind").cloned();
        assert!(matches!(kind, Some(Value::Str(kind)) if kind == *"Pod"));
        for (version, kind, name) in [("v1", "Pod", "none"), ("v1", "Nothing", "x")] {
            let none = lookup
                .lookup(&mut heap, &wanted(version, kind, name))
                .unwrap();
            assert!(heap.map(none).is_empty(), "{kind}");
        }
        let listed = lookup.lookup(&mut heap, &wanted("v1", "Pod", "")).unwrap();
        let items = heap.get(listed, b"items").cloned().unwrap();
        assert_eq!(items.as_list().unwrap().len(), 1);
        lookup
            .lookup(&mut heap, &wanted("nope.example.com/v1", "Nothing", "x"))
            .unwrap_err()
    });
    assert_eq!(
        looked.await.unwrap(),
        "unable to get apiresource from unstructured: nope.example.com/v1, Kind=Nothing: the server could not find the \
         requested resource"
    );
}
