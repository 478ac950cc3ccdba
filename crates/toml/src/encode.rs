//! Values to TOML: BurntSushi's `Encoder` with its indentation of two spaces.
//!
//! Within a table plain keys come first, tables after them. A list of only tables becomes an array
//! of tables; any other list is written in one line, with tables in it as inline tables.

mod shape;

use windlass_time::{Duration, Time, Zone};
use windlass_value::{FloatKind, Heap, MapId, Object, Str, Value, fmt};

use crate::encode::shape::{Shape, is_nil, is_text_marshaler, marshaled_text, shape_of, simple};
use crate::error::Error;
use crate::key::{path, push_key, push_quoted};
use crate::{MAX_DEPTH, decode};

/// Bytes of output after which we stop: a map that is shared many times over grows without bound.
pub(crate) const MAX_OUTPUT: usize = 1 << 26;

/// The TOML text of a value.
///
/// A table is the usual case; a scalar or a plain list is written alone, without a key, as the Go
/// encoder does it. The text may hold bytes that are not UTF-8 where a string of the value does.
///
/// # Errors
/// The value has no form in TOML ([`Error::Returned`]), or is `nil` ([`Error::Panicked`]).
pub fn encode(heap: &Heap, value: &Value) -> Result<Str, Error> {
    if value.is_nil() {
        let text = "reflect: call of reflect.Value.Type on zero Value";
        return Err(Error::Panicked(text.to_owned()));
    }
    let mut encoder = Encoder {
        heap,
        out: Vec::new(),
        path: Vec::new(),
        depth: 0,
    };
    encoder.value(value)?;
    Ok(encoder.out.into())
}

struct Encoder<'h> {
    heap: &'h Heap,
    out: Vec<u8>,
    /// The keys that lead to the value at hand.
    path: Vec<Str>,
    depth: usize,
}

type Done = Result<(), Error>;

