//! The reader of the `--set` language, a recursive descent over keys and indexes.

use std::sync::Arc;

use windlass_value::fmt::atoi;
use windlass_value::{Heap, List, ListType, MapId, MapType, Value};

use super::error::{Error, IndexFault};
use super::{MAX_INDEX, MAX_NESTED_NAME_LEVEL, Reader, json};
use crate::compat::Compat;

/// How deep names and indexes together may nest; Helm bounds only the names.
const MAX_DEPTH: usize = 256;

/// How many elements one text may add to lists: each index may be 65536, in every level anew.
const MAX_ELEMENTS: usize = 8 << 20;

/// What stands after the `=`.
pub(super) enum Dialect<'a> {
    Typed,
    Strings,
    Json,
    Files(Reader<'a>),
    Literal,
}

/// Why reading stopped.
enum Stop {
    /// The text is over, where it may be.
    End,
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(e: Error) -> Self {
        Self::Failed(e)
    }
}

/// The reader and its place in the text.
pub(super) struct Parser<'a> {
    heap: &'a mut Heap,
    text: &'a [u8],
    at: usize,
    dialect: Dialect<'a>,
    compat: Compat,
    elements: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(
        heap: &'a mut Heap,
        text: &'a [u8],
        dialect: Dialect<'a>,
        compat: Compat,
    ) -> Self {
        Self {
            heap,
            text,
            at: 0,
            dialect,
            compat,
            elements: 0,
        }
    }

    pub(super) fn parse(mut self, dest: MapId) -> Result<(), Error> {
        loop {
            match self.key(dest, 0, 0) {
                Ok(()) => {}
                Err(Stop::End) => return Ok(()),
                Err(Stop::Failed(e)) => return Err(e),
            }
        }
    }

    /// Reads one assignment, or one more part of its key, into a map.
    fn key(&mut self, map: MapId, names: usize, depth: usize) -> Result<(), Stop> {
        let stops = if self.is_literal() { "=[." } else { "=[,." };
        let (key, last) = self.until(stops);
        match last {
            None if key.is_empty() => Err(Stop::End),
            None => Err(Error::KeyWithoutValue { key }.into()),
            Some('[') => self.indexed(map, &key, names, depth),
            Some('=') => self.assign(map, &key),
            Some(',') => {
                self.set(map, &key, Value::str(""));
                Err(Error::KeyBeforeComma { key }.into())
            }
            Some(_) => self.named(map, key, names + 1, depth),
        }
    }

    /// Reads on after `key.`.
    fn named(&mut self, map: MapId, key: String, names: usize, depth: usize) -> Result<(), Stop> {
        if names > MAX_NESTED_NAME_LEVEL {
            return Err(Error::TooManyNames.into());
        }
        check_depth(depth)?;
        let inner = match self.heap.get(map, key.as_bytes()) {
            Some(value) => self.expect_map(value)?,
            None => self.heap.new_map(),
        };
        let result = self.key(inner, names, depth + 1);
        let empty = self.heap.map(inner).is_empty();
        if result.is_ok() && empty {
            return Err(Error::EmptyMap { key }.into());
        }
        if !empty {
            self.set(map, &key, Value::Map(inner));
        }
        result
    }

    /// Reads on after `key[`.
    fn indexed(&mut self, map: MapId, key: &str, names: usize, depth: usize) -> Result<(), Stop> {
        let index = self.index()?;
        let mut list = match self.heap.get(map, key.as_bytes()).cloned() {
            Some(value) => {
                let list = self.expect_list(value)?;
                // With the map's share given up, the elements can be moved instead of copied.
                self.heap.set(map, key, Value::Nil);
                Arc::unwrap_or_clone(list).into_items()
            }
            None => Vec::new(),
        };
        let before = list.len();
        let result = self.item(&mut list, index, names, depth + 1);
        if key.is_empty() {
            // Helm sets nothing under the empty key, but a list that is there was changed in place
            // (as far as it did not grow, which makes a new one).
            if self.heap.map(map).contains(b"") {
                list.truncate(before);
                self.heap.set(map, "", Value::list(list));
            }
        } else {
            self.heap.set(map, key, Value::list(list));
        }
        result
    }

    /// Reads on after `key=`, within a map.
    fn assign(&mut self, map: MapId, key: &str) -> Result<(), Stop> {
        match self.value() {
            Ok(value) => {
                self.set(map, key, value);
                Ok(())
            }
            Err(Stop::End) => {
                self.set(map, key, Value::str(""));
                Err(Stop::End)
            }
            Err(failed) => Err(failed),
        }
    }

    /// Reads on after `[index]`, within a list.
    fn item(
        &mut self,
        list: &mut Vec<Value>,
        index: i64,
        names: usize,
        depth: usize,
    ) -> Result<(), Stop> {
        let Ok(at) = usize::try_from(index) else {
            return Err(Error::NegativeIndex(index).into());
        };
        check_depth(depth)?;
        let (between, last) = self.until("[.=");
        if !between.is_empty() {
            return Err(Error::AfterIndex(between).into());
        }
        let value = match last {
            None => return Err(Stop::End),
            Some('=') => match self.value() {
                Err(Stop::End) => Value::str(""),
                other => other?,
            },
            Some('[') => self.nested_list(list, at, names, depth)?,
            Some(_) => self.nested_map(list, at, names, depth)?,
        };
        self.set_index(list, at, value)
    }

    /// Reads on after `[index][`; gives the inner list.
    fn nested_list(
        &mut self,
        list: &mut [Value],
        at: usize,
        names: usize,
        depth: usize,
    ) -> Result<Value, Stop> {
        let next = self.index()?;
        let existed = list.get(at).is_some_and(|slot| !slot.is_nil());
        let mut inner = match list.get_mut(at) {
            Some(slot) if existed => {
                let list = self.expect_list(slot.clone())?;
                *slot = Value::Nil;
                Arc::unwrap_or_clone(list).into_items()
            }
            _ => Vec::new(),
        };
        match self.item(&mut inner, next, names, depth + 1) {
            Ok(()) => Ok(Value::list(inner)),
            Err(stop) => {
                // What was there keeps the changes made in place.
                if existed {
                    list[at] = Value::list(inner);
                }
                Err(stop)
            }
        }
    }

    /// Reads on after `[index].`; gives the inner map.
    fn nested_map(
        &mut self,
        list: &mut [Value],
        at: usize,
        names: usize,
        depth: usize,
    ) -> Result<Value, Stop> {
        let inner = match list.get_mut(at) {
            None => self.heap.new_map(),
            Some(slot) => match self.plain_map(slot) {
                Some(id) => id,
                None => {
                    let id = self.heap.new_map();
                    *slot = Value::Map(id);
                    id
                }
            },
        };
        self.key(inner, names, depth + 1)?;
        Ok(Value::Map(inner))
    }

    fn set_index(&mut self, list: &mut Vec<Value>, at: usize, value: Value) -> Result<(), Stop> {
        if at as u64 > MAX_INDEX as u64 {
            return Err(Error::IndexTooGreat(at as i64).into());
        }
        if list.len() <= at {
            self.elements += at + 1 - list.len();
            if self.elements > MAX_ELEMENTS {
                return Err(Error::TooLarge(MAX_ELEMENTS).into());
            }
            list.resize(at + 1, Value::Nil);
        }
        list[at] = value;
        Ok(())
    }

    /// Sets a key, unless it is empty.
    fn set(&mut self, map: MapId, key: &str, value: Value) {
        if !key.is_empty() {
            self.heap.set(map, key, value);
        }
    }

    /// Reads what stands between the brackets.
    fn index(&mut self) -> Result<i64, Stop> {
        let (text, last) = self.until("]");
        if last.is_none() {
            return Err(if self.compat.ignores_open_index() {
                Stop::End
            } else {
                Error::Index(IndexFault::Cut).into()
            });
        }
        atoi(text.as_bytes())
            .map_err(|e| Error::Index(IndexFault::NotANumber(e.to_string())).into())
    }

    /// Reads the value after a `=` and the comma after it. At the end of the text, [`Stop::End`].
    fn value(&mut self) -> Result<Value, Stop> {
        match self.dialect {
            Dialect::Json => return self.json_value(),
            Dialect::Literal => {
                let (text, _) = self.until("");
                return Ok(Value::str(text));
            }
            _ => {}
        }
        match self.text.get(self.at) {
            None => Err(Stop::End),
            Some(b'{') => {
                self.at += 1;
                self.list()
            }
            Some(_) => {
                let (text, _) = self.until(",");
                Ok(self.scalar(text)?)
            }
        }
    }

    /// Reads a list after its `{`.
    fn list(&mut self) -> Result<Value, Stop> {
        let mut items = Vec::new();
        loop {
            let (text, last) = self.until(",}");
            if last.is_none() {
                return Err(Error::OpenList.into());
            }
            let close = last == Some('}');
            if close && self.text.get(self.at) == Some(&b',') {
                self.at += 1;
            }
            items.push(self.scalar(text)?);
            if close {
                return Ok(Value::list(items));
            }
        }
    }

    fn scalar(&mut self, text: String) -> Result<Value, Error> {
        match &mut self.dialect {
            Dialect::Files(reader) => Ok(Value::str(reader(&text).map_err(Error::File)?)),
            Dialect::Typed => Ok(typed(text)),
            _ => Ok(Value::str(text)),
        }
    }

    fn json_value(&mut self) -> Result<Value, Stop> {
        if self.is_empty_value() {
            return Ok(Value::Nil);
        }
        let (value, end) = json::prefix(self.heap, &self.text[self.at..])?;
        self.at += end;
        self.is_empty_value();
        Ok(value)
    }

    /// Passes blanks and a comma; says whether the comma or the end of the text came.
    fn is_empty_value(&mut self) -> bool {
        loop {
            let before = self.at;
            match self.rune() {
                None | Some(',') => return true,
                Some(c) if is_space(c) => {}
                Some(_) => {
                    self.at = before;
                    return false;
                }
            }
        }
    }

    fn is_literal(&self) -> bool {
        matches!(self.dialect, Dialect::Literal)
    }

    /// Reads up to and past one of some characters and says which one it was; none at the end of the
    /// text. A backslash takes the next character for itself, except in literals.
    fn until(&mut self, stops: &str) -> (String, Option<char>) {
        let mut out = String::new();
        while let Some(c) = self.rune() {
            if stops.contains(c) {
                return (out, Some(c));
            }
            if c == '\\' && !self.is_literal() {
                match self.rune() {
                    Some(next) => out.push(next),
                    None => break,
                }
            } else {
                out.push(c);
            }
        }
        (out, None)
    }

    /// Takes the next character; a byte that is no UTF-8 is U+FFFD by itself.
    fn rune(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        let first = *rest.first()?;
        if first < 0x80 {
            self.at += 1;
            return Some(char::from(first));
        }
        let whole = (2..=4).filter_map(|n| std::str::from_utf8(rest.get(..n)?).ok());
        let found = whole.filter_map(|s| s.chars().next()).next();
        self.at += found.map_or(1, char::len_utf8);
        Some(found.unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn plain_map(&self, value: &Value) -> Option<MapId> {
        value
            .as_map()
            .filter(|id| self.heap.map_type(*id) == MapType::Any)
    }

    fn expect_map(&self, value: &Value) -> Result<MapId, Error> {
        self.plain_map(value).ok_or_else(|| Error::NotA {
            found: self.go_type(value),
            wanted: "map[string]interface {}",
        })
    }

    fn expect_list(&self, value: Value) -> Result<Arc<List>, Error> {
        match value {
            Value::List(list) if list.ty == ListType::ANY => Ok(list),
            _ => Err(Error::NotA {
                found: self.go_type(&value),
                wanted: "[]interface {}",
            }),
        }
    }

    /// A type's name as Go's failed conversions print it.
    fn go_type(&self, value: &Value) -> &'static str {
        if value.is_nil() {
            "nil"
        } else {
            value.type_name(self.heap)
        }
    }
}

fn check_depth(depth: usize) -> Result<(), Error> {
    if depth > MAX_DEPTH {
        Err(Error::TooDeep(MAX_DEPTH))
    } else {
        Ok(())
    }
}

/// The value that a text of `--set` stands for.
fn typed(text: String) -> Value {
    if text.eq_ignore_ascii_case("true") {
        return Value::Bool(true);
    }
    if is_false(&text) {
        return Value::Bool(false);
    }
    if text.eq_ignore_ascii_case("null") {
        return Value::Nil;
    }
    // A leading zero makes a string, as in account numbers, unless it is all there is.
    let number = text == "0" || !text.starts_with('0');
    if number && let Ok(n) = text.parse() {
        return Value::int64(n);
    }
    Value::str(text)
}

/// Go compares by Unicode case folding, under which U+017F is an `s` too.
fn is_false(text: &str) -> bool {
    text.eq_ignore_ascii_case("false")
        || text.contains('\u{17f}') && text.replace('\u{17f}', "s").eq_ignore_ascii_case("false")
}

/// Go's `unicode.IsSpace`.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}
