//! Strings: trimming, cutting, searching, splitting, joining, quoting, indenting.
//!
//! Strings are bytes, as in Go: lengths and offsets count bytes, and what cuts a character in two
//! leaves two invalid halves. Case and words are in [`case`], line wrapping in [`wrap`].

pub(crate) mod case;
mod split;
mod trim;
mod wrap;

use memchr::memmem;
use windlass_template::{Context, Error, Function};
use windlass_value::func::Param::{Any, Int, String};
use windlass_value::{Str, Value};

use crate::call::{Out, any, fixed, int, reserve_string, string, variadic};
use crate::text;

/// The functions of the family.
pub const FUNCTIONS: &[Function] = &[
    fixed("hello", &[], |_, _| Ok("Hello!".into())),
    fixed("abbrev", &[Int, String], abbrev),
    fixed("abbrevboth", &[Int, Int, String], abbrevboth),
    fixed("trunc", &[Int, String], trunc),
    fixed("substr", &[Int, Int, String], substr),
    fixed("repeat", &[Int, String], repeat),
    fixed("trim", &[String], trim::trim),
    fixed("trimall", &[String, String], trim::trim_all),
    fixed("trimAll", &[String, String], trim::trim_all),
    fixed("trimSuffix", &[String, String], trim::trim_suffix),
    fixed("trimPrefix", &[String, String], trim::trim_prefix),
    fixed("nospace", &[String], trim::nospace),
    fixed("upper", &[String], case::upper),
    fixed("lower", &[String], case::lower),
    fixed("title", &[String], case::title),
    fixed("untitle", &[String], case::untitle),
    fixed("initials", &[String], case::initials),
    fixed("swapcase", &[String], case::swapcase),
    fixed("snakecase", &[String], case::snakecase),
    fixed("kebabcase", &[String], case::kebabcase),
    fixed("camelcase", &[String], case::camelcase),
    fixed("wrap", &[Int, String], wrap::wrap),
    fixed("wrapWith", &[Int, String, String], wrap::wrap_with),
    fixed("contains", &[String, String], contains),
    fixed("hasPrefix", &[String, String], |_, args| {
        Ok(string(args, 1)?.starts_with(string(args, 0)?).into())
    }),
    fixed("hasSuffix", &[String, String], |_, args| {
        Ok(string(args, 1)?.ends_with(string(args, 0)?).into())
    }),
    variadic("quote", &[], Any, quote),
    variadic("squote", &[], Any, squote),
    variadic("cat", &[], Any, cat),
    fixed("indent", &[Int, String], indent),
    fixed("nindent", &[Int, String], nindent),
    fixed("replace", &[String, String, String], replace),
    fixed("plural", &[String, String, Int], plural),
    fixed("toString", &[Any], |ctx, args| {
        Ok(Value::Str(text::strval(ctx.heap(), any(args, 0))))
    }),
    fixed("toStrings", &[Any], split::to_strings),
    fixed("join", &[String, Any], split::join),
    fixed("split", &[String, String], split::split),
    fixed("splitn", &[String, Int, String], split::splitn),
    fixed("splitList", &[String, String], split::split_list),
    fixed("sortAlpha", &[Any], split::sort_alpha),
];

/// The dots that stand for what `abbrev` leaves out.
const ELLIPSIS: &[u8] = b"...";

fn abbrev(_: &mut dyn Context, args: &[Value]) -> Out {
    let (width, s) = (int(args, 0)?, string(args, 1)?);
    if width < 4 {
        return Ok(Value::Str(s.clone()));
    }
    Ok(Value::Str(abbreviate(s, 0, width)))
}

fn abbrevboth(_: &mut dyn Context, args: &[Value]) -> Out {
    let (left, right, s) = (int(args, 0)?, int(args, 1)?, string(args, 2)?);
    if right < 4 || left > 0 && right < 7 {
        return Ok(Value::Str(s.clone()));
    }
    Ok(Value::Str(abbreviate(s, left, right)))
}

/// Cuts a string to `width` bytes (at least 4, and at least 7 with a positive offset), keeping what
/// stands at `offset` in sight.
fn abbreviate(s: &Str, offset: i64, width: i64) -> Str {
    let len = text::length(s);
    if len <= width {
        return s.clone();
    }
    // From here on `width` is less than the length of a string in memory.
    let room = (width - 3) as usize;
    let mut offset = offset.min(len);
    if len.wrapping_sub(offset) < width - 3 {
        offset = len - (width - 3);
    }
    if offset <= 4 {
        return [&s[..room], ELLIPSIS].concat().into();
    }
    if width < 7 {
        // Only an offset that overflowed comes here; the error Go returns is dropped by Sprig.
        return "".into();
    }
    let tail = &s[offset as usize..];
    if tail.len() <= room {
        return [ELLIPSIS, &s[s.len() - room..]].concat().into();
    }
    // Dots on both sides: the window is shorter by three once more.
    [ELLIPSIS, &tail[..room - 3], ELLIPSIS].concat().into()
}

fn trunc(_: &mut dyn Context, args: &[Value]) -> Out {
    let (count, s) = (int(args, 0)?, string(args, 1)?);
    let len = text::length(s);
    Ok(if count < 0 && len + count > 0 {
        Value::str(&s[(len + count) as usize..])
    } else if count >= 0 && len > count {
        Value::str(&s[..count as usize])
    } else {
        Value::Str(s.clone())
    })
}

