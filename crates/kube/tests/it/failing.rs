//! Servers that fail: what is asked again, what is not, and what that must not make of an answer.

use serde_json::{Value, json};
use windlass_kube::{Client, connect};
use windlass_plan::cluster::{Cluster, DeleteOptions, Error, Mapping, ObjectRef, Patch, Write};

use crate::connections::to;
use crate::servers::{Server, answer, serve};

/// A connection that ends without an answer.
const BREAK: &str = "";

async fn failing(answers: &[&str]) -> (Server, Client) {
    let answers = answers.iter().map(|answer| (*answer).to_owned());
    let server = serve(None, answers.collect()).await;
    let client = connect(&to(&server.address.to_string())).await.unwrap();
    (server, client)
}

fn asked(server: &Server) -> Vec<String> {
    let heads = server.heads.lock().unwrap();
    let verb = |head: &String| head.split(' ').next().unwrap().to_owned();
    heads.iter().map(verb).collect()
}

fn refused(code: u16, reason: &str, message: &str) -> String {
    let status = json!({"kind": "Status", "status": "Failure", "reason": reason, "message": message, "code": code});
    answer(&format!("{code} {reason}"), "", &status.to_string())
}

fn busy() -> String {
    refused(503, "ServiceUnavailable", "not now")
}

fn conf() -> ObjectRef {
    let mapping = Mapping {
        group: String::new(),
        version: "v1".to_owned(),
        kind: "ConfigMap".to_owned(),
        plural: "configmaps".to_owned(),
        namespaced: true,
    };
    ObjectRef {
        mapping,
        namespace: "d".to_owned(),
        name: "conf".to_owned(),
    }
}

fn object() -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "conf"}, "data": {"a": "1"}})
}

fn live() -> String {
    let mut live = object();
    live["metadata"]["uid"] = "u".into();
    answer("200 OK", "", &live.to_string())
}

#[tokio::test]
async fn what_may_be_done_twice_is_asked_again() {
    let (server, client) = failing(&[&busy(), &busy(), &live()]).await;
    assert_eq!(client.get(&conf()).await.unwrap()["data"]["a"], "1");
    assert_eq!(asked(&server), ["GET", "GET", "GET"]);
    let (server, client) = failing(&[BREAK, &live()]).await;
    let apply = Patch::Apply {
        object: object(),
        force: false,
    };
    client
        .patch(&conf(), &apply, &Write::default())
        .await
        .unwrap();
    assert_eq!(asked(&server), ["PATCH", "PATCH"]);
    let race = refused(
        409,
        "Conflict",
        "the object has been modified; please try again",
    );
    let (server, client) = failing(&[&race, &live()]).await;
    client
        .patch(&conf(), &apply, &Write::default())
        .await
        .unwrap();
    assert_eq!(asked(&server), ["PATCH", "PATCH"]);
}

#[tokio::test]
async fn what_may_not_is_told_as_it_is() {
    let json_patch = Patch::Json(json!([]));
    let (server, client) = failing(&[&busy()]).await;
    let error = client.patch(&conf(), &json_patch, &Write::default()).await;
    assert_eq!(error.unwrap_err().to_string(), "not now");
    let generated = ObjectRef {
        name: String::new(),
        ..conf()
    };
    let nameless = json!({"metadata": {"generateName": "conf-"}});
    client
        .create(&generated, &nameless, &Write::default())
        .await
        .unwrap_err();
    let mut at_version = object();
    at_version["metadata"]["resourceVersion"] = "1".into();
    client
        .replace(&conf(), &at_version, &Write::default())
        .await
        .unwrap_err();
    assert_eq!(asked(&server), ["PATCH", "POST", "PUT"]);
    let fields = json!({
        "kind": "Status", "status": "Failure", "reason": "Conflict", "code": 409,
        "message": "Apply failed with 1 conflict", "details": {"causes": [{"reason": "FieldManagerConflict"}]},
    });
    let (server, client) = failing(&[&answer("409 Conflict", "", &fields.to_string())]).await;
    let apply = Patch::Apply {
        object: object(),
        force: false,
    };
    let error = client
        .patch(&conf(), &apply, &Write::default())
        .await
        .unwrap_err();
    assert!(error.is_conflict());
    assert_eq!(asked(&server), ["PATCH"]);
    let webhook = refused(
        500,
        "InternalError",
        "Internal error occurred: failed calling webhook \"w\"",
    );
    let (server, client) = failing(&[&webhook]).await;
    client
        .patch(&conf(), &apply, &Write::default())
        .await
        .unwrap_err();
    assert_eq!(asked(&server), ["PATCH"]);
}

