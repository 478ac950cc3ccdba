//! [`write`]: a value's collections, kept on a stack of their own while they are written.

use std::sync::Arc;

use windlass_value::{Heap, List, MapId, Str, Value};

use super::MAX_DEPTH;
use super::order::sort_by_key;
use super::scalar::Scalar;
use super::writer::{Dialect, Writer};
use crate::error::{Error, Result};

/// A value and who owns it: the heap and the lists in it, or (for fields of objects) nobody else.
#[derive(Debug, Clone)]
pub(super) enum Held<'v> {
    Borrowed(&'v Value),
    Owned(Value),
}

impl Held<'_> {
    pub(super) fn get(&self) -> &Value {
        match self {
            Self::Borrowed(value) => value,
            Self::Owned(value) => value,
        }
    }
}

/// The contents of a collection.
pub(super) enum Contents<'v> {
    Slice(&'v [Value]),
    List(Arc<List>),
    /// The numbers of a `[]byte`.
    Bytes(Str),
    /// The entries of a map in the heap, in the order of `order` if there is one.
    Map {
        entries: &'v [(Str, Value)],
        order: Option<Vec<u32>>,
    },
    /// The fields of a struct.
    Fields(Vec<(Str, Value)>),
}

/// A collection that is being written.
struct Frame<'v> {
    contents: Contents<'v>,
    next: usize,
    outer_indent: Option<usize>,
}

/// What is to be written for a value.
pub(super) enum Shape<'v> {
    /// It was a scalar, or empty, and is written.
    Done,
    Collection(Contents<'v>),
}

/// Says what values and keys look like.
pub(super) trait Source<'v> {
    type Failure: From<Error>;

    /// Writes a scalar, or tells what a collection contains.
    fn value(&self, writer: &mut Writer, value: Held<'v>) -> Result<Shape<'v>, Self::Failure>;

    /// What happens to values that nest too deep, or that hold themselves.
    fn too_deep(&self) -> Self::Failure;

    /// Writes a key.
    fn key(&self, writer: &mut Writer, key: &[u8]) -> Result<(), Self::Failure>;
}

/// Writes a document.
pub(super) fn write<'v, S: Source<'v>>(
    source: &S,
    dialect: Dialect,
    value: &'v Value,
) -> Result<String, S::Failure> {
    let mut writer = Writer::new(dialect);
    let mut frames: Vec<Frame<'v>> = Vec::new();
    let mut shape = source.value(&mut writer, Held::Borrowed(value))?;
    let mut in_mapping = false;
    loop {
        if let Shape::Collection(contents) = shape {
            if frames.len() >= MAX_DEPTH {
                return Err(source.too_deep());
            }
            let outer_indent = writer.indent;
            writer.indent = Some(inner_indent(&writer, &contents, in_mapping));
            frames.push(Frame {
                contents,
                next: 0,
                outer_indent,
            });
        }
        let Some(frame) = frames.last_mut() else {
            return Ok(writer.finish()?);
        };
        let Some((key, child)) = frame.contents.get(frame.next) else {
            writer.indent = frame.outer_indent;
            writer.check_size()?;
            frames.pop();
            shape = Shape::Done;
            continue;
        };
        frame.next += 1;
        writer.start_line();
        in_mapping = key.is_some();
        match key {
            Some(key) => source.key(&mut writer, &key)?,
            None => writer.block_indicator(b'-'),
        }
        shape = source.value(&mut writer, child)?;
    }
}

/// The indentation of a collection's entries. In v2, a sequence after a key stays where the key is.
fn inner_indent(writer: &Writer, contents: &Contents<'_>, in_mapping: bool) -> usize {
    let Some(indent) = writer.indent else {
        return 0;
    };
    let sequence = !matches!(contents, Contents::Map { .. } | Contents::Fields(_));
    if writer.dialect == Dialect::V2 && sequence && in_mapping && !writer.indention {
        indent
    } else {
        indent + 2
    }
}

impl<'v> Contents<'v> {
    /// The entries of a map, sorted.
    pub(super) fn map(heap: &'v Heap, id: MapId, dialect: Dialect) -> Self {
        let entries = heap.map(id).entries();
        let mut order: Vec<u32> = (0..entries.len() as u32).collect();
        sort_by_key(&mut order, dialect, |i| entries[i as usize].0.as_bytes());
        Self::Map {
            entries,
            order: (!order.is_sorted()).then_some(order),
        }
    }

    /// The key, if it is a mapping, and the value of an entry.
    fn get(&self, index: usize) -> Option<(Option<Str>, Held<'v>)> {
        match self {
            Self::Slice(items) => items.get(index).map(|v| (None, Held::Borrowed(v))),
            Self::List(list) => list.get(index).map(|v| (None, Held::Owned(v.clone()))),
            Self::Bytes(bytes) => {
                let byte = i64::from(*bytes.get(index)?);
                Some((None, Held::Owned(Value::int(byte))))
            }
            Self::Map { entries, order } => {
                let index = match order {
                    Some(order) => *order.get(index)? as usize,
                    None => index,
                };
                let (key, value) = entries.get(index)?;
                Some((Some(key.clone()), Held::Borrowed(value)))
            }
            Self::Fields(fields) => {
                let (key, value) = fields.get(index)?;
                Some((Some(key.clone()), Held::Owned(value.clone())))
            }
        }
    }
}

impl Writer {
    /// Writes text that is not a string, and is done with the value.
    pub(super) fn done<'v>(&mut self, text: &[u8]) -> Shape<'v> {
        self.scalar(Scalar::plain(text));
        Shape::Done
    }

    /// Writes `[]` or `{}`, and is done with the value.
    pub(super) fn empty<'v>(&mut self, brackets: &[u8]) -> Shape<'v> {
        self.opening(brackets);
        Shape::Done
    }
}
