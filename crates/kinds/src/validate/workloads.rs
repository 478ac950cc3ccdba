//! Deployments, StatefulSets, DaemonSets, ReplicaSets, Jobs, CronJobs.

use serde_json::{Value, json};

use super::pod::Restart;
use super::{Faults, immutable, labels, names, pod, text};
use crate::invalid::Invalid;

const POSITIVE: &str = "must be greater than or equal to 0";

pub(super) fn deployment(spec: &Value, faults: &mut Faults) {
    faults.not_negative(spec, "spec", &["replicas"]);
    selected_template(spec, "deployment", true, faults);
    strategy(&spec["strategy"], faults);
    faults.not_negative(spec, "spec", &["minReadySeconds", "revisionHistoryLimit"]);
    if let Some(deadline) = spec["progressDeadlineSeconds"].as_i64() {
        faults.not_negative(spec, "spec", &["progressDeadlineSeconds"]);
        if deadline <= spec["minReadySeconds"].as_i64().unwrap_or(0) {
            let said = "must be greater than minReadySeconds";
            faults.malformed("spec.progressDeadlineSeconds", &json!(deadline), said);
        }
    }
}

pub(super) fn replica_set(spec: &Value, faults: &mut Faults) {
    faults.not_negative(spec, "spec", &["replicas", "minReadySeconds"]);
    selected_template(spec, "deployment", true, faults);
}

pub(super) fn daemon_set(spec: &Value, faults: &mut Faults) {
    let selector = &spec["selector"];
    labels::selector(selector, "spec.selector", faults);
    let template = &spec["template"]["metadata"]["labels"];
    // Without a selector nothing is selected.
    if selector.is_null() || !labels::selects(selector, template) {
        mismatch(template, faults);
    }
    if !selector.is_null() && labels::is_empty(selector) {
        let said = "empty selector is invalid for daemonset";
        faults.malformed("spec.selector", selector, said);
    }
    pod::template(&spec["template"], "spec.template", Restart::Always, faults);
    faults.not_negative(spec, "spec", &["minReadySeconds", "revisionHistoryLimit"]);
}

pub(super) fn stateful_set(spec: &Value, faults: &mut Faults) {
    let policy = text(&spec["podManagementPolicy"]);
    if !matches!(policy, "" | "OrderedReady" | "Parallel") {
        let said = "must be 'OrderedReady' or 'Parallel'";
        faults.malformed(
            "spec.podManagementPolicy",
            &spec["podManagementPolicy"],
            said,
        );
    }
    let strategy = &spec["updateStrategy"];
    if !matches!(text(&strategy["type"]), "" | "RollingUpdate" | "OnDelete") {
        let shown = json!({"Type": strategy["type"], "RollingUpdate": null});
        let said = "must be 'RollingUpdate' or 'OnDelete'";
        ordered(
            faults,
            "spec.updateStrategy",
            &shown,
            &["Type", "RollingUpdate"],
            said,
        );
    }
    faults.not_negative(spec, "spec", &["replicas", "minReadySeconds"]);
    selected_template(&with_claims(spec), "statefulset", false, faults);
}

/// A spec whose template has the volumes that the set's claims will be: containers may mount them.
fn with_claims(spec: &Value) -> Value {
    let claims = spec["volumeClaimTemplates"]
        .as_array()
        .into_iter()
        .flatten();
    let volumes: Vec<Value> = claims
        .map(|claim| &claim["metadata"]["name"])
        .map(|name| json!({"name": name, "persistentVolumeClaim": {"claimName": name}}))
        .collect();
    let mut spec = spec.clone();
    let pod = spec.pointer_mut("/template/spec");
    if let Some(pod) = pod.and_then(Value::as_object_mut)
        && !volumes.is_empty()
    {
        let own = pod.entry("volumes").or_insert_with(|| json!([]));
        if let Some(own) = own.as_array_mut() {
            // A claim's volume takes the place of one of the same name.
            own.retain(|volume| volumes.iter().all(|claim| claim["name"] != volume["name"]));
            own.extend(volumes);
        }
    }
    spec
}

/// A value whose members the server's message has in the order of its struct.
fn ordered(faults: &mut Faults, field: &str, value: &Value, order: &[&str], said: &str) {
    let members: Vec<String> = order
        .iter()
        .map(|name| format!("{name:?}:{}", value[name]))
        .collect();
    let text = format!("{{{}}}: {said}", members.join(","));
    faults.add(Invalid::shown(crate::invalid::Fault::Invalid, field, &text));
}

/// The selector, and the template that it has to select.
fn selected_template(spec: &Value, owner: &str, selector_again: bool, faults: &mut Faults) {
    let (selector, template) = (&spec["selector"], &spec["template"]["metadata"]["labels"]);
    let mut right = !selector.is_null();
    if selector.is_null() {
        faults.required("spec.selector", "");
        mismatch(template, faults);
    } else {
        right = labels::selector(selector, "spec.selector", faults);
        if labels::is_empty(selector) {
            let said = format!("empty selector is invalid for {owner}");
            faults.malformed("spec.selector", selector, &said);
        }
        if !right && selector_again {
            faults.malformed("spec.selector", selector, "invalid label selector");
        }
    }
    if right && !labels::is_empty(selector) && !labels::selects(selector, template) {
        mismatch(template, faults);
    }
    pod::template(&spec["template"], "spec.template", Restart::Always, faults);
}

