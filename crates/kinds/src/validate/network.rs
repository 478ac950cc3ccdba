//! Ingresses and network policies.

use serde_json::{Value, json};

use super::{Faults, PORT_RANGE, is_port, items, names, text};
use crate::invalid::Invalid;

pub(super) fn ingress(spec: &Value, faults: &mut Faults) {
    let rules = items(&spec["rules"]);
    if rules.is_empty() && spec["defaultBackend"].is_null() {
        let said = "either `defaultBackend` or `rules` must be specified";
        faults.malformed("spec", &json!([]), said);
    }
    for (at, tls) in items(&spec["tls"]).iter().enumerate() {
        for (host_at, host) in items(&tls["hosts"]).iter().enumerate() {
            let field = format!("spec.tls[{at}].hosts[{host_at}]");
            self::host(text(host), &field, faults);
        }
    }
    if !spec["defaultBackend"].is_null() {
        backend(&spec["defaultBackend"], "spec.defaultBackend", faults);
    }
    for (at, rule) in rules.iter().enumerate() {
        self::rule(rule, &format!("spec.rules[{at}]"), faults);
    }
    let class = text(&spec["ingressClassName"]);
    if !class.is_empty() {
        faults.named("spec.ingressClassName", class, names::subdomain(class));
    }
}

fn host(host: &str, field: &str, faults: &mut Faults) {
    if host.contains('*') {
        faults.named(field, host, names::wildcard(host));
    } else {
        faults.named(field, host, names::subdomain(host));
    }
}

fn rule(rule: &Value, field: &str, faults: &mut Faults) {
    let name = text(&rule["host"]);
    if !name.is_empty() {
        let field = format!("{field}.host");
        if name.parse::<std::net::IpAddr>().is_ok() {
            let said = "must be a DNS name, not an IP address";
            faults.malformed(&field, &json!(name), said);
        } else {
            host(name, &field, faults);
        }
    }
    if rule["http"].is_null() {
        return;
    }
    let paths = items(&rule["http"]["paths"]);
    if paths.is_empty() {
        faults.required(&format!("{field}.http.paths"), "");
    }
    for (at, path) in paths.iter().enumerate() {
        self::path(path, &format!("{field}.http.paths[{at}]"), faults);
    }
}

fn path(path: &Value, field: &str, faults: &mut Faults) {
    let given = text(&path["path"]);
    let place = format!("{field}.path");
    match path["pathType"].as_str() {
        None => faults.required(&format!("{field}.pathType"), "pathType must be specified"),
        Some("Exact" | "Prefix") => {
            if given.starts_with('/') {
                let bad = ["//", "/./", "/../", "%2f", "%2F"];
                for bad in bad.into_iter().filter(|bad| given.contains(bad)) {
                    faults.malformed(&place, &json!(given), &format!("must not contain '{bad}'"));
                }
            } else {
                faults.malformed(&place, &json!(given), "must be an absolute path");
            }
        }
        Some("ImplementationSpecific") => {
            if !given.is_empty() && !given.starts_with('/') {
                faults.malformed(&place, &json!(given), "must be an absolute path");
            }
        }
        Some(_) => {
            let types = ["Exact", "ImplementationSpecific", "Prefix"];
            faults.one_of(path, field, "pathType", &types);
        }
    }
    backend(&path["backend"], &format!("{field}.backend"), faults);
}

fn backend(backend: &Value, field: &str, faults: &mut Faults) {
    let service = &backend["service"];
    if service.is_null() {
        if backend["resource"].is_null() {
            let said = "resource or service backend is required";
            faults.malformed(field, &json!(""), said);
        }
        return;
    }
    if faults.needs(service, &format!("{field}.service"), "name") {
        let name = text(&service["name"]);
        faults.named(&format!("{field}.service.name"), name, names::label(name));
    }
    let port = &service["port"];
    let (name, number) = (text(&port["name"]), &port["number"]);
    let numbered = number.as_i64().is_some_and(|number| number != 0);
    if !name.is_empty() && numbered {
        let said = "cannot set both port name & port number";
        faults.malformed(field, &json!(""), said);
    } else if !name.is_empty() {
        faults.named(
            &format!("{field}.service.port.name"),
            name,
            names::port(name),
        );
    } else if numbered {
        if !is_port(number) {
            faults.malformed(&format!("{field}.service.port.number"), number, PORT_RANGE);
        }
    } else {
        faults.required(field, "port name or number is required");
    }
}

pub(super) fn policy(spec: &Value, faults: &mut Faults) {
    for (rules, peers) in [("ingress", "from"), ("egress", "to")] {
        for (at, rule) in items(&spec[rules]).iter().enumerate() {
            let field = format!("spec.{rules}[{at}]");
            for (at, port) in items(&rule["ports"]).iter().enumerate() {
                policy_port(port, &format!("{field}.ports[{at}]"), faults);
            }
            for (at, peer) in items(&rule[peers]).iter().enumerate() {
                self::peer(peer, &format!("{field}.{peers}[{at}]"), faults);
            }
        }
    }
    for (at, one) in items(&spec["policyTypes"]).iter().enumerate() {
        if !matches!(text(one), "Ingress" | "Egress") {
            let field = format!("spec.policyTypes[{at}]");
            let types = ["Ingress", "Egress"];
            faults.add(Invalid::not_supported(&field, one.clone(), &types));
        }
    }
}

fn policy_port(port: &Value, field: &str, faults: &mut Faults) {
    faults.one_of(port, field, "protocol", &["TCP", "UDP", "SCTP"]);
    match &port["port"] {
        Value::Null => {}
        Value::String(name) => faults.named(&format!("{field}.port"), name, names::port(name)),
        number if is_port(number) => {}
        number => faults.malformed(&format!("{field}.port"), number, PORT_RANGE),
    }
}

fn peer(peer: &Value, field: &str, faults: &mut Faults) {
    let cidr = &peer["ipBlock"]["cidr"];
    if !peer["ipBlock"].is_null() && !names::is_cidr(text(cidr)) {
        faults.malformed(&format!("{field}.ipBlock.cidr"), cidr, names::CIDR);
    }
    let peers = ["podSelector", "namespaceSelector", "ipBlock"];
    if peers.iter().all(|name| peer[name].is_null()) {
        faults.required(field, "must specify a peer");
    }
}
