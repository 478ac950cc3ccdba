//! A sandbox and a way to ask it.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use serde_json::Value;
use tower_service::Service;
use windlass_sandbox::Sandbox;

pub(crate) struct Server(pub(crate) Sandbox);

impl Server {
    pub(crate) fn new() -> Self {
        Self(Sandbox::in_memory())
    }

    /// Asks, and returns the code and the body as JSON.
    pub(crate) async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let body = body.map(|b| b.to_string()).unwrap_or_default();
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body)))
            .unwrap();
        let response = self.0.service().call(request).await.unwrap();
        let code = response.status().as_u16();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (code, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }
}
