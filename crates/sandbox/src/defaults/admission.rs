//! Defaults of webhooks and admission policies.

use serde_json::{Value, json};

use super::{fill, items, part};

pub(super) fn apply(kind: &str, object: &mut Value) {
    match kind {
        "ValidatingWebhookConfiguration" => {
            items(object, "webhooks").for_each(webhook);
        }
        "MutatingWebhookConfiguration" => {
            for hook in items(object, "webhooks") {
                webhook(hook);
                fill(hook, "reinvocationPolicy", "Never");
            }
        }
        "ValidatingAdmissionPolicy" | "MutatingAdmissionPolicy" => {
            fill(&mut object["spec"], "failurePolicy", "Fail");
            if let Some(constraints) = part(&mut object["spec"], "matchConstraints") {
                matching(constraints);
            }
        }
        "ValidatingAdmissionPolicyBinding" | "MutatingAdmissionPolicyBinding" => {
            if let Some(resources) = part(&mut object["spec"], "matchResources") {
                matching(resources);
            }
        }
        _ => {}
    }
}

fn webhook(hook: &mut Value) {
    fill(hook, "failurePolicy", "Fail");
    fill(hook, "timeoutSeconds", 10);
    selectors(hook);
    items(hook, "rules").for_each(scope);
    if let Some(service) = part(&mut hook["clientConfig"], "service") {
        fill(service, "port", 443);
    }
}

fn matching(resources: &mut Value) {
    selectors(resources);
    for list in ["resourceRules", "excludeResourceRules"] {
        items(resources, list).for_each(scope);
    }
}

fn selectors(object: &mut Value) {
    fill(object, "matchPolicy", "Equivalent");
    fill(object, "namespaceSelector", json!({}));
    fill(object, "objectSelector", json!({}));
}

fn scope(rule: &mut Value) {
    fill(rule, "scope", "*");
}
