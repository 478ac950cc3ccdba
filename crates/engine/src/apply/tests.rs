#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(clippy::needless_pass_by_value, reason = "`json!` makes values")]

use serde_json::{Value, json};
use windlass_chart::compat::Compat;
use windlass_plan::cluster::{FieldValidation, Propagation};

use super::*;
use crate::error::text;
use crate::event::Event;
use crate::fake::{Fake, engine, forbidden, mapping, refusal};
use crate::objects::Origin;
use crate::objects::Target;

fn target(kind: &str, name: &str, data: Value) -> Target {
    let api_version = match kind {
        "Widget" => "example.com/v1",
        "Deployment" => "apps/v1",
        _ => "v1",
    };
    let mut object = json!({
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": name, "namespace": "d"},
    });
    for (key, value) in data.as_object().unwrap() {
        object[key] = value.clone();
    }
    Target {
        at: ObjectRef {
            mapping: mapping(api_version, kind).unwrap(),
            namespace: "d".to_owned(),
            name: name.to_owned(),
        },
        object,
        origin: Origin::default(),
    }
}

fn map(name: &str) -> Target {
    target("ConfigMap", name, json!({"data": {"k": name}}))
}

fn secret(name: &str) -> Target {
    target("Secret", name, json!({}))
}

const SERVER: Create = Create {
    server_side: true,
    force_conflicts: false,
    brief: false,
    dry_run: false,
};
const CLIENT: Create = Create {
    server_side: false,
    ..SERVER
};

fn by_server() -> Update {
    Update {
        server_side: true,
        ..Update::default()
    }
}

async fn updated(
    fake: &Fake,
    compat: Compat,
    originals: &[Target],
    targets: &mut [Target],
    how: Update,
) -> (Outcome, Result<(), String>) {
    let engine = engine(fake, compat);
    let (outcome, result) = update(&engine, originals, targets, how).await;
    (outcome, result.map_err(|error| text(&error)))
}

fn names(objects: &[ObjectRef]) -> Vec<&str> {
    objects.iter().map(|at| at.name.as_str()).collect()
}

#[tokio::test]
async fn creation_tries_all_and_tells_errors_in_order() {
    let fake = Fake::default();
    fake.refuse("APPLY secrets d/b", forbidden());
    fake.refuse(
        "APPLY configmaps d/c",
        refusal(409, "Conflict", "Apply failed with 1 conflict"),
    );
    let mut targets = [secret("a"), secret("b"), map("c"), map("e")];
    let new = engine(&fake, Compat::Helm4);
    let error = create(&new, &mut targets, SERVER).await.unwrap_err();
    assert_eq!(
        text(&error),
        "server-side apply failed for object d/b /v1, Kind=Secret: no right to do that\n\
         conflict occurred while applying object d/c /v1, Kind=ConfigMap: Apply failed with 1 conflict"
    );
    let calls = [
        "APPLY secrets d/a",
        "APPLY secrets d/b",
        "APPLY configmaps d/c",
        "APPLY configmaps d/e",
    ];
    assert_eq!(fake.calls(), calls);
    let write = fake.write("APPLY secrets d/a");
    assert_eq!(write.field_manager, "helm");
    assert_eq!(write.field_validation, FieldValidation::Strict);
    assert!(
        targets[3]
            .object
            .pointer("/metadata/resourceVersion")
            .is_some()
    );
}

#[tokio::test]
async fn the_client_creates_with_post() {
    let fake = Fake::default();
    fake.put(map("a").object);
    let old = engine(&fake, Compat::Helm3);
    let mut targets = [map("a"), map("b")];
    targets[1].object["metadata"]["resourceVersion"] = "5".into();
    let error = create(&old, &mut targets, CLIENT).await.unwrap_err();
    assert_eq!(
        text(&error),
        "1 error occurred:\n\t* configmaps \"a\" already exists\n\n"
    );
    assert!(error.is_already_exists());
    assert_eq!(fake.calls(), ["POST configmaps d/a", "POST configmaps d/b"]);
    assert_eq!(
        fake.write("POST configmaps d/a").field_validation,
        FieldValidation::Unset
    );
    assert_eq!(targets[1].object["metadata"]["resourceVersion"], "2");
}

#[tokio::test]
async fn generated_names_need_the_client() {
    let fake = Fake::default();
    let engine = engine(&fake, Compat::Helm4);
    let mut generated = map("");
    generated.object["metadata"] = json!({"generateName": "x-", "namespace": "d"});
    let mut targets = [generated];
    let error = create(&engine, &mut targets, SERVER).await.unwrap_err();
    assert_eq!(
        text(&error),
        "server-side apply failed for object d/ /v1, Kind=ConfigMap: resource name may not be empty"
    );
    create(&engine, &mut targets, CLIENT).await.unwrap();
    assert_eq!(targets[0].at.name, "x-1");
}