#[tokio::test]
async fn a_creation_that_was_done_is_not_taken_for_somebody_elses() {
    let exists = refused(409, "AlreadyExists", "configmaps \"conf\" already exists");
    let (server, client) = failing(&[BREAK, &exists, &live()]).await;
    let created = client
        .create(&conf(), &object(), &Write::default())
        .await
        .unwrap();
    assert_eq!(created["metadata"]["uid"], "u");
    assert_eq!(asked(&server), ["POST", "POST", "GET"]);
    // One that holds something else is somebody else's.
    let (_server, client) = failing(&[BREAK, &exists, &live()]).await;
    let mut other = object();
    other["data"]["a"] = "2".into();
    let error = client
        .create(&conf(), &other, &Write::default())
        .await
        .unwrap_err();
    assert!(error.is_already_exists());
    // And without a doubt there is nothing to find out.
    let (server, client) = failing(&[&exists]).await;
    client
        .create(&conf(), &object(), &Write::default())
        .await
        .unwrap_err();
    assert_eq!(asked(&server), ["POST"]);
}

#[tokio::test]
async fn a_deletion_that_was_done_is_done() {
    let gone = refused(404, "NotFound", "configmaps \"conf\" not found");
    let (server, client) = failing(&[BREAK, &gone]).await;
    client
        .delete(&conf(), &DeleteOptions::default())
        .await
        .unwrap();
    assert_eq!(asked(&server), ["DELETE", "DELETE"]);
    let (_server, client) = failing(&[&gone]).await;
    let error = client
        .delete(&conf(), &DeleteOptions::default())
        .await
        .unwrap_err();
    assert!(error.is_not_found());
}

#[tokio::test]
async fn a_kind_of_a_group_that_is_down_is_not_taken_for_unknown() {
    let groups = json!({"kind": "APIGroupList", "groups": [
        {"name": "apps", "versions": [{"version": "v1"}], "preferredVersion": {"version": "v1"}},
        {"name": "policy", "versions": [{"version": "v1"}], "preferredVersion": {"version": "v1"}},
    ]});
    let versions = json!({"kind": "APIVersions", "versions": ["v1"]});
    let core =
        json!({"resources": [{"name": "configmaps", "kind": "ConfigMap", "namespaced": true}]});
    let server = crate::servers::serve_by_path(&[
        ("/apis/apps/v1", busy()),
        ("/apis/policy/v1", answer("200 OK", "", "{}")),
        ("/apis", answer("200 OK", "", &groups.to_string())),
        ("/api/v1", answer("200 OK", "", &core.to_string())),
        ("/api", answer("200 OK", "", &versions.to_string())),
    ])
    .await;
    let client = connect(&to(&server.address.to_string())).await.unwrap();
    assert_eq!(
        client.mapping("v1", "ConfigMap").await.unwrap().plural,
        "configmaps"
    );
    let error = client.mapping("apps/v1", "Deployment").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "unable to retrieve the complete list of server APIs: apps/v1: not now (looking for kind \"Deployment\")"
    );
    let error = client.mapping("batch/v1", "Job").await.unwrap_err();
    assert!(matches!(error, Error::NoMatch { .. }), "{error}");
}
