//! Autoscalers and disruption budgets.

use serde_json::{Value, json};

use super::workloads::count_or_percent;
use super::{Faults, items, text};
use crate::invalid::{Fault, Invalid};

const TYPES: [&str; 5] = [
    "ContainerResource",
    "External",
    "Object",
    "Pods",
    "Resource",
];

pub(super) fn autoscaler(spec: &Value, faults: &mut Faults) {
    let least = spec["minReplicas"].as_i64();
    let most = spec["maxReplicas"].as_i64().unwrap_or(0);
    if least.is_some_and(|least| least < 1) {
        let said = "must be greater than or equal to 1";
        faults.malformed("spec.minReplicas", &spec["minReplicas"], said);
    }
    if most < 1 {
        faults.required("spec.maxReplicas", "must be set and greater than 0");
    }
    if most < least.unwrap_or(1) {
        let said = "must be greater than or equal to `minReplicas`";
        faults.malformed("spec.maxReplicas", &json!(most), said);
    }
    let target = &spec["scaleTargetRef"];
    faults.needs(target, "spec.scaleTargetRef", "kind");
    faults.needs(target, "spec.scaleTargetRef", "name");
    for (at, metric) in items(&spec["metrics"]).iter().enumerate() {
        self::metric(metric, &format!("spec.metrics[{at}]"), faults);
    }
}

fn metric(metric: &Value, field: &str, faults: &mut Faults) {
    let of_type = text(&metric["type"]);
    if !TYPES.contains(&of_type) {
        return faults.one_of(metric, field, "type", &TYPES);
    }
    if of_type != "Resource" {
        return;
    }
    let resource = &metric["resource"];
    if resource.is_null() {
        let said = "must populate information for the given metric source";
        return faults.required(&format!("{field}.resource"), said);
    }
    let target = &resource["target"];
    let field = format!("{field}.resource.target.averageUtilization");
    match target["averageUtilization"].as_i64() {
        None if target["averageValue"].is_null() => {
            let said = "must set either a target raw value or a target utilization";
            faults.required(&field, said);
        }
        Some(share) if share < 1 => {
            faults.malformed(&field, &json!(share), "must be greater than 0");
        }
        _ => {}
    }
}

pub(super) fn budget(spec: &Value, faults: &mut Faults) {
    let (least, most) = (&spec["minAvailable"], &spec["maxUnavailable"]);
    if !least.is_null() && !most.is_null() {
        let shown = format!(
            "{{\"MinAvailable\":{least},\"Selector\":{},\"MaxUnavailable\":{most},\"UnhealthyPodEvictionPolicy\":{}}}: minAvailable and maxUnavailable cannot be both set",
            spec["selector"], spec["unhealthyPodEvictionPolicy"]
        );
        faults.add(Invalid::shown(Fault::Invalid, "spec", &shown));
    }
    for name in ["minAvailable", "maxUnavailable"] {
        count_or_percent(spec, "spec", name, faults);
    }
}
