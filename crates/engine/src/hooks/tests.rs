#![allow(clippy::unwrap_used, clippy::panic)]
#![allow(
    clippy::field_reassign_with_default,
    reason = "records have fields that only their crate can name"
)]

use std::time::Duration;

use serde_json::{Value, json};
use windlass_chart::compat::Compat;

use super::suite::{Filters, SuiteError};
use super::*;
use crate::error::text;
use crate::fake::{Fake, engine, forbidden};
use crate::options::{Strategy, Waiting};

const AT: HookEvent = HookEvent::PreInstall;

fn hook(kind: &str, name: &str, weight: i64, policies: &[DeletePolicy]) -> Hook {
    let api_version = if kind == "Job" { "batch/v1" } else { "v1" };
    let mut hook = Hook::default();
    hook.name = name.to_owned();
    hook.kind = kind.to_owned();
    hook.path = format!("c/templates/{name}.yaml");
    hook.manifest = format!("apiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: {name}}}");
    hook.events = vec![AT];
    hook.weight = weight;
    hook.delete_policies = policies.to_vec();
    hook
}

fn release(hooks: Vec<Hook>) -> Release {
    let mut release = Release::default();
    release.name = "r".to_owned();
    release.namespace = "d".to_owned();
    release.version = 1;
    release.hooks = hooks;
    release
}

/// Runs a release's hooks, after storing it.
async fn run(engine: &Engine, release: &mut Release, strategy: Strategy) -> Result<(), String> {
    engine.store.create(release).await.unwrap();
    let result = hooks(engine, strategy).run(release, &AT).await;
    result.map_err(|error| text(&error))
}

fn hooks(engine: &Engine, strategy: Strategy) -> Hooks<'_> {
    let waiting = Waiting {
        strategy,
        timeout: Duration::from_mins(1),
        ..Waiting::default()
    };
    Hooks {
        engine,
        store: &*engine.store,
        waiter: Waiter::new(engine, waiting),
        server_side: engine.compat == Compat::Helm4,
    }
}

fn pod(name: &str, phase: &str) -> Value {
    json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": name, "namespace": "d", "labels": {"job-name": "j"}},
        "spec": {"containers": [{"name": "one"}, {"name": "two"}], "initContainers": [{"name": "first"}]},
        "status": {"phase": phase},
    })
}

