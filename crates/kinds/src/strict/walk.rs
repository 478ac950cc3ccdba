//! Going through a value as Go's decoder does.
//!
//! The decoder keeps the first wrong form and goes on; a text that its own type refuses (a quantity, a
//! time) ends it at once. Findings count only where neither occurred.

use std::collections::BTreeSet;

use serde_json::Value;

use super::node::Node;
use super::{Error, Finding, Findings};
use crate::quantity;
use crate::schema::{Field, List, Map, Scalar, Schema, TypeRef};

/// The server tells of no more than this many.
const MOST: usize = 100;

pub(super) fn walk(schema: &Schema, node: &Node) -> Result<Findings, Error> {
    if !schema.is_builtin() {
        return Ok(Findings::default());
    }
    let mut walk = Walk::default();
    walk.value(node, schema.root(), None)?;
    match walk.first {
        Some(error) => Err(error),
        None => Ok(Findings(walk.findings)),
    }
}

#[derive(Default)]
struct Walk {
    /// With places in lists, for findings.
    path: String,
    /// Without, for errors.
    stack: Vec<String>,
    /// The struct whose field is being read.
    owner: &'static str,
    findings: Vec<Finding>,
    first: Option<Error>,
}

impl Walk {
    fn value(
        &mut self,
        node: &Node,
        of: &TypeRef,
        go_type: Option<&'static str>,
    ) -> Result<(), Error> {
        let resolved = of.resolve();
        if resolved.scalar == Some(Scalar::Any) {
            return Ok(());
        }
        match (&resolved.map, &resolved.list, node) {
            (_, _, Node::Scalar(Value::Null)) => Ok(()),
            (Some(map), _, Node::Map(members)) => self.map(members, map, of, go_type),
            (_, Some(list), Node::List(items)) => self.list(items, list, go_type),
            (None, None, node) => self.scalar(node, resolved.scalar, go_type),
            (_, _, node) => {
                let go_type = go_type.map_or_else(|| name_of(of), str::to_owned);
                self.wrong(form(node), go_type);
                Ok(())
            }
        }
    }

    fn map(
        &mut self,
        members: &[(String, Node)],
        map: &Map,
        of: &TypeRef,
        go_type: Option<&'static str>,
    ) -> Result<(), Error> {
        let (len, owner) = (self.path.len(), self.owner);
        let go_type = go_type
            .and_then(|map| map.strip_prefix("map["))
            .and_then(|map| map.split_once(']'))
            .map(|(_, element)| element);
        let mut seen = BTreeSet::new();
        for (key, member) in members {
            let known = map.field(key).is_some() || map.element.is_some();
            if known && !seen.insert(key) {
                self.find(Finding::Duplicate(self.below(key)));
            }
            match map.field(key) {
                Some(field) if of.is_struct() => {
                    self.path = self.below(key);
                    self.owner = of.resolve().short_name();
                    self.field(member, field)?;
                    self.owner = owner;
                }
                _ => match &map.element {
                    Some(element) => {
                        self.path = self.below(key);
                        self.value(member, element, go_type)?;
                    }
                    None => self.find(Finding::Unknown(self.below(key))),
                },
            }
            self.path.truncate(len);
        }
        Ok(())
    }

    fn field(&mut self, member: &Node, field: &Field) -> Result<(), Error> {
        let depth = self.stack.len();
        if !field.via.is_empty() {
            self.stack.push(field.via.to_owned());
        }
        self.stack.push(field.name.to_string());
        self.value(member, &field.of, field.go_type)?;
        self.stack.truncate(depth);
        Ok(())
    }

