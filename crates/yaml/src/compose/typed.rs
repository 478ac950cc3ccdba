//! Messages that show a decoded value in Go's syntax.
//!
//! They matter more than they seem: a template expression in a values file, `{{ .Values.x }}`, is a
//! mapping as the key of a mapping to YAML, and the message that tells the user so prints it.

use std::collections::BTreeMap;
use std::fmt::Write;

use windlass_value::fmt::{format_float, quote};

use super::key::Key;
use super::{Count, Decoded, is_merge, scalar};
use crate::error::{Error, Result, Stage};
use crate::resolve::{Number, Scalar};
use crate::tree::{Document, NodeId, NodeKind};

/// How deep messages go. Go would go on, but nobody reads that far.
const MAX_DEPTH: usize = 200;

/// A value of the Go types that goyaml v2 decodes to.
enum Typed {
    Nil,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    Text(Vec<u8>),
    List(Vec<Typed>),
    Map(BTreeMap<Key, Typed>),
    /// Too deep to be shown.
    Hidden,
}

/// The error for a key that is a collection, or the one met in decoding it.
pub(super) fn invalid_key(document: &Document<'_>, key: NodeId, count: Count) -> Error {
    let mut decoder = Decoder {
        document,
        count,
        active: Vec::new(),
    };
    match decoder.node(key, 0) {
        Err(e) => e,
        Ok(typed) => {
            let mut text = String::from("invalid map key: ");
            typed.write(&mut text);
            Error::yaml(text).at(document.node(key).start)
        }
    }
}

/// The error for a key that JSON cannot have. There is none if another entry has replaced all of
/// the mappings with such keys.
pub(super) fn unsupported_key(document: &Document<'_>) -> Option<Error> {
    let mut decoder = Decoder {
        document,
        count: Count::default(),
        active: Vec::new(),
    };
    let typed = decoder.node(document.root(), 0).ok()?;
    let (key, value) = typed.find_odd_key()?;
    let ty = match key {
        Key::Uint(_) => "uint64",
        _ => "%!s(<nil>)",
    };
    let mut text = String::new();
    match value {
        Typed::Nil => text.push_str("<nil>"),
        typed => typed.write(&mut text),
    }
    let key = key.go_syntax();
    let message = format!("unsupported map key of type: {ty}, key: {key}, value: {text}");
    Some(Error::new(Stage::Convert, message))
}

struct Decoder<'d, 'a> {
    document: &'d Document<'a>,
    count: Count,
    /// Aliases around the current node.
    active: Vec<NodeId>,
}

impl Decoder<'_, '_> {
    fn node(&mut self, id: NodeId, depth: usize) -> Result<Typed> {
        self.count.add()?;
        let node = self.document.node(id);
        if depth > MAX_DEPTH {
            return Ok(Typed::Hidden);
        }
        match &node.kind {
            NodeKind::Scalar { value, .. } => Ok(Typed::new(scalar(node)?, value)),
            NodeKind::Sequence => {
                let children: Vec<_> = self.document.children(id).collect();
                let items = children
                    .into_iter()
                    .map(|child| self.node(child, depth + 1));
                items.collect::<Result<_>>().map(Typed::List)
            }
            NodeKind::Mapping => {
                let mut map = BTreeMap::new();
                self.map_into(id, &mut map, depth)?;
                Ok(Typed::Map(map))
            }
            NodeKind::Alias { name, target } => {
                self.open_alias(id, name)?;
                let typed = self.node(*target, depth + 1);
                self.close_alias();
                typed
            }
        }
    }

    fn open_alias(&mut self, id: NodeId, name: &[u8]) -> Result<()> {
        if self.active.contains(&id) {
            let name = String::from_utf8_lossy(name);
            let message = format!("anchor '{name}' value contains itself");
            return Err(Error::yaml(message).at(self.document.node(id).start));
        }
        self.active.push(id);
        self.count.alias_depth += 1;
        Ok(())
    }

    fn close_alias(&mut self) {
        self.active.pop();
        self.count.alias_depth -= 1;
    }

