//! What an uninstall does.

use windlass_chart::compat::Compat;
use windlass_engine::{Level, Uninstall};
use windlass_plan::cluster::{Patch, Write};

use crate::chart::chart;
use crate::fixture::{CONFIG, Fixture};

const KEPT: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: kept\n  annotations:\n    helm.sh/resource-policy: keep\n";

fn uninstall() -> Uninstall {
    Uninstall {
        name: "web".into(),
        ..Uninstall::default()
    }
}

#[tokio::test]
async fn objects_and_records_go_and_what_asks_to_stay_stays() {
    let f = Fixture::new(Compat::Helm4);
    let files = [
        ("templates/config.yaml", CONFIG),
        ("templates/kept.yaml", KEPT),
    ];
    f.installed(chart(Compat::Helm4, &files)).await.unwrap();
    let done = f.engine.uninstall(uninstall()).await.unwrap().unwrap();
    let expected = "These resources were kept due to the resource policy:\n[ConfigMap] kept\n";
    assert_eq!(done.info, expected);
    assert_eq!(f.names("ConfigMap").await, ["kept"]);
    assert_eq!(f.names("Secret").await, [] as [&str; 0]);
}

#[tokio::test]
async fn history_stays_if_asked_for() {
    let f = Fixture::new(Compat::Helm4);
    let files = [("templates/config.yaml", CONFIG)];
    f.installed(chart(Compat::Helm4, &files)).await.unwrap();
    let mut options = uninstall();
    options.keep_history = true;
    f.engine.uninstall(options.clone()).await.unwrap();
    let expected = [(
        1,
        "uninstalled".to_owned(),
        "Uninstallation complete".to_owned(),
    )];
    assert_eq!(f.outline().await, expected);
    let error = f.engine.uninstall(options).await.unwrap_err();
    assert_eq!(error.text(), "the release named \"web\" is already deleted");
    f.engine.uninstall(uninstall()).await.unwrap();
    assert_eq!(f.names("Secret").await, [] as [&str; 0]);
}

#[tokio::test]
async fn somebody_elses_object_stays_and_is_told() {
    let f = Fixture::new(Compat::Helm4);
    let files = [("templates/config.yaml", CONFIG)];
    let done = f.installed(chart(Compat::Helm4, &files)).await.unwrap();
    let at = done
        .plan
        .steps
        .iter()
        .find_map(|step| match &step.operation {
            windlass_plan::plan::Operation::Apply { object, .. } => Some(object.clone()),
            _ => None,
        });
    let taken =
        serde_json::json!({"metadata": {"annotations": {"meta.helm.sh/release-name": "x"}}});
    let patch = Patch::Merge(taken);
    let patched = f
        .engine
        .cluster
        .patch(&at.unwrap(), &patch, &Write::default())
        .await;
    patched.unwrap();
    let done = f.engine.uninstall(uninstall()).await.unwrap().unwrap();
    let expected = "1 resource(s) were not deleted because they are not owned by this release:\n[ConfigMap] web-config\n";
    assert_eq!(done.info, expected);
    assert_eq!(f.names("ConfigMap").await, ["web-config"]);
    let expected = "skipping delete of resource not owned by this release";
    assert_eq!(f.logged(Level::Warn), [expected]);
}

#[tokio::test]
async fn a_release_that_is_not_there() {
    let f = Fixture::new(Compat::Helm4);
    let error = f.engine.uninstall(uninstall()).await.unwrap_err();
    assert_eq!(
        error.text(),
        "uninstall: Release not loaded: web: release: not found"
    );
    assert!(error.is_release_not_found());
    let mut options = uninstall();
    options.ignore_not_found = true;
    assert!(f.engine.uninstall(options).await.unwrap().is_none());
    assert_eq!(f.writes(), [] as [&str; 0]);
}

#[tokio::test]
async fn a_dry_run_tells_what_would_stay() {
    let f = Fixture::new(Compat::Helm4);
    let files = [
        ("templates/config.yaml", CONFIG),
        ("templates/kept.yaml", KEPT),
    ];
    f.installed(chart(Compat::Helm4, &files)).await.unwrap();
    f.sandbox.forget_calls();
    let mut options = uninstall();
    options.dry_run = true;
    let done = f.engine.uninstall(options).await.unwrap().unwrap();
    assert!(done.info.contains("[ConfigMap] kept"));
    assert!(done.plan.is_some());
    assert_eq!(f.writes(), [] as [&str; 0]);
}

#[tokio::test]
async fn a_name_whose_history_was_kept_can_be_used_again_if_asked_for() {
    let f = Fixture::new(Compat::Helm4);
    let files = [("templates/config.yaml", CONFIG)];
    f.installed(chart(Compat::Helm4, &files)).await.unwrap();
    let mut options = uninstall();
    options.keep_history = true;
    f.engine.uninstall(options).await.unwrap();
    let error = f.installed(chart(Compat::Helm4, &files)).await.unwrap_err();
    assert!(
        error
            .text()
            .ends_with("cannot reuse a name that is still in use")
    );
    let mut install = f.install();
    install.replace = true;
    f.engine
        .install(install, chart(Compat::Helm4, &files))
        .await
        .unwrap();
    let expected = [
        (
            1,
            "superseded".to_owned(),
            "superseded by new release".to_owned(),
        ),
        (2, "deployed".to_owned(), "Install complete".to_owned()),
    ];
    assert_eq!(f.outline().await, expected);
}
