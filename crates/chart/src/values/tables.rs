//! Merging one table into another, the step that all of Helm's merges of values are made of.

use windlass_value::{Heap, MapId, MapType, Str, Value, fmt};

use crate::values::coalesce::{KeyPath, Nulls};
use crate::warning::Warning;

/// How values get from the weaker table into the stronger one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taking {
    /// As they are: tables are then shared by both. The weaker table itself changes too: it takes
    /// over the nulls of the stronger.
    Share,
    /// Copied; the weaker table stays as it is.
    Copy,
    /// Copied, and nulls in tables at any depth count as absent.
    CopyWithoutNulls,
}

/// The map, if the value is a table to Helm: a `map[string]interface {}` and no other map.
pub(crate) fn table(heap: &Heap, value: &Value) -> Option<MapId> {
    value
        .as_map()
        .filter(|&map| heap.map_type(map) == MapType::Any)
}

/// How deep tables may nest; what lies deeper is cut off, as [`Heap::deep_copy`] does.
const MAX_DEPTH: usize = 1_000;

/// A copy in which tables have no null entries; nulls in lists stay.
pub(crate) fn copy_without_nulls(heap: &mut Heap, value: &Value) -> Value {
    copy_without_nulls_at(heap, value, 0)
}

fn copy_without_nulls_at(heap: &mut Heap, value: &Value, depth: usize) -> Value {
    let Some(source) = table(heap, value) else {
        return heap.deep_copy(value);
    };
    if depth > MAX_DEPTH {
        return Value::Nil;
    }
    let mut entries = heap.snapshot(source);
    entries.retain(|(_, v)| !v.is_nil());
    for (_, v) in &mut entries {
        if matches!(v, Value::Map(_) | Value::List(_)) {
            *v = copy_without_nulls_at(heap, v, depth + 1);
        }
    }
    Value::Map(heap.map_from(MapType::Any, entries))
}

/// What to do about one key of the weaker table.
enum Step {
    Add(Str, Value),
    Delete(Str),
    Nullify(Str),
    Descend(Str, MapId, MapId),
    Warn(Str, Value, fn(String, String) -> Warning),
}

fn overwrites(key: String, value: String) -> Warning {
    Warning::OverwritesTable { key, value }
}

fn ignored(key: String, value: String) -> Warning {
    Warning::IgnoredNonTable { key, value }
}

/// Merges `weak` into `strong`, whose values win. Gives whether any table was merged into another
/// below the first level.
pub(crate) fn merge(
    heap: &mut Heap,
    warnings: &mut Vec<Warning>,
    strong: MapId,
    weak: MapId,
    path: &KeyPath<'_>,
    nulls: Nulls,
    taking: Taking,
) -> bool {
    if strong == weak {
        return false;
    }
    let mut descended = false;
    let mut added = Vec::new();
    let mut deleted = Vec::new();
    let mut nullified = Vec::new();
    for step in steps(heap, strong, weak, nulls, taking) {
        match step {
            Step::Add(key, value) => added.push((key, take(heap, &value, taking))),
            Step::Delete(key) => deleted.push(key),
            Step::Nullify(key) => nullified.push((key, Value::Nil)),
            Step::Descend(key, strong, weak) => {
                descended = true;
                let path = KeyPath {
                    above: Some(path),
                    key: &key,
                };
                merge(heap, warnings, strong, weak, &path, nulls, taking);
            }
            Step::Warn(key, value, warning) => {
                let path = KeyPath {
                    above: Some(path),
                    key: &key,
                };
                let value = take(heap, &value, taking);
                let value = fmt::sprintf(heap, b"%v", &[value]).to_text().into_owned();
                warnings.push(warning(path.text(), value));
            }
        }
    }
    heap.remove_all(strong, &deleted);
    heap.extend(strong, added);
    heap.extend(weak, nullified);
    descended
}

fn take(heap: &mut Heap, value: &Value, taking: Taking) -> Value {
    match taking {
        Taking::Share => value.clone(),
        Taking::Copy => heap.deep_copy(value),
        Taking::CopyWithoutNulls => copy_without_nulls(heap, value),
    }
}

/// Walks both tables side by side, in order of keys.
fn steps(heap: &Heap, strong: MapId, weak: MapId, nulls: Nulls, taking: Taking) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut strong = heap.map(strong).entries().iter().peekable();
    for (key, default) in heap.map(weak).entries() {
        while let Some((k, v)) = strong.next_if(|(k, _)| k < key) {
            if taking == Taking::Share && v.is_nil() {
                steps.push(Step::Nullify(k.clone()));
            }
        }
        if taking == Taking::CopyWithoutNulls && default.is_nil() {
            continue;
        }
        let Some((_, value)) = strong.next_if(|(k, _)| k == key) else {
            steps.push(Step::Add(key.clone(), default.clone()));
            continue;
        };
        if value.is_nil() {
            if taking == Taking::Share {
                steps.push(Step::Nullify(key.clone()));
            }
            if nulls == Nulls::Delete && !default.is_nil() {
                steps.push(Step::Delete(key.clone()));
            }
            continue;
        }
        steps.extend(meeting(heap, key, value, default));
    }
    if taking == Taking::Share {
        steps.extend(
            strong
                .filter(|(_, v)| v.is_nil())
                .map(|(k, _)| Step::Nullify(k.clone())),
        );
    }
    steps
}

/// A default meets a value that is not null.
fn meeting(heap: &Heap, key: &Str, value: &Value, default: &Value) -> Option<Step> {
    let (value, default_table) = (table(heap, value), table(heap, default));
    match (value, default_table) {
        (Some(strong), Some(weak)) => Some(Step::Descend(key.clone(), strong, weak)),
        (None, Some(_)) => Some(Step::Warn(key.clone(), default.clone(), overwrites)),
        (Some(_), None) if !default.is_nil() => {
            Some(Step::Warn(key.clone(), default.clone(), ignored))
        }
        _ => None,
    }
}

/// Helm's `CoalesceTables`: `strong`'s entries win, a null there deletes what it meets, and what is
/// missing comes in as it is: tables are then shared by both.
pub fn coalesce_tables(heap: &mut Heap, strong: MapId, weak: MapId) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let root = KeyPath {
        above: None,
        key: b"",
    };
    merge(
        heap,
        &mut warnings,
        strong,
        weak,
        &root,
        Nulls::Delete,
        Taking::Share,
    );
    warnings
}

/// Helm's `MergeMaps`: a new map in which the entries of `over` win and tables in both are merged
/// the same way. Nulls are values like others.
pub fn merge_maps(heap: &mut Heap, under: MapId, over: MapId) -> MapId {
    let merged = heap.copy_map(under);
    let mut changed = Vec::new();
    for (key, value) in heap.snapshot(over) {
        let below = heap.get(merged, &key).and_then(|v| table(heap, v));
        let value = match (table(heap, &value), below) {
            (Some(over), Some(under)) => Value::Map(merge_maps(heap, under, over)),
            _ => value,
        };
        changed.push((key, value));
    }
    heap.extend(merged, changed);
    merged
}
