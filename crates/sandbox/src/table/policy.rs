//! Rules about others: RBAC, admission, disruption, priority, leases, and the other small groups.

use serde_json::Value;

use super::cells::{Look, text};

pub(super) fn cells(plural: &str, look: Look<'_>) -> Option<Vec<Value>> {
    let counted = |path: &str| vec![look.name(), look.size(path).into(), look.age()];
    Some(match plural {
        "poddisruptionbudgets" => vec![
            look.name(),
            look.text_or("spec.minAvailable", "N/A").into(),
            look.text_or("spec.maxUnavailable", "N/A").into(),
            look.number("status.disruptionsAllowed").into(),
            look.age(),
        ],
        "rolebindings" | "clusterrolebindings" => binding(look),
        "priorityclasses" => vec![
            look.name(),
            look.number("value").into(),
            look.at("globalDefault").as_bool().unwrap_or(false).into(),
            look.age(),
            look.text("preemptionPolicy").into(),
        ],
        "leases" => vec![
            look.name(),
            look.text("spec.holderIdentity").into(),
            look.age(),
        ],
        "runtimeclasses" => vec![look.name(), look.text("handler").into(), look.age()],
        "mutatingwebhookconfigurations" | "validatingwebhookconfigurations" => counted("webhooks"),
        "validatingadmissionpolicies" => admission(look, "spec.validations"),
        "mutatingadmissionpolicies" => admission(look, "spec.mutations"),
        "validatingadmissionpolicybindings" | "mutatingadmissionpolicybindings" => vec![
            look.name(),
            look.text("spec.policyName").into(),
            parameter(look).into(),
            look.age(),
        ],
        "apiservices" => service(look),
        "certificatesigningrequests" => request(look),
        "deviceclasses" | "resourceclaimtemplates" => vec![look.name(), look.age()],
        "resourceclaims" => vec![look.name(), claim(look).into(), look.age()],
        "resourceslices" => vec![
            look.name(),
            look.text("spec.nodeName").into(),
            look.text("spec.driver").into(),
            look.text("spec.pool.name").into(),
            look.age(),
        ],
        "flowschemas" => vec![
            look.name(),
            look.text("spec.priorityLevelConfiguration.name").into(),
            look.number("spec.matchingPrecedence").into(),
            look.text_or("spec.distinguisherMethod.type", "<none>")
                .into(),
            look.age(),
            dangling(look).into(),
        ],
        "prioritylevelconfigurations" => level(look),
        _ => return None,
    })
}

fn binding(look: Look<'_>) -> Vec<Value> {
    let role = look.at("roleRef");
    let subjects = |kind: &str| {
        let named: Vec<String> = look
            .list("subjects")
            .filter(|subject| subject["kind"] == kind)
            .map(|subject| match kind {
                "ServiceAccount" => {
                    format!("{}/{}", text(&subject["namespace"]), text(&subject["name"]))
                }
                _ => text(&subject["name"]),
            })
            .collect();
        Value::from(named.join(", "))
    };
    vec![
        look.name(),
        format!("{}/{}", text(&role["kind"]), text(&role["name"])).into(),
        look.age(),
        subjects("User"),
        subjects("Group"),
        subjects("ServiceAccount"),
    ]
}

fn admission(look: Look<'_>, rules: &str) -> Vec<Value> {
    let kind = look.at("spec.paramKind");
    let kind = match kind.is_null() {
        true => "<unset>".to_owned(),
        false => format!("{}/{}", text(&kind["apiVersion"]), text(&kind["kind"])),
    };
    vec![
        look.name(),
        look.size(rules).into(),
        kind.into(),
        look.age(),
    ]
}

fn parameter(look: Look<'_>) -> String {
    let of = look.at("spec.paramRef");
    if of.is_null() {
        return "<unset>".to_owned();
    }
    let (namespace, name) = (text(&of["namespace"]), text(&of["name"]));
    match (namespace.is_empty(), name.is_empty()) {
        (true, false) => name,
        (false, false) => format!("{namespace}/{name}"),
        (false, true) => format!("{namespace}/*"),
        (true, true) => "*".to_owned(),
    }
}

fn service(look: Look<'_>) -> Vec<Value> {
    let of = look.at("spec.service");
    let backend = match of.is_null() {
        true => "Local".to_owned(),
        false => format!("{}/{}", text(&of["namespace"]), text(&of["name"])),
    };
    let available = look
        .list("status.conditions")
        .find(|c| c["type"] == "Available");
    let available = available.map_or_else(
        || "Unknown".to_owned(),
        |condition| match text(&condition["status"]) {
            good if good == "True" => good,
            bad => format!("{bad} ({})", text(&condition["reason"])),
        },
    );
    vec![look.name(), backend.into(), available.into(), look.age()]
}

fn request(look: Look<'_>) -> Vec<Value> {
    let has = |kind: &str| look.list("status.conditions").any(|c| c["type"] == kind);
    let mut condition = match (has("Denied"), has("Approved")) {
        (true, _) => "Denied",
        (false, true) => "Approved",
        (false, false) => "Pending",
    }
    .to_owned();
    if has("Failed") {
        condition.push_str(",Failed");
    }
    if !look.text("status.certificate").is_empty() {
        condition.push_str(",Issued");
    }
    let duration = look.at("spec.expirationSeconds").as_u64();
    let duration = duration.map_or_else(|| "<none>".to_owned(), super::cells::human);
    vec![
        look.name(),
        look.age(),
        look.text_or("spec.signerName", "<none>").into(),
        look.text("spec.username").into(),
        duration.into(),
        condition.into(),
    ]
}

fn claim(look: Look<'_>) -> String {
    let mut states = Vec::new();
    if !look.at("metadata.deletionTimestamp").is_null() {
        states.push("deleted");
    }
    match look.at("status.allocation").is_null() {
        true if look.at("metadata.deletionTimestamp").is_null() => states.push("pending"),
        true => {}
        false => states.push("allocated"),
    }
    if look.size("status.reservedFor") > 0 {
        states.push("reserved");
    }
    states.join(",")
}

fn dangling(look: Look<'_>) -> String {
    let condition = look
        .list("status.conditions")
        .find(|c| c["type"] == "Dangling");
    condition.map_or_else(|| "?".to_owned(), |condition| text(&condition["status"]))
}

fn level(look: Look<'_>) -> Vec<Value> {
    let queuing = "spec.limited.limitResponse.queuing";
    let shares = match look.text("spec.type").as_str() {
        "Exempt" => "spec.exempt.nominalConcurrencyShares",
        _ => "spec.limited.nominalConcurrencyShares",
    };
    let shown = |path: String| Value::from(look.text_or(&path, "<none>"));
    vec![
        look.name(),
        look.text("spec.type").into(),
        shown(shares.to_owned()),
        shown(format!("{queuing}.queues")),
        shown(format!("{queuing}.handSize")),
        shown(format!("{queuing}.queueLengthLimit")),
        look.age(),
    ]
}
