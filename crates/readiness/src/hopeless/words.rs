//! What there is to say of a trouble: a name for programs, a line for people, and a remedy.

use super::{Cause, Diagnosis};

impl Diagnosis {
    /// A stable name of the kind of trouble: `image-pull`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.cause {
            Cause::ImagePull { .. } => "image-pull",
            Cause::ImageName { .. } => "image-name",
            Cause::CrashLoop { .. } => "crash-loop",
            Cause::ContainerConfig => "container-config",
            Cause::Missing { .. } => "missing-reference",
            Cause::Mount => "volume-mount",
            Cause::Unready => "not-ready",
            Cause::Unbound => "volume-unbound",
            Cause::NoAddress => "no-address",
            Cause::Held { .. } => "finalizers",
            Cause::Unschedulable => "unschedulable",
            Cause::Quota => "quota",
            Cause::Refused => "admission",
            Cause::JobFailed { .. } => "job-failed",
            Cause::PodFailed { .. } => "pod-failed",
            Cause::NoProgress => "no-progress",
            Cause::Stalled { .. } => "stalled",
        }
    }

    /// The cause in one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let container = match &self.subject.container {
            Some(name) => format!("container {name}"),
            None => "a container".to_owned(),
        };
        match &self.cause {
            Cause::ImagePull { image } => format!("the image {image} cannot be pulled"),
            Cause::ImageName { image } => format!("{image} is no name of an image"),
            Cause::CrashLoop {
                restarts,
                exit_code,
                reason,
            } => {
                let how = match (exit_code, reason.as_str()) {
                    (_, "OOMKilled") => ", out of memory".to_owned(),
                    (Some(code), _) => format!(" with exit code {code}"),
                    (None, _) => String::new(),
                };
                format!("{container} ends again and again{how}, after {restarts} restarts")
            }
            Cause::ContainerConfig => format!("{container} cannot be made"),
            Cause::Missing { kind, name } => format!("{} {name} is not there", proper(kind)),
            Cause::Mount => "a volume cannot be mounted".to_owned(),
            Cause::Unready => format!("{container} runs and is not ready"),
            Cause::Unbound => "the claim gets no volume".to_owned(),
            Cause::NoAddress => "the load balancer has no address yet".to_owned(),
            Cause::Held { finalizers } => {
                format!("it is held by its finalizers: {}", finalizers.join(", "))
            }
            Cause::Unschedulable => "no node takes the pod".to_owned(),
            Cause::Quota => "a quota of the namespace leaves no room".to_owned(),
            Cause::Refused => "the cluster refuses to make its pods".to_owned(),
            Cause::JobFailed { reason } => named("the job failed", reason),
            Cause::PodFailed { reason } => named("the pod failed", reason),
            Cause::NoProgress => "the roll-out makes no progress".to_owned(),
            Cause::Stalled { reason } => named("its controller has given up", reason),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match &self.cause {
            Cause::ImagePull { .. } => remedy_of_pull(&self.detail),
            Cause::ImageName { .. } => "set the image's repository and tag; neither may be empty",
            Cause::CrashLoop { reason, .. } if reason == "OOMKilled" => {
                "raise resources.limits.memory of the container, or make it need less"
            }
            Cause::CrashLoop {
                exit_code: Some(126 | 127),
                ..
            } => "the command is not in the image or cannot be run: check command and args",
            Cause::CrashLoop { .. } => {
                "read what it printed last: a missing variable, a wrong argument, a service out of reach"
            }
            Cause::ContainerConfig => {
                "check what the container refers to: keys of Secrets and ConfigMaps, its command, its user"
            }
            Cause::Missing { .. } => {
                "create it in the release's namespace first, or correct the name in the values"
            }
            Cause::Mount => {
                "check that the volume is there and is not still attached to another node"
            }
            Cause::Unready => {
                "check the readiness probe: its path and port, and what it depends on"
            }
            Cause::Unbound => {
                "set a storage class that the cluster has (kubectl get storageclass), or make a volume"
            }
            Cause::NoAddress => {
                "where nothing gives out addresses, use type ClusterIP or NodePort, or wait longer"
            }
            Cause::Held { .. } => {
                "see why whoever set the finalizer does not act: its controller may be gone"
            }
            Cause::Unschedulable => {
                "lower the requests, or add nodes that fit: check selectors, affinities and taints"
            }
            Cause::Quota => "raise the quota, or lower replicas, requests or limits",
            Cause::Refused => "change the pod so that the policy which refuses it lets it pass",
            Cause::JobFailed { .. } | Cause::PodFailed { .. } => {
                "read what it printed last, and run it again once that is mended"
            }
            Cause::NoProgress => {
                "look at its pods; progressDeadlineSeconds says how long a roll-out may stand still"
            }
            Cause::Stalled { .. } => "see the object's conditions for what its controller wants",
        }
    }
}

/// The registry's answer tells what is wrong.
fn remedy_of_pull(detail: &str) -> &'static str {
    let detail = detail.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| detail.contains(word));
    if says(&[
        "unauthorized",
        "denied",
        "forbidden",
        "authentication",
        "authorization",
    ]) {
        "the registry wants credentials: set imagePullSecrets, and check that the name is right"
    } else if says(&["not found", "manifest unknown", "does not exist"]) {
        "the registry has no such image: check repository and tag, and that it was pushed"
    } else if says(&["no match for platform", "no matching manifest"]) {
        "the image was not built for the nodes' architecture"
    } else if says(&["toomanyrequests", "429", "rate limit"]) {
        "the registry limits pulls: set imagePullSecrets, or use a mirror"
    } else if says(&[
        "timeout",
        "no such host",
        "refused",
        "unreachable",
        "x509",
        "tls",
    ]) {
        "the nodes do not reach the registry: check its name, network and certificates"
    } else {
        "check the image's repository and tag, and imagePullSecrets if the registry is private"
    }
}

fn named(words: &str, reason: &str) -> String {
    match reason {
        "" => words.to_owned(),
        reason => format!("{words}: {reason}"),
    }
}

/// A kind as people write it.
fn proper(kind: &str) -> &str {
    match kind {
        "secret" => "Secret",
        "configmap" => "ConfigMap",
        "persistentvolumeclaim" => "PersistentVolumeClaim",
        other => other,
    }
}
