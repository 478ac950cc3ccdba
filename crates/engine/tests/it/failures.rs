//! What actions do when something fails on the way.

use windlass_chart::compat::Compat;
use windlass_engine::Level;

use crate::chart::chart;
use crate::fixture::{CONFIG, Fixture, watching};

/// The server refuses it: a config map's data holds texts only.
const BROKEN: &str =
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: broken\ndata:\n  a: {b: c}\n";
const NEVER: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: never\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata:\n      labels: {a: b}\n      annotations: {sandbox.windlass.dev/pod: never-ready}\n    spec:\n      containers: [{name: a, image: a}]\n";
const NEW: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: anew\n";

#[tokio::test]
async fn a_failed_install_is_recorded() {
    let f = Fixture::new(Compat::Helm4);
    let files = [
        ("templates/config.yaml", CONFIG),
        ("templates/broken.yaml", BROKEN),
    ];
    let error = f
        .installed(chart(Compat::Helm4, &files))
        .await
        .unwrap_err()
        .text();
    assert!(
        error.starts_with(
            "server-side apply failed for object default/broken /v1, Kind=ConfigMap: "
        ),
        "{error}"
    );
    let outline = f.outline().await;
    assert_eq!(outline[0].1, "failed");
    assert_eq!(outline[0].2, format!("Release \"web\" failed: {error}"));
    // All objects are tried, and notes are gone.
    assert_eq!(f.names("ConfigMap").await, ["web-config"]);
    assert_eq!(f.names("Secret").await, ["sh.helm.release.v1.web.v1"]);
}

#[tokio::test]
async fn a_failed_install_is_undone_if_asked_for() {
    let f = Fixture::new(Compat::Helm4);
    let files = [
        ("templates/config.yaml", CONFIG),
        ("templates/broken.yaml", BROKEN),
    ];
    let mut install = f.install();
    install.undo_on_failure = true;
    install.waiting = watching(60);
    let error = f
        .engine
        .install(install, chart(Compat::Helm4, &files))
        .await
        .unwrap_err();
    let expected = "release web failed, and has been uninstalled due to rollback-on-failure being set: server-side apply failed";
    assert!(error.text().starts_with(expected), "{}", error.text());
    assert_eq!(f.names("ConfigMap").await, [] as [&str; 0]);
    assert_eq!(f.names("Secret").await, [] as [&str; 0]);
}

#[tokio::test]
async fn a_failed_upgrade_leaves_the_revision_before_deployed() {
    let f = Fixture::new(Compat::Helm4);
    let good = [("templates/config.yaml", CONFIG)];
    f.installed(chart(Compat::Helm4, &good)).await.unwrap();
    let bad = [
        ("templates/anew.yaml", NEW),
        ("templates/broken.yaml", BROKEN),
    ];
    let mut upgrade = f.upgrade();
    upgrade.clean_up_on_failure = true;
    let error = f
        .engine
        .upgrade(upgrade, chart(Compat::Helm4, &bad))
        .await
        .unwrap_err()
        .text();
    assert!(
        error.starts_with("failed to create resource: server-side apply failed"),
        "{error}"
    );
    let outline = f.outline().await;
    assert_eq!(outline[0].1, "deployed");
    assert_eq!(outline[1].1, "failed");
    assert_eq!(outline[1].2, format!("Upgrade \"web\" failed: {error}"));
    assert_eq!(f.logged(Level::Warn), ["upgrade failed"]);
    // Nothing is pruned, and what was created is gone again.
    assert_eq!(f.names("ConfigMap").await, ["web-config"]);
}

#[tokio::test]
async fn a_failed_upgrade_is_rolled_back_if_asked_for() {
    let f = Fixture::new(Compat::Helm4);
    let good = [("templates/config.yaml", CONFIG)];
    f.installed(chart(Compat::Helm4, &good)).await.unwrap();
    let bad = [("templates/broken.yaml", BROKEN)];
    let mut upgrade = f.upgrade();
    upgrade.undo_on_failure = true;
    upgrade.waiting = watching(60);
    let error = f
        .engine
        .upgrade(upgrade, chart(Compat::Helm4, &bad))
        .await
        .unwrap_err()
        .text();
    let expected = "release web failed, and has been rolled back due to rollback-on-failure being set: failed to create resource";
    assert!(error.starts_with(expected), "{error}");
    let statuses: Vec<String> = f.outline().await.into_iter().map(|(_, s, _)| s).collect();
    assert_eq!(statuses, ["superseded", "failed", "deployed"]);
    assert_eq!(f.outline().await[2].2, "Rollback to 1");
}

#[tokio::test]
async fn a_cancelled_install_writes_nothing_before_the_fence() {
    let f = Fixture::new(Compat::Helm4);
    f.engine.cancel.cancel();
    let files = [("templates/config.yaml", CONFIG)];
    let error = f.installed(chart(Compat::Helm4, &files)).await.unwrap_err();
    assert_eq!(error.text(), "context canceled");
    assert_eq!(f.writes(), [] as [&str; 0]);
}

#[tokio::test]
async fn a_cancelled_install_is_recorded_as_failed() {
    let f = Fixture::new(Compat::Helm4);
    let files = [("templates/never.yaml", NEVER)];
    let mut install = f.install();
    install.waiting = watching(600);
    let installing = f.engine.install(install, chart(Compat::Helm4, &files));
    let cancelling = async {
        // The deployment is there: what is left is waiting.
        while f.sandbox.calls().iter().all(|call| call.verb != "watch") {
            tokio::task::yield_now().await;
        }
        let journal = f.engine.journal.as_ref().unwrap();
        let entry = loop {
            if let Some(entry) = journal.read("default", "web").await.unwrap() {
                break entry;
            }
            tokio::task::yield_now().await;
        };
        assert_eq!((entry.holder.as_str(), entry.release.revision), ("test", 1));
        f.engine.cancel.cancel();
    };
    let (installed, ()) = tokio::join!(installing, cancelling);
    assert_eq!(installed.unwrap_err().text(), "context canceled");
    let expected = "Release \"web\" failed: context canceled".to_owned();
    assert_eq!(f.outline().await, [(1, "failed".to_owned(), expected)]);
    assert_eq!(f.names("Secret").await, ["sh.helm.release.v1.web.v1"]);
}

#[tokio::test]
async fn objects_that_do_not_become_ready_are_told_as_either_helm_does() {
    for (compat, expected) in [
        (
            Compat::Helm4,
            "resource Deployment/default/never not ready. status: InProgress, message: Available: 0/1\ncontext deadline exceeded",
        ),
        (Compat::Helm3, "context deadline exceeded"),
    ] {
        let f = Fixture::new(compat);
        let files = [("templates/never.yaml", NEVER)];
        let mut install = f.install();
        install.waiting = watching(1);
        let error = f.engine.install(install, chart(compat, &files)).await;
        assert_eq!(error.unwrap_err().text(), expected);
        let description = format!("Release \"web\" failed: {expected}");
        assert_eq!(f.outline().await, [(1, "failed".to_owned(), description)]);
    }
}
