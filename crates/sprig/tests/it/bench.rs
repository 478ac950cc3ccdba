//! A context to call functions in without a template.

use std::any::Any;

use windlass_sprig::functions;
use windlass_template::{Context, Error, Functions, Host};
use windlass_value::{Heap, MapType, Str, Value};

/// A heap, a host with a fixed clock and repeatable random bytes, and a memory limit.
pub(crate) struct Bench {
    pub(crate) heap: Heap,
    host: Repeatable,
    left: usize,
    functions: Functions,
}

struct Repeatable {
    state: u64,
}

impl Host for Repeatable {
    fn now(&mut self) -> i128 {
        0
    }

    fn fill_random(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            self.state = self
                .state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            *byte = (self.state >> 33) as u8;
        }
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

impl Context for Bench {
    fn heap(&self) -> &Heap {
        &self.heap
    }

    fn heap_mut(&mut self) -> &mut Heap {
        &mut self.heap
    }

    fn host(&mut self) -> &mut dyn Host {
        &mut self.host
    }

    fn reserve(&mut self, bytes: usize) -> Result<(), Error> {
        self.left = self
            .left
            .checked_sub(bytes)
            .ok_or_else(|| Error::message("limit"))?;
        Ok(())
    }

    fn execute(&mut self, _: &Str, _: Value) -> Result<Str, Error> {
        Err("no templates here".into())
    }

    fn execute_text(&mut self, _: &Str, _: Value) -> Result<Str, Error> {
        Err("no templates here".into())
    }
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            heap: Heap::new(),
            host: Repeatable { state: 1 },
            left: 16 << 20,
            functions: functions(Functions::new()),
        }
    }

    /// Calls a function with arguments that fit its signature.
    pub(crate) fn call(&mut self, name: &str, args: &[Value]) -> Result<Value, String> {
        let function = self
            .functions
            .get(name)
            .unwrap_or_else(|| panic!("no function {name}"));
        (function.body)(self, args).map_err(|e| e.text().to_owned())
    }

    /// Calls a function and prints what it gives as `%v` does.
    pub(crate) fn print(&mut self, name: &str, args: &[Value]) -> String {
        match self.call(name, args) {
            Ok(value) => windlass_value::fmt::sprint(&self.heap, &[value])
                .to_text()
                .into_owned(),
            Err(text) => format!("error: {text}"),
        }
    }

    /// Makes a `map[string]interface {}`.
    pub(crate) fn map(&mut self, entries: &[(&str, Value)]) -> Value {
        let entries = entries
            .iter()
            .map(|(k, v)| (Str::from(*k), v.clone()))
            .collect();
        Value::Map(self.heap.map_from(MapType::Any, entries))
    }
}
