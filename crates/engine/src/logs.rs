//! What pods printed: for hooks whose policy asks to show it, and for `test --logs`.

use futures_util::StreamExt;
use windlass_plan::ObjectRef;
use windlass_plan::cluster::{Error, LogOptions, Mapping, Object, Selection};

use crate::engine::Engine;
use crate::event::Event;

/// Why logs could not be shown.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// The pods cannot be listed.
    #[error("failed to get pod list with options: {{TypeMeta:{{Kind: APIVersion:}} LabelSelector:{} FieldSelector:{} Watch:false AllowWatchBookmarks:false ResourceVersion: ResourceVersionMatch: TimeoutSeconds:<nil> Limit:0 Continue: SendInitialEvents:<nil>}} with error: {cause}", .selection.labels, .selection.fields)]
    List {
        /// Which pods.
        selection: Box<Selection>,
        /// Why.
        cause: Error,
    },
    /// A container's logs cannot be had.
    #[error("{verb} to stream pod logs for pod: {pod}, container: {container}")]
    Stream {
        /// `failed`, in the letters of the Helm that is spoken.
        verb: &'static str,
        /// The pod.
        pod: String,
        /// The container.
        container: String,
    },
    /// A container's logs broke off.
    #[error("{verb} to copy IO from logs for pod: {pod}, container: {container}")]
    Copy {
        /// `failed`, in the letters of the Helm that is spoken.
        verb: &'static str,
        /// The pod.
        pod: String,
        /// The container.
        container: String,
    },
    /// A test's pod is not there.
    #[error("unable to get pod {pod}")]
    Pod {
        /// Its name.
        pod: String,
        /// Why.
        #[source]
        cause: Error,
    },
    /// A test's container has no logs, or they broke off.
    #[error("unable to {act} logs for pod {pod}, container {container}")]
    Container {
        /// `get` or `write`.
        act: &'static str,
        /// The pod.
        pod: String,
        /// The container.
        container: String,
        /// Why.
        #[source]
        cause: Error,
    },
    /// A test's pod has no logs, or they broke off.
    #[error("unable to {act} pod logs for {pod}")]
    Whole {
        /// `get` or `write`.
        act: &'static str,
        /// The pod.
        pod: String,
        /// Why.
        #[source]
        cause: Error,
    },
    /// Several containers' logs could not be shown.
    #[error("{}", lines(.0))]
    Several(Vec<LogError>),
}

fn lines(errors: &[LogError]) -> String {
    let texts: Vec<String> = errors
        .iter()
        .map(|error| crate::error::text(error))
        .collect();
    texts.join("\n")
}

/// How pods are served.
pub(crate) fn pods() -> Mapping {
    Mapping {
        group: String::new(),
        version: "v1".to_owned(),
        kind: "Pod".to_owned(),
        plural: "pods".to_owned(),
        namespaced: true,
    }
}

/// Tells as events what all containers of some pods printed.
pub(crate) async fn tell(engine: &Engine, selection: Selection) -> Result<(), LogError> {
    let listed = match engine.cluster.list(&pods(), &selection).await {
        Ok(listed) => listed.items,
        Err(cause) => {
            let selection = Box::new(selection);
            return Err(LogError::List { selection, cause });
        }
    };
    let namespace = selection.namespace.unwrap_or_default();
    for pod in &listed {
        let name = pod.pointer("/metadata/name").and_then(Object::as_str);
        for container in containers(pod, "containers") {
            tell_container(engine, &namespace, name.unwrap_or_default(), container).await?;
        }
    }
    Ok(())
}

async fn tell_container(
    engine: &Engine,
    namespace: &str,
    pod: &str,
    container: &str,
) -> Result<(), LogError> {
    let verb = match engine.compat.starts_errors_lower_case() {
        true => "failed",
        false => "Failed",
    };
    let (pod, container) = (pod.to_owned(), container.to_owned());
    let options = LogOptions {
        container: container.clone(),
        ..LogOptions::default()
    };
    let Ok(mut pieces) = engine.cluster.logs(namespace, &pod, &options).await else {
        return Err(LogError::Stream {
            verb,
            pod,
            container,
        });
    };
    while let Some(piece) = pieces.next().await {
        let Ok(bytes) = piece else {
            return Err(LogError::Copy {
                verb,
                pod,
                container,
            });
        };
        engine.tell(Event::HookOutput {
            namespace: namespace.to_owned(),
            pod: pod.clone(),
            container: container.clone(),
            bytes,
        });
    }
    Ok(())
}

/// The names of a pod's containers of one sort.
fn containers<'a>(pod: &'a Object, sort: &str) -> impl Iterator<Item = &'a str> {
    let listed = pod
        .pointer("/spec")
        .and_then(|spec| spec.get(sort)?.as_array());
    let listed = listed.into_iter().flatten();
    listed.filter_map(|container| container.get("name")?.as_str())
}

/// Takes what a suite's tests printed, piece by piece.
pub type Sink<'a> = &'a mut (dyn FnMut(&[u8]) + Send);

/// A test pod's logs, each container under its heading, those that run first before the others. What
/// of it cannot be had is told at the end.
pub(crate) async fn of_pod(
    engine: &Engine,
    namespace: &str,
    pod: &str,
    sink: Sink<'_>,
) -> Result<(), LogError> {
    let at = ObjectRef {
        mapping: pods(),
        namespace: namespace.to_owned(),
        name: pod.to_owned(),
    };
    let live = engine
        .cluster
        .get(&at)
        .await
        .map_err(|cause| LogError::Pod {
            pod: pod.to_owned(),
            cause,
        })?;
    let mut errors = Vec::new();
    let all = containers(&live, "initContainers").chain(containers(&live, "containers"));
    for container in all {
        let heading = format!("POD LOGS: {pod} ({container})\n");
        if let Err((act, cause)) = copy(engine, namespace, pod, container, &heading, sink).await {
            errors.push(LogError::Container {
                act,
                pod: pod.to_owned(),
                container: container.to_owned(),
                cause,
            });
        }
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(LogError::Several(errors)),
    }
}

/// A test's logs as Helm 3 brings them: of the only container of a pod that is called as the hook.
pub(crate) async fn of_hook(
    engine: &Engine,
    namespace: &str,
    pod: &str,
    sink: Sink<'_>,
) -> Result<(), LogError> {
    let heading = format!("POD LOGS: {pod}\n");
    let copied = copy(engine, namespace, pod, "", &heading, sink).await;
    copied.map_err(|(act, cause)| LogError::Whole {
        act,
        pod: pod.to_owned(),
        cause,
    })
}

/// Copies a container's logs under a heading, with an empty line behind.
async fn copy(
    engine: &Engine,
    namespace: &str,
    pod: &str,
    container: &str,
    heading: &str,
    sink: Sink<'_>,
) -> Result<(), (&'static str, Error)> {
    let options = LogOptions {
        container: container.to_owned(),
        ..LogOptions::default()
    };
    let pieces = engine.cluster.logs(namespace, pod, &options).await;
    let mut pieces = pieces.map_err(|cause| ("get", cause))?;
    sink(heading.as_bytes());
    let mut result = Ok(());
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(bytes) => sink(&bytes),
            Err(cause) => {
                result = Err(("write", cause));
                break;
            }
        }
    }
    sink(b"\n");
    result
}
