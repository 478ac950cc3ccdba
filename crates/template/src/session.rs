//! [`Session`]: one render's use of a set of templates, over one heap and under one budget.
//!
//! Executions nest: a function may run a template of the set ([`Context::execute`]) or a text
//! ([`Context::execute_text`]), whose definitions are seen by everything that runs within, and by
//! nothing after. All share the session's stacks, output buffers and budget.
//!
//! A nested execution costs native stack, because a function is on it. The session grows the
//! stack as needed and bounds the depth ([`Limits::nesting`]).

use std::sync::Arc;
use std::time::Duration;

use rustc_hash::FxHashMap;
use windlass_value::fmt::quote;
use windlass_value::{Heap, Str, Value};

use crate::error::{Error, ErrorKind};
use crate::function::{Context, Host};
use crate::limits::Limits;
use crate::machine::Machine;
use crate::operand::Operand;
use crate::program::Template;
use crate::stack;
use crate::templates::{Templates, size_compiled};

/// Runs templates of one set over one heap.
pub struct Session<'s> {
    pub(crate) templates: &'s Templates,
    pub(crate) heap: &'s mut Heap,
    host: &'s mut dyn Host,
    pub(crate) limits: Limits,
    pub(crate) machine: Machine,
    scope: Scope,
    /// Texts already compiled: charts give the same text to `tpl` over and over.
    texts: FxHashMap<Str, Arc<[Arc<Template>]>>,
    /// Output buffers of executions that are over.
    spare: Vec<Vec<u8>>,
    nesting: u32,
    /// When the session began, by the host's clock.
    began: Duration,
    /// Heap bytes that were there before the session and are none of its budget.
    given: usize,
}

/// The definitions in force beside those of the set.
#[derive(Clone, Default)]
struct Scope {
    /// The text being run, under the name of the set's root.
    text: Option<Arc<Template>>,
    definitions: Option<Arc<Overlay>>,
}

/// Definitions of a text, over those of the text around it.
struct Overlay {
    by_name: FxHashMap<Str, Arc<Template>>,
    outer: Option<Arc<Overlay>>,
}

impl<'s> Session<'s> {
    /// A session with its whole budget.
    pub fn new(
        templates: &'s Templates,
        heap: &'s mut Heap,
        host: &'s mut dyn Host,
        limits: Limits,
    ) -> Self {
        Self {
            began: host.elapsed(),
            given: heap.allocated(),
            templates,
            heap,
            host,
            machine: Machine::new(limits.steps),
            limits,
            scope: Scope::default(),
            texts: FxHashMap::default(),
            spare: Vec::new(),
            nesting: 0,
        }
    }

    /// Runs a template over data and gives its output: Go's `ExecuteTemplate`.
    ///
    /// # Errors
    /// [`ErrorKind::Exec`] with Go's text, or a plain message if there is no such template.
    pub fn render(&mut self, name: &[u8], data: Value) -> Result<Vec<u8>, Error> {
        let template = self.lookup(name).ok_or_else(|| self.no_template(name))?;
        self.output_of(template, data)
    }

    /// The template a name means here and now.
    pub(crate) fn lookup(&self, name: &[u8]) -> Option<Arc<Template>> {
        if let Some(text) = &self.scope.text
            && text.name.as_bytes() == name
        {
            return Some(Arc::clone(text));
        }
        let mut overlay = self.scope.definitions.as_deref();
        while let Some(definitions) = overlay {
            if let Some(template) = definitions.by_name.get(name) {
                return Some(Arc::clone(template));
            }
            overlay = definitions.outer.as_deref();
        }
        self.templates.get(name).cloned()
    }

    fn no_template(&self, name: &[u8]) -> Error {
        let (name, root) = (quote(name), quote(self.templates.root()));
        Error::message(format!(
            "template: no template {name} associated with template {root}"
        ))
    }

    /// Charges bytes to the budget.
    pub(crate) fn charge(&mut self, bytes: usize) -> Result<(), Error> {
        self.machine.spent = self.machine.spent.saturating_add(bytes);
        let used = (self.heap.allocated() - self.given).saturating_add(self.machine.spent);
        if used <= self.limits.bytes {
            return Ok(());
        }
        let limit = self.limits.bytes;
        let text = format!("limit exceeded: rendering needs more than {limit} bytes of memory");
        Err(Error::layer(ErrorKind::Limit("bytes"), text, None))
    }

