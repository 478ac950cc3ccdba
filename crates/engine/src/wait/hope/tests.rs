#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::{Value, json};
use tokio::time::Instant;
use windlass_chart::compat::Compat;

use super::*;
use crate::fake::{Fake, engine, mapping};
use crate::objects::Origin;
use crate::objects::Target;
use crate::options::{Explain, Strategy, Waiting};
use crate::wait::{WaitError, Waiter};

const HOUR: Duration = Duration::from_hours(1);

fn deployment(name: &str) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "namespace": "d", "uid": name, "generation": 1,
            "annotations": {"deployment.kubernetes.io/revision": "2"}},
        "spec": {"replicas": 1, "selector": {"matchLabels": {"app": name}}},
        "status": {"observedGeneration": 1, "replicas": 1, "updatedReplicas": 1},
    })
}

fn ready(name: &str) -> Value {
    let mut object = deployment(name);
    object["status"] = json!({
        "observedGeneration": 1, "replicas": 1, "updatedReplicas": 1, "readyReplicas": 1,
        "availableReplicas": 1, "conditions": [{"type": "Available", "status": "True"}],
    });
    object
}

/// A ReplicaSet of a Deployment, `new` if it is of the latest revision.
fn replica_set(of: &str, hash: &str, revision: &str) -> Value {
    json!({
        "apiVersion": "apps/v1", "kind": "ReplicaSet",
        "metadata": {"name": format!("{of}-{hash}"), "namespace": "d",
            "labels": {"app": of, "pod-template-hash": hash},
            "annotations": {"deployment.kubernetes.io/revision": revision},
            "ownerReferences": [{"uid": of}]},
    })
}

fn pod(of: &str, hash: &str, state: &Value, restarts: i64) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": format!("{of}-{hash}-x"), "namespace": "d", "uid": format!("{of}-{hash}"),
            "labels": {"app": of, "pod-template-hash": hash}},
        "status": {"phase": "Pending", "containerStatuses": [
            {"name": "c", "image": "i", "restartCount": restarts, "state": {"waiting": state}},
        ]},
    })
}

fn no_image(of: &str, hash: &str) -> Value {
    pod(of, hash, &json!({"reason": "ImagePullBackOff"}), 0)
}

fn looping(of: &str, restarts: i64) -> Value {
    pod(of, "new", &json!({"reason": "CrashLoopBackOff"}), restarts)
}

fn targets(names: &[&str]) -> Vec<Target> {
    let target = |name: &&str| Target {
        at: ObjectRef {
            mapping: mapping("apps/v1", "Deployment").unwrap(),
            namespace: "d".to_owned(),
            name: (*name).to_owned(),
        },
        object: deployment(name),
        origin: Origin::default(),
    };
    names.iter().map(target).collect()
}

fn cluster(names: &[&str]) -> Fake {
    let fake = Fake::default();
    for name in names {
        fake.put(deployment(name));
        fake.put(replica_set(name, "new", "2"));
    }
    fake
}

/// After how many seconds waiting ends, and whether it ended early, in each way of waiting.
async fn ends(fake: &Fake, names: &[&str], fail_fast: FailFast) -> Vec<(u64, bool)> {
    let mut ends = Vec::new();
    for strategy in [Strategy::Watcher, Strategy::Legacy] {
        let engine = engine(fake, Compat::Helm4);
        let waiting = Waiting {
            strategy,
            timeout: HOUR,
            fail_fast,
            explain: Explain::Tell,
            ..Waiting::default()
        };
        let start = Instant::now();
        let waited = Waiter::new(&engine, waiting).ready(&targets(names)).await;
        let error: WaitError = waited.unwrap_err();
        let text = crate::error::text(&error);
        assert!(text.ends_with("context deadline exceeded"), "{text}");
        ends.push((start.elapsed().as_secs(), error.finding().unwrap().early));
    }
    ends
}

#[tokio::test(start_paused = true)]
async fn an_image_that_cannot_be_had_ends_the_waiting() {
    let fake = cluster(&["web"]);
    fake.put(no_image("web", "new"));
    let ended = ends(&fake, &["web"], FailFast::Patiently).await;
    assert_eq!(ended, [(36, true), (36, true)]);
    let ended = ends(&fake, &["web"], FailFast::After(Duration::from_secs(2))).await;
    assert_eq!(ended, [(5, true), (5, true)]);
    let ended = ends(&fake, &["web"], FailFast::Never).await;
    assert_eq!(ended, [(3600, false), (3600, false)]);
}

