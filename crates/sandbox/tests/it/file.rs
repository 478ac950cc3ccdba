//! The state in a file: what is kept, who may have it, what is refused.

use std::error::Error as _;
use std::path::PathBuf;

use serde_json::json;
use windlass_sandbox::{Error, Moment, RealClock, Sandbox};

use crate::server::{CONFIG_MAPS, Server};

/// A place that is this test's own.
struct Place(PathBuf);

impl Place {
    fn new(test: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("windlass-sandbox-{}-{test}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("deep/state.json")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

#[tokio::test]
async fn what_is_saved_is_there_again() {
    let place = Place::new("kept");
    let server = Server(Sandbox::open(place.file()).unwrap());
    let made = server.config_map("a", json!({"k": "v"})).await;
    server.0.save().unwrap();
    drop(server);
    let server = Server(Sandbox::open(place.file()).unwrap());
    let one = format!("{CONFIG_MAPS}/a");
    assert_eq!(server.get(&one).await, (200, made.clone()));
    let (_, later) = server
        .patch("merge", &one, json!({"data": {"k": "w"}}))
        .await;
    let revision = |object: &serde_json::Value| -> u64 {
        object["metadata"]["resourceVersion"]
            .as_str()
            .unwrap()
            .parse()
            .unwrap()
    };
    assert!(revision(&later) > revision(&made));
}

/// A program that is killed saves nothing more; its journal is what is left.
#[tokio::test]
async fn what_was_answered_outlives_the_program() {
    let place = Place::new("killed");
    let server = Server(Sandbox::open(place.file()).unwrap());
    let first = server.config_map("first", json!({"k": "v"})).await;
    server.config_map("second", json!({})).await;
    let second = format!("{CONFIG_MAPS}/second");
    server.delete(&second).await;
    let third = server.config_map("third", json!({})).await;
    drop(server);
    let server = Server(Sandbox::open(place.file()).unwrap());
    let get = async |name: &str| server.get(&format!("{CONFIG_MAPS}/{name}")).await;
    assert_eq!(get("first").await, (200, first));
    assert_eq!(get("second").await.0, 404);
    assert_eq!(get("third").await, (200, third));
    // It goes on from there, saved or not.
    let fourth = server.config_map("fourth", json!({})).await;
    server.0.save().unwrap();
    let fifth = server.config_map("fifth", json!({})).await;
    drop(server);
    let server = Server(Sandbox::open(place.file()).unwrap());
    let get = async |name: &str| server.get(&format!("{CONFIG_MAPS}/{name}")).await;
    assert_eq!(get("fourth").await, (200, fourth));
    assert_eq!(get("fifth").await, (200, fifth));
}

#[tokio::test]
async fn a_torn_line_is_the_last_one() {
    let place = Place::new("torn");
    let server = Server(Sandbox::open(place.file()).unwrap());
    for name in ["first", "second", "third"] {
        server.config_map(name, json!({})).await;
    }
    drop(server);
    let journal = place.0.join("deep/state.json.journal");
    let lines = std::fs::read(&journal).unwrap();
    std::fs::write(&journal, &lines[..lines.len() - 10]).unwrap();
    let server = Server(Sandbox::open(place.file()).unwrap());
    let get = async |name: &str| server.get(&format!("{CONFIG_MAPS}/{name}")).await.0;
    assert_eq!((get("second").await, get("third").await), (200, 404));
    server.config_map("fourth", json!({})).await;
    drop(server);
    let server = Server(Sandbox::open(place.file()).unwrap());
    let path = format!("{CONFIG_MAPS}/fourth");
    assert_eq!(server.get(&path).await.0, 200);
}

#[tokio::test]
async fn what_was_due_meanwhile_has_happened() {
    let place = Place::new("later");
    let server = Server(Sandbox::open(place.file()).unwrap());
    let template = json!({"metadata": {"labels": {"a": "b"}},
        "spec": {"containers": [{"name": "c", "image": "i"}]}});
    let object = json!({"metadata": {"name": "d"}, "spec": {"replicas": 2,
        "selector": {"matchLabels": {"a": "b"}}, "template": template}});
    let path = "/apis/apps/v1/namespaces/default/deployments";
    assert_eq!(server.post(path, object).await.0, 201);
    let later = server.0.now().plus(std::time::Duration::from_secs(3600));
    server.0.save().unwrap();
    drop(server);
    let builder = Sandbox::builder().clock(RealClock::starting_at(later));
    let server = Server(builder.open(place.file()).unwrap());
    let (_, object) = server.get(&format!("{path}/d")).await;
    assert_eq!(object["status"]["readyReplicas"], 2, "{object}");
    // It became ready when it was due, not when somebody looked.
    let conditions = object["status"]["conditions"].as_array().unwrap();
    let available = conditions
        .iter()
        .find(|c| c["type"] == "Available")
        .unwrap();
    let since = Moment::parse(available["lastTransitionTime"].as_str().unwrap()).unwrap();
    assert!(
        later.since(since) > std::time::Duration::from_secs(3000),
        "{available}"
    );
}

#[tokio::test]
async fn only_one_may_have_it() {
    let place = Place::new("locked");
    let first = Sandbox::open(place.file()).unwrap();
    let Err(error) = Sandbox::open(place.file()) else {
        panic!("it was opened twice");
    };
    let holder = format!("is in use by process {}", std::process::id());
    assert!(matches!(error, Error::Locked { .. }));
    assert!(error.to_string().ends_with(&holder), "{error}");
    drop(first);
    Sandbox::open(place.file()).unwrap();
}

#[tokio::test]
async fn an_address_is_told_to_who_finds_it_locked() {
    let place = Place::new("served");
    let sandbox = Sandbox::open(place.file()).unwrap();
    let server = sandbox
        .listen("127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    server.announce().unwrap();
    let Err(error) = Sandbox::open(place.file()) else {
        panic!("it was opened twice");
    };
    let address = format!("which serves it at http://{}", server.address());
    assert!(error.to_string().ends_with(&address), "{error}");
}

#[tokio::test]
async fn a_newer_file_is_left_alone() {
    let place = Place::new("newer");
    std::fs::create_dir_all(place.file().parent().unwrap()).unwrap();
    let text = r#"{"format": 99, "state": {"strange": true}}"#;
    std::fs::write(place.file(), text).unwrap();
    let error = Sandbox::open(place.file()).err().unwrap();
    assert!(matches!(error, Error::Newer { found: 99, .. }), "{error}");
    assert_eq!(std::fs::read_to_string(place.file()).unwrap(), text);
}

#[tokio::test]
async fn something_else_is_not_taken_for_a_sandbox() {
    let place = Place::new("foreign");
    std::fs::create_dir_all(place.file().parent().unwrap()).unwrap();
    std::fs::write(place.file(), "hello").unwrap();
    let error = Sandbox::open(place.file()).err().unwrap();
    assert!(matches!(error, Error::Foreign { .. }), "{error}");
    assert!(error.source().is_some());
}

#[tokio::test]
async fn a_reset_begins_anew() {
    let place = Place::new("reset");
    let server = Server(Sandbox::open(place.file()).unwrap());
    server.config_map("a", json!({})).await;
    server.0.save().unwrap();
    server.0.reset().unwrap();
    assert_eq!(server.get(&format!("{CONFIG_MAPS}/a")).await.0, 404);
    assert_eq!(server.get("/api/v1/namespaces/default").await.0, 200);
    drop(server);
    let server = Server(Sandbox::open(place.file()).unwrap());
    assert_eq!(server.get(&format!("{CONFIG_MAPS}/a")).await.0, 404);
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new("private");
    let sandbox = Sandbox::open(place.file()).unwrap();
    sandbox.save().unwrap();
    let mode = std::fs::metadata(place.file())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}
