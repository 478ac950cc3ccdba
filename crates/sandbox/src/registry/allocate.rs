//! What Services get: cluster addresses and node ports.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use serde_json::{Value, json};

use super::metadata::{cause, invalid, refuse};
use crate::catalog::Kind;
use crate::state::{State, identity};
use crate::status::Status;

/// The range of addresses, 10.96.0.0/16, as numbers.
const FIRST: u32 = 0x0a60_0000;
const COUNT: u32 = 0x1_0000;
/// The range of node ports.
const PORTS: std::ops::RangeInclusive<u64> = 30000..=32767;

/// For a new Service.
pub(super) fn on_create(
    state: &mut State,
    kind: &Kind,
    object: &mut Value,
    dry_run: bool,
) -> Result<(), Status> {
    if kind.group.is_empty() && kind.plural == "services" {
        let before = state.random.clone();
        addresses(state, kind, object, None)?;
        ports(state, kind, object, None)?;
        if dry_run {
            state.random = before;
        }
    }
    Ok(())
}

/// For a Service that replaces `old`: what it was given stays.
pub(super) fn on_update(
    state: &mut State,
    kind: &Kind,
    old: &Value,
    object: &mut Value,
    dry_run: bool,
) -> Result<(), Status> {
    if !(kind.group.is_empty() && kind.plural == "services") {
        return Ok(());
    }
    let before = state.random.clone();
    let typed = |object: &Value| {
        object["spec"]["type"]
            .as_str()
            .unwrap_or("ClusterIP")
            .to_owned()
    };
    if typed(old) != "ExternalName" && typed(object) != "ExternalName" {
        for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
            if is_unset(&object["spec"][field]) && !old["spec"][field].is_null() {
                object["spec"][field] = old["spec"][field].clone();
            }
        }
        let (was, is) = (&old["spec"]["clusterIP"], &object["spec"]["clusterIP"]);
        if was != is && !is_unset(was) {
            let name = identity(object).1.to_owned();
            let shown = json!([is]);
            let message = format!("Invalid value: {shown}: may not change once set");
            let causes = [cause("FieldValueInvalid", "spec.clusterIPs[0]", message)];
            return refuse(kind, &name, &causes);
        }
    }
    addresses(state, kind, object, Some(old))?;
    ports(state, kind, object, Some(old))?;
    if dry_run {
        state.random = before;
    }
    Ok(())
}

fn is_unset(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

fn addresses(
    state: &mut State,
    kind: &Kind,
    object: &mut Value,
    old: Option<&Value>,
) -> Result<(), Status> {
    let spec = &mut object["spec"];
    if spec["type"] == "ExternalName" {
        if let Some(fields) = spec.as_object_mut() {
            for field in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"] {
                fields.remove(field);
            }
        }
        return Ok(());
    }
    if is_unset(&spec["clusterIP"]) && !is_unset(&spec["clusterIPs"]) {
        spec["clusterIP"] = spec["clusterIPs"][0].clone();
    }
    let wanted = spec["clusterIP"].as_str().unwrap_or_default().to_owned();
    let kept = old.is_some_and(|old| old["spec"]["clusterIP"] == *wanted && !wanted.is_empty());
    if !kept && wanted != "None" {
        let taken = taken_addresses(state);
        if wanted.is_empty() {
            spec["clusterIP"] = free_address(state, &taken).into();
        } else if let Some(why) = unusable(&wanted, &taken) {
            let name = identity(object).1.to_owned();
            let shown = json!([wanted]).to_string();
            let cause = cause(
                "FieldValueInvalid",
                "spec.clusterIPs",
                format!("Invalid value: {shown}: {why}"),
            );
            return refuse(kind, &name, &[cause]);
        }
    }
    let spec = &mut object["spec"];
    if is_unset(&spec["clusterIPs"]) {
        spec["clusterIPs"] = json!([spec["clusterIP"]]);
    }
    // A headless Service without a selector says nothing of addresses, so it may have both families.
    let open = spec["clusterIP"] == "None" && is_unset(&spec["selector"]);
    let (families, policy) = match open {
        true => (json!(["IPv4", "IPv6"]), "RequireDualStack"),
        false => (json!(["IPv4"]), "SingleStack"),
    };
    if is_unset(&spec["ipFamilies"]) {
        spec["ipFamilies"] = families;
    }
    if is_unset(&spec["ipFamilyPolicy"]) {
        spec["ipFamilyPolicy"] = policy.into();
    }
    Ok(())
}

