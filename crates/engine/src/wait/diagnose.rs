//! Finding out why objects did not become ready: their pods, what the cluster noted, what was printed
//! last. All of it is read; what may not be read is left out.

use futures_util::StreamExt;
use windlass_plan::ObjectRef;
use windlass_plan::cluster::{LogOptions, Mapping, Object, Selection};
use windlass_readiness::hopeless::{self, Cause, Diagnosis};

use super::{Unsettled, WaitError, now, selector};
use crate::engine::Engine;
use crate::logs::pods;
use crate::objects::get;

/// How many objects are looked at, and how much of what they printed.
const OBJECTS: usize = 10;
const LINES: u64 = 5;
const LINE_BYTES: usize = 4096;

/// An object that did not become ready, and all that is known of why.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// The object.
    pub at: ObjectRef,
    /// Why it will not become ready by itself, the surest first; empty where nobody knows.
    pub causes: Vec<Diagnosis>,
    /// What the cluster warned of, the latest last: `FailedScheduling: 0/3 nodes are available`.
    pub warnings: Vec<String>,
    /// What containers in trouble printed last.
    pub printed: Vec<LastLines>,
}

/// What a container printed last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastLines {
    /// The pod.
    pub pod: String,
    /// The container.
    pub container: String,
    /// The lines.
    pub lines: Vec<String>,
}

/// Finds out why objects are not as they were waited for; nothing where that is not known of any.
pub async fn diagnose(engine: &Engine, error: &WaitError) -> Vec<Trouble> {
    let mut found = Vec::new();
    for object in error.unsettled().iter().take(OBJECTS) {
        found.extend(look(engine, object).await);
    }
    found
}

async fn look(engine: &Engine, unsettled: &Unsettled) -> Option<Trouble> {
    let at = &unsettled.at;
    let object = get(&*engine.cluster, at).await.ok()?;
    let labels = selector(&object).filter(|labels| !labels.is_empty());
    let its_pods = match labels {
        Some(labels) => list(engine, at, &pods(), labels).await,
        None => Vec::new(),
    };
    let events = list(engine, at, &events(), String::new()).await;
    let causes = hopeless::diagnose(&object, &its_pods, &events, now(engine));
    let mut printed = Vec::new();
    for cause in &causes {
        printed.extend(last_lines(engine, cause).await);
    }
    Some(Trouble {
        at: at.clone(),
        warnings: warnings(&events, at, &its_pods),
        causes,
        printed,
    })
}

async fn list(engine: &Engine, at: &ObjectRef, kind: &Mapping, labels: String) -> Vec<Object> {
    let selection = Selection {
        namespace: Some(at.namespace.clone()),
        labels,
        fields: String::new(),
    };
    let listed = engine.cluster.list(kind, &selection).await;
    listed.map(|listed| listed.items).unwrap_or_default()
}

fn events() -> Mapping {
    Mapping {
        kind: "Event".to_owned(),
        plural: "events".to_owned(),
        ..pods()
    }
}

/// Warnings about an object and its pods, each once, in the order in which they were last noted.
fn warnings(events: &[Object], at: &ObjectRef, its_pods: &[Object]) -> Vec<String> {
    let pod = |pod: &Object| Some(pod.pointer("/metadata/name")?.as_str()?.to_owned());
    let pods: Vec<String> = its_pods.iter().filter_map(pod).collect();
    let text = |event: &Object, path: &str| {
        event
            .pointer(path)
            .and_then(Object::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let concerns = |event: &&Object| {
        let (kind, name) = (
            text(event, "/involvedObject/kind"),
            text(event, "/involvedObject/name"),
        );
        let is_its_pod = kind == "Pod" && pods.contains(&name);
        text(event, "/type") == "Warning"
            && (is_its_pod || (kind == at.mapping.kind && name == at.name))
    };
    let mut found: Vec<&Object> = events.iter().filter(concerns).collect();
    found.sort_by_key(|event| text(event, "/lastTimestamp"));
    let mut lines: Vec<String> = Vec::new();
    for event in found {
        let line = format!("{}: {}", text(event, "/reason"), text(event, "/message"));
        lines.retain(|other| *other != line);
        lines.push(line);
    }
    lines
}

/// What a container that ends again and again, or has failed, printed last.
async fn last_lines(engine: &Engine, diagnosis: &Diagnosis) -> Option<LastLines> {
    let previous = match diagnosis.cause {
        Cause::CrashLoop { .. } => true,
        Cause::PodFailed { .. } => false,
        _ => return None,
    };
    let subject = &diagnosis.subject;
    let container = subject.container.clone().unwrap_or_default();
    let options = LogOptions {
        container: container.clone(),
        follow: false,
        previous,
        tail_lines: Some(LINES),
    };
    let logs = engine
        .cluster
        .logs(&subject.namespace, &subject.name, &options)
        .await;
    let mut pieces = logs.ok()?;
    let mut bytes = Vec::new();
    while let Some(Ok(piece)) = pieces.next().await {
        bytes.extend_from_slice(&piece);
        if bytes.len() > LINE_BYTES {
            break;
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    (!lines.is_empty()).then(|| LastLines {
        pod: subject.name.clone(),
        container,
        lines,
    })
}
