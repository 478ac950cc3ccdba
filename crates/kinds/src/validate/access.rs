//! Roles and their bindings.

use serde_json::{Value, json};

use super::{Faults, items, text};
use crate::invalid::{Fault, Invalid};

const GROUP: &str = "rbac.authorization.k8s.io";

pub(super) fn role(role: &Value, namespaced: bool, faults: &mut Faults) {
    for (at, rule) in items(&role["rules"]).iter().enumerate() {
        let field = format!("rules[{at}]");
        let none = |name: &str| items(&rule[name]).is_empty();
        if none("verbs") {
            faults.required(
                &format!("{field}.verbs"),
                "verbs must contain at least one value",
            );
        }
        if !none("nonResourceURLs") {
            let urls = format!("{field}.nonResourceURLs");
            let shown = &rule["nonResourceURLs"];
            if namespaced {
                let said = "namespaced rules cannot apply to non-resource URLs";
                faults.malformed(&urls, shown, said);
            }
            if !none("apiGroups") || !none("resources") || !none("resourceNames") {
                let said = "rules cannot apply to both regular resources and non-resource URLs";
                faults.malformed(&urls, shown, said);
            }
            continue;
        }
        if none("apiGroups") {
            let said = "resource rules must supply at least one api group";
            faults.required(&format!("{field}.apiGroups"), said);
        }
        if none("resources") {
            let said = "resource rules must supply at least one resource";
            faults.required(&format!("{field}.resources"), said);
        }
    }
}

pub(super) fn binding(binding: &Value, namespaced: bool, faults: &mut Faults) {
    let role = &binding["roleRef"];
    let group = text(&role["apiGroup"]);
    if !matches!(group, "" | GROUP) {
        faults.add(Invalid::not_supported(
            "roleRef.apiGroup",
            json!(group),
            &[GROUP],
        ));
    }
    let kinds: &[&str] = if namespaced {
        &["Role", "ClusterRole"]
    } else {
        &["ClusterRole"]
    };
    if !kinds.contains(&text(&role["kind"])) {
        faults.add(Invalid::not_supported(
            "roleRef.kind",
            role["kind"].clone(),
            kinds,
        ));
    }
    faults.needs(role, "roleRef", "name");
    for (at, subject) in items(&binding["subjects"]).iter().enumerate() {
        let field = format!("subjects[{at}]");
        faults.needs(subject, &field, "name");
        match text(&subject["kind"]) {
            "ServiceAccount" => {
                if !namespaced {
                    faults.needs(subject, &field, "namespace");
                }
            }
            "User" | "Group" => {}
            _ => {
                let kinds = ["ServiceAccount", "User", "Group"];
                let field = format!("{field}.kind");
                faults.add(Invalid::not_supported(
                    &field,
                    subject["kind"].clone(),
                    &kinds,
                ));
            }
        }
    }
}

/// A binding keeps its role.
pub(super) fn update(old: &Value, new: &Value, faults: &mut Faults) {
    let (was, is) = (&old["roleRef"], &new["roleRef"]);
    if was == is {
        return;
    }
    let group = match text(&is["apiGroup"]) {
        "" => GROUP,
        given => given,
    };
    let (kind, name) = (json!(is["kind"]), json!(is["name"]));
    let shown = format!(
        "{{\"APIGroup\":{},\"Kind\":{kind},\"Name\":{name}}}: cannot change roleRef",
        json!(group)
    );
    faults.add(Invalid::shown(Fault::Invalid, "roleRef", &shown));
}
