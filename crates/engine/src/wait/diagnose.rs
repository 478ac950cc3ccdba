//! Finding out why objects did not become ready: their pods, what the cluster noted, what was printed
//! last. All of it is read; what may not be read is left out.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::StreamExt;
use windlass_plan::ObjectRef;
use windlass_plan::cluster::{LogOptions, Object, Selection};
use windlass_readiness::hopeless::{self, Cause, Diagnosis};
use windlass_readiness::kstatus::{self, Assessment, Purpose};

use super::around::{Around, Part, text};
use super::{Unsettled, WaitError, now, selector};
use crate::engine::Engine;
use crate::objects::{Target, get};

/// How many objects are looked for, how many of them are looked at closely, and how much of what they
/// printed.
const LOOKED_FOR: usize = 100;
const OBJECTS: usize = 10;
const LINES: u64 = 5;
const LINE_BYTES: usize = 4096;

/// How long may be looked: somebody waits for the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why waiting failed, as far as it was found out.
#[derive(Debug, Clone, Default)]
pub struct Finding {
    /// The objects in trouble.
    pub troubles: Vec<Trouble>,
    /// Whether waiting ended early, since nothing was left to hope for.
    pub early: bool,
    /// Whether the record is to say why.
    pub is_for_record: bool,
}

/// An object that did not become ready, and all that is known of why.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// The object.
    pub at: ObjectRef,
    /// How it was seen last.
    pub seen: Assessment,
    /// Why it will not become ready by itself, the surest first; empty where nobody knows.
    pub causes: Vec<Diagnosis>,
    /// What the cluster warned of, the latest last: `FailedScheduling: 0/3 nodes are available`.
    pub warnings: Vec<String>,
    /// What containers in trouble printed last.
    pub printed: Vec<LastLines>,
    /// What could not be looked at, and why.
    pub unseen: Vec<String>,
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
pub(super) async fn diagnose(
    engine: &Engine,
    targets: &[&ObjectRef],
    purpose: Purpose,
    error: &WaitError,
) -> Vec<Trouble> {
    let looking = look(engine, targets, purpose, error);
    tokio::select! {
        found = looking => found,
        () = engine.cluster.sleep(PATIENCE) => Vec::new(),
    }
}

async fn look(
    engine: &Engine,
    targets: &[&ObjectRef],
    purpose: Purpose,
    error: &WaitError,
) -> Vec<Trouble> {
    let mut objects = Vec::new();
    if error.unsettled().is_empty() {
        for at in targets.iter().take(LOOKED_FOR) {
            objects.extend(unready(engine, at, purpose).await);
        }
    } else {
        for unsettled in error.unsettled().iter().take(OBJECTS) {
            let object = get(&*engine.cluster, &unsettled.at).await;
            objects.push((unsettled.clone(), object.unwrap_or_default()));
        }
    }
    objects.truncate(OBJECTS);
    let mut around: BTreeMap<String, Around> = BTreeMap::new();
    let mut unseen = Vec::new();
    for (unsettled, object) in &objects {
        let namespace = &unsettled.at.namespace;
        if !around.contains_key(namespace) {
            let mut fresh = Around::default();
            let seen = see(engine, &mut fresh, namespace, Part::Warnings, String::new()).await;
            unseen.extend(seen.err());
            around.insert(namespace.clone(), fresh);
        }
        if let (Some(labels), Some(around)) = (selector(object), around.get_mut(namespace))
            && !labels.is_empty()
        {
            for part in [Part::ReplicaSets, Part::Pods] {
                let seen = see(engine, around, namespace, part, labels.clone()).await;
                unseen.extend(seen.err());
            }
        }
    }
    unseen.sort();
    unseen.dedup();
    let mut found = Vec::new();
    for (unsettled, object) in objects {
        if let Some(around) = around.get(&unsettled.at.namespace) {
            let mut trouble = trouble(engine, unsettled, &object, around).await;
            trouble.unseen.clone_from(&unseen);
            found.push(trouble);
        }
    }
    found
}

