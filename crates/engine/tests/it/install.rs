//! What an install does.

use windlass_chart::compat::Compat;
use windlass_engine::Level;
use windlass_engine::options::DryRun;
use windlass_plan::plan::{Operation, Plan, Reason};

use crate::chart::chart;
use crate::fixture::{CONFIG, Fixture};

const HOOK: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: hook\n  annotations:\n    helm.sh/hook: pre-install\n    helm.sh/hook-delete-policy: hook-succeeded\n";

#[tokio::test]
async fn a_chart_becomes_a_deployed_release() {
    let f = Fixture::new(Compat::Helm4);
    let chart = chart(Compat::Helm4, &[("templates/config.yaml", CONFIG)]);
    let done = f.installed(chart).await.unwrap();
    assert_eq!(done.release.version, 1);
    let outline = f.outline().await;
    assert_eq!(outline, [(1, "deployed".into(), "Install complete".into())]);
    let config = f.get("ConfigMap", "web-config").await.unwrap();
    assert_eq!(config["data"]["greeting"], "hello");
    let metadata = &config["metadata"];
    assert_eq!(metadata["labels"]["app.kubernetes.io/managed-by"], "Helm");
    assert_eq!(metadata["annotations"]["meta.helm.sh/release-name"], "web");
    let manager = &metadata["managedFields"][0];
    assert_eq!(manager["manager"], "helm");
    assert_eq!(manager["operation"], "Apply");
}

#[tokio::test]
async fn writes_come_in_helms_order_with_the_journal_around_them() {
    let f = Fixture::new(Compat::Helm4);
    let files = [
        ("templates/config.yaml", CONFIG),
        ("templates/hook.yaml", HOOK),
    ];
    f.installed(chart(Compat::Helm4, &files)).await.unwrap();
    let base = "/api/v1/namespaces/default";
    let record = format!("PUT {base}/secrets/sh.helm.release.v1.web.v1");
    let journal = format!("DELETE {base}/secrets/sh.windlass.journal.v1.web");
    let config = |verb: &str, name: &str| format!("{verb} {base}/configmaps/{name}");
    let mut writes = f.writes();
    // The journal is begun beside what follows the record: only that it is there counts.
    let begun = writes
        .iter()
        .rposition(|w| *w == format!("POST {base}/secrets"));
    writes.remove(begun.unwrap());
    let expected = [
        format!("POST {base}/secrets"),
        record.clone(),
        config("PATCH", "hook"),
        config("DELETE", "hook"),
        config("PATCH", "web-config"),
        record,
        journal,
    ];
    assert_eq!(writes, expected);
    assert_eq!(f.names("Secret").await, ["sh.helm.release.v1.web.v1"]);
    assert_eq!(f.names("ConfigMap").await, ["web-config"]);
}

#[tokio::test]
async fn a_name_in_use_writes_nothing() {
    let f = Fixture::new(Compat::Helm4);
    let files = [("templates/config.yaml", CONFIG)];
    f.installed(chart(Compat::Helm4, &files)).await.unwrap();
    f.sandbox.forget_calls();
    let error = f.installed(chart(Compat::Helm4, &files)).await.unwrap_err();
    let expected = "release name check failed: cannot reuse a name that is still in use";
    assert_eq!(error.text(), expected);
    assert_eq!(f.writes(), [] as [&str; 0]);
    assert_eq!(f.logged(Level::Error), ["release name check failed"]);
}

#[tokio::test]
async fn helm_3_has_its_own_words_and_posts() {
    let f = Fixture::new(Compat::Helm3);
    let files = [("templates/config.yaml", CONFIG)];
    f.installed(chart(Compat::Helm3, &files)).await.unwrap();
    let config = f.get("ConfigMap", "web-config").await.unwrap();
    assert_eq!(
        config["metadata"]["managedFields"][0]["operation"],
        "Update"
    );
    let error = f.installed(chart(Compat::Helm3, &files)).await.unwrap_err();
    assert_eq!(error.text(), "cannot re-use a name that is still in use");
    assert!(f.history().await[0].apply_method.is_none());
}

#[tokio::test]
async fn an_invalid_name_asks_for_nothing() {
    let f = Fixture::new(Compat::Helm4);
    let mut install = f.install();
    install.name = "Web".into();
    let chart = chart(Compat::Helm4, &[("templates/config.yaml", CONFIG)]);
    let error = f.engine.install(install, chart).await.unwrap_err().text();
    assert!(error.starts_with("release name check failed: release name \"Web\": invalid release name, must match regex"), "{error}");
    assert_eq!(f.writes(), [] as [&str; 0]);
}

