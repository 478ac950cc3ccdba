//! Services: addresses and node ports.

use serde_json::{Value, json};

use crate::server::Server;

const PATH: &str = "/api/v1/namespaces/default/services";

fn service(name: &str, spec: &Value) -> Value {
    json!({"metadata": {"name": name}, "spec": spec})
}

#[tokio::test]
async fn an_address_is_given_and_stays() {
    let server = Server::new();
    let spec = json!({"ports": [{"port": 80}]});
    let (code, made) = server.post(PATH, service("a", &spec)).await;
    assert_eq!(code, 201, "{made}");
    let address = made["spec"]["clusterIP"].as_str().unwrap();
    assert!(address.starts_with("10.96."), "{address}");
    assert_eq!(made["spec"]["clusterIPs"], json!([address]));
    let (_, same) = server.put(&format!("{PATH}/a"), service("a", &spec)).await;
    assert_eq!(same["spec"]["clusterIP"], address);
    let patch = json!({"spec": {"clusterIP": "10.96.7.7", "clusterIPs": ["10.96.7.7"]}});
    let (code, refusal) = server.patch("merge", &format!("{PATH}/a"), patch).await;
    assert_eq!(code, 422);
    assert_eq!(
        refusal["message"],
        "Service \"a\" is invalid: spec.clusterIPs[0]: Invalid value: [\"10.96.7.7\"]: may not change once set"
    );
}

#[tokio::test]
async fn a_name_elsewhere_shows_no_policy_for_traffic_and_keeps_it() {
    let server = Server::new();
    let one = format!("{PATH}/a");
    let spec = json!({"internalTrafficPolicy": "Local", "ports": [{"port": 80}]});
    assert_eq!(server.post(PATH, service("a", &spec)).await.0, 201);
    let policy = |answer: &Value| answer["spec"]["internalTrafficPolicy"].clone();
    let elsewhere = json!({"spec": {"type": "ExternalName", "externalName": "a.example.com"}});
    let (code, changed) = server.patch("merge", &one, elsewhere).await;
    assert_eq!((code, policy(&changed)), (200, Value::Null), "{changed}");
    assert_eq!(policy(&server.get(&one).await.1), Value::Null);
    let back = json!({"spec": {"type": "ClusterIP", "externalName": null}});
    let (code, changed) = server.patch("merge", &one, back).await;
    assert_eq!((code, policy(&changed)), (200, json!("Local")), "{changed}");
}

#[tokio::test]
async fn a_node_port_is_given_once() {
    let server = Server::new();
    let spec = json!({"type": "NodePort", "ports": [{"port": 80, "nodePort": 30080}]});
    assert_eq!(server.post(PATH, service("a", &spec)).await.0, 201);
    let (code, refusal) = server.post(PATH, service("b", &spec)).await;
    assert_eq!(code, 422);
    assert_eq!(
        refusal["message"],
        "Service \"b\" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated"
    );
    let spec = json!({"type": "NodePort", "ports": [{"port": 80}]});
    let (_, made) = server.post(PATH, service("c", &spec)).await;
    let port = made["spec"]["ports"][0]["nodePort"].as_u64().unwrap();
    assert!((30000..=32767).contains(&port), "{port}");
}
