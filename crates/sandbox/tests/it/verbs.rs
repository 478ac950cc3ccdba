//! create, get, list, update, delete of one object.

use serde_json::{Value, json};

use crate::server::{CONFIG_MAPS, Server};

#[tokio::test]
async fn an_object_is_made_found_and_taken_away() {
    let server = Server::new();
    let made = server.config_map("a", json!({"k": "v"})).await;
    assert_eq!(made["metadata"]["managedFields"][0]["manager"], "tester");
    let one = format!("{CONFIG_MAPS}/a");
    assert_eq!(server.get(&one).await, (200, made.clone()));
    let (code, answer) = server.delete(&one).await;
    assert_eq!(code, 200);
    assert_eq!(
        answer["details"],
        json!({"name": "a", "kind": "configmaps", "uid": made["metadata"]["uid"]})
    );
    assert_eq!(server.get(&one).await.0, 404);
}

#[tokio::test]
async fn a_generated_name_has_five_more_characters() {
    let server = Server::new();
    let object = json!({"metadata": {"generateName": "a-"}});
    let (code, made) = server.post(CONFIG_MAPS, object).await;
    assert_eq!(code, 201);
    let name = made["metadata"]["name"].as_str().unwrap();
    assert!(name.starts_with("a-") && name.len() == 7, "{name}");
}

#[tokio::test]
async fn a_write_without_effect_is_no_write() {
    let server = Server::new();
    let made = server.config_map("a", json!({"k": "v"})).await;
    let one = format!("{CONFIG_MAPS}/a");
    let (_, same) = server.put(&one, made.clone()).await;
    assert_eq!(
        same["metadata"]["resourceVersion"],
        made["metadata"]["resourceVersion"]
    );
    let mut other = made.clone();
    other["data"]["k"] = "w".into();
    let (_, changed) = server.put(&one, other).await;
    assert_ne!(
        changed["metadata"]["resourceVersion"],
        made["metadata"]["resourceVersion"]
    );
}

#[tokio::test]
async fn a_dry_run_stores_nothing() {
    let server = Server::new();
    let object = json!({"metadata": {"name": "a"}});
    let path = format!("{CONFIG_MAPS}?dryRun=All");
    let (code, made) = server.post(&path, object).await;
    assert_eq!(code, 201);
    assert!(made["metadata"]["uid"].is_string());
    assert_eq!(server.get(&format!("{CONFIG_MAPS}/a")).await.0, 404);
    server.config_map("b", json!({})).await;
    assert_eq!(
        server
            .delete(&format!("{CONFIG_MAPS}/b?dryRun=All"))
            .await
            .0,
        200
    );
    assert_eq!(server.get(&format!("{CONFIG_MAPS}/b")).await.0, 200);
}

#[tokio::test]
async fn status_and_the_rest_are_written_apart() {
    let server = Server::new();
    let path = "/apis/apps/v1/namespaces/default/deployments";
    let template = json!({"metadata": {"labels": {"a": "b"}},
        "spec": {"containers": [{"name": "c", "image": "i"}]}});
    let object = json!({"metadata": {"name": "d"}, "status": {"replicas": 7},
        "spec": {"replicas": 0, "selector": {"matchLabels": {"a": "b"}}, "template": template}});
    let (code, made) = server.post(path, object).await;
    assert_eq!(code, 201, "{made}");
    assert_eq!(made["status"]["replicas"], Value::Null);
    assert_eq!(made["metadata"]["generation"], 1);
    let one = format!("{path}/d");
    let patch = json!({"spec": {"paused": true}, "status": {"replicas": 3}});
    let (_, written) = server
        .patch("merge", &format!("{one}/status"), patch.clone())
        .await;
    assert_eq!(written["status"]["replicas"], 3);
    assert_eq!(written["spec"]["paused"], Value::Null);
    assert_eq!(written["metadata"]["generation"], 1);
    let (_, written) = server.patch("merge", &one, patch).await;
    assert_eq!(written["spec"]["paused"], true);
    assert_eq!(written["metadata"]["generation"], 2);
}

#[tokio::test]
async fn a_secret_takes_text() {
    let server = Server::new();
    let object = json!({"metadata": {"name": "s"}, "stringData": {"k": "value"}});
    let (_, made) = server
        .post("/api/v1/namespaces/default/secrets", object)
        .await;
    assert_eq!(made["data"], json!({"k": "dmFsdWU="}));
    assert!(made.get("stringData").is_none());
}

#[tokio::test]
async fn versions_of_one_kind_show_the_same_object() {
    let server = Server::new();
    let target = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "d"});
    let object = json!({"metadata": {"name": "h"}, "spec": {"maxReplicas": 3,
        "scaleTargetRef": target, "targetCPUUtilizationPercentage": 50}});
    let path = |version: &str| {
        format!("/apis/autoscaling/{version}/namespaces/default/horizontalpodautoscalers")
    };
    let (code, made) = server.post(&path("v1"), object).await;
    assert_eq!(code, 201, "{made}");
    assert_eq!(made["spec"]["targetCPUUtilizationPercentage"], 50);
    let (_, second) = server.get(&format!("{}/h", path("v2"))).await;
    let metric = &second["spec"]["metrics"][0]["resource"];
    assert_eq!(metric["target"]["averageUtilization"], 50);
    assert_eq!(second["metadata"]["uid"], made["metadata"]["uid"]);
}

#[tokio::test]
async fn scale_is_read_and_written() {
    let server = Server::new();
    let path = "/apis/apps/v1/namespaces/default/replicasets";
    let template = json!({"metadata": {"labels": {"a": "b"}},
        "spec": {"containers": [{"name": "c", "image": "i"}]}});
    let object = json!({"metadata": {"name": "r"}, "spec": {"replicas": 2,
        "selector": {"matchLabels": {"a": "b"}}, "template": template}});
    server.post(path, object).await;
    let scale = format!("{path}/r/scale");
    let (_, read) = server.get(&scale).await;
    assert_eq!(
        (&read["kind"], &read["spec"]["replicas"]),
        (&json!("Scale"), &json!(2))
    );
    assert_eq!(read["status"]["selector"], "a=b");
    let (code, _) = server
        .patch("merge", &scale, json!({"spec": {"replicas": 5}}))
        .await;
    assert_eq!(code, 200);
    let (_, object) = server.get(&format!("{path}/r")).await;
    assert_eq!(object["spec"]["replicas"], 5);
}

#[tokio::test]
async fn a_set_mounts_the_claims_it_makes() {
    let server = Server::new();
    let path = "/apis/apps/v1/namespaces/default/statefulsets";
    let mount = |name: &str| {
        let container = json!({"name": "c", "image": "i",
            "volumeMounts": [{"name": name, "mountPath": "/data"}]});
        let claim = json!({"metadata": {"name": "data"}, "spec": {
            "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}});
        json!({"metadata": {"name": "s"}, "spec": {"serviceName": "s",
            "selector": {"matchLabels": {"a": "b"}}, "volumeClaimTemplates": [claim],
            "template": {"metadata": {"labels": {"a": "b"}}, "spec": {"containers": [container]}}}})
    };
    let (code, refusal) = server.post(path, mount("other")).await;
    assert_eq!(code, 422);
    assert_eq!(
        refusal["message"],
        "StatefulSet.apps \"s\" is invalid: spec.template.spec.containers[0].volumeMounts[0].name: Not found: \"other\""
    );
    let (code, made) = server.post(path, mount("data")).await;
    assert_eq!(code, 201, "{made}");
}
