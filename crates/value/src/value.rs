//! [`Value`] and what can be asked of any value: kind, type name, truth, size.

use std::sync::Arc;

use crate::func::Method;
use crate::heap::{Heap, MapId};
use crate::kind::{FloatKind, IntKind, Kind, UintKind};
use crate::list::{List, ListType};
use crate::object::Object;
use crate::str::Str;

/// A Go value as templates see it. Cloning copies at most a pointer.
#[derive(Debug, Clone, Default)]
pub enum Value {
    /// The nil interface.
    #[default]
    Nil,
    /// `bool`
    Bool(bool),
    /// Signed integers; the number always fits its kind.
    Int(i64, IntKind),
    /// Unsigned integers; the number always fits its kind.
    Uint(u64, UintKind),
    /// Floating point; a `float32` is stored widened.
    Float(f64, FloatKind),
    /// `complex128`, which only literals make.
    Complex(Arc<(f64, f64)>),
    /// `string`
    Str(Str),
    /// `[]uint8`, not nil.
    Bytes(Str),
    /// Any other slice.
    List(Arc<List>),
    /// A map in the heap.
    Map(MapId),
    /// Structs, pointers to structs, and named types with methods.
    Object(Arc<dyn Object>),
}

impl Value {
    /// An `int`.
    #[must_use]
    pub fn int(n: i64) -> Self {
        Self::Int(n, IntKind::Int)
    }

    /// An `int64`.
    #[must_use]
    pub fn int64(n: i64) -> Self {
        Self::Int(n, IntKind::Int64)
    }

    /// A `float64`.
    #[must_use]
    pub fn float(x: f64) -> Self {
        Self::Float(x, FloatKind::Float64)
    }

    /// A `string`.
    #[must_use]
    pub fn str(s: impl Into<Str>) -> Self {
        Self::Str(s.into())
    }

    /// A `[]interface {}`.
    #[must_use]
    pub fn list(items: Vec<Value>) -> Self {
        Self::List(Arc::new(List::new(ListType::ANY, items)))
    }

    /// A `[]string`.
    #[must_use]
    pub fn strings<S: Into<Str>>(items: impl IntoIterator<Item = S>) -> Self {
        let items = items.into_iter().map(Value::str).collect();
        Self::List(Arc::new(List::new(ListType::STRINGS, items)))
    }

    /// A struct or other named thing.
    #[must_use]
    pub fn object(o: impl Object) -> Self {
        Self::Object(Arc::new(o))
    }

    /// The kind, as Go's `reflect` has it.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Nil => Kind::Invalid,
            Self::Bool(_) => Kind::Bool,
            Self::Int(_, k) => Kind::Int(*k),
            Self::Uint(_, k) => Kind::Uint(*k),
            Self::Float(_, k) => Kind::Float(*k),
            Self::Complex(_) => Kind::Complex128,
            Self::Str(_) => Kind::String,
            Self::Bytes(_) | Self::List(_) => Kind::Slice,
            Self::Map(_) => Kind::Map,
            Self::Object(o) => o.kind(),
        }
    }

    /// The type's name as `%T` prints it.
    #[must_use]
    pub fn type_name(&self, heap: &Heap) -> &'static str {
        match self {
            Self::Nil => "<nil>",
            Self::Bool(_) => "bool",
            Self::Int(_, k) => k.name(),
            Self::Uint(_, k) => k.name(),
            Self::Float(_, k) => k.name(),
            Self::Complex(_) => "complex128",
            Self::Str(_) => "string",
            Self::Bytes(_) => "[]uint8",
            Self::List(l) => l.ty.name,
            Self::Map(id) => heap.map_type(*id).name(),
            Self::Object(o) => o.type_name(),
        }
    }

    /// The methods of the value's type.
    #[must_use]
    pub fn methods(&self, heap: &Heap) -> &'static [Method] {
        match self {
            Self::List(l) => l.ty.methods,
            Self::Map(id) => heap.map_type(*id).methods(),
            Self::Object(o) => o.methods(),
            _ => &[],
        }
    }

    /// Whether `if` takes the value for true: not zero, not empty, not nil. A struct is true.
    #[must_use]
    pub fn truth(&self, heap: &Heap) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(b) => *b,
            Self::Int(n, _) => *n != 0,
            Self::Uint(n, _) => *n != 0,
            Self::Float(x, _) => *x != 0.0,
            Self::Complex(c) => c.0 != 0.0 || c.1 != 0.0,
            Self::Str(s) | Self::Bytes(s) => !s.is_empty(),
            Self::List(l) => !l.is_empty(),
            Self::Map(id) => !heap.map(*id).is_empty(),
            Self::Object(o) => match o.underlying() {
                Some(v) => v.truth(heap),
                None => !o.is_nil(),
            },
        }
    }

    /// The string, if it is of type `string`.
    #[must_use]
    pub fn as_str(&self) -> Option<&Str> {
        match self {
            Self::Str(s) => Some(s),
            _ => None,
        }
    }

    /// The map's handle, if it is a map.
    #[must_use]
    pub fn as_map(&self) -> Option<MapId> {
        match self {
            Self::Map(id) => Some(*id),
            _ => None,
        }
    }

    /// The elements, if it is a slice other than `[]byte`.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(l) => Some(&l.items),
            _ => None,
        }
    }

    /// The object, if it is one of this Rust type.
    #[must_use]
    pub fn downcast<T: Object>(&self) -> Option<&T> {
        match self {
            Self::Object(o) => o.as_any().downcast_ref(),
            _ => None,
        }
    }

    /// Whether this is the nil interface.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self::Bool(b)
    }
}

impl From<&str> for Value {
    fn from(s: &str) -> Self {
        Self::str(s)
    }
}

impl From<String> for Value {
    fn from(s: String) -> Self {
        Self::str(s)
    }
}

impl From<Str> for Value {
    fn from(s: Str) -> Self {
        Self::Str(s)
    }
}
