#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::{Value, json};
use tokio::time::Instant;
use windlass_chart::compat::Compat;

use super::*;
use crate::error::text;
use crate::fake::{Fake, engine, forbidden, mapping};
use crate::objects::Origin;

const MINUTE: Duration = Duration::from_mins(1);

fn target(kind: &str, name: &str) -> Target {
    let api_version = match kind {
        "Deployment" | "StatefulSet" => "apps/v1",
        "Job" => "batch/v1",
        _ => "v1",
    };
    let metadata = json!({"name": name, "namespace": "d", "generation": 1});
    Target {
        at: ObjectRef {
            mapping: mapping(api_version, kind).unwrap(),
            namespace: "d".to_owned(),
            name: name.to_owned(),
        },
        object: json!({"apiVersion": api_version, "kind": kind, "metadata": metadata}),
        origin: Origin::default(),
    }
}

fn with(kind: &str, name: &str, status: Value) -> Value {
    let mut object = target(kind, name).object;
    object["status"] = status;
    object
}

fn pod(name: &str, phase: &str) -> Value {
    let ready = json!([{"type": "Ready", "status": "True"}]);
    with("Pod", name, json!({"phase": phase, "conditions": ready}))
}

fn job(name: &str, condition: &str) -> Value {
    let conditions =
        json!([{"type": condition, "status": "True", "reason": "BackoffLimitExceeded"}]);
    with(
        "Job",
        name,
        json!({"conditions": conditions, "startTime": "2026-01-01T00:00:00Z"}),
    )
}

fn waiting(strategy: Strategy) -> Waiting {
    Waiting {
        strategy,
        timeout: MINUTE,
        fail_fast: FailFast::Never,
        ..Waiting::default()
    }
}

