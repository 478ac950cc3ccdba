//! A document becomes a value, as goyaml v2 decodes it and JSON then leaves it.
//!
//! The walk keeps its own stack, so nesting costs no native one. [`Composer`] also counts as goyaml
//! does, to refuse documents that are mostly aliases.

mod count;
mod key;
mod outline;
mod typed;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use windlass_value::{Heap, List, ListType, MapType, Str, Value, base64};

use crate::error::{Error, Result, Stage};
use crate::resolve::{Number, Scalar, resolve_plain, resolve_tagged, tag};
use crate::tree::{Document, Node, NodeId, NodeKind};
use count::Count;
use key::Key;
pub(crate) use key::float_text;

/// How deep Go's JSON decoder goes.
const MAX_JSON_DEPTH: usize = 10_000;

/// How to decode.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mode {
    /// Whether a key that occurs twice is an error.
    pub(crate) strict: bool,
    /// Whether numbers keep their kinds instead of becoming `float64` by way of JSON.
    pub(crate) native: bool,
    /// Which entries of the outermost mapping are wanted, if not all.
    pub(crate) wanted: Option<fn(&[u8]) -> bool>,
    /// Which values, by the keys that lead to them, are text to who reads them: a number there is
    /// made text before JSON could refuse it, so that numbers keep their kinds.
    pub(crate) text: Option<IsText>,
}

/// Whether the value that these keys lead to is text to who reads it.
pub(crate) type IsText = fn(&[&[u8]]) -> bool;

/// Makes the value of a document.
pub(crate) fn compose(heap: &mut Heap, document: &Document<'_>, mode: Mode) -> Result<Value> {
    let mode = Mode {
        wanted: mode.wanted.filter(|_| outline::is_harmless(document)),
        ..mode
    };
    let mut composer = Composer {
        heap,
        document,
        mode,
        frames: Vec::new(),
        maps: Vec::new(),
        count: Count::default(),
        active: HashMap::new(),
        shared: HashMap::new(),
        duplicates: Vec::new(),
        has_odd_key: false,
        has_non_finite: false,
        depth: 0,
        too_deep: None,
    };
    composer.count.add()?;
    let value = composer.run()?;
    composer.finish(value)
}

/// A node whose parts are being decoded.
enum Frame {
    List {
        items: Vec<Value>,
        next: NodeId,
        end: NodeId,
    },
    /// Entries go to the last of [`Composer::maps`], which is the frame's own unless it is merged.
    Map {
        next: NodeId,
        end: NodeId,
        key: Option<PendingKey>,
        merged: bool,
    },
    /// A list of mappings to merge, the last first.
    Merges(Vec<NodeId>),
    Alias(NodeId),
}

/// A key whose value is being decoded.
struct PendingKey {
    text: Str,
    /// In strict mode: the key as it was, and the line of its value.
    unique: Option<(Key, u32)>,
}

/// A mapping under construction.
#[derive(Default)]
struct Entries {
    list: Vec<(Str, Value)>,
    /// The keys so far, if they must be unlike.
    keys: HashSet<Key>,
}

struct Composer<'d, 'a> {
    heap: &'d mut Heap,
    document: &'d Document<'a>,
    mode: Mode,
    frames: Vec<Frame>,
    maps: Vec<Entries>,
    count: Count,
    /// Aliases whose targets are being decoded.
    active: HashMap<NodeId, ()>,
    /// Strings met through aliases, to be shared: a long text with many aliases must not multiply.
    shared: HashMap<NodeId, Str>,
    /// What strict decoding complains of.
    duplicates: Vec<String>,
    /// Whether there was a key that JSON cannot have.
    has_odd_key: bool,
    has_non_finite: bool,
    depth: usize,
    /// The bracket of the first collection that is too deep for JSON.
    too_deep: Option<char>,
}

/// What to do next.
enum Step {
    Enter(NodeId),
    Deliver(Value),
    /// Go on with the innermost frame.
    Advance,
}