    fn map_into(&mut self, id: NodeId, map: &mut BTreeMap<Key, Typed>, depth: usize) -> Result<()> {
        if depth > MAX_DEPTH {
            return Ok(());
        }
        let mut children = self.document.children(id).collect::<Vec<_>>().into_iter();
        while let (Some(key), Some(value)) = (children.next(), children.next()) {
            if is_merge(self.document.node(key)) {
                self.merge(value, map, depth)?;
                continue;
            }
            let key = match self.node(key, depth + 1)? {
                typed @ (Typed::List(_) | Typed::Map(_)) => {
                    let mut text = String::from("invalid map key: ");
                    typed.write(&mut text);
                    return Err(Error::yaml(text).at(self.document.node(key).start));
                }
                typed => typed.into_key(),
            };
            let value = self.node(value, depth + 1)?;
            map.insert(key, value);
        }
        Ok(())
    }

    fn merge(&mut self, id: NodeId, map: &mut BTreeMap<Key, Typed>, depth: usize) -> Result<()> {
        match &self.document.node(id).kind {
            NodeKind::Sequence => {
                let mut parts: Vec<_> = self.document.children(id).collect();
                parts.reverse();
                parts
                    .into_iter()
                    .try_for_each(|part| self.merge_one(part, map, depth))
            }
            _ => self.merge_one(id, map, depth),
        }
    }

    fn merge_one(
        &mut self,
        id: NodeId,
        map: &mut BTreeMap<Key, Typed>,
        depth: usize,
    ) -> Result<()> {
        let kind = &self.document.node(id).kind;
        let target = match kind {
            NodeKind::Alias { target, .. } => *target,
            _ => id,
        };
        if self.document.node(target).kind != NodeKind::Mapping {
            return Err(Error::yaml(
                "map merge requires map or sequence of maps as the value",
            ));
        }
        self.count.add()?;
        let NodeKind::Alias { name, .. } = kind else {
            return self.map_into(id, map, depth + 1);
        };
        self.open_alias(id, name)?;
        self.count.add()?;
        let merged = self.map_into(target, map, depth + 1);
        self.close_alias();
        merged
    }
}

impl Typed {
    fn new(scalar: Decoded, text: &[u8]) -> Self {
        match scalar {
            Decoded::Bytes(bytes) => Self::Text(bytes),
            Decoded::Scalar(scalar) => match scalar {
                Scalar::Null => Self::Nil,
                Scalar::Bool(b) => Self::Bool(b),
                Scalar::Number(Number::Int(n)) => Self::Int(n),
                Scalar::Number(Number::Uint(n)) => Self::Uint(n),
                Scalar::Number(Number::Float(x)) => Self::Float(x),
                Scalar::Timestamp | Scalar::Text => Self::Text(text.to_vec()),
            },
        }
    }

    /// The first key, from the outside in, that is neither text nor a usual number.
    fn find_odd_key(&self) -> Option<(&Key, &Typed)> {
        match self {
            Self::List(items) => items.iter().find_map(Self::find_odd_key),
            Self::Map(entries) => entries
                .iter()
                .find(|(key, _)| key.to_json().is_none())
                .or_else(|| entries.values().find_map(Self::find_odd_key)),
            _ => None,
        }
    }

    fn into_key(self) -> Key {
        let number = |n| Key::new(Decoded::Scalar(Scalar::Number(n)), b"");
        match self {
            Self::Bool(b) => Key::Bool(b),
            Self::Int(n) => number(Number::Int(n)),
            Self::Uint(n) => number(Number::Uint(n)),
            Self::Float(x) => number(Number::Float(x)),
            Self::Text(text) => Key::Text(text.into()),
            Self::Nil | Self::List(_) | Self::Map(_) | Self::Hidden => Key::Nil,
        }
    }

    /// Writes the value as `%#v` does inside of a collection.
    fn write(&self, out: &mut String) {
        match self {
            Self::Nil => out.push_str("interface {}(nil)"),
            Self::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
            Self::Int(n) => write!(out, "{n}").unwrap_or_default(),
            Self::Uint(n) => write!(out, "{n:#x}").unwrap_or_default(),
            Self::Float(x) => out.push_str(&format_float(*x, b'g', -1, 64)),
            Self::Text(text) => out.push_str(&quote(text)),
            Self::Hidden => out.push_str("..."),
            Self::List(items) => {
                out.push_str("[]interface {}{");
                for (i, item) in items.iter().enumerate() {
                    out.push_str(if i > 0 { ", " } else { "" });
                    item.write(out);
                }
                out.push('}');
            }
            Self::Map(entries) => {
                out.push_str("map[interface {}]interface {}{");
                for (i, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if i > 0 { ", " } else { "" });
                    match key {
                        Key::Nil => out.push_str("interface {}(nil)"),
                        key => out.push_str(&key.go_syntax()),
                    }
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}
