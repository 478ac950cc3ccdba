//! Revisions whose manifests name kinds that the server no longer has.

use serde_json::{Value, json};
use windlass_chart::compat::Compat;
use windlass_engine::{Rollback, Uninstall};
use windlass_plan::cluster::ObjectRef;

use crate::chart::chart;
use crate::fixture::{CONFIG, Fixture};

const BUDGET: &str = "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: budget\n\
    spec:\n  minAvailable: 1\n  selector: {matchLabels: {app: web}}\n";
const INGRESS: &str = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: door\n\
    spec:\n  defaultBackend: {service: {name: web, port: {number: 80}}}\n";
/// A kind that is gone altogether.
const EXTINCT: &str =
    "---\napiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata:\n  name: strict\n";

const FILES: [(&str, &str); 3] = [
    ("templates/config.yaml", CONFIG),
    ("templates/budget.yaml", BUDGET),
    ("templates/ingress.yaml", INGRESS),
];

/// A release that was made when the server was younger.
async fn old_release(compat: Compat) -> Fixture {
    let f = Fixture::new(compat);
    f.installed(chart(compat, &FILES)).await.unwrap();
    age(&f, 1).await;
    f
}

async fn age(f: &Fixture, revision: i64) {
    let mut record = f.engine.store.get("web", revision).await.unwrap();
    record.manifest = record
        .manifest
        .replace("policy/v1\n", "policy/v1beta1\n")
        .replace("networking.k8s.io/v1\n", "extensions/v1beta1\n")
        + EXTINCT;
    f.engine.store.update(&record).await.unwrap();
}

async fn there(f: &Fixture, api_version: &str, kind: &str, name: &str) -> Option<Value> {
    let mapping = f.engine.cluster.mapping(api_version, kind).await.unwrap();
    let at = ObjectRef {
        mapping,
        namespace: "default".to_owned(),
        name: name.to_owned(),
    };
    f.engine.cluster.get(&at).await.ok()
}

async fn both(f: &Fixture) -> [bool; 2] {
    let budget = there(f, "policy/v1", "PodDisruptionBudget", "budget").await;
    let ingress = there(f, "networking.k8s.io/v1", "Ingress", "door").await;
    [budget.is_some(), ingress.is_some()]
}

#[tokio::test]
async fn an_upgrade_finds_their_objects_under_the_versions_that_are_left() {
    for compat in [Compat::Helm4, Compat::Helm3] {
        let f = old_release(compat).await;
        assert_eq!(both(&f).await, [true, true]);
        f.upgraded(chart(compat, &FILES[..2])).await.unwrap();
        assert_eq!(
            both(&f).await,
            [true, false],
            "the budget stays, the ingress goes"
        );
        f.upgraded(chart(compat, &FILES[..1])).await.unwrap();
        assert_eq!(both(&f).await, [false, false]);
    }
}

#[tokio::test]
async fn an_uninstall_deletes_them() {
    for compat in [Compat::Helm4, Compat::Helm3] {
        let f = old_release(compat).await;
        let uninstall = Uninstall {
            name: "web".to_owned(),
            ..Uninstall::default()
        };
        f.engine.uninstall(uninstall).await.unwrap();
        assert_eq!(both(&f).await, [false, false]);
        assert_eq!(f.outline().await, []);
    }
}

#[tokio::test]
async fn a_rollback_leaves_them_behind_but_does_not_go_back_to_them() {
    let f = Fixture::new(Compat::Helm4);
    f.installed(chart(Compat::Helm4, &FILES[..1]))
        .await
        .unwrap();
    f.upgraded(chart(Compat::Helm4, &FILES)).await.unwrap();
    age(&f, 2).await;
    let back = |revision| Rollback {
        name: "web".to_owned(),
        revision,
        ..Rollback::default()
    };
    f.engine.rollback(back(1)).await.unwrap();
    assert_eq!(both(&f).await, [false, false]);
    let error = f.engine.rollback(back(2)).await.unwrap_err().text();
    let start = "unable to build kubernetes objects from new release manifest: ";
    assert!(error.starts_with(start), "{error}");
    assert!(
        error.contains("no matches for kind \"PodDisruptionBudget\" in version \"policy/v1beta1\"")
    );
    // Nothing was begun.
    let statuses: Vec<String> = f.outline().await.into_iter().map(|r| r.1).collect();
    assert_eq!(
        json!(statuses),
        json!(["superseded", "superseded", "deployed"])
    );
}