fn phases(release: &Release) -> Vec<&str> {
    release
        .hooks
        .iter()
        .map(|hook| hook.last_run.phase.as_str())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn hooks_run_by_weight_and_name() {
    let fake = Fake::default();
    let engine = engine(&fake, Compat::Helm4);
    let mut release = release(vec![
        hook("ConfigMap", "z", 0, &[]),
        hook("ConfigMap", "heavy", 5, &[DeletePolicy::HookSucceeded]),
        hook("ConfigMap", "a", 0, &[DeletePolicy::HookFailed]),
        hook("ConfigMap", "light", -5, &[DeletePolicy::HookSucceeded]),
    ]);
    let mut later = hook("ConfigMap", "later", -9, &[]);
    later.events = vec![HookEvent::PostInstall];
    release.hooks.push(later);
    run(&engine, &mut release, Strategy::HookOnly)
        .await
        .unwrap();
    assert_eq!(
        fake.changes(),
        [
            "APPLY configmaps d/light",
            "APPLY configmaps d/a",
            "DELETE configmaps d/z Background",
            "APPLY configmaps d/z",
            "APPLY configmaps d/heavy",
            "DELETE configmaps d/heavy Background",
            "DELETE configmaps d/light Background",
        ]
    );
    assert_eq!(
        phases(&release),
        ["Succeeded", "Succeeded", "Succeeded", "Succeeded", ""]
    );
    assert_eq!(
        release.hooks[0].delete_policies,
        [DeletePolicy::BeforeHookCreation]
    );
    // The record tells that the last one runs, and how those before went.
    let stored = engine.store.get("r", 1).await.unwrap();
    assert_eq!(
        phases(&stored),
        ["Succeeded", "Running", "Succeeded", "Succeeded", ""]
    );
}

#[tokio::test(start_paused = true)]
async fn a_failed_hook_ends_it() {
    let fake = Fake::default();
    fake.put(pod("p", "Failed"));
    let engine = engine(&fake, Compat::Helm4);
    let mut release = release(vec![
        hook("ConfigMap", "before", 0, &[DeletePolicy::HookSucceeded]),
        hook(
            "Pod",
            "p",
            1,
            &[DeletePolicy::HookFailed, DeletePolicy::HookSucceeded],
        ),
        hook("ConfigMap", "behind", 2, &[]),
    ]);
    let result = run(&engine, &mut release, Strategy::HookOnly).await;
    let wanted = "resource Pod/d/p not ready. status: Failed, message: pod p failed";
    assert_eq!(result.unwrap_err(), wanted);
    assert_eq!(
        fake.changes(),
        [
            "APPLY configmaps d/before",
            "APPLY pods d/p",
            "DELETE pods d/p Background",
            "DELETE configmaps d/before Background",
        ]
    );
    assert_eq!(phases(&release), ["Succeeded", "Failed", ""]);
    assert!(!release.hooks[1].last_run.completed_at.is_zero());
}

#[tokio::test]
async fn a_hook_that_cannot_be_created_leaves_all_as_it_is() {
    let fake = Fake::default();
    fake.refuse("APPLY configmaps d/b", forbidden());
    let engine = engine(&fake, Compat::Helm4);
    let all = [DeletePolicy::HookFailed, DeletePolicy::HookSucceeded];
    let mut release = release(vec![
        hook("ConfigMap", "a", 0, &all),
        hook("ConfigMap", "b", 1, &all),
    ]);
    let result = run(&engine, &mut release, Strategy::HookOnly).await;
    assert_eq!(
        result.unwrap_err(),
        "warning: Hook pre-install c/templates/b.yaml failed: server-side apply failed for object d/b /v1, \
         Kind=ConfigMap: no right to do that"
    );
    assert_eq!(
        fake.changes(),
        ["APPLY configmaps d/a", "APPLY configmaps d/b"]
    );
    assert_eq!(phases(&release), ["Succeeded", "Failed"]);
}

#[tokio::test]
async fn what_cannot_be_built_or_deleted() {
    let fake = Fake::default();
    fake.refuse("DELETE", forbidden());
    let engine = engine(&fake, Compat::Helm4);
    let mut broken = hook("ConfigMap", "a", 0, &[DeletePolicy::HookFailed]);
    broken.manifest = "kind: X\napiVersion: v1".to_owned();
    let mut of_broken = release(vec![broken]);
    let error = run(&engine, &mut of_broken, Strategy::HookOnly)
        .await
        .unwrap_err();
    let start = "unable to build kubernetes object for pre-install hook c/templates/a.yaml: resource mapping";
    assert!(error.starts_with(start), "{error}");

    let mut undeletable = release(vec![hook("ConfigMap", "a", 0, &[])]);
    undeletable.version = 2;
    let error = run(&engine, &mut undeletable, Strategy::HookOnly)
        .await
        .unwrap_err();
    assert_eq!(error, "no right to do that");
}

#[tokio::test]
async fn definitions_are_never_deleted() {
    let fake = Fake::default();
    let engine = engine(&fake, Compat::Helm4);
    let all = [
        DeletePolicy::BeforeHookCreation,
        DeletePolicy::HookSucceeded,
    ];
    let mut definition = hook("CustomResourceDefinition", "a", 0, &all);
    definition.manifest =
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a}"
            .into();
    let mut release = release(vec![definition]);
    run(&engine, &mut release, Strategy::HookOnly)
        .await
        .unwrap();
    assert_eq!(fake.changes(), ["APPLY customresourcedefinitions /a"]);
}

