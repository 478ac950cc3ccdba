//! What the server refuses is tried again, and does not send a controller in circles.

use serde_json::json;

use super::World;

#[test]
fn a_set_waits_for_a_quota_to_leave_room() {
    let mut world = World::new();
    let quota = json!({"metadata": {"name": "q"}, "spec": {"hard": {"pods": "0"}}});
    world.create("resourcequotas", quota);
    world.create(
        "replicasets.apps",
        json!({"metadata": {"name": "web"}, "spec": {"replicas": 1,
            "selector": {"matchLabels": {"app": "web"}},
            "template": {"metadata": {"labels": {"app": "web"}},
                "spec": {"containers": [{"name": "c", "image": "i"}]}}}}),
    );
    let set = world.get("replicasets.apps", "web");
    assert_eq!(set["status"]["conditions"][0]["reason"], "FailedCreate");
    assert!(
        world.state.work.next_ready().is_none(),
        "nothing is left to do at once"
    );
    world.change("resourcequotas", "q", |quota| {
        quota["spec"]["hard"]["pods"] = "5".into();
    });
    world.seconds(30);
    let set = world.get("replicasets.apps", "web");
    assert_eq!(set["status"]["readyReplicas"], 1);
    assert!(set["status"]["conditions"].is_null());
}
