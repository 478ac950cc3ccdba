#![allow(clippy::unwrap_used, clippy::panic)]

mod batch;
mod owners;
mod refused;
mod sets;
mod workloads;

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::desk::items;
use crate::clock::Moment;
use crate::engine;
use crate::lifecycle;
use crate::random::Random;
use crate::registry::{self, DeleteOptions, Part, Propagation, WriteOptions};
use crate::state::State;

/// A cluster in which only the test lets time pass.
struct World {
    state: State,
    now: Moment,
}

impl World {
    fn new() -> Self {
        let now = Moment::parse("2026-11-20T10:00:00Z").unwrap();
        let mut state = State::empty(now, Random::seeded(1));
        lifecycle::furnish(&mut state);
        engine::settle(&mut state);
        Self { state, now }
    }

    fn create(&mut self, resource: &str, object: Value) -> Arc<Value> {
        let kind = Arc::clone(self.state.catalog.storage(resource).unwrap());
        let namespace = if kind.namespaced { "default" } else { "" };
        let by = WriteOptions::of("test");
        let made = registry::create(&mut self.state, &kind, namespace, object, &by).unwrap();
        engine::settle(&mut self.state);
        made
    }

    fn change(&mut self, resource: &str, name: &str, change: impl FnOnce(&mut Value)) {
        let by = WriteOptions::of("test");
        let at = ("default", name);
        registry::modify(&mut self.state, resource, at, Part::Main, &by, change).unwrap();
        engine::settle(&mut self.state);
    }

    fn delete(&mut self, resource: &str, name: &str, propagation: Propagation) {
        let kind = Arc::clone(self.state.catalog.storage(resource).unwrap());
        let options = DeleteOptions {
            propagation: Some(propagation),
            ..DeleteOptions::default()
        };
        registry::delete(&mut self.state, &kind, "default", name, &options).unwrap();
        engine::settle(&mut self.state);
    }

    fn pass(&mut self, time: Duration) {
        self.now = self.now.plus(time);
        engine::advance(&mut self.state, self.now);
    }

    fn seconds(&mut self, seconds: u64) {
        self.pass(Duration::from_secs(seconds));
    }

    fn get(&self, resource: &str, name: &str) -> Value {
        let found = self.state.get(resource, "default", name);
        found.map_or(Value::Null, |object| Value::clone(object))
    }

    fn names(&self, resource: &str) -> Vec<String> {
        let all = self.state.list(resource, Some("default"));
        all.map(|it| it["metadata"]["name"].as_str().unwrap().to_owned())
            .collect()
    }

    fn pods(&self) -> Vec<Arc<Value>> {
        self.state
            .list("pods", Some("default"))
            .map(Arc::clone)
            .collect()
    }

    fn events(&self, reason: &str) -> Vec<String> {
        let all = self.state.list("events", Some("default"));
        let told = all.filter(|it| it["reason"] == reason);
        told.map(|it| it["message"].as_str().unwrap().to_owned())
            .collect()
    }

    fn condition(&self, resource: &str, name: &str, kind: &str) -> (String, String, String) {
        let object = self.get(resource, name);
        let found = items(&object, "/status/conditions")
            .iter()
            .find(|it| it["type"] == kind);
        let text = |key: &str| {
            let value = found.map_or(&Value::Null, |it| &it[key]);
            value.as_str().unwrap_or_default().to_owned()
        };
        (text("status"), text("reason"), text("message"))
    }
}

/// A template of pods with one container, told to do something.
fn template(app: &str, told: &str) -> Value {
    let mut template = json!({
        "metadata": {"labels": {"app": app}},
        "spec": {"containers": [{"name": "c", "image": "nginx:1"}]},
    });
    if !told.is_empty() {
        template["metadata"]["annotations"]["sandbox.windlass.dev/pod"] = told.into();
    }
    template
}

fn deployment(replicas: i64, told: &str) -> Value {
    json!({"metadata": {"name": "web"}, "spec": {
        "replicas": replicas, "selector": {"matchLabels": {"app": "web"}},
        "template": template("web", told)}})
}

fn job(told: &str, limit: i64) -> Value {
    let mut template = template("job", told);
    template["spec"]["restartPolicy"] = "Never".into();
    json!({"metadata": {"name": "once"}, "spec": {"backoffLimit": limit, "template": template}})
}
