//! Pods and templates of pods.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Faults, PORT_RANGE, is_port, items, labels, names, probes, text, volumes};
use crate::invalid::Invalid;
use crate::quantity;

/// Which restart policies an owner allows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Restart {
    /// Any.
    Any,
    /// Pods that go on for ever.
    Always,
    /// Pods that end.
    Ends,
}

const RESTART: [&str; 3] = ["Always", "OnFailure", "Never"];

pub(super) fn template(template: &Value, field: &str, restart: Restart, faults: &mut Faults) {
    labels::check(
        &template["metadata"]["labels"],
        &format!("{field}.labels"),
        faults,
    );
    check(&template["spec"], &format!("{field}.spec"), restart, faults);
}

pub(super) fn check(spec: &Value, field: &str, restart: Restart, faults: &mut Faults) {
    let volumes = volumes::check(&spec["volumes"], &format!("{field}.volumes"), faults);
    let mut seen = BTreeSet::new();
    let all = items(&spec["containers"]);
    if all.is_empty() {
        faults.required(&format!("{field}.containers"), "");
    }
    for (at, one) in all.iter().enumerate() {
        container(
            one,
            &format!("{field}.containers[{at}]"),
            &volumes,
            &mut seen,
            faults,
        );
    }
    for (at, one) in items(&spec["initContainers"]).iter().enumerate() {
        let field = format!("{field}.initContainers[{at}]");
        container(one, &field, &volumes, &mut seen, faults);
    }
    faults.one_of(spec, field, "restartPolicy", &RESTART);
    let dns = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
    faults.one_of(spec, field, "dnsPolicy", &dns);
    labels::check(
        &spec["nodeSelector"],
        &format!("{field}.nodeSelector"),
        faults,
    );
    for (at, one) in items(&spec["tolerations"]).iter().enumerate() {
        toleration(one, &format!("{field}.tolerations[{at}]"), faults);
    }
    let account = text(&spec["serviceAccountName"]);
    if !account.is_empty() {
        let field = format!("{field}.serviceAccountName");
        faults.named(&field, account, names::subdomain(account));
    }
    for name in ["runAsUser", "runAsGroup", "fsGroup"] {
        let id = &spec["securityContext"][name];
        if id
            .as_i64()
            .is_some_and(|id| !(0..=2_147_483_647).contains(&id))
        {
            let said = "must be between 0 and 2147483647, inclusive";
            faults.malformed(&format!("{field}.securityContext.{name}"), id, said);
        }
    }
    allowed_restart(spec, field, restart, faults);
}

fn allowed_restart(spec: &Value, field: &str, restart: Restart, faults: &mut Faults) {
    let policy = text(&spec["restartPolicy"]);
    let field = format!("{field}.restartPolicy");
    match restart {
        Restart::Always if !matches!(policy, "" | "Always") => {
            faults.add(Invalid::not_supported(&field, json!(policy), &["Always"]));
        }
        Restart::Ends if matches!(policy, "" | "Always") => {
            faults.required(&field, "valid values: \"OnFailure\", \"Never\"");
        }
        Restart::Ends if !RESTART.contains(&policy) => faults.add(Invalid::not_supported(
            &field,
            json!(policy),
            &["OnFailure", "Never"],
        )),
        _ => {}
    }
}

fn toleration(toleration: &Value, field: &str, faults: &mut Faults) {
    let (key, operator) = (text(&toleration["key"]), text(&toleration["operator"]));
    if key.is_empty() && operator != "Exists" {
        let said = "operator must be Exists when `key` is empty, which means \"match all values and all keys\"";
        faults.malformed(&format!("{field}.operator"), &json!(operator), said);
    } else if !key.is_empty() {
        faults.named(&format!("{field}.key"), key, names::qualified(key));
    }
    if operator == "Exists" && !text(&toleration["value"]).is_empty() {
        let said = "value must be empty when `operator` is 'Exists'";
        faults.malformed(&format!("{field}.operator"), &toleration["value"], said);
    }
    faults.one_of(toleration, field, "operator", &["Equal", "Exists"]);
}

fn container(
    container: &Value,
    field: &str,
    volumes: &BTreeSet<&str>,
    seen: &mut BTreeSet<String>,
    faults: &mut Faults,
) {
    if faults.needs(container, field, "name") {
        let (name, field) = (text(&container["name"]), format!("{field}.name"));
        faults.named(&field, name, names::label(name));
        if !seen.insert(name.to_owned()) {
            faults.add(Invalid::duplicate(&field, json!(name)));
        }
    }
    faults.needs(container, field, "image");
    ports(container, field, faults);
    for (at, one) in items(&container["env"]).iter().enumerate() {
        variable(one, &format!("{field}.env[{at}]"), faults);
    }
    for (at, one) in items(&container["envFrom"]).iter().enumerate() {
        for source in ["configMapRef", "secretRef"] {
            if !one[source].is_null() {
                faults.needs(
                    &one[source],
                    &format!("{field}.envFrom[{at}].{source}"),
                    "name",
                );
            }
        }
    }
    volumes::mounts(container, field, volumes, faults);
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
        probes::check(&container[probe], &format!("{field}.{probe}"), faults);
    }
    let policies = ["Always", "IfNotPresent", "Never"];
    faults.one_of(container, field, "imagePullPolicy", &policies);
    resources(
        &container["resources"],
        &format!("{field}.resources"),
        faults,
    );
}

