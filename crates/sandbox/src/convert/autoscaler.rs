//! HorizontalPodAutoscaler: v1 has one number for the CPU, v2 a list of metrics. What v1 has no field
//! for travels in annotations, as the real server does it.

use serde_json::{Map, Value, json};

const METRICS: &str = "autoscaling.alpha.kubernetes.io/metrics";
const CURRENT: &str = "autoscaling.alpha.kubernetes.io/current-metrics";
const CONDITIONS: &str = "autoscaling.alpha.kubernetes.io/conditions";
const BEHAVIOR: &str = "autoscaling.alpha.kubernetes.io/behavior";

/// From v2 as it is stored.
pub(super) fn to_v1(object: &mut Value) {
    let mut notes = Map::new();
    if let Some(spec) = object["spec"].as_object_mut() {
        let metrics = spec.remove("metrics").unwrap_or_default();
        let (cpu, rest) = split_cpu(metrics);
        if let Some(percent) = cpu {
            spec.insert("targetCPUUtilizationPercentage".to_owned(), percent);
        }
        note(&mut notes, METRICS, &rest);
        note(
            &mut notes,
            BEHAVIOR,
            &spec.remove("behavior").unwrap_or_default(),
        );
    }
    if let Some(status) = object["status"].as_object_mut() {
        let current = status.remove("currentMetrics").unwrap_or_default();
        note(&mut notes, CURRENT, &current);
        let conditions = status.remove("conditions").unwrap_or_default();
        note(&mut notes, CONDITIONS, &conditions);
    }
    if !notes.is_empty() {
        if !object["metadata"]["annotations"].is_object() {
            object["metadata"]["annotations"] = json!({});
        }
        for (key, value) in notes {
            object["metadata"]["annotations"][key] = value;
        }
    }
}

/// To v2, for the store.
pub(super) fn to_v2(object: &mut Value) {
    let mut taken = |name: &str| {
        let notes = object["metadata"]["annotations"].as_object_mut()?;
        let text = notes.remove(name)?;
        serde_json::from_str::<Value>(text.as_str()?).ok()
    };
    let (metrics, behavior) = (taken(METRICS), taken(BEHAVIOR));
    let (current, conditions) = (taken(CURRENT), taken(CONDITIONS));
    if let Some(spec) = object["spec"].as_object_mut() {
        let mut list = Vec::new();
        if let Some(percent) = spec.remove("targetCPUUtilizationPercentage") {
            list.push(json!({"type": "Resource", "resource": {"name": "cpu",
                "target": {"type": "Utilization", "averageUtilization": percent}}}));
        }
        if let Some(Value::Array(rest)) = metrics {
            list.extend(rest);
        }
        if !list.is_empty() {
            spec.insert("metrics".to_owned(), list.into());
        }
        if let Some(behavior) = behavior {
            spec.insert("behavior".to_owned(), behavior);
        }
    }
    if let Some(status) = object["status"].as_object_mut() {
        for (name, value) in [("currentMetrics", current), ("conditions", conditions)] {
            if let Some(value) = value {
                status.insert(name.to_owned(), value);
            }
        }
    }
}

fn note(notes: &mut Map<String, Value>, name: &str, value: &Value) {
    let empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    if !empty {
        notes.insert(name.to_owned(), value.to_string().into());
    }
}

/// The first CPU utilization among the metrics, and the other metrics.
fn split_cpu(metrics: Value) -> (Option<Value>, Value) {
    let Value::Array(mut list) = metrics else {
        return (None, Value::Null);
    };
    let is_cpu = |metric: &Value| {
        metric["type"] == "Resource"
            && metric["resource"]["name"] == "cpu"
            && metric["resource"]["target"]["averageUtilization"].is_number()
    };
    let cpu = list.iter().position(is_cpu).map(|at| list.remove(at));
    let percent = cpu.map(|metric| metric["resource"]["target"]["averageUtilization"].clone());
    (percent, list.into())
}
