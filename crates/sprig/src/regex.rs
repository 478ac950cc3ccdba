//! The functions over regular expressions. Everything of Go's `regexp` package is in
//! [`windlass_regexp`]; here are the signatures, and how bad expressions are told.

use std::rc::Rc;

use windlass_regexp::Regexp;
use windlass_template::{Context, Error, Function};
use windlass_value::func::Param::{Int, String};
use windlass_value::{List, ListType, Str, Value, fmt};

use crate::call::{Out, fixed, int, string};

/// The functions of the family. Without `must`, a bad expression panics in Go, with other words.
pub const FUNCTIONS: &[Function] = &[
    fixed("regexMatch", &[String, String], |_, args| {
        Ok(compile(args)
            .is_ok_and(|regexp| matches(&regexp, args))
            .into())
    }),
    fixed("mustRegexMatch", &[String, String], |_, args| {
        Ok(matches(&*compile(args)?, args).into())
    }),
    fixed("regexFind", &[String, String], |_, args| {
        find(&*must_compile(args)?, args)
    }),
    fixed("mustRegexFind", &[String, String], |_, args| {
        find(&*compile(args)?, args)
    }),
    fixed("regexFindAll", &[String, String, Int], |ctx, args| {
        find_all(ctx, &*must_compile(args)?, args)
    }),
    fixed("mustRegexFindAll", &[String, String, Int], |ctx, args| {
        find_all(ctx, &*compile(args)?, args)
    }),
    fixed("regexReplaceAll", &[String, String, String], |ctx, args| {
        replace_all(ctx, &*must_compile(args)?, args)
    }),
    fixed(
        "mustRegexReplaceAll",
        &[String, String, String],
        |ctx, args| replace_all(ctx, &*compile(args)?, args),
    ),
    fixed(
        "regexReplaceAllLiteral",
        &[String, String, String],
        |ctx, args| replace_all_literal(ctx, &*must_compile(args)?, args),
    ),
    fixed(
        "mustRegexReplaceAllLiteral",
        &[String, String, String],
        |ctx, args| replace_all_literal(ctx, &*compile(args)?, args),
    ),
    fixed("regexSplit", &[String, String, Int], |ctx, args| {
        split(ctx, &*must_compile(args)?, args)
    }),
    fixed("mustRegexSplit", &[String, String, Int], |ctx, args| {
        split(ctx, &*compile(args)?, args)
    }),
    fixed("regexQuoteMeta", &[String], quote_meta),
];

/// Go's `regexp.Compile` of the first argument.
fn compile(args: &[Value]) -> Result<Rc<Regexp>, Error> {
    Regexp::cached(string(args, 0)?).map_err(|e| Error::message(e.to_string()))
}

/// Go's `regexp.MustCompile` of the first argument.
fn must_compile(args: &[Value]) -> Result<Rc<Regexp>, Error> {
    let text = string(args, 0)?;
    Regexp::cached(text).map_err(|e| {
        let text = if can_backquote(text) {
            format!("`{}`", text.to_text())
        } else {
            fmt::quote(text)
        };
        Error::message(format!("regexp: Compile({text}): {e}"))
    })
}

/// Go's `strconv.CanBackquote`: one line of text without backquotes and control characters.
fn can_backquote(text: &Str) -> bool {
    let plain = |c: char| !matches!(c, '\u{feff}' | '`' | '\u{7f}') && (c >= ' ' || c == '\t');
    text.as_str().is_some_and(|s| s.chars().all(plain))
}

fn matches(regexp: &Regexp, args: &[Value]) -> bool {
    args.get(1)
        .and_then(Value::as_str)
        .is_some_and(|s| regexp.is_match(s))
}

fn find(regexp: &Regexp, args: &[Value]) -> Out {
    let s = string(args, 1)?;
    let found = regexp.find(s);
    Ok(found.map_or_else(|| "".into(), |range| Value::str(&s[range])))
}

fn find_all(ctx: &mut dyn Context, regexp: &Regexp, args: &[Value]) -> Out {
    let s = string(args, 1)?;
    let found = regexp.find_all(s, int(args, 2)?);
    ctx.reserve(found.len().saturating_mul(PIECE_BYTES))?;
    if found.is_empty() {
        return Ok(nil_strings());
    }
    Ok(Value::strings(found.into_iter().map(|range| &s[range])))
}

fn split(ctx: &mut dyn Context, regexp: &Regexp, args: &[Value]) -> Out {
    let (s, limit) = (string(args, 1)?, int(args, 2)?);
    if limit == 0 {
        return Ok(nil_strings());
    }
    let parts = regexp.split(s, limit);
    ctx.reserve(parts.len().saturating_mul(PIECE_BYTES))?;
    Ok(Value::strings(parts))
}

fn nil_strings() -> Value {
    Value::List(List::nil(ListType::STRINGS).into())
}

/// What a part costs beyond its bytes, for the memory limit.
const PIECE_BYTES: usize = size_of::<Value>() + 32;

fn replace_all(ctx: &mut dyn Context, regexp: &Regexp, args: &[Value]) -> Out {
    let (s, replacement) = (string(args, 1)?, string(args, 2)?);
    let replaced = regexp.replace_all(s, replacement, |bytes| ctx.reserve(bytes))?;
    Ok(replaced.map_or_else(|| Value::Str(s.clone()), Value::str))
}

fn replace_all_literal(ctx: &mut dyn Context, regexp: &Regexp, args: &[Value]) -> Out {
    let (s, replacement) = (string(args, 1)?, string(args, 2)?);
    let replaced = regexp.replace_all_literal(s, replacement, |bytes| ctx.reserve(bytes))?;
    Ok(replaced.map_or_else(|| Value::Str(s.clone()), Value::str))
}

fn quote_meta(_: &mut dyn Context, args: &[Value]) -> Out {
    Ok(Value::str(windlass_regexp::quote_meta(string(args, 0)?)))
}
