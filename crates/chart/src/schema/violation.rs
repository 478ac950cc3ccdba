//! What a value does against a schema, and how a report of it reads.

use std::cell::RefCell;
use std::fmt::{self, Write};
use std::rc::Rc;

use windlass_regexp::Regexp;

use super::json::Json;
use super::localize;
use super::number::Number;
use super::pointer::escape;
use super::quote::{quote, single};

/// A step from a value into it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    Key(&'a [u8]),
    Index(usize),
}

/// A rule broken, and the breaches that led to it.
#[derive(Debug)]
pub(super) struct Violation<'a> {
    pub(super) kind: Kind<'a>,
    pub(super) at: Location<'a>,
    pub(super) causes: Vec<Failure<'a>>,
}

/// Where a rule is broken.
#[derive(Debug)]
pub(super) enum Location<'a> {
    Steps(Vec<Step<'a>>),
    /// The first so many steps of a storage, whatever they are when they are shown.
    Shared(Rc<RefCell<Vec<Step<'a>>>>, usize),
}

impl Location<'_> {
    fn pointer(&self) -> Vec<u8> {
        match self {
            Self::Steps(steps) => pointer(steps),
            Self::Shared(steps, len) => pointer(&steps.borrow()[..*len]),
        }
    }
}

/// A breach; without details where only its being there counts.
pub(super) type Failure<'a> = Option<Box<Violation<'a>>>;

