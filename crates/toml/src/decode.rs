//! TOML to values: BurntSushi's `Unmarshal` into a `map[string]interface {}`.
//!
//! [`lexer`] is a machine of states over characters, [`parser`] builds [`tree`], whose tables can
//! still grow, and the tree becomes values at the end. Both follow the original's states and order
//! of checks closely, since its messages tell which check failed first.

mod lexer;
mod parser;
mod scalar;
mod tree;

use std::sync::OnceLock;

use windlass_time::Zone;
use windlass_value::{Heap, Value};

use crate::error::Error;

/// Reads a document into a map: integers are `int64`, arrays of tables
/// `[]map[string]interface {}`, dates and times `time.Time`.
///
/// # Errors
/// The message of the Go package's `ParseError` ([`Error::Returned`]).
pub fn decode(heap: &mut Heap, text: &[u8]) -> Result<Value, Error> {
    let text = without_byte_order_mark(text);
    if text.iter().take(6).any(|b| *b == 0) {
        return Err(Error::Returned(
            "toml: line 1: files cannot contain NULL bytes; probably using UTF-16; TOML files must \
             be UTF-8"
                .to_owned(),
        ));
    }
    let tree = parser::parse(text)?;
    Ok(tree.into_value(heap))
}

fn without_byte_order_mark(text: &[u8]) -> &[u8] {
    const MARKS: [&[u8]; 3] = [b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"];
    MARKS
        .into_iter()
        .find_map(|mark| text.strip_prefix(mark))
        .unwrap_or(text)
}

/// The zones of dates and times that come without one. A zone of their own marks them, so that
/// they can be written again as they were.
pub(crate) struct LocalZones {
    pub(crate) datetime: Zone,
    pub(crate) date: Zone,
    pub(crate) time: Zone,
}

/// The zones, the same for the whole process, as times in one zone must compare equal.
pub(crate) fn local_zones() -> &'static LocalZones {
    static ZONES: OnceLock<LocalZones> = OnceLock::new();
    ZONES.get_or_init(|| LocalZones {
        datetime: Zone::fixed("datetime-local", 0),
        date: Zone::fixed("date-local", 0),
        time: Zone::fixed("time-local", 0),
    })
}

/// How a time of one of those zones is written.
pub(crate) fn local_layout(zone: &Zone) -> Option<&'static [u8]> {
    if !matches!(zone, Zone::Other(_)) {
        return None;
    }
    let zones = local_zones();
    [
        (&zones.datetime, b"2006-01-02T15:04:05.999999999".as_slice()),
        (&zones.date, b"2006-01-02"),
        (&zones.time, b"15:04:05.999999999"),
    ]
    .into_iter()
    .find(|(local, _)| local.is_same(zone))
    .map(|(_, layout)| layout)
}
