//! What a rollback does.

use windlass_chart::compat::Compat;
use windlass_engine::Rollback;
use windlass_engine::options::DryRun;
use windlass_plan::plan::{Operation, Reason};

use crate::chart::{chart, with_values};
use crate::fixture::{CONFIG, Fixture};

fn rollback(revision: i64) -> Rollback {
    Rollback {
        name: "web".into(),
        revision,
        ..Rollback::default()
    }
}

#[tokio::test]
async fn a_release_goes_back_as_a_new_revision() {
    for compat in [Compat::Helm4, Compat::Helm3] {
        let f = Fixture::new(compat);
        let files = [("templates/config.yaml", CONFIG)];
        f.installed(chart(compat, &files)).await.unwrap();
        let next = with_values(compat, &files, r#"{"greeting":"salve"}"#);
        f.upgraded(next).await.unwrap();
        f.engine.rollback(rollback(0)).await.unwrap();
        let expected = [
            (1, "superseded".to_owned(), "Install complete".to_owned()),
            (2, "superseded".to_owned(), "Upgrade complete".to_owned()),
            (3, "deployed".to_owned(), "Rollback to 1".to_owned()),
        ];
        assert_eq!(f.outline().await, expected);
        let config = f.get("ConfigMap", "web-config").await.unwrap();
        assert_eq!(config["data"]["greeting"], "hello");
        let to = f.history().await[2].info.rollback_revision;
        assert_eq!(to, i64::from(compat == Compat::Helm4));
    }
}

#[tokio::test]
async fn revisions_that_are_not_there_are_told() {
    let f = Fixture::new(Compat::Helm4);
    let error = f.engine.rollback(rollback(0)).await.unwrap_err();
    assert_eq!(error.text(), "release: not found");
    let files = [("templates/config.yaml", CONFIG)];
    f.installed(chart(Compat::Helm4, &files)).await.unwrap();
    f.sandbox.forget_calls();
    for (revision, expected) in [
        (7, "release has no 7 version"),
        (0, "release has no 0 version"),
        (-1, "invalid release revision"),
    ] {
        let error = f.engine.rollback(rollback(revision)).await.unwrap_err();
        assert_eq!(error.text(), expected);
    }
    assert_eq!(f.writes(), [] as [&str; 0]);
}

#[tokio::test]
async fn a_dry_run_plans_objects_and_writes_nothing() {
    let f = Fixture::new(Compat::Helm4);
    let files = [("templates/config.yaml", CONFIG)];
    f.installed(chart(Compat::Helm4, &files)).await.unwrap();
    let next = with_values(Compat::Helm4, &files, r#"{"greeting":"salve"}"#);
    f.upgraded(next).await.unwrap();
    f.sandbox.forget_calls();
    let mut options = rollback(1);
    options.dry_run = DryRun::Server;
    let done = f.engine.rollback(options).await.unwrap();
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
    assert_eq!(applied, Some((Reason::Changed, true)));
    assert_eq!(f.writes(), [] as [&str; 0]);
}
