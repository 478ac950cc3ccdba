//! The order of a revision's objects as a text, for an annotation beside its record.

use serde_json::{Value, json};
use windlass_chart::dependencies::order::{Edge, Order};

/// An object's annotations may have 256 KiB in all. An order beyond this is not kept, as if the record
/// were Helm's.
const MAX_BYTES: usize = 128 << 10;

/// An order as text; none where there is nothing to say.
#[must_use]
pub fn text(order: &Order) -> Option<String> {
    if order.is_empty() {
        return None;
    }
    let edge = |edge: &Edge| json!({"of": edge.of, "needs": edge.needs});
    let text = Value::from_iter(order.edges.iter().map(edge)).to_string();
    (text.len() <= MAX_BYTES).then_some(text)
}

/// Reads an order; what is none counts as nothing said.
#[must_use]
pub fn read(text: &str) -> Order {
    let edges = serde_json::from_str::<Vec<Value>>(text).unwrap_or_default();
    let texts = |edge: &Value, key: &str| -> Option<Vec<String>> {
        let items = edge.get(key)?.as_array()?.iter();
        items.map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let edge = |edge: &Value| {
        Some(Edge {
            of: texts(edge, "of")?,
            needs: texts(edge, "needs")?,
        })
    };
    let edges: Option<Vec<Edge>> = edges.iter().map(edge).collect();
    Order {
        edges: edges.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_order_comes_back_from_its_text() {
        let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        let order = Order {
            edges: vec![Edge {
                of: texts(&["c/charts/web/"]),
                needs: texts(&["c/charts/db/", "c/charts/mq/"]),
            }],
        };
        assert_eq!(read(&text(&order).unwrap()), order);
        assert_eq!(text(&Order::default()), None);
        for nonsense in [
            "",
            "{}",
            "[1]",
            r#"[{"of": ["a"]}]"#,
            r#"[{"of": [1], "needs": []}]"#,
        ] {
            assert!(read(nonsense).is_empty(), "{nonsense}");
        }
    }
}
