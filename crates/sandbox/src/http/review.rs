//! Reviews: objects that are answered, never stored. Everyone may do everything.

use serde_json::{Value, json};

use crate::catalog::Kind;
use crate::state::State;

/// Answers a review; `None` if `kind` is no such thing.
pub(super) fn answer(
    state: &State,
    kind: &Kind,
    mut object: Value,
    manager: &str,
) -> Option<Value> {
    let groups = json!(["system:masters", "system:authenticated"]);
    let user = json!({"username": "admin", "uid": "admin", "groups": groups});
    let status = match kind.kind.as_str() {
        "SelfSubjectAccessReview" | "SubjectAccessReview" | "LocalSubjectAccessReview" => {
            json!({"allowed": true})
        }
        "SelfSubjectRulesReview" => rules(),
        "SelfSubjectReview" => json!({"userInfo": user}),
        "TokenReview" => json!({"authenticated": true, "user": user}),
        _ => return None,
    };
    object["kind"] = kind.kind.clone().into();
    object["apiVersion"] = kind.api_version().into();
    if !object["metadata"].is_object() {
        object["metadata"] = json!({});
    }
    if kind.kind == "SelfSubjectRulesReview" {
        // What it was asked about is not told again.
        object["spec"] = json!({});
    }
    if kind.kind == "SelfSubjectReview" {
        object["metadata"]["creationTimestamp"] = state.now().rfc3339().into();
    }
    if !matches!(
        kind.kind.as_str(),
        "SelfSubjectReview" | "SelfSubjectRulesReview"
    ) {
        crate::registry::sign(state, kind, &mut object, manager);
    }
    object["status"] = status;
    Some(object)
}

fn rules() -> Value {
    let discovery = [
        "/api",
        "/api/*",
        "/apis",
        "/apis/*",
        "/healthz",
        "/livez",
        "/openapi",
        "/openapi/*",
        "/readyz",
        "/version",
        "/version/",
    ];
    json!({"incomplete": false,
    "resourceRules": [
        {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]},
        {"verbs": ["create"], "apiGroups": ["authorization.k8s.io"],
            "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]},
        {"verbs": ["create"], "apiGroups": ["authentication.k8s.io"],
            "resources": ["selfsubjectreviews"]},
    ],
    "nonResourceRules": [
        {"verbs": ["*"], "nonResourceURLs": ["*"]},
        {"verbs": ["get"], "nonResourceURLs": ["/healthz", "/livez", "/readyz", "/version", "/version/"]},
        {"verbs": ["get"], "nonResourceURLs": discovery},
    ]})
}
