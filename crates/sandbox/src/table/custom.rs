//! Tables of custom resources: the columns of their definition, each a JSONPath.

use serde_json::{Value, json};

use super::cells::Look;
use crate::catalog::Custom;

pub(super) fn columns(custom: &Custom) -> Value {
    let mut columns = vec![json!({"name": "Name", "type": "string", "format": "name",
        "description": "", "priority": 0})];
    for column in with_age(custom) {
        columns.push(json!({
            "name": column["name"], "type": column["type"],
            "format": column["format"].as_str().unwrap_or_default(),
            "description": column["description"].as_str().unwrap_or_default(),
            "priority": column["priority"].as_i64().unwrap_or(0),
        }));
    }
    columns.into()
}

pub(super) fn cells(custom: &Custom, look: Look<'_>) -> Value {
    let mut cells = vec![look.name()];
    for column in with_age(custom) {
        let path = column["jsonPath"].as_str().unwrap_or_default();
        let found = find(look.object, path);
        cells.push(match (found, column["type"].as_str()) {
            (None, _) => Value::Null,
            (Some(value), Some("date")) if value.is_string() => look.since(value).into(),
            (Some(value), Some("string")) => match value {
                Value::String(text) => text.clone().into(),
                other => other.to_string().into(),
            },
            (Some(value), Some("integer")) => match value.as_i64() {
                Some(number) => number.into(),
                None => value
                    .as_f64()
                    .map_or(Value::Null, |number| whole(number).into()),
            },
            (Some(value), Some("number")) if value.is_number() => value.clone(),
            (Some(value), Some("boolean")) if value.is_boolean() => value.clone(),
            _ => Value::Null,
        });
    }
    cells.into()
}

/// Numbers too large for an integer are shown as the largest one.
fn whole(number: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what is behind the point is not shown"
    )]
    {
        number as i64
    }
}

/// The columns of a definition; one that has none shows the age.
fn with_age(custom: &Custom) -> Vec<Value> {
    if custom.columns.is_empty() {
        return vec![
            json!({"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}),
        ];
    }
    custom.columns.clone()
}

/// One step of a path.
#[derive(Debug, PartialEq)]
enum Step {
    Key(String),
    Index(i64),
    Any,
    /// `[?(@.key=="value")]`
    Where(Vec<String>, String),
}

/// The first value at a simple JSONPath.
fn find<'a>(object: &'a Value, path: &str) -> Option<&'a Value> {
    let steps = steps(path)?;
    let mut found = vec![object];
    for step in &steps {
        found = found
            .into_iter()
            .flat_map(|value| follow(value, step))
            .collect();
    }
    found.into_iter().next()
}

fn follow<'a>(value: &'a Value, step: &Step) -> Vec<&'a Value> {
    match (step, value) {
        (Step::Key(key), Value::Object(map)) => map.get(key).into_iter().collect(),
        (Step::Index(index), Value::Array(list)) => {
            let from_end = usize::try_from(index.unsigned_abs()).unwrap_or(usize::MAX);
            let at = match index {
                ..0 => list.len().checked_sub(from_end),
                _ => Some(from_end),
            };
            at.and_then(|at| list.get(at)).into_iter().collect()
        }
        (Step::Any, Value::Array(list)) => list.iter().collect(),
        (Step::Any, Value::Object(map)) => map.values().collect(),
        (Step::Where(keys, wanted), Value::Array(list)) => list
            .iter()
            .filter(|item| {
                let value = keys.iter().try_fold(*item, |value, key| value.get(key));
                value.is_some_and(|value| super::cells::text(value) == *wanted)
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn steps(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = path.trim().trim_start_matches('{').trim_end_matches('}');
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let close = closing(inner)?;
            steps.push(bracket(&inner[..close])?);
            rest = &inner[close + 1..];
        } else {
            rest = rest.strip_prefix('.').unwrap_or(rest);
            let (key, left) = key(rest);
            match key.as_str() {
                "" if left.starts_with('[') => {}
                "" => return None,
                "*" => steps.push(Step::Any),
                _ => steps.push(Step::Key(key)),
            }
            rest = left;
        }
    }
    Some(steps)
}

/// The key up to the next step; a backslash makes a dot part of it.
fn key(text: &str) -> (String, &str) {
    let (mut key, mut escaped) = (String::new(), false);
    for (at, character) in text.char_indices() {
        match character {
            '\\' if !escaped => escaped = true,
            '.' | '[' if !escaped => return (key, &text[at..]),
            other => {
                escaped = false;
                key.push(other);
            }
        }
    }
    (key, "")
}

/// Where a bracket closes, outside of quotes.
fn closing(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (None, ']') => return Some(at),
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    None
}

fn bracket(inner: &str) -> Option<Step> {
    let inner = inner.trim();
    let unquoted = |text: &str| text.trim().trim_matches(['\'', '"']).to_owned();
    if inner == "*" {
        return Some(Step::Any);
    }
    if let Some(filter) = inner.strip_prefix("?(") {
        let (left, right) = filter.trim_end_matches(')').split_once("==")?;
        let keys = left.trim().strip_prefix("@.")?;
        let keys = keys.split('.').map(str::to_owned).collect();
        return Some(Step::Where(keys, unquoted(right)));
    }
    match inner.parse() {
        Ok(index) => Some(Step::Index(index)),
        Err(_) => Some(Step::Key(unquoted(inner))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_followed() {
        let object = json!({"a": {"b.c": 1, "list": [{"type": "x", "status": "no"},
            {"type": "Ready", "status": "True"}]}});
        for (path, wanted) in [
            (".a.b\\.c", Some(json!(1))),
            (".a['b.c']", Some(json!(1))),
            (".a.list[0].type", Some(json!("x"))),
            (".a.list[-1].type", Some(json!("Ready"))),
            (".a.list[*].status", Some(json!("no"))),
            (".a.list[?(@.type==\"Ready\")].status", Some(json!("True"))),
            (".a.list[?(@.type=='None')].status", None),
            (".none", None),
        ] {
            assert_eq!(find(&object, path).cloned(), wanted, "{path}");
        }
    }
}