#[tokio::test(start_paused = true)]
async fn what_others_did_meanwhile_is_tried_again() {
    let fake = Fake::default();
    let engine = engine(&fake, Compat::Helm4);
    let quota = "Operation cannot be fulfilled on resourcequotas \"q\": the object has been modified; please \
                 apply your changes to the latest version and try again";
    fake.refuse_times("APPLY configmaps d/a", refusal(409, "Conflict", quota), 4);
    create(&engine, &mut [map("a")], SERVER).await.unwrap();
    assert_eq!(fake.calls().len(), 5);
    fake.refuse("APPLY configmaps d/b", refusal(409, "Conflict", quota));
    create(&engine, &mut [map("b")], SERVER).await.unwrap_err();
    assert_eq!(fake.calls().len(), 5);
    fake.refuse_times(
        "DELETE configmaps d/a",
        refusal(409, "Conflict", "changed"),
        2,
    );
    delete(&engine, &[map("a").at], Propagation::Foreground)
        .await
        .unwrap();
    assert_eq!(fake.calls(), vec!["DELETE configmaps d/a Foreground"; 3]);
}

#[tokio::test]
async fn nothing_to_do_is_an_error() {
    let fake = Fake::default();
    let engine = engine(&fake, Compat::Helm4);
    let error = create(&engine, &mut [], SERVER).await.unwrap_err();
    assert_eq!(text(&error), "no objects visited");
    let errors = delete(&engine, &[], Propagation::Background)
        .await
        .unwrap_err();
    assert_eq!(
        text(&errors[0]),
        "object not found, skipping delete: no objects visited"
    );
}

#[tokio::test]
async fn options_that_exclude_each_other() {
    let how = [
        (
            true,
            true,
            false,
            "invalid operation: cannot use server-side apply and force replace together",
        ),
        (
            true,
            true,
            true,
            "invalid operation: cannot use force conflicts and force replace together",
        ),
        (
            false,
            false,
            true,
            "invalid client update option(s): forceConflicts enabled when serverSideApply disabled",
        ),
    ];
    for (server_side, force_replace, force_conflicts, wanted) in how {
        let how = Update {
            server_side,
            force_replace,
            force_conflicts,
            ..Update::default()
        };
        let fake = Fake::default();
        let (_, result) = updated(&fake, Compat::Helm4, &[], &mut [map("a")], how).await;
        assert_eq!(result.unwrap_err(), wanted);
        assert!(fake.calls().is_empty());
    }
}

#[tokio::test]
async fn an_update_creates_changes_and_prunes() {
    let fake = Fake::default();
    for there in [map("old"), map("gone"), map("stays")] {
        fake.put(there.object);
    }
    let mut kept = map("kept");
    kept.object["metadata"]["annotations"] = json!({"helm.sh/resource-policy": "keep"});
    fake.put(kept.object);
    let originals = ["old", "gone", "kept", "vanished", "stays"].map(map);
    let mut targets = [secret("new"), map("old"), map("stays")];
    let (outcome, result) =
        updated(&fake, Compat::Helm4, &originals, &mut targets, by_server()).await;
    result.unwrap();
    assert_eq!(names(&outcome.created), ["new"]);
    assert_eq!(names(&outcome.updated), ["old", "stays"]);
    assert_eq!(names(&outcome.deleted), ["gone"]);
    assert_eq!(
        fake.changes(),
        [
            "APPLY secrets d/new",
            "APPLY configmaps d/old",
            "APPLY configmaps d/stays",
            "DELETE configmaps d/gone Background",
        ]
    );
    let kept = fake
        .events()
        .into_iter()
        .any(|event| matches!(event, Event::Done(at, Change::Kept) if at.name == "kept"));
    assert!(kept);
}

#[tokio::test]
async fn an_update_ends_where_something_cannot_be_created() {
    let fake = Fake::default();
    fake.put(map("a").object);
    fake.refuse("APPLY configmaps d/b", forbidden());
    let mut targets = [map("a"), map("b"), map("c"), secret("s")];
    let (outcome, result) = updated(
        &fake,
        Compat::Helm4,
        &[map("gone")],
        &mut targets,
        by_server(),
    )
    .await;
    assert_eq!(
        result.unwrap_err(),
        "failed to create resource: server-side apply failed for object d/b /v1, Kind=ConfigMap: no right \
         to do that"
    );
    assert_eq!(names(&outcome.created), ["b"]);
    assert_eq!(
        fake.changes(),
        ["APPLY configmaps d/a", "APPLY configmaps d/b"]
    );
}

