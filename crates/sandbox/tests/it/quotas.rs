//! ResourceQuotas: counted, and kept.

use serde_json::json;

use crate::server::{CONFIG_MAPS, Server};

const QUOTAS: &str = "/api/v1/namespaces/default/resourcequotas";

#[tokio::test]
async fn what_exceeds_a_quota_is_refused() {
    let server = Server::new();
    let quota = json!({"metadata": {"name": "q"}, "spec": {"hard": {"configmaps": "2"}}});
    assert_eq!(server.post(QUOTAS, quota).await.0, 201);
    // One is there from the start.
    server.config_map("a", json!({})).await;
    let (code, refusal) = server
        .post(CONFIG_MAPS, json!({"metadata": {"name": "b"}}))
        .await;
    assert_eq!(code, 403);
    assert_eq!(
        refusal["message"],
        "configmaps \"b\" is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=2, limited: configmaps=2"
    );
    let (_, quota) = server.get(&format!("{QUOTAS}/q")).await;
    assert_eq!(
        quota["status"],
        json!({"hard": {"configmaps": "2"}, "used": {"configmaps": "2"}})
    );
    server.delete(&format!("{CONFIG_MAPS}/a")).await;
    server.config_map("b", json!({})).await;
}

#[tokio::test]
async fn a_pod_says_what_a_quota_counts() {
    let server = Server::new();
    let hard = json!({"requests.cpu": "1", "limits.memory": "1Gi"});
    server
        .post(
            QUOTAS,
            json!({"metadata": {"name": "q"}, "spec": {"hard": hard}}),
        )
        .await;
    let pod = |resources| {
        json!({"metadata": {"name": "p"}, "spec": {"containers": [
            {"name": "c", "image": "i", "resources": resources}]}})
    };
    let path = "/api/v1/namespaces/default/pods";
    let (code, refusal) = server.post(path, pod(json!({}))).await;
    assert_eq!(code, 403);
    assert_eq!(
        refusal["message"],
        "pods \"p\" is forbidden: failed quota: q: must specify limits.memory for: c; requests.cpu for: c"
    );
    let large = json!({"requests": {"cpu": "1500m"}, "limits": {"memory": "512Mi"}});
    let (_, refusal) = server.post(path, pod(large)).await;
    assert_eq!(
        refusal["message"],
        "pods \"p\" is forbidden: exceeded quota: q, requested: requests.cpu=1500m, used: requests.cpu=0, limited: requests.cpu=1"
    );
    let small = json!({"requests": {"cpu": "500m"}, "limits": {"memory": "512Mi"}});
    assert_eq!(server.post(path, pod(small)).await.0, 201);
}
