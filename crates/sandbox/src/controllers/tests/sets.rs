//! StatefulSets, DaemonSets, claims.

use serde_json::json;

use super::*;

const SETS: &str = "statefulsets.apps";

fn stateful(replicas: i64) -> Value {
    json!({"metadata": {"name": "db"}, "spec": {
        "serviceName": "db", "replicas": replicas, "selector": {"matchLabels": {"app": "db"}},
        "template": template("db", ""),
        "volumeClaimTemplates": [{"metadata": {"name": "data"}, "spec": {
            "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}}]}})
}

#[test]
fn pods_come_one_after_the_other_with_claims() {
    let mut world = World::new();
    world.create(SETS, stateful(3));
    assert_eq!(world.names("pods"), ["db-0"]);
    world.seconds(2);
    assert_eq!(world.names("pods"), ["db-0", "db-1", "db-2"]);
    assert_eq!(
        world.names("persistentvolumeclaims"),
        ["data-db-0", "data-db-1", "data-db-2"]
    );
    let claim = world.get("persistentvolumeclaims", "data-db-0");
    assert_eq!(claim["status"]["phase"], "Bound", "{claim}");
    let status = &world.get(SETS, "db")["status"];
    assert_eq!(status["readyReplicas"], 3);
    assert_eq!(status["currentRevision"], status["updateRevision"]);
    let pod = world.get("pods", "db-0");
    assert_eq!(pod["spec"]["hostname"], "db-0");
    assert_eq!(
        pod["metadata"]["labels"]["apps.kubernetes.io/pod-index"],
        "0"
    );
}

#[test]
fn updates_start_from_the_highest_number() {
    let mut world = World::new();
    world.create(SETS, stateful(3));
    world.seconds(2);
    world.change(SETS, "db", |set| {
        set["spec"]["template"]["spec"]["containers"][0]["image"] = "nginx:2".into();
    });
    let image = |world: &World, name: &str| {
        world.get("pods", name)["spec"]["containers"][0]["image"].to_string()
    };
    world.pass(Duration::from_millis(100));
    assert_eq!(image(&world, "db-0"), "\"nginx:1\"");
    world.seconds(5);
    for name in ["db-0", "db-1", "db-2"] {
        assert_eq!(image(&world, name), "\"nginx:2\"");
    }
    let status = &world.get(SETS, "db")["status"];
    assert_eq!(
        status["currentRevision"], status["updateRevision"],
        "{status}"
    );
    assert_eq!(status["currentReplicas"], 3);
    assert_eq!(status["updatedReplicas"], 3);
    world.change(SETS, "db", |set| set["spec"]["replicas"] = 1.into());
    world.seconds(3);
    assert_eq!(world.names("pods"), ["db-0"]);
    assert_eq!(
        world.names("persistentvolumeclaims").len(),
        3,
        "claims stay"
    );
}

#[test]
fn a_daemon_runs_on_each_node_and_is_updated() {
    let mut world = World::new();
    world.create(
        "daemonsets.apps",
        json!({"metadata": {"name": "agent"}, "spec": {
        "selector": {"matchLabels": {"app": "agent"}}, "template": template("agent", "")}}),
    );
    world.seconds(1);
    let status = &world.get("daemonsets.apps", "agent")["status"];
    assert_eq!(status["numberReady"], 1, "{status}");
    assert_eq!(status["numberAvailable"], 1);
    world.change("daemonsets.apps", "agent", |set| {
        set["spec"]["template"]["spec"]["containers"][0]["image"] = "nginx:2".into();
    });
    world.seconds(2);
    let status = &world.get("daemonsets.apps", "agent")["status"];
    assert_eq!(status["updatedNumberScheduled"], 1, "{status}");
    assert_eq!(world.pods().len(), 1);
}

#[test]
fn a_claim_of_an_unknown_class_stays_pending_and_holds_its_pod() {
    let mut world = World::new();
    world.create(
        "persistentvolumeclaims",
        json!({"metadata": {"name": "c"}, "spec": {
        "storageClassName": "nowhere", "accessModes": ["ReadWriteOnce"],
        "resources": {"requests": {"storage": "1Gi"}}}}),
    );
    world.create(
        "pods",
        json!({"metadata": {"name": "p"}, "spec": {
        "containers": [{"name": "c", "image": "nginx:1"}],
        "volumes": [{"name": "v", "persistentVolumeClaim": {"claimName": "c"}}]}}),
    );
    world.seconds(5);
    assert_eq!(
        world.get("persistentvolumeclaims", "c")["status"]["phase"],
        "Pending"
    );
    assert_eq!(
        world.events("ProvisioningFailed"),
        ["storageclass.storage.k8s.io \"nowhere\" not found"]
    );
    assert_eq!(
        world.condition("pods", "p", "PodScheduled").1,
        "Unschedulable"
    );
    world.create("persistentvolumes", json!({"metadata": {"name": "v"}, "spec": {
        "storageClassName": "nowhere", "accessModes": ["ReadWriteOnce"], "capacity": {"storage": "2Gi"},
        "hostPath": {"path": "/v"}}}));
    world.seconds(1);
    assert_eq!(
        world.get("persistentvolumeclaims", "c")["spec"]["volumeName"],
        "v"
    );
    assert_eq!(world.get("pods", "p")["status"]["phase"], "Running");
}
