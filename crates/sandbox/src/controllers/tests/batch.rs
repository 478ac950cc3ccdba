//! Jobs and CronJobs.

use serde_json::json;

use super::*;

const JOBS: &str = "jobs.batch";

#[test]
fn a_job_completes() {
    let mut world = World::new();
    world.create(JOBS, job("", 0));
    world.seconds(1);
    let once = world.get(JOBS, "once");
    assert_eq!(once["status"]["succeeded"], 1, "{}", once["status"]);
    assert_eq!(
        world.condition(JOBS, "once", "Complete"),
        (
            "True".into(),
            "CompletionsReached".into(),
            "Reached expected number of succeeded pods".into()
        )
    );
    assert_eq!(world.events("Completed"), ["Job completed"]);
    assert_eq!(world.pods()[0]["status"]["phase"], "Succeeded");
    let uid = &once["metadata"]["uid"];
    assert_eq!(
        once["spec"]["selector"]["matchLabels"]["batch.kubernetes.io/controller-uid"],
        *uid
    );
    assert_eq!(world.pods()[0]["metadata"]["labels"]["job-name"], "once");
}

#[test]
fn a_job_that_fails_tries_again_and_gives_up() {
    let mut world = World::new();
    world.create(JOBS, job("fails", 1));
    world.pass(Duration::from_millis(500));
    assert_eq!(world.get(JOBS, "once")["status"]["failed"], 1);
    assert_eq!(world.pods().len(), 1, "the second pod comes after a pause");
    world.seconds(30);
    assert_eq!(world.get(JOBS, "once")["status"]["failed"], 2);
    assert_eq!(
        world.condition(JOBS, "once", "Failed"),
        (
            "True".into(),
            "BackoffLimitExceeded".into(),
            "Job has reached the specified backoff limit".into()
        )
    );
}

#[test]
fn a_job_ends_at_its_deadline_and_goes_when_its_time_is_up() {
    let mut world = World::new();
    let mut object = job("", 0);
    object["spec"]["activeDeadlineSeconds"] = 3.into();
    object["spec"]["ttlSecondsAfterFinished"] = 10.into();
    object["spec"]["template"]["metadata"]["annotations"] =
        json!({"sandbox.windlass.dev/run": "1h"});
    world.create(JOBS, object);
    world.seconds(5);
    assert_eq!(
        world.condition(JOBS, "once", "Failed").1,
        "DeadlineExceeded"
    );
    assert!(world.pods().is_empty());
    world.seconds(20);
    assert_eq!(world.get(JOBS, "once"), Value::Null);
}

#[test]
fn many_completions_run_in_parallel_by_their_numbers() {
    let mut world = World::new();
    let mut object = job("", 0);
    object["spec"]["completions"] = 5.into();
    object["spec"]["parallelism"] = 2.into();
    object["spec"]["completionMode"] = "Indexed".into();
    world.create(JOBS, object);
    assert_eq!(world.pods().len(), 2);
    world.seconds(5);
    let once = world.get(JOBS, "once");
    assert_eq!(
        once["status"]["completedIndexes"], "0-4",
        "{}",
        once["status"]
    );
    assert_eq!(once["status"]["succeeded"], 5);
}

#[test]
fn a_cron_job_runs_each_minute_and_keeps_few() {
    let mut world = World::new();
    let mut template = template("tick", "");
    template["spec"]["restartPolicy"] = "OnFailure".into();
    world.create(
        "cronjobs.batch",
        json!({"metadata": {"name": "tick"}, "spec": {
        "schedule": "* * * * *", "jobTemplate": {"spec": {"template": template}}}}),
    );
    assert!(world.names(JOBS).is_empty());
    world.seconds(61);
    assert_eq!(world.names(JOBS).len(), 1);
    world.seconds(600);
    assert_eq!(world.names(JOBS).len(), 3, "history is three jobs long");
    let tick = world.get("cronjobs.batch", "tick");
    assert_eq!(tick["status"]["lastScheduleTime"], "2026-11-20T10:11:00Z");
}

#[test]
fn a_job_makes_the_certificates_that_a_pod_waits_for() {
    let mut world = World::new();
    let mut server = deployment(1, "");
    server["spec"]["template"]["spec"]["volumes"] =
        json!([{"name": "tls", "projected": {"sources": [{"secret": {"name": "admission"}}]}}]);
    world.create("deployments.apps", server);
    world.create(
        "validatingwebhookconfigurations.admissionregistration.k8s.io",
        json!({"metadata": {"name": "hooks"}, "webhooks": [{"name": "a.example.com",
            "clientConfig": {"url": "https://example.com"}, "sideEffects": "None",
            "admissionReviewVersions": ["v1"], "failurePolicy": "Ignore"}]}),
    );
    world.seconds(2);
    assert_eq!(world.pods()[0]["status"]["phase"], "Pending");
    let run = |name: &str, args: serde_json::Value| {
        json!({"metadata": {"name": name}, "spec": {"template": {
            "metadata": {"labels": {"job": name}},
            "spec": {"restartPolicy": "Never", "containers": [
            {"name": "c", "image": "certgen", "args": args, "env": [{"name": "NS", "valueFrom":
                {"fieldRef": {"fieldPath": "metadata.namespace"}}}]}]}}}})
    };
    let args = json!([
        "create",
        "--host=a",
        "--namespace=$(NS)",
        "--secret-name",
        "admission"
    ]);
    world.create("jobs.batch", run("create", args));
    world.seconds(2);
    let secret = world.get("secrets", "admission");
    let keys: Vec<_> = secret["data"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["ca", "cert", "key"]);
    let args = json!([
        "patch",
        "--webhook-name=hooks",
        "--namespace=$(NS)",
        "--secret-name=admission",
        "--patch-failure-policy=Fail"
    ]);
    world.create("jobs.batch", run("patch", args));
    world.seconds(2);
    let kind = "validatingwebhookconfigurations.admissionregistration.k8s.io";
    let hooks = world.state.get(kind, "", "hooks").unwrap();
    assert_eq!(hooks["webhooks"][0]["failurePolicy"], "Fail");
    assert_eq!(
        hooks["webhooks"][0]["clientConfig"]["caBundle"],
        secret["data"]["ca"]
    );
    let running = world
        .pods()
        .into_iter()
        .filter(|pod| pod["status"]["phase"] == "Running");
    assert_eq!(running.count(), 1);
}
