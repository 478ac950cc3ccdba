//! Writing: a walk over the value with its own stack of containers.

use std::collections::HashSet;
use std::sync::Arc;

use super::indent::append_compact;
use super::text::append_string;
use super::{Error, MAX_OUTPUT, Number};
use crate::base64;
use crate::fmt;
use crate::heap::{Heap, MapId};
use crate::kind::{FloatKind, Kind};
use crate::list::List;
use crate::object::{Field, Object};
use crate::value::Value;

/// Containers nested deeper than this are remembered, so that a cycle is found, as Go does it.
const CYCLE_CHECK_DEPTH: usize = 1_000;

pub(super) fn encode(heap: &Heap, value: &Value, escape_html: bool) -> Result<Vec<u8>, Error> {
    let mut encoder = Encoder {
        out: Vec::new(),
        heap,
        escape_html,
        open: Vec::new(),
        deep: HashSet::new(),
    };
    encoder.run(value)?;
    Ok(encoder.out)
}

/// A container whose elements are being written, and the index of the next one.
enum Open {
    List(Arc<List>, usize),
    Map(MapId, usize),
    Fields(std::vec::IntoIter<(Field, Value)>, bool),
}

struct Encoder<'a> {
    out: Vec<u8>,
    heap: &'a Heap,
    escape_html: bool,
    open: Vec<Open>,
    /// The maps and lists among the open ones past [`CYCLE_CHECK_DEPTH`].
    deep: HashSet<Identity>,
}

/// What makes a container the same as another.
#[derive(PartialEq, Eq, Hash)]
enum Identity {
    Map(MapId),
    List(*const List),
}