#[tokio::test]
async fn an_update_ends_where_something_cannot_be_read() {
    let fake = Fake::default();
    fake.refuse("GET configmaps d/b", forbidden());
    let mut targets = [map("a"), map("b"), map("c")];
    let (_, result) = updated(&fake, Compat::Helm4, &[], &mut targets, by_server()).await;
    let wanted = "could not get information about the resource: no right to do that";
    assert_eq!(result.unwrap_err(), wanted);
    assert_eq!(fake.changes(), ["APPLY configmaps d/a"]);
}

#[tokio::test]
async fn what_cannot_be_changed_is_told_at_the_end_and_nothing_is_pruned() {
    let fake = Fake::default();
    for there in [map("a"), map("b"), map("c"), map("gone")] {
        fake.put(there.object);
    }
    fake.refuse("APPLY configmaps d/a", forbidden());
    fake.refuse(
        "APPLY configmaps d/c",
        refusal(409, "Conflict", "owned by x"),
    );
    let originals = [map("a"), map("gone")];
    let mut targets = [map("a"), map("b"), map("c")];
    let (outcome, result) =
        updated(&fake, Compat::Helm4, &originals, &mut targets, by_server()).await;
    assert_eq!(
        result.unwrap_err(),
        "server-side apply failed for object d/a /v1, Kind=ConfigMap: no right to do that && conflict \
         occurred while applying object d/c /v1, Kind=ConfigMap: owned by x"
    );
    assert_eq!(names(&outcome.updated), ["a", "b", "c"]);
    assert!(outcome.deleted.is_empty());
    let message =
        "resource exists on cluster but not in original release, using cluster state as baseline";
    assert_eq!(fake.log(), [message, message]);
}

#[tokio::test]
async fn what_cannot_be_pruned() {
    for (compat, wanted) in [
        (
            Compat::Helm4,
            Err(
                "failed to delete resource namespace=d, name=gone, kind=ConfigMap: no right to do that",
            ),
        ),
        (Compat::Helm3, Ok(())),
    ] {
        let fake = Fake::default();
        fake.put(map("gone").object);
        fake.refuse("DELETE", forbidden());
        let how = Update::default();
        let (_, result) = updated(&fake, compat, &[map("gone")], &mut [map("a")], how).await;
        assert_eq!(
            result.as_ref().map(|&()| ()).map_err(String::as_str),
            wanted
        );
    }
}

#[tokio::test]
async fn objects_without_a_change_are_not_written_to() {
    let mut live = map("a");
    live.object["metadata"]["managedFields"] = json!([{
        "manager": "helm", "operation": "Apply", "apiVersion": "v1",
        "fieldsV1": {"f:data": {"f:k": {}}},
    }]);
    let fake = Fake::default();
    fake.put(live.object);
    let mut targets = [map("a")];
    let (outcome, result) =
        updated(&fake, Compat::Helm4, &[map("a")], &mut targets, by_server()).await;
    result.unwrap();
    assert_eq!(names(&outcome.updated), ["a"]);
    assert!(fake.changes().is_empty());
    assert!(
        targets[0]
            .object
            .pointer("/metadata/resourceVersion")
            .is_some()
    );

    targets[0] = target("ConfigMap", "a", json!({"data": {"k": "other"}}));
    updated(&fake, Compat::Helm4, &[map("a")], &mut targets, by_server())
        .await
        .1
        .unwrap();
    assert_eq!(fake.changes(), ["APPLY configmaps d/a"]);
}

#[tokio::test(start_paused = true)]
async fn ownership_is_carried_over_before_server_side_apply() {
    let mut live = map("a");
    live.object["metadata"]["managedFields"] = json!([{
        "manager": "helm", "operation": "Update", "apiVersion": "v1",
        "fieldsV1": {"f:data": {"f:k": {}}},
    }]);
    let fake = Fake::default();
    fake.put(live.object);
    fake.refuse_times("JSON", refusal(409, "Conflict", "changed"), 1);
    let how = Update {
        migrate_manager: true,
        ..by_server()
    };
    updated(&fake, Compat::Helm4, &[map("a")], &mut [map("a")], how)
        .await
        .1
        .unwrap();
    assert_eq!(
        fake.changes(),
        [
            "JSON configmaps d/a",
            "JSON configmaps d/a",
            "APPLY configmaps d/a"
        ]
    );
    fake.refuse("JSON", forbidden());
    let (_, result) = updated(&fake, Compat::Helm4, &[], &mut [map("a")], how).await;
    assert_eq!(
        result.unwrap_err(),
        "failed to patch object to upgrade CSA field manager d/a /v1, Kind=ConfigMap: no right to do that"
    );
}

