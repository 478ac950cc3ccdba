//! What an upgrade does.

use windlass_chart::compat::Compat;
use windlass_engine::options::DryRun;
use windlass_plan::plan::{Operation, Reason};
use windlass_release::Status;

use crate::chart::{chart, with_values};
use crate::fixture::{CONFIG, Fixture};

const OTHER: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\n";

#[tokio::test]
async fn a_release_goes_on_to_a_new_revision_and_loses_what_is_gone() {
    for compat in [Compat::Helm4, Compat::Helm3] {
        let f = Fixture::new(compat);
        let files = [
            ("templates/config.yaml", CONFIG),
            ("templates/other.yaml", OTHER),
        ];
        f.installed(chart(compat, &files)).await.unwrap();
        let values = r#"{"greeting":"salve"}"#;
        let next = with_values(compat, &files[..1], values);
        f.upgraded(next).await.unwrap();
        let expected = [
            (1, "superseded".to_owned(), "Install complete".to_owned()),
            (2, "deployed".to_owned(), "Upgrade complete".to_owned()),
        ];
        assert_eq!(f.outline().await, expected);
        assert_eq!(f.names("ConfigMap").await, ["web-config"]);
        let config = f.get("ConfigMap", "web-config").await.unwrap();
        assert_eq!(config["data"]["greeting"], "salve");
    }
}

