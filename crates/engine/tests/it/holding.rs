//! Who keeps whom out, and what is taken up that was left off.

use serde_json::json;
use windlass_chart::compat::Compat;
use windlass_engine::{Error, Recover, Recovered, Rollback, Uninstall};
use windlass_plan::cluster::Write;
use windlass_plan::journal::Claim;
use windlass_release::Status;

use crate::chart::{chart, with_values};
use crate::fixture::{CONFIG, Fixture};

const OTHER: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\n";
const FILES: [(&str, &str); 2] = [
    ("templates/config.yaml", CONFIG),
    ("templates/other.yaml", OTHER),
];

async fn deployed() -> Fixture {
    let f = Fixture::new(Compat::Helm4);
    f.installed(chart(Compat::Helm4, &FILES)).await.unwrap();
    f
}

/// Claims the release as an uninstall does.
async fn claim(f: &Fixture, holder: &str) -> Claim {
    let claim = Claim {
        namespace: "default".to_owned(),
        name: "web".to_owned(),
        revision: 2,
        holder: holder.to_owned(),
        uid: String::new(),
    };
    let journal = f.engine.journal.as_ref().unwrap();
    journal.claim(claim).await.unwrap()
}

fn uninstall() -> Uninstall {
    Uninstall {
        name: "web".to_owned(),
        ..Uninstall::default()
    }
}

#[tokio::test]
async fn an_uninstall_leaves_nothing_of_its_claim() {
    let f = deployed().await;
    f.engine.uninstall(uninstall()).await.unwrap();
    assert_eq!(f.names("Secret").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_claim_of_somebody_who_is_gone_keeps_nobody_out() {
    let f = deployed().await;
    claim(&f, "gone").await;
    f.upgraded(chart(Compat::Helm4, &FILES)).await.unwrap();
    let f = deployed().await;
    claim(&f, "gone").await;
    f.engine.uninstall(uninstall()).await.unwrap();
    assert_eq!(f.names("Secret").await, Vec::<String>::new());
    let f = deployed().await;
    claim(&f, "gone").await;
    let recover = Recover {
        name: "web".to_owned(),
        ..Recover::default()
    };
    let recovered = f.engine.recover(recover).await.unwrap();
    assert!(matches!(recovered, Recovered::Settled(_)), "{recovered:?}");
    assert_eq!(f.names("Secret").await, ["sh.helm.release.v1.web.v1"]);
}

#[tokio::test]
async fn an_uninstall_gives_way_to_a_revision_that_is_begun() {
    let f = deployed().await;
    // What an upgrade has begun since the history was read.
    let mut next = f.engine.store.get("web", 1).await.unwrap();
    let journal = f.engine.journal.clone().unwrap();
    next.version = 2;
    next.set_status(Status::PendingUpgrade, "Preparing upgrade");
    f.engine.store.create(&next).await.unwrap();
    let wanted = Claim {
        namespace: "default".to_owned(),
        name: "web".to_owned(),
        revision: 2,
        holder: "test".to_owned(),
        uid: String::new(),
    };
    let error = journal.claim(wanted).await.unwrap_err();
    assert!(error.is_already_exists());
    assert_eq!(journal.claimed("default", "web", 2).await.unwrap(), None);
}

#[tokio::test]
async fn a_claim_goes_only_if_it_is_still_the_same() {
    let f = deployed().await;
    let journal = f.engine.journal.clone().unwrap();
    let first = claim(&f, "gone").await;
    journal.unclaim(&first).await.unwrap();
    let second = claim(&f, "another").await;
    journal.unclaim(&first).await.unwrap();
    assert_eq!(
        journal.claimed("default", "web", 2).await.unwrap(),
        Some(second)
    );
}

/// A rollback that was left off: the revision before counts as superseded, and the new one names its
/// holder.
async fn left_off() -> Fixture {
    let f = Fixture::new(Compat::Helm4);
    f.installed(chart(Compat::Helm4, &FILES[..1]))
        .await
        .unwrap();
    f.upgraded(chart(Compat::Helm4, &FILES)).await.unwrap();
    let mut second = f.engine.store.get("web", 2).await.unwrap();
    second.info.status = Status::Superseded;
    f.engine.store.update(&second).await.unwrap();
    let mut third = f.engine.store.get("web", 1).await.unwrap();
    third.version = 3;
    third.holder = "gone".to_owned();
    third.set_status(Status::PendingRollback, "Rollback to 1");
    f.engine.store.create(&third).await.unwrap();
    third.set_status(Status::Failed, "Rollback \"web\" failed: context canceled");
    f.engine.store.update(&third).await.unwrap();
    f
}

#[tokio::test]
async fn what_was_left_off_leaves_no_orphans() {
    let rollback = Rollback {
        name: "web".to_owned(),
        revision: 1,
        ..Rollback::default()
    };
    let f = left_off().await;
    f.engine.rollback(rollback).await.unwrap();
    assert_eq!(f.names("ConfigMap").await, ["web-config"]);
    let f = left_off().await;
    f.upgraded(chart(Compat::Helm4, &FILES[..1])).await.unwrap();
    assert_eq!(f.names("ConfigMap").await, ["web-config"]);
    let f = left_off().await;
    f.engine.uninstall(uninstall()).await.unwrap();
    assert_eq!(f.names("ConfigMap").await, Vec::<String>::new());
}

#[tokio::test]
async fn an_install_that_the_user_ended_can_be_typed_again() {
    let f = Fixture::new(Compat::Helm4);
    f.installed(chart(Compat::Helm4, &FILES)).await.unwrap();
    let mut first = f.engine.store.get("web", 1).await.unwrap();
    first.holder = "gone".to_owned();
    first.set_status(Status::Failed, "Release \"web\" failed: context canceled");
    f.engine.store.update(&first).await.unwrap();
    let again = with_values(Compat::Helm4, &FILES[..1], r#"{"greeting":"salve"}"#);
    f.installed(again).await.unwrap();
    let statuses: Vec<String> = f.outline().await.into_iter().map(|r| r.1).collect();
    assert_eq!(statuses, ["failed", "deployed"]);
    let config = f.get("ConfigMap", "web-config").await.unwrap();
    assert_eq!(config["data"]["greeting"], "salve");
}

#[tokio::test]
async fn a_fault_of_the_release_is_none_of_this() {
    let f = deployed().await;
    let bad = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\ndata: {a: 1}\n";
    let files = [FILES[0], ("templates/other.yaml", bad)];
    let error = f.upgraded(chart(Compat::Helm4, &files)).await.unwrap_err();
    assert!(!error.leaves_open(), "{}", error.text());
    let failed = f.history().await.pop().unwrap();
    assert_eq!(failed.info.status, Status::Failed);
    assert_eq!(failed.holder, "");
    assert!(Error::Cancelled.leaves_open());
    // It is what it says, whatever else is written to the record.
    let at = windlass_plan::cluster::ObjectRef {
        mapping: f.engine.cluster.mapping("v1", "Secret").await.unwrap(),
        namespace: "default".to_owned(),
        name: failed.key(),
    };
    let label = windlass_plan::cluster::Patch::Merge(json!({"metadata": {"labels": {"a": "b"}}}));
    f.engine
        .cluster
        .patch(&at, &label, &Write::default())
        .await
        .unwrap();
    assert_eq!(f.history().await.pop().unwrap().holder, "");
}
