//! Seed 001, a chart author's day, the part with a cluster: `charts/api-gateway` installed, waited for,
//! upgraded, rolled back and tested. Scenarios 4, 5, 7, 8 and 13.

use serde_json::{Value, json};

use super::lab::{Lab, write_demo};

/// Installs or upgrades as for production, with secrets given.
const DEPLOY: &str = "upgrade --install api-gateway $CHARTS/api-gateway \
     -f $CHARTS/api-gateway/values.prod.yaml \
     --set secret.existingSecret=,secret.secretKey=k,secret.dbPassword=p";

/// What tells the sandbox how pods fare.
const POD: &str = "podAnnotations.sandbox\\.windlass\\.dev/";

fn ready(lab: &Lab) -> i64 {
    let deployment = lab.object("apps/v1", "Deployment", "default", "api-gateway");
    let ready = deployment.pointer("/status/readyReplicas");
    ready.and_then(Value::as_i64).unwrap_or_default()
}

fn image(lab: &Lab) -> Value {
    let deployment = lab.object("apps/v1", "Deployment", "default", "api-gateway");
    deployment["spec"]["template"]["spec"]["containers"][0]["image"].clone()
}

// === Scenario 4: waiting ===

#[test]
fn with_wait_a_release_is_deployed_once_its_pods_are_ready() {
    for helm in ["helm3", "helm4"] {
        let lab = Lab::new();
        let shown = lab.does(&format!(
            "{helm} {DEPLOY} --set image.tag=v1.2.0 --set '{POD}start=1s' --wait"
        ));
        assert!(shown.contains("STATUS: deployed\n"), "{shown}");
        assert_eq!(ready(&lab), 3);
        assert_eq!(lab.status("default", "api-gateway", 1), "deployed");
    }
}

#[test]
fn without_wait_it_is_deployed_at_once() {
    let lab = Lab::new();
    lab.does(&format!("helm4 {DEPLOY} --set '{POD}pod=never-ready'"));
    assert_eq!(ready(&lab), 0);
    assert_eq!(lab.status("default", "api-gateway", 1), "deployed");
}

#[test]
fn pods_that_never_get_ready_fail_the_release_in_time() {
    for (helm, line) in [
        ("helm3", "Error: context deadline exceeded\n"),
        ("helm4", "\ncontext deadline exceeded\n"),
    ] {
        let lab = Lab::new();
        let said = lab.fails(&format!(
            "{helm} {DEPLOY} --set '{POD}pod=never-ready' --wait --timeout 2s"
        ));
        assert!(said.ends_with(line), "{said}");
        if helm == "helm4" {
            let object =
                "Error: resource Deployment/default/api-gateway not ready. status: InProgress";
            assert!(said.contains(object), "{said}");
        }
        assert_eq!(lab.status("default", "api-gateway", 1), "failed");
    }
}

// === Scenario 5: secrets ===

#[test]
fn a_secret_reaches_the_cluster_as_it_was_given_and_no_log() {
    let lab = Lab::new();
    let run = lab.run(&format!(
        "helm4 {DEPLOY} --debug --set 'secret.dbPassword=a\\,b\\,c=d'"
    ));
    assert_eq!(run.status, 0, "{}", run.stderr);
    assert!(!run.stderr.contains("a,b,c=d"), "{}", run.stderr);
    let secret = lab.object("v1", "Secret", "default", "api-gateway");
    assert_eq!(secret["data"]["DB_PASSWORD"], json!("YSxiLGM9ZA=="));
    let values = lab.does("helm4 get values api-gateway");
    assert!(values.contains("  dbPassword: a,b,c=d\n"), "{values}");
    let history = lab.does("helm4 history api-gateway -o yaml");
    assert!(!history.contains("a,b,c=d"), "{history}");
}

// === Scenarios 7 and 8: migrations ===

#[test]
fn migrations_of_an_external_database_run_before_anything_else() {
    let lab = Lab::new();
    lab.does(&format!("helm4 {DEPLOY}"));
    let writes = lab.writes();
    let first = |part: &str| writes.iter().position(|w| w.contains(part)).unwrap();
    assert!(first("/jobs/") < first("/deployments/"), "{writes:#?}");
    assert!(
        first("/secrets/api-gateway-migrate") < first("/jobs/"),
        "{writes:#?}"
    );
}

#[test]
fn a_hook_that_fails_keeps_the_rest_from_being_created() {
    let lab = Lab::new();
    write_demo(&lab.room);
    lab.room.write(
        "demo/templates/job.yaml",
        "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations:\n    \
         helm.sh/hook: pre-install,pre-upgrade\nspec:\n  backoffLimit: 0\n  template:\n    \
         metadata:\n      annotations:\n        \
         sandbox.windlass.dev/pod: {{ .Values.pod | default \"fails\" }}\n    spec:\n      \
         restartPolicy: Never\n      containers: [{name: migrate, image: migrate}]\n",
    );
    let said = lab.fails("helm4 upgrade --install web $WORK/demo");
    assert!(said.contains("failed pre-install"), "{said}");
    assert_eq!(lab.status("default", "web", 1), "failed");
    assert_eq!(lab.object("v1", "ConfigMap", "default", "web"), Value::Null);
    // The old Job is replaced: its default policy is before-hook-creation.
    lab.does("helm4 upgrade --install web $WORK/demo --set pod=completes");
    assert_eq!(lab.status("default", "web", 2), "deployed");
    assert_ne!(lab.object("v1", "ConfigMap", "default", "web"), Value::Null);
}

#[test]
fn with_its_own_database_no_job_runs_and_the_wait_ends() {
    let lab = Lab::new();
    lab.does(
        "helm4 install api-gateway $CHARTS/api-gateway --set env.ALLOWED_HOSTS=x \
         --set postgresql.enabled=true --wait --timeout 60s",
    );
    assert!(
        !lab.writes().iter().any(|w| w.contains("/jobs")),
        "{:#?}",
        lab.writes()
    );
    assert_eq!(lab.status("default", "api-gateway", 1), "deployed");
}

// === Scenario 13: back again, and tested ===

#[test]
fn a_rollback_restores_the_image_and_tests_run() {
    for helm in ["helm3", "helm4"] {
        let lab = Lab::new();
        lab.does(&format!("{helm} {DEPLOY} --set image.tag=v1.0.0 --wait"));
        let before = image(&lab);
        assert_eq!(lab.does(&format!("{helm} list --short")), "api-gateway\n");
        lab.does(&format!("{helm} {DEPLOY} --set image.tag=v1.2.0 --wait"));
        assert_ne!(image(&lab), before);
        lab.does(&format!("{helm} rollback api-gateway 1 --wait"));
        assert_eq!(image(&lab), before);
        let tested = lab.does(&format!("{helm} test api-gateway"));
        assert!(tested.contains("\nPhase:          Succeeded\n"), "{tested}");
        lab.does(&format!("{helm} uninstall api-gateway"));
        let deployment = lab.object("apps/v1", "Deployment", "default", "api-gateway");
        assert_eq!(deployment, Value::Null);
    }
}