#[tokio::test]
async fn a_dry_run_only_plans() {
    let f = Fixture::new(Compat::Helm4);
    let mut install = f.install();
    install.dry_run = DryRun::Server;
    let files = [
        ("templates/config.yaml", CONFIG),
        ("templates/hook.yaml", HOOK),
    ];
    let done = f
        .engine
        .install(install, chart(Compat::Helm4, &files))
        .await
        .unwrap();
    assert_eq!(f.writes(), [] as [&str; 0]);
    assert_eq!(done.release.info.description, "Dry run complete");
    let reasons: Vec<Reason> = done
        .plan
        .steps
        .iter()
        .filter_map(|step| match &step.operation {
            Operation::Apply { reason, .. } => Some(*reason),
            _ => None,
        })
        .collect();
    assert_eq!(reasons, [Reason::New]);
    assert!(
        done.plan
            .steps
            .iter()
            .any(|step| matches!(step.operation, Operation::Hook { .. }))
    );
    let text = done.plan.to_json().unwrap();
    assert_eq!(Plan::from_json(&text).unwrap(), done.plan);
}

#[tokio::test]
async fn a_dry_run_by_the_client_asks_no_cluster() {
    let f = Fixture::new(Compat::Helm4);
    let mut install = f.install();
    install.dry_run = DryRun::Client;
    let files = [("templates/config.yaml", CONFIG)];
    let done = f
        .engine
        .install(install, chart(Compat::Helm4, &files))
        .await
        .unwrap();
    assert!(done.release.manifest.contains("web-config"));
    assert_eq!(f.sandbox.calls(), []);
}

#[tokio::test]
async fn somebody_elses_object_stops_an_install() {
    let f = Fixture::new(Compat::Helm4);
    let files = [("templates/config.yaml", CONFIG)];
    f.installed(chart(Compat::Helm4, &files)).await.unwrap();
    let mut other = f.install();
    other.name = "other".into();
    let same = [(
        "templates/config.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web-config\n",
    )];
    f.sandbox.forget_calls();
    let error = f
        .engine
        .install(other.clone(), chart(Compat::Helm4, &same))
        .await
        .unwrap_err();
    let expected = "unable to continue with install: ConfigMap \"web-config\" in namespace \"default\" exists and cannot be imported into the current release: invalid ownership metadata; annotation validation error: key \"meta.helm.sh/release-name\" must equal \"other\": current value is \"web\"";
    assert_eq!(error.text(), expected);
    assert_eq!(f.writes(), [] as [&str; 0]);
    other.take_ownership = true;
    other.force_conflicts = true;
    f.engine
        .install(other, chart(Compat::Helm4, &same))
        .await
        .unwrap();
    let config = f.get("ConfigMap", "web-config").await.unwrap();
    assert_eq!(
        config["metadata"]["annotations"]["meta.helm.sh/release-name"],
        "other"
    );
}

#[tokio::test]
async fn definitions_come_first_and_are_seen() {
    let f = Fixture::new(Compat::Helm4);
    let definition = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: gadgets.example.com\nspec:\n  group: example.com\n  scope: Namespaced\n  names:\n    kind: Gadget\n    plural: gadgets\n    singular: gadget\n  versions:\n  - name: v1\n    served: true\n    storage: true\n    schema:\n      openAPIV3Schema:\n        type: object\n        x-kubernetes-preserve-unknown-fields: true\n";
    let gadget = "{{ if .Capabilities.APIVersions.Has \"example.com/v1/Gadget\" }}\napiVersion: example.com/v1\nkind: Gadget\nmetadata:\n  name: gadget\n{{ end }}\n";
    let files = [
        ("crds/gadget.yaml", definition),
        ("templates/gadget.yaml", gadget),
    ];
    let done = f.installed(chart(Compat::Helm4, &files)).await.unwrap();
    assert!(done.release.manifest.contains("kind: Gadget"));
    let first = &done.plan.steps[0].operation;
    let path = "crds/gadget.yaml".to_owned();
    assert_eq!(*first, Operation::InstallDefinitions { path });
}

#[tokio::test]
async fn the_namespace_is_created_if_asked_for() {
    let f = Fixture::new(Compat::Helm4);
    let mut install = f.install();
    install.create_namespace = true;
    let files = [("templates/config.yaml", CONFIG)];
    f.engine
        .install(install, chart(Compat::Helm4, &files))
        .await
        .unwrap();
    let writes = f.writes();
    assert_eq!(writes[0], "PATCH /api/v1/namespaces/default");
}
