//! A release's objects as the cluster has them, shown as `kubectl get` shows them.

use std::collections::BTreeMap;

use serde_json::Value;
use windlass_release::Json;

use super::columns::align;

/// Objects, or tables of them, by kind: `v1/Service`. Helm prints kinds in no particular order; ours is
/// that of their names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Resources(pub(crate) BTreeMap<String, Vec<Value>>);

impl Resources {
    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them as JSON.
    pub(crate) fn to_json(&self) -> Json {
        let kinds = self.0.iter();
        let fields = kinds.map(|(kind, objects)| (kind.clone(), Value::Array(objects.clone())));
        Json::of_object(&Value::Object(fields.collect()))
    }

    /// All of them as text, under a line for each kind.
    pub(crate) fn to_text(&self) -> String {
        let mut out = String::new();
        let mut printer = Printer::default();
        for (kind, objects) in &self.0 {
            out.push_str(&format!("==> {kind}\n"));
            for object in objects {
                out.push_str(&printer.shown(object));
            }
            out.push('\n');
        }
        out
    }
}

/// Prints one object after the other, each aligned by itself. A head is left out where the object
/// before had the same.
#[derive(Debug, Default)]
struct Printer<'a> {
    columns: Option<&'a [Value]>,
    has_head: bool,
    is_plain: bool,
}

impl<'a> Printer<'a> {
    fn shown(&mut self, object: &'a Value) -> String {
        if is_table(object) {
            return self.table(object);
        }
        let text = |path: &str| object.pointer(path).and_then(Value::as_str).unwrap_or("");
        // Without a table there is but a name. Helm would count the age; off a server's clock it cannot.
        let row = vec![escaped(text("/metadata/name")), "<unknown>".to_owned()];
        let head = vec!["NAME".to_owned(), "AGE".to_owned()];
        let lines: Vec<_> = (!self.is_plain)
            .then_some(head)
            .into_iter()
            .chain([row])
            .collect();
        self.is_plain = true;
        align(&lines)
    }

    fn table(&mut self, table: &'a Value) -> String {
        let mut columns = list(table, "columnDefinitions");
        let rows = list(table, "rows");
        if columns.is_empty() {
            columns = self.columns.unwrap_or_default();
        } else if self.columns != Some(columns) {
            self.columns = Some(columns);
            self.has_head = false;
        }
        if rows.is_empty() {
            return String::new();
        }
        let head = columns.iter().filter(|c| is_shown(c)).map(|column| {
            let name = column.get("name").and_then(Value::as_str);
            name.unwrap_or_default().to_uppercase()
        });
        let head = (!self.has_head).then(|| head.collect::<Vec<_>>());
        self.has_head = true;
        let rows = rows.iter().map(|row| {
            let cells = list(row, "cells").iter().zip(columns);
            let shown = cells.filter(|(_, column)| is_shown(column));
            shown.map(|(cell, _)| cell_text(cell)).collect()
        });
        let lines: Vec<Vec<String>> = head.into_iter().chain(rows).collect();
        align(&lines)
    }
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    let items = value.get(key).and_then(Value::as_array);
    items.map_or(&[], Vec::as_slice)
}

/// Columns of a lesser priority are for wide tables.
fn is_shown(column: &Value) -> bool {
    let priority = column.get("priority").and_then(Value::as_i64);
    priority.unwrap_or(0) == 0
}

fn is_table(object: &Value) -> bool {
    let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or("");
    text("kind") == "Table"
        && matches!(text("apiVersion"), "meta.k8s.io/v1" | "meta.k8s.io/v1beta1")
}

/// A cell's text, up to its first line end.
fn cell_text(cell: &Value) -> String {
    match cell {
        Value::Null => String::new(),
        Value::String(text) => match text.find(['\x0c', '\n', '\r']) {
            Some(end) => format!("{}...", escaped(&text[..end])),
            None => escaped(text),
        },
        other => other.to_string(),
    }
}

/// Control sequences of terminals do not get through.
fn escaped(text: &str) -> String {
    text.replace('\x1b', "^[").replace('\r', "\\r")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn tables_show_what_is_not_only_for_wide_ones() {
        let table = json!({
            "kind": "Table", "apiVersion": "meta.k8s.io/v1",
            "columnDefinitions": [
                {"name": "Name", "priority": 0}, {"name": "Data", "priority": 0},
                {"name": "Wide", "priority": 1}, {"name": "Age"},
            ],
            "rows": [{"cells": ["web\nx", 2, "no", "3s"]}],
        });
        let all = vec![table.clone(), table];
        let all = Resources(BTreeMap::from([("v1/ConfigMap".to_owned(), all)]));
        assert_eq!(
            all.to_text(),
            "==> v1/ConfigMap\nNAME     DATA   AGE\nweb...   2      3s\nweb...   2     3s\n\n"
        );
    }
}
