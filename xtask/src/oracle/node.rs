//! Values as a test writes them: scalars keep the very text, so that a YAML reader has to resolve it.

use serde_json::Value;

/// A tree of values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// A scalar in YAML's words, quoted where it has to be.
    Scalar(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    pub(super) fn scalar(text: &str) -> Self {
        Self::Scalar(text.to_owned())
    }

    /// A string, quoted.
    pub(super) fn string(text: &str) -> Self {
        Self::Scalar(Value::from(text).to_string())
    }

    pub(super) fn from_json(value: &Value) -> Self {
        match value {
            Value::Array(items) => Self::List(items.iter().map(Self::from_json).collect()),
            Value::Object(map) => Self::Map(
                map.iter()
                    .map(|(k, v)| (k.clone(), Self::from_json(v)))
                    .collect(),
            ),
            scalar => Self::Scalar(scalar.to_string()),
        }
    }

    /// Puts something at a path, making a map of whatever is in the way.
    pub(super) fn put(&mut self, path: &[String], node: Node) {
        let Some((first, rest)) = path.split_first() else {
            *self = node;
            return;
        };
        if !matches!(self, Self::Map(_)) {
            *self = Self::Map(Vec::new());
        }
        let Self::Map(entries) = self else { return };
        let at = entries.iter().position(|(key, _)| key == first);
        let at = at.unwrap_or_else(|| {
            entries.push((first.clone(), Self::Map(Vec::new())));
            entries.len() - 1
        });
        entries[at].1.put(rest, node);
    }

    /// In YAML's flow style, on one line.
    pub(super) fn flow(&self) -> String {
        match self {
            Self::Scalar(text) => text.clone(),
            Self::List(items) => {
                let items: Vec<String> = items.iter().map(Self::flow).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Map(entries) => {
                let entries: Vec<String> = entries
                    .iter()
                    .map(|(key, node)| format!("{}: {}", Value::from(key.as_str()), node.flow()))
                    .collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }

    /// As a values file: one line an entry.
    pub(super) fn document(&self) -> String {
        match self {
            Self::Map(entries) => entries
                .iter()
                .map(|(key, node)| format!("{}: {}\n", Value::from(key.as_str()), node.flow()))
                .collect(),
            other => other.flow() + "\n",
        }
    }

    /// Every tree that is this one without one of its parts.
    pub(super) fn smaller(&self) -> Vec<Self> {
        let mut smaller = Vec::new();
        match self {
            Self::Scalar(_) => {}
            Self::List(items) => {
                for at in 0..items.len() {
                    let mut less = items.clone();
                    less.remove(at);
                    smaller.push(Self::List(less));
                    for part in items[at].smaller() {
                        let mut less = items.clone();
                        less[at] = part;
                        smaller.push(Self::List(less));
                    }
                }
            }
            Self::Map(entries) => {
                for at in 0..entries.len() {
                    let mut less = entries.clone();
                    less.remove(at);
                    smaller.push(Self::Map(less));
                    for part in entries[at].1.smaller() {
                        let mut less = entries.clone();
                        less[at].1 = part;
                        smaller.push(Self::Map(less));
                    }
                }
            }
        }
        smaller
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn putting_replaces_what_is_no_map() {
        let mut node = Node::Map(vec![("a".into(), Node::scalar("1"))]);
        node.put(
            &["a".into(), "b c".into()],
            Node::List(vec![Node::scalar("~")]),
        );
        assert_eq!(node.document(), "\"a\": {\"b c\": [~]}\n");
    }

    #[test]
    fn smaller_trees_lack_one_part() {
        let node = Node::List(vec![Node::scalar("1"), Node::List(vec![Node::scalar("2")])]);
        let flows: Vec<String> = node.smaller().iter().map(Node::flow).collect();
        assert_eq!(flows, ["[[2]]", "[1]", "[1, []]"]);
    }
}
