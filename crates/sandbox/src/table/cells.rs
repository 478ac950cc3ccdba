//! What cells are made of: fields, ages, selectors, containers.

use serde_json::Value;

use crate::clock::Moment;
use crate::select::LabelSelector;

/// An object that is looked at, at a moment.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) object: &'a Value,
    pub(super) now: Moment,
}

impl<'a> Look<'a> {
    pub(super) fn at(self, path: &str) -> &'a Value {
        path.split('.').fold(self.object, |value, key| &value[key])
    }

    pub(super) fn name(self) -> Value {
        self.at("metadata.name").clone()
    }

    pub(super) fn age(self) -> Value {
        self.since(self.at("metadata.creationTimestamp")).into()
    }

    /// The time of creation itself, where a kind has no columns of its own.
    pub(super) fn created(self) -> Value {
        self.at("metadata.creationTimestamp").clone()
    }

    /// How long ago a time was.
    pub(super) fn since(self, time: &Value) -> String {
        match time.as_str().and_then(Moment::parse) {
            Some(time) => human(self.now.since(time).as_secs()),
            None => "<unknown>".to_owned(),
        }
    }

    /// A text; empty if there is none.
    pub(super) fn text(self, path: &str) -> String {
        text(self.at(path))
    }

    /// A text, or what stands for none.
    pub(super) fn text_or(self, path: &str, none: &str) -> String {
        let text = self.text(path);
        if text.is_empty() {
            none.to_owned()
        } else {
            text
        }
    }

    pub(super) fn number(self, path: &str) -> i64 {
        self.at(path).as_i64().unwrap_or(0)
    }

    pub(super) fn list(self, path: &str) -> impl Iterator<Item = &'a Value> {
        list(self.at(path))
    }

    /// How many members a list or an object has.
    pub(super) fn size(self, path: &str) -> usize {
        match self.at(path) {
            Value::Array(list) => list.len(),
            Value::Object(map) => map.len(),
            _ => 0,
        }
    }

    /// A `metav1.LabelSelector`.
    pub(super) fn selector(self, path: &str) -> String {
        none_if_empty(LabelSelector::of(self.at(path)).text())
    }

    /// A map of labels.
    pub(super) fn labels(self, path: &str) -> String {
        let map = self.at(path).as_object().into_iter().flatten();
        let pairs: Vec<String> = map
            .map(|(key, value)| format!("{key}={}", text(value)))
            .collect();
        none_if_empty(pairs.join(","))
    }

    /// Names and images of the containers of a pod's spec.
    pub(super) fn containers(self, spec: &str) -> [Value; 2] {
        let path = format!("{spec}.containers");
        let column = |key: &str| {
            let texts: Vec<String> = self
                .list(&path)
                .map(|container| text(&container[key]))
                .collect();
            Value::from(texts.join(","))
        };
        [column("name"), column("image")]
    }
}

pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

pub(super) fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

pub(super) fn none_if_empty(text: String) -> String {
    if text.is_empty() {
        "<none>".to_owned()
    } else {
        text
    }
}

/// A duration as people say it: two units at most, and the smaller one only while it matters.
pub(super) fn human(seconds: u64) -> String {
    let two = |large: u64, unit: char, small: u64, sub: char| match small {
        0 => format!("{large}{unit}"),
        small => format!("{large}{unit}{small}{sub}"),
    };
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    let days = hours / 24;
    match (minutes, hours) {
        (..2, _) => format!("{seconds}s"),
        (..10, _) => two(minutes, 'm', seconds % 60, 's'),
        (..180, _) => format!("{minutes}m"),
        (_, ..8) => two(hours, 'h', minutes % 60, 'm'),
        (_, ..48) => format!("{hours}h"),
        (_, ..192) => two(days, 'd', hours % 24, 'h'),
        (_, ..17520) => format!("{days}d"),
        (_, ..70080) => two(days / 365, 'y', days % 365, 'd'),
        _ => format!("{}y", days / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::human;

    #[test]
    fn durations_are_short() {
        for (seconds, text) in [
            (0, "0s"),
            (119, "119s"),
            (120, "2m"),
            (125, "2m5s"),
            (600, "10m"),
            (10799, "179m"),
            (10800, "3h"),
            (11000, "3h3m"),
            (28800, "8h"),
            (172_799, "47h"),
            (172_800, "2d"),
            (176_400, "2d1h"),
            (691_200, "8d"),
            (63_072_000, "2y"),
            (63_158_400, "2y1d"),
            (252_288_000, "8y"),
        ] {
            assert_eq!(human(seconds), text, "{seconds}");
        }
    }
}