/// Waits, and tells what came of it and after how many seconds.
async fn timed(wait: impl Future<Output = Result<(), WaitError>>) -> (Result<(), String>, u64) {
    let start = Instant::now();
    let result = wait.await.map_err(|error| text(&error));
    (result, start.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn ready_when_all_are() {
    let fake = Fake::default();
    fake.put(pod("a", "Pending"));
    fake.put(target("ConfigMap", "c").object);
    let engine = engine(&fake, Compat::Helm4);
    let targets = [
        target("Pod", "a"),
        target("Pod", "b"),
        target("ConfigMap", "c"),
    ];
    let waiter = Waiter::new(&engine, waiting(Strategy::Watcher));
    let later = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        fake.put(pod("b", "Running"));
        tokio::time::sleep(Duration::from_secs(5)).await;
        fake.put(pod("a", "Running"));
    };
    let (waited, ()) = tokio::join!(timed(waiter.ready(&targets)), later);
    assert_eq!(waited, (Ok(()), 10));
    let mut calls = fake.calls();
    calls.sort();
    assert_eq!(
        calls,
        [
            "LIST configmaps",
            "LIST pods",
            "WATCH configmaps",
            "WATCH pods"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_not_ready_in_time_is_told_in_order() {
    let fake = Fake::default();
    fake.put(pod("a", "Pending"));
    fake.put(pod("ok", "Running"));
    let engine = engine(&fake, Compat::Helm4);
    let targets = [
        target("Pod", "never"),
        target("Pod", "ok"),
        target("Pod", "a"),
    ];
    let waiter = Waiter::new(&engine, waiting(Strategy::Watcher));
    let wanted = "resource Pod/d/never not ready. status: Unknown, message: \n\
        resource Pod/d/a not ready. status: InProgress, message: Pod is in the Pending phase\n\
        context deadline exceeded";
    assert_eq!(
        timed(waiter.ready(&targets)).await,
        (Err(wanted.to_owned()), 60)
    );
    let zero = Waiting {
        timeout: Duration::ZERO,
        ..waiting(Strategy::Watcher)
    };
    let waited = timed(Waiter::new(&engine, zero).ready(&targets)).await;
    assert_eq!(waited, (Err(wanted.to_owned()), 30));
}

#[tokio::test(start_paused = true)]
async fn what_failed_is_waited_for_no_longer_but_others_are() {
    let fake = Fake::default();
    fake.put(job("j", "Failed"));
    fake.put(pod("a", "Pending"));
    let engine = engine(&fake, Compat::Helm4);
    let targets = [target("Job", "j"), target("Pod", "a")];
    let waiter = Waiter::new(&engine, waiting(Strategy::Watcher));
    let later = async {
        tokio::time::sleep(Duration::from_secs(7)).await;
        fake.put(pod("a", "Running"));
    };
    let (waited, ()) = tokio::join!(timed(waiter.ready(&targets)), later);
    let wanted = "resource Job/d/j not ready. status: Failed, message: Job Failed. failed: 0/1";
    assert_eq!(waited, (Err(wanted.to_owned()), 7));
}

#[tokio::test(start_paused = true)]
async fn jobs_are_waited_for_on_request() {
    let fake = Fake::default();
    fake.put(with(
        "Job",
        "j",
        json!({"startTime": "2026-01-01T00:00:00Z"}),
    ));
    let engine = engine(&fake, Compat::Helm4);
    let targets = [target("Job", "j")];
    let mut waiter = Waiter::new(&engine, waiting(Strategy::Watcher));
    assert_eq!(timed(waiter.ready(&targets)).await, (Ok(()), 0));
    waiter.waiting.jobs = true;
    let wanted = "resource Job/d/j not ready. status: InProgress, message: Job in progress\n\
        context deadline exceeded";
    assert_eq!(
        timed(waiter.ready(&targets)).await,
        (Err(wanted.to_owned()), 60)
    );
}

#[tokio::test(start_paused = true)]
async fn a_pod_without_a_node_is_given_up() {
    let fake = Fake::default();
    let conditions =
        json!([{"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}]);
    fake.put(with(
        "Pod",
        "a",
        json!({"phase": "Pending", "conditions": conditions}),
    ));
    let engine = engine(&fake, Compat::Helm4);
    let waiter = Waiter::new(&engine, waiting(Strategy::Watcher));
    let wanted = "resource Pod/d/a not ready. status: Failed, message: Pod could not be scheduled";
    let (waited, _) = timed(waiter.ready(&[target("Pod", "a")])).await;
    assert_eq!(waited, Err(wanted.to_owned()));
}

#[tokio::test(start_paused = true)]
async fn only_hooks() {
    let fake = Fake::default();
    let engine = engine(&fake, Compat::Helm4);
    let waiter = Waiter::new(&engine, waiting(Strategy::HookOnly));
    waiter.ready(&[target("Pod", "a")]).await.unwrap();
    waiter.gone(&[target("Pod", "a").at]).await.unwrap();
    waiter.hook_gone(&[target("Pod", "a").at]).await.unwrap();
    waiter.completed(&[target("ConfigMap", "c")]).await.unwrap();
    assert!(fake.calls().is_empty());
    fake.put(pod("a", "Running"));
    let later = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        fake.put(pod("a", "Succeeded"));
    };
    let targets = [target("Pod", "a")];
    let (waited, ()) = tokio::join!(timed(waiter.completed(&targets)), later);
    assert_eq!(waited, (Ok(()), 3));
    fake.put(pod("a", "Failed"));
    let wanted = "resource Pod/d/a not ready. status: Failed, message: pod a failed";
    assert_eq!(
        timed(waiter.completed(&targets)).await,
        (Err(wanted.to_owned()), 0)
    );
}

#[tokio::test(start_paused = true)]
async fn what_may_not_be_watched_is_read() {
    let fake = Fake::default();
    fake.refuse("LIST", forbidden());
    fake.put(pod("a", "Pending"));
    let engine = engine(&fake, Compat::Helm4);
    let waiter = Waiter::new(&engine, waiting(Strategy::Watcher));
    let later = async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        fake.put(pod("a", "Running"));
    };
    let targets = [target("Pod", "a")];
    let (waited, ()) = tokio::join!(timed(waiter.ready(&targets)), later);
    assert_eq!(waited, (Ok(()), 7));
    assert_eq!(
        fake.calls(),
        [
            "LIST pods",
            "GET pods d/a",
            "GET pods d/a",
            "GET pods d/a",
            "GET pods d/a"
        ]
    );
    assert_eq!(
        fake.log(),
        ["objects cannot be watched, reading them again and again instead"]
    );

    fake.refuse("GET", forbidden());
    let wanted = "failed to list /v1, Kind=Pod: no right to do that";
    assert_eq!(
        timed(waiter.ready(&targets)).await,
        (Err(wanted.to_owned()), 0)
    );
}

#[tokio::test(start_paused = true)]
async fn gone_when_all_are() {
    let fake = Fake::default();
    let mut terminating = pod("a", "Running");
    terminating["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z".into();
    fake.put(terminating);
    let engine = engine(&fake, Compat::Helm4);
    let waiter = Waiter::new(&engine, waiting(Strategy::Watcher));
    let objects = [target("Pod", "a").at, target("Pod", "b").at];
    let wanted = "resource Pod/d/a still exists. status: Terminating, message: Resource scheduled for deletion\n\
        context deadline exceeded";
    assert_eq!(
        timed(waiter.gone(&objects)).await,
        (Err(wanted.to_owned()), 60)
    );
    let later = async {
        tokio::time::sleep(Duration::from_secs(4)).await;
        fake.remove("pods d/a");
    };
    let (waited, ()) = tokio::join!(timed(waiter.gone(&objects)), later);
    assert_eq!(waited, (Ok(()), 4));
    assert_eq!(timed(waiter.gone(&objects)).await, (Ok(()), 0));
}

#[tokio::test(start_paused = true)]
async fn the_older_way_asks_until_objects_are_gone() {
    let fake = Fake::default();
    fake.put(pod("a", "Running"));
    let engine = engine(&fake, Compat::Helm3);
    let waiter = Waiter::new(&engine, waiting(Strategy::HookOnly));
    let objects = [target("Pod", "a").at];
    let deadline = Err("context deadline exceeded".to_owned());
    assert_eq!(
        timed(waiter.hook_gone(&objects)).await,
        (deadline.clone(), 60)
    );
    let zero = Waiting {
        timeout: Duration::ZERO,
        ..waiting(Strategy::Legacy)
    };
    assert_eq!(
        timed(Waiter::new(&engine, zero).gone(&objects)).await,
        (deadline, 0)
    );
    fake.refuse("GET", forbidden());
    let refused = Err("no right to do that".to_owned());
    assert_eq!(timed(waiter.hook_gone(&objects)).await, (refused, 0));
}

#[tokio::test(start_paused = true)]
async fn the_older_way_of_waiting_for_hooks() {
    let fake = Fake::default();
    fake.put(job("j", "Failed"));
    fake.put(pod("p", "Failed"));
    fake.put(pod("slow", "Running"));
    let old = engine(&fake, Compat::Helm3);
    let waiter = Waiter::new(&old, waiting(Strategy::HookOnly));
    let targets = [
        target("Pod", "slow"),
        target("Pod", "p"),
        target("ConfigMap", "c"),
        target("Job", "j"),
    ];
    let wanted = "3 errors occurred:\n\t* timed out waiting for the condition\n\t* pod p failed\n\t\
        * job j failed: BackoffLimitExceeded\n\n";
    assert_eq!(
        timed(waiter.completed(&targets)).await,
        (Err(wanted.to_owned()), 60)
    );

    let new = engine(&fake, Compat::Helm4);
    let waiter = Waiter::new(&new, waiting(Strategy::Legacy));
    let wanted = "pod p failed\njob j failed: BackoffLimitExceeded";
    assert_eq!(
        timed(waiter.completed(&targets[1..])).await,
        (Err(wanted.to_owned()), 0)
    );
    assert_eq!(fake.log(), ["pod failed", "job failed"]);

    fake.put(job("j", "Complete"));
    fake.remove("pods d/p");
    let later = async {
        tokio::time::sleep(Duration::from_secs(9)).await;
        fake.remove("pods d/slow");
    };
    let (waited, ()) = tokio::join!(timed(waiter.completed(&targets[..1])), later);
    assert_eq!(waited, (Ok(()), 9));
    assert_eq!(timed(waiter.completed(&targets[2..])).await, (Ok(()), 0));
}

#[tokio::test(start_paused = true)]
async fn the_older_way_asks_until_objects_are_ready() {
    let fake = Fake::default();
    fake.put(with("Pod", "a", json!({"phase": "Pending"})));
    for compat in [Compat::Helm3, Compat::Helm4] {
        let engine = engine(&fake, compat);
        let waiter = Waiter::new(&engine, waiting(Strategy::Legacy));
        let targets = [target("ConfigMap", "c"), target("Pod", "a")];
        let deadline = Err("context deadline exceeded".to_owned());
        assert_eq!(timed(waiter.ready(&targets)).await, (deadline, 60));
        assert_eq!(fake.calls(), vec!["GET pods d/a"; 30]);
    }
    let engine = engine(&fake, Compat::Helm3);
    let waiter = Waiter::new(&engine, waiting(Strategy::Legacy));
    let later = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        fake.put(pod("a", "Running"));
    };
    let targets = [target("Pod", "a")];
    let (waited, ()) = tokio::join!(timed(waiter.ready(&targets)), later);
    assert_eq!(waited, (Ok(()), 4));
    fake.refuse_times(
        "GET",
        crate::fake::refusal(503, "ServiceUnavailable", "later"),
        5,
    );
    assert_eq!(timed(waiter.ready(&targets)).await, (Ok(()), 10));
    fake.refuse("GET", forbidden());
    let refused = Err("no right to do that".to_owned());
    assert_eq!(timed(waiter.ready(&targets)).await, (refused, 0));
}

#[tokio::test(start_paused = true)]
async fn without_time_the_older_way_waits_for_nothing_that_must_be_asked_for() {
    let fake = Fake::default();
    fake.put(pod("a", "Running"));
    let engine = engine(&fake, Compat::Helm3);
    let zero = Waiting {
        timeout: Duration::ZERO,
        ..waiting(Strategy::Legacy)
    };
    let waiter = Waiter::new(&engine, zero);
    waiter.ready(&[target("ConfigMap", "c")]).await.unwrap();
    let error = waiter.ready(&[target("Pod", "a")]).await.unwrap_err();
    assert!(matches!(error, WaitError::Deadline));
}

#[tokio::test(start_paused = true)]
async fn the_cause_can_be_found_out() {
    let fake = Fake::default();
    let containers = json!([{
        "name": "one", "restartCount": 3, "image": "i",
        "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off"}},
        "lastState": {"terminated": {"exitCode": 2, "reason": "Error"}},
    }]);
    fake.put(with(
        "Pod",
        "a",
        json!({"phase": "Running", "containerStatuses": containers}),
    ));
    fake.put(json!({
        "apiVersion": "v1", "kind": "Event", "metadata": {"name": "e", "namespace": "d"},
        "type": "Warning", "reason": "BackOff", "message": "Back-off restarting",
        "involvedObject": {"kind": "Pod", "name": "a", "namespace": "d"},
    }));
    let engine = engine(&fake, Compat::Helm4);
    let mut waiter = Waiter::new(&engine, waiting(Strategy::Watcher));
    waiter.waiting.explain = Explain::Record;
    let error = waiter.ready(&[target("Pod", "a")]).await.unwrap_err();
    let found = &error.finding().unwrap().troubles;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].warnings, ["BackOff: Back-off restarting"]);
    assert_eq!(found[0].causes[0].subject.container.as_deref(), Some("one"));
    assert_eq!(found[0].printed[0].lines, ["one of a"]);
    let error = crate::Error::Undone {
        release: "web".into(),
        undone: "uninstalled",
        flag: "atomic",
        cause: Box::new(crate::Error::Wait(error)),
    };
    let line = "Pod/a: container one ends again and again with exit code 2, after 3 restarts";
    assert_eq!(error.finding().unwrap().line().unwrap(), line);
    assert_eq!(error.recorded(), format!("{} ({line})", error.text()));
}

#[test]
fn selectors_as_queries_have_them() {
    let of = |selector_of: Value| selector(&json!({"spec": {"selector": selector_of}}));
    assert_eq!(
        of(json!({"matchLabels": {"a": "1", "b": "2"}})).unwrap(),
        "a=1,b=2"
    );
    let expressions = json!([
        {"key": "a", "operator": "In", "values": ["1", "2"]},
        {"key": "b", "operator": "NotIn", "values": ["3"]},
        {"key": "c", "operator": "Exists"},
        {"key": "d", "operator": "DoesNotExist"},
    ]);
    let wanted = "a in (1,2),b notin (3),c,!d";
    assert_eq!(
        of(json!({"matchExpressions": expressions})).unwrap(),
        wanted
    );
}
