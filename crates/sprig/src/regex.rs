//! The functions over regular expressions. Everything of Go's `regexp` package is in
//! [`windlass_regexp`]; here are the signatures, and how bad expressions are told.

use std::rc::Rc;

use windlass_regexp::{Cost, Regexp};
use windlass_template::{Context, Error, Function};
use windlass_value::func::Param::{Int, String};
use windlass_value::{List, ListType, Str, Value, fmt};

use crate::call::{Out, fixed, int, string};

/// The functions of the family. Without `must`, a bad expression panics in Go, with other words.
pub const FUNCTIONS: &[Function] = &[
    fixed("regexMatch", &[String, String], |ctx, args| {
        match compile(ctx, args) {
            Ok(regexp) => Ok(matches(ctx, &regexp, args)?.into()),
            Err(e) if e.limit().is_some() => Err(e),
            Err(_) => Ok(false.into()),
        }
    }),
    fixed("mustRegexMatch", &[String, String], |ctx, args| {
        let regexp = compile(ctx, args)?;
        Ok(matches(ctx, &regexp, args)?.into())
    }),
    fixed("regexFind", &[String, String], |ctx, args| {
        let regexp = must_compile(ctx, args)?;
        find(ctx, &regexp, args)
    }),
    fixed("mustRegexFind", &[String, String], |ctx, args| {
        let regexp = compile(ctx, args)?;
        find(ctx, &regexp, args)
    }),
    fixed("regexFindAll", &[String, String, Int], |ctx, args| {
        let regexp = must_compile(ctx, args)?;
        find_all(ctx, &regexp, args)
    }),
    fixed("mustRegexFindAll", &[String, String, Int], |ctx, args| {
        let regexp = compile(ctx, args)?;
        find_all(ctx, &regexp, args)
    }),
    fixed("regexReplaceAll", &[String, String, String], |ctx, args| {
        let regexp = must_compile(ctx, args)?;
        replace_all(ctx, &regexp, args)
    }),
    fixed(
        "mustRegexReplaceAll",
        &[String, String, String],
        |ctx, args| {
            let regexp = compile(ctx, args)?;
            replace_all(ctx, &regexp, args)
        },
    ),
    fixed(
        "regexReplaceAllLiteral",
        &[String, String, String],
        |ctx, args| {
            let regexp = must_compile(ctx, args)?;
            replace_all_literal(ctx, &regexp, args)
        },
    ),
    fixed(
        "mustRegexReplaceAllLiteral",
        &[String, String, String],
        |ctx, args| {
            let regexp = compile(ctx, args)?;
            replace_all_literal(ctx, &regexp, args)
        },
    ),
    fixed("regexSplit", &[String, String, Int], |ctx, args| {
        let regexp = must_compile(ctx, args)?;
        split(ctx, &regexp, args)
    }),
    fixed("mustRegexSplit", &[String, String, Int], |ctx, args| {
        let regexp = compile(ctx, args)?;
        split(ctx, &regexp, args)
    }),
    fixed("regexQuoteMeta", &[String], quote_meta),
];

/// What an expression that is none counts of the render's steps: it may have been compiled up to the
/// limit of its size.
const REFUSED_STEPS: u64 = 200_000;

/// What reading a byte of an expression counts.
const PARSED_STEPS: u64 = 16;

/// The compiled form of an expression, or what is wrong with it. Compiling counts as work.
fn cached(
    ctx: &mut dyn Context,
    text: &Str,
) -> Result<Result<Rc<Regexp>, windlass_regexp::Error>, Error> {
    if let Some(known) = Regexp::known(text) {
        return Ok(Ok(known));
    }
    ctx.work(text.len() as u64 * PARSED_STEPS)?;
    let compiled = Regexp::cached(text);
    let steps = compiled
        .as_ref()
        .map_or(REFUSED_STEPS, |regexp| regexp.compiled_steps());
    ctx.work(steps)?;
    Ok(compiled)
}

/// Counts the work of searching through a string, and of compiling what that needs.
fn search(ctx: &mut dyn Context, regexp: &Regexp, s: &[u8]) -> Result<(), Error> {
    ctx.reserve(Regexp::search_bytes(s))?;
    ctx.work(regexp.search_steps(s))
}

/// Lets a search pay from the render's budget.
fn pay(ctx: &mut dyn Context) -> impl FnMut(Cost) -> Result<(), Error> {
    |cost| match cost {
        Cost::Bytes(bytes) => ctx.reserve(bytes),
        Cost::Steps(steps) => ctx.work(steps),
    }
}

/// Go's `regexp.Compile` of the first argument.
fn compile(ctx: &mut dyn Context, args: &[Value]) -> Result<Rc<Regexp>, Error> {
    cached(ctx, string(args, 0)?)?.map_err(|e| Error::message(e.to_string()))
}

/// Go's `regexp.MustCompile` of the first argument.
fn must_compile(ctx: &mut dyn Context, args: &[Value]) -> Result<Rc<Regexp>, Error> {
    let text = string(args, 0)?;
    cached(ctx, text)?.map_err(|e| {
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

fn matches(ctx: &mut dyn Context, regexp: &Regexp, args: &[Value]) -> Result<bool, Error> {
    let s = string(args, 1)?;
    search(ctx, regexp, s)?;
    Ok(regexp.is_match(s))
}

fn find(ctx: &mut dyn Context, regexp: &Regexp, args: &[Value]) -> Out {
    let s = string(args, 1)?;
    search(ctx, regexp, s)?;
    let found = regexp.find(s);
    Ok(found.map_or_else(|| "".into(), |range| Value::str(&s[range])))
}

fn find_all(ctx: &mut dyn Context, regexp: &Regexp, args: &[Value]) -> Out {
    let s = string(args, 1)?;
    search(ctx, regexp, s)?;
    let found = regexp.find_all(s, int(args, 2)?, pay(ctx))?;
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
    search(ctx, regexp, s)?;
    let parts = regexp.split(s, limit, pay(ctx))?;
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
    search(ctx, regexp, s)?;
    // Each reference is kept, and the text before it.
    const REFERENCE: usize = 48;
    let references = replacement.iter().filter(|b| **b == b'$').count();
    ctx.reserve(references * REFERENCE)?;
    let replaced = regexp.replace_all(s, replacement, pay(ctx))?;
    Ok(replaced.map_or_else(|| Value::Str(s.clone()), Value::str))
}

fn replace_all_literal(ctx: &mut dyn Context, regexp: &Regexp, args: &[Value]) -> Out {
    let (s, replacement) = (string(args, 1)?, string(args, 2)?);
    search(ctx, regexp, s)?;
    let replaced = regexp.replace_all_literal(s, replacement, pay(ctx))?;
    Ok(replaced.map_or_else(|| Value::Str(s.clone()), Value::str))
}

fn quote_meta(_: &mut dyn Context, args: &[Value]) -> Out {
    Ok(Value::str(windlass_regexp::quote_meta(string(args, 0)?)))
}