#[tokio::test(start_paused = true)]
async fn pods_of_older_revisions_do_not_count() {
    let fake = cluster(&["web"]);
    fake.put(replica_set("web", "old", "1"));
    fake.put(no_image("web", "old"));
    let ended = ends(&fake, &["web"], FailFast::Patiently).await;
    assert_eq!(ended, [(3600, false), (3600, false)]);
}

#[tokio::test(start_paused = true)]
async fn what_passes_in_time_is_forgiven() {
    let fake = cluster(&["web"]);
    fake.put(no_image("web", "new"));
    let engine = engine(&fake, Compat::Helm4);
    let waiting = Waiting {
        strategy: Strategy::Watcher,
        timeout: HOUR,
        ..Waiting::default()
    };
    let later = async {
        tokio::time::sleep(Duration::from_secs(30)).await;
        fake.put(pod(
            "web",
            "new",
            &json!({"reason": "ContainerCreating"}),
            0,
        ));
        tokio::time::sleep(Duration::from_secs(300)).await;
        fake.put(ready("web"));
    };
    let targets = targets(&["web"]);
    let waiter = Waiter::new(&engine, waiting);
    let (waited, ()) = tokio::join!(waiter.ready(&targets), later);
    waited.unwrap();
}

#[tokio::test(start_paused = true)]
async fn something_hopeless_ends_the_waiting_once_nothing_else_moves() {
    let fake = cluster(&["web", "slow", "quick"]);
    fake.put(no_image("web", "new"));
    let later = async {
        tokio::time::sleep(Duration::from_secs(20)).await;
        fake.put(ready("quick"));
        std::future::pending::<()>().await;
    };
    let names = ["web", "slow", "quick"];
    let ended = tokio::select! {
        ended = ends(&fake, &names, FailFast::Patiently) => ended,
        () = later => Vec::new(),
    };
    // Half a minute after the last one got ready.
    assert_eq!(ended[0], (50, true));
}

#[tokio::test(start_paused = true)]
async fn a_crash_loop_may_pass_as_long_as_anything_else_is_on_its_way() {
    let fake = cluster(&["web", "base"]);
    fake.put(looping("web", 4));
    let ended = ends(&fake, &["web", "base"], FailFast::Patiently).await;
    assert_eq!(ended, [(3600, false), (3600, false)]);

    // What it may have waited for is there, it is tried again, and it fails again.
    fake.put(ready("base"));
    let again = async {
        tokio::time::sleep(Duration::from_secs(60)).await;
        fake.put(looping("web", 5));
        std::future::pending::<()>().await;
    };
    let ended = tokio::select! {
        ended = ends(&fake, &["web", "base"], FailFast::Patiently) => ended,
        () = again => Vec::new(),
    };
    assert_eq!(ended[0], (61, true));
}

#[tokio::test(start_paused = true)]
async fn a_pod_for_which_a_node_is_made_has_hope() {
    let fake = cluster(&["web"]);
    let mut homeless = pod("web", "new", &json!({"reason": "ContainerCreating"}), 0);
    homeless["status"]["conditions"] =
        json!([{"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]);
    fake.put(homeless);
    let ended = ends(&fake, &["web"], FailFast::Patiently).await;
    assert_eq!(ended[0], (126, true));
    fake.put(json!({
        "apiVersion": "v1", "kind": "Event", "metadata": {"name": "e", "namespace": "d"},
        "type": "Normal", "reason": "TriggeredScaleUp", "message": "pod triggered scale-up",
        "lastTimestamp": "1970-01-01T12:00:00Z",
    }));
    let ended = ends(&fake, &["web"], FailFast::Patiently).await;
    assert_eq!(ended[0], (3600, false));
}

#[tokio::test(start_paused = true)]
async fn what_went_wrong_before_does_not_count() {
    let fake = cluster(&["web"]);
    let event = |time: &str| {
        json!({
            "apiVersion": "v1", "kind": "Event", "metadata": {"name": "e", "namespace": "d"},
            "type": "Warning", "reason": "FailedCreate", "message": "denied by policy",
            "involvedObject": {"kind": "ReplicaSet", "name": "web-new", "namespace": "d"},
            "lastTimestamp": time,
        })
    };
    fake.put(event("1970-01-01T11:00:00Z"));
    let ended = ends(&fake, &["web"], FailFast::Patiently).await;
    assert_eq!(ended[0], (3600, false));
    fake.put(event("1970-01-01T12:00:07Z"));
    let ended = ends(&fake, &["web"], FailFast::Patiently).await;
    assert_eq!(ended[0], (36, true));
}
