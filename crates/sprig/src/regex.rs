//! Regular expressions as Go's `regexp` package has them.
//!
//! [`syntax`] reads Go's dialect with Go's errors and builds the representation of `regex-syntax`;
//! [`program`] compiles that with `regex-automata`, which searches leftmost-first like Go; [`walk`]
//! has Go's rules for what comes after an empty match. What is compiled is kept per thread.

mod ascii;
mod class;
mod program;
mod syntax;
mod template;
mod walk;

use std::rc::Rc;

use windlass_template::{Context, Error, Function};
use windlass_value::func::Param::{Int, String};
use windlass_value::{List, ListType, Str, Value, fmt};

use crate::call::{Out, fixed, int, string};
use program::Program;

/// The functions of the family. Without `must`, a bad expression panics in Go, with other words.
pub const FUNCTIONS: &[Function] = &[
    fixed("regexMatch", &[String, String], |_, args| {
        Ok(compile(args)
            .is_ok_and(|program| matches(&program, args))
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
fn compile(args: &[Value]) -> Result<Rc<Program>, Error> {
    program::cached(string(args, 0)?).map_err(Error::from)
}

/// Go's `regexp.MustCompile` of the first argument.
fn must_compile(args: &[Value]) -> Result<Rc<Program>, Error> {
    let text = string(args, 0)?;
    program::cached(text).map_err(|e| {
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

fn matches(program: &Program, args: &[Value]) -> bool {
    args.get(1)
        .and_then(Value::as_str)
        .is_some_and(|s| program.searcher(s).find(0, 1).is_some())
}

fn find(program: &Program, args: &[Value]) -> Out {
    let s = string(args, 1)?;
    let found = program.searcher(s).find(0, 1);
    Ok(found.map_or_else(|| "".into(), |groups| Value::str(groups.text(s, 0))))
}

fn find_all(ctx: &mut dyn Context, program: &Program, args: &[Value]) -> Out {
    let s = string(args, 1)?;
    let found = walk::all(program, s, int(args, 2)?);
    ctx.reserve(found.len().saturating_mul(PIECE_BYTES))?;
    if found.is_empty() {
        return Ok(nil_strings());
    }
    Ok(Value::strings(found.into_iter().map(|range| &s[range])))
}

fn split(ctx: &mut dyn Context, program: &Program, args: &[Value]) -> Out {
    let (s, limit) = (string(args, 1)?, int(args, 2)?);
    if limit == 0 {
        return Ok(nil_strings());
    }
    let parts = walk::split(program, s, limit);
    ctx.reserve(parts.len().saturating_mul(PIECE_BYTES))?;
    Ok(Value::strings(parts))
}

fn nil_strings() -> Value {
    Value::List(List::nil(ListType::STRINGS).into())
}

/// What a part costs beyond its bytes, for the memory limit.
const PIECE_BYTES: usize = size_of::<Value>() + 32;

fn replace_all(ctx: &mut dyn Context, program: &Program, args: &[Value]) -> Out {
    let replacement = template::parse(string(args, 2)?);
    let groups = template::groups_needed(&replacement, program);
    walk::replace(ctx, program, string(args, 1)?, groups, |out, s, found| {
        template::expand(&replacement, program, out, s, found);
    })
}

fn replace_all_literal(ctx: &mut dyn Context, program: &Program, args: &[Value]) -> Out {
    let replacement = string(args, 2)?;
    walk::replace(ctx, program, string(args, 1)?, 1, |out, _, _| {
        out.extend_from_slice(replacement);
    })
}

/// A backslash before every character that means something in an expression.
fn quote_meta(_: &mut dyn Context, args: &[Value]) -> Out {
    let s = string(args, 0)?;
    let mut out = Vec::with_capacity(s.len() + 8);
    for byte in s.iter() {
        if br"\.+*?()|[]{}^$".contains(byte) {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    Ok(Value::str(out))
}
