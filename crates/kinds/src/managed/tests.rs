#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::json;

use super::*;

fn request(schema: &Schema) -> Request<'_> {
    Request {
        schema,
        api_version: "apps/v1",
        kind: "Deployment",
        subresource: "",
        reset: None,
        now: "2026-01-01T00:00:00Z",
    }
}

fn deployment() -> Schema {
    Schema::builtin("apps", "v1", "Deployment").unwrap()
}

fn config(replicas: u32, image: &str) -> Value {
    json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "x", "namespace": "ns"},
        "spec": {"replicas": replicas, "template": {"spec": {"containers": [{"name": "a", "image": image}]}}}})
}

#[test]
fn a_second_manager_conflicts_and_may_force() {
    let schema = deployment();
    let request = request(&schema);
    let first = apply(&request, None, &config(1, "i:1"), "helm", false).unwrap();
    assert!(first.changed);
    let entries = &first.object["metadata"]["managedFields"];
    assert_eq!(
        entries,
        &json!([{"apiVersion": "apps/v1", "fieldsType": "FieldsV1", "manager": "helm", "operation": "Apply",
            "time": "2026-01-01T00:00:00Z",
            "fieldsV1": {"f:spec": {"f:replicas": {}, "f:template": {"f:spec": {"f:containers":
                {"k:{\"name\":\"a\"}": {".": {}, "f:image": {}, "f:name": {}}}}}}}}])
    );
    let refused = apply(
        &request,
        Some(&first.object),
        &config(2, "i:2"),
        "other",
        false,
    );
    assert_eq!(
        refused.unwrap_err().to_string(),
        "Apply failed with 2 conflicts: conflicts with \"helm\":\n- .spec.replicas\n- .spec.template.spec.containers[name=\"a\"].image"
    );
    let forced = apply(
        &request,
        Some(&first.object),
        &config(2, "i:1"),
        "other",
        true,
    )
    .unwrap();
    assert_eq!(forced.object["spec"]["replicas"], 2);
    let lost = &forced.object["metadata"]["managedFields"][0]["fieldsV1"]["f:spec"];
    assert!(lost.get("f:replicas").is_none(), "{lost}");
}

#[test]
fn what_nobody_states_any_more_goes_away() {
    let schema = deployment();
    let request = request(&schema);
    let mut both = config(1, "i");
    both["spec"]["template"]["spec"]["containers"] =
        json!([{"name": "a", "image": "i"}, {"name": "b", "image": "j"}]);
    both["metadata"]["labels"] = json!({"l": "1"});
    let first = apply(&request, None, &both, "helm", false).unwrap().object;
    let scaled = {
        let mut scaled = first.clone();
        scaled["spec"]["template"]["spec"]["containers"][1]["tty"] = json!(true);
        update(&request, Some(&first), &scaled, "kubectl")
    };
    let second = apply(&request, Some(&scaled), &config(1, "i"), "helm", false)
        .unwrap()
        .object;
    // Owning a field of an item is not owning the item.
    assert_eq!(
        second["spec"]["template"]["spec"]["containers"],
        json!([{"name": "a", "image": "i", "resources": {}}])
    );
    assert!(second["metadata"].get("labels").is_none());
}

#[test]
fn an_undeclared_field_is_refused_in_the_servers_words() {
    let schema = deployment();
    let mut wrong = config(1, "i");
    wrong["spec"]["foo"] = json!(1);
    let refused = apply(&request(&schema), None, &wrong, "helm", false).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "failed to create typed patch object (ns/x; apps/v1, Kind=Deployment): .spec.foo: field not declared in schema"
    );
    let mut twice = config(1, "i");
    twice["spec"]["template"]["spec"]["containers"][0]["env"] =
        json!([{"name": "A"}, {"name": "A"}]);
    let refused = apply(&request(&schema), None, &twice, "helm", false).unwrap_err();
    assert!(
        refused.to_string().ends_with(
            ".spec.template.spec.containers[name=\"a\"].env: duplicate entries for key [name=\"A\"]"
        ),
        "{refused}"
    );
}

#[test]
fn a_write_without_effect_changes_nothing() {
    let schema = deployment();
    let mut later = request(&schema);
    let first = apply(&later, None, &config(1, "i"), "helm", false)
        .unwrap()
        .object;
    later.now = "2026-01-02T00:00:00Z";
    let again = apply(&later, Some(&first), &config(1, "i"), "helm", false).unwrap();
    assert!(!again.changed);
    assert_eq!(again.object, first);
    let mut written = update(&later, Some(&first), &first, "kubectl");
    assert!(keep_times(&first, &mut written));
    assert_eq!(written, first);
}
