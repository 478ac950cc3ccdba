//! Labels and selectors over them.

use serde_json::Value;

use super::{Faults, items, names, text};

/// Keys and values of labels.
pub(super) fn check(labels: &Value, field: &str, faults: &mut Faults) {
    for (key, value) in labels.as_object().into_iter().flatten() {
        faults.named(field, key, names::qualified(key));
        faults.named(field, text(value), names::label_value(text(value)));
    }
}

/// A selector with `matchLabels` and `matchExpressions`; says whether it is one.
pub(super) fn selector(selector: &Value, field: &str, faults: &mut Faults) -> bool {
    let before = faults.0.len();
    check(
        &selector["matchLabels"],
        &format!("{field}.matchLabels"),
        faults,
    );
    for (at, one) in items(&selector["matchExpressions"]).iter().enumerate() {
        let field = format!("{field}.matchExpressions[{at}]");
        let none = items(&one["values"]).is_empty();
        match text(&one["operator"]) {
            "In" | "NotIn" if none => faults.required(
                &format!("{field}.values"),
                "must be specified when `operator` is 'In' or 'NotIn'",
            ),
            "In" | "NotIn" => {}
            "Exists" | "DoesNotExist" if !none => faults.forbidden(
                &format!("{field}.values"),
                "may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
            ),
            "Exists" | "DoesNotExist" => {}
            _ => faults.malformed(
                &format!("{field}.operator"),
                &one["operator"],
                "not a valid selector operator",
            ),
        }
        let key = text(&one["key"]);
        faults.named(&format!("{field}.key"), key, names::qualified(key));
    }
    faults.0.len() == before
}

/// Whether a selector selects nothing in particular.
pub(super) fn is_empty(selector: &Value) -> bool {
    let labels = selector["matchLabels"].as_object();
    labels.is_none_or(serde_json::Map::is_empty) && items(&selector["matchExpressions"]).is_empty()
}

/// Whether labels are selected.
pub(super) fn selects(selector: &Value, labels: &Value) -> bool {
    let mut all = selector["matchLabels"].as_object().into_iter().flatten();
    let expressions = items(&selector["matchExpressions"]);
    all.all(|(key, value)| labels.get(key) == Some(value))
        && expressions.iter().all(|one| {
            let value = labels.get(text(&one["key"]));
            let listed = value.is_some_and(|value| items(&one["values"]).contains(value));
            match text(&one["operator"]) {
                "In" => listed,
                "NotIn" => !listed,
                "Exists" => value.is_some(),
                "DoesNotExist" => value.is_none(),
                _ => false,
            }
        })
}
