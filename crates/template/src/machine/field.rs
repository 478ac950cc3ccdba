//! Fields: what `.a.b` leads to.
//!
//! A method wins over a key or field of its name. Plain maps, which is nearly everything, are
//! walked by reference; everything else goes one step at a time.

use windlass_value::func::Method;
use windlass_value::object::Field;
use windlass_value::{Elem, Heap, Kind, MapId, Object, Value};

use crate::builtin::zero;
use crate::machine::{Fault, Result};
use crate::operand::{Operand, Shape};
use crate::session::Session;
use crate::syntax::lexer::Span;
use crate::syntax::node::{NodeId, Path, Source};
use crate::templates::MissingKey;

/// What a name leads to.
pub(super) enum Found {
    Value(Operand),
    Method(&'static Method),
}

impl Session<'_> {
    /// What a path leads to. Methods on the way are called; the node is where their own errors
    /// belong.
    pub(super) fn follow(
        &mut self,
        source: &Source,
        start: &Operand,
        path: Path,
        node: NodeId,
    ) -> Result<Operand> {
        let names = source.path(path);
        let (mut here, walked) = walk_maps(self.heap, start, source, names);
        for name in &names[walked..] {
            let name = source.bytes(*name);
            here = match self.find(&here, name, false)? {
                Found::Value(value) => value,
                Found::Method(method) => self.call_without_arguments(method, &here, node)?,
            };
        }
        Ok(here)
    }

    fn call_without_arguments(
        &mut self,
        method: &'static Method,
        receiver: &Operand,
        node: NodeId,
    ) -> Result<Operand> {
        super::call::check_count(method, 0, 0)?;
        self.call_method(method, &receiver.value, &[], node)
    }

    /// What a name leads to from a receiver.
    pub(super) fn find(
        &mut self,
        receiver: &Operand,
        name: &[u8],
        has_arguments: bool,
    ) -> Result<Found> {
        let missing = self.templates.options().missing_key;
        if receiver.is_invalid() {
            if missing == MissingKey::Error {
                let name = windlass_value::fmt::quote(name);
                return Err(format!("nil data; no entry for key {name}").into());
            }
            return Ok(Found::Value(Operand::INVALID));
        }
        if receiver.is_nil_interface() {
            return Err(nil_pointer("interface {}", name));
        }
        let methods = receiver.value.methods(self.heap);
        if let Some(method) = methods.iter().find(|m| m.name.as_bytes() == name) {
            return Ok(Found::Method(method));
        }
        let type_name = receiver.type_name(self.heap);
        match &receiver.value {
            Value::Map(_) if has_arguments => {
                let name = String::from_utf8_lossy(name);
                Err(format!("{name} is not a method but has arguments").into())
            }
            Value::Map(id) => self.key(*id, name, missing).map(Found::Value),
            Value::Object(o) if matches!(o.kind(), Kind::Struct | Kind::Ptr) => {
                let field = o.field(name);
                if o.is_nil() && (field.is_some() || o.fields().is_empty()) {
                    return Err(nil_pointer(type_name, name));
                }
                match field {
                    None if is_unexported(o.as_ref(), name) => {
                        let name = String::from_utf8_lossy(name);
                        let text =
                            format!("{name} is an unexported field of struct type {type_name}");
                        Err(text.into())
                    }
                    None => Err(no_field(type_name, name)),
                    Some(_) if has_arguments => {
                        let name = String::from_utf8_lossy(name);
                        Err(
                            format!("{name} has arguments but cannot be invoked as function")
                                .into(),
                        )
                    }
                    Some(Value::Nil) => Ok(Found::Value(Operand::boxed(Value::Nil))),
                    Some(value) => Ok(Found::Value(Operand::plain(value))),
                }
            }
            _ => Err(no_field(type_name, name)),
        }
    }

    fn key(&mut self, id: MapId, key: &[u8], missing: MissingKey) -> Result<Operand> {
        let elem = self.heap.map_type(id).elem();
        if let Some(value) = self.heap.get(id, key) {
            return Ok(Operand::element(value.clone(), elem));
        }
        match missing {
            MissingKey::Invalid => Ok(Operand::INVALID),
            MissingKey::Zero => Ok(Operand::element(zero(self.heap, elem), elem)),
            MissingKey::Error => {
                let key = windlass_value::fmt::quote(key);
                Err(format!("map has no entry for key {key}").into())
            }
        }
    }
}

/// Walks as many names as lead through maps to keys that are there. Gives what was reached, and
/// after how many names.
fn walk_maps(heap: &Heap, start: &Operand, source: &Source, names: &[Span]) -> (Operand, usize) {
    let mut value = &start.value;
    let mut shape = start.shape;
    for (i, name) in names.iter().enumerate() {
        let Value::Map(id) = value else {
            return (reached(value, shape), i);
        };
        let name = source.bytes(*name);
        let ty = heap.map_type(*id);
        let is_method = ty.methods().iter().any(|m| m.name.as_bytes() == name);
        match heap.get(*id, name) {
            Some(next) if !is_method => value = next,
            _ => return (reached(value, shape), i),
        }
        shape = if ty.elem() == Elem::Any {
            Shape::Boxed
        } else {
            Shape::Plain
        };
    }
    (reached(value, shape), names.len())
}

fn reached(value: &Value, shape: Shape) -> Operand {
    Operand {
        value: value.clone(),
        shape,
    }
}

fn nil_pointer(type_name: &str, name: &[u8]) -> Box<Fault> {
    let name = String::from_utf8_lossy(name);
    format!("nil pointer evaluating {type_name}.{name}").into()
}

/// Whether a struct has a field of the name that templates may not see.
fn is_unexported(object: &dyn Object, name: &[u8]) -> bool {
    let named = |(field, _): &(Field, Value)| field.name.as_bytes() == name;
    object.all_fields().iter().any(named)
}

fn no_field(type_name: &str, name: &[u8]) -> Box<Fault> {
    let name = String::from_utf8_lossy(name);
    format!("can't evaluate field {name} in type {type_name}").into()
}
