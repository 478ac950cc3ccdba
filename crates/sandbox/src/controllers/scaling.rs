//! HorizontalPodAutoscalers and PodDisruptionBudgets: what they say of themselves. Nothing measures load here,
//! so nothing is scaled but into the bounds that are told.

use std::sync::Arc;

use serde_json::{Value, json};

use super::desk::{self, number, text};
use super::events::{self, Source};
use super::replica_set;
use crate::select::LabelSelector;
use crate::state::{State, Task, identity};

pub(super) const AUTOSCALERS: &str = "horizontalpodautoscalers.autoscaling";
pub(super) const BUDGETS: &str = "poddisruptionbudgets.policy";

/// An autoscaler keeps its target within its bounds.
pub(super) fn autoscale(state: &mut State, task: &Task) {
    let Some(scaler) = state
        .get(AUTOSCALERS, &task.namespace, &task.name)
        .map(Arc::clone)
    else {
        return;
    };
    let reference = &scaler["spec"]["scaleTargetRef"];
    let kind = state
        .catalog
        .find_kind(text(reference, "/apiVersion"), text(reference, "/kind"));
    let resource = kind.map(|kind| Arc::clone(&kind.resource));
    let name = text(reference, "/name");
    let target = resource
        .as_ref()
        .and_then(|resource| state.get(resource, &task.namespace, name));
    let now = state.now().rfc3339();
    let condition = |kind: &str, status: &str, reason: &str, message: &str| {
        json!({"type": kind, "status": status, "reason": reason, "message": message,
            "lastTransitionTime": now})
    };
    let mut status = json!({"desiredReplicas": 0, "currentMetrics": null});
    let Some((resource, target)) = resource.zip(target.map(Arc::clone)) else {
        let plural = text(reference, "/kind").to_lowercase();
        let message = format!(
            "the HPA controller was unable to get the target's current scale: {plural}s.apps \"{name}\" not found"
        );
        status["conditions"] = json!([condition(
            "AbleToScale",
            "False",
            "FailedGetScale",
            &message
        )]);
        write(state, &scaler, status);
        return;
    };
    let present = number(&target, "/spec/replicas").unwrap_or(1);
    let low = number(&scaler, "/spec/minReplicas").unwrap_or(1);
    let high = number(&scaler, "/spec/maxReplicas").unwrap_or(low);
    let wanted = if present == 0 {
        0
    } else {
        present.clamp(low, high.max(low))
    };
    if wanted != present {
        desk::change(state, &resource, &target, |target| {
            target["spec"]["replicas"] = wanted.into();
        });
    }
    status["currentReplicas"] = present.into();
    status["desiredReplicas"] = wanted.into();
    let message = "the HPA controller was able to get the target's current scale";
    let unmeasured = "the HPA was unable to compute the replica count: unable to get metrics: no metrics are measured in a sandbox";
    status["conditions"] = json!([
        condition("AbleToScale", "True", "SucceededGetScale", message),
        condition(
            "ScalingActive",
            "False",
            "FailedGetResourceMetric",
            unmeasured
        ),
    ]);
    write(state, &scaler, status);
}

/// Conditions that say the same keep their time.
fn write(state: &mut State, scaler: &Value, mut status: Value) {
    let known = desk::items(scaler, "/status/conditions").to_vec();
    for condition in status["conditions"].as_array_mut().into_iter().flatten() {
        let same = known
            .iter()
            .find(|it| it["type"] == condition["type"] && it["status"] == condition["status"]);
        if let Some(same) = same {
            condition["lastTransitionTime"] = same["lastTransitionTime"].clone();
        }
    }
    desk::set_status(state, AUTOSCALERS, scaler, status, desk::MANAGER);
}

const SOURCE: Source = Source("controllermanager");

/// A budget counts the pods that it is about.
pub(super) fn budget(state: &mut State, task: &Task) {
    let Some(budget) = state
        .get(BUDGETS, &task.namespace, &task.name)
        .map(Arc::clone)
    else {
        return;
    };
    let selector = LabelSelector::of(&budget["spec"]["selector"]);
    let mut pods = desk::all(state, "pods", identity(&budget).0);
    pods.retain(|pod| {
        selector.matches(&pod["metadata"]["labels"])
            && !matches!(text(pod, "/status/phase"), "Succeeded" | "Failed")
    });
    let count = |n: usize| i64::try_from(n).unwrap_or(0);
    let expected = expected(state, &pods);
    let healthy = count(pods.iter().filter(|pod| replica_set::is_ready(pod)).count());
    let share = |value: &Value| {
        let percent = value
            .as_str()
            .and_then(|text| text.strip_suffix('%')?.parse::<i64>().ok());
        percent.map_or(value.as_i64().unwrap_or(0), |part| {
            (part * expected + 99) / 100
        })
    };
    let desired = if budget["spec"]["maxUnavailable"].is_null() {
        share(&budget["spec"]["minAvailable"])
    } else {
        (expected - share(&budget["spec"]["maxUnavailable"])).max(0)
    };
    let allowed = if expected == 0 {
        0
    } else {
        (healthy - desired).max(0)
    };
    let (truth, reason) = if allowed > 0 {
        ("True", "SufficientPods")
    } else {
        ("False", "InsufficientPods")
    };
    let known = super::condition::find(&budget["status"]["conditions"], "DisruptionAllowed");
    let same = known.filter(|it| it["status"] == truth);
    let since = same.map_or_else(
        || state.now().rfc3339(),
        |it| text(it, "/lastTransitionTime").to_owned(),
    );
    let generation = &budget["metadata"]["generation"];
    if pods.is_empty() && budget["status"]["observedGeneration"] != *generation {
        let message = "No matching pods found";
        events::normal(state, SOURCE, &budget, "NoPods", message);
    }
    let status = json!({
        "currentHealthy": healthy, "desiredHealthy": desired, "expectedPods": expected,
        "disruptionsAllowed": allowed, "observedGeneration": generation,
        "conditions": [{"type": "DisruptionAllowed", "status": truth, "reason": reason,
            "message": "", "lastTransitionTime": since, "observedGeneration": generation}],
    });
    desk::set_status(state, BUDGETS, &budget, status, desk::MANAGER);
}

/// How many pods the owners of these pods want.
fn expected(state: &State, pods: &[Arc<Value>]) -> i64 {
    let mut owners = std::collections::BTreeMap::new();
    let mut single = 0;
    for pod in pods {
        let namespace = identity(pod).0;
        let owner = desk::controller_of(pod).and_then(|owner| {
            let kind = state
                .catalog
                .find_kind(text(owner, "/apiVersion"), text(owner, "/kind"))?;
            state.get(&kind.resource, namespace, text(owner, "/name"))
        });
        match owner.and_then(|owner| Some((owner, number(owner, "/spec/replicas")?))) {
            Some((owner, replicas)) => {
                owners.insert(text(owner, "/metadata/uid").to_owned(), replicas);
            }
            None => single += 1,
        }
    }
    single + owners.values().sum::<i64>()
}

/// The budgets of a namespace.
pub(super) fn budgets_of(state: &State, namespace: &str) -> Vec<String> {
    let budgets = state.list(BUDGETS, Some(namespace));
    budgets.map(|it| identity(it).1.to_owned()).collect()
}
