//! Lists: making, taking apart, searching. Every function gives a new list, of `interface {}` unless
//! it says otherwise.

use std::collections::HashSet;
use std::sync::Arc;

use windlass_template::{Context, Error, Function};
use windlass_value::func::Param::{Any, Int};
use windlass_value::{IntKind, Kind, List, ListType, Str, UintKind, Value, cast};

use crate::call::{Out, any, fixed, int, kind_of, variadic};
use crate::equality::deep_equal;

/// The functions of the family. Go's `must` forms return the error that the others panic with; a
/// template sees no difference.
pub const FUNCTIONS: &[Function] = &[
    variadic("list", &[], Any, list),
    variadic("tuple", &[], Any, list),
    fixed("append", &[Any, Any], push),
    fixed("push", &[Any, Any], push),
    fixed("mustAppend", &[Any, Any], push),
    fixed("mustPush", &[Any, Any], push),
    fixed("prepend", &[Any, Any], prepend),
    fixed("mustPrepend", &[Any, Any], prepend),
    fixed("first", &[Any], first),
    fixed("mustFirst", &[Any], first),
    fixed("rest", &[Any], rest),
    fixed("mustRest", &[Any], rest),
    fixed("last", &[Any], last),
    fixed("mustLast", &[Any], last),
    fixed("initial", &[Any], initial),
    fixed("mustInitial", &[Any], initial),
    fixed("reverse", &[Any], reverse),
    fixed("mustReverse", &[Any], reverse),
    fixed("uniq", &[Any], uniq),
    fixed("mustUniq", &[Any], uniq),
    variadic("without", &[Any], Any, without),
    variadic("mustWithout", &[Any], Any, without),
    fixed("has", &[Any, Any], has),
    fixed("mustHas", &[Any, Any], has),
    variadic("slice", &[Any], Any, slice),
    variadic("mustSlice", &[Any], Any, slice),
    variadic("concat", &[], Any, concat),
    fixed("compact", &[Any], compact),
    fixed("mustCompact", &[Any], compact),
    fixed("chunk", &[Int, Any], chunk),
    fixed("mustChunk", &[Int, Any], chunk),
];

/// The elements of a slice of any type; otherwise the error `… <kind>`.
fn elements<'a>(value: &'a Value, complaint: &str) -> Result<std::borrow::Cow<'a, [Value]>, Error> {
    match value {
        Value::List(list) => Ok(std::borrow::Cow::Borrowed(&list.items)),
        Value::Bytes(bytes) => {
            let bytes = bytes
                .iter()
                .map(|b| Value::Uint(u64::from(*b), UintKind::Uint8));
            Ok(std::borrow::Cow::Owned(bytes.collect()))
        }
        other => Err(Error::message(format!(
            "{complaint} {}",
            kind_of(other)?.name()
        ))),
    }
}

/// A nil `[]interface {}`, which is what Go's functions return of an empty list.
fn nil_list() -> Value {
    Value::List(Arc::new(List::nil(ListType::ANY)))
}

/// Asks for the memory of a list that is a little changed from one that exists.
fn reserve(ctx: &mut dyn Context, len: usize) -> Result<(), Error> {
    ctx.reserve(len.saturating_mul(size_of::<Value>()))
}

fn list(_: &mut dyn Context, args: &[Value]) -> Out {
    Ok(Value::list(args.to_vec()))
}

fn push(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let items = elements(any(args, 0), "Cannot push on type")?;
    reserve(ctx, items.len() + 1)?;
    let mut out = Vec::with_capacity(items.len() + 1);
    out.extend_from_slice(&items);
    out.push(any(args, 1).clone());
    Ok(Value::list(out))
}

fn prepend(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let items = elements(any(args, 0), "Cannot prepend on type")?;
    reserve(ctx, items.len() + 1)?;
    let mut out = Vec::with_capacity(items.len() + 1);
    out.push(any(args, 1).clone());
    out.extend_from_slice(&items);
    Ok(Value::list(out))
}

fn first(_: &mut dyn Context, args: &[Value]) -> Out {
    let items = elements(any(args, 0), "Cannot find first on type")?;
    Ok(items.first().cloned().unwrap_or_default())
}

fn last(_: &mut dyn Context, args: &[Value]) -> Out {
    let items = elements(any(args, 0), "Cannot find last on type")?;
    Ok(items.last().cloned().unwrap_or_default())
}

fn rest(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let items = elements(any(args, 0), "Cannot find rest on type")?;
    reserve(ctx, items.len())?;
    Ok(items
        .get(1..)
        .map_or_else(nil_list, |rest| Value::list(rest.to_vec())))
}

fn initial(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let items = elements(any(args, 0), "Cannot find initial on type")?;
    reserve(ctx, items.len())?;
    Ok(items
        .split_last()
        .map_or_else(nil_list, |(_, start)| Value::list(start.to_vec())))
}

fn reverse(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let items = elements(any(args, 0), "Cannot find reverse on type")?;
    reserve(ctx, items.len())?;
    Ok(Value::list(items.iter().rev().cloned().collect()))
}