/// An object if it is not ready.
async fn unready(engine: &Engine, at: &ObjectRef, purpose: Purpose) -> Option<(Unsettled, Object)> {
    let object = get(&*engine.cluster, at).await.ok()?;
    let seen = kstatus::assess(&object, purpose, &[], now(engine));
    let unsettled = Unsettled {
        at: at.clone(),
        seen,
    };
    (unsettled.seen.status != kstatus::Status::Current).then_some((unsettled, object))
}

/// Looks at a part of what lies around objects; why it cannot.
async fn see(
    engine: &Engine,
    around: &mut Around,
    namespace: &str,
    part: Part,
    labels: String,
) -> Result<(), String> {
    let selection = Selection {
        namespace: Some(namespace.to_owned()),
        labels,
        fields: part.fields().to_owned(),
    };
    let listed = engine.cluster.list(&part.mapping(), &selection).await;
    for object in listed.map_err(|error| error.to_string())?.items {
        around.put(part, object);
    }
    Ok(())
}

async fn trouble(
    engine: &Engine,
    unsettled: Unsettled,
    object: &Object,
    around: &Around,
) -> Trouble {
    let Unsettled { at, seen } = unsettled;
    let (pods, events) = (around.pods_of(object), around.warnings());
    let causes = hopeless::diagnose(object, &pods, &events, now(engine));
    let mut printed: Vec<LastLines> = Vec::new();
    for cause in &causes {
        // One of many that fail alike will do.
        let told = |lines: &LastLines| Some(&lines.container) == cause.subject.container.as_ref();
        if !printed.iter().any(told) {
            printed.extend(last_lines(engine, cause).await);
        }
    }
    Trouble {
        warnings: warnings(&events, &at, &pods),
        at,
        seen,
        causes,
        printed,
        unseen: Vec::new(),
    }
}

/// Warnings about an object and its pods, the last of each reason, in the order in which they were noted:
/// what is tried again and again is told in other words each time.
fn warnings(events: &[&Object], at: &ObjectRef, its_pods: &[&Object]) -> Vec<String> {
    let pods: Vec<&str> = its_pods
        .iter()
        .map(|pod| text(pod, "/metadata/name"))
        .collect();
    let concerns = |event: &&&Object| {
        let kind = text(event, "/involvedObject/kind");
        let name = text(event, "/involvedObject/name");
        (kind == "Pod" && pods.contains(&name)) || (kind == at.mapping.kind && name == at.name)
    };
    let mut found: Vec<&&Object> = events.iter().filter(concerns).collect();
    found.sort_by_key(|event| hopeless::noted_at(event));
    let mut last: Vec<&&Object> = Vec::new();
    for event in found {
        let alike = |path: &str, other: &Object| text(other, path) == text(event, path);
        last.retain(|other| !(alike("/reason", other) && alike("/involvedObject/kind", other)));
        last.push(event);
    }
    let line = |event: &&Object| format!("{}: {}", text(event, "/reason"), text(event, "/message"));
    last.into_iter().map(line).collect()
}

/// What a container that ends again and again, or has failed, printed last.
async fn last_lines(engine: &Engine, diagnosis: &Diagnosis) -> Option<LastLines> {
    let previous = match diagnosis.cause {
        Cause::CrashLoop { .. } => true,
        Cause::PodFailed { .. } | Cause::Unready => false,
        _ => return None,
    };
    let subject = &diagnosis.subject;
    let container = subject.container.clone().unwrap_or_default();
    let mut options = LogOptions {
        container: container.clone(),
        follow: false,
        previous,
        tail_lines: Some(LINES),
    };
    let cluster = &engine.cluster;
    let mut logs = cluster
        .logs(&subject.namespace, &subject.name, &options)
        .await;
    if logs.is_err() && previous {
        // Between two runs the last one is the current one.
        options.previous = false;
        logs = cluster
            .logs(&subject.namespace, &subject.name, &options)
            .await;
    }
    let mut pieces = logs.ok()?;
    let mut bytes = Vec::new();
    while let Some(Ok(piece)) = pieces.next().await {
        bytes.extend_from_slice(&piece);
        if bytes.len() > LINE_BYTES {
            bytes.truncate(LINE_BYTES);
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

/// The references of targets.
pub(super) fn references(targets: &[Target]) -> Vec<&ObjectRef> {
    targets.iter().map(|target| &target.at).collect()
}
