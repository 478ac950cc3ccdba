//! What becomes of dependents.

use serde_json::json;

use super::*;

const DEPLOYMENTS: &str = "deployments.apps";

#[test]
fn in_the_background_dependents_follow() {
    let mut world = World::new();
    world.create(DEPLOYMENTS, deployment(2, ""));
    world.seconds(1);
    world.delete(DEPLOYMENTS, "web", Propagation::Background);
    assert_eq!(world.get(DEPLOYMENTS, "web"), Value::Null);
    assert!(world.names("replicasets.apps").is_empty());
    world.seconds(1);
    assert!(world.pods().is_empty());
}

#[test]
fn in_the_foreground_they_go_first() {
    let mut world = World::new();
    world.create(DEPLOYMENTS, deployment(2, ""));
    world.seconds(1);
    world.delete(DEPLOYMENTS, "web", Propagation::Foreground);
    assert_ne!(world.get(DEPLOYMENTS, "web"), Value::Null);
    assert_eq!(world.names("replicasets.apps").len(), 1);
    world.seconds(1);
    assert!(world.pods().is_empty());
    assert!(world.names("replicasets.apps").is_empty());
    assert_eq!(world.get(DEPLOYMENTS, "web"), Value::Null);
}

#[test]
fn orphans_stay_and_are_adopted() {
    let mut world = World::new();
    world.create(DEPLOYMENTS, deployment(1, ""));
    world.seconds(1);
    world.delete(DEPLOYMENTS, "web", Propagation::Orphan);
    assert_eq!(world.get(DEPLOYMENTS, "web"), Value::Null);
    let set = world.names("replicasets.apps")[0].clone();
    assert_eq!(
        world.get("replicasets.apps", &set)["metadata"]["ownerReferences"],
        Value::Null
    );
    world.delete("replicasets.apps", &set, Propagation::Orphan);
    world.seconds(1);
    assert_eq!(world.pods().len(), 1);
    world.create("replicasets.apps", json!({"metadata": {"name": "again"}, "spec": {
        "replicas": 1, "selector": {"matchLabels": {"app": "web"}}, "template": template("web", "")}}));
    world.seconds(1);
    assert_eq!(world.pods().len(), 1);
    assert_eq!(
        world.pods()[0]["metadata"]["ownerReferences"][0]["name"],
        "again"
    );
}

#[test]
fn an_object_whose_owner_never_was_goes() {
    let mut world = World::new();
    let owner = json!({"apiVersion": "v1", "kind": "ConfigMap", "name": "ghost", "uid": "0000"});
    world.create(
        "configmaps",
        json!({"metadata": {"name": "x", "ownerReferences": [owner]}}),
    );
    assert_eq!(world.get("configmaps", "x"), Value::Null);
}

#[test]
fn a_namespace_takes_its_workloads_along() {
    let mut world = World::new();
    world.create("namespaces", json!({"metadata": {"name": "shop"}}));
    let kind = Arc::clone(world.state.catalog.storage(DEPLOYMENTS).unwrap());
    let by = WriteOptions::of("test");
    registry::create(&mut world.state, &kind, "shop", deployment(2, ""), &by).unwrap();
    world.seconds(1);
    assert_eq!(world.state.list("pods", Some("shop")).count(), 2);
    let kind = Arc::clone(world.state.catalog.storage("namespaces").unwrap());
    let options = DeleteOptions::default();
    registry::delete(&mut world.state, &kind, "", "shop", &options).unwrap();
    world.seconds(2);
    assert!(world.state.get("namespaces", "", "shop").is_none());
    assert_eq!(world.state.list("pods", Some("shop")).count(), 0);
}

#[test]
fn budgets_and_autoscalers_report() {
    let mut world = World::new();
    world.create(DEPLOYMENTS, deployment(3, ""));
    world.create(
        "poddisruptionbudgets.policy",
        json!({"metadata": {"name": "b"},
        "spec": {"minAvailable": 2, "selector": {"matchLabels": {"app": "web"}}}}),
    );
    let target = json!({"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"});
    world.create(
        "horizontalpodautoscalers.autoscaling",
        json!({"metadata": {"name": "h"},
        "spec": {"minReplicas": 4, "maxReplicas": 6, "scaleTargetRef": target}}),
    );
    world.seconds(2);
    assert_eq!(world.get(DEPLOYMENTS, "web")["spec"]["replicas"], 4);
    let status = &world.get("poddisruptionbudgets.policy", "b")["status"];
    assert_eq!(status["disruptionsAllowed"], 2, "{status}");
    assert_eq!(
        world
            .condition("horizontalpodautoscalers.autoscaling", "h", "AbleToScale")
            .0,
        "True"
    );
}