fn compact(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let items = elements(any(args, 0), "Cannot compact on type")?;
    reserve(ctx, items.len())?;
    let heap = ctx.heap();
    Ok(Value::list(
        items.iter().filter(|v| v.truth(heap)).cloned().collect(),
    ))
}

/// The scalars that a set can tell apart as [`deep_equal`] does.
#[derive(PartialEq, Eq, Hash)]
enum Scalar<'a> {
    Nil,
    Bool(bool),
    Int(i64, IntKind),
    Uint(u64, UintKind),
    Str(&'a Str),
}

impl<'a> Scalar<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        match value {
            Value::Nil => Some(Self::Nil),
            Value::Bool(b) => Some(Self::Bool(*b)),
            Value::Int(n, kind) => Some(Self::Int(*n, *kind)),
            Value::Uint(n, kind) => Some(Self::Uint(*n, *kind)),
            Value::Str(s) => Some(Self::Str(s)),
            _ => None,
        }
    }
}

fn uniq(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let items = elements(any(args, 0), "Cannot find uniq on type")?;
    reserve(ctx, items.len())?;
    let mut scalars = HashSet::new();
    let mut others: Vec<&Value> = Vec::new();
    let mut out = Vec::new();
    for item in items.iter() {
        let new = match Scalar::of(item) {
            Some(scalar) => scalars.insert(scalar),
            None => {
                // Comparing takes time in the square, which the memory limit bounds too.
                ctx.reserve(others.len() * 32)?;
                let known = contains(ctx, others.iter().copied(), item)?;
                if !known {
                    others.push(item);
                }
                !known
            }
        };
        if new {
            out.push(item.clone());
        }
    }
    Ok(Value::list(out))
}

fn contains<'a>(
    ctx: &mut dyn Context,
    haystack: impl IntoIterator<Item = &'a Value>,
    needle: &Value,
) -> Result<bool, Error> {
    for value in haystack {
        if deep_equal(ctx.heap(), needle, value)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn without(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let items = elements(any(args, 0), "Cannot find without on type")?;
    reserve(ctx, items.len())?;
    let omitted = args.get(1..).unwrap_or_default();
    let mut out = Vec::new();
    for item in items.iter() {
        if !contains(ctx, omitted, item)? {
            out.push(item.clone());
        }
    }
    Ok(Value::list(out))
}

fn has(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let haystack = any(args, 1);
    if haystack.is_nil() {
        return Ok(false.into());
    }
    let items = elements(haystack, "Cannot find has on type")?;
    Ok(contains(ctx, items.iter(), any(args, 0))?.into())
}

/// A part of a slice, of the slice's own type; nil of an empty one.
fn slice(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let value = any(args, 0);
    let items = elements(value, "list should be type of slice or array but")?;
    let len = items.len();
    if len == 0 {
        return Ok(Value::Nil);
    }
    let start = args.get(1).map_or(0, cast::to_int64);
    let end = args.get(2).map_or(len as i64, cast::to_int64);
    let range = match (usize::try_from(start), usize::try_from(end)) {
        (Ok(start), Ok(end)) if start <= end && end <= len => start..end,
        _ => {
            return Err(Error::message(
                "reflect.Value.Slice: slice index out of bounds",
            ));
        }
    };
    reserve(ctx, range.len())?;
    Ok(match value {
        Value::Bytes(bytes) => Value::Bytes(bytes[range].into()),
        Value::List(list) => Value::List(Arc::new(List::new(list.ty, items[range].to_vec()))),
        _ => Value::Nil,
    })
}

fn concat(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let mut out = Vec::new();
    for value in args {
        let kind = kind_of(value)?;
        if kind != Kind::Slice {
            return Err(Error::message(format!(
                "Cannot concat type {} as list",
                kind.name()
            )));
        }
        let items = elements(value, "")?;
        reserve(ctx, items.len())?;
        out.extend_from_slice(&items);
    }
    Ok(if out.is_empty() {
        nil_list()
    } else {
        Value::list(out)
    })
}

/// Cuts a list into lists of a size, the last perhaps shorter: a `[][]interface {}`.
fn chunk(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let size = int(args, 0)?;
    let items = elements(any(args, 1), "Cannot chunk type")?;
    let chunks = ((items.len() as f64 - 1.0) / size as f64).floor() + 1.0;
    // Go makes the outer list of this length, which for a size of zero is no number.
    if !chunks.is_finite() || chunks < 0.0 {
        return Err(Error::message(MAKESLICE));
    }
    reserve(ctx, items.len())?;
    ctx.reserve((chunks as usize).saturating_mul(size_of::<List>() + size_of::<Value>()))?;
    let mut out = Vec::new();
    if chunks == 1.0 {
        if items.is_empty() || size == -1 {
            // The one chunk would get the length of the negative size.
            return Err(Error::message(MAKESLICE));
        }
        out.push(Value::list(items.to_vec()));
    } else if chunks > 1.0 {
        let size = usize::try_from(size).map_err(|_| Error::message(MAKESLICE))?;
        out.extend(items.chunks(size).map(|chunk| Value::list(chunk.to_vec())));
    }
    Ok(Value::List(Arc::new(List::new(ListType::LISTS, out))))
}

const MAKESLICE: &str = "runtime error: makeslice: len out of range";