impl<'a> Composer<'_, 'a> {
    fn run(&mut self) -> Result<Value> {
        let mut step = Step::Enter(self.document.root());
        loop {
            step = match step {
                Step::Enter(id) => self.enter(id)?,
                Step::Advance => self.advance()?,
                Step::Deliver(value) => match self.frames.last_mut() {
                    None => return Ok(value),
                    Some(_) => self.deliver(value),
                },
            };
        }
    }

    /// Begins with a node.
    fn enter(&mut self, mut id: NodeId) -> Result<Step> {
        self.count.add()?;
        if let NodeKind::Alias { name, target } = &self.document.node(id).kind {
            self.open_alias(id, name)?;
            id = *target;
            self.count.add()?;
        }
        let node = self.document.node(id);
        let (next, end) = (id + 1, self.document.after(id));
        match &node.kind {
            NodeKind::Scalar { .. } => Ok(Step::Deliver(self.scalar(id, node)?)),
            NodeKind::Sequence => {
                self.go_deeper('[');
                self.frames.push(Frame::List {
                    items: Vec::new(),
                    next,
                    end,
                });
                Ok(Step::Advance)
            }
            NodeKind::Mapping => {
                self.go_deeper('{');
                self.maps.push(Entries::default());
                self.open_map(next, end, false);
                Ok(Step::Advance)
            }
            // An anchor is never on an alias.
            NodeKind::Alias { .. } => Ok(Step::Deliver(Value::Nil)),
        }
    }

    fn open_map(&mut self, next: NodeId, end: NodeId, merged: bool) {
        self.frames.push(Frame::Map {
            next,
            end,
            key: None,
            merged,
        });
    }

    fn open_alias(&mut self, id: NodeId, name: &[u8]) -> Result<()> {
        if self.active.insert(id, ()).is_some() {
            let name = String::from_utf8_lossy(name);
            let message = format!("anchor '{name}' value contains itself");
            return Err(Error::yaml(message).at(self.document.node(id).start));
        }
        self.count.alias_depth += 1;
        self.frames.push(Frame::Alias(id));
        Ok(())
    }

    fn go_deeper(&mut self, bracket: char) {
        self.depth += 1;
        if self.depth > MAX_JSON_DEPTH {
            self.too_deep.get_or_insert(bracket);
        }
    }

    /// Hands a value to the innermost frame, of which there is one.
    fn deliver(&mut self, value: Value) -> Step {
        match self.frames.last_mut() {
            Some(Frame::Alias(id)) => {
                self.active.remove(id);
                self.count.alias_depth -= 1;
                self.frames.pop();
                return Step::Deliver(value);
            }
            Some(Frame::List { items, .. }) => items.push(value),
            Some(Frame::Map { key, .. }) => {
                if let (Some(key), Some(map)) = (key.take(), self.maps.last_mut()) {
                    if let Some((key, line)) = key.unique
                        && !key.is_nan()
                        && !map.keys.insert(key.clone())
                    {
                        let key = key.go_syntax();
                        self.duplicates
                            .push(format!("line {line}: key {key} already set in map"));
                    }
                    map.list.push((key.text, value));
                }
            }
            Some(Frame::Merges(_)) | None => {}
        }
        Step::Advance
    }

    fn advance(&mut self) -> Result<Step> {
        match self.frames.last_mut() {
            Some(Frame::List { items, next, end }) => {
                if *next < *end {
                    let id = *next;
                    *next = self.document.after(id);
                    return Ok(Step::Enter(id));
                }
                let items = std::mem::take(items);
                self.frames.pop();
                self.depth -= 1;
                let list = List::new(ListType::ANY, items);
                Ok(Step::Deliver(Value::List(Arc::new(list))))
            }
            Some(Frame::Map {
                next, end, merged, ..
            }) => {
                if *next < *end {
                    let key = *next;
                    let value = self.document.after(key);
                    *next = self.document.after(value);
                    return self.entry(key, value);
                }
                let merged = *merged;
                self.frames.pop();
                Ok(self.close_map(merged))
            }
            Some(Frame::Merges(left)) => match left.pop() {
                Some(id) => self.merge_one(id),
                None => {
                    self.frames.pop();
                    Ok(Step::Advance)
                }
            },
            // What is behind an alias always comes by delivery; a merged mapping has none.
            Some(Frame::Alias(id)) => {
                self.active.remove(id);
                self.count.alias_depth -= 1;
                self.frames.pop();
                Ok(Step::Advance)
            }
            None => Ok(Step::Deliver(Value::Nil)),
        }
    }

    fn close_map(&mut self, merged: bool) -> Step {
        if merged {
            return Step::Advance;
        }
        self.depth -= 1;
        let entries = self.maps.pop().unwrap_or_default();
        let id = self.heap.map_from(MapType::Any, entries.list);
        Step::Deliver(Value::Map(id))
    }

    /// Begins with an entry of the innermost mapping.
    fn entry(&mut self, key_id: NodeId, value_id: NodeId) -> Result<Step> {
        let key_node = self.document.node(key_id);
        if is_merge(key_node) {
            return self.merge(value_id);
        }
        if let (Some(wanted), 1) = (self.mode.wanted, self.depth)
            && let NodeKind::Scalar { value, .. } = &key_node.kind
            && !wanted(value)
        {
            return Ok(Step::Advance);
        }
        let key = self.key(key_id)?;
        let unique = self.mode.strict.then(|| {
            let line = self.document.node(value_id).start.line + 1;
            (key.clone(), line)
        });
        let text = key.to_json().unwrap_or_else(|| {
            self.has_odd_key = true;
            Str::default()
        });
        if let Some(Frame::Map { key, .. }) = self.frames.last_mut() {
            *key = Some(PendingKey { text, unique });
        }
        Ok(Step::Enter(value_id))
    }

    /// Decodes a key, which must not be a collection.
    fn key(&mut self, id: NodeId) -> Result<Key> {
        self.count.add()?;
        let node = self.document.node(id);
        let target = match &node.kind {
            NodeKind::Alias { target, .. } => {
                self.count.alias_depth += 1;
                let counted = self.count.add();
                self.count.alias_depth -= 1;
                counted?;
                *target
            }
            _ => id,
        };
        let node = self.document.node(target);
        match &node.kind {
            NodeKind::Scalar { value, .. } => Ok(Key::new(scalar(node)?, value)),
            _ => Err(typed::invalid_key(self.document, id, self.count)),
        }
    }

    /// `<<: value`
    fn merge(&mut self, id: NodeId) -> Result<Step> {
        match &self.document.node(id).kind {
            NodeKind::Sequence => {
                let parts = self.document.children(id).collect();
                self.frames.push(Frame::Merges(parts));
                Ok(Step::Advance)
            }
            _ => self.merge_one(id),
        }
    }

    /// Decodes a mapping into the innermost one.
    fn merge_one(&mut self, id: NodeId) -> Result<Step> {
        let want_map = || {
            Error::yaml("map merge requires map or sequence of maps as the value")
                .at(self.document.node(id).start)
        };
        let map = match &self.document.node(id).kind {
            NodeKind::Mapping => id,
            NodeKind::Alias { name, target } => {
                if self.document.node(*target).kind != NodeKind::Mapping {
                    return Err(want_map());
                }
                self.count.add()?;
                self.open_alias(id, name)?;
                *target
            }
            _ => return Err(want_map()),
        };
        self.count.add()?;
        self.open_map(map + 1, self.document.after(map), true);
        Ok(Step::Advance)
    }

    fn scalar(&mut self, id: NodeId, node: &Node<'a>) -> Result<Value> {
        let found = scalar(node)?;
        let NodeKind::Scalar { value, .. } = &node.kind else {
            return Ok(Value::Nil);
        };
        Ok(match found {
            Decoded::Scalar(Scalar::Null) => Value::Nil,
            Decoded::Scalar(Scalar::Bool(b)) => Value::Bool(b),
            Decoded::Scalar(Scalar::Number(n)) => self.number(n),
            Decoded::Scalar(Scalar::Text | Scalar::Timestamp) => self.text(id, value),
            Decoded::Bytes(bytes) => Value::Str(valid_utf8(&bytes)),
        })
    }

    fn text(&mut self, id: NodeId, text: &[u8]) -> Value {
        if self.count.alias_depth == 0 {
            return Value::Str(Str::from(text));
        }
        let shared = self.shared.entry(id).or_insert_with(|| Str::from(text));
        Value::Str(shared.clone())
    }

    fn number(&mut self, number: Number) -> Value {
        if let Number::Float(x) = number {
            self.has_non_finite |= !x.is_finite();
        }
        match (number, self.mode.native || self.mode.text.is_some()) {
            (Number::Int(n), false) => Value::float(n as f64),
            (Number::Uint(n), false) => Value::float(n as f64),
            (Number::Float(x), _) => Value::float(x),
            (Number::Int(n), true) => Value::int(n),
            (Number::Uint(n), true) => Value::Uint(n, windlass_value::UintKind::Uint64),
        }
    }

    /// Raises what shows only after the whole document is decoded, in Go's order.
    fn finish(self, value: Value) -> Result<Value> {
        if !self.duplicates.is_empty() {
            let list = self.duplicates.join("\n  ");
            return Err(Error::yaml(format_args!("unmarshal errors:\n  {list}")));
        }
        if self.has_odd_key
            && let Some(e) = typed::unsupported_key(self.document)
        {
            return Err(e);
        }
        if self.mode.native {
            return Ok(value);
        }
        if self.has_non_finite
            && let Some(x) = first_non_finite(self.heap, &value, self.mode.text)
        {
            let text = windlass_value::fmt::format_float(x, b'g', -1, 64);
            return Err(Error::new(
                Stage::Convert,
                format!("json: unsupported value: {text}"),
            ));
        }
        if let Some(bracket) = self.too_deep {
            let message = format!("invalid character '{bracket}' exceeded max depth");
            return Err(Error::new(Stage::Json, message));
        }
        Ok(value)
    }
}

