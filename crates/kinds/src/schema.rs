//! Types of fields, as merging, ownership and strict decoding need them.
//!
//! A [`Type`] says which forms a value may have: a scalar, a list, a map, or several of them. Types of
//! built-in kinds are read from the table the first time something asks for them; a custom resource's
//! schema is converted as a whole ([`Schema::of_openapi`]); where there is no schema at all,
//! [`Schema::deduced`] takes each value as it comes, as the API server does.

mod openapi;

use std::sync::{Arc, LazyLock};

use serde_json::Value;

use crate::{kind, table};

pub use openapi::Unusable;

/// The type of an object: where descending into it starts.
#[derive(Clone, Debug)]
pub struct Schema {
    root: TypeRef,
}

impl Schema {
    /// The schema of a built-in kind.
    #[must_use]
    pub fn builtin(group: &str, version: &str, kind: &str) -> Option<Self> {
        let number = kind::find(group, version, kind)?.type_number?;
        Some(Self {
            root: TypeRef::builtin(number),
        })
    }

    /// The schema of the built-in type of this full OpenAPI name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(Self {
            root: TypeRef::builtin(table::number(name)?),
        })
    }

    /// The schema of a custom resource, from its `openAPIV3Schema`.
    ///
    /// `apiVersion`, `kind` and `metadata` have their built-in types whatever the schema says.
    ///
    /// # Errors
    /// The schema is not structural: a field's list type or keys make no sense.
    pub fn of_openapi(schema: &Value, preserve_unknown: bool) -> Result<Self, Unusable> {
        openapi::convert(schema, preserve_unknown).map(|root| Self { root })
    }

    /// No schema: lists and maps as they come, lists as a whole, maps field by field.
    #[must_use]
    pub fn deduced() -> Self {
        Self {
            root: TypeRef::deduced(),
        }
    }

    /// Whether this is the schema of a built-in kind.
    #[must_use]
    pub fn is_builtin(&self) -> bool {
        self.root.is_struct()
    }

    /// The type of the whole object.
    #[must_use]
    pub fn root(&self) -> &TypeRef {
        &self.root
    }
}

/// A type, or the place of one in the table.
#[derive(Clone, Debug)]
pub struct TypeRef {
    target: Target,
    /// Whether the reference itself makes the map a whole, or takes it apart, against its type.
    atomic: Option<bool>,
}

#[derive(Clone, Debug)]
enum Target {
    Builtin(u16),
    Own(Arc<Type>),
    Deduced,
    Whole,
}

impl TypeRef {
    pub(crate) fn builtin(number: u16) -> Self {
        Self::to(Target::Builtin(number))
    }

    pub(crate) fn own(own: Type) -> Self {
        Self::to(Target::Own(Arc::new(own)))
    }

    pub(crate) fn scalar(scalar: Scalar) -> Self {
        Self::own(Type {
            scalar: Some(scalar),
            ..Type::default()
        })
    }

    /// Anything; maps are taken apart, lists are not.
    pub(crate) fn deduced() -> Self {
        Self::to(Target::Deduced)
    }

    /// Anything, always as a whole.
    pub(crate) fn whole() -> Self {
        Self::to(Target::Whole)
    }

    fn to(target: Target) -> Self {
        Self {
            target,
            atomic: None,
        }
    }

    pub(crate) fn overridden(mut self, atomic: bool) -> Self {
        self.atomic = Some(atomic);
        self
    }

    /// The type referred to.
    #[must_use]
    pub fn resolve(&self) -> &Type {
        match &self.target {
            Target::Builtin(number) => table::type_at(*number),
            Target::Own(own) => own,
            Target::Deduced => &DEDUCED,
            Target::Whole => &WHOLE,
        }
    }

    /// Whether a map of this type is owned as a whole.
    #[must_use]
    pub fn atomic_map(&self) -> bool {
        self.atomic
            .unwrap_or_else(|| self.resolve().map.as_ref().is_some_and(|map| map.atomic))
    }

    /// Whether this is the type that takes anything and takes maps apart.
    pub(crate) fn is_deduced(&self) -> bool {
        matches!(self.target, Target::Deduced)
    }

    /// Whether a field of this type is a struct by value in Go: always written, even if empty.
    pub(crate) fn is_struct(&self) -> bool {
        matches!(self.target, Target::Builtin(_))
    }
}

