#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::json;

use super::*;

fn deployment() -> Schema {
    Schema::builtin("apps", "v1", "Deployment").unwrap()
}

fn with(containers: &Value) -> Value {
    json!({"spec": {"template": {"spec": {"containers": containers}}}})
}

#[test]
fn items_merge_by_name_and_keep_what_others_added() {
    let live =
        with(&json!([{"name": "side", "image": "s"}, {"name": "a", "image": "1", "tty": true}]));
    let patch = with(&json!([{"name": "a", "image": "2"}, {"name": "b"}]));
    let wanted = with(
        &json!([{"name": "side", "image": "s"}, {"name": "a", "image": "2", "tty": true}, {"name": "b"}]),
    );
    assert_eq!(apply(&deployment(), &live, &patch), Ok(wanted));
}

#[test]
fn directives_take_effect() {
    let live = with(&json!([{"name": "a", "image": "1"}, {"name": "b"}]));
    let patch = with(&json!([{"name": "a", "$patch": "delete"}]));
    assert_eq!(
        apply(&deployment(), &live, &patch),
        Ok(with(&json!([{"name": "b"}])))
    );
    let patch = with(&json!([{"$patch": "replace"}, {"name": "c"}]));
    assert_eq!(
        apply(&deployment(), &live, &patch),
        Ok(with(&json!([{"name": "c"}])))
    );
    let live = json!({"metadata": {"finalizers": ["a", "b"]}});
    let patch = json!({"metadata": {"$deleteFromPrimitiveList/finalizers": ["a"]}});
    assert_eq!(
        apply(&deployment(), &live, &patch),
        Ok(json!({"metadata": {"finalizers": ["b"]}}))
    );
}

#[test]
fn three_ways_make_one_patch() {
    let original = with(&json!([{"name": "a", "image": "1"}, {"name": "gone"}]));
    let modified = with(&json!([{"name": "a", "image": "2"}]));
    let current = with(&json!([{"name": "a", "image": "1"}, {"name": "gone"}, {"name": "side"}]));
    let patch = three_way(&deployment(), &original, &modified, &current).unwrap();
    let wanted = json!({"spec": {"template": {"spec": {
        "$setElementOrder/containers": [{"name": "a"}],
        "containers": [{"name": "a", "image": "2"}, {"name": "gone", "$patch": "delete"}]
    }}}});
    assert_eq!(patch, wanted);
    let after = apply(&deployment(), &current, &patch).unwrap();
    assert_eq!(
        after,
        with(&json!([{"name": "a", "image": "2"}, {"name": "side"}]))
    );
}

#[test]
fn keys_not_retained_go_away() {
    let original =
        json!({"spec": {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}}}});
    let modified = json!({"spec": {"strategy": {"type": "Recreate"}}});
    let patch = two_way(&deployment(), &original, &modified).unwrap();
    let wanted = json!({"spec": {"strategy": {"$retainKeys": ["type"], "rollingUpdate": null, "type": "Recreate"}}});
    assert_eq!(patch, wanted);
    assert_eq!(apply(&deployment(), &original, &patch), Ok(modified));
}

#[test]
fn a_field_of_no_type_is_an_error_only_if_it_differs() {
    let one = json!({"spec": {"odd": {"a": 1}}});
    let two = json!({"spec": {"odd": {"a": 2}}});
    assert_eq!(two_way(&deployment(), &one, &one), Ok(json!({})));
    assert_eq!(
        two_way(&deployment(), &one, &two).unwrap_err().to_string(),
        "unable to find api field in struct DeploymentSpec for the json field \"odd\""
    );
}