/// Which rule is broken.
#[derive(Debug)]
pub(super) enum Kind<'a> {
    /// Several at once.
    Group,
    Reference,
    Not,
    AllOf,
    AnyOf,
    OneOf(Option<(usize, usize)>),
    FalseSchema,
    Foreign(&'static str),
    ReferenceCycle {
        url: String,
        first: String,
        second: String,
    },
    Type {
        got: &'static str,
        want: String,
    },
    Enum(&'a [Json]),
    Const(&'a Json),
    Format {
        got: &'a [u8],
        want: &'static str,
        cause: String,
    },
    /// A count: the keyword, what there is, what is wanted.
    Count(&'static str, usize, i64),
    /// A bound: the keyword, the number, the bound.
    Bound(&'static str, Number, &'a Number),
    Pattern {
        got: &'a [u8],
        want: &'a Regexp,
    },
    AdditionalItems(usize),
    Required(Vec<&'a str>),
    /// Of `dependencies` and `dependentRequired`.
    Dependency {
        property: &'a str,
        missing: Vec<&'a str>,
    },
    AdditionalProperties(Vec<&'a [u8]>),
    PropertyName(&'a [u8]),
    UniqueItems(usize, usize),
    Contains,
    MinContains {
        matched: Vec<usize>,
        want: i64,
    },
    MaxContains {
        matched: Vec<usize>,
        want: i64,
    },
}

/// All that is wrong with a value.
#[derive(Debug)]
pub(super) struct Report<'a> {
    /// The schema.
    pub(super) location: String,
    pub(super) causes: Vec<Failure<'a>>,
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = Bounded {
            left: MAX_REPORT,
            inner: f,
        };
        let all = write!(
            out,
            "jsonschema validation failed with {}",
            single(self.location.as_bytes())
        );
        let causes = |out: &mut _| self.causes.iter().try_for_each(|c| display(out, c, 1));
        match all.and_then(|()| causes(&mut out)) {
            Err(_) if out.left == 0 => {
                write!(
                    f,
                    "\nlimit exceeded: a report of more than {MAX_REPORT} bytes"
                )
            }
            result => result,
        }
    }
}

/// A longer report is cut off: each of a million members may have its own line, and be named in it.
const MAX_REPORT: usize = 8 << 20;

/// A writer that ends with an error once so much was written.
struct Bounded<'f, 'g> {
    left: usize,
    inner: &'f mut fmt::Formatter<'g>,
}

impl fmt::Write for Bounded<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.len() > self.left {
            self.left = 0;
            return Err(fmt::Error);
        }
        self.left -= text.len();
        self.inner.write_str(text)
    }
}

/// Writes a violation and its causes, a line to each, indented by how they nest.
fn display(f: &mut impl fmt::Write, failure: &Failure<'_>, indent: usize) -> fmt::Result {
    let Some(violation) = failure else {
        return Ok(());
    };
    // A reference that only passes on one breach is left out.
    let passes_on = matches!(violation.kind, Kind::Reference) && violation.causes.len() == 1;
    let mut below = indent;
    if !passes_on {
        let indent = "  ".repeat(indent - 1);
        let at = single(&violation.at.pointer());
        write!(f, "\n{indent}- at {at}: {}", violation.kind)?;
        below += 1;
    }
    violation
        .causes
        .iter()
        .try_for_each(|cause| display(f, cause, below))
}

/// The JSON pointer of some steps.
fn pointer(steps: &[Step<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    for step in steps {
        out.push(b'/');
        match step {
            Step::Index(i) => out.extend(i.to_string().bytes()),
            Step::Key(key) => match std::str::from_utf8(key) {
                Ok(key) => out.extend(escape(key).bytes()),
                Err(_) => out.extend_from_slice(key),
            },
        }
    }
    out
}

/// The JSON pointer of some steps as text.
pub(super) fn pointer_text(steps: &[Step<'_>]) -> String {
    String::from_utf8_lossy(&pointer(steps)).into_owned()
}

impl fmt::Display for Kind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group | Self::Reference => f.write_str("validation failed"),
            Self::Not => f.write_str("'not' failed"),
            Self::AllOf => f.write_str("'allOf' failed"),
            Self::AnyOf => f.write_str("'anyOf' failed"),
            Self::OneOf(None) => f.write_str("'oneOf' failed, none matched"),
            Self::OneOf(Some((a, b))) => {
                write!(
                    f,
                    "'oneOf' failed, subschemas {}, {} matched",
                    count(*a),
                    count(*b)
                )
            }
            Self::FalseSchema => f.write_str("false schema"),
            Self::Foreign(name) => write!(f, "invalid jsonType {name}"),
            Self::ReferenceCycle { url, first, second } => write!(
                f,
                "both {first} and {second} resolve to {} causing reference cycle",
                quote(url)
            ),
            Self::Type { got, want } => write!(f, "got {got}, want {want}"),
            Self::Enum(values) => write_enum(f, values),
            Self::Const(Json::Array(_) | Json::Object(_)) => f.write_str("'const' failed"),
            Self::Const(value) => write!(f, "value must be {}", show(value)),
            Self::Format { got, want, cause } => {
                write!(f, "{} is not valid {want}: {cause}", single(got))
            }
            Self::Count(keyword, got, want) => {
                write!(
                    f,
                    "{keyword}: got {}, want {}",
                    count(*got),
                    localize::integer(*want)
                )
            }
            Self::Bound(keyword, got, want) => write!(
                f,
                "{keyword}: got {}, want {}",
                localize::number(got),
                localize::number(want)
            ),
            Self::Pattern { got, want } => write!(
                f,
                "{} does not match pattern {}",
                single(got),
                single(want.text())
            ),
            Self::AdditionalItems(n) => {
                write!(f, "last {} additionalItem(s) not allowed", count(*n))
            }
            Self::Required(missing) => match &**missing {
                [one] => write!(f, "missing property {}", single(one.as_bytes())),
                _ => write!(f, "missing properties {}", list(missing)),
            },
            Self::Dependency { property, missing } => write!(
                f,
                "properties {} required, if {} exists",
                list(missing),
                single(property.as_bytes())
            ),
            Self::AdditionalProperties(names) => {
                write!(f, "additional properties {} not allowed", list(names))
            }
            Self::PropertyName(name) => write!(f, "invalid propertyName {}", single(name)),
            Self::UniqueItems(i, j) => {
                write!(f, "items at {} and {} are equal", count(*i), count(*j))
            }
            Self::Contains => f.write_str("no items match contains schema"),
            Self::MinContains { matched, want } if matched.is_empty() => write!(
                f,
                "min {} items required to match contains schema, but none matched",
                localize::integer(*want)
            ),
            Self::MinContains { matched, want } => write_contains(f, "min", matched, *want),
            Self::MaxContains { matched, want } => write_contains(f, "max", matched, *want),
        }
    }
}

fn write_contains(
    f: &mut fmt::Formatter<'_>,
    bound: &str,
    matched: &[usize],
    want: i64,
) -> fmt::Result {
    let places: Vec<_> = matched.iter().map(usize::to_string).collect();
    write!(
        f,
        "{bound} {} items required to match contains schema, but matched {} items at {}",
        localize::integer(want),
        count(matched.len()),
        places.join(" ")
    )
}

fn write_enum(f: &mut fmt::Formatter<'_>, values: &[Json]) -> fmt::Result {
    if values
        .iter()
        .any(|v| matches!(v, Json::Array(_) | Json::Object(_)))
    {
        return f.write_str("'enum' failed");
    }
    if let [value] = values {
        return write!(f, "value must be {}", show(value));
    }
    let values: Vec<_> = values.iter().map(show).collect();
    write!(f, "value must be one of {}", values.join(", "))
}

/// A value of a schema that is neither array nor object.
fn show(value: &Json) -> String {
    match value {
        Json::String(text) => single(text.as_bytes()),
        Json::Number(text) => text.to_string(),
        Json::Bool(b) => b.to_string(),
        _ => "<nil>".to_owned(),
    }
}

fn count(n: usize) -> String {
    localize::integer(i64::try_from(n).unwrap_or(i64::MAX))
}

fn list<T: AsRef<[u8]>>(names: &[T]) -> String {
    let names: Vec<_> = names.iter().map(|name| single(name.as_ref())).collect();
    names.join(", ")
}