#[tokio::test]
async fn the_client_merges_three_ways() {
    let fake = Fake::default();
    let data = |data: Value| target("ConfigMap", "a", json!({"data": data}));
    fake.put(data(json!({"old": "1", "same": "1", "other": "theirs"})).object);
    let originals = [data(json!({"old": "1", "same": "1"}))];
    let how = Update::default();
    let mut targets = [data(json!({"same": "1", "new": "1"}))];
    updated(&fake, Compat::Helm3, &originals, &mut targets, how)
        .await
        .1
        .unwrap();
    assert_eq!(fake.changes(), ["STRATEGIC configmaps d/a"]);
    let live = fake.object("configmaps d/a").unwrap();
    assert_eq!(
        live["data"],
        json!({"same": "1", "new": "1", "other": "theirs"})
    );

    let mut targets = [data(json!({"same": "1", "new": "1"}))];
    let originals = targets.clone();
    updated(&fake, Compat::Helm3, &originals, &mut targets, how)
        .await
        .1
        .unwrap();
    assert!(fake.changes().is_empty());

    fake.refuse("STRATEGIC", forbidden());
    let mut targets = [data(json!({"same": "2"}))];
    let (_, result) = updated(&fake, Compat::Helm3, &originals, &mut targets, how).await;
    let wanted = "cannot patch \"a\" with kind ConfigMap: no right to do that";
    assert_eq!(result.unwrap_err(), wanted);
}

#[tokio::test]
async fn custom_resources_are_merged_from_manifest_to_manifest() {
    let widget = |size: i64| target("Widget", "w", json!({"spec": {"size": size}}));
    for (three_way_for_custom, wanted) in [(false, 0), (true, 1)] {
        let fake = Fake::default();
        fake.put(widget(9).object);
        let how = Update {
            three_way_for_custom,
            ..Update::default()
        };
        updated(&fake, Compat::Helm4, &[widget(1)], &mut [widget(1)], how)
            .await
            .1
            .unwrap();
        assert_eq!(fake.changes().len(), wanted);
        updated(&fake, Compat::Helm4, &[widget(1)], &mut [widget(2)], how)
            .await
            .1
            .unwrap();
        assert_eq!(fake.changes(), ["MERGE widgets d/w"]);
    }
}

#[tokio::test]
async fn replacing_takes_the_version_that_is_there() {
    for (compat, validation) in [
        (Compat::Helm4, FieldValidation::Strict),
        (Compat::Helm3, FieldValidation::Unset),
    ] {
        let fake = Fake::default();
        fake.put(map("a").object);
        let how = Update {
            force_replace: true,
            ..Update::default()
        };
        updated(&fake, compat, &[map("a")], &mut [map("a")], how)
            .await
            .1
            .unwrap();
        assert_eq!(fake.changes(), ["PUT configmaps d/a"]);
        assert_eq!(
            fake.write("PUT configmaps d/a").field_validation,
            validation
        );
        fake.refuse("PUT", forbidden());
        let (_, result) = updated(&fake, compat, &[map("a")], &mut [map("a")], how).await;
        assert_eq!(
            result.unwrap_err(),
            "failed to replace object: no right to do that"
        );
    }
}

#[tokio::test]
async fn an_object_that_stands_twice_is_read_twice() {
    let fake = Fake::default();
    let mut targets = [map("a"), map("a"), map("b")];
    let (outcome, result) =
        updated(&fake, Compat::Helm3, &[], &mut targets, Update::default()).await;
    result.unwrap();
    assert_eq!(names(&outcome.created), ["a", "b"]);
    assert_eq!(names(&outcome.updated), ["a"]);
    // What is there by then is the baseline, the server's own fields included.
    let changes = [
        "POST configmaps d/a",
        "STRATEGIC configmaps d/a",
        "POST configmaps d/b",
    ];
    assert_eq!(fake.changes(), changes);
}

#[tokio::test]
async fn deletion_tries_all_and_does_not_mind_what_is_gone() {
    let fake = Fake::default();
    let engine = engine(&fake, Compat::Helm4);
    for there in [map("a"), map("b"), map("c")] {
        fake.put(there.object);
    }
    let all = ["a", "gone", "c"].map(|name| map(name).at);
    let deleted = delete(&engine, &all, Propagation::Orphan).await.unwrap();
    assert_eq!(deleted, all);
    fake.refuse("DELETE configmaps d/b", forbidden());
    let errors = delete(
        &engine,
        &[map("b").at, map("a").at],
        Propagation::Background,
    )
    .await;
    assert_eq!(text(&errors.unwrap_err()[0]), "no right to do that");
}
