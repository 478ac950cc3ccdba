//! Semantic versions: `semver`, `semverCompare`, and the version as templates see it.

use std::any::Any;
use std::cmp::Ordering;

use windlass_template::Function;
use windlass_value::func::Param::String;
use windlass_value::func::{CallError, Method, Param};
use windlass_value::object::Field;
use windlass_value::{Heap, Kind, Object, Str, UintKind, Value};
use windlass_version::{Constraints, Version};

use crate::call::{fixed, string};

/// The functions of the family.
pub const FUNCTIONS: &[Function] = &[
    fixed("semver", &[String], |_, args| {
        let version = Version::parse(string(args, 0)?.as_bytes()).map_err(|e| e.to_string())?;
        Ok(Value::object(SemVer {
            version,
            pointer: true,
        }))
    }),
    fixed("semverCompare", &[String, String], |_, args| {
        let constraints =
            Constraints::parse(string(args, 0)?.as_bytes()).map_err(|e| e.to_string())?;
        let version = Version::parse(string(args, 1)?.as_bytes()).map_err(|e| e.to_string())?;
        Ok(constraints.check(&version).into())
    }),
];

/// A version: Go's `*semver.Version`, or the plain `semver.Version` that the increments give, which
/// lacks the methods of the pointer.
#[derive(Debug, Clone)]
pub struct SemVer {
    version: Version,
    pointer: bool,
}

impl SemVer {
    /// Whether all is the same, metadata and spelling included.
    pub(crate) fn identical(&self, other: &Self) -> bool {
        let (a, b) = (&self.version, &other.version);
        (a.major(), a.minor(), a.patch()) == (b.major(), b.minor(), b.patch())
            && (a.prerelease(), a.metadata(), a.original())
                == (b.prerelease(), b.metadata(), b.original())
    }
}

/// What Sprig's deep copy makes of a version: it copies exported fields only, and there are none.
pub(crate) fn copied(value: &Value) -> Option<Value> {
    let pointer = value.downcast::<SemVer>()?.pointer;
    let version = Version::parse("0.0.0").ok()?;
    Some(Value::object(SemVer { version, pointer }))
}

impl Object for SemVer {
    fn type_name(&self) -> &'static str {
        if self.pointer {
            POINTER
        } else {
            "semver.Version"
        }
    }

    fn kind(&self) -> Kind {
        if self.pointer {
            Kind::Ptr
        } else {
            Kind::Struct
        }
    }

    fn all_fields(&self) -> Vec<(Field, Value)> {
        let v = &self.version;
        [
            ("major", number(v.major())),
            ("minor", number(v.minor())),
            ("patch", number(v.patch())),
            ("pre", v.prerelease().into()),
            ("metadata", v.metadata().into()),
            ("original", v.original().into()),
        ]
        .map(|(name, value)| (Field::plain(name), value))
        .into()
    }

    fn methods(&self) -> &'static [Method] {
        if self.pointer {
            POINTER_METHODS
        } else {
            VALUE_METHODS
        }
    }

    fn display(&self) -> Option<Str> {
        Some(self.version.to_string().into())
    }

    fn to_json(&self) -> Option<Result<std::string::String, std::string::String>> {
        Some(Ok(quoted(&self.version)))
    }

    /// Pointers are equal if they are the same one, structs if all their fields are.
    fn equals(&self, other: &dyn Object, _: &Heap) -> Option<bool> {
        let other = other.as_any().downcast_ref::<Self>()?;
        Some(if self.pointer {
            std::ptr::eq(self, other)
        } else {
            self.identical(other)
        })
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

const POINTER: &str = "*semver.Version";

/// A method without arguments that cannot fail.
macro_rules! getter {
    ($name:literal, $get:expr) => {
        Method::new($name, &[], |_, receiver, _| {
            let get: fn(&Version) -> Value = $get;
            Ok(get(version(receiver)?))
        })
    };
}

/// A method that gives the next version, as a struct.
macro_rules! increment {
    ($name:literal, $increment:expr) => {
        Method::new($name, &[], |_, receiver, _| {
            let next = $increment(version(receiver)?).map_err(|e| e.to_string())?;
            Ok(Value::object(SemVer {
                version: next,
                pointer: false,
            }))
        })
    };
}

/// A method that gives the version with a part set, as a struct.
macro_rules! setter {
    ($name:literal, $set:expr) => {
        Method::new($name, &[Param::String], |_, receiver, args| {
            let text = args
                .first()
                .and_then(Value::as_str)
                .cloned()
                .unwrap_or_default();
            let changed = $set(version(receiver)?, &*text.to_text());
            let changed = changed.map_err(|e| e.to_string())?;
            Ok(Value::object(SemVer {
                version: changed,
                pointer: false,
            }))
        })
    };
}

/// A method that compares with another version.
macro_rules! comparison {
    ($name:literal, $answer:expr) => {
        Method::new($name, &[Param::Named(POINTER)], |_, receiver, args| {
            let answer: fn(Ordering) -> Value = $answer;
            let other = version(args.first().unwrap_or(&Value::Nil))?;
            Ok(answer(version(receiver)?.cmp(other)))
        })
    };
}

/// The methods of the pointer; the struct has those before `Original`.
const POINTER_METHODS: &[Method] = &[
    getter!("Major", |v| number(v.major())),
    getter!("Minor", |v| number(v.minor())),
    getter!("Patch", |v| number(v.patch())),
    getter!("Prerelease", |v| v.prerelease().into()),
    getter!("Metadata", |v| v.metadata().into()),
    getter!("String", |v| v.to_string().into()),
    getter!("Value", |v| v.to_string().into()),
    getter!("MarshalJSON", |v| Value::Bytes(quoted(v).into())),
    getter!("MarshalText", |v| Value::Bytes(v.to_string().into())),
    increment!("IncMajor", Version::inc_major),
    increment!("IncMinor", Version::inc_minor),
    increment!("IncPatch", Version::inc_patch),
    setter!("SetPrerelease", Version::with_prerelease),
    setter!("SetMetadata", Version::with_metadata),
    getter!("Original", |v| v.original().into()),
    comparison!("Compare", |ordering| Value::int(ordering as i64)),
    Method::new("Equal", &[Param::Named(POINTER)], |_, receiver, args| {
        let other = args.first().and_then(Value::downcast::<SemVer>);
        Ok(other
            .is_some_and(|v| version(receiver) == Ok(&v.version))
            .into())
    }),
    comparison!("LessThan", |ordering| ordering.is_lt().into()),
    comparison!("LessThanEqual", |ordering| ordering.is_le().into()),
    comparison!("GreaterThan", |ordering| ordering.is_gt().into()),
    comparison!("GreaterThanEqual", |ordering| ordering.is_ge().into()),
];

const VALUE_METHODS: &[Method] = POINTER_METHODS.split_at(14).0;

fn version(value: &Value) -> Result<&Version, CallError> {
    // A nil pointer is the only other thing that the machine lets through.
    let text = "runtime error: invalid memory address or nil pointer dereference";
    value
        .downcast::<SemVer>()
        .map(|v| &v.version)
        .ok_or_else(|| text.into())
}

fn number(n: u64) -> Value {
    Value::Uint(n, UintKind::Uint64)
}

/// The version as JSON; no version has a character that needs escaping.
fn quoted(version: &Version) -> std::string::String {
    format!("\"{version}\"")
}
