//! The other core kinds: nodes, namespaces, settings, events, quotas.

use serde_json::Value;

use super::cells::{Look, none_if_empty, text};

pub(super) fn cells(plural: &str, look: Look<'_>) -> Option<Vec<Value>> {
    Some(match plural {
        "namespaces" => vec![look.name(), look.text("status.phase").into(), look.age()],
        "configmaps" => {
            let size = look.size("data") + look.size("binaryData");
            vec![look.name(), size.into(), look.age()]
        }
        "secrets" => vec![
            look.name(),
            look.text("type").into(),
            look.size("data").into(),
            look.age(),
        ],
        "serviceaccounts" => vec![look.name(), look.age()],
        "nodes" => node(look),
        "events" => event(look),
        "resourcequotas" => quota(look),
        _ => return None,
    })
}

fn node(look: Look<'_>) -> Vec<Value> {
    let ready = look
        .list("status.conditions")
        .find(|c| c["type"] == "Ready");
    let mut status = match ready.map(|condition| condition["status"] == "True") {
        Some(true) => "Ready".to_owned(),
        Some(false) => "NotReady".to_owned(),
        None => "Unknown".to_owned(),
    };
    if look.at("spec.unschedulable") == true {
        status.push_str(",SchedulingDisabled");
    }
    let labels = look.at("metadata.labels").as_object().into_iter().flatten();
    let roles: Vec<String> = labels
        .filter_map(
            |(key, value)| match key.strip_prefix("node-role.kubernetes.io/") {
                Some(role) if !role.is_empty() => Some(role.to_owned()),
                _ if key == "kubernetes.io/role" => Some(text(value)),
                _ => None,
            },
        )
        .collect();
    let address = |kind: &str| {
        let found = look
            .list("status.addresses")
            .find(|address| address["type"] == kind);
        none_if_empty(
            found
                .map(|address| text(&address["address"]))
                .unwrap_or_default(),
        )
    };
    let info = |key: &str| look.text_or(&format!("status.nodeInfo.{key}"), "<unknown>");
    let mut kernel = info("kernelVersion");
    let architecture = look.text("status.nodeInfo.architecture");
    if !architecture.is_empty() {
        kernel = format!("{kernel} ({architecture})");
    }
    vec![
        look.name(),
        status.into(),
        none_if_empty(roles.join(",")).into(),
        look.age(),
        look.text("status.nodeInfo.kubeletVersion").into(),
        address("InternalIP").into(),
        address("ExternalIP").into(),
        info("osImage").into(),
        kernel.into(),
        info("containerRuntimeVersion").into(),
    ]
}

pub(super) fn event(look: Look<'_>) -> Vec<Value> {
    let first = match look.at("firstTimestamp") {
        Value::Null => look.since(look.at("eventTime")),
        time => look.since(time),
    };
    let series = look.at("series");
    let last = match (series.is_object(), look.at("lastTimestamp")) {
        (true, _) => look.since(&series["lastObservedTime"]),
        (false, Value::Null) => first.clone(),
        (false, time) => look.since(time),
    };
    let count = match series["count"].as_i64() {
        Some(count) => count,
        None => look.number("count").max(1),
    };
    let kind = look.text("involvedObject.kind").to_lowercase();
    let target = match look.text("involvedObject.name") {
        name if name.is_empty() => kind,
        name => format!("{kind}/{name}"),
    };
    let component = look.text_or("source.component", &look.text("reportingComponent"));
    let host = look.text_or("source.host", &look.text("reportingInstance"));
    let source = match host.is_empty() {
        true => component,
        false => format!("{component}, {host}"),
    };
    vec![
        last.into(),
        look.text("type").into(),
        look.text("reason").into(),
        target.into(),
        look.text("involvedObject.fieldPath").into(),
        source.into(),
        look.text("message").trim().into(),
        first.into(),
        count.into(),
        look.name(),
    ]
}

fn quota(look: Look<'_>) -> Vec<Value> {
    let (mut requests, mut limits) = (Vec::new(), Vec::new());
    let hard = look.at("status.hard").as_object().into_iter().flatten();
    for (resource, hard) in hard {
        let used = look.at("status.used").get(resource).map(text);
        let used = used.unwrap_or_else(|| "0".to_owned());
        let shown = format!("{resource}: {used}/{}", text(hard));
        if resource.starts_with("limits") {
            limits.push(shown);
        } else {
            requests.push(shown);
        }
    }
    vec![
        look.name(),
        requests.join(", ").into(),
        limits.join(", ").into(),
        look.age(),
    ]
}