#[tokio::test]
async fn values_are_taken_over_where_none_are_given() {
    let f = Fixture::new(Compat::Helm4);
    let files = [("templates/config.yaml", CONFIG)];
    let first = with_values(Compat::Helm4, &files, r#"{"greeting":"salve"}"#);
    f.installed(first).await.unwrap();
    f.upgraded(chart(Compat::Helm4, &files)).await.unwrap();
    let config = f.get("ConfigMap", "web-config").await.unwrap();
    assert_eq!(config["data"]["greeting"], "salve");
}

#[tokio::test]
async fn an_unchanged_upgrade_writes_records_and_the_journal_only() {
    let f = Fixture::new(Compat::Helm4);
    let files = [("templates/config.yaml", CONFIG)];
    f.installed(chart(Compat::Helm4, &files)).await.unwrap();
    f.sandbox.forget_calls();
    f.upgraded(chart(Compat::Helm4, &files)).await.unwrap();
    let writes = f.writes();
    assert!(writes.iter().all(|w| w.contains("/secrets")), "{writes:?}");
    assert_eq!(writes.len(), 5, "{writes:?}");
}

#[tokio::test]
async fn an_object_that_was_deleted_by_hand_comes_back() {
    let f = Fixture::new(Compat::Helm4);
    let files = [("templates/config.yaml", CONFIG)];
    f.installed(chart(Compat::Helm4, &files)).await.unwrap();
    let done = f.upgraded(chart(Compat::Helm4, &files)).await.unwrap();
    let at = done
        .plan
        .steps
        .iter()
        .find_map(|step| match &step.operation {
            Operation::Apply { object, .. } => Some(object.clone()),
            _ => None,
        });
    let options = windlass_plan::cluster::DeleteOptions::default();
    f.engine
        .cluster
        .delete(&at.unwrap(), &options)
        .await
        .unwrap();
    f.upgraded(chart(Compat::Helm4, &files)).await.unwrap();
    assert!(f.get("ConfigMap", "web-config").await.is_some());
}

#[tokio::test]
async fn a_release_that_is_not_there_cannot_be_upgraded() {
    let f = Fixture::new(Compat::Helm4);
    let error = f.upgraded(chart(Compat::Helm4, &[])).await.unwrap_err();
    assert_eq!(error.text(), "\"web\" has no deployed releases");
    assert_eq!(f.writes(), [] as [&str; 0]);
}

#[tokio::test]
async fn a_pending_revision_belongs_to_another_operation() {
    let f = Fixture::new(Compat::Helm4);
    let files = [("templates/config.yaml", CONFIG)];
    let mut release = f
        .installed(chart(Compat::Helm4, &files))
        .await
        .unwrap()
        .release;
    release.info.status = Status::PendingUpgrade;
    // As Helm makes it: nobody says who is at work on it.
    release.holder.clear();
    f.engine.store.update(&release).await.unwrap();
    let error = f.upgraded(chart(Compat::Helm4, &files)).await.unwrap_err();
    let expected = "another operation (install/upgrade/rollback) is in progress";
    assert_eq!(error.text(), expected);
    // Who asks for it has it taken for interrupted.
    let mut f = f;
    f.engine.auto_recover = true;
    let done = f.upgraded(chart(Compat::Helm4, &files)).await.unwrap();
    assert_eq!(
        (done.release.version, &done.release.info.status),
        (2, &Status::Deployed)
    );
    let first = f.engine.store.get("web", 1).await.unwrap();
    assert_ne!(first.info.status, Status::PendingUpgrade);
}

/// Objects of a revision whose holder was killed count among those that the next one starts from.
#[tokio::test]
async fn what_a_killed_upgrade_created_goes_with_the_next() {
    let f = Fixture::new(Compat::Helm4);
    let first = [("templates/config.yaml", CONFIG)];
    f.installed(chart(Compat::Helm4, &first)).await.unwrap();
    let other = CONFIG.replace("-config", "-surplus");
    let both = [
        ("templates/config.yaml", CONFIG),
        ("templates/other.yaml", &other),
    ];
    let done = f.upgraded(chart(Compat::Helm4, &both)).await.unwrap();
    let mut killed = done.release;
    killed.info.status = Status::PendingUpgrade;
    killed.holder = "gone".to_owned();
    f.engine.store.update(&killed).await.unwrap();
    let mut deployed = f.engine.store.get("web", 1).await.unwrap();
    deployed.info.status = Status::Deployed;
    f.engine.store.update(&deployed).await.unwrap();

    f.upgraded(chart(Compat::Helm4, &first)).await.unwrap();
    let orphan = f.get("ConfigMap", "web-surplus").await;
    assert!(orphan.is_none(), "an orphan is left");
    let killed = f.engine.store.get("web", 2).await.unwrap();
    assert_eq!(killed.info.status, Status::Failed);
    assert!(
        killed
            .info
            .description
            .starts_with("Interrupted: pending-upgrade")
    );
}

#[tokio::test]
async fn history_is_kept_within_its_limit() {
    let f = Fixture::new(Compat::Helm4);
    let files = [("templates/config.yaml", CONFIG)];
    f.installed(chart(Compat::Helm4, &files)).await.unwrap();
    for _ in 0..3 {
        let mut upgrade = f.upgrade();
        upgrade.max_history = 2;
        f.engine
            .upgrade(upgrade, chart(Compat::Helm4, &files))
            .await
            .unwrap();
    }
    let versions: Vec<i64> = f.history().await.iter().map(|r| r.version).collect();
    assert_eq!(versions, [3, 4]);
}

#[tokio::test]
async fn labels_follow_and_null_takes_one_away() {
    let f = Fixture::new(Compat::Helm4);
    let files = [("templates/config.yaml", CONFIG)];
    let mut install = f.install();
    install.labels = [
        ("team".to_owned(), "a".to_owned()),
        ("tier".to_owned(), "b".to_owned()),
    ]
    .into();
    f.engine
        .install(install, chart(Compat::Helm4, &files))
        .await
        .unwrap();
    let mut upgrade = f.upgrade();
    upgrade.labels = [("tier".to_owned(), "null".to_owned())].into();
    f.engine
        .upgrade(upgrade, chart(Compat::Helm4, &files))
        .await
        .unwrap();
    let labels = &f.history().await[1].labels;
    assert_eq!(labels.get("team").map(String::as_str), Some("a"));
    assert_eq!(labels.get("tier"), None);
}

#[tokio::test]
async fn drivers_labels_are_refused() {
    let f = Fixture::new(Compat::Helm4);
    let mut install = f.install();
    install.labels = [("owner".to_owned(), "me".to_owned())].into();
    let error = f
        .engine
        .install(install, chart(Compat::Helm4, &[]))
        .await
        .unwrap_err();
    let expected = "user supplied labels contains system reserved label name. System labels: [name owner status version createdAt modifiedAt]";
    assert_eq!(error.text(), expected);
}

#[tokio::test]
async fn a_dry_run_writes_nothing() {
    let f = Fixture::new(Compat::Helm4);
    let files = [("templates/config.yaml", CONFIG)];
    f.installed(chart(Compat::Helm4, &files)).await.unwrap();
    f.sandbox.forget_calls();
    let mut upgrade = f.upgrade();
    upgrade.dry_run = DryRun::Server;
    let done = f
        .engine
        .upgrade(upgrade, chart(Compat::Helm4, &files))
        .await
        .unwrap();
    assert_eq!(done.release.info.description, "Dry run complete");
    assert_eq!(done.release.version, 2);
    assert_eq!(f.writes(), [] as [&str; 0]);
    let applied = done
        .plan
        .steps
        .iter()
        .find_map(|step| match &step.operation {
            Operation::Apply {
                reason,
                precondition,
                ..
            } => Some((*reason, precondition.is_some())),
            _ => None,
        });
    assert_eq!(applied, Some((Reason::Same, true)));
}

/// A holder of another machine is judged by what can be observed: a journal that changes says that
/// they live, one that does not that they are gone.
#[tokio::test(start_paused = true)]
async fn a_live_holder_elsewhere_is_respected_and_a_silent_one_is_not() {
    let f = Fixture::new(Compat::Helm4);
    let files = [("templates/config.yaml", CONFIG)];
    let done = f.installed(chart(Compat::Helm4, &files)).await.unwrap();
    let mut held = done.release;
    held.info.status = Status::PendingUpgrade;
    held.holder = "elsewhere".to_owned();
    f.engine.store.update(&held).await.unwrap();
    let journal = f.engine.journal.clone().unwrap();
    let mut entry = windlass_plan::journal::Entry {
        action: windlass_plan::plan::Action::Upgrade,
        release: windlass_plan::plan::Revision {
            namespace: "default".to_owned(),
            name: "web".to_owned(),
            revision: held.version,
        },
        holder: "elsewhere".to_owned(),
        heartbeat: 0,
        plan: String::new(),
        phases: Vec::new(),
    };
    journal.write(&entry).await.unwrap();
    let beating = async {
        loop {
            tokio::time::sleep(std::time::Duration::from_secs(10)).await;
            entry.heartbeat += 1;
            journal.write(&entry).await.unwrap();
        }
    };
    let error = tokio::select! {
        error = f.upgraded(chart(Compat::Helm4, &files)) => error.unwrap_err(),
        () = beating => unreachable!("it beats for ever"),
    };
    let pending = error.pending().expect("somebody is at work on it");
    assert_eq!(pending.holder, "elsewhere");

    let done = f.upgraded(chart(Compat::Helm4, &files)).await.unwrap();
    assert_eq!(done.release.version, held.version + 1);
    assert!(journal.read("default", "web").await.unwrap().is_none());
}
