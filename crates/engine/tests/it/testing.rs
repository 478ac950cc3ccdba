//! What running a release's tests does.

use windlass_chart::compat::Compat;
use windlass_engine::Test;
use windlass_engine::hooks::suite::Filters;
use windlass_release::HookPhase;

use crate::chart::chart;
use crate::fixture::{CONFIG, Fixture, watching};

fn pod(name: &str, outcome: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n  annotations:\n    helm.sh/hook: test\n    helm.sh/hook-delete-policy: hook-succeeded\n    sandbox.windlass.dev/pod: {outcome}\nspec:\n  restartPolicy: Never\n  containers: [{{name: a, image: a}}]\n"
    )
}

fn test(filters: Filters) -> Test {
    Test {
        name: "web".into(),
        filters,
        waiting: watching(60),
    }
}

async fn installed(compat: Compat, outcome: &str) -> Fixture {
    let f = Fixture::new(compat);
    let (good, other) = (pod("good", "completes"), pod("other", outcome));
    let files = [
        ("templates/config.yaml", CONFIG),
        ("templates/tests/good.yaml", good.as_str()),
        ("templates/tests/other.yaml", other.as_str()),
    ];
    f.installed(chart(compat, &files)).await.unwrap();
    f
}

fn phases(release: &windlass_release::Release) -> Vec<(&str, HookPhase)> {
    let one = |hook: &windlass_release::Hook| hook.last_run.phase.clone();
    let hooks = release.hooks.iter();
    hooks.map(|hook| (hook.name.as_str(), one(hook))).collect()
}

#[tokio::test]
async fn tests_pass_and_the_record_says_so() {
    let f = installed(Compat::Helm4, "completes").await;
    let tested = f.engine.test(&test(Filters::default())).await.unwrap();
    tested.result.unwrap();
    let recorded = f.history().await;
    let expected = [
        ("good", HookPhase::Succeeded),
        ("other", HookPhase::Succeeded),
    ];
    assert_eq!(phases(&recorded[0]), expected);
    assert_eq!(recorded[0].info.status.to_string(), "deployed");
}

#[tokio::test]
async fn a_failed_test_is_told_and_recorded() {
    let f = installed(Compat::Helm4, "fails").await;
    let tested = f.engine.test(&test(Filters::default())).await.unwrap();
    let error = tested.result.unwrap_err().text();
    assert!(
        error.starts_with("resource Pod/default/other not ready. status: Failed"),
        "{error}"
    );
    let recorded = f.history().await;
    let expected = [("good", HookPhase::Succeeded), ("other", HookPhase::Failed)];
    assert_eq!(phases(&recorded[0]), expected);
}

#[tokio::test]
async fn tests_that_are_filtered_out_do_not_run() {
    let f = installed(Compat::Helm4, "fails").await;
    let filters = Filters {
        without: vec!["other".into()],
        ..Filters::default()
    };
    let tested = f.engine.test(&test(filters)).await.unwrap();
    tested.result.unwrap();
    let expected = [
        ("other", HookPhase::default()),
        ("good", HookPhase::Succeeded),
    ];
    assert_eq!(phases(&f.history().await[0]), expected);
}

#[tokio::test]
async fn what_tests_leave_is_cleaned_up_after_their_logs_or_at_once() {
    for (compat, left) in [
        (Compat::Helm4, ["good", "other"].as_slice()),
        (Compat::Helm3, &[]),
    ] {
        let f = installed(compat, "completes").await;
        let options = test(Filters::default());
        let tested = f.engine.test(&options).await.unwrap();
        assert_eq!(f.names("Pod").await, left);
        let cleaned = f
            .engine
            .clean_up_tests(&options, &tested.release, tested.aftermath);
        cleaned.await.unwrap();
        assert_eq!(f.names("Pod").await, [] as [&str; 0]);
    }
}