/// A scalar decoded; text stays in its node.
pub(crate) enum Decoded {
    Scalar(Scalar),
    /// What `!!binary` encodes.
    Bytes(Vec<u8>),
}

fn scalar(node: &Node<'_>) -> Result<Decoded> {
    let NodeKind::Scalar {
        value, implicit, ..
    } = &node.kind
    else {
        return Ok(Decoded::Scalar(Scalar::Null));
    };
    match node.tag.as_deref() {
        None if *implicit => Ok(Decoded::Scalar(resolve_plain(value))),
        None => Ok(Decoded::Scalar(Scalar::Text)),
        Some(tag::BINARY) => base64::decode(value)
            .map(Decoded::Bytes)
            .map_err(|_| Error::yaml("!!binary value contains invalid base64 data").at(node.start)),
        Some(tag) => resolve_tagged(tag, value)
            .map(Decoded::Scalar)
            .map_err(|e| e.at(node.start)),
    }
}

fn is_merge(node: &Node<'_>) -> bool {
    match &node.kind {
        NodeKind::Scalar {
            value, implicit, ..
        } => **value == *b"<<" && (*implicit || node.tag.as_deref() == Some(tag::MERGE)),
        _ => false,
    }
}

/// The first number that JSON cannot have, in the order in which JSON is written; `text` as in [`Mode`].
fn first_non_finite(heap: &Heap, value: &Value, text: Option<IsText>) -> Option<f64> {
    // Text stands near the root: beyond so many keys nobody asks, and the way there is not kept.
    const DEEPEST_TEXT: usize = 4;
    let mut pending = vec![(Vec::new(), value)];
    while let Some((path, value)) = pending.pop() {
        match value {
            Value::Float(x, _) if !x.is_finite() && !text.is_some_and(|is_text| is_text(&path)) => {
                return Some(*x);
            }
            // No item of a list is text: a path that is too long stands for that.
            Value::List(list) => {
                let items = list.iter().rev();
                pending.extend(items.map(|item| (vec![&b""[..]; DEEPEST_TEXT], item)));
            }
            Value::Map(id) => {
                for (key, value) in heap.map(*id).entries().iter().rev() {
                    let mut path = path.clone();
                    if path.len() < DEEPEST_TEXT {
                        path.push(key.as_bytes());
                    }
                    pending.push((path, value));
                }
            }
            _ => {}
        }
    }
    None
}

/// Replaces what is not UTF-8 as Go's JSON encoder does: a U+FFFD for each byte.
pub(crate) fn valid_utf8(bytes: &[u8]) -> Str {
    if std::str::from_utf8(bytes).is_ok() {
        return Str::from(bytes);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    Str::from(text)
}
