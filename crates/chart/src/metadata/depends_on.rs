//! [`DependsOn`]: the names that something in Chart.yaml waits for.

use windlass_value::{Heap, MapId, Value};

/// The keys, in Chart.yaml and in its dependencies: ours, and the one that is proposed for Helm.
const KEYS: [&[u8]; 2] = [b"dependsOn", b"depends-on"];

/// Names of dependencies. Helm ignores them, so whatever is written there can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DependsOn {
    /// The names as they are written.
    Names(Vec<String>),
    /// Something else than names.
    Malformed,
}

impl DependsOn {
    /// What a map of Chart.yaml says; `None` where it says nothing.
    pub(super) fn read(heap: &Heap, map: MapId) -> Option<Self> {
        let found = KEYS.iter().filter_map(|key| heap.get(map, key));
        let found = found.filter(|value| !value.is_nil());
        found.map(Self::from_value).reduce(Self::and)
    }

    /// What a text says: a list in YAML or JSON, or one name.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let mut heap = Heap::new();
        match windlass_yaml::parse_kinds(&mut heap, text.as_bytes()) {
            Ok(Value::Nil) => Self::Names(Vec::new()),
            Ok(value) => Self::from_value(&value),
            Err(_) => Self::Malformed,
        }
    }

    fn from_value(value: &Value) -> Self {
        let names: Option<Vec<String>> = match value {
            Value::List(items) => items.iter().map(name).collect(),
            one => name(one).map(|name| vec![name]),
        };
        names.map_or(Self::Malformed, Self::Names)
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Names(mut names), Self::Names(more)) => {
                names.extend(more);
                Self::Names(names)
            }
            _ => Self::Malformed,
        }
    }
}

fn name(value: &Value) -> Option<String> {
    match value {
        Value::Str(text) => Some(text.to_text().into_owned()),
        Value::Int(n, _) => Some(n.to_string()),
        _ => None,
    }
}
