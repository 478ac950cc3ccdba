//! What a pod is told to do, by annotations of its own.
//!
//! | annotation | value |
//! |---|---|
//! | `sandbox.windlass.dev/pod` | `completes`, `fails`, `image-pull-error`, `crash-loop`, `never-ready`, `slow-start`, `unschedulable` |
//! | `sandbox.windlass.dev/start` | how long its containers take to get ready: `10s` |
//! | `sandbox.windlass.dev/run` | how long its containers run before they end |
//! | `sandbox.windlass.dev/exit-code` | with what code they end |
//! | `sandbox.windlass.dev/log` | what they print |

use std::time::Duration;

use serde_json::Value;

use crate::controllers::desk::{annotation, text};

/// From a container's start until it is ready.
const START: Duration = Duration::from_millis(80);
/// The same for a pod that is told to start slowly.
const SLOW_START: Duration = Duration::from_secs(4);
/// How long a container runs that ends.
const RUN: Duration = Duration::from_millis(120);
/// What containers print that are told nothing.
const LOG: &str = "first line\nsecond line\n";

/// What becomes of a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It gets ready and stays so.
    Serves,
    /// It ends with this code.
    Ends(i64),
    /// Its containers end and are started again, for ever.
    CrashLoop,
    /// It runs and never gets ready.
    NeverReady,
    /// Its images cannot be had.
    NoImage,
    /// There is no node for it.
    NoNode,
}

/// What a pod does, and how long it takes.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) fate: Fate,
    pub(crate) start: Duration,
    pub(crate) run: Duration,
}

impl Script {
    /// What a pod's annotations and its spec say. Pods that are not to be restarted are there to end.
    pub(crate) fn of(pod: &Value) -> Self {
        let told = annotation(pod, "sandbox.windlass.dev/pod");
        let code = annotation(pod, "sandbox.windlass.dev/exit-code")
            .parse()
            .ok();
        let restarts = text(pod, "/spec/restartPolicy") == "Always";
        let fate = match (told, code) {
            ("completes", _) => Fate::Ends(0),
            ("fails", code) => Fate::Ends(code.unwrap_or(1)),
            ("image-pull-error", _) => Fate::NoImage,
            ("crash-loop", _) => Fate::CrashLoop,
            ("never-ready", _) => Fate::NeverReady,
            ("unschedulable", _) => Fate::NoNode,
            (_, Some(0)) => Fate::Ends(0),
            (_, Some(_)) if restarts => Fate::CrashLoop,
            (_, Some(code)) => Fate::Ends(code),
            _ if restarts => Fate::Serves,
            _ => Fate::Ends(0),
        };
        let slow = if told == "slow-start" {
            SLOW_START
        } else {
            START
        };
        let time = |name: &str, default| duration(annotation(pod, name)).unwrap_or(default);
        Self {
            fate,
            start: time("sandbox.windlass.dev/start", slow),
            run: time("sandbox.windlass.dev/run", RUN),
        }
    }
}

/// What a pod's containers print each time they run.
pub(super) fn log(pod: &Value) -> String {
    let told = annotation(pod, "sandbox.windlass.dev/log");
    match told {
        "" => LOG.to_owned(),
        told if told.ends_with('\n') => told.to_owned(),
        told => format!("{told}\n"),
    }
}

/// The code with which a container ends that fails.
pub(crate) fn failure(pod: &Value) -> i64 {
    let told = annotation(pod, "sandbox.windlass.dev/exit-code").parse();
    told.ok().filter(|code| *code != 0).unwrap_or(1)
}

/// `500ms`, `10s`, `1m30s`, `2h`: a duration as Go writes it.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let mut rest = text;
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let (unit, seconds) = [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0)]
            .into_iter()
            .find(|(unit, _)| rest.starts_with(unit))?;
        rest = &rest[unit.len()..];
        total += Duration::try_from_secs_f64(number * seconds).ok()?;
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_writes_them() {
        assert_eq!(duration("1m30s"), Some(Duration::from_secs(90)));
        assert_eq!(duration("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(duration("1.5s"), Some(Duration::from_millis(1500)));
        assert_eq!(duration(""), None);
        assert_eq!(duration("10"), None);
        assert_eq!(duration("soon"), None);
    }
}
