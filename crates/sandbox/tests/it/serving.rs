//! The sandbox on a socket, and what every client asks first.

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use windlass_sandbox::Sandbox;

use crate::server::Server;

#[tokio::test]
async fn plain_http_is_answered() {
    let server = Sandbox::in_memory()
        .listen("127.0.0.1:0".parse().unwrap())
        .await
        .unwrap();
    let address = server.address();
    assert!(
        server
            .kubeconfig()
            .contains(&format!("server: http://{address}\n"))
    );
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn(server.run(async { drop(stopped.await) }));
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = "GET /version HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("\"gitVersion\":\"v1.36.3\""), "{answer}");
    stop.send(()).unwrap();
    running.await.unwrap().unwrap();
}

#[tokio::test]
async fn discovery_is_told_both_ways() {
    let server = Server::new();
    let (_, list) = server.get("/apis").await;
    assert_eq!(list["kind"], "APIGroupList");
    let accept =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
    let (_, list) = server
        .ask_with("GET", "/apis", String::new(), &[("accept", accept)])
        .await;
    assert_eq!(list["kind"], "APIGroupDiscoveryList");
    let groups = list["items"].as_array().unwrap();
    let autoscaling = groups
        .iter()
        .find(|g| g["metadata"]["name"] == "autoscaling")
        .unwrap();
    assert_eq!(autoscaling["versions"][0]["version"], "v2");
    let (_, core) = server.get("/api/v1").await;
    let names = core["resources"].as_array().unwrap();
    assert!(names.iter().any(|resource| resource["name"] == "pods/log"));
}

#[tokio::test]
async fn clients_learn_that_the_server_validates_fields() {
    let server = Server::new();
    let (_, document) = server.get("/openapi/v3/apis/apps/v1").await;
    let path = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}";
    let parameters = document["paths"][path]["patch"]["parameters"]
        .as_array()
        .unwrap();
    assert!(
        parameters
            .iter()
            .any(|parameter| parameter["name"] == "fieldValidation")
    );
}

#[tokio::test]
async fn everyone_may_do_everything() {
    let server = Server::new();
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    let review = json!({"spec": {"resourceAttributes": {"verb": "get", "resource": "pods"}}});
    let (code, answer) = server.post(path, review).await;
    assert_eq!((code, &answer["status"]), (201, &json!({"allowed": true})));
}