impl Encoder<'_> {
    /// Writes a value under the current path.
    fn value(&mut self, value: &Value) -> Done {
        if is_text_marshaler(value) {
            return self.key_value(value);
        }
        match simple(value) {
            Value::Nil => Ok(()),
            Value::List(list) if list.nil && self.path.is_empty() => self.key_value(value),
            Value::List(_) | Value::Bytes(_) => match shape_of(self.heap, value)? {
                Shape::Tables => self.tables(value),
                _ => self.key_value(value),
            },
            Value::Map(id) if self.heap.map(id).is_nil() => Ok(()),
            Value::Map(_) | Value::Object(_) => self.table(value),
            Value::Complex(_) => {
                let key = path(&self.path);
                let key = String::from_utf8_lossy(&key);
                Err(Error::Returned(format!(
                    "unsupported type for key '{key}': complex128"
                )))
            }
            _ => self.key_value(value),
        }
    }

    /// `[path]` and what is in it; the top level has no header.
    fn table(&mut self, value: &Value) -> Done {
        if self.path.len() == 1 {
            self.newline();
        }
        if !self.path.is_empty() {
            self.header("[", "]");
        }
        self.members(value)
    }

    /// `[[path]]` for each element.
    fn tables(&mut self, value: &Value) -> Done {
        if self.path.is_empty() {
            let text = "toml: top-level values must be Go maps or structs";
            return Err(Error::Returned(text.to_owned()));
        }
        for table in value.as_list().unwrap_or_default() {
            if is_nil(self.heap, table) {
                continue;
            }
            self.newline();
            self.header("[[", "]]");
            self.members(table)?;
        }
        Ok(())
    }

    fn header(&mut self, open: &str, close: &str) {
        self.indent();
        self.out.extend_from_slice(open.as_bytes());
        self.out.extend_from_slice(&path(&self.path));
        self.out.extend_from_slice(close.as_bytes());
        self.newline();
    }

    /// The members of a table, each under its own key.
    fn members(&mut self, table: &Value) -> Done {
        self.enter()?;
        let (direct, below) = self.split_members(table)?;
        for member in direct.into_iter().chain(below) {
            if is_nil(self.heap, &member.value) {
                continue;
            }
            self.path.push(member.key);
            self.value(&member.value)?;
            self.path.pop();
        }
        self.leave()
    }

    /// `{a = 1, b = 2}`
    ///
    /// A separator follows a member by its place alone, so one is left over where a nil ends the
    /// table: that is how Go writes it.
    fn inline_table(&mut self, table: &Value) -> Done {
        self.enter()?;
        let (direct, below) = self.split_members(table)?;
        let count = direct.len() + below.len();
        self.out.push(b'{');
        for (i, member) in direct.into_iter().chain(below).enumerate() {
            if is_nil(self.heap, &member.value) {
                continue;
            }
            push_key(&mut self.out, &member.key);
            self.out.extend_from_slice(b" = ");
            self.element(&member.value)?;
            let is_last = match member.field {
                Some(field) => field + 1 == count,
                None => i + 1 == count,
            };
            if !is_last {
                self.out.extend_from_slice(b", ");
            }
        }
        self.out.push(b'}');
        self.leave()
    }

    /// The members in the order they are written: those that are no tables, then tables.
    fn split_members(&self, table: &Value) -> Result<(Vec<Member>, Vec<Member>), Error> {
        let members = match table {
            Value::Map(id) => map_members(self.heap, *id),
            Value::Object(object) => field_members(&**object),
            _ => Vec::new(),
        };
        let (mut direct, mut below) = (Vec::new(), Vec::new());
        for member in members {
            match shape_of(self.heap, &member.value)? {
                Shape::Table | Shape::Tables => below.push(member),
                _ => direct.push(member),
            }
        }
        Ok((direct, below))
    }

    /// `key = value`, or the value alone where there is no key.
    fn key_value(&mut self, value: &Value) -> Done {
        if self.path.is_empty() {
            return self.element(value);
        }
        self.indent();
        if let Some(key) = self.path.last() {
            push_key(&mut self.out, key);
        }
        self.out.extend_from_slice(b" = ");
        self.element(value)?;
        self.newline();
        Ok(())
    }

    /// A value within a line.
    fn element(&mut self, value: &Value) -> Done {
        if let Some(time) = value.downcast::<Time>() {
            self.out.extend_from_slice(&time_text(time));
            return Ok(());
        }
        if let Some(duration) = value.downcast::<Duration>() {
            push_quoted(&mut self.out, duration.to_string().as_bytes());
            return Ok(());
        }
        if is_text_marshaler(value) {
            push_quoted(
                &mut self.out,
                marshaled_text(value).map_err(Error::Returned)?.as_bytes(),
            );
            return Ok(());
        }
        match simple(value) {
            Value::Str(s) => push_quoted(&mut self.out, &s),
            Value::Bool(b) => self
                .out
                .extend_from_slice(if b { b"true" } else { b"false" }),
            Value::Int(n, _) => self.out.extend_from_slice(n.to_string().as_bytes()),
            Value::Uint(n, _) => self.out.extend_from_slice(n.to_string().as_bytes()),
            Value::Float(x, kind) => self.out.extend_from_slice(float_text(x, kind).as_bytes()),
            Value::Bytes(bytes) => {
                let items: Vec<String> = bytes.iter().map(u8::to_string).collect();
                self.out
                    .extend_from_slice(format!("[{}]", items.join(", ")).as_bytes());
            }
            Value::List(list) => self.array(&list)?,
            Value::Map(_) | Value::Object(_) => self.inline_table(value)?,
            Value::Nil | Value::Complex(_) => {
                let ty = value.type_name(self.heap);
                return Err(Error::Returned(format!("unexpected type: {ty}")));
            }
        }
        if self.out.len() > MAX_OUTPUT {
            Err(Error::TooLarge)
        } else {
            Ok(())
        }
    }

    fn array(&mut self, items: &[Value]) -> Done {
        self.enter()?;
        self.out.push(b'[');
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.out.extend_from_slice(b", ");
            }
            self.element(item)?;
        }
        self.out.push(b']');
        self.leave()
    }

    fn enter(&mut self) -> Done {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            Err(Error::TooDeep)
        } else {
            Ok(())
        }
    }

    fn leave(&mut self) -> Done {
        self.depth -= 1;
        if self.out.len() > MAX_OUTPUT {
            Err(Error::TooLarge)
        } else {
            Ok(())
        }
    }

    /// Ends the line, unless nothing has been written yet.
    fn newline(&mut self) {
        if !self.out.is_empty() {
            self.out.push(b'\n');
        }
    }

    fn indent(&mut self) {
        let spaces = 2 * self.path.len().saturating_sub(1);
        self.out.resize(self.out.len() + spaces, b' ');
    }
}

/// A key and its value in a table.
struct Member {
    key: Str,
    value: Value,
    /// The index of a struct's field, by which Go sets separators.
    field: Option<usize>,
}

fn map_members(heap: &Heap, id: MapId) -> Vec<Member> {
    let entries = heap.map(id).entries().iter();
    entries
        .map(|(k, v)| Member {
            key: k.clone(),
            value: v.clone(),
            field: None,
        })
        .collect()
}

fn field_members(object: &dyn Object) -> Vec<Member> {
    let mut members = Vec::new();
    for (i, (field, value)) in object.fields().into_iter().enumerate() {
        match &value {
            // An embedded struct's fields stand in its place, and count as the one field it is.
            Value::Object(inner) if object.embeds().contains(&field.name) => {
                let promoted = field_members(&**inner).into_iter();
                members.extend(promoted.map(|member| Member {
                    field: Some(i),
                    ..member
                }));
            }
            _ => members.push(Member {
                key: field.name.into(),
                value,
                field: Some(i),
            }),
        }
    }
    members
}

/// Times that were read without a zone are written without one.
fn time_text(time: &Time) -> Vec<u8> {
    let layout = decode::local_layout(time.zone());
    match layout {
        Some(layout) => time.clone().within(Zone::Utc).format(layout),
        None => time.format(windlass_time::RFC3339_NANO),
    }
}

fn float_text(x: f64, kind: FloatKind) -> String {
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x.is_nan() {
        return format!("{sign}nan");
    }
    if x.is_infinite() {
        return format!("{sign}inf");
    }
    let bits = if kind == FloatKind::Float32 { 32 } else { 64 };
    let mut text = fmt::format_float(x, b'g', -1, bits);
    if !text.contains(['e', '.']) {
        text.push_str(".0");
    }
    text
}