fn ports(container: &Value, field: &str, faults: &mut Faults) {
    let mut seen = BTreeSet::new();
    for (at, port) in items(&container["ports"]).iter().enumerate() {
        let field = format!("{field}.ports[{at}]");
        let name = text(&port["name"]);
        if !name.is_empty() {
            let field = format!("{field}.name");
            let wrongs = names::port(name);
            if wrongs.is_empty() && !seen.insert(name) {
                faults.add(Invalid::duplicate(&field, json!(name)));
            }
            faults.named(&field, name, wrongs);
        }
        let number = &port["containerPort"];
        if number.as_i64().unwrap_or(0) == 0 {
            faults.required(&format!("{field}.containerPort"), "");
        } else if !is_port(number) {
            faults.malformed(&format!("{field}.containerPort"), number, PORT_RANGE);
        }
        let host = &port["hostPort"];
        if host.as_i64().is_some_and(|port| port != 0) && !is_port(host) {
            faults.malformed(&format!("{field}.hostPort"), host, PORT_RANGE);
        }
        faults.one_of(port, &field, "protocol", &["SCTP", "TCP", "UDP"]);
    }
}

const SOURCES: [&str; 5] = [
    "fieldRef",
    "resourceFieldRef",
    "configMapKeyRef",
    "secretKeyRef",
    "fileKeyRef",
];

fn variable(variable: &Value, field: &str, faults: &mut Faults) {
    if faults.needs(variable, field, "name") {
        let name = text(&variable["name"]);
        if !name
            .bytes()
            .all(|b| (b' '..=b'~').contains(&b) && b != b'=')
        {
            let said = "a valid environment variable name must consist only of printable ASCII characters other than '='";
            faults.malformed(&format!("{field}.name"), &json!(name), said);
        }
    }
    let from = &variable["valueFrom"];
    if from.is_null() {
        return;
    }
    let field = format!("{field}.valueFrom");
    let given: Vec<&str> = SOURCES
        .into_iter()
        .filter(|name| !from[name].is_null())
        .collect();
    for source in ["configMapKeyRef", "secretKeyRef"] {
        if !from[source].is_null() {
            faults.needs(&from[source], &format!("{field}.{source}"), "name");
            faults.needs(&from[source], &format!("{field}.{source}"), "key");
        }
    }
    if given.is_empty() {
        let said = "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`";
        faults.malformed(&field, &json!(""), said);
    } else if !text(&variable["value"]).is_empty() {
        let said = "may not be specified when `value` is not empty";
        faults.malformed(&field, &json!(""), said);
    } else if given.len() > 1 {
        let said = "may not have more than one field specified at a time";
        faults.malformed(&field, &json!(""), said);
    }
}

fn resources(resources: &Value, field: &str, faults: &mut Faults) {
    for list in ["limits", "requests"] {
        for (name, amount) in resources[list].as_object().into_iter().flatten() {
            let field_of = format!("{field}.{list}[{name}]");
            let known = ["cpu", "memory", "ephemeral-storage"].contains(&name.as_str());
            if !known && !name.contains('/') && !name.starts_with("hugepages-") {
                for said in [
                    "must be a standard resource type or fully qualified",
                    "must be a standard resource for containers",
                ] {
                    faults.malformed(&field_of, &json!(name), said);
                }
            }
            let shown = written(amount);
            if shown.starts_with('-') {
                let said = "must be greater than or equal to 0";
                faults.malformed(&field_of, &json!(shown), said);
            }
        }
    }
    for (name, request) in resources["requests"].as_object().into_iter().flatten() {
        let limit = &resources["limits"][name];
        if limit.is_null() {
            continue;
        }
        let (request, limit) = (written(request), written(limit));
        if quantity::compare(&request, &limit).is_some_and(std::cmp::Ordering::is_gt) {
            let said = format!("must be less than or equal to {name} limit of {limit}");
            faults.malformed(&format!("{field}.requests"), &json!(request), &said);
        }
    }
}

fn written(amount: &Value) -> String {
    let text = match amount {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    quantity::canonical(&text).unwrap_or(text)
}

/// A pod changes its images and little else.
pub(super) fn update(old: &Value, new: &Value, faults: &mut Faults) {
    let (was, is) = (&old["spec"], &new["spec"]);
    check(is, "spec", Restart::Any, faults);
    if items(&was["containers"]).len() != items(&is["containers"]).len() {
        faults.forbidden(
            "spec.containers",
            "pod updates may not add or remove containers",
        );
        return;
    }
    if fixed(was) != fixed(is) {
        faults.forbidden(
            "spec",
            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
        );
    }
}

fn fixed(spec: &Value) -> Value {
    let mut spec = spec.clone();
    for list in ["containers", "initContainers"] {
        for container in spec[list].as_array_mut().into_iter().flatten() {
            container["image"] = Value::Null;
        }
    }
    if let Some(spec) = spec.as_object_mut() {
        spec.retain(|name, value| {
            let free = ["activeDeadlineSeconds", "tolerations", "schedulingGates"];
            !free.contains(&name.as_str()) && !value.is_null()
        });
    }
    spec
}
