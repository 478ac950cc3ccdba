#![allow(clippy::unwrap_used, clippy::panic)]

use serde_json::json;
use windlass_chart::compat::Compat;

use super::ownership::{self, Owner, OwnershipError};
use super::*;
use crate::error::text;
use crate::fake::{Fake, engine, forbidden, path};

const OWNER: Owner<'static> = Owner {
    release: "r",
    namespace: "ns",
};

async fn built(manifest: &str, check: Check) -> Result<Vec<Target>, String> {
    build(&Fake::default(), manifest, "d", check)
        .await
        .map_err(|error| text(&error))
}

async fn refused(manifest: &str) -> String {
    built(manifest, Check::Strict).await.unwrap_err()
}

fn config_map(name: &str) -> Target {
    let object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "d"}});
    let at = ObjectRef {
        mapping: crate::fake::mapping("v1", "ConfigMap").unwrap(),
        namespace: "d".to_owned(),
        name: name.to_owned(),
    };
    Target {
        at,
        object,
        origin: Origin::default(),
    }
}

#[tokio::test]
async fn namespaces_are_given_and_taken() {
    let manifest = "---\n# Source: a\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n---\n\
        apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b, namespace: other}\n---\n\
        apiVersion: v1\nkind: Namespace\nmetadata: {name: c, namespace: other}\n---\n# nothing\n---\nnull\n";
    let targets = built(manifest, Check::Strict).await.unwrap();
    let paths: Vec<String> = targets.iter().map(|target| path(&target.at)).collect();
    assert_eq!(
        paths,
        ["configmaps d/a", "configmaps other/b", "namespaces /c"]
    );
    assert_eq!(
        targets[0].object["metadata"],
        json!({"name": "a", "namespace": "d"})
    );
    assert_eq!(targets[2].object["metadata"], json!({"name": "c"}));
}

#[tokio::test]
async fn numbers_stay_what_they_are() {
    let manifest = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n\
        all: [1, 1.5, 9007199254740993, 18446744073709551615, 1e3]\nlast: |\n  line";
    let targets = built(manifest, Check::Strict).await.unwrap();
    let object = &targets[0].object;
    assert_eq!(
        object["all"],
        json!([
            1,
            1.5,
            9_007_199_254_740_993_i64,
            1.844_674_407_370_955_2e19,
            1000
        ])
    );
    assert_eq!(object["last"], "line\n");
}

#[tokio::test]
async fn lists_are_flattened() {
    let manifest = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n\
        - apiVersion: v1\n  kind: List\n  items:\n  - {apiVersion: v1, kind: Secret, metadata: {name: b}}\n\
        - {apiVersion: v1, kind: Secret, metadata: {name: c}}\n---\n\
        apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: d}\n";
    let targets = built(manifest, Check::Strict).await.unwrap();
    let paths: Vec<String> = targets.iter().map(|target| path(&target.at)).collect();
    assert_eq!(
        paths,
        [
            "configmaps d/a",
            "secrets d/c",
            "secrets d/b",
            "configmaps d/d"
        ]
    );
    assert_eq!(targets[3].object["kind"], "ConfigMap");
}

#[tokio::test]
async fn unknown_kinds() {
    assert_eq!(
        refused("apiVersion: a.b/v1\nkind: K\nmetadata: {name: x, namespace: ns}").await,
        "resource mapping not found for name: \"x\" namespace: \"ns\" from \"\": no matches for kind \"K\" in \
         version \"a.b/v1\"\nensure CRDs are installed first"
    );
    assert_eq!(
        refused("apiVersion: v1\nkind: List\nitems: [{apiVersion: v2, kind: K}]").await,
        "unable to recognize no matches for kind \"K\" in version \"v2\""
    );
}

#[tokio::test]
async fn what_is_no_object() {
    assert_eq!(
        refused("a: 1").await,
        "error validating \"\": error validating data: [apiVersion not set, kind not set]"
    );
    assert_eq!(
        refused("apiVersion: v1\nkind: 1").await,
        "error validating \"\": error validating data: kind isn't string type"
    );
    assert_eq!(
        refused("just text").await,
        "error validating \"\": error validating data: invalid object to validate"
    );
    assert_eq!(
        built("a: <1>", Check::None).await.unwrap_err(),
        r#"unable to decode "": Object 'Kind' is missing in '{"a":"\u003c1\u003e"}'"#
    );
    assert_eq!(
        refused("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {x: 1}}").await,
        "unable to decode \"\": json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels \
         of type string"
    );
}

#[tokio::test]
async fn errors_are_collected_until_one_cannot_be_passed() {
    let unknown =
        "apiVersion: v1\nkind: X\n---\napiVersion: v1\nkind: X\n---\napiVersion: v1\nkind: W\n";
    let error = refused(&format!(
        "{unknown}---\na: 1\n---\napiVersion: v1\nkind: Z\n"
    ))
    .await;
    assert!(
        error.starts_with("[resource mapping not found for name: \"\" namespace: \"\" from \"\": ")
    );
    assert_eq!(error.matches("kind \"X\"").count(), 1);
    assert_eq!(error.matches("kind \"W\"").count(), 1);
    assert!(error.ends_with(
        ", error validating \"\": error validating data: [apiVersion not set, kind not set]]"
    ));
    assert_eq!(
        refused("a: b: c").await,
        "error parsing : error converting YAML to JSON: yaml: mapping values are not allowed in this context"
    );
}

