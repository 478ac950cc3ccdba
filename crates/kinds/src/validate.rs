//! What the server refuses of built-in kinds, as far as charts meet it, in its words.
//!
//! Objects come as they are after defaulting; what is absent and has a default counts as right. Not done: rules
//! that need other objects (admission), rare fields, and the exact rendering of whole internal structs in messages
//! (an immutable Job template): there the object is shown as it travels.

mod access;
mod claims;
mod config;
mod labels;
mod metadata;
mod names;
mod network;
mod pod;
mod probes;
mod scaling;
mod service;
mod volumes;
mod workloads;

use serde_json::Value;

use crate::invalid::{Fault, Invalid};
use crate::kind::Kind;

/// What is wrong with an object to be created.
#[must_use]
pub fn create(kind: &Kind, object: &Value) -> Vec<Invalid> {
    let mut faults = Faults::default();
    metadata::check(kind, object, &mut faults);
    of_kind(kind, object, &mut faults);
    faults.0
}

/// What is wrong with an object that is to take the place of another.
#[must_use]
pub fn update(kind: &Kind, old: &Value, new: &Value) -> Vec<Invalid> {
    let mut faults = Faults::default();
    metadata::check(kind, new, &mut faults);
    match (kind.group, kind.kind) {
        ("apps", "StatefulSet") => {
            of_kind(kind, new, &mut faults);
            workloads::stateful_set_update(old, new, &mut faults);
        }
        ("apps", "Deployment" | "DaemonSet" | "ReplicaSet") => {
            of_kind(kind, new, &mut faults);
            immutable(old, new, &["spec", "selector"], &mut faults);
        }
        ("batch", "Job") => workloads::job_update(old, new, &mut faults),
        ("", "Service") => {
            service::update(old, new, &mut faults);
            of_kind(kind, new, &mut faults);
        }
        ("", "ConfigMap" | "Secret") => {
            if kind.kind == "Secret" {
                immutable(old, new, &["type"], &mut faults);
            }
            config::update(old, new, &mut faults);
            of_kind(kind, new, &mut faults);
        }
        ("", "Pod") => pod::update(old, new, &mut faults),
        ("", "PersistentVolumeClaim") => claims::update(old, new, &mut faults),
        ("rbac.authorization.k8s.io", _) => {
            of_kind(kind, new, &mut faults);
            access::update(old, new, &mut faults);
        }
        _ => of_kind(kind, new, &mut faults),
    }
    faults.0
}

fn of_kind(kind: &Kind, object: &Value, faults: &mut Faults) {
    let spec = &object["spec"];
    match (kind.group, kind.kind) {
        ("apps", "Deployment") => workloads::deployment(spec, faults),
        ("apps", "ReplicaSet") => workloads::replica_set(spec, faults),
        ("apps", "StatefulSet") => workloads::stateful_set(spec, faults),
        ("apps", "DaemonSet") => workloads::daemon_set(spec, faults),
        ("batch", "Job") => workloads::job(spec, "spec", faults),
        ("batch", "CronJob") => workloads::cron_job(object, faults),
        ("", "Pod") => pod::check(spec, "spec", pod::Restart::Any, faults),
        ("", "Service") => service::check(object, faults),
        ("", "ConfigMap") => config::config_map(object, faults),
        ("", "Secret") => config::secret(object, faults),
        ("", "PersistentVolumeClaim") => claims::check(spec, faults),
        ("networking.k8s.io", "Ingress") => network::ingress(spec, faults),
        ("networking.k8s.io", "NetworkPolicy") => network::policy(spec, faults),
        ("rbac.authorization.k8s.io", "Role" | "ClusterRole") => {
            access::role(object, kind.namespaced, faults);
        }
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => {
            access::binding(object, kind.namespaced, faults);
        }
        ("autoscaling", "HorizontalPodAutoscaler") if kind.version == "v2" => {
            scaling::autoscaler(spec, faults);
        }
        ("policy", "PodDisruptionBudget") => scaling::budget(spec, faults),
        _ => {}
    }
}

/// The faults found so far.
#[derive(Default)]
struct Faults(Vec<Invalid>);

impl Faults {
    fn add(&mut self, fault: Invalid) {
        self.0.push(fault);
    }

    fn required(&mut self, field: &str, detail: &str) {
        self.add(Invalid::required(field, detail));
    }

    fn malformed(&mut self, field: &str, value: &Value, detail: &str) {
        self.add(Invalid::malformed(field, value.clone(), detail));
    }

    fn forbidden(&mut self, field: &str, detail: &str) {
        self.add(Invalid::new(Fault::Forbidden, field, Value::Null, detail));
    }

    /// A text that has to be there.
    fn needs(&mut self, object: &Value, field: &str, name: &str) -> bool {
        let there = !text(&object[name]).is_empty();
        if !there {
            self.required(&format!("{field}.{name}"), "");
        }
        there
    }

    /// A number that may not be negative, if it is there.
    fn not_negative(&mut self, object: &Value, field: &str, names: &[&str]) {
        for name in names {
            if object[name].as_i64().is_some_and(|n| n < 0) {
                let detail = "must be greater than or equal to 0";
                self.malformed(&format!("{field}.{name}"), &object[name], detail);
            }
        }
    }

    /// A text that has to be one of these, if it is there.
    fn one_of(&mut self, object: &Value, field: &str, name: &str, supported: &[&str]) {
        let value = text(&object[name]);
        if !value.is_empty() && !supported.contains(&value) {
            let field = format!("{field}.{name}");
            self.add(Invalid::not_supported(
                &field,
                object[name].clone(),
                supported,
            ));
        }
    }

    /// Everything a name is said to lack.
    fn named(&mut self, field: &str, value: &str, wrongs: Vec<String>) {
        for wrong in wrongs {
            self.malformed(field, &Value::from(value), &wrong);
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A field that keeps its value for ever.
fn immutable(old: &Value, new: &Value, path: &[&str], faults: &mut Faults) {
    let at = |object: &Value| {
        path.iter()
            .fold(object.clone(), |value, name| value[name].clone())
    };
    let (was, is) = (at(old), at(new));
    if was != is {
        faults.malformed(&path.join("."), &is, "field is immutable");
    }
}

const PORT_RANGE: &str = "must be between 1 and 65535, inclusive";

fn is_port(value: &Value) -> bool {
    value
        .as_i64()
        .is_some_and(|port| (1..=65535).contains(&port))
}
