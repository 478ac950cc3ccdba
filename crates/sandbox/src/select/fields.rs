//! Field selectors: `metadata.name=a,status.phase!=Running`, over the fields a kind offers.

use serde_json::Value;

use crate::catalog::Kind;
use crate::status::Status;

/// All of its terms must hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct FieldSelector {
    terms: Vec<Term>,
}

#[derive(Clone, Debug)]
struct Term {
    field: String,
    value: String,
    equal: bool,
}

impl FieldSelector {
    /// Reads the text of a query, and refuses fields that `kind` does not offer.
    pub(crate) fn parse(kind: &Kind, text: &str) -> Result<Self, Status> {
        let mut terms = Vec::new();
        for part in split_unescaped(text) {
            if part.is_empty() {
                continue;
            }
            let (field, value, equal) = if let Some((f, v)) = part.split_once("!=") {
                (f, v, false)
            } else if let Some((f, v)) = part.split_once("==") {
                (f, v, true)
            } else if let Some((f, v)) = part.split_once('=') {
                (f, v, true)
            } else {
                return Err(Status::bad_request(format!(
                    "invalid selector: '{text}'; can't understand '{part}'"
                )));
            };
            if !offered(kind, field) {
                return Err(Status::bad_request(unsupported(kind, field)));
            }
            terms.push(Term {
                field: field.to_owned(),
                value: value.replace('\\', ""),
                equal,
            });
        }
        Ok(Self { terms })
    }

    /// Adds the name of the one object that is meant.
    pub(crate) fn require_name(&mut self, name: &str) {
        self.terms.push(Term {
            field: "metadata.name".to_owned(),
            value: name.to_owned(),
            equal: true,
        });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    pub(crate) fn matches(&self, object: &Value) -> bool {
        self.terms.iter().all(|term| {
            let value = field(object, &term.field);
            (value == term.value) == term.equal
        })
    }
}

fn split_unescaped(text: &str) -> Vec<String> {
    let (mut parts, mut part, mut escaped) = (Vec::new(), String::new(), false);
    for character in text.chars() {
        if character == ',' && !escaped {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(character);
        }
        escaped = character == '\\' && !escaped;
    }
    parts.push(part);
    parts
}

fn offered(kind: &Kind, field: &str) -> bool {
    if matches!(field, "metadata.name" | "metadata.namespace") {
        // The server's own conversions of two cluster-wide kinds know only the name.
        let nameless =
            kind.group.is_empty() && matches!(kind.plural.as_str(), "nodes" | "namespaces");
        return field == "metadata.name" || !nameless;
    }
    let custom = kind.custom.as_ref();
    if custom.is_some_and(|custom| custom.selectable.iter().any(|path| path == field)) {
        return true;
    }
    let offered: &[&str] = match (kind.group.as_str(), kind.plural.as_str()) {
        ("", "pods") => &[
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "spec.hostNetwork",
            "status.phase",
            "status.podIP",
            "status.podIPs",
            "status.nominatedNodeName",
        ],
        ("", "nodes") => &["spec.unschedulable"],
        ("", "replicationcontrollers") => &["status.replicas"],
        ("", "namespaces") => &["status.phase"],
        ("", "secrets") => &["type"],
        ("", "services") => &["spec.clusterIP", "spec.type"],
        ("", "events") => &[
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type",
        ],
        ("events.k8s.io", "events") => &[
            "regarding.kind",
            "regarding.namespace",
            "regarding.name",
            "regarding.uid",
            "regarding.apiVersion",
            "regarding.resourceVersion",
            "regarding.fieldPath",
            "reason",
            "reportingController",
            "type",
        ],
        ("batch", "jobs") => &["status.successful"],
        ("certificates.k8s.io", "certificatesigningrequests") => &["spec.signerName"],
        _ => &[],
    };
    offered.contains(&field)
}

/// Groups whose kinds have a conversion of their own say it one way, the rest another.
fn unsupported(kind: &Kind, field: &str) -> String {
    let own = matches!(
        (kind.group.as_str(), kind.plural.as_str()),
        (
            "",
            "pods"
                | "nodes"
                | "replicationcontrollers"
                | "events"
                | "namespaces"
                | "secrets"
                | "services"
        ) | ("events.k8s.io", "events")
            | ("batch", "jobs")
            | ("certificates.k8s.io", "certificatesigningrequests")
    );
    if own {
        let label = if kind.plural == "jobs" {
            format!("field label {field:?} not supported for Job")
        } else {
            format!("field label not supported: {field}")
        };
        return label;
    }
    if kind.custom.is_some() {
        return format!("field label not supported: {field}");
    }
    format!(
        "{field:?} is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
    )
}

/// The text of a field; in one of another group's events, the same field under its core name.
fn field(object: &Value, path: &str) -> String {
    let found = path
        .split('.')
        .try_fold(object, |value, key| value.get(key));
    match found {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(flag)) => flag.to_string(),
        Some(Value::Number(number)) => number.to_string(),
        _ => absent(object, path),
    }
}

/// What stands for a field that is not there.
fn absent(object: &Value, path: &str) -> String {
    match path {
        "spec.unschedulable" | "spec.hostNetwork" => "false".to_owned(),
        "status.replicas" | "status.successful" => {
            let count = object["status"]["succeeded"].as_i64().unwrap_or(0);
            count.to_string()
        }
        "source" | "reportingComponent" | "reportingController" => {
            let component = object["source"]["component"].as_str();
            component.unwrap_or_default().to_owned()
        }
        "status.podIPs" => {
            let ips = object["status"]["podIPs"].as_array().into_iter().flatten();
            let ips: Vec<&str> = ips.filter_map(|ip| ip["ip"].as_str()).collect();
            ips.join(",")
        }
        _ => match path.strip_prefix("regarding.") {
            Some(rest) => field(object, &format!("involvedObject.{rest}")),
            None => String::new(),
        },
    }
}
