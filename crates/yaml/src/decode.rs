//! Reading values: `sigs.k8s.io/yaml`'s `Unmarshal` for the targets that Helm uses.

use windlass_value::{Heap, MapId, Value};

use crate::compose::{Mode, compose};
use crate::error::{Error, Result, Stage};
use crate::input::Input;
use crate::parser::Parser;
use crate::tree::Document;

/// What a value takes beside its text.
const VALUE_BYTES: usize = 64;

const LENIENT: Mode = Mode {
    strict: false,
    native: false,
    wanted: None,
    text: None,
};

/// Reads the first document of a text into an `interface {}`; nil if there is none.
///
/// Mappings become `map[string]interface {}`, sequences `[]interface {}`, and every number a
/// `float64`, as it is in Go on the way through JSON. Of equal keys the last wins.
///
/// # Errors
/// When the text is not YAML, or JSON cannot express it; with Go's message.
pub fn parse(heap: &mut Heap, text: &[u8]) -> Result<Value> {
    unmarshal(heap, text, LENIENT)
}

/// [`parse`] for who decodes but some entries of the outermost mapping into a Go struct: the others may
/// or may not be there, but what is wrong with them is told all the same.
///
/// `is_text` says which values, by the keys that lead to them, are text in that struct. `sigs.k8s.io/yaml`
/// makes numbers there text before there is any JSON, so numbers keep their kinds here (as in
/// [`parse_kinds`]) and may be infinite there, which JSON refuses everywhere else.
///
/// # Errors
/// As for [`parse`].
pub fn parse_entries(
    heap: &mut Heap,
    text: &[u8],
    wanted: fn(&[u8]) -> bool,
    is_text: fn(&[&[u8]]) -> bool,
) -> Result<Value> {
    let mode = Mode {
        wanted: Some(wanted),
        text: Some(is_text),
        ..LENIENT
    };
    unmarshal(heap, text, mode)
}

/// [`parse`], but a key that occurs twice in a mapping is an error (`UnmarshalStrict`).
///
/// # Errors
/// As for [`parse`].
pub fn parse_strict(heap: &mut Heap, text: &[u8]) -> Result<Value> {
    let mode = Mode {
        strict: true,
        ..LENIENT
    };
    unmarshal(heap, text, mode)
}

/// Reads the first document into a `map[string]interface {}` that was empty: what a values file and
/// `fromYaml` do. No document, or an empty one, leaves it empty.
///
/// # Errors
/// As for [`parse`], and when the document is not a mapping.
pub fn parse_map(heap: &mut Heap, text: &[u8]) -> Result<MapId> {
    match parse(heap, text)? {
        Value::Map(id) => Ok(id),
        Value::Nil => Ok(heap.new_map()),
        other => Err(mismatch(&other, "map[string]interface {}")),
    }
}

/// [`parse_map`], but a key that occurs twice in a mapping is an error.
///
/// # Errors
/// As for [`parse_map`].
pub fn parse_map_strict(heap: &mut Heap, text: &[u8]) -> Result<MapId> {
    match parse_strict(heap, text)? {
        Value::Map(id) => Ok(id),
        Value::Nil => Ok(heap.new_map()),
        other => Err(mismatch(&other, "map[string]interface {}")),
    }
}

/// Reads the first document into a `[]interface {}` that was empty, as `fromYamlArray` does.
///
/// # Errors
/// As for [`parse`], and when the document is not a sequence.
pub fn parse_list(heap: &mut Heap, text: &[u8]) -> Result<Value> {
    match parse(heap, text)? {
        list @ Value::List(_) => Ok(list),
        Value::Nil => Ok(Value::list(Vec::new())),
        other => Err(mismatch(&other, "[]interface {}")),
    }
}

/// [`parse`] for who decodes into Go structs: numbers keep their own kinds (`int`, `uint64`,
/// `float64`, infinities included), which decides how they read where a field is text.
///
/// # Errors
/// When the text is not YAML, or has keys that JSON cannot express.
pub fn parse_kinds(heap: &mut Heap, text: &[u8]) -> Result<Value> {
    parse_native(heap, text).map_err(|e| match e.stage() {
        Stage::Yaml => e.during(Stage::Convert),
        _ => e,
    })
}

/// Reads the first document of a text with the numbers in their own kinds: what goyaml v2 alone
/// makes of it.
pub(crate) fn parse_native(heap: &mut Heap, text: &[u8]) -> Result<Value> {
    let mode = Mode {
        native: true,
        ..LENIENT
    };
    parse_with(heap, text, mode)
}

fn unmarshal(heap: &mut Heap, text: &[u8], mode: Mode) -> Result<Value> {
    parse_with(heap, text, mode).map_err(|e| match e.stage() {
        Stage::Yaml => e.during(Stage::Convert),
        _ => e,
    })
}

fn parse_with(heap: &mut Heap, text: &[u8], mode: Mode) -> Result<Value> {
    let input = Input::new(text)?;
    let mut parser = Parser::new(&input);
    match Document::read(&mut parser, text.len())? {
        Some(document) => {
            heap.charge(text.len() + document.len() * VALUE_BYTES);
            compose(heap, &document, mode)
        }
        None => Ok(Value::Nil),
    }
}

/// Go's JSON error for a document of another kind than its target.
fn mismatch(value: &Value, target: &str) -> Error {
    let found = match value {
        Value::Bool(_) => "bool",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
        _ => "number",
    };
    let message = format!("json: cannot unmarshal {found} into Go value of type {target}");
    Error::new(Stage::Json, message)
}