    /// Counts steps that need a look at the clock first: every so many, and before what costs many at once.
    #[cold]
    pub(crate) fn slow_work(&mut self, steps: u64) -> Result<(), Error> {
        if !self.machine.try_reserve(steps) {
            let limit = self.limits.steps;
            let text = format!("limit exceeded: rendering needs more than {limit} steps");
            return Err(Error::layer(ErrorKind::Limit("steps"), text, None));
        }
        let Some(limit) = self.limits.time else {
            return Ok(());
        };
        if self.host.elapsed().saturating_sub(self.began) <= limit {
            return Ok(());
        }
        let text = format!("limit exceeded: rendering takes longer than {limit:?}");
        Err(Error::layer(ErrorKind::Limit("time"), text, None))
    }

    fn output_of(&mut self, template: Arc<Template>, data: Value) -> Result<Vec<u8>, Error> {
        if self.nesting >= self.limits.nesting {
            let limit = self.limits.nesting;
            let text = format!("limit exceeded: templates call each other more than {limit} deep");
            return Err(Error::layer(ErrorKind::Limit("nesting"), text, None));
        }
        let buffer = self.spare.pop().unwrap_or_default();
        let outer = std::mem::replace(&mut self.machine.out, buffer);
        self.nesting += 1;
        let result = stack::with_room(|| self.run(template, Operand::plain(data)));
        self.nesting -= 1;
        let output = std::mem::replace(&mut self.machine.out, outer);
        result.map(|()| output)
    }

    fn text_output_of(&mut self, template: Arc<Template>, data: Value) -> Result<Str, Error> {
        let mut output = self.output_of(template, data)?;
        let text = Str::from(output.as_slice());
        output.clear();
        self.spare.push(output);
        Ok(text)
    }

    fn compiled_text(&mut self, text: &Str) -> Result<Arc<[Arc<Template>]>, Error> {
        if let Some(known) = self.texts.get(text) {
            return Ok(Arc::clone(known));
        }
        let size = size_compiled(text);
        self.charge(size)?;
        Context::work(self, size as u64 / 16)?;
        let root = self.templates.root();
        let compiled: Arc<[_]> = self.templates.definitions(root, text)?.into();
        self.texts.insert(text.clone(), Arc::clone(&compiled));
        Ok(compiled)
    }

    /// The scope within a text: its own template under the root's name, and its definitions, save
    /// empty ones of names that mean something already.
    fn scope_of(&self, compiled: &[Arc<Template>]) -> Scope {
        let root = self.templates.root();
        let mut scope = self.scope.clone();
        let mut by_name = FxHashMap::default();
        for template in compiled {
            if template.name == *root {
                scope.text = Some(Arc::clone(template));
            } else if !(template.empty && self.lookup(&template.name).is_some()) {
                by_name.insert(template.name.clone(), Arc::clone(template));
            }
        }
        if !by_name.is_empty() {
            let outer = scope.definitions.take();
            scope.definitions = Some(Arc::new(Overlay { by_name, outer }));
        }
        scope
    }
}

impl Context for Session<'_> {
    fn heap(&self) -> &Heap {
        self.heap
    }

    fn heap_mut(&mut self) -> &mut Heap {
        self.heap
    }

    fn host(&mut self) -> &mut dyn Host {
        self.host
    }

    fn reserve(&mut self, bytes: usize) -> Result<(), Error> {
        self.charge(bytes)
    }

    fn work(&mut self, steps: u64) -> Result<(), Error> {
        if self.machine.try_steps(steps) {
            return Ok(());
        }
        self.slow_work(steps)
    }

    fn execute(&mut self, name: &Str, data: Value) -> Result<Str, Error> {
        let template = self.lookup(name).ok_or_else(|| self.no_template(name))?;
        self.text_output_of(template, data)
    }

    fn execute_text(&mut self, text: &Str, data: Value) -> Result<Str, Error> {
        let compiled = self.compiled_text(text)?;
        let inner = self.scope_of(&compiled);
        let Some(template) = inner.text.clone() else {
            return Err(self.no_template(self.templates.root()));
        };
        let outer = std::mem::replace(&mut self.scope, inner);
        let result = self.text_output_of(template, data);
        self.scope = outer;
        result
    }
}