#[test]
fn marks_of_ownership() {
    let mut target = config_map("a");
    target.object["metadata"]["labels"] =
        json!({"x": "y", "n": null, "app.kubernetes.io/managed-by": "me"});
    assert_eq!(
        ownership::fault(&target.object, OWNER).unwrap(),
        "invalid ownership metadata; label validation error: key \"app.kubernetes.io/managed-by\" must equal \
         \"Helm\": current value is \"me\"; annotation validation error: missing key \
         \"meta.helm.sh/release-name\": must be set to \"r\"; annotation validation error: missing key \
         \"meta.helm.sh/release-namespace\": must be set to \"ns\""
    );
    ownership::mark(std::slice::from_mut(&mut target), OWNER);
    assert_eq!(ownership::fault(&target.object, OWNER), None);
    let labels = json!({"x": "y", "n": "", "app.kubernetes.io/managed-by": "Helm"});
    assert_eq!(target.object["metadata"]["labels"], labels);
}

#[test]
fn labels_that_are_no_text_are_lost_with_all_others() {
    let mut target = config_map("a");
    target.object["metadata"]["labels"] = json!({"x": "y", "n": 1});
    ownership::mark(std::slice::from_mut(&mut target), OWNER);
    let labels = json!({"app.kubernetes.io/managed-by": "Helm"});
    assert_eq!(target.object["metadata"]["labels"], labels);
}

fn owned(name: &str) -> Target {
    let mut target = config_map(name);
    ownership::mark(std::slice::from_mut(&mut target), OWNER);
    target
}

#[tokio::test]
async fn what_may_be_taken_over() {
    let fake = Fake::default();
    let engine = engine(&fake, Compat::Helm4);
    fake.put(owned("mine").object);
    let mut targets = vec![owned("new"), owned("mine")];
    let found = ownership::adoptable(&engine, &targets, OWNER, false)
        .await
        .unwrap();
    assert_eq!(found, [owned("mine")]);

    fake.put(config_map("theirs").object);
    targets.push(owned("theirs"));
    let error = ownership::adoptable(&engine, &targets, OWNER, false)
        .await
        .unwrap_err();
    let start = "ConfigMap \"theirs\" in namespace \"d\" exists and cannot be imported into the current \
                 release: invalid ownership metadata; label validation error: missing key";
    assert!(text(&error).starts_with(start), "{error}");
    let found = ownership::adoptable(&engine, &targets, OWNER, true)
        .await
        .unwrap();
    assert_eq!(found.len(), 2);

    fake.refuse("GET configmaps d/mine", forbidden());
    let error = ownership::adoptable(&engine, &targets, OWNER, false)
        .await
        .unwrap_err();
    assert_eq!(
        text(&error),
        "could not get information about the resource ConfigMap \"mine\" in namespace \"d\": no right to do that"
    );
}

#[tokio::test]
async fn generated_names_are_told_or_not() {
    let mut generated = config_map("");
    generated.object["metadata"] = json!({"generateName": "x-"});
    let fake = Fake::default();
    let new = engine(&fake, Compat::Helm4);
    let targets = [generated.clone()];
    assert!(
        ownership::adoptable(&new, &targets, OWNER, false)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(fake.calls().is_empty());

    let old = engine(&fake, Compat::Helm3);
    let error = ownership::adoptable(&old, &targets, OWNER, false)
        .await
        .unwrap_err();
    assert_eq!(
        text(&error),
        "could not get information about the resource ConfigMap \"\" in namespace \"d\": resource name may \
         not be empty"
    );

    generated.at.name = "y".to_owned();
    let error = ownership::adoptable(&new, &[generated], OWNER, false)
        .await
        .unwrap_err();
    assert!(matches!(error, OwnershipError::TwoNames));
}

#[tokio::test]
async fn what_an_uninstall_finds() {
    let fake = Fake::default();
    fake.put(owned("mine").object);
    fake.put(config_map("theirs").object);
    fake.refuse("GET configmaps d/hidden", forbidden());
    let all = ["mine", "gone", "theirs", "hidden"]
        .map(config_map)
        .to_vec();
    let engine = engine(&fake, Compat::Helm4);
    let found = ownership::belongings(&engine, all, OWNER).await;
    assert_eq!(found.owned, [config_map("mine")]);
    assert_eq!(found.foreign, [config_map("theirs")]);
    assert_eq!(found.unverified, [(config_map("hidden"), forbidden())]);
}

#[test]
fn versions_do_not_tell_objects_apart() {
    let a = config_map("a");
    let mut b = a.clone();
    b.at.mapping.version = "v2".to_owned();
    assert!(same(&a.at, &b.at));
    assert_eq!(difference(&[a, config_map("c")], &[b]).len(), 1);
}
