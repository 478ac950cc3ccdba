//! Defaults of what makes pods.

use serde_json::{Value, json};

use super::{fill, fill_empty, items, part, pod};

pub(super) fn deployment(object: &mut Value) {
    let spec = &mut object["spec"];
    fill(spec, "replicas", 1);
    fill_empty(&mut spec["strategy"], "type", "RollingUpdate");
    if spec["strategy"]["type"] == "RollingUpdate" {
        let rolling = &mut spec["strategy"]["rollingUpdate"];
        fill(rolling, "maxUnavailable", "25%");
        fill(rolling, "maxSurge", "25%");
    }
    fill(spec, "revisionHistoryLimit", 10);
    fill(spec, "progressDeadlineSeconds", 600);
    pod::spec(&mut spec["template"]["spec"]);
}

pub(super) fn replica_set(object: &mut Value) {
    fill(&mut object["spec"], "replicas", 1);
    pod::spec(&mut object["spec"]["template"]["spec"]);
}

pub(super) fn replication_controller(object: &mut Value) {
    fill(&mut object["spec"], "replicas", 1);
    let labels = object["spec"]["template"]["metadata"]["labels"].clone();
    if labels.is_object() {
        fill(&mut object["spec"], "selector", labels.clone());
        fill(&mut object["metadata"], "labels", labels);
    }
    if part(&mut object["spec"], "template").is_some() {
        pod::spec(&mut object["spec"]["template"]["spec"]);
    }
}

pub(super) fn stateful_set(object: &mut Value) {
    let spec = &mut object["spec"];
    fill_empty(spec, "podManagementPolicy", "OrderedReady");
    let strategy = &mut spec["updateStrategy"];
    if strategy["type"].as_str().is_none_or(str::is_empty) {
        strategy["type"] = "RollingUpdate".into();
        fill(strategy, "rollingUpdate", json!({}));
    }
    if strategy["type"] == "RollingUpdate"
        && let Some(rolling) = part(strategy, "rollingUpdate")
    {
        fill(rolling, "partition", 0);
    }
    let kept = &mut spec["persistentVolumeClaimRetentionPolicy"];
    fill_empty(kept, "whenDeleted", "Retain");
    fill_empty(kept, "whenScaled", "Retain");
    fill(spec, "replicas", 1);
    fill(spec, "revisionHistoryLimit", 10);
    pod::spec(&mut spec["template"]["spec"]);
    for claim in items(spec, "volumeClaimTemplates") {
        // Templates are whole claims, as the server writes them.
        fill(claim, "apiVersion", "v1");
        fill(claim, "kind", "PersistentVolumeClaim");
        fill(&mut claim["spec"], "volumeMode", "Filesystem");
        fill_empty(&mut claim["status"], "phase", "Pending");
    }
}

pub(super) fn daemon_set(object: &mut Value) {
    let spec = &mut object["spec"];
    let strategy = &mut spec["updateStrategy"];
    fill_empty(strategy, "type", "RollingUpdate");
    if strategy["type"] == "RollingUpdate" {
        fill(&mut strategy["rollingUpdate"], "maxUnavailable", 1);
        fill(&mut strategy["rollingUpdate"], "maxSurge", 0);
    }
    fill(spec, "revisionHistoryLimit", 10);
    pod::spec(&mut spec["template"]["spec"]);
}

pub(super) fn job(spec: &mut Value) {
    if spec["completions"].is_null() && spec["parallelism"].is_null() {
        spec["completions"] = 1.into();
    }
    fill(spec, "parallelism", 1);
    let limit = if spec["backoffLimitPerIndex"].is_null() {
        6
    } else {
        i32::MAX
    };
    fill(spec, "backoffLimit", limit);
    fill(spec, "completionMode", "NonIndexed");
    fill(spec, "suspend", false);
    fill(spec, "manualSelector", false);
    let replaced = if spec["podFailurePolicy"].is_null() {
        "TerminatingOrFailed"
    } else {
        "Failed"
    };
    fill(spec, "podReplacementPolicy", replaced);
    if let Some(policy) = part(spec, "podFailurePolicy") {
        for rule in items(policy, "rules") {
            for condition in items(rule, "onPodConditions") {
                fill_empty(condition, "status", "True");
            }
        }
    }
    pod::spec(&mut spec["template"]["spec"]);
}

pub(super) fn cron_job(object: &mut Value) {
    let spec = &mut object["spec"];
    fill_empty(spec, "concurrencyPolicy", "Allow");
    fill(spec, "suspend", false);
    fill(spec, "successfulJobsHistoryLimit", 3);
    fill(spec, "failedJobsHistoryLimit", 1);
    pod::spec(&mut spec["jobTemplate"]["spec"]["template"]["spec"]);
}

pub(super) fn autoscaler(object: &mut Value) {
    let spec = &mut object["spec"];
    fill(spec, "minReplicas", 1);
    // Version 1 has no list of metrics; its targets are converted.
    if object["apiVersion"] == "autoscaling/v1" {
        return;
    }
    let spec = &mut object["spec"];
    fill_empty(
        spec,
        "metrics",
        json!([{"type": "Resource", "resource": {"name": "cpu",
            "target": {"type": "Utilization", "averageUtilization": 80}}}]),
    );
    if let Some(behavior) = part(spec, "behavior") {
        let pods_and_percent = json!([
            {"type": "Pods", "value": 4, "periodSeconds": 15},
            {"type": "Percent", "value": 100, "periodSeconds": 15},
        ]);
        let up = &mut behavior["scaleUp"];
        fill(up, "stabilizationWindowSeconds", 0);
        fill(up, "selectPolicy", "Max");
        fill(up, "policies", pods_and_percent);
        let down = &mut behavior["scaleDown"];
        fill(down, "selectPolicy", "Max");
        fill(
            down,
            "policies",
            json!([{"type": "Percent", "value": 100, "periodSeconds": 15}]),
        );
    }
}
