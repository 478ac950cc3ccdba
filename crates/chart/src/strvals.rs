//! The `--set` language: `a.b[0]=x,c={1,2}` into values.
//!
//! Five dialects share one grammar of keys and differ in what follows the `=`. Every function changes
//! the destination in place and stops at the first error, leaving there what came before it, as Helm
//! does. Texts come from a command line, so they may be any bytes; what is not UTF-8 turns into
//! U+FFFD, a byte at a time.
//!
//! Start at [`parse_into`]. Not here: the order in which a command applies its flags, and how it
//! words the failure of one.

mod error;
mod json;
mod parser;

#[cfg(test)]
mod tests;

use windlass_value::{Heap, MapId};

use crate::compat::Compat;
pub use error::{Error, IndexFault};
use parser::{Dialect, Parser};

/// The greatest index a list may be given.
pub const MAX_INDEX: i64 = 65_536;

/// How many dots a key may have.
pub const MAX_NESTED_NAME_LEVEL: usize = 30;

/// Gives the content of a file by the name that stands in the text.
pub type Reader<'a> = &'a mut dyn FnMut(&str) -> Result<Vec<u8>, String>;

/// Reads `--set`: integers, booleans and null are told from strings.
///
/// # Errors
/// In Helm's words.
pub fn parse_into(
    heap: &mut Heap,
    dest: MapId,
    text: impl AsRef<[u8]>,
    compat: Compat,
) -> Result<(), Error> {
    Parser::new(heap, text.as_ref(), Dialect::Typed, compat).parse(dest)
}

/// Reads `--set-string`: every value is a string.
///
/// # Errors
/// In Helm's words.
pub fn parse_into_string(
    heap: &mut Heap,
    dest: MapId,
    text: impl AsRef<[u8]>,
    compat: Compat,
) -> Result<(), Error> {
    Parser::new(heap, text.as_ref(), Dialect::Strings, compat).parse(dest)
}

/// Reads `--set-literal`: the rest of the text is the value, whatever it holds.
///
/// # Errors
/// In Helm's words.
pub fn parse_literal_into(
    heap: &mut Heap,
    dest: MapId,
    text: impl AsRef<[u8]>,
    compat: Compat,
) -> Result<(), Error> {
    Parser::new(heap, text.as_ref(), Dialect::Literal, compat).parse(dest)
}

/// Reads `--set-file`: values name files, and their contents are set as strings.
///
/// # Errors
/// In Helm's words; those of the reader as they are.
pub fn parse_into_file(
    heap: &mut Heap,
    dest: MapId,
    text: impl AsRef<[u8]>,
    compat: Compat,
    reader: Reader<'_>,
) -> Result<(), Error> {
    Parser::new(heap, text.as_ref(), Dialect::Files(reader), compat).parse(dest)
}

/// Reads `--set-json` in its form `key=json,key=json`.
///
/// # Errors
/// In Helm's words (which its command line leaves out).
pub fn parse_json(
    heap: &mut Heap,
    dest: MapId,
    text: impl AsRef<[u8]>,
    compat: Compat,
) -> Result<(), Error> {
    Parser::new(heap, text.as_ref(), Dialect::Json, compat).parse(dest)
}

/// Reads `--set-json` in its form `{"key": json}`, which Helm 4 merges like a values file.
///
/// Gives nothing for a text of the other form, or if Helm 3 is spoken, which has only that other.
///
/// # Errors
/// If the text is not one JSON object.
pub fn parse_json_object(
    heap: &mut Heap,
    text: &str,
    compat: Compat,
) -> Option<Result<MapId, Error>> {
    if !compat.set_json_takes_objects() {
        return None;
    }
    json::object(heap, text)
}
