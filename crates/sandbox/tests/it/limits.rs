//! LimitRanges: defaults given, bounds kept.

use serde_json::{Value, json};

use crate::server::Server;

const RANGES: &str = "/api/v1/namespaces/default/limitranges";
const PODS: &str = "/api/v1/namespaces/default/pods";

async fn with(limits: Value) -> Server {
    let server = Server::new();
    let range = json!({"metadata": {"name": "r"}, "spec": {"limits": limits}});
    assert_eq!(server.post(RANGES, range).await.0, 201);
    server
}

fn pod(resources: &Value) -> Value {
    json!({"metadata": {"name": "p"}, "spec": {"containers": [
        {"name": "c", "image": "i", "resources": resources}]}})
}

#[tokio::test]
async fn containers_get_what_they_do_not_say() {
    let server = with(json!([{"type": "Container",
        "default": {"cpu": "200m", "memory": "64Mi"}, "defaultRequest": {"cpu": "100m"}}]))
    .await;
    let (code, made) = server
        .post(PODS, pod(&json!({"limits": {"cpu": "1"}})))
        .await;
    assert_eq!(code, 201);
    assert_eq!(
        made["spec"]["containers"][0]["resources"],
        json!({"limits": {"cpu": "1", "memory": "64Mi"},
            "requests": {"cpu": "1", "memory": "64Mi"}})
    );
    assert_eq!(
        made["metadata"]["annotations"]["kubernetes.io/limit-ranger"],
        "LimitRanger plugin set: memory request for container c; memory limit for container c"
    );
}

#[tokio::test]
async fn what_is_out_of_bounds_is_refused() {
    let server = with(json!([
        {"type": "Container", "min": {"cpu": "100m"}, "max": {"cpu": "1"}},
        {"type": "Pod", "max": {"memory": "1Gi"}},
        {"type": "Container", "maxLimitRequestRatio": {"cpu": "2"}},
    ]))
    .await;
    let resources = json!({"requests": {"cpu": "50m"}, "limits": {"cpu": "2"}});
    let (code, refusal) = server.post(PODS, pod(&resources)).await;
    assert_eq!(code, 403);
    assert_eq!(
        refusal["message"],
        "pods \"p\" is forbidden: [minimum cpu usage per Container is 100m, but request is 50m, \
         maximum cpu usage per Container is 1, but limit is 2, \
         maximum memory usage per Pod is 1Gi.  No limit is specified, \
         cpu max limit to request ratio per Container is 2, but provided ratio is 40.000000]"
    );
}
