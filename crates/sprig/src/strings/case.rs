//! Letter case: of whole strings, of first letters. Word styles (`snakecase`, …) are in [`words`].

use windlass_template::Context;
use windlass_value::fmt::runes;
use windlass_value::{Str, Value};

use crate::call::{Out, string};
use windlass_value::unicode::{
    is_digit, is_letter, is_lower, is_title, is_upper, to_lower, to_title, to_upper,
};

mod words;

pub(super) use words::{camelcase, kebabcase, snakecase};

pub(super) fn upper(_: &mut dyn Context, args: &[Value]) -> Out {
    let s = string(args, 0)?;
    if s.is_ascii() {
        return Ok(unless_same(s, s.to_ascii_uppercase()));
    }
    Ok(mapped(s, to_upper))
}

pub(super) fn lower(_: &mut dyn Context, args: &[Value]) -> Out {
    let s = string(args, 0)?;
    if s.is_ascii() {
        return Ok(unless_same(s, s.to_ascii_lowercase()));
    }
    Ok(mapped(s, to_lower))
}

fn unless_same(s: &Str, changed: Vec<u8>) -> Value {
    if *changed == **s {
        Value::Str(s.clone())
    } else {
        Value::str(changed)
    }
}

/// Maps rune by rune; an invalid byte becomes U+FFFD, as in Go.
fn mapped(s: &[u8], mut map: impl FnMut(char) -> char) -> Value {
    runes(s).map(|(_, c)| map(c)).collect::<String>().into()
}

pub(super) fn title(_: &mut dyn Context, args: &[Value]) -> Out {
    let mut before = ' ';
    Ok(mapped(string(args, 0)?, |c| {
        let starts_word = is_separator(before);
        before = c;
        if starts_word { to_title(c) } else { c }
    }))
}

/// What ends a word for `title`: in ASCII all but letters, digits and `_`; beyond it white space.
fn is_separator(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_alphanumeric() && c != '_';
    }
    !is_letter(c) && !is_digit(c) && c.is_whitespace()
}

pub(super) fn untitle(_: &mut dyn Context, args: &[Value]) -> Out {
    let mut starts_word = true;
    Ok(mapped(string(args, 0)?, |c| {
        if c.is_whitespace() {
            starts_word = true;
            c
        } else if std::mem::take(&mut starts_word) {
            to_lower(c)
        } else {
            c
        }
    }))
}

pub(super) fn swapcase(_: &mut dyn Context, args: &[Value]) -> Out {
    let mut after_space = true;
    Ok(mapped(string(args, 0)?, |c| {
        if is_upper(c) || is_title(c) {
            after_space = false;
            to_lower(c)
        } else if is_lower(c) {
            if std::mem::take(&mut after_space) {
                to_title(c)
            } else {
                to_upper(c)
            }
        } else {
            after_space = c.is_whitespace();
            c
        }
    }))
}

/// The first character of each word. Every byte counts as the Latin-1 character of its number.
pub(super) fn initials(_: &mut dyn Context, args: &[Value]) -> Out {
    let mut after_space = true;
    let bytes = string(args, 0)?.iter().map(|b| char::from(*b));
    let firsts = bytes.filter(|c| {
        let space = c.is_whitespace();
        !space & std::mem::replace(&mut after_space, space)
    });
    Ok(firsts.collect::<String>().into())
}
