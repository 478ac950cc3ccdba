//! [`List`]: a Go slice. Immutable, since no template function writes to an element in place.

use crate::func::Method;
use crate::heap::Elem;
use crate::value::Value;

/// A slice type: what its elements are and what it calls itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ListType {
    /// The Go name: `[]interface {}`, `[]string`, `common.VersionSet`.
    pub name: &'static str,
    /// The type of the elements.
    pub elem: Elem,
    /// Methods, for a named type.
    pub methods: &'static [Method],
}

impl ListType {
    /// `[]interface {}`
    pub const ANY: Self = Self {
        name: "[]interface {}",
        elem: Elem::Any,
        methods: &[],
    };
    /// `[]string`
    pub const STRINGS: Self = Self {
        name: "[]string",
        elem: Elem::String,
        methods: &[],
    };
    /// `[]int`
    pub const INTS: Self = Self {
        name: "[]int",
        elem: Elem::Int,
        methods: &[],
    };
    /// `[][]interface {}`
    pub const LISTS: Self = Self {
        name: "[][]interface {}",
        elem: Elem::List,
        methods: &[],
    };
    /// `[]map[string]interface {}`
    pub const MAPS: Self = Self {
        name: "[]map[string]interface {}",
        elem: Elem::Map,
        methods: &[],
    };
}

/// A slice and its type. `[]byte` is [`Value::Bytes`], not this.
#[derive(Debug, Clone)]
pub struct List {
    /// The slice's type.
    pub ty: ListType,
    /// A nil slice: no elements, and `null` in JSON.
    pub nil: bool,
    /// The elements, each of the type that `ty.elem` says.
    pub items: Vec<Value>,
}

impl List {
    /// Makes a list of a type.
    #[must_use]
    pub fn new(ty: ListType, items: Vec<Value>) -> Self {
        Self {
            ty,
            nil: false,
            items,
        }
    }

    /// Makes a nil slice of a type.
    #[must_use]
    pub fn nil(ty: ListType) -> Self {
        Self {
            ty,
            nil: true,
            items: Vec::new(),
        }
    }

    /// The elements.
    #[must_use]
    pub fn into_items(mut self) -> Vec<Value> {
        std::mem::take(&mut self.items)
    }
}

impl std::ops::Deref for List {
    type Target = [Value];
    fn deref(&self) -> &[Value] {
        &self.items
    }
}

impl Drop for List {
    /// Takes nested lists apart one after the other: a chart may nest them deeper than the stack
    /// could follow.
    fn drop(&mut self) {
        if !self.items.iter().any(|v| matches!(v, Value::List(_))) {
            return;
        }
        let mut pending = std::mem::take(&mut self.items);
        while let Some(value) = pending.pop() {
            if let Value::List(mut list) = value
                && let Some(list) = std::sync::Arc::get_mut(&mut list)
            {
                pending.append(&mut list.items);
            }
        }
    }
}
