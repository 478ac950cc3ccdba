//! Go's `fmt` and `strconv` packages over values: `Sprint`, `Sprintln`, `Sprintf`, quoting, and the
//! texts of numbers in both directions.
//!
//! [`append_value`] is what an action of a template prints; [`sprintf`] is its `printf`. Every verb
//! and flag of Go is here, with Go's complaints inside the text (`%!d(string=hi)`).
//!
//! Where Go would print an address, the text is made up but always the same. Where Go would
//! exhaust its stack or memory (a map that holds itself, huge widths many times over), output stops.

mod directive;
mod float;
mod number;
mod printable;
mod printer;
mod quote;
mod rune;
mod spec;

use crate::heap::Heap;
use crate::kind::Kind;
use crate::str::Str;
use crate::value::Value;

pub use float::{append_float, format_float};
pub use number::{NumError, NumErrorKind, atoi, parse_bool, parse_float, parse_int, parse_uint};
pub use printable::is_print;
pub use quote::{append_quoted, quote, quote_to_ascii};
pub use rune::{decode_rune, rune_count, runes};

use printer::Printer;

/// Prints a value as a template's action does: `%v`, with pointers to structs followed first, and
/// `String` methods of the pointer found.
///
/// The nil interface prints `<nil>`; the template machine decides about `<no value>` itself.
pub fn append_value(out: &mut Vec<u8>, heap: &Heap, v: &Value) {
    match v {
        Value::Str(s) => out.extend_from_slice(s),
        Value::Int(n, _) => append_int(out, *n),
        Value::Bool(b) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
        Value::Object(o) if !o.is_nil() => match o.display_in_place() {
            Some(text) => out.extend_from_slice(&text),
            None if o.kind() == Kind::Ptr => Printer::new(out, heap).print_fields(v, 'v'),
            None => Printer::new(out, heap).print_arg(v, 'v'),
        },
        _ => Printer::new(out, heap).print_arg(v, 'v'),
    }
}

/// Go's `fmt.Sprint`: spaces only between operands when neither is a string.
#[must_use]
pub fn sprint(heap: &Heap, args: &[Value]) -> Str {
    if let [Value::Str(s)] = args {
        return s.clone();
    }
    let mut out = Vec::new();
    let mut after_string = true;
    for arg in args {
        let is_string = arg.kind() == Kind::String;
        if !is_string && !after_string {
            out.push(b' ');
        }
        Printer::new(&mut out, heap).print_arg(arg, 'v');
        after_string = is_string;
    }
    out.into()
}

/// Go's `fmt.Sprintln`: spaces between all operands and a newline at the end.
#[must_use]
pub fn sprintln(heap: &Heap, args: &[Value]) -> Str {
    let mut out = Vec::new();
    for (i, arg) in args.iter().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        Printer::new(&mut out, heap).print_arg(arg, 'v');
    }
    out.push(b'\n');
    out.into()
}

/// Go's `fmt.Sprintf`.
#[must_use]
pub fn sprintf(heap: &Heap, format: &[u8], args: &[Value]) -> Str {
    let mut out = Vec::with_capacity(format.len() + 16 * args.len());
    directive::run(&mut Printer::new(&mut out, heap), format, args);
    out.into()
}

/// Appends an integer in decimal.
pub fn append_int(out: &mut Vec<u8>, n: i64) {
    if n < 0 {
        out.push(b'-');
    }
    append_uint(out, n.unsigned_abs());
}

/// Appends an unsigned integer in decimal.
pub fn append_uint(out: &mut Vec<u8>, mut n: u64) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    loop {
        start -= 1;
        digits[start] = b'0' + (n % 10) as u8;
        n /= 10;
        if n == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[start..]);
}

#[cfg(test)]
mod tests;
