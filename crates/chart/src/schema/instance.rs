//! [`Node`]: a value under validation, be it of the heap or of a document.

use windlass_value::{Heap, Map, MapId, MapType, Str, Value};

use super::json::{Json, find};
use super::number::Number;

/// A value under validation.
#[derive(Debug, Clone, Copy)]
pub(super) enum Node<'a> {
    Json(&'a Json),
    Value(&'a Value),
    /// A map, whatever type its handle has.
    Map(MapId),
    /// A key of an object, looked at as a string.
    Key(&'a [u8]),
}

/// What a value is to a schema.
#[derive(Debug, Clone, Copy)]
pub(super) enum Shape<'a> {
    Null,
    Bool(bool),
    Number,
    Text(&'a [u8]),
    Array(Items<'a>),
    Object(Members<'a>),
    /// Nothing that JSON has, and the name of its type.
    Foreign(&'static str),
}

impl Shape<'_> {
    /// What looking at all of it once counts.
    pub(super) fn weight(self) -> usize {
        const ENTRIES_A_STEP: usize = 8;
        const TEXT_BYTES_A_STEP: usize = 64;
        match self {
            Self::Text(text) => text.len() / TEXT_BYTES_A_STEP,
            Self::Array(items) => items.len() / ENTRIES_A_STEP,
            Self::Object(members) => members.len() / ENTRIES_A_STEP,
            _ => 0,
        }
    }
}

/// The elements of an array.
#[derive(Debug, Clone, Copy)]
pub(super) enum Items<'a> {
    Json(&'a [Json]),
    Values(&'a [Value]),
}

/// The members of an object in order of their keys.
#[derive(Debug, Clone, Copy)]
pub(super) enum Members<'a> {
    Json(&'a [(Box<str>, Json)]),
    Values(&'a Map),
}

impl<'a> Node<'a> {
    pub(super) fn shape(self, heap: &'a Heap) -> Shape<'a> {
        match self {
            Self::Key(key) => Shape::Text(key),
            Self::Map(id) => Shape::Object(Members::Values(heap.map(id))),
            Self::Json(json) => match json {
                Json::Null => Shape::Null,
                Json::Bool(b) => Shape::Bool(*b),
                Json::Number(_) => Shape::Number,
                Json::String(s) => Shape::Text(s.as_bytes()),
                Json::Array(items) => Shape::Array(Items::Json(items)),
                Json::Object(members) => Shape::Object(Members::Json(members)),
            },
            Self::Value(value) => shape_of(value, heap),
        }
    }

    /// The number, if it is one and Go would make a fraction of it.
    pub(super) fn number(self) -> Option<Number> {
        match self {
            Self::Json(Json::Number(text)) => Number::parse(text),
            Self::Value(Value::Int(n, _)) => Number::parse(&n.to_string()),
            Self::Value(Value::Uint(n, _)) => Number::parse(&n.to_string()),
            Self::Value(Value::Float(x, _)) => Number::from_f64(*x),
            _ => None,
        }
    }
}

fn shape_of<'a>(value: &'a Value, heap: &'a Heap) -> Shape<'a> {
    match value {
        Value::Nil => Shape::Null,
        Value::Bool(b) => Shape::Bool(*b),
        Value::Int(..) | Value::Uint(..) => Shape::Number,
        Value::Float(x, _) if x.is_finite() => Shape::Number,
        Value::Str(s) => Shape::Text(s),
        Value::List(list) if list.ty == windlass_value::ListType::ANY => {
            Shape::Array(Items::Values(&list.items))
        }
        Value::Map(id) if heap.map_type(*id) == MapType::Any => {
            Shape::Object(Members::Values(heap.map(*id)))
        }
        other => Shape::Foreign(other.type_name(heap)),
    }
}

impl Shape<'_> {
    /// The name of the JSON type.
    pub(super) fn type_name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Number => "number",
            Self::Text(_) => "string",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
            Self::Foreign(_) => "",
        }
    }
}

impl<'a> Items<'a> {
    pub(super) fn len(self) -> usize {
        match self {
            Self::Json(items) => items.len(),
            Self::Values(items) => items.len(),
        }
    }

    pub(super) fn get(self, i: usize) -> Node<'a> {
        match self {
            Self::Json(items) => Node::Json(&items[i]),
            Self::Values(items) => Node::Value(&items[i]),
        }
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Node<'a>> {
        (0..self.len()).map(move |i| self.get(i))
    }
}

impl<'a> Members<'a> {
    pub(super) fn len(self) -> usize {
        match self {
            Self::Json(members) => members.len(),
            Self::Values(map) => map.len(),
        }
    }

    pub(super) fn get(self, i: usize) -> (&'a [u8], Node<'a>) {
        match self {
            Self::Json(members) => (members[i].0.as_bytes(), Node::Json(&members[i].1)),
            Self::Values(map) => {
                let (key, value): &(Str, Value) = &map.entries()[i];
                (key, Node::Value(value))
            }
        }
    }

    pub(super) fn iter(self) -> impl Iterator<Item = (&'a [u8], Node<'a>)> {
        (0..self.len()).map(move |i| self.get(i))
    }

    pub(super) fn find(self, key: &[u8]) -> Option<Node<'a>> {
        match self {
            Self::Json(members) => find(members, std::str::from_utf8(key).ok()?).map(Node::Json),
            Self::Values(map) => map.get(key).map(Node::Value),
        }
    }
}