    fn list(
        &mut self,
        items: &[Node],
        list: &List,
        go_type: Option<&'static str>,
    ) -> Result<(), Error> {
        let len = self.path.len();
        let go_type = go_type.and_then(|list| list.strip_prefix("[]"));
        for (at, item) in items.iter().enumerate() {
            self.path.push_str(&format!("[{at}]"));
            self.value(item, &list.element, go_type)?;
            self.path.truncate(len);
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        node: &Node,
        scalar: Option<Scalar>,
        go_type: Option<&'static str>,
    ) -> Result<(), Error> {
        let Some(scalar) = scalar else { return Ok(()) };
        let fits = match (scalar, node) {
            (Scalar::String, Node::Scalar(Value::String(_)))
            | (Scalar::Bool, Node::Scalar(Value::Bool(_)))
            | (Scalar::Number, Node::Scalar(Value::Number(_))) => true,
            (Scalar::Int32, Node::Scalar(Value::Number(n))) => {
                let fits = n.as_i64().is_some_and(|n| i32::try_from(n).is_ok());
                return self.number(fits, n, go_type.unwrap_or("int32"));
            }
            (Scalar::Int64, Node::Scalar(Value::Number(n))) => {
                return self.number(n.is_i64(), n, go_type.unwrap_or("int64"));
            }
            (Scalar::Bytes, Node::Scalar(Value::String(text))) => {
                if let Some(at) = crate::texts::base64_error(text) {
                    let text = format!("illegal base64 data at input byte {at}");
                    self.first.get_or_insert(Error::Text(text));
                }
                true
            }
            // Go reads bytes from a list of numbers too.
            (Scalar::Bytes, Node::List(items)) => {
                for item in items {
                    self.scalar(item, Some(Scalar::Byte), None)?;
                }
                true
            }
            (Scalar::Byte, Node::Scalar(Value::Null)) => true,
            (Scalar::Byte, Node::Scalar(Value::Number(n))) => {
                return self.number(n.as_u64().is_some_and(|n| n < 256), n, "uint8");
            }
            (Scalar::Quantity, node) => return quantity(node),
            (Scalar::IntOrString, node) => return self.int_or_string(node),
            (Scalar::Time, node) => return self.time(node, false),
            (Scalar::MicroTime, node) => return self.time(node, true),
            _ => false,
        };
        if !fits {
            let go_type = go_type.unwrap_or(plain_name(scalar));
            self.wrong(form(node), go_type.to_owned());
        }
        Ok(())
    }

    fn number(
        &mut self,
        fits: bool,
        number: &serde_json::Number,
        go_type: &str,
    ) -> Result<(), Error> {
        if !fits {
            self.wrong(format!("number {number}"), go_type.to_owned());
        }
        Ok(())
    }

    fn wrong(&mut self, value: String, of: String) {
        if self.first.is_some() {
            return;
        }
        let place = self.place();
        self.first = Some(Error::Form { value, place, of });
    }

    fn place(&self) -> String {
        if self.stack.is_empty() {
            "value".to_owned()
        } else {
            format!("struct field {}.{}", self.owner, self.stack.join("."))
        }
    }

    /// A wrong form that a type of its own refuses, which ends the decoding.
    fn refused(&self, value: String, of: &str) -> Error {
        Error::Form {
            value,
            place: self.place(),
            of: of.to_owned(),
        }
    }

    fn int_or_string(&self, node: &Node) -> Result<(), Error> {
        match node {
            Node::Scalar(Value::String(_)) => Ok(()),
            Node::Scalar(Value::Number(n)) => {
                if n.as_i64().is_some_and(|n| i32::try_from(n).is_ok()) {
                    return Ok(());
                }
                Err(self.refused(format!("number {n}"), "int32"))
            }
            node => Err(self.refused(form(node), "int32")),
        }
    }

    fn time(&self, node: &Node, micro: bool) -> Result<(), Error> {
        match node {
            Node::Scalar(Value::String(text)) => match crate::texts::time_error(text, micro) {
                Some(error) => Err(Error::Text(error)),
                None => Ok(()),
            },
            node => Err(self.refused(form(node), "string")),
        }
    }

    fn find(&mut self, finding: Finding) {
        if self.findings.len() < MOST && !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    fn below(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }
}

fn form(node: &Node) -> String {
    match node {
        Node::List(_) => "array",
        Node::Map(_) => "object",
        Node::Scalar(Value::Bool(_)) => "bool",
        Node::Scalar(Value::Number(_)) => "number",
        Node::Scalar(_) => "string",
    }
    .to_owned()
}

/// What Go calls a type of which only the schema is known.
fn name_of(of: &TypeRef) -> String {
    let resolved = of.resolve();
    if of.is_struct() {
        let mut parts = resolved.name.rsplitn(3, '.');
        let (name, package) = (parts.next(), parts.next());
        return format!("{}.{}", package.unwrap_or(""), name.unwrap_or(""));
    }
    if let Some(list) = &resolved.list {
        return format!("[]{}", name_of(&list.element));
    }
    if let Some(map) = &resolved.map {
        let element = map.element.as_ref().map(name_of);
        return format!("map[string]{}", element.unwrap_or_default());
    }
    resolved.scalar.map_or("", plain_name).to_owned()
}

fn plain_name(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::String => "string",
        Scalar::Bytes => "[]uint8",
        Scalar::Byte => "uint8",
        Scalar::Time => "v1.Time",
        Scalar::MicroTime => "v1.MicroTime",
        Scalar::Int32 => "int32",
        Scalar::Int64 => "int64",
        Scalar::Number => "float64",
        Scalar::Bool => "bool",
        Scalar::IntOrString => "intstr.IntOrString",
        Scalar::Quantity => "resource.Quantity",
        Scalar::Any => "interface {}",
    }
}

fn quantity(node: &Node) -> Result<(), Error> {
    let text = match node {
        Node::Scalar(Value::String(text)) => text.clone(),
        Node::Scalar(other) => other.to_string(),
        // Any other text serves: it is malformed.
        Node::List(_) | Node::Map(_) => "{".to_owned(),
    };
    let checked = quantity::canonical(&text);
    checked.map(drop).map_err(|e| Error::Text(e.to_string()))
}
