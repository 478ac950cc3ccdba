//! [`Templates`]: a set of named definitions that can run each other.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use windlass_value::Str;

use crate::compiler::definitions;
use crate::error::Error;
use crate::function::Functions;
use crate::program::Template;
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
        }
    }

    /// Parses a text as the template of a name, and adds all definitions in it. A definition
    /// replaces an earlier one of its name unless the new one is empty.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Parse`], with Go's text. Nothing is added then.
    pub fn parse(&mut self, name: impl Into<Str>, text: impl Into<Str>) -> Result<(), Error> {
        for template in self.definitions(&name.into(), &text.into())? {
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