impl Encoder<'_> {
    fn run(&mut self, value: &Value) -> Result<(), Error> {
        self.value(value)?;
        while let Some(container) = self.open.pop() {
            if self.out.len() > MAX_OUTPUT {
                return Err(Error::TooLarge);
            }
            match container {
                Open::List(list, next) => self.elements(list, next)?,
                Open::Map(id, next) => self.entries(id, next)?,
                Open::Fields(fields, first) => self.fields(fields, first)?,
            }
        }
        Ok(())
    }

    /// Writes elements until one opens a container.
    fn elements(&mut self, list: Arc<List>, mut next: usize) -> Result<(), Error> {
        while let Some(item) = list.items.get(next) {
            self.separate(next == 0);
            next += 1;
            if opens(item) {
                let item = item.clone();
                self.open.push(Open::List(list, next));
                return self.value(&item);
            }
            self.value(item)?;
        }
        self.close(b']', &Identity::List(Arc::as_ptr(&list)));
        Ok(())
    }

    fn entries(&mut self, id: MapId, mut next: usize) -> Result<(), Error> {
        let heap = self.heap;
        let entries = heap.map(id).entries();
        while let Some((key, value)) = entries.get(next) {
            self.separate(next == 0);
            next += 1;
            append_string(&mut self.out, key, self.escape_html);
            self.out.push(b':');
            if opens(value) {
                self.open.push(Open::Map(id, next));
                return self.value(value);
            }
            self.value(value)?;
        }
        self.close(b'}', &Identity::Map(id));
        Ok(())
    }

    fn fields(
        &mut self,
        mut fields: std::vec::IntoIter<(Field, Value)>,
        mut first: bool,
    ) -> Result<(), Error> {
        while let Some((field, value)) = fields.next() {
            if field.json == "-" || (field.omit_empty && self.is_empty(&value)) {
                continue;
            }
            self.separate(first);
            first = false;
            let name = if field.json.is_empty() {
                field.name
            } else {
                field.json
            };
            append_string(&mut self.out, name.as_bytes(), self.escape_html);
            self.out.push(b':');
            if opens(&value) {
                self.open.push(Open::Fields(fields, first));
                return self.value(&value);
            }
            self.value(&value)?;
        }
        self.out.push(b'}');
        Ok(())
    }

    fn separate(&mut self, first: bool) {
        if !first {
            self.out.push(b',');
        }
    }

    /// Writes a scalar, or begins a container.
    fn value(&mut self, value: &Value) -> Result<(), Error> {
        match value {
            Value::Nil => self.out.extend_from_slice(b"null"),
            Value::Bool(true) => self.out.extend_from_slice(b"true"),
            Value::Bool(false) => self.out.extend_from_slice(b"false"),
            Value::Int(n, _) => fmt::append_int(&mut self.out, *n),
            Value::Uint(n, _) => fmt::append_uint(&mut self.out, *n),
            Value::Float(x, kind) => {
                let bits = if *kind == FloatKind::Float32 { 32 } else { 64 };
                if !x.is_finite() {
                    let text = fmt::format_float(*x, b'g', -1, bits);
                    return Err(Error::UnsupportedValue(text));
                }
                append_float(&mut self.out, *x, bits);
            }
            Value::Complex(_) => return Err(Error::UnsupportedType("complex128")),
            Value::Str(s) => append_string(&mut self.out, s, self.escape_html),
            Value::Bytes(b) => {
                self.out.push(b'"');
                base64::append(&mut self.out, b);
                self.out.push(b'"');
            }
            Value::List(list) if list.nil => self.out.extend_from_slice(b"null"),
            Value::List(list) => {
                self.refuse_cycle(value, Identity::List(Arc::as_ptr(list)))?;
                self.out.push(b'[');
                self.open.push(Open::List(list.clone(), 0));
            }
            Value::Map(id) if self.heap.map(*id).is_nil() => self.out.extend_from_slice(b"null"),
            Value::Map(id) => {
                self.refuse_cycle(value, Identity::Map(*id))?;
                self.out.push(b'{');
                self.open.push(Open::Map(*id, 0));
            }
            Value::Object(o) => self.object(o.as_ref())?,
        }
        Ok(())
    }

    fn object(&mut self, o: &dyn Object) -> Result<(), Error> {
        if o.is_nil() {
            self.out.extend_from_slice(b"null");
            return Ok(());
        }
        if let Some(number) = o.as_any().downcast_ref::<Number>() {
            self.out.extend_from_slice(number.text());
            return Ok(());
        }
        if let Some(json) = o.to_json() {
            let json = json.map_err(|message| Error::Marshaler {
                type_name: o.type_name(),
                message,
            })?;
            append_compact(&mut self.out, json.as_bytes(), self.escape_html);
            return Ok(());
        }
        if let Some(below) = o.underlying() {
            return self.value(&below);
        }
        if o.kind() == Kind::Func {
            return Err(Error::UnsupportedType(o.type_name()));
        }
        self.out.push(b'{');
        self.open.push(Open::Fields(o.fields().into_iter(), true));
        Ok(())
    }

    /// Go's check: past a depth, no container may be inside itself.
    fn refuse_cycle(&mut self, value: &Value, identity: Identity) -> Result<(), Error> {
        if self.open.len() < CYCLE_CHECK_DEPTH || self.deep.insert(identity) {
            return Ok(());
        }
        let name = value.type_name(self.heap);
        Err(Error::UnsupportedValue(format!(
            "encountered a cycle via {name}"
        )))
    }

    /// Ends a map or list.
    fn close(&mut self, bracket: u8, identity: &Identity) {
        self.out.push(bracket);
        if self.open.len() >= CYCLE_CHECK_DEPTH {
            self.deep.remove(identity);
        }
    }

    /// What `omitempty` leaves out.
    fn is_empty(&self, value: &Value) -> bool {
        match value {
            Value::Object(o) => match o.underlying() {
                Some(below) => self.is_empty(&below),
                None => o.is_nil(),
            },
            Value::Complex(_) => false,
            _ => !value.truth(self.heap),
        }
    }
}

/// Whether writing the value begins a container (or may do so).
fn opens(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Map(_) | Value::Object(_))
}

/// Appends a finite float as ECMAScript would print it: no exponent between 1e-6 and 1e21, and
/// none padded to two digits.
pub(super) fn append_float(out: &mut Vec<u8>, x: f64, bits: u32) {
    if bits == 64 && x.fract() == 0.0 && x.abs() < 1e15 && !(x == 0.0 && x.is_sign_negative()) {
        return fmt::append_int(out, x as i64);
    }
    let exponential = if bits == 32 {
        let x = (x as f32).abs();
        x != 0.0 && !(1e-6..1e21).contains(&x)
    } else {
        x != 0.0 && !(1e-6..1e21).contains(&x.abs())
    };
    fmt::append_float(out, x, if exponential { b'e' } else { b'f' }, -1, bits);
    if let [.., b'e', b'-', b'0', digit] = out[..] {
        out.truncate(out.len() - 2);
        out.push(digit);
    }
}
