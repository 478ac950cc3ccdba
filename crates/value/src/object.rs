//! Objects: structs, pointers to structs, and named scalars with methods.
//!
//! Most of what Helm shows its templates is plain records, and [`Record`] with a static
//! [`RecordType`] describes those as data. A type with a life of its own (a time, a semantic
//! version) implements [`Object`] itself.

use std::any::Any;
use std::fmt::Debug;

use crate::func::Method;
use crate::heap::Heap;
use crate::kind::Kind;
use crate::str::Str;
use crate::value::Value;

/// A Go value of a struct, pointer or named scalar type.
pub trait Object: Any + Debug + Send + Sync {
    /// The type as `%T` prints it: `*common.Capabilities`, `time.Duration`.
    fn type_name(&self) -> &'static str;

    /// The kind: struct, ptr, or that of the underlying scalar.
    fn kind(&self) -> Kind {
        self.underlying().map_or(Kind::Struct, |v| v.kind())
    }

    /// For a named scalar (`time.Duration` is an `int64`), the plain value below.
    fn underlying(&self) -> Option<Value> {
        None
    }

    /// Whether it is a nil pointer.
    fn is_nil(&self) -> bool {
        false
    }

    /// The exported fields in Go's order with their JSON tags; empty for an opaque type.
    fn fields(&self) -> Vec<(Field, Value)> {
        Vec::new()
    }

    /// The unexported fields too, each where Go has it: `fmt` prints them all.
    fn all_fields(&self) -> Vec<(Field, Value)> {
        self.fields()
    }

    /// One exported field by its Go name.
    fn field(&self, name: &[u8]) -> Option<Value> {
        self.fields()
            .into_iter()
            .find(|(f, _)| f.name.as_bytes() == name)
            .map(|(_, v)| v)
    }

    /// The methods that a template may call.
    fn methods(&self) -> &'static [Method] {
        &[]
    }

    /// What its `Error` or `String` method gives: `fmt` prefers it for `%v` and `%s`.
    fn display(&self) -> Option<Str> {
        None
    }

    /// Like [`Self::display`], for a value that can be addressed: then Go also finds the methods of
    /// the pointer. So it is where a template prints `.A.B` in place, and not where `.A.B` is an
    /// argument.
    fn display_in_place(&self) -> Option<Str> {
        self.display()
    }

    /// What its `GoString` method gives: `fmt` prefers it for `%#v`.
    fn go_string(&self) -> Option<Str> {
        None
    }

    /// What its `MarshalJSON` or `MarshalText` gives, as JSON text.
    fn to_json(&self) -> Option<Result<String, String>> {
        None
    }

    /// The names of the fields that Go embeds: writers of structs take their fields for this one's.
    fn embeds(&self) -> &'static [&'static str] {
        &[]
    }

    /// Go's `==` with another value of the same type; `None` where the type cannot be compared.
    fn equals(&self, _other: &dyn Object, _heap: &Heap) -> Option<bool> {
        None
    }

    /// For downcasts.
    fn as_any(&self) -> &dyn Any;
}

/// A field of a struct type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The Go name.
    pub name: &'static str,
    /// The name in JSON; empty: as in Go.
    pub json: &'static str,
    /// Left out of JSON when it is the zero value.
    pub omit_empty: bool,
}

impl Field {
    /// Whether other packages see the field; as in Go, the case of its name tells.
    #[must_use]
    pub fn is_exported(&self) -> bool {
        self.name.starts_with(|c: char| c.is_ascii_uppercase())
    }

    /// A field without a JSON tag.
    #[must_use]
    pub const fn plain(name: &'static str) -> Self {
        Self {
            name,
            json: "",
            omit_empty: false,
        }
    }

    /// A field with `json:"json,omitempty"`.
    #[must_use]
    pub const fn omit(name: &'static str, json: &'static str) -> Self {
        Self {
            name,
            json,
            omit_empty: true,
        }
    }

    /// A field with `json:"json"`.
    #[must_use]
    pub const fn keep(name: &'static str, json: &'static str) -> Self {
        Self {
            name,
            json,
            omit_empty: false,
        }
    }
}

/// A struct type as data.
#[derive(Debug)]
pub struct RecordType {
    /// The Go name, with a leading `*` for a pointer.
    pub name: &'static str,
    /// Its fields in Go's order, the unexported ones (in lower case) included.
    pub fields: &'static [Field],
    /// Its methods.
    pub methods: &'static [Method],
    /// Its `String` method, if it has one. It belongs to the pointer: a struct of the type shows it
    /// only in place.
    pub display: Option<fn(&Record) -> Str>,
}

/// A struct value, or a pointer to one, of a [`RecordType`].
#[derive(Debug, Clone)]
pub struct Record {
    /// The type.
    pub ty: &'static RecordType,
    /// One value for each field of the type.
    pub values: Vec<Value>,
}

impl Record {
    /// Makes a record; `values` go with `ty.fields` one to one.
    #[must_use]
    pub fn new(ty: &'static RecordType, values: Vec<Value>) -> Self {
        debug_assert_eq!(ty.fields.len(), values.len());
        Self { ty, values }
    }
}

impl Object for Record {
    fn type_name(&self) -> &'static str {
        self.ty.name
    }

    fn kind(&self) -> Kind {
        if self.ty.name.starts_with('*') {
            Kind::Ptr
        } else {
            Kind::Struct
        }
    }

    fn fields(&self) -> Vec<(Field, Value)> {
        let mut fields = self.all_fields();
        fields.retain(|(field, _)| field.is_exported());
        fields
    }

    fn all_fields(&self) -> Vec<(Field, Value)> {
        let fields = self.ty.fields.iter().copied();
        fields.zip(self.values.iter().cloned()).collect()
    }

    fn field(&self, name: &[u8]) -> Option<Value> {
        let mut fields = self.ty.fields.iter();
        let i = fields.position(|f| f.is_exported() && f.name.as_bytes() == name)?;
        self.values.get(i).cloned()
    }

    fn methods(&self) -> &'static [Method] {
        self.ty.methods
    }

    fn display(&self) -> Option<Str> {
        self.display_in_place().filter(|_| self.kind() == Kind::Ptr)
    }

    fn display_in_place(&self) -> Option<Str> {
        self.ty.display.map(|f| f(self))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