#[tokio::test(start_paused = true)]
async fn the_older_helm_waits_until_hooks_are_gone_and_does_not_take_what_is_there() {
    let fake = Fake::default();
    fake.put(json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "d"}}));
    let engine = engine(&fake, Compat::Helm3);
    let mut of_default = release(vec![hook("ConfigMap", "a", 0, &[])]);
    run(&engine, &mut of_default, Strategy::HookOnly)
        .await
        .unwrap();
    let calls = [
        "DELETE configmaps d/a Background",
        "GET configmaps d/a",
        "POST configmaps d/a",
    ];
    assert_eq!(fake.calls(), calls);

    let mut keeping = release(vec![hook(
        "ConfigMap",
        "a",
        0,
        &[DeletePolicy::HookSucceeded],
    )]);
    keeping.version = 2;
    assert_eq!(
        run(&engine, &mut keeping, Strategy::HookOnly)
            .await
            .unwrap_err(),
        "warning: Hook pre-install c/templates/a.yaml failed: 1 error occurred:\n\t* configmaps \"a\" already \
         exists\n\n"
    );
}

fn printed(fake: &Fake) -> Vec<String> {
    let bytes = |event| match event {
        Event::HookOutput { bytes, .. } => Some(String::from_utf8(bytes.to_vec()).unwrap()),
        _ => None,
    };
    fake.events().into_iter().filter_map(bytes).collect()
}

#[tokio::test(start_paused = true)]
async fn output_is_shown_by_policy() {
    let fake = Fake::default();
    fake.put(pod("p", "Succeeded"));
    let engine = engine(&fake, Compat::Helm4);
    let never = [DeletePolicy::HookFailed];
    let mut of_pod = hook("Pod", "p", 0, &never);
    of_pod.output_log_policies = vec![OutputLogPolicy::HookSucceeded];
    let mut failing = of_pod.clone();
    failing.output_log_policies = vec![OutputLogPolicy::HookFailed];
    run(
        &engine,
        &mut release(vec![of_pod, failing.clone()]),
        Strategy::HookOnly,
    )
    .await
    .unwrap();
    assert_eq!(printed(&fake), ["one of p\n", "two of p\n"]);

    fake.put(pod("p", "Failed"));
    let mut second = release(vec![failing]);
    second.version = 2;
    run(&engine, &mut second, Strategy::HookOnly)
        .await
        .unwrap_err();
    assert_eq!(printed(&fake), ["one of p\n", "two of p\n"]);
}

#[tokio::test(start_paused = true)]
async fn output_that_cannot_be_had_is_logged() {
    let fake = Fake::default();
    let conditions = json!([{"type": "Complete", "status": "True"}]);
    fake.put(json!({
        "apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j", "namespace": "d"},
        "status": {"conditions": conditions},
    }));
    fake.refuse("LIST pods", forbidden());
    let engine = engine(&fake, Compat::Helm4);
    let mut job = hook("Job", "j", 0, &[DeletePolicy::HookFailed]);
    job.output_log_policies = vec![OutputLogPolicy::HookSucceeded];
    run(&engine, &mut release(vec![job]), Strategy::HookOnly)
        .await
        .unwrap();
    let log = fake.log();
    assert!(log[0].starts_with(
        "error outputting logs for hook failure: failed to get pod list with options: {TypeMeta:{Kind: \
         APIVersion:} LabelSelector:job-name=j FieldSelector: Watch:false"
    ));
    assert!(log[0].ends_with("} with error: no right to do that"));
}

fn tests() -> Release {
    let test = |name: &str, weight| {
        let mut test = hook("Pod", name, weight, &[DeletePolicy::HookSucceeded]);
        test.events = vec![HookEvent::Test];
        test
    };
    release(vec![
        test("b", 0),
        test("a", 0),
        test("c", 0),
        hook("ConfigMap", "other", 0, &[]),
    ])
}