static DEDUCED: LazyLock<Type> = LazyLock::new(|| any(TypeRef::deduced(), false));
static WHOLE: LazyLock<Type> = LazyLock::new(|| any(TypeRef::whole(), true));

fn any(element: TypeRef, atomic: bool) -> Type {
    Type {
        name: if atomic {
            "io.k8s.apimachinery.pkg.runtime.RawExtension"
        } else {
            ""
        },
        scalar: Some(Scalar::Any),
        list: Some(List {
            element: TypeRef::whole(),
            relation: Relation::Atomic,
        }),
        map: Some(Map {
            fields: Vec::new(),
            element: Some(element),
            atomic,
        }),
    }
}

/// The forms a value may have.
#[derive(Clone, Debug, Default)]
pub struct Type {
    /// The OpenAPI name, where it is a built-in one: `io.k8s.api.apps.v1.DeploymentSpec`.
    pub name: &'static str,
    /// It may be a scalar of this kind.
    pub scalar: Option<Scalar>,
    /// It may be a list.
    pub list: Option<List>,
    /// It may be a map or struct.
    pub map: Option<Map>,
}

impl Type {
    /// The name of the Go type in its package: `DeploymentSpec`.
    #[must_use]
    pub fn short_name(&self) -> &'static str {
        self.name.rsplit('.').next().unwrap_or(self.name)
    }
}

/// Kinds of scalars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// A string.
    String,
    /// Bytes, in base64.
    Bytes,
    /// One of them, where they come as a list.
    Byte,
    /// A time to the second.
    Time,
    /// A time to the microsecond.
    MicroTime,
    /// A whole number of 32 bits.
    Int32,
    /// A whole number of 64 bits.
    Int64,
    /// Any number.
    Number,
    /// True or false.
    Bool,
    /// A number or a string.
    IntOrString,
    /// A quantity: `100m`, `1Gi`, `2`.
    Quantity,
    /// Whatever it is.
    Any,
}

/// The type of a list.
#[derive(Clone, Debug)]
pub struct List {
    /// The type of each item.
    pub element: TypeRef,
    /// How items are told apart.
    pub relation: Relation,
}

/// How the items of a list are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Not at all: the list is one value.
    Atomic,
    /// By their value.
    Set,
    /// By these fields of theirs.
    Map(Vec<String>),
}

/// The type of a map or struct.
#[derive(Clone, Debug)]
pub struct Map {
    /// Fields known by name, sorted by it.
    pub fields: Vec<Field>,
    /// The type of all other fields, where such are allowed.
    pub element: Option<TypeRef>,
    /// The map is one value.
    pub atomic: bool,
}

impl Map {
    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        let found = self
            .fields
            .binary_search_by(|field| field.name.as_ref().cmp(name));
        found.ok().and_then(|at| self.fields.get(at))
    }

    /// The type of the field of this name, known or not.
    #[must_use]
    pub fn type_of(&self, name: &str) -> Option<&TypeRef> {
        match self.field(name) {
            Some(field) => Some(&field.of),
            None => self.element.as_ref(),
        }
    }
}

/// A field known by name.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in JSON.
    pub name: Box<str>,
    /// Its type.
    pub of: TypeRef,
    /// The schema says it must be there.
    pub required: bool,
    /// How a strategic merge patch treats it.
    pub patch: PatchMeta,
    /// What stands for it where it is missing.
    pub default: Option<Value>,
    /// How Go writes it.
    pub go: GoForm,
    /// What Go calls its type, where the schema alone does not tell: `v1.PullPolicy`.
    pub go_type: Option<&'static str>,
    /// The embedded structs that it comes from, as messages name them: `VolumeSource`.
    pub via: &'static str,
}

/// What the tags `patchStrategy` and `patchMergeKey` say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PatchMeta {
    /// `merge`, `replace`, `retainKeys`.
    pub strategies: Vec<Box<str>>,
    /// The field that tells items apart.
    pub merge_key: Option<Box<str>>,
}

/// How Go writes a field of one of its structs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GoForm {
    /// It is a pointer: its zero value is nothing.
    pub pointer: bool,
    /// It is left out when empty (structs never are).
    pub omit_empty: bool,
    /// It is left out when zero, structs too.
    pub omit_zero: bool,
}
