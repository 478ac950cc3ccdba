//! Services.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Faults, PORT_RANGE, is_port, items, labels, names, probes, text};
use crate::invalid::{Fault, Invalid};

pub(super) fn check(service: &Value, faults: &mut Faults) {
    let spec = &service["spec"];
    let of_type = text(&spec["type"]);
    let address = text(&spec["clusterIP"]);
    let ports = items(&spec["ports"]);
    if ports.is_empty() && address != "None" && of_type != "ExternalName" {
        faults.required("spec.ports", "");
    }
    if of_type == "ExternalName" {
        faults.needs(spec, "spec", "externalName");
    }
    if address == "None" && matches!(of_type, "NodePort" | "LoadBalancer") {
        let said = format!("may not be set to 'None' for {of_type} services");
        faults.malformed("spec.clusterIPs[0]", &json!(address), &said);
    }
    let mut names_seen = BTreeSet::new();
    for (at, port) in ports.iter().enumerate() {
        let field = format!("spec.ports[{at}]");
        check_port(port, &field, ports.len() > 1, &mut names_seen, faults);
    }
    labels::check(&spec["selector"], "spec.selector", faults);
    faults.one_of(spec, "spec", "sessionAffinity", &["ClientIP", "None"]);
    let types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    faults.one_of(spec, "spec", "type", &types);
    if !matches!(address, "" | "None") && address.parse::<std::net::IpAddr>().is_err() {
        let said = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
        faults.malformed("spec.clusterIPs[0]", &json!(address), said);
    }
    if matches!(of_type, "" | "ClusterIP") {
        for (at, port) in ports.iter().enumerate() {
            if port["nodePort"].as_i64().is_some_and(|port| port != 0) {
                let said = "may not be used when `type` is 'ClusterIP'";
                faults.forbidden(&format!("spec.ports[{at}].nodePort"), said);
            }
        }
    }
    same_port(ports, faults);
    ranges(spec, of_type, faults);
    if text(&spec["externalTrafficPolicy"]) == "Local" && matches!(of_type, "" | "ClusterIP") {
        let said = "may only be set for externally-accessible services";
        let policy = &spec["externalTrafficPolicy"];
        faults.malformed("spec.externalTrafficPolicy", policy, said);
    }
}

fn check_port<'a>(
    port: &'a Value,
    field: &str,
    several: bool,
    seen: &mut BTreeSet<&'a str>,
    faults: &mut Faults,
) {
    let name = text(&port["name"]);
    if several && name.is_empty() {
        faults.required(&format!("{field}.name"), "");
    } else if !name.is_empty() {
        let field = format!("{field}.name");
        faults.named(&field, name, names::label(name));
        if !seen.insert(name) {
            faults.add(Invalid::duplicate(&field, json!(name)));
        }
    }
    if !is_port(&port["port"]) {
        faults.malformed(&format!("{field}.port"), &port["port"], PORT_RANGE);
    }
    faults.one_of(port, field, "protocol", &["SCTP", "TCP", "UDP"]);
    // Where it is absent or 0, it is the port itself.
    let target = match &port["targetPort"] {
        Value::Null => &port["port"],
        target if target.as_i64() == Some(0) => &port["port"],
        target => target,
    };
    probes::port(target, &format!("{field}.targetPort"), faults);
}

/// No two ports are one, whatever their names.
fn same_port(ports: &[Value], faults: &mut Faults) {
    let protocol = |port: &Value| match text(&port["protocol"]) {
        "" => "TCP".to_owned(),
        given => given.to_owned(),
    };
    for (at, port) in ports.iter().enumerate() {
        let before = ports[..at]
            .iter()
            .any(|other| other["port"] == port["port"] && protocol(other) == protocol(port));
        if before {
            let shown = format!(
                "{{\"Name\":\"\",\"Protocol\":{},\"AppProtocol\":null,\"Port\":{},\"TargetPort\":0,\"NodePort\":0}}",
                json!(protocol(port)),
                port["port"]
            );
            let field = format!("spec.ports[{at}]");
            faults.add(Invalid::shown(Fault::Duplicate, &field, &shown));
        }
    }
}

fn ranges(spec: &Value, of_type: &str, faults: &mut Faults) {
    let ranges = items(&spec["loadBalancerSourceRanges"]);
    if !ranges.is_empty() && of_type != "LoadBalancer" {
        let said = "may only be used when `type` is 'LoadBalancer'";
        faults.forbidden("spec.LoadBalancerSourceRanges", said);
    }
    for (at, range) in ranges.iter().enumerate() {
        if !names::is_cidr(text(range)) {
            let field = format!("spec.LoadBalancerSourceRanges[{at}]");
            faults.malformed(&field, range, names::CIDR);
        }
    }
}

pub(super) fn update(old: &Value, new: &Value, faults: &mut Faults) {
    let address = |service: &Value| text(&service["spec"]["clusterIP"]).to_owned();
    let (was, is) = (address(old), address(new));
    let external = |service: &Value| service["spec"]["type"] == "ExternalName";
    let allocated = !was.is_empty() && !is.is_empty();
    if allocated && was != is && !external(old) && !external(new) {
        faults.malformed(
            "spec.clusterIPs[0]",
            &json!([is]),
            "may not change once set",
        );
    }
}
