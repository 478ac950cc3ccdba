//! How many pods the old sets and the new one have while a deployment rolls.

use std::sync::Arc;

use serde_json::Value;

use super::{Sets, replicas, scale};
use crate::controllers::desk;
use crate::controllers::desk::{number, text};
use crate::state::State;

/// A number, or a part of the whole.
fn share(value: &Value, whole: i64, up: bool) -> i64 {
    if let Some(number) = value.as_i64() {
        return number;
    }
    let percent = value
        .as_str()
        .and_then(|text| text.strip_suffix('%')?.parse::<i64>().ok());
    let scaled = percent.unwrap_or(0) * whole;
    if up {
        (scaled + 99) / 100
    } else {
        scaled / 100
    }
}

fn is_rolling(deployment: &Value) -> bool {
    text(deployment, "/spec/strategy/type") != "Recreate"
}

/// How many pods there may be beyond the wanted number.
pub(super) fn surge(deployment: &Value) -> i64 {
    if !is_rolling(deployment) {
        return 0;
    }
    share(
        &deployment["spec"]["strategy"]["rollingUpdate"]["maxSurge"],
        replicas(deployment),
        true,
    )
}

/// How many pods may be missing from the wanted number.
pub(super) fn missing(deployment: &Value) -> i64 {
    let wanted = replicas(deployment);
    if !is_rolling(deployment) || wanted == 0 {
        return 0;
    }
    let rolling = &deployment["spec"]["strategy"]["rollingUpdate"];
    let missing = share(&rolling["maxUnavailable"], wanted, false);
    // One of the two must move for anything to move.
    let stuck = missing == 0 && surge(deployment) == 0;
    if stuck { 1 } else { missing.min(wanted) }
}

fn total(sets: &Sets) -> i64 {
    sets.all().map(|set| replicas(set)).sum()
}

fn available(set: &Value) -> i64 {
    number(set, "/status/availableReplicas").unwrap_or(0)
}

/// The size of a new set when it is made.
pub(super) fn first_size(deployment: &Value, sets: &Sets) -> i64 {
    grown(deployment, sets, 0)
}

fn grown(deployment: &Value, sets: &Sets, present: i64) -> i64 {
    let wanted = replicas(deployment);
    if !is_rolling(deployment) {
        return wanted;
    }
    let room = wanted + surge(deployment) - total(sets);
    present + room.clamp(0, (wanted - present).max(0))
}

/// One step of a rolling update: the new set grows, then old ones shrink.
pub(super) fn roll(state: &mut State, deployment: &Value, sets: &Sets) {
    let Some(new) = &sets.new else {
        return;
    };
    let (present, wanted) = (replicas(new), replicas(deployment));
    let size = if present > wanted {
        wanted
    } else {
        grown(deployment, sets, present)
    };
    if scale(state, deployment, new, size) {
        return;
    }
    shrink(state, deployment, sets, new);
}

fn shrink(state: &mut State, deployment: &Value, sets: &Sets, new: &Value) {
    let least = replicas(deployment) - missing(deployment);
    let unready = replicas(new) - available(new);
    let mut spare = total(sets) - least - unready;
    if spare <= 0 {
        return;
    }
    // What does not serve goes first, wherever it is.
    let mut left: Vec<(Arc<Value>, i64)> = Vec::new();
    for set in &sets.old {
        let size = replicas(set);
        let idle = (size - available(set)).clamp(0, spare);
        spare -= idle;
        left.push((Arc::clone(set), size - idle));
    }
    let serving: i64 = sets.all().map(|set| available(set)).sum();
    let mut free = (serving - least).max(0);
    for (set, size) in left {
        let less = size.min(free);
        free -= less;
        scale(state, deployment, &set, size - less);
    }
}

/// The old pods go, and when they are gone, the new ones come.
pub(super) fn recreate(state: &mut State, deployment: &Value, sets: &Sets) {
    let mut shrunk = false;
    for set in &sets.old {
        if replicas(set) > 0 {
            shrunk |= scale(state, deployment, set, 0);
        }
    }
    if shrunk || has_old_pods(state, sets) {
        return;
    }
    if let Some(new) = &sets.new {
        scale(state, deployment, new, replicas(deployment));
    }
}

/// Whether pods of another template are still there.
pub(super) fn has_old_pods(state: &State, sets: &Sets) -> bool {
    let over = |pod: &Value| matches!(text(pod, "/status/phase"), "Succeeded" | "Failed");
    let pods = sets
        .old
        .iter()
        .flat_map(|set| desk::controlled(state, "pods", set));
    pods.into_iter().any(|pod| !over(&pod))
}

/// The wanted number changed: the one set that serves follows; several share the change by their sizes.
pub(super) fn resize(state: &mut State, deployment: &Value, sets: &Sets) {
    let wanted = replicas(deployment);
    let active: Vec<&Arc<Value>> = sets.all().filter(|set| replicas(set) > 0).collect();
    match active.as_slice() {
        [] => {
            if let Some(new) = sets.new.as_ref().or(sets.old.last()) {
                scale(state, deployment, new, wanted);
            }
        }
        [one] => {
            scale(state, deployment, one, wanted);
        }
        several => spread(state, deployment, several),
    }
}

fn spread(state: &mut State, deployment: &Value, sets: &[&Arc<Value>]) {
    let wanted = replicas(deployment);
    let present: i64 = sets.iter().map(|set| replicas(set)).sum();
    let most = if wanted > 0 {
        wanted + surge(deployment)
    } else {
        0
    };
    let mut rest = most - present;
    let mut sizes: Vec<i64> = sets.iter().map(|set| replicas(set)).collect();
    for size in &mut sizes {
        let part = if present == 0 {
            0
        } else {
            (*size * (most - present)) / present
        };
        let part = if rest >= 0 {
            part.min(rest)
        } else {
            part.max(rest)
        };
        *size = (*size + part).max(0);
        rest -= part;
    }
    if let Some(last) = sizes.last_mut() {
        *last = (*last + rest).max(0);
    }
    for (set, size) in sets.iter().zip(sizes) {
        scale(state, deployment, set, size);
    }
}