fn mismatch(labels: &Value, faults: &mut Faults) {
    let said = "`selector` does not match template `labels`";
    faults.malformed("spec.template.metadata.labels", labels, said);
}

fn strategy(strategy: &Value, faults: &mut Faults) {
    let rolling = &strategy["rollingUpdate"];
    match text(&strategy["type"]) {
        "Recreate" if !rolling.is_null() => faults.forbidden(
            "spec.strategy.rollingUpdate",
            "may not be specified when strategy `type` is 'Recreate'",
        ),
        "Recreate" => {}
        "" | "RollingUpdate" => {
            let field = "spec.strategy.rollingUpdate";
            for name in ["maxUnavailable", "maxSurge"] {
                count_or_percent(rolling, field, name, faults);
            }
            let none = |value: &Value| {
                value.as_i64() == Some(0) || value.as_str().and_then(names::percent) == Some(0)
            };
            if none(&rolling["maxUnavailable"]) && none(&rolling["maxSurge"]) {
                let said = "may not be 0 when `maxSurge` is 0";
                let field = format!("{field}.maxUnavailable");
                faults.malformed(&field, &rolling["maxUnavailable"], said);
            }
        }
        other => {
            let shown = format!(
                "{{\"Type\":{},\"RollingUpdate\":null}}: supported values: \"Recreate\", \"RollingUpdate\"",
                json!(other)
            );
            let fault = crate::invalid::Fault::NotSupported;
            faults.add(Invalid::shown(fault, "spec.strategy", &shown));
        }
    }
}

/// A number of pods, or a share of them.
pub(super) fn count_or_percent(object: &Value, field: &str, name: &str, faults: &mut Faults) {
    let (value, field) = (&object[name], format!("{field}.{name}"));
    match value {
        Value::String(text) => match names::percent(text) {
            None => faults.malformed(&field, value, names::PERCENT),
            Some(share) if share > 100 && name != "maxSurge" => {
                faults.malformed(&field, value, "must not be greater than 100%");
            }
            Some(_) => {}
        },
        Value::Number(n) if n.as_i64().is_some_and(|n| n < 0) => {
            faults.malformed(&field, value, POSITIVE);
        }
        _ => {}
    }
}

pub(super) fn stateful_set_update(old: &Value, new: &Value, faults: &mut Faults) {
    let fixed = |object: &Value| {
        let mut spec = object["spec"].clone();
        if let Some(spec) = spec.as_object_mut() {
            spec.retain(|name, value| {
                let free = [
                    "replicas",
                    "ordinals",
                    "template",
                    "updateStrategy",
                    "revisionHistoryLimit",
                    "persistentVolumeClaimRetentionPolicy",
                    "minReadySeconds",
                ];
                !free.contains(&name.as_str()) && !value.is_null()
            });
        }
        spec
    };
    if fixed(old) != fixed(new) {
        faults.forbidden(
            "spec",
            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
        );
    }
}

pub(super) fn job(spec: &Value, field: &str, faults: &mut Faults) {
    let numbers = [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
    ];
    faults.not_negative(spec, field, &numbers);
    faults.one_of(spec, field, "completionMode", &["NonIndexed", "Indexed"]);
    let template = &spec["template"];
    pod::template(
        template,
        &format!("{field}.template"),
        Restart::Ends,
        faults,
    );
}

pub(super) fn job_update(old: &Value, new: &Value, faults: &mut Faults) {
    job(&new["spec"], "spec", faults);
    if new["spec"]["completionMode"] != "Indexed" {
        immutable(old, new, &["spec", "completions"], faults);
    }
    immutable(old, new, &["spec", "selector"], faults);
    immutable(old, new, &["spec", "template"], faults);
    immutable(old, new, &["spec", "completionMode"], faults);
}

pub(super) fn cron_job(object: &Value, faults: &mut Faults) {
    let spec = &object["spec"];
    if faults.needs(spec, "spec", "schedule") {
        let fields = text(&spec["schedule"])
            .split_whitespace()
            .collect::<Vec<_>>();
        let named = text(&spec["schedule"]).starts_with('@');
        if fields.len() != 5 && !named {
            let (count, shown) = (fields.len(), fields.join(" "));
            let said = format!("expected exactly 5 fields, found {count}: [{shown}]");
            faults.malformed("spec.schedule", &spec["schedule"], &said);
        }
    }
    faults.not_negative(spec, "spec", &["startingDeadlineSeconds"]);
    let policies = ["Allow", "Forbid", "Replace"];
    faults.one_of(spec, "spec", "concurrencyPolicy", &policies);
    job(
        &spec["jobTemplate"]["spec"],
        "spec.jobTemplate.spec",
        faults,
    );
    let limits = ["successfulJobsHistoryLimit", "failedJobsHistoryLimit"];
    faults.not_negative(spec, "spec", &limits);
}
