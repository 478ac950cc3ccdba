//! Deployments, Jobs and their like.

use serde_json::Value;

use super::cells::{Look, human, list, none_if_empty, text};
use crate::clock::Moment;

pub(super) fn cells(plural: &str, look: Look<'_>) -> Option<Vec<Value>> {
    let template = "spec.template.spec";
    let mut cells = match plural {
        "deployments" => {
            let ready = format!(
                "{}/{}",
                look.number("status.readyReplicas"),
                look.number("spec.replicas")
            );
            vec![
                look.name(),
                ready.into(),
                look.number("status.updatedReplicas").into(),
                look.number("status.availableReplicas").into(),
                look.age(),
            ]
        }
        "replicasets" | "replicationcontrollers" => vec![
            look.name(),
            look.number("spec.replicas").into(),
            look.number("status.replicas").into(),
            look.number("status.readyReplicas").into(),
            look.age(),
        ],
        "statefulsets" => {
            let ready = format!(
                "{}/{}",
                look.number("status.readyReplicas"),
                look.number("spec.replicas")
            );
            let mut cells = vec![look.name(), ready.into(), look.age()];
            cells.extend(look.containers(template));
            return Some(cells);
        }
        "daemonsets" => vec![
            look.name(),
            look.number("status.desiredNumberScheduled").into(),
            look.number("status.currentNumberScheduled").into(),
            look.number("status.numberReady").into(),
            look.number("status.updatedNumberScheduled").into(),
            look.number("status.numberAvailable").into(),
            look.labels("spec.template.spec.nodeSelector").into(),
            look.age(),
        ],
        "jobs" => job(look),
        "cronjobs" => return Some(cron_job(look)),
        "controllerrevisions" => return Some(revision(look)),
        "horizontalpodautoscalers" => return Some(autoscaler(look)),
        "podtemplates" => {
            let mut cells = vec![look.name()];
            cells.extend(look.containers("template.spec"));
            cells.push(look.labels("template.metadata.labels").into());
            return Some(cells);
        }
        _ => return None,
    };
    cells.extend(look.containers(template));
    cells.push(match plural {
        "replicationcontrollers" => look.labels("spec.selector").into(),
        _ => look.selector("spec.selector").into(),
    });
    Some(cells)
}

fn job(look: Look<'_>) -> Vec<Value> {
    let done = look.number("status.succeeded");
    let completions = match look.at("spec.completions").as_i64() {
        Some(wanted) => format!("{done}/{wanted}"),
        None => match look.number("spec.parallelism") {
            many @ 2.. => format!("{done}/1 of {many}"),
            _ => format!("{done}/1"),
        },
    };
    let moment = |path: &str| look.at(path).as_str().and_then(Moment::parse);
    let duration = match (moment("status.startTime"), moment("status.completionTime")) {
        (None, _) => String::new(),
        (Some(start), end) => human(end.unwrap_or(look.now).since(start).as_secs()),
    };
    let has = |kind: &str| {
        look.list("status.conditions")
            .any(|condition| condition["type"] == kind && condition["status"] == "True")
    };
    let status = if has("Complete") {
        "Complete"
    } else if has("Failed") {
        "Failed"
    } else if !look.at("metadata.deletionTimestamp").is_null() {
        "Terminating"
    } else if has("Suspended") {
        "Suspended"
    } else if has("FailureTarget") {
        "FailureTarget"
    } else if has("SuccessCriteriaMet") {
        "SuccessCriteriaMet"
    } else {
        "Running"
    };
    vec![
        look.name(),
        status.into(),
        completions.into(),
        duration.into(),
        look.age(),
    ]
}

fn cron_job(look: Look<'_>) -> Vec<Value> {
    let last = look.at("status.lastScheduleTime");
    let suspended = match look.at("spec.suspend").as_bool() {
        Some(true) => "True",
        Some(false) => "False",
        None => "<unset>",
    };
    let mut cells = vec![
        look.name(),
        look.text("spec.schedule").into(),
        look.text_or("spec.timeZone", "<none>").into(),
        suspended.into(),
        look.size("status.active").into(),
        match last.is_null() {
            true => "<none>".into(),
            false => look.since(last).into(),
        },
        look.age(),
    ];
    cells.extend(look.containers("spec.jobTemplate.spec.template.spec"));
    cells.push(look.selector("spec.jobTemplate.spec.selector").into());
    cells
}

fn revision(look: Look<'_>) -> Vec<Value> {
    let owner = look
        .list("metadata.ownerReferences")
        .find(|owner| owner["controller"] == true);
    let owner = owner.map(|owner| {
        let group = owner["apiVersion"]
            .as_str()
            .and_then(|version| version.split_once('/'));
        let kind = text(&owner["kind"]).to_lowercase();
        let name = text(&owner["name"]);
        match group {
            Some((group, _)) => format!("{kind}.{group}/{name}"),
            None => format!("{kind}/{name}"),
        }
    });
    vec![
        look.name(),
        none_if_empty(owner.unwrap_or_default()).into(),
        look.number("revision").into(),
        look.age(),
    ]
}

fn autoscaler(look: Look<'_>) -> Vec<Value> {
    let target = &look.object["spec"]["scaleTargetRef"];
    let least = match look.at("spec.minReplicas").as_i64() {
        Some(least) => least.to_string(),
        None => "<unset>".to_owned(),
    };
    vec![
        look.name(),
        format!("{}/{}", text(&target["kind"]), text(&target["name"])).into(),
        metrics(look).into(),
        least.into(),
        look.number("spec.maxReplicas").into(),
        look.number("status.currentReplicas").into(),
        look.age(),
    ]
}

/// Each metric as `current/target`; two are shown, and how many more there are.
fn metrics(look: Look<'_>) -> String {
    const SHOWN: usize = 2;
    let current: Vec<&Value> = look.list("status.currentMetrics").collect();
    let mut texts: Vec<String> = Vec::new();
    for (index, metric) in list(look.at("spec.metrics")).enumerate() {
        let kind = metric["type"].as_str().unwrap_or_default();
        let key = kind.chars().next().map_or_else(String::new, |first| {
            format!(
                "{}{}",
                first.to_ascii_lowercase(),
                &kind[first.len_utf8()..]
            )
        });
        let now = current
            .get(index)
            .map_or(&Value::Null, |now| &now[key.as_str()]["current"]);
        let spec = &metric[key.as_str()];
        let target = &spec["target"];
        let value = |of: &Value, key: &str| match text(&of[key]) {
            empty if empty.is_empty() => "<unknown>".to_owned(),
            known => known,
        };
        let shown = if target["averageUtilization"].is_number() {
            let now = value(now, "averageUtilization");
            let unit = if now == "<unknown>" { "" } else { "%" };
            format!("{now}{unit}/{}%", target["averageUtilization"])
        } else if !target["averageValue"].is_null() {
            let average = if kind == "Resource" || kind == "Pods" {
                ""
            } else {
                " (avg)"
            };
            format!(
                "{}/{}{average}",
                value(now, "averageValue"),
                text(&target["averageValue"])
            )
        } else {
            format!("{}/{}", value(now, "value"), text(&target["value"]))
        };
        texts.push(match kind {
            "Resource" | "ContainerResource" => format!("{}: {shown}", text(&spec["name"])),
            _ => shown,
        });
    }
    let more = texts.len().saturating_sub(SHOWN);
    texts.truncate(SHOWN);
    let shown = none_if_empty(texts.join(", "));
    if more > 0 {
        format!("{shown} + {more} more...")
    } else {
        shown
    }
}
