//! A sandbox and ways to ask it.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use serde_json::{Value, json};
use tower_service::Service;
use windlass_sandbox::{Body, Sandbox};

pub(crate) struct Server(pub(crate) Sandbox);

/// Code and body.
pub(crate) type Answer = (u16, Value);

pub(crate) const CONFIG_MAPS: &str = "/api/v1/namespaces/default/configmaps";

impl Server {
    pub(crate) fn new() -> Self {
        Self(Sandbox::builder().seed(1).build())
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask("PUT", path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.ask("DELETE", path, None).await
    }

    /// A patch; `language` is `json`, `merge`, `strategic` or `apply`.
    pub(crate) async fn patch(&self, language: &str, path: &str, body: Value) -> Answer {
        let media = match language {
            "json" => "application/json-patch+json",
            "merge" => "application/merge-patch+json",
            "strategic" => "application/strategic-merge-patch+json",
            _ => "application/apply-patch+yaml",
        };
        let headers = [("content-type", media)];
        self.ask_with("PATCH", path, body.to_string(), &headers)
            .await
    }

    pub(crate) async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let body = body.map(|b| b.to_string()).unwrap_or_default();
        let headers = [("content-type", "application/json")];
        self.ask_with(method, path, body, &headers).await
    }

    pub(crate) async fn ask_with(
        &self,
        method: &str,
        path: &str,
        body: String,
        headers: &[(&str, &str)],
    ) -> Answer {
        let response = self.send(method, path, body, headers).await.unwrap();
        let code = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (code, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    /// The bare response; an error when the connection breaks.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        body: String,
        headers: &[(&str, &str)],
    ) -> Result<http::Response<Body>, std::io::Error> {
        let mut request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("user-agent", "tester/1.0");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        self.0.service().call(request).await
    }

    /// A ConfigMap in the namespace `default`.
    pub(crate) async fn config_map(&self, name: &str, data: Value) -> Value {
        let object = json!({"metadata": {"name": name}, "data": data});
        let (code, made) = self.post(CONFIG_MAPS, object).await;
        assert_eq!(code, 201, "{made}");
        made
    }

    pub(crate) async fn watch(&self, path: &str) -> Frames {
        let response = self.send("GET", path, String::new(), &[]).await.unwrap();
        assert_eq!(response.status(), 200);
        Frames {
            body: response.into_body(),
            read: String::new(),
        }
    }
}

/// The frames of a watch.
pub(crate) struct Frames {
    body: Body,
    read: String,
}

impl Frames {
    /// Type and object of the next frame; nothing when the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((line, rest)) = self.read.split_once('\n') {
                let frame: Value = serde_json::from_str(line).unwrap();
                self.read = rest.to_owned();
                let kind = frame["type"].as_str().unwrap().to_owned();
                return Some((kind, frame["object"].clone()));
            }
            let frame = self.body.frame().await?.unwrap();
            self.read += std::str::from_utf8(frame.data_ref().unwrap()).unwrap();
        }
    }

    /// Type and name of the next frame.
    pub(crate) async fn next_name(&mut self) -> (String, String) {
        let (kind, object) = self.next().await.unwrap();
        (
            kind,
            object["metadata"]["name"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    }
}
