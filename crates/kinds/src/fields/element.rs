//! One step of a path, and the order of values that steps are kept in.

use std::cmp::Ordering;
use std::fmt;

use serde_json::Value;

use crate::quote;

/// One step of a path. The order of the variants is the order in sets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Element {
    /// A field of a struct or map.
    Field(Box<str>),
    /// The item of a list whose fields have these values; sorted by name.
    Key(Vec<(Box<str>, Scalar)>),
    /// The item of a list that is this value.
    Value(Scalar),
    /// The item of a list at this place.
    Index(i64),
}

impl Element {
    /// The field of this name.
    #[must_use]
    pub fn field(name: &str) -> Self {
        Self::Field(name.into())
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(f, ".{name}"),
            Self::Key(fields) => {
                let shown: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| format!("{name}={}", show(&value.0)))
                    .collect();
                write!(f, "[{}]", shown.join(","))
            }
            Self::Value(value) => write!(f, "[={}]", show(&value.0)),
            Self::Index(at) => write!(f, "[{at}]"),
        }
    }
}

fn show(value: &Value) -> String {
    match value {
        Value::String(text) => quote::quoted(text),
        Value::Array(items) => {
            let shown: Vec<String> = items.iter().map(show).collect();
            format!("[{}]", shown.join(","))
        }
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| format!("{key}={}", show(value)))
            .collect(),
        other => quote::plain(other),
    }
}

/// A value by which an item is told apart; ordered.
#[derive(Clone, Debug)]
pub struct Scalar(pub Value);

impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Scalar {}

impl PartialOrd for Scalar {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Scalar {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(&self.0, &other.0)
    }
}

/// Whether two values are the same; whole numbers equal floating-point ones of the same value.
pub(crate) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(_), Value::Number(_)) => compare(a, b) == Ordering::Equal,
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        (a, b) => a == b,
    }
}

/// The order of values: numbers, strings, booleans, lists, maps, null.
fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => match (x.as_i64(), y.as_i64()) {
            (Some(x), Some(y)) => x.cmp(&y),
            _ => {
                let float = |n: &serde_json::Number| n.as_f64().unwrap_or(f64::INFINITY);
                float(x).total_cmp(&float(y))
            }
        },
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Array(a), Value::Array(b)) => {
            let first = a.iter().zip(b).map(|(a, b)| compare(a, b));
            let mut orders = first.filter(|order| order.is_ne());
            orders.next().unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        (Value::Object(a), Value::Object(b)) => {
            let first = a
                .iter()
                .zip(b)
                .map(|((k, a), (l, b))| k.cmp(l).then_with(|| compare(a, b)));
            let mut orders = first.filter(|order| order.is_ne());
            orders.next().unwrap_or_else(|| a.len().cmp(&b.len()))
        }
        (a, b) => rank(a).cmp(&rank(b)),
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Number(_) => 0,
        Value::String(_) => 1,
        Value::Bool(_) => 2,
        Value::Array(_) => 3,
        Value::Object(_) => 4,
        Value::Null => 5,
    }
}
