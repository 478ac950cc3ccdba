//! [`Templates`]: a set of named definitions that can run each other.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use windlass_value::Str;

use crate::compiler::definitions;
use crate::error::{Error, ErrorKind};
use crate::function::Functions;
use crate::program::Template;
use crate::syntax::lexer::find_pair;
use crate::syntax::parser::parse;

/// What a map gives for a key it does not have: Go's option `missingkey`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MissingKey {
    /// No value at all, and no value's fields are no values either (`missingkey=default`).
    #[default]
    Invalid,
    /// The zero value of the map's element type (`missingkey=zero`).
    Zero,
    /// An error (`missingkey=error`).
    Error,
}

/// How templates of a set behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// What a missing key gives.
    pub missing_key: MissingKey,
}

/// A set of templates. [`Templates::parse`] adds to it; a [`crate::Session`] runs them.
#[derive(Debug, Clone)]
pub struct Templates {
    root: Str,
    functions: Functions,
    options: Options,
    by_name: FxHashMap<Str, Arc<Template>>,
    /// About how many bytes all that was compiled takes.
    size: usize,
}

/// How large the compiled templates of a set may become. The largest charts there are need a
/// twentieth.
const MAX_SIZE: usize = 128 << 20;

/// About how many bytes a text takes when it is compiled: text itself stays as it is, every few
/// bytes of an action become a node and an instruction.
pub(crate) fn size_compiled(text: &[u8]) -> usize {
    const TEMPLATE: usize = 1 << 10;
    const ACTION_BYTE: usize = 32;
    let mut actions = 0;
    let mut rest = text;
    while let Some(start) = find_pair(b'{', rest) {
        rest = &rest[start..];
        let end = find_pair(b'}', rest).map_or(rest.len(), |end| end + 2);
        actions += end;
        rest = &rest[end..];
    }
    TEMPLATE + text.len() + actions * ACTION_BYTE
}

impl Templates {
    /// An empty set. The root's name is that of the template Go would start from (Helm's is
    /// `gotpl`); it is what messages call the set and what texts given to
    /// [`crate::Context::execute_text`] are named.
    #[must_use]
    pub fn new(root: impl Into<Str>, functions: Functions, options: Options) -> Self {
        Self {
            root: root.into(),
            functions,
            options,
            by_name: FxHashMap::default(),
            size: 0,
        }
    }

    /// Parses a text as the template of a name, and adds all definitions in it. A definition
    /// replaces an earlier one of its name unless the new one is empty.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Parse`], with Go's text. Nothing is added then.
    pub fn parse(&mut self, name: impl Into<Str>, text: impl Into<Str>) -> Result<(), Error> {
        let (name, text) = (name.into(), text.into());
        self.size = self.size.saturating_add(size_compiled(&text));
        if self.size > MAX_SIZE {
            let name = name.to_text();
            let text = format!(
                "template: {name}:1: limit exceeded: compiled templates need more than {MAX_SIZE} bytes"
            );
            return Err(Error::layer(ErrorKind::Limit("bytes"), text, None));
        }
        for template in self.definitions(&name, &text)? {
            if !(template.empty && self.by_name.contains_key(&template.name)) {
                self.by_name.insert(template.name.clone(), template);
            }
        }
        Ok(())
    }

    /// Whether a template of the name is defined.
    #[must_use]
    pub fn contains(&self, name: &[u8]) -> bool {
        self.by_name.contains_key(name)
    }

    /// The names of all definitions, in no order.
    pub fn names(&self) -> impl Iterator<Item = &Str> {
        self.by_name.keys()
    }

    /// The functions the templates were made with.
    #[must_use]
    pub fn functions(&self) -> &Functions {
        &self.functions
    }

    pub(crate) fn definitions(&self, name: &Str, text: &Str) -> Result<Vec<Arc<Template>>, Error> {
        let parsed = parse(name, text, &self.functions)?;
        Ok(definitions(parsed))
    }

    pub(crate) fn root(&self) -> &Str {
        &self.root
    }

    pub(crate) fn options(&self) -> Options {
        self.options
    }

    pub(crate) fn get(&self, name: &[u8]) -> Option<&Arc<Template>> {
        self.by_name.get(name)
    }
}
