//! Services, their endpoints, Ingresses and policies.

use std::collections::BTreeSet;

use serde_json::Value;

use super::cells::{Look, list, none_if_empty, text};

pub(super) fn cells(plural: &str, look: Look<'_>) -> Option<Vec<Value>> {
    Some(match plural {
        "services" => service(look),
        "endpoints" => vec![look.name(), endpoints(look).into(), look.age()],
        "endpointslices" => slice(look),
        "ingresses" => ingress(look),
        "ingressclasses" => vec![
            look.name(),
            look.text("spec.controller").into(),
            parameters(look.at("spec.parameters")).into(),
            look.age(),
        ],
        "networkpolicies" => vec![
            look.name(),
            look.selector("spec.podSelector").into(),
            look.age(),
        ],
        "servicecidrs" => {
            let ranges: Vec<String> = look.list("spec.cidrs").map(text).collect();
            vec![look.name(), ranges.join(",").into(), look.age()]
        }
        "ipaddresses" => {
            let of = look.at("spec.parentRef");
            let parts = ["resource", "group", "namespace", "name"].map(|key| text(&of[key]));
            let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            vec![look.name(), parts.join("/").into()]
        }
        _ => return None,
    })
}

fn service(look: Look<'_>) -> Vec<Value> {
    let address = look.list("spec.clusterIPs").next().map(text);
    let ports: Vec<String> = look
        .list("spec.ports")
        .map(|port| match port["nodePort"].as_i64().unwrap_or(0) {
            0 => format!("{}/{}", port["port"], text(&port["protocol"])),
            node => format!("{}:{node}/{}", port["port"], text(&port["protocol"])),
        })
        .collect();
    vec![
        look.name(),
        look.text("spec.type").into(),
        address.unwrap_or_else(|| "<none>".to_owned()).into(),
        external(look).into(),
        none_if_empty(ports.join(",")).into(),
        look.age(),
        look.labels("spec.selector").into(),
    ]
}

fn external(look: Look<'_>) -> String {
    let own: Vec<String> = look.list("spec.externalIPs").map(text).collect();
    match look.text("spec.type").as_str() {
        "ClusterIP" | "NodePort" => none_if_empty(own.join(",")),
        "ExternalName" => look.text("spec.externalName"),
        "LoadBalancer" => {
            let mut all = balancer(look);
            all.extend(own);
            match all.is_empty() {
                true => "<pending>".to_owned(),
                false => all.join(","),
            }
        }
        _ => "<unknown>".to_owned(),
    }
}

/// Addresses of a load balancer, each once, in order.
fn balancer(look: Look<'_>) -> Vec<String> {
    let entries = look.list("status.loadBalancer.ingress");
    let addresses = entries.map(|entry| match text(&entry["ip"]) {
        ip if ip.is_empty() => text(&entry["hostname"]),
        ip => ip,
    });
    let all: BTreeSet<String> = addresses.filter(|address| !address.is_empty()).collect();
    all.into_iter().collect()
}

fn ingress(look: Look<'_>) -> Vec<Value> {
    const SHOWN: usize = 3;
    let rules = look.size("spec.rules");
    let mut hosts: Vec<String> = Vec::new();
    let mut more = false;
    for rule in look.list("spec.rules") {
        more |= hosts.len() == SHOWN;
        let host = text(&rule["host"]);
        if !more && !host.is_empty() {
            hosts.push(host);
        }
    }
    let mut shown = if hosts.is_empty() {
        "*".to_owned()
    } else {
        hosts.join(",")
    };
    if more && !hosts.is_empty() {
        shown = format!("{shown} + {} more...", rules - SHOWN);
    }
    let ports = if look.size("spec.tls") == 0 {
        "80"
    } else {
        "80, 443"
    };
    vec![
        look.name(),
        look.text_or("spec.ingressClassName", "<none>").into(),
        shown.into(),
        balancer(look).join(",").into(),
        ports.into(),
        look.age(),
    ]
}

fn parameters(of: &Value) -> String {
    if of.is_null() {
        return "<none>".to_owned();
    }
    let (kind, group) = (text(&of["kind"]), text(&of["apiGroup"]));
    let name = text(&of["name"]);
    if group.is_empty() {
        format!("{kind}/{name}")
    } else {
        format!("{kind}.{group}/{name}")
    }
}

fn endpoints(look: Look<'_>) -> String {
    const SHOWN: usize = 3;
    let mut all = Vec::new();
    for subset in look.list("subsets") {
        let addresses = || list(&subset["addresses"]).map(|address| text(&address["ip"]));
        let ports: Vec<&Value> = list(&subset["ports"]).collect();
        if ports.is_empty() {
            all.extend(addresses());
        }
        for port in ports {
            all.extend(addresses().map(|ip| format!("{ip}:{}", port["port"])));
        }
    }
    shortened(&all, SHOWN)
}

fn slice(look: Look<'_>) -> Vec<Value> {
    let ports: Vec<String> = look
        .list("ports")
        .map(|port| {
            let number = text(&port["port"]);
            if number.is_empty() {
                "*".to_owned()
            } else {
                number
            }
        })
        .collect();
    let ports = match ports.is_empty() {
        true => "<unset>".to_owned(),
        false => shortened(&ports, 3),
    };
    let addresses: Vec<String> = look
        .list("endpoints")
        .flat_map(|endpoint| list(&endpoint["addresses"]))
        .map(text)
        .collect();
    let addresses = match addresses.is_empty() {
        true => "<unset>".to_owned(),
        false => shortened(&addresses, 3),
    };
    vec![
        look.name(),
        look.text("addressType").into(),
        ports.into(),
        addresses.into(),
        look.age(),
    ]
}

fn shortened(all: &[String], shown: usize) -> String {
    if all.is_empty() {
        return "<none>".to_owned();
    }
    let text = all[..all.len().min(shown)].join(",");
    match all.len().saturating_sub(shown) {
        0 => text,
        more => format!("{text} + {more} more..."),
    }
}
