//! Conditions of a status: set in place, with the time of their last change.

use serde_json::{Value, json};

use crate::clock::Moment;

/// What a condition says.
pub(crate) struct Condition<'a> {
    pub(crate) kind: &'a str,
    pub(crate) status: &'a str,
    pub(crate) reason: &'a str,
    pub(crate) message: &'a str,
}

/// The condition of a type in a list.
pub(crate) fn find<'a>(conditions: &'a Value, kind: &str) -> Option<&'a Value> {
    conditions.as_array()?.iter().find(|it| it["type"] == kind)
}

/// Whether the condition of a type is true.
pub(crate) fn is_true(conditions: &Value, kind: &str) -> bool {
    find(conditions, kind).is_some_and(|it| it["status"] == "True")
}

/// Sets a condition among others. Its time changes with its status alone; kinds with `updates` tell a change of the
/// rest by `lastUpdateTime`, do not mind other words, and keep the last change last.
pub(crate) fn set(conditions: &mut Value, condition: &Condition<'_>, now: Moment, updates: bool) {
    if !conditions.is_array() {
        *conditions = json!([]);
    }
    let Some(list) = conditions.as_array_mut() else {
        return;
    };
    let now = now.rfc3339();
    let mut made = json!({
        "type": condition.kind, "status": condition.status, "lastTransitionTime": now,
    });
    for (key, text) in [("reason", condition.reason), ("message", condition.message)] {
        if !text.is_empty() {
            made[key] = text.into();
        }
    }
    if updates {
        made["lastUpdateTime"] = now.into();
    }
    let place = list.iter().position(|it| it["type"] == condition.kind);
    let Some(place) = place else {
        list.push(made);
        return;
    };
    let old = &list[place];
    if old["status"] == made["status"] {
        let same_words = updates || old["message"] == made["message"];
        if old["reason"] == made["reason"] && same_words {
            return;
        }
        made["lastTransitionTime"] = old["lastTransitionTime"].clone();
    }
    if updates {
        list.remove(place);
        list.push(made);
    } else {
        list[place] = made;
    }
}

/// Takes a condition away.
pub(crate) fn remove(conditions: &mut Value, kind: &str) {
    if let Some(list) = conditions.as_array_mut() {
        list.retain(|it| it["type"] != kind);
    }
}
