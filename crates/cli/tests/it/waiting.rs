//! Waiting on the embedded cluster: what ends it early, what is told of why, and to whom.

use std::time::{Duration, Instant};

use serde_json::Value;
use windlass_sandbox::{Effect, Rule};

use super::lab::Lab;

/// A chart whose one Deployment, hook or Job does as the values say.
fn lab() -> Lab {
    let lab = Lab::new();
    lab.room.chart("app");
    lab.room.write(
        "app/values.yaml",
        "pod: ''\nlog: ''\nfrom: ''\nmount: ''\nhook: ''\njob: ''\nwanted: false\nclaim: false\n",
    );
    lab.room.write(
        "app/templates/deployment.yaml",
        r#"{{- define "pod" -}}
metadata:
  labels: {app: web}
  annotations:
    sandbox.windlass.dev/pod: {{ . | quote }}
spec:
  restartPolicy: Never
  containers: [{name: app, image: "registry.example/app:1"}]
{{- end -}}
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web}
      annotations:
        sandbox.windlass.dev/pod: {{ .Values.pod | quote }}
        sandbox.windlass.dev/log: {{ .Values.log | quote }}
    spec:
      containers:
      - name: app
        image: registry.example/app:1
        {{- with .Values.from }}
        envFrom: [{secretRef: {name: {{ . }}}}]
        {{- end }}
        {{- if .Values.mount }}
        volumeMounts: [{name: v, mountPath: /v}]
        {{- end }}
      {{- with .Values.mount }}
      volumes: [{name: v, configMap: {name: {{ . }}}}]
      {{- end }}
{{- with .Values.hook }}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: before
  annotations: {helm.sh/hook: pre-install}
spec:
  backoffLimit: 0
  template:
    {{- include "pod" . | nindent 4 }}
{{- end }}
{{- with .Values.job }}
---
apiVersion: batch/v1
kind: Job
metadata: {name: work}
spec:
  backoffLimit: 0
  template:
    {{- include "pod" . | nindent 4 }}
{{- end }}
"#,
    );
    lab
}

const NOT_READY: &str = "Error: INSTALLATION FAILED: resource Deployment/default/web not ready. \
    status: InProgress, message: Available: 0/1\ncontext deadline exceeded\n";

/// Fails to install with a hopeless pod, long before the timeout; what was said.
#[track_caller]
fn gives_up(lab: &Lab, helm: &str, more: &str) -> windlass_testkit::Outcome {
    let start = Instant::now();
    let line = format!("{helm} install web $WORK/app --wait --timeout 5m --fail-fast=1s {more}");
    let outcome = lab.run(&line);
    assert_eq!(outcome.status, 1, "{line}\n{}", outcome.stdout);
    assert!(start.elapsed() < Duration::from_mins(1), "{line}");
    outcome
}

/// What the record says of how it ended.
fn description(lab: &Lab) -> String {
    let history = lab.does("helm4 history web -o json");
    let history: Value = serde_json::from_str(&history).unwrap();
    history[0]["description"].as_str().unwrap().to_owned()
}

#[test]
fn a_hopeless_wait_ends_early_and_says_what_helm_says_at_its_timeout() {
    let lab = lab();
    let outcome = gives_up(&lab, "helm4", "--set pod=image-pull-error");
    assert_eq!(outcome.stderr, NOT_READY);
    assert_eq!(outcome.stdout, "");
    let words = NOT_READY
        .trim_end()
        .replace("Error: INSTALLATION FAILED: ", "");
    assert_eq!(
        description(&lab),
        format!("Release \"web\" failed: {words}")
    );
    assert_eq!(lab.status("default", "web", 1), "failed");
}

#[test]
fn the_older_ways_of_waiting_end_early_too() {
    for (helm, more) in [("helm3", ""), ("helm4", "--wait=legacy")] {
        let lab = lab();
        let more = format!("{more} --set pod=image-pull-error");
        let said = gives_up(&lab, helm, &more).stderr;
        assert_eq!(
            said,
            "Error: INSTALLATION FAILED: context deadline exceeded\n"
        );
    }
}

#[test]
fn without_failing_fast_the_timeout_is_waited_for() {
    let lab = lab();
    let start = Instant::now();
    let said = lab.fails(
        "helm4 install web $WORK/app --wait --timeout 4s --fail-fast=false --set pod=image-pull-error",
    );
    assert_eq!(said, NOT_READY);
    assert!(start.elapsed() >= Duration::from_secs(4));
    let said = lab.fails("helm4 install web $WORK/app --fail-fast=soon");
    let wanted =
        "invalid argument \"soon\" for \"--fail-fast\" flag: it is true, false or how long";
    assert!(said.contains(wanted), "{said}");
}

