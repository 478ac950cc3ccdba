//! Strings to lists and maps of strings, and back.

use memchr::memmem;
use windlass_template::{Context, Error};
use windlass_value::fmt::runes;
use windlass_value::{MapType, Str, Value};

use crate::call::{Out, any, int, reserve_string, string};
use crate::text;

pub(super) fn to_strings(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let value = any(args, 0);
    if value.type_name(ctx.heap()) == "[]string" {
        return Ok(value.clone());
    }
    Ok(Value::strings(text::strings(ctx.heap(), value)))
}

pub(super) fn join(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let parts = text::strings(ctx.heap(), any(args, 1));
    let separator = string(args, 0)?;
    let size = parts.iter().map(|p| p.len()).sum::<usize>();
    let size = size
        + separator
            .len()
            .saturating_mul(parts.len().saturating_sub(1));
    reserve_string(ctx, size)?;
    let mut out = Vec::with_capacity(size);
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            out.extend_from_slice(separator);
        }
        out.extend_from_slice(part);
    }
    Ok(Value::str(out))
}

pub(super) fn split(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let parts = pieces(ctx, string(args, 1)?, string(args, 0)?, -1)?;
    Ok(numbered(ctx, parts))
}

pub(super) fn splitn(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let parts = pieces(ctx, string(args, 2)?, string(args, 0)?, int(args, 1)?)?;
    Ok(numbered(ctx, parts))
}

pub(super) fn split_list(ctx: &mut dyn Context, args: &[Value]) -> Out {
    Ok(Value::strings(pieces(
        ctx,
        string(args, 1)?,
        string(args, 0)?,
        -1,
    )?))
}

/// `map[string]string` of the parts under `_0`, `_1`, …
fn numbered(ctx: &mut dyn Context, parts: Vec<Str>) -> Value {
    let entries = parts.into_iter().enumerate();
    let entries = entries
        .map(|(i, part)| (format!("_{i}").into(), Value::Str(part)))
        .collect();
    Value::Map(ctx.heap_mut().map_from(MapType::Strings, entries))
}

/// Go's `strings.SplitN`: at most `limit` parts if it is not negative; an empty separator splits
/// after each rune.
fn pieces(
    ctx: &mut dyn Context,
    s: &[u8],
    separator: &[u8],
    limit: i64,
) -> Result<Vec<Str>, Error> {
    if limit == 0 {
        return Ok(Vec::new());
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let count = if separator.is_empty() {
        runes(s).take(limit).count()
    } else {
        1 + memmem::find_iter(s, separator).take(limit - 1).count()
    };
    ctx.reserve(count.saturating_mul(PIECE_BYTES))?;
    let cuts: Vec<(usize, usize)> = if separator.is_empty() {
        if s.is_empty() {
            return Ok(Vec::new());
        }
        runes(s)
            .skip(1)
            .map(|(at, _)| (at, at))
            .take(limit - 1)
            .collect()
    } else {
        let found = memmem::find_iter(s, separator);
        found
            .map(|at| (at, at + separator.len()))
            .take(limit - 1)
            .collect()
    };
    let mut parts = Vec::with_capacity(cuts.len() + 1);
    let mut from = 0;
    for (end, next) in cuts {
        parts.push(Str::from(&s[from..end]));
        from = next;
    }
    parts.push(Str::from(&s[from..]));
    Ok(parts)
}

/// What a part costs beyond its bytes, for the memory limit.
const PIECE_BYTES: usize = size_of::<Value>() + 32;

/// The elements as strings in the order of their bytes; a list of one for what is no list.
pub(super) fn sort_alpha(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let value = any(args, 0);
    let mut strings = match value {
        // Go sorts a list of strings in place, so that a nil one stays nil.
        Value::List(list) if list.nil && list.ty.name == "[]string" => return Ok(value.clone()),
        Value::List(_) | Value::Bytes(_) => text::strings(ctx.heap(), value),
        other => vec![text::strval(ctx.heap(), other)],
    };
    strings.sort_unstable();
    Ok(Value::strings(strings))
}
