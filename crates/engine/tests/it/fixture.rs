//! A sandbox, and an engine that speaks to it.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use windlass_chart::compat::Compat;
use windlass_engine::journal::ClusterJournal;
use windlass_engine::options::{Strategy, Waiting};
use windlass_engine::{
    Clock, Done, Engine, Error, Event, Events, Holders, Install, Level, Renderer, Upgrade,
};
use windlass_kube::{Client, ConnectOptions, Storage};
use windlass_plan::Cluster;
use windlass_plan::cluster::{Mapping, ObjectRef, Selection};
use windlass_release::object::Kind;
use windlass_release::{History, Release, Time};
use windlass_sandbox::Sandbox;

pub(crate) struct Fixture {
    pub(crate) sandbox: Sandbox,
    pub(crate) engine: Engine,
    told: Arc<Told>,
}

#[derive(Default)]
struct Told(Mutex<Vec<Event>>);

impl Events for Told {
    fn tell(&self, event: Event) {
        self.0.lock().unwrap().push(event);
    }
}

struct Still;

impl Clock for Still {
    fn now(&self) -> Time {
        Time::from_unix(1_700_000_000, 0)
    }
}

/// Knows of one who is gone.
struct Nobody;

impl Holders for Nobody {
    fn is_gone(&self, holder: &str) -> bool {
        holder == "gone"
    }
}

impl Fixture {
    pub(crate) fn new(compat: Compat) -> Self {
        let sandbox = Sandbox::in_memory();
        let client = Client::from_service(sandbox.service(), &ConnectOptions::default());
        let told = Arc::new(Told::default());
        let storage = Storage::new(client.clone(), Kind::Secret, "default", compat);
        let cluster: Arc<dyn Cluster> = Arc::new(client);
        let journal = ClusterJournal::new(Arc::clone(&cluster), Kind::Secret, "helm".to_owned());
        let engine = Engine {
            cluster,
            store: Arc::new(storage),
            journal: Some(Arc::new(journal)),
            holder: "test".to_owned(),
            holders: Arc::new(Nobody),
            auto_recover: false,
            ordering: true,
            clock: Arc::new(Still),
            events: Arc::clone(&told) as Arc<dyn Events>,
            compat,
            field_manager: "helm".to_owned(),
            namespace: "default".to_owned(),
            cancel: Default::default(),
        };
        Self {
            sandbox,
            engine,
            told,
        }
    }

    pub(crate) fn install(&self) -> Install {
        Install {
            name: "web".to_owned(),
            namespace: "default".to_owned(),
            server_side: true,
            ..Install::default()
        }
    }

    pub(crate) async fn installed(&self, chart: Box<dyn Renderer>) -> Result<Done, Error> {
        self.engine.install(self.install(), chart).await
    }

    pub(crate) fn upgrade(&self) -> Upgrade {
        Upgrade {
            name: "web".to_owned(),
            ..Upgrade::default()
        }
    }

    pub(crate) async fn upgraded(&self, chart: Box<dyn Renderer>) -> Result<Done, Error> {
        self.engine.upgrade(self.upgrade(), chart).await
    }

    /// The revisions that are recorded.
    pub(crate) async fn history(&self) -> Vec<Release> {
        let history = History::new(&*self.engine.store, 0);
        history.of("web").await.unwrap_or_default()
    }

    /// Revision, status and description of each record.
    pub(crate) async fn outline(&self) -> Vec<(i64, String, String)> {
        let one = |r: Release| (r.version, r.info.status.to_string(), r.info.description);
        self.history().await.into_iter().map(one).collect()
    }

    pub(crate) async fn get(&self, kind: &str, name: &str) -> Option<Value> {
        let at = ObjectRef {
            mapping: core(kind),
            namespace: "default".to_owned(),
            name: name.to_owned(),
        };
        self.engine.cluster.get(&at).await.ok()
    }

    /// Names of all objects of a kind, but of what is there anyway.
    pub(crate) async fn names(&self, kind: &str) -> Vec<String> {
        let selection = Selection {
            namespace: Some("default".to_owned()),
            ..Selection::default()
        };
        let listed = self.engine.cluster.list(&core(kind), &selection).await;
        let name = |object: Value| object["metadata"]["name"].as_str().unwrap().to_owned();
        let names = listed.unwrap().items.into_iter().map(name);
        names.filter(|name| name != "kube-root-ca.crt").collect()
    }

    /// Method and path of every request that wrote, since they were forgotten last.
    pub(crate) fn writes(&self) -> Vec<String> {
        let calls = self
            .sandbox
            .calls()
            .into_iter()
            .filter(|call| call.is_write);
        calls
            .map(|call| format!("{} {}", call.method, call.path))
            .collect()
    }

    /// What was logged at a level or above.
    pub(crate) fn logged(&self, level: Level) -> Vec<String> {
        let told = self.told.0.lock().unwrap();
        let line = |event: &Event| match event {
            Event::Log(log) if log.level >= level => Some(log.message.clone()),
            _ => None,
        };
        told.iter().filter_map(line).collect()
    }
}

/// Waiting for everything, for as long as a test may take.
pub(crate) fn watching(seconds: u64) -> Waiting {
    Waiting {
        strategy: Strategy::Watcher,
        timeout: std::time::Duration::from_secs(seconds),
        ..Waiting::default()
    }
}

fn core(kind: &str) -> Mapping {
    Mapping {
        group: String::new(),
        version: "v1".to_owned(),
        kind: kind.to_owned(),
        plural: format!("{}s", kind.to_lowercase()),
        namespaced: true,
    }
}

/// A template that makes a config map.
pub(crate) const CONFIG: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-config\ndata:\n  greeting: {{ .Values.greeting | default \"hello\" }}\n";
