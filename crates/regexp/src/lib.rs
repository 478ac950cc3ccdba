//! Go's `regexp` package: its dialect, its errors, its rules of iteration and replacement.
//!
//! Handing the text to the `regex` crate would not do: it takes more syntax than Go, and Unicode where
//! Go keeps to ASCII (`\d`, `\w`, `\b`). So [`syntax`] reads Go's dialect and builds the tree of
//! `regex-syntax`; [`program`] compiles that with `regex-automata`, which searches leftmost-first
//! like Go, after [`ascii`] has left out what most strings cannot need; [`walk`] has Go's rules for
//! what comes after an empty match, [`template`] those of replacement texts.
//!
//! Start at [`Regexp`].

mod ascii;
mod class;
mod error;
mod program;
mod syntax;
mod template;
mod walk;

#[cfg(test)]
mod tests;

pub use error::{Error, Fault};
pub use program::{Cost, Regexp};

/// Says what is wrong with an expression, without the work of compiling it.
///
/// # Errors
/// What is wrong with it.
pub fn check(text: &[u8]) -> Result<(), Error> {
    syntax::parse(text).map(|_| ())
}

/// Go's `regexp.QuoteMeta`: a backslash before every character that means something in an expression.
#[must_use]
pub fn quote_meta(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 8);
    for byte in text {
        if br"\.+*?()|[]{}^$".contains(byte) {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    out
}
