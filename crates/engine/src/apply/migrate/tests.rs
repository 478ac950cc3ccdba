#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(clippy::needless_pass_by_value, reason = "`json!` makes values")]

use super::*;

fn entry(manager: &str, operation: &str, fields: Value) -> Value {
    json!({"manager": manager, "operation": operation, "apiVersion": "v1", "fieldsV1": fields})
}

#[test]
fn an_update_becomes_an_apply() {
    let entries = [entry("helm", "Update", json!({"f:data": {"f:a": {}}}))];
    let carried = carried_over(&entries, "helm").unwrap();
    assert_eq!(
        carried,
        [entry("helm", "Apply", json!({"f:data": {"f:a": {}}}))]
    );
}

#[test]
fn updates_are_merged_into_what_is_applied() {
    let entries = [
        entry("kubectl", "Update", json!({"f:data": {"f:z": {}}})),
        entry(
            "helm",
            "Update",
            json!({"f:data": {".": {}, "f:a": {}, "f:m": {"f:x": {}}}}),
        ),
        entry("helm", "Apply", json!({"f:data": {"f:b": {}, "f:m": {}}})),
    ];
    let carried = carried_over(&entries, "helm").unwrap();
    let all = json!({"f:data": {".": {}, "f:a": {}, "f:b": {}, "f:m": {".": {}, "f:x": {}}}});
    assert_eq!(carried, [entries[0].clone(), entry("helm", "Apply", all)]);
}

#[test]
fn updates_of_another_version_are_dropped() {
    let mut old = entry("helm", "Update", json!({"f:spec": {}}));
    old["apiVersion"] = "v1beta1".into();
    let new = entry("helm", "Apply", json!({"f:data": {}}));
    assert_eq!(carried_over(&[old, new.clone()], "helm").unwrap(), [new]);
}

#[test]
fn nothing_is_carried_where_nothing_is_owned() {
    let status = {
        let mut entry = entry("helm", "Update", json!({"f:status": {}}));
        entry["subresource"] = "status".into();
        entry
    };
    let applied = entry("helm", "Apply", json!({"f:data": {}}));
    assert_eq!(carried_over(&[status, applied], "helm"), None);
    assert_eq!(patch(&json!({"metadata": {}}), "helm"), None);
}

#[test]
fn the_patch_holds_the_version_that_was_seen() {
    let update = entry("helm", "Update", json!({"f:data": {}}));
    let live = json!({"metadata": {"resourceVersion": "7", "managedFields": [update]}});
    let patch = patch(&live, "helm").unwrap();
    assert_eq!(patch[1]["path"], "/metadata/resourceVersion");
    assert_eq!(patch[1]["value"], "7");
}