fn substr(_: &mut dyn Context, args: &[Value]) -> Out {
    let (start, end, s) = (int(args, 0)?, int(args, 1)?, string(args, 2)?);
    let len = text::length(s);
    if start < 0 {
        if end < 0 {
            return Err(out_of_range(&format!("[:{end}]")));
        }
        if end > len {
            return Err(out_of_range(&format!("[:{end}] with length {len}")));
        }
        return Ok(Value::str(&s[..end as usize]));
    }
    if end < 0 || end > len {
        if start > len {
            return Err(out_of_range(&format!("[{start}:{len}]")));
        }
        return Ok(Value::str(&s[start as usize..]));
    }
    if start > end {
        return Err(out_of_range(&format!("[{start}:{end}]")));
    }
    Ok(Value::str(&s[start as usize..end as usize]))
}

fn out_of_range(slice: &str) -> Error {
    Error::message(format!("runtime error: slice bounds out of range {slice}"))
}

fn repeat(ctx: &mut dyn Context, args: &[Value]) -> Out {
    Ok(Value::str(repeated(ctx, string(args, 1)?, int(args, 0)?)?))
}

/// `strings.Repeat`
fn repeated(ctx: &mut dyn Context, s: &[u8], count: i64) -> Result<Vec<u8>, Error> {
    let count =
        usize::try_from(count).map_err(|_| Error::message("strings: negative Repeat count"))?;
    match s.len().checked_mul(count) {
        Some(n) if i64::try_from(n).is_ok() => {
            reserve_string(ctx, n)?;
            Ok(s.repeat(count))
        }
        _ => Err(Error::message("strings: Repeat output length overflow")),
    }
}

fn contains(_: &mut dyn Context, args: &[Value]) -> Out {
    Ok(memmem::find(string(args, 1)?, string(args, 0)?)
        .is_some()
        .into())
}

fn quote(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let mut out = Vec::new();
    for value in args.iter().filter(|v| !v.is_nil()) {
        if !out.is_empty() {
            out.push(b' ');
        }
        windlass_value::fmt::append_quoted(&mut out, &text::strval(ctx.heap(), value), false);
    }
    Ok(Value::str(out))
}

fn squote(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let mut out = Vec::new();
    for value in args.iter().filter(|v| !v.is_nil()) {
        if !out.is_empty() {
            out.push(b' ');
        }
        out.push(b'\'');
        out.extend_from_slice(&text::sprint(ctx.heap(), value));
        out.push(b'\'');
    }
    Ok(Value::str(out))
}

fn cat(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let mut out = Vec::new();
    for (i, value) in args.iter().filter(|v| !v.is_nil()).enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(&text::sprint(ctx.heap(), value));
    }
    Ok(Value::str(out))
}

fn indent(ctx: &mut dyn Context, args: &[Value]) -> Out {
    Ok(Value::str(indented(ctx, args, b"")?))
}

fn nindent(ctx: &mut dyn Context, args: &[Value]) -> Out {
    Ok(Value::str(indented(ctx, args, b"\n")?))
}

/// Each line of the string after that many spaces, the whole behind `start`.
fn indented(ctx: &mut dyn Context, args: &[Value], start: &[u8]) -> Result<Vec<u8>, Error> {
    let (spaces, s) = (int(args, 0)?, string(args, 1)?);
    let lines = memchr::memchr_iter(b'\n', s).count() + 1;
    let padding = usize::try_from(spaces).unwrap_or(0).saturating_mul(lines);
    reserve_string(ctx, s.len().saturating_add(padding))?;
    let pad = repeated(ctx, b" ", spaces)?;
    let mut out = Vec::with_capacity(start.len() + s.len() + pad.len() * lines);
    out.extend_from_slice(start);
    for line in s.split_inclusive(|b| *b == b'\n') {
        out.extend_from_slice(&pad);
        out.extend_from_slice(line);
    }
    if s.last().is_none_or(|b| *b == b'\n') {
        out.extend_from_slice(&pad);
    }
    Ok(out)
}

fn replace(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let (old, new, s) = (string(args, 0)?, string(args, 1)?, string(args, 2)?);
    if old == new {
        return Ok(Value::Str(s.clone()));
    }
    let found: Vec<usize> = if old.is_empty() {
        let starts = windlass_value::fmt::runes(s).map(|(at, _)| at);
        starts.chain([s.len()]).collect()
    } else {
        memmem::find_iter(s, old.as_bytes()).collect()
    };
    if found.is_empty() {
        return Ok(Value::Str(s.clone()));
    }
    let size = s.len() - found.len() * old.len() + found.len().saturating_mul(new.len());
    reserve_string(ctx, size)?;
    let mut out = Vec::with_capacity(size);
    let mut from = 0;
    for at in found {
        out.extend_from_slice(&s[from..at]);
        out.extend_from_slice(new);
        from = at + old.len();
    }
    out.extend_from_slice(&s[from..]);
    Ok(Value::str(out))
}

fn plural(_: &mut dyn Context, args: &[Value]) -> Out {
    let index = if int(args, 2)? == 1 { 0 } else { 1 };
    Ok(Value::Str(string(args, index)?.clone()))
}
