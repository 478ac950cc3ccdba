//! Defaults of services and of what leads to pods.

use serde_json::{Value, json};

use super::{fill, fill_empty, items};

/// How long a client stays with a pod: three hours.
const AFFINITY_SECONDS: u32 = 10_800;

pub(super) fn service(object: &mut Value) {
    let spec = &mut object["spec"];
    fill_empty(spec, "sessionAffinity", "None");
    if spec["sessionAffinity"] == "ClientIP" {
        let timeout = &spec["sessionAffinityConfig"]["clientIP"]["timeoutSeconds"];
        if timeout.is_null() {
            spec["sessionAffinityConfig"] =
                json!({"clientIP": {"timeoutSeconds": AFFINITY_SECONDS}});
        }
    } else if let Some(fields) = spec.as_object_mut() {
        fields.remove("sessionAffinityConfig");
    }
    fill_empty(spec, "type", "ClusterIP");
    for port in items(spec, "ports") {
        fill_empty(port, "protocol", "TCP");
        let number = port["port"].clone();
        fill_empty(port, "targetPort", number);
    }
    let kind = spec["type"].as_str().unwrap_or_default().to_owned();
    let outside = kind == "NodePort"
        || kind == "LoadBalancer"
        || (kind == "ClusterIP"
            && spec["externalIPs"]
                .as_array()
                .is_some_and(|ips| !ips.is_empty()));
    if outside {
        fill_empty(spec, "externalTrafficPolicy", "Cluster");
    }
    if kind != "ExternalName" {
        fill(spec, "internalTrafficPolicy", "Cluster");
    }
    if kind == "LoadBalancer" {
        fill(spec, "allocateLoadBalancerNodePorts", true);
        for ingress in items(&mut object["status"]["loadBalancer"], "ingress") {
            if ingress["ip"].as_str().is_some_and(|ip| !ip.is_empty()) {
                fill(ingress, "ipMode", "VIP");
            }
        }
    }
}

pub(super) fn endpoints(object: &mut Value) {
    for subset in items(object, "subsets") {
        for port in items(subset, "ports") {
            fill_empty(port, "protocol", "TCP");
        }
    }
}

pub(super) fn endpoint_slice(object: &mut Value) {
    for port in items(object, "ports") {
        fill(port, "name", "");
        fill(port, "protocol", "TCP");
    }
}

pub(super) fn policy(object: &mut Value) {
    let spec = &mut object["spec"];
    let sends = spec["egress"]
        .as_array()
        .is_some_and(|rules| !rules.is_empty());
    let types = if sends {
        json!(["Ingress", "Egress"])
    } else {
        json!(["Ingress"])
    };
    fill_empty(spec, "policyTypes", types);
    for direction in ["ingress", "egress"] {
        for rule in items(spec, direction) {
            for port in items(rule, "ports") {
                fill(port, "protocol", "TCP");
            }
        }
    }
}
