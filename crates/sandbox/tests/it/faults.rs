//! What goes wrong on purpose, and the log of requests.

use std::time::Duration;

use serde_json::json;
use windlass_sandbox::{Effect, Rule, Sandbox};

use crate::server::{CONFIG_MAPS, Server};

fn failing(rule: Rule) -> Server {
    Server(Sandbox::builder().seed(1).fail(rule).build())
}

async fn make(server: &Server, name: &str) -> u16 {
    server
        .post(CONFIG_MAPS, json!({"metadata": {"name": name}}))
        .await
        .0
}

#[tokio::test]
async fn the_second_write_is_refused() {
    let server = failing(Rule::writes().nth(2).effect(Effect::Refuse(429, Some(1))));
    let mut codes = Vec::new();
    for name in ["a", "b", "c"] {
        codes.push(make(&server, name).await);
        server.get(CONFIG_MAPS).await;
    }
    assert_eq!(codes, [201, 429, 201]);
}

#[tokio::test]
async fn a_connection_breaks_before_or_after_the_deed() {
    let object = r#"{"metadata": {"name": "a"}}"#.to_owned();
    let headers = [("content-type", "application/json")];
    for (effect, done) in [(Effect::Reset, 404), (Effect::ResetAfter, 200)] {
        let server = failing(Rule::writes().first(1).effect(effect));
        let broken = server
            .send("POST", CONFIG_MAPS, object.clone(), &headers)
            .await;
        assert_eq!(
            broken.unwrap_err().kind(),
            std::io::ErrorKind::ConnectionReset
        );
        assert_eq!(server.get(&format!("{CONFIG_MAPS}/a")).await.0, done);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_is_slow() {
    let rule =
        Rule::when(|call| call.verb == "list").effect(Effect::Delay(Duration::from_secs(60)));
    let server = failing(rule);
    let before = server.0.now();
    assert_eq!(server.get(CONFIG_MAPS).await.0, 200);
    assert!(server.0.now().since(before) >= Duration::from_secs(60));
}

#[tokio::test]
async fn requests_are_counted() {
    let server = Server::new();
    make(&server, "a").await;
    server
        .post(
            &format!("{CONFIG_MAPS}?dryRun=All"),
            json!({"metadata": {"name": "b"}}),
        )
        .await;
    server.get(CONFIG_MAPS).await;
    server.delete(&format!("{CONFIG_MAPS}/a")).await;
    let calls = server.0.calls();
    let verbs: Vec<&str> = calls.iter().map(|call| call.verb).collect();
    assert_eq!(verbs, ["create", "create", "list", "delete"]);
    let writes: Vec<bool> = calls.iter().map(|call| call.is_write).collect();
    assert_eq!(writes, [true, false, false, true]);
    assert_eq!(calls[0].user_agent, "tester/1.0");
}
