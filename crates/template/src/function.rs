//! Functions a template can call, and what they can reach while they run.

use std::any::Any;
use std::time::Duration;

use rustc_hash::FxHashMap;
use windlass_value::func::Signature;
use windlass_value::{Heap, Str, Value};

use crate::error::Error;

/// The outside world as a render may see it. A host that replays a recorded render gives the same
/// answers again.
pub trait Host: Any {
    /// Nanoseconds since the Unix epoch, UTC.
    fn now(&mut self) -> i128;

    /// Fills a buffer with random bytes, fit for keys.
    fn fill_random(&mut self, buffer: &mut [u8]);

    /// Time since some moment, by a clock that never goes back. A host without such a clock sets no limit of time.
    fn elapsed(&mut self) -> Duration {
        Duration::ZERO
    }

    /// For functions that know their own host's type.
    fn as_any_mut(&mut self) -> &mut dyn Any;
}

/// What a running function can reach. The machine implements it; tests may too.
pub trait Context {
    /// The heap, for reading.
    fn heap(&self) -> &Heap;

    /// The heap, for making and changing maps.
    fn heap_mut(&mut self) -> &mut Heap;

    /// The outside world.
    fn host(&mut self) -> &mut dyn Host;

    /// Asks for leave to allocate that many bytes. A function whose output can be much larger than
    /// its input (`repeat`, `indent`, `until`) asks before it allocates.
    ///
    /// # Errors
    /// The limit that would be passed; the function returns it as it is.
    fn reserve(&mut self, bytes: usize) -> Result<(), Error>;

    /// Counts work beyond what the machine sees, in steps of some ten nanoseconds. A function that is
    /// slow for its arguments' size (a password hash, a search by a large expression) tells so before
    /// it begins. A context without a budget takes any.
    ///
    /// # Errors
    /// The limit that would be passed; the function returns it as it is.
    fn work(&mut self, steps: u64) -> Result<(), Error> {
        let _ = steps;
        Ok(())
    }

    /// Runs a template of the set over data and gives its output: Go's `ExecuteTemplate`.
    ///
    /// # Errors
    /// What Go's `ExecuteTemplate` returns, unknown name included.
    fn execute(&mut self, name: &Str, data: Value) -> Result<Str, Error>;

    /// Parses a text in a clone of the running set, under the name of the set's root template, and
    /// runs it: what Helm's `tpl` needs. Definitions made by the text are seen by it and by
    /// everything it calls, and are gone afterwards.
    ///
    /// # Errors
    /// [`Error`] of kind [`crate::ErrorKind::Parse`] if the text does not parse, otherwise what running it gave.
    fn execute_text(&mut self, text: &Str, data: Value) -> Result<Str, Error>;
}

/// The body of a function: arguments are already checked and converted to the signature.
pub type Body = fn(&mut dyn Context, &[Value]) -> Result<Value, Error>;

/// A function that templates can call.
#[derive(Debug, Clone, Copy)]
pub struct Function {
    /// Its name in templates.
    pub name: &'static str,
    /// What it takes.
    pub signature: Signature,
    /// What it does.
    pub body: Body,
}

/// The functions a set of templates knows, by name. Go's builtins are always there beneath, and a
/// function of the same name hides a builtin.
#[derive(Debug, Clone, Default)]
pub struct Functions {
    by_name: FxHashMap<&'static str, &'static Function>,
}

impl Functions {
    /// No functions but the builtins.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a family; a function already there under the same name is replaced.
    #[must_use]
    pub fn with(mut self, family: &'static [Function]) -> Self {
        self.by_name.extend(family.iter().map(|f| (f.name, f)));
        self
    }

    /// Takes a function out.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.by_name.remove(name);
        self
    }

    /// The function of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'static Function> {
        self.by_name.get(name).copied()
    }

    /// All names, in no order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.by_name.keys().copied()
    }
}
