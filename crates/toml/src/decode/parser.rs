//! Items to a [`Tree`]: keys, tables, and the rules of what may be defined twice.

use std::collections::HashSet;

use windlass_value::{Value, fmt};

use crate::MAX_DEPTH;
use crate::decode::lexer::{Item, Kind, Lexer};
use crate::decode::scalar::{self, Fault};
use crate::decode::tree::{Node, TableId, Tree};
use crate::error::Error;
use crate::key::path;

/// Reads a whole document.
pub(super) fn parse(text: &[u8]) -> Result<Tree, Error> {
    let mut parser = Parser {
        lexer: Lexer::new(text),
        tree: Tree::new(),
        context: Vec::new(),
        key: Vec::new(),
        line: 0,
        arrays: HashSet::new(),
        implicit: HashSet::new(),
        depth: 0,
    };
    loop {
        let item = parser.next()?;
        if item.kind == Kind::Eof {
            return Ok(parser.tree);
        }
        parser.top_level(item)?;
    }
}

type Key = Vec<Vec<u8>>;
type Done = Result<(), Error>;

struct Parser<'a> {
    lexer: Lexer<'a>,
    tree: Tree,
    /// The path of the table that keys go into.
    context: Key,
    /// The key whose value is being read.
    key: Vec<u8>,
    /// The line of the last key.
    line: i64,
    /// Paths whose value is a plain array.
    arrays: HashSet<Vec<u8>>,
    /// Paths of tables that exist only because something lies below them.
    implicit: HashSet<Vec<u8>>,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Result<Item<'a>, Error> {
        self.lexer
            .next_item()?
            .map_err(|e| self.error(e.line, &e.message))
    }

    fn top_level(&mut self, item: Item<'a>) -> Done {
        match item.kind {
            Kind::CommentStart => self.next().map(|_| ()),
            Kind::TableStart => {
                let key = self.key_until(Kind::TableEnd)?;
                self.add_context(key, false)?;
                self.mark_context(false);
                Ok(())
            }
            Kind::ArrayTableStart => {
                let key = self.key_until(Kind::ArrayTableEnd)?;
                self.add_context(key, true)?;
                self.mark_context(false);
                Ok(())
            }
            _ => {
                let outer = self.context.clone();
                self.enter_key()?;
                let item = self.next()?;
                let (node, is_array) = self.value(item, false)?;
                self.set_value(node)?;
                self.mark_key(is_array);
                self.context = outer;
                self.key.clear();
                Ok(())
            }
        }
    }

    /// Reads the parts of a key up to the item that ends it.
    fn key_until(&mut self, end: Kind) -> Result<Key, Error> {
        let mut item = self.next()?;
        self.line = item.line;
        let mut key = Key::new();
        while item.kind != end && item.kind != Kind::Eof {
            key.push(self.key_part(item)?);
            if key.len() + self.context.len() > MAX_DEPTH {
                return Err(Error::TooDeep);
            }
            item = self.next()?;
        }
        Ok(key)
    }

    fn key_part(&mut self, item: Item<'a>) -> Result<Vec<u8>, Error> {
        match item.kind {
            Kind::Text => Ok(item.text.to_vec()),
            _ => self.string(item),
        }
    }

    /// Reads a key before a value and makes the tables that lead to it. Gives those tables' names.
    fn enter_key(&mut self) -> Result<Key, Error> {
        let mut parents = self.key_until(Kind::KeyEnd)?;
        self.key = parents.pop().unwrap_or_default();
        for parent in &parents {
            let mut key = self.context.clone();
            key.push(parent.clone());
            self.implicit.insert(path(&key));
            self.add_context(key, false)?;
        }
        Ok(parents)
    }

    /// A value, and whether it is a plain array.
    fn value(&mut self, item: Item<'a>, in_array: bool) -> Result<(Node, bool), Error> {
        let value = match item.kind {
            Kind::Integer => scalar::integer(item.text).map(Value::int64),
            Kind::Float => scalar::float(item.text).map(Value::float),
            Kind::Bool => Ok(Value::Bool(item.text == b"true")),
            Kind::Datetime => scalar::datetime(item.text.trim_ascii()).map(Value::object),
            Kind::Array => return self.nested(|p| p.array()).map(|node| (node, true)),
            Kind::InlineTableStart => {
                return self
                    .nested(|p| p.inline_table(in_array))
                    .map(|node| (node, false));
            }
            _ => Ok(Value::str(self.string(item)?)),
        };
        value
            .map(|v| (Node::Scalar(v), false))
            .map_err(|fault| self.fault(item, fault))
    }

    fn nested(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Node, Error>,
    ) -> Result<Node, Error> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Error::TooDeep);
        }
        let node = read(self)?;
        self.depth -= 1;
        Ok(node)
    }

    fn string(&mut self, item: Item<'a>) -> Result<Vec<u8>, Error> {
        let text = item.text;
        match item.kind {
            Kind::StringEsc => scalar::unescape(text),
            Kind::MultilineString => {
                let text = scalar::without_first_newline(text);
                scalar::unescape(&scalar::without_escaped_newlines(text))
            }
            Kind::RawMultilineString => Ok(scalar::without_first_newline(text).to_vec()),
            _ => Ok(text.to_vec()),
        }
        .map_err(|fault| self.fault(item, fault))
    }

    fn array(&mut self) -> Result<Node, Error> {
        self.mark_key(true);
        let mut nodes = Vec::new();
        loop {
            let item = self.next()?;
            match item.kind {
                Kind::ArrayEnd => return Ok(Node::Array(nodes)),
                Kind::CommentStart => {
                    self.next()?;
                }
                _ => nodes.push(self.value(item, true)?.0),
            }
        }
    }

    /// An inline table. It is built twice: under its path in the document, where duplicates are
    /// found, and on its own, which is what counts within an array.
    fn inline_table(&mut self, in_array: bool) -> Result<Node, Error> {
        let alone = self.tree.add_table();
        let outer = (self.context.clone(), self.key.clone());
        let mut inner = outer.0.clone();
        inner.push(std::mem::take(&mut self.key));
        self.implicit.insert(path(&inner));
        self.context.clone_from(&inner);
        self.add_context(inner.clone(), in_array)?;
        loop {
            let item = self.next()?;
            match item.kind {
                Kind::InlineTableEnd => break,
                Kind::CommentStart => {
                    self.next()?;
                    continue;
                }
                _ => {}
            }
            let parents = self.enter_key()?;
            let item = self.next()?;
            let (node, is_array) = self.value(item, false)?;
            self.set_value(node.clone())?;
            self.mark_key(is_array);
            let table = self.table_below(alone, &parents)?;
            self.tree.table_mut(table).insert(self.key.clone(), node);
            self.context.clone_from(&inner);
        }
        (self.context, self.key) = outer;
        Ok(Node::Table(alone))
    }

    /// The table at a path below another, made where it is missing.
    fn table_below(&mut self, mut table: TableId, keys: &[Vec<u8>]) -> Result<TableId, Error> {
        for key in keys {
            table = match self.tree.table(table).get(key) {
                Some(Node::Table(id)) => *id,
                Some(_) => {
                    let context = String::from_utf8_lossy(&path(&self.context)).into_owned();
                    let message = format!("{} is not a table", fmt::quote(context.as_bytes()));
                    return Err(self.error(self.line, &message));
                }
                None => {
                    let id = self.tree.add_table();
                    self.tree
                        .table_mut(table)
                        .insert(key.clone(), Node::Table(id));
                    id
                }
            };
        }
        Ok(table)
    }

    /// Makes a table, or the next of an array of tables, the one that keys go into.
    fn add_context(&mut self, mut key: Key, array: bool) -> Done {
        let last = key.pop().unwrap_or_default();
        let mut table = Tree::ROOT;
        for (i, part) in key.iter().enumerate() {
            let known = self.tree.table(table).get(part).map(Tree::within);
            table = match known {
                Some(Some(id)) => id,
                Some(None) => {
                    let text = self.shown(&key[..=i]);
                    let message = format!("Key '{text}' was already created as a hash.");
                    return Err(self.error(self.line, &message));
                }
                None => {
                    self.implicit.insert(path(&key[..=i]));
                    let id = self.tree.add_table();
                    self.tree
                        .table_mut(table)
                        .insert(part.clone(), Node::Table(id));
                    id
                }
            };
        }
        self.context = key;
        if array {
            self.add_to_tables(table, &last)?;
        } else {
            let new = self.tree.add_table();
            self.set(last.clone(), Node::Table(new))?;
        }
        self.context.push(last);
        Ok(())
    }

    fn add_to_tables(&mut self, table: TableId, key: &[u8]) -> Done {
        let new = self.tree.add_table();
        let node = self.tree.table_mut(table).entry(key.to_vec());
        match node.or_insert_with(|| Node::Tables(Vec::new())) {
            Node::Tables(tables) => {
                tables.push(new);
                Ok(())
            }
            _ => {
                let mut whole = self.context.clone();
                whole.push(key.to_vec());
                let text = self.shown(&whole);
                let message =
                    format!("Key '{text}' was already created and cannot be used as an array.");
                Err(self.error(self.line, &message))
            }
        }
    }

    /// Gives the current key its value.
    fn set_value(&mut self, node: Node) -> Done {
        self.set(self.key.clone(), node)
    }

    /// Gives a key in the current table its value, unless it has one already. A table that exists
    /// only by implication may be defined once.
    fn set(&mut self, key: Vec<u8>, node: Node) -> Done {
        let mut table = Tree::ROOT;
        for (i, part) in self.context.iter().enumerate() {
            let Some(known) = self.tree.table(table).get(part) else {
                let text = self.shown(&self.context[..=i]);
                return Err(Error::Panicked(format!(
                    "BUG: Context for key '{text}' has not been established.\n\n"
                )));
            };
            match Tree::within(known) {
                Some(id) => table = id,
                None => return Err(self.already_defined(&self.context[..=i])),
            }
        }
        let mut whole = self.context.clone();
        whole.push(key.clone());
        if self.tree.table(table).contains_key(&key) {
            let name = path(&whole);
            if !self.implicit.remove(&name) {
                return Err(self.already_defined(&whole));
            }
            if !self.arrays.contains(&name) {
                return Ok(());
            }
        }
        self.tree.table_mut(table).insert(key, node);
        Ok(())
    }

    fn already_defined(&self, key: &[Vec<u8>]) -> Error {
        let text = self.shown(key);
        self.error(
            self.line,
            &format!("Key '{text}' has already been defined."),
        )
    }

    /// Notes of the current key whether its value is a plain array.
    fn mark_key(&mut self, is_array: bool) {
        let mut whole = self.context.clone();
        // An empty key counts as its table, except at the top.
        if !self.key.is_empty() || whole.is_empty() {
            whole.push(self.key.clone());
        }
        self.mark(path(&whole), is_array);
    }

    fn mark_context(&mut self, is_array: bool) {
        self.mark(path(&self.context), is_array);
    }

    fn mark(&mut self, name: Vec<u8>, is_array: bool) {
        if is_array {
            self.arrays.insert(name);
        } else {
            self.arrays.remove(&name);
        }
    }

    fn shown(&self, key: &[Vec<u8>]) -> String {
        String::from_utf8_lossy(&path(key)).into_owned()
    }

    fn fault(&self, item: Item<'_>, fault: Fault) -> Error {
        match fault {
            Fault::Message(message) => self.error(item.line, &message),
            Fault::Bug(text) => Error::Panicked(text),
        }
    }

    /// A message with its line and the key being read.
    fn error(&self, line: i64, message: &str) -> Error {
        let mut last = path(&self.context);
        if !self.key.is_empty() {
            if !self.context.is_empty() {
                last.push(b'.');
            }
            // The last part stands as it is, without quotes.
            last.extend_from_slice(&self.key);
        }
        Error::Returned(if last.is_empty() {
            format!("toml: line {line}: {message}")
        } else {
            format!(
                "toml: line {line} (last key {}): {message}",
                fmt::quote(&last)
            )
        })
    }
}
