//! The values that a failing expression reads, as far as they may be shown.

use windlass_value::{Heap, MapId, Value};

use super::{Scene, names};

/// What stands in a secret's place.
const MASK: &str = "********";

/// Parts of keys whose values are not shown.
const SECRET: &[&str] = &[
    "pass", "pwd", "secret", "token", "cred", "private", "auth", "cert", "key", "salt", "dsn",
];

/// `.Values` of the chart that a template belongs to.
pub(super) fn scope(scene: &Scene<'_>, template: &str) -> Option<MapId> {
    let mut chart = scene.chart;
    let mut values = scene.values;
    while let Some(below) = chart.dependencies.iter().find(|below| {
        let inside = template.strip_prefix(below.path.as_str());
        inside.is_some_and(|rest| rest.starts_with('/'))
    }) {
        let name = below.name().as_bytes();
        values = scene.heap.get(values, name)?.as_map()?;
        chart = below;
    }
    Some(values)
}

/// The paths below `.Values` that an expression names, without `.Values`.
pub(super) fn paths(expression: &str) -> impl Iterator<Item = Vec<&str>> {
    let within = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    expression.split(".Values").skip(1).filter_map(move |rest| {
        let end = rest.find(|c| !within(c)).unwrap_or(rest.len());
        let path: Vec<&str> = rest[..end].split('.').filter(|p| !p.is_empty()).collect();
        (rest.starts_with('.') && !path.is_empty()).then_some(path)
    })
}

/// A line on each value that an expression reads.
pub(super) fn involved(heap: &Heap, values: MapId, expression: &str) -> Vec<String> {
    const MOST: usize = 4;
    paths(expression)
        .take(MOST)
        .map(|path| about(heap, values, &path))
        .collect()
}

/// How far a path leads, and to what.
fn about(heap: &Heap, values: MapId, path: &[&str]) -> String {
    let mut here = Value::Map(values);
    let mut secret = false;
    for (i, key) in path.iter().enumerate() {
        let way = |upto: usize| format!(".Values.{}", path[..upto].join("."));
        let Some(map) = here.as_map() else {
            return format!("`{}` is {}", way(i), shown(heap, &here, secret));
        };
        let Some(next) = heap.get(map, key.as_bytes()) else {
            return format!("`{}` is not set{}", way(i + 1), meant(heap, map, key));
        };
        secret |= is_secret(key);
        here = next.clone();
    }
    let path = path.join(".");
    format!("`.Values.{path}` is {}", shown(heap, &here, secret))
}

/// What was probably meant by a key that a map lacks.
fn meant(heap: &Heap, map: MapId, key: &str) -> String {
    let entries = heap.map(map).entries().iter();
    let keys: Vec<_> = entries.map(|(k, _)| k.to_text()).collect();
    names::nearest(key, keys.iter().map(AsRef::as_ref))
        .map_or(String::new(), |near| format!("; did you mean `{near}`?"))
}

fn is_secret(key: &str) -> bool {
    let key = key.to_lowercase();
    SECRET.iter().any(|part| key.contains(part))
}

/// A value in few words.
pub(super) fn shown(heap: &Heap, value: &Value, secret: bool) -> String {
    let mut text = String::new();
    show(heap, value, secret, 0, &mut text);
    text
}

/// Entries of a collection, and collections in collections, that are shown.
const ENTRIES: usize = 6;
const DEPTH: usize = 2;

fn show(heap: &Heap, value: &Value, secret: bool, depth: usize, text: &mut String) {
    match value {
        Value::Nil => text.push_str("null"),
        Value::Map(id) => show_map(heap, *id, secret, depth, text),
        Value::List(list) => {
            if depth == DEPTH {
                text.push_str("[…]");
                return;
            }
            text.push('[');
            for (i, item) in list.items.iter().take(ENTRIES).enumerate() {
                text.push_str(if i > 0 { ", " } else { "" });
                show(heap, item, secret, depth + 1, text);
            }
            let more = list.items.len() > ENTRIES;
            text.push_str(if more { ", …]" } else { "]" });
        }
        _ if secret => text.push_str(MASK),
        Value::Str(s) => text.push_str(&quoted(&s.to_text())),
        other => {
            let printed = windlass_value::fmt::sprint(heap, std::slice::from_ref(other));
            text.push_str(&printed.to_text());
        }
    }
}

fn show_map(heap: &Heap, id: MapId, secret: bool, depth: usize, text: &mut String) {
    let entries = heap.map(id).entries();
    if depth == DEPTH {
        text.push_str("{…}");
        return;
    }
    text.push('{');
    for (i, (key, value)) in entries.iter().take(ENTRIES).enumerate() {
        let key = key.to_text();
        text.push_str(if i > 0 { ", " } else { "" });
        text.push_str(&format!("{}: ", clip(&key)));
        show(heap, value, secret || is_secret(&key), depth + 1, text);
    }
    let more = entries.len() > ENTRIES;
    text.push_str(if more { ", …}" } else { "}" });
}

fn quoted(text: &str) -> String {
    format!("{:?}", clip(text))
}

/// The beginning of a text.
fn clip(text: &str) -> String {
    const LENGTH: usize = 60;
    match text.char_indices().nth(LENGTH) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use windlass_value::MapType;

    #[test]
    fn paths_are_those_below_values() {
        let text = "include \"x\" (dict \"a\" .Values.a.b \"c\" $.Values.c)";
        let found: Vec<_> = paths(text).collect();
        assert_eq!(found, [vec!["a", "b"], vec!["c"]]);
    }

    #[test]
    fn secrets_are_masked_and_slips_are_told() {
        let mut heap = Heap::new();
        let entries = vec![
            ("adminPassword".into(), Value::str("hunter2")),
            ("host".into(), Value::str("db")),
        ];
        let db = heap.map_from(MapType::Any, entries);
        let values = heap.map_from(MapType::Any, vec![("db".into(), Value::Map(db))]);
        let expression = ".Values.db .Values.db.hots.x .Values.db.adminPassword";
        assert_eq!(
            involved(&heap, values, expression),
            [
                "`.Values.db` is {adminPassword: ********, host: \"db\"}",
                "`.Values.db.hots` is not set; did you mean `host`?",
                "`.Values.db.adminPassword` is ********",
            ]
        );
    }
}
