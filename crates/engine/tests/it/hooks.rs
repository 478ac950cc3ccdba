//! What failing hooks do to an action.

use windlass_chart::compat::Compat;
use windlass_release::HookPhase;

use crate::chart::chart;
use crate::fixture::{CONFIG, Fixture};

fn pod(name: &str, moment: &str, outcome: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {name}\n  annotations:\n    helm.sh/hook: {moment}\n    sandbox.windlass.dev/pod: {outcome}\nspec:\n  restartPolicy: Never\n  containers: [{{name: a, image: a}}]\n"
    )
}

#[tokio::test]
async fn a_failed_hook_before_an_install_leaves_objects_alone() {
    let f = Fixture::new(Compat::Helm4);
    let hook = pod("check", "pre-install", "fails");
    let files = [
        ("templates/config.yaml", CONFIG),
        ("templates/check.yaml", hook.as_str()),
    ];
    let error = f
        .installed(chart(Compat::Helm4, &files))
        .await
        .unwrap_err()
        .text();
    let expected = "failed pre-install: resource Pod/default/check not ready. status: Failed";
    assert!(error.starts_with(expected), "{error}");
    assert_eq!(f.names("ConfigMap").await, [] as [&str; 0]);
    let record = &f.history().await[0];
    assert_eq!(record.info.status.to_string(), "failed");
    assert_eq!(record.hooks[0].last_run.phase, HookPhase::Failed);
}

#[tokio::test]
async fn a_failed_hook_after_an_upgrade_fails_it() {
    let f = Fixture::new(Compat::Helm4);
    let hook = pod("check", "post-upgrade", "fails");
    let files = [
        ("templates/config.yaml", CONFIG),
        ("templates/check.yaml", hook.as_str()),
    ];
    f.installed(chart(Compat::Helm4, &files)).await.unwrap();
    let error = f
        .upgraded(chart(Compat::Helm4, &files))
        .await
        .unwrap_err()
        .text();
    assert!(
        error.starts_with("post-upgrade hooks failed: resource Pod/default/check"),
        "{error}"
    );
    let statuses: Vec<String> = f.outline().await.into_iter().map(|(_, s, _)| s).collect();
    assert_eq!(statuses, ["deployed", "failed"]);
}

#[tokio::test]
async fn hooks_that_are_disabled_do_not_run() {
    let f = Fixture::new(Compat::Helm4);
    let hook = pod("check", "pre-install", "fails");
    let files = [
        ("templates/config.yaml", CONFIG),
        ("templates/check.yaml", hook.as_str()),
    ];
    let mut install = f.install();
    install.disable_hooks = true;
    f.engine
        .install(install, chart(Compat::Helm4, &files))
        .await
        .unwrap();
    assert_eq!(f.names("Pod").await, [] as [&str; 0]);
}
