//! Containers that make certificates: the one thing that containers of common charts do to the cluster and
//! that the charts wait for.
//!
//! Before its webhooks are served, a chart runs a Job (kube-webhook-certgen) that writes a Secret, which other
//! pods mount, and one that copies the authority from it into the webhooks. A container is known by its arguments:
//! `create --host … --secret-name …` or `patch --webhook-name … --secret-name …`. What it writes are no real
//! certificates: nothing in a sandbox reads them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::controllers::desk::{self, items, text};
use crate::registry::{self, Part, WriteOptions};
use crate::state::State;

const MANAGER: &str = "kube-webhook-certgen";
/// `-----BEGIN CERTIFICATE-----` and its end, in base64.
const CERTIFICATE: &str =
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCi0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS0K";

/// The containers of a pod ended well.
pub(super) fn write(state: &mut State, pod: &Value) {
    for container in items(pod, "/spec/containers") {
        let arguments = arguments(pod, container);
        let Some(secret) = arguments.flags.get("secret-name") else {
            continue;
        };
        let own = text(pod, "/metadata/namespace").to_owned();
        let namespace = arguments.flags.get("namespace").unwrap_or(&own);
        match arguments.verb.as_str() {
            "create" if arguments.flags.contains_key("host") => {
                create(state, &arguments, namespace, secret);
            }
            "patch" => patch(state, &arguments, namespace, secret),
            _ => {}
        }
    }
}

fn create(state: &mut State, arguments: &Arguments, namespace: &str, secret: &str) {
    let key = |flag: &str, default: &str| {
        let said = arguments.flags.get(flag);
        said.map_or(default, String::as_str).to_owned()
    };
    let mut data = json!({"ca": CERTIFICATE});
    data[key("cert-name", "cert")] = CERTIFICATE.into();
    data[key("key-name", "key")] = CERTIFICATE.into();
    let object = json!({"metadata": {"name": secret}, "data": data});
    // One that is there is left alone, as the program does.
    let _ = desk::create(state, "secrets", namespace, object, MANAGER);
}

fn patch(state: &mut State, arguments: &Arguments, namespace: &str, secret: &str) {
    let authority = state
        .get("secrets", namespace, secret)
        .map(|secret| secret["data"]["ca"].clone());
    let (Some(authority), Some(name)) = (authority, arguments.flags.get("webhook-name")) else {
        return;
    };
    for (flag, resource) in [
        (
            "patch-validating",
            "validatingwebhookconfigurations.admissionregistration.k8s.io",
        ),
        (
            "patch-mutating",
            "mutatingwebhookconfigurations.admissionregistration.k8s.io",
        ),
    ] {
        if arguments
            .flags
            .get(flag)
            .is_some_and(|said| said == "false")
        {
            continue;
        }
        let policy = arguments.flags.get("patch-failure-policy");
        let by = WriteOptions::of(MANAGER);
        let place = ("", name.as_str());
        // Charts often have one of the two only.
        let _ = registry::modify(state, resource, place, Part::Main, &by, |configuration| {
            let webhooks = configuration.get_mut("webhooks");
            let webhooks = webhooks.and_then(Value::as_array_mut);
            for webhook in webhooks.into_iter().flatten() {
                webhook["clientConfig"]["caBundle"] = authority.clone();
                if let Some(policy) = policy.filter(|policy| !policy.is_empty()) {
                    webhook["failurePolicy"] = policy.clone().into();
                }
            }
        });
    }
}

/// A container's command line.
struct Arguments {
    verb: String,
    flags: BTreeMap<String, String>,
}

/// `VERB --flag=value --flag value --flag`, with `$(NAME)` of the environment put in.
fn arguments(pod: &Value, container: &Value) -> Arguments {
    let mut words = items(container, "/args")
        .iter()
        .filter_map(Value::as_str)
        .map(|word| expanded(pod, container, word))
        .peekable();
    let mut found = Arguments {
        verb: String::new(),
        flags: BTreeMap::new(),
    };
    while let Some(word) = words.next() {
        let Some(flag) = word.strip_prefix("--") else {
            if found.verb.is_empty() {
                found.verb = word;
            }
            continue;
        };
        let (name, value) = match flag.split_once('=') {
            Some((name, value)) => (name, value.to_owned()),
            None => (
                flag,
                words
                    .next_if(|next| !next.starts_with("--"))
                    .unwrap_or_default(),
            ),
        };
        found.flags.insert(name.to_owned(), value);
    }
    found
}

fn expanded(pod: &Value, container: &Value, word: &str) -> String {
    let mut word = word.to_owned();
    for variable in items(container, "/env") {
        let value = match text(variable, "/valueFrom/fieldRef/fieldPath") {
            "metadata.namespace" => text(pod, "/metadata/namespace"),
            "metadata.name" => text(pod, "/metadata/name"),
            _ => text(variable, "/value"),
        };
        word = word.replace(&format!("$({})", text(variable, "/name")), value);
    }
    word
}