#[test]
fn an_explanation_names_the_cause_and_the_remedy() {
    let lab = lab();
    let outcome = gives_up(&lab, "helm4", "--explain --set pod=image-pull-error");
    assert!(outcome.stderr.starts_with(NOT_READY), "{}", outcome.stderr);
    let cause = "Deployment/web is not ready: the image registry.example/app:1 cannot be pulled";
    for wanted in [
        &format!("error[image-pull]: {cause}"),
        "InProgress: Available: 0/1",
        ", container app: ",
        "event Failed: ",
        "help: ",
        "--fail-fast=false waits until the timeout",
    ] {
        assert!(outcome.stderr.contains(wanted), "{}", outcome.stderr);
    }
    let cause = "(Deployment/web: the image registry.example/app:1 cannot be pulled)";
    assert!(description(&lab).ends_with(cause), "{}", description(&lab));
}

#[test]
fn an_explanation_shows_what_was_printed_last() {
    let lab = lab();
    let more = "--explain --set pod=crash-loop --set 'log=no route to db:5432'";
    let said = gives_up(&lab, "helm4", more).stderr;
    assert!(said.contains("error[crash-loop]"), "{said}");
    assert!(said.contains("exit code 1"), "{said}");
    assert!(said.contains("container app, printed last:"), "{said}");
    assert!(said.contains("no route to db:5432"), "{said}");
}

#[test]
fn every_hopeless_state_is_told_by_its_name() {
    let quota = "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: none}\n\
        spec: {hard: {pods: '0'}}\n";
    for (values, code, detail) in [
        (
            "--set pod=unschedulable",
            "unschedulable",
            "no node takes the pod",
        ),
        (
            "--set from=absent",
            "missing-reference",
            "Secret absent is not there",
        ),
        (
            "--set mount=absent",
            "missing-reference",
            "ConfigMap absent is not there",
        ),
        ("--set quota=0", "quota", "exceeded quota"),
    ] {
        let lab = lab();
        if code == "quota" {
            lab.room.chart("limits");
            lab.room.write("limits/templates/quota.yaml", quota);
            lab.does("helm4 install limits $WORK/limits");
        }
        let said = gives_up(&lab, "helm4", &format!("--explain {values}")).stderr;
        assert!(said.contains(&format!("error[{code}]")), "{values}\n{said}");
        assert!(said.contains(detail), "{values}\n{said}");
    }
}

#[test]
fn hooks_that_are_hopeless_end_early_and_are_explained() {
    for helm in ["helm3", "helm4"] {
        let lab = lab();
        let more = "--explain --set hook=image-pull-error";
        let said = gives_up(&lab, helm, more).stderr;
        let start = "Error: INSTALLATION FAILED: failed pre-install: ";
        assert!(said.starts_with(start), "{said}");
        let cause = "error[image-pull]: Job/before is not ready";
        assert!(said.contains(cause), "{said}");
    }
    let lab = lab();
    let said = gives_up(&lab, "helm4", "--explain --set hook=fails").stderr;
    assert!(said.contains("error[job-failed]: Job/before"), "{said}");
    let lab = self::lab();
    let more = "--explain --wait-for-jobs --set job=fails";
    let said = gives_up(&lab, "helm4", more).stderr;
    assert!(said.contains("error[job-failed]: Job/work"), "{said}");
}

#[test]
fn the_cause_is_found_before_all_is_undone() {
    let lab = lab();
    let more = "--explain --rollback-on-failure --set pod=image-pull-error";
    let said = gives_up(&lab, "helm4", more).stderr;
    assert!(said.contains("has been uninstalled due to"), "{said}");
    assert!(said.contains("error[image-pull]"), "{said}");
    let deployment = lab.object("apps/v1", "Deployment", "default", "web");
    assert_eq!(deployment, Value::Null);
}