fn taken_addresses(state: &State) -> BTreeSet<String> {
    let services = state.list("services", None);
    let addresses = services.filter_map(|s| s["spec"]["clusterIP"].as_str());
    addresses.map(str::to_owned).collect()
}

fn unusable(wanted: &str, taken: &BTreeSet<String>) -> Option<String> {
    let Ok(address) = wanted.parse::<Ipv4Addr>() else {
        return Some("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)".to_owned());
    };
    if !(FIRST..FIRST + COUNT).contains(&u32::from(address)) {
        return Some(format!(
            "failed to allocate IP {wanted}: the provided IP ({wanted}) is not in the valid range. The range of valid IPs is 10.96.0.0/16"
        ));
    }
    taken
        .contains(wanted)
        .then(|| format!("failed to allocate IP {wanted}: provided IP is already allocated"))
}

/// An address that no other Service has. The low end of the range is left to those who ask for one.
fn free_address(state: &mut State, taken: &BTreeSet<String>) -> String {
    let mut offset = u32::try_from(256 + state.random.below(u64::from(COUNT) - 512)).unwrap_or(256);
    loop {
        let address = Ipv4Addr::from(FIRST + offset).to_string();
        if !taken.contains(&address) {
            return address;
        }
        offset = (offset + 1) % COUNT;
    }
}

fn ports(
    state: &mut State,
    kind: &Kind,
    object: &mut Value,
    old: Option<&Value>,
) -> Result<(), Status> {
    let typed = object["spec"]["type"]
        .as_str()
        .unwrap_or("ClusterIP")
        .to_owned();
    let wants = match typed.as_str() {
        "NodePort" => true,
        "LoadBalancer" => object["spec"]["allocateLoadBalancerNodePorts"] != false,
        _ => false,
    };
    let (namespace, name) = identity(object);
    let (namespace, name) = (namespace.to_owned(), name.to_owned());
    let mut taken: BTreeSet<u64> = state
        .list("services", None)
        .filter(|service| identity(service) != (namespace.as_str(), name.as_str()))
        .flat_map(|service| service["spec"]["ports"].as_array().into_iter().flatten())
        .filter_map(|port| port["nodePort"].as_u64())
        .collect();
    let ports = object["spec"]
        .get_mut("ports")
        .and_then(Value::as_array_mut);
    let Some(ports) = ports else {
        return Ok(());
    };
    for (index, port) in ports.iter_mut().enumerate() {
        let wanted = port["nodePort"].as_u64().unwrap_or(0);
        if !wants && wanted == 0 {
            drop(port.as_object_mut().map(|port| port.remove("nodePort")));
            continue;
        }
        if wanted == 0 {
            let kept = old.and_then(|old| former_port(old, port));
            let number = match kept.filter(|number| !taken.contains(number)) {
                Some(number) => number,
                None => free_port(state, &taken),
            };
            taken.insert(number);
            port["nodePort"] = number.into();
            continue;
        }
        let field = format!("spec.ports[{index}].nodePort");
        let why = if !PORTS.contains(&wanted) {
            "provided port is not in the valid range. The range of valid ports is 30000-32767"
        } else if !taken.insert(wanted) {
            "provided port is already allocated"
        } else {
            continue;
        };
        let mut cause = invalid(&field, "", why);
        cause.message = format!("Invalid value: {wanted}: {why}");
        return refuse(kind, &name, &[cause]);
    }
    Ok(())
}

/// The node port that the same port had before.
fn former_port(old: &Value, port: &Value) -> Option<u64> {
    let former = old["spec"]["ports"].as_array()?.iter().find(|former| {
        former["port"] == port["port"]
            && former["protocol"] == port["protocol"]
            && former["name"] == port["name"]
    })?;
    former["nodePort"].as_u64()
}

fn free_port(state: &mut State, taken: &BTreeSet<u64>) -> u64 {
    let size = PORTS.end() - PORTS.start() + 1;
    let mut offset = state.random.below(size);
    for _ in 0..size {
        if !taken.contains(&(PORTS.start() + offset)) {
            break;
        }
        offset = (offset + 1) % size;
    }
    PORTS.start() + offset
}