#[tokio::test(start_paused = true)]
async fn a_suite_can_be_filtered() {
    let fake = Fake::default();
    for name in ["a", "b", "c"] {
        fake.put(pod(name, "Succeeded"));
    }
    let engine = engine(&fake, Compat::Helm4);
    let filters = Filters {
        names: vec!["a".to_owned(), "b".to_owned()],
        without: vec!["b".to_owned()],
    };
    let mut release = tests();
    engine.store.create(&release).await.unwrap();
    let hooks = hooks(&engine, Strategy::Watcher);
    let (aftermath, result) = hooks.test(&mut release, &filters).await;
    result.unwrap();
    let order = |release: &Release| {
        release
            .hooks
            .iter()
            .map(|h| h.name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(order(&release), ["b", "c", "other", "a"]);
    assert_eq!(
        order(&engine.store.get("r", 1).await.unwrap()),
        ["b", "c", "other", "a"]
    );
    assert_eq!(fake.changes(), ["APPLY pods d/a"]);

    let mut shown = Vec::new();
    let mut sink = |bytes: &[u8]| shown.extend_from_slice(bytes);
    suite::logs(&engine, &release, "d", &filters, &mut sink)
        .await
        .unwrap();
    assert_eq!(
        String::from_utf8(shown).unwrap(),
        "POD LOGS: a (first)\nfirst of a\n\nPOD LOGS: a (one)\none of a\n\nPOD LOGS: a (two)\ntwo of a\n\n"
    );
    hooks.finish(aftermath, "d").await.unwrap();
    assert_eq!(fake.changes(), ["DELETE pods d/a Background"]);
}

#[tokio::test(start_paused = true)]
async fn a_suite_that_fails() {
    let fake = Fake::default();
    fake.put(pod("a", "Failed"));
    fake.refuse("LOGS d/a one", forbidden());
    fake.refuse("LOGS d/a two", forbidden());
    let engine = engine(&fake, Compat::Helm4);
    let mut release = tests();
    engine.store.create(&release).await.unwrap();
    let (_, result) = hooks(&engine, Strategy::Watcher)
        .test(&mut release, &Filters::default())
        .await;
    let Err(SuiteError::Test(error)) = result else {
        panic!("{result:?}");
    };
    assert_eq!(
        text(&error),
        "resource Pod/d/a not ready. status: Failed, message: pod a failed"
    );
    assert_eq!(
        phases(&engine.store.get("r", 1).await.unwrap()),
        ["", "Failed", "", ""]
    );

    let mut shown = Vec::new();
    let mut sink = |bytes: &[u8]| shown.extend_from_slice(bytes);
    let filters = Filters::default();
    let error = suite::logs(&engine, &release, "d", &filters, &mut sink)
        .await
        .unwrap_err();
    assert_eq!(
        text(&error),
        "unable to get logs for pod a, container one: no right to do that\n\
         unable to get logs for pod a, container two: no right to do that"
    );
    assert_eq!(shown, b"POD LOGS: a (first)\nfirst of a\n\n");
}

#[tokio::test(start_paused = true)]
async fn a_hook_whose_former_object_is_still_going_is_created_when_that_is_gone() {
    let fake = Fake::default();
    let mut going = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "d"}});
    going["metadata"]["uid"] = "former".into();
    going["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z".into();
    going["metadata"]["deletionGracePeriodSeconds"] = 30.into();
    fake.put(going);
    let engine = engine(&fake, Compat::Helm4);
    let mut release = release(vec![hook("ConfigMap", "a", 0, &[DeletePolicy::HookFailed])]);
    let later = async {
        tokio::time::sleep(Duration::from_secs(4)).await;
        fake.remove("configmaps d/a");
    };
    let (ran, ()) = tokio::join!(run(&engine, &mut release, Strategy::HookOnly), later);
    ran.unwrap();
    let there = fake.object("configmaps d/a").unwrap();
    assert_eq!(there.pointer("/metadata/deletionTimestamp"), None);
    let calls = fake.calls();
    let applied = calls.iter().filter(|call| *call == "APPLY configmaps d/a");
    assert_eq!(applied.count(), 2);
}