#[test]
fn programs_get_the_diagnosis_as_data() {
    let lab = lab();
    let more = "--explain -o json --set pod=crash-loop";
    let outcome = gives_up(&lab, "helm4", more);
    let told: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let object = &told["diagnosis"]["objects"][0];
    assert_eq!(told["diagnosis"]["endedEarly"], true);
    assert_eq!(
        (&object["kind"], &object["name"]),
        (&"Deployment".into(), &"web".into())
    );
    assert_eq!(object["causes"][0]["code"], "crash-loop");
    assert_eq!(object["causes"][0]["container"], "app");
    assert_eq!(object["logs"][0]["lines"][0], "first line");
    assert!(object["causes"][0]["remedy"].is_string());

    let lab = self::lab();
    let outcome = gives_up(&lab, "helm4", "-o json --set pod=image-pull-error");
    assert_eq!(outcome.stdout, "", "as Helm does");
}

#[test]
fn progress_can_be_followed_as_json() {
    let lab = lab();
    let outcome = gives_up(&lab, "helm4", "--progress json --set pod=image-pull-error");
    let lines = outcome.stderr.lines().filter(|line| line.starts_with('{'));
    let events: Vec<Value> = lines.map(|l| serde_json::from_str(l).unwrap()).collect();
    let of = |name: &str| {
        let mut found = events.iter().filter(|event| event["event"] == name);
        found.next_back().unwrap_or(&Value::Null).clone()
    };
    assert_eq!(of("created")["kind"], "Deployment");
    assert_eq!(of("waiting")["message"], "Available: 0/1");
    assert_eq!(of("trouble")["code"], "image-pull");
    let failed = of("failed");
    assert_eq!(
        failed["diagnosis"]["objects"][0]["causes"][0]["code"],
        "image-pull"
    );
    assert!(outcome.stderr.ends_with(NOT_READY), "{}", outcome.stderr);
    assert!(
        !description(&lab).contains("image"),
        "the record has Helm's words"
    );
    assert!(of("waiting")["time"].is_string());

    let lab = self::lab();
    let outcome = lab.run("helm4 install web $WORK/app --wait --progress plain");
    assert!(
        outcome.stderr.contains("  created Deployment/web\n"),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome.stderr.contains("  ready Deployment/web\n"),
        "{}",
        outcome.stderr
    );
    let outcome = lab.run("helm4 upgrade web $WORK/app --wait");
    assert_eq!(outcome.stderr, "");
}

#[test]
fn an_upgrade_away_from_a_broken_image_is_not_given_up() {
    let lab = lab();
    gives_up(&lab, "helm4", "--set pod=image-pull-error");
    lab.does("helm4 upgrade web $WORK/app --wait --fail-fast=1s --set pod=slow-start");
    assert_eq!(lab.status("default", "web", 2), "deployed");
}

#[test]
fn watches_are_one_for_each_kind_and_namespace() {
    let lab = lab();
    lab.room.write(
        "app/templates/more.yaml",
        "{{ range until 5 }}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c{{ . }}}\n{{ end }}",
    );
    lab.does("helm4 install web $WORK/app --wait --set pod=slow-start");
    let calls = lab.sandbox.calls();
    let watched = |path: &str| {
        let asked =
            |call: &&windlass_sandbox::Call| call.verb == "watch" && call.path.ends_with(path);
        calls.iter().filter(asked).count()
    };
    assert_eq!((watched("/configmaps"), watched("/deployments")), (1, 1));
    assert_eq!(watched("/pods"), 0, "what goes well is not looked into");
}

#[test]
fn what_could_not_be_looked_at_is_said() {
    let lab = lab();
    let around = |call: &windlass_sandbox::Call| {
        matches!(call.verb, "list" | "watch") && call.path.ends_with("/pods")
    };
    lab.sandbox
        .fail(Rule::when(around).effect(Effect::status(403)));
    let said = lab.fails(
        "helm4 install web $WORK/app --wait --timeout 2s --explain --set pod=image-pull-error",
    );
    assert!(
        said.contains("error[not-ready]: Deployment/web is not ready"),
        "{said}"
    );
    assert!(said.contains("note: not looked at: "), "{said}");
}

#[test]
fn what_may_not_be_watched_is_read_and_said_once() {
    let lab = lab();
    lab.sandbox.fail(
        Rule::when(|call| {
            matches!(call.verb, "list" | "watch") && !call.path.ends_with("/secrets")
        })
        .effect(Effect::status(403)),
    );
    let outcome = lab.run("helm4 install web $WORK/app --wait --set pod=slow-start");
    assert_eq!(outcome.status, 0, "{}", outcome.stderr);
    let said = outcome.stderr;
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(
        said.contains("objects cannot be watched, reading them again"),
        "{said}"
    );
}
