//! A Service that changes its type: what only the former type meant goes by itself, unless the same
//! change asks for another value of it, which validation then refuses.

use std::collections::BTreeSet;

use serde_json::{Value, json};

/// Takes away what the new type has no use for.
pub(super) fn drop_former(old: &Value, object: &mut Value) {
    let (was, is) = (&old["spec"], object["spec"].clone());
    let mut gone = Vec::new();
    let mut unless_changed = |left: bool, fields: &[&'static str]| {
        if left && fields.iter().all(|field| was[*field] == is[*field]) {
            gone.extend_from_slice(fields);
        }
    };
    let left_addresses = has_address(was) && !has_address(&is);
    unless_changed(left_addresses, &["clusterIP", "clusterIPs"]);
    unless_changed(left_addresses, &["ipFamilies"]);
    unless_changed(left_addresses, &["ipFamilyPolicy"]);
    unless_changed(
        checks_health(was) && !checks_health(&is),
        &["healthCheckNodePort"],
    );
    let left_balancer = was["type"] == "LoadBalancer" && is["type"] != "LoadBalancer";
    unless_changed(left_balancer, &["allocateLoadBalancerNodePorts"]);
    unless_changed(left_balancer, &["loadBalancerClass"]);
    unless_changed(is_open(was) && !is_open(&is), &["externalTrafficPolicy"]);
    let no_node_ports =
        has_node_ports(was) && !has_node_ports(&is) && node_ports(&is).is_subset(&node_ports(was));
    if let Some(spec) = object["spec"].as_object_mut() {
        spec.retain(|field, _| !gone.contains(&field.as_str()));
        let ports = spec.get_mut("ports").and_then(Value::as_array_mut);
        for port in ports.filter(|_| no_node_ports).into_iter().flatten() {
            drop(port.as_object_mut().map(|port| port.remove("nodePort")));
        }
    }
    if is["type"] != "LoadBalancer" && object["status"].is_object() {
        object["status"]["loadBalancer"] = json!({});
    }
}

fn has_address(spec: &Value) -> bool {
    spec["type"] != "ExternalName"
}

fn has_node_ports(spec: &Value) -> bool {
    spec["type"] == "NodePort" || spec["type"] == "LoadBalancer"
}

fn checks_health(spec: &Value) -> bool {
    spec["type"] == "LoadBalancer" && spec["externalTrafficPolicy"] == "Local"
}

/// Whether others than pods reach it.
fn is_open(spec: &Value) -> bool {
    let addresses = spec["externalIPs"].as_array();
    has_node_ports(spec)
        || spec["type"] == "ClusterIP" && addresses.is_some_and(|addresses| !addresses.is_empty())
}

fn node_ports(spec: &Value) -> BTreeSet<u64> {
    let ports = spec["ports"].as_array().into_iter().flatten();
    let numbers = ports.filter_map(|port| port["nodePort"].as_u64());
    numbers.filter(|number| *number != 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(old: &Value, new: &Value) -> Value {
        let mut object = json!({"spec": new});
        drop_former(&json!({"spec": old}), &mut object);
        object["spec"].clone()
    }

    #[test]
    fn what_the_balancer_meant_goes_with_it() {
        let old = json!({"type": "LoadBalancer", "clusterIP": "10.96.1.1", "externalTrafficPolicy": "Cluster",
            "allocateLoadBalancerNodePorts": true, "ports": [{"port": 80, "nodePort": 30080}, {"port": 81, "nodePort": 30081}]});
        let mut new = old.clone();
        new["type"] = "ClusterIP".into();
        new["ports"] = json!([{"port": 80, "nodePort": 30080}]);
        let left = json!({"type": "ClusterIP", "clusterIP": "10.96.1.1", "ports": [{"port": 80}]});
        assert_eq!(changed(&old, &new), left);
    }

    #[test]
    fn what_is_asked_for_anew_stays_for_validation() {
        let old = json!({"type": "NodePort", "ports": [{"port": 80, "nodePort": 30080}]});
        let new = json!({"type": "ClusterIP", "ports": [{"port": 80, "nodePort": 30099}]});
        assert_eq!(changed(&old, &new), new);
    }

    #[test]
    fn a_name_elsewhere_needs_no_address() {
        let old = json!({"type": "ClusterIP", "clusterIP": "10.96.1.1", "clusterIPs": ["10.96.1.1"],
            "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack"});
        let mut new = old.clone();
        new["type"] = "ExternalName".into();
        assert_eq!(changed(&old, &new), json!({"type": "ExternalName"}));
    }
}
