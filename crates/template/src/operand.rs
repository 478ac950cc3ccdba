//! [`Operand`]: a value as the machine holds it, with what Go's `reflect.Value` knows beside it.
//!
//! Go tells three things apart that all print as nothing: no value at all, an interface that holds
//! nothing, and a typed nil. The first is what a pipeline gives for nil; the second is what an
//! element of `map[string]interface {}` or `[]interface {}` is before a pipeline unwraps it; they
//! lead to different messages. The third is an ordinary [`Value`].

use windlass_value::{Elem, Heap, Value};

/// How an operand came by its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// As it is; with [`Value::Nil`], no value at all.
    Plain,
    /// Held by an interface, since it is an element of a collection of `interface {}`.
    Boxed,
    /// A variable whose declaration was not reached.
    Unset,
}

/// A value and its shape.
#[derive(Debug, Clone)]
pub(crate) struct Operand {
    pub(crate) value: Value,
    pub(crate) shape: Shape,
}

impl Operand {
    /// No value at all.
    pub(crate) const INVALID: Self = Self::plain(Value::Nil);

    /// A variable not declared yet.
    pub(crate) const UNSET: Self = Self {
        value: Value::Nil,
        shape: Shape::Unset,
    };

    pub(crate) const fn plain(value: Value) -> Self {
        Self {
            value,
            shape: Shape::Plain,
        }
    }

    pub(crate) const fn boxed(value: Value) -> Self {
        Self {
            value,
            shape: Shape::Boxed,
        }
    }

    /// An element of a collection whose declared element type is known.
    pub(crate) fn element(value: Value, elem: Elem) -> Self {
        if elem == Elem::Any {
            Self::boxed(value)
        } else {
            Self::plain(value)
        }
    }

    /// Whether there is no value at all.
    pub(crate) fn is_invalid(&self) -> bool {
        self.shape == Shape::Plain && self.value.is_nil()
    }

    /// Whether it is an interface that holds nothing.
    pub(crate) fn is_nil_interface(&self) -> bool {
        self.shape == Shape::Boxed && self.value.is_nil()
    }

    /// The static type in Go, as messages name it.
    pub(crate) fn type_name(&self, heap: &Heap) -> &'static str {
        match self.shape {
            Shape::Boxed => "interface {}",
            _ => self.value.type_name(heap),
        }
    }
}
