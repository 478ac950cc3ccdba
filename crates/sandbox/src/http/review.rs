//! Reviews: objects that are answered, never stored. Everyone may do everything.

use serde_json::{Value, json};

use crate::catalog::Kind;
use crate::state::State;

/// Answers a review; `None` if `kind` is no such thing.
pub(super) fn answer(state: &State, kind: &Kind, mut object: Value) -> Option<Value> {
    let groups = json!(["system:masters", "system:authenticated"]);
    let user = json!({"username": "admin", "uid": "admin", "groups": groups});
    let status = match kind.kind.as_str() {
        "SelfSubjectAccessReview" | "SubjectAccessReview" | "LocalSubjectAccessReview" => {
            json!({"allowed": true})
        }
        "SelfSubjectRulesReview" => json!({"incomplete": false,
            "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}],
            "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}]}),
        "SelfSubjectReview" => json!({"userInfo": user}),
        "TokenReview" => json!({"authenticated": true, "user": user}),
        _ => return None,
    };
    object["kind"] = kind.kind.clone().into();
    object["apiVersion"] = kind.api_version().into();
    if !object["metadata"].is_object() {
        object["metadata"] = json!({});
    }
    if kind.kind == "SelfSubjectReview" {
        object["metadata"]["creationTimestamp"] = state.now().rfc3339().into();
    }
    object["status"] = status;
    Some(object)
}
