//! What a value is to TOML: nothing, something plain, a table, an array of tables.

use windlass_time::Time;
use windlass_value::{Heap, Kind, Value};

use crate::MAX_DEPTH;
use crate::error::Error;

/// The shapes that decide where a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A nil of any type, which is left out.
    Nil,
    /// Anything that fits in a line.
    Plain,
    /// A table.
    Table,
    /// A list of nothing but tables.
    Tables,
}

/// The shape of a value; looks through all of a nested list.
///
/// # Errors
/// A list has a nil in it, or a value has no form in TOML.
pub(crate) fn shape_of(heap: &Heap, value: &Value) -> Result<Shape, Error> {
    shape_at(heap, value, 0)
}

fn shape_at(heap: &Heap, value: &Value, depth: usize) -> Result<Shape, Error> {
    if depth > MAX_DEPTH {
        return Err(Error::TooDeep);
    }
    if is_nil(heap, value) {
        return Ok(Shape::Nil);
    }
    if is_text_marshaler(value) {
        return Ok(Shape::Plain);
    }
    match simple(value) {
        Value::List(list) => {
            let mut all_tables = !list.is_empty();
            for item in list.iter() {
                match shape_at(heap, item, depth + 1)? {
                    Shape::Nil => {
                        let text = "toml: cannot encode array with nil element";
                        return Err(Error::Returned(text.to_owned()));
                    }
                    Shape::Table => {}
                    Shape::Plain | Shape::Tables => all_tables = false,
                }
            }
            Ok(if all_tables {
                Shape::Tables
            } else {
                Shape::Plain
            })
        }
        Value::Map(_) | Value::Object(_) => Ok(Shape::Table),
        Value::Complex(_) => Err(Error::Returned("unsupported type: complex128".to_owned())),
        _ => Ok(Shape::Plain),
    }
}

/// Whether a value is the nil of its type.
pub(crate) fn is_nil(heap: &Heap, value: &Value) -> bool {
    match value {
        Value::Nil => true,
        Value::List(list) => list.nil,
        Value::Map(id) => heap.map(*id).is_nil(),
        Value::Object(object) => object.is_nil(),
        _ => false,
    }
}

/// The plain value below a named scalar; any other value as it is.
pub(crate) fn simple(value: &Value) -> Value {
    match value {
        Value::Object(object) if !object.is_nil() => {
            object.underlying().unwrap_or_else(|| value.clone())
        }
        Value::Object(_) => Value::Nil,
        other => other.clone(),
    }
}

/// Whether the type writes itself: a time, or another struct whose JSON is a string (our objects
/// have one method for `MarshalText` and `MarshalJSON`, and those with the latter have the former; where
/// fields are embedded, the JSON is only put together from theirs).
pub(crate) fn is_text_marshaler(value: &Value) -> bool {
    let Value::Object(object) = value else {
        return false;
    };
    let is_struct = matches!(object.kind(), Kind::Struct | Kind::Ptr) && !object.is_nil();
    let writes_itself = object.embeds().is_empty() && object.to_json().is_some();
    is_struct && (object.as_any().is::<Time>() || writes_itself)
}

/// What a type that writes itself writes.
pub(crate) fn marshaled_text(value: &Value) -> Result<String, String> {
    let Value::Object(object) = value else {
        return Ok(String::new());
    };
    let json = object.to_json().unwrap_or_else(|| Ok(String::new()))?;
    // Versions and times have no character that JSON would escape.
    Ok(json.trim_matches('"').to_owned())
}
