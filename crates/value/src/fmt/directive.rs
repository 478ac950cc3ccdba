//! The format string of `Sprintf`: literal text and directives, arguments in and out of order.

use super::printer::{MAX_OUTPUT, Printer};
use super::rune::decode_rune;
use super::spec::Spec;
use crate::kind::Kind;
use crate::value::Value;

/// Go takes no wider width and no longer precision.
const MAX_NUMBER: i64 = 1_000_000;

/// Prints the arguments under a format.
pub(super) fn run(printer: &mut Printer<'_>, format: &[u8], args: &[Value]) {
    let mut cursor = Cursor {
        format,
        at: 0,
        args,
        next: 0,
        reordered: false,
        index_fits: true,
    };
    while cursor.at < format.len() && printer.out.len() <= MAX_OUTPUT {
        let rest = &format[cursor.at..];
        let literal = rest.iter().position(|&c| c == b'%').unwrap_or(rest.len());
        printer.write(&rest[..literal]);
        cursor.at += literal + 1;
        if literal < rest.len() {
            cursor.directive(printer);
        }
    }
    if !cursor.reordered && cursor.next < args.len() {
        extra(printer, &args[cursor.next..]);
    }
}

/// `%!(EXTRA type=value, …)`
fn extra(printer: &mut Printer<'_>, args: &[Value]) {
    printer.spec = Spec::default();
    printer.write(b"%!(EXTRA ");
    for (i, arg) in args.iter().enumerate() {
        if i > 0 {
            printer.write(b", ");
        }
        if !arg.is_nil() {
            printer.write(printer.type_name(arg).as_bytes());
            printer.write(b"=");
        }
        printer.print_arg(arg, 'v');
    }
    printer.write(b")");
}

/// Where in the format and in the arguments the printing stands.
struct Cursor<'a> {
    format: &'a [u8],
    at: usize,
    args: &'a [Value],
    /// The next argument to print.
    next: usize,
    /// An explicit index was used somewhere: unused arguments are no mistake then.
    reordered: bool,
    /// The explicit indexes of the current directive were good.
    index_fits: bool,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u8> {
        self.format.get(self.at).copied()
    }

    /// Prints one directive; the `%` is behind.
    fn directive(&mut self, printer: &mut Printer<'_>) {
        self.index_fits = true;
        printer.spec = self.flags();
        let mut after_index = self.index();
        self.width(printer, &mut after_index);
        // A point at the very end of the format is a verb.
        if self.peek() == Some(b'.') && self.at + 1 < self.format.len() {
            self.at += 1;
            self.precision(printer, &mut after_index);
        }
        if !after_index {
            self.index();
        }
        if self.at >= self.format.len() {
            printer.write(b"%!(NOVERB)");
            return;
        }
        let (verb, len) = decode_rune(&self.format[self.at..]);
        self.at += len;
        self.verb(printer, verb.unwrap_or('\u{fffd}'));
    }

    fn verb(&mut self, printer: &mut Printer<'_>, verb: char) {
        if verb == '%' {
            printer.write(b"%");
        } else if !self.index_fits {
            mistake(printer, verb, b"(BADINDEX)");
        } else if let Some(arg) = self.args.get(self.next) {
            let spec = &mut printer.spec;
            if matches!(verb, 'v' | 'w') {
                spec.sharp_v = std::mem::take(&mut spec.sharp);
                spec.plus_v = std::mem::take(&mut spec.plus);
            }
            printer.print_arg(arg, verb);
            self.next += 1;
        } else {
            mistake(printer, verb, b"(MISSING)");
        }
    }

    fn flags(&mut self) -> Spec {
        let mut spec = Spec::default();
        while let Some(c) = self.peek() {
            match c {
                b'#' => spec.sharp = true,
                b'0' => spec.zero = true,
                b'+' => spec.plus = true,
                b'-' => spec.minus = true,
                b' ' => spec.space = true,
                _ => break,
            }
            self.at += 1;
        }
        spec
    }

    fn width(&mut self, printer: &mut Printer<'_>, after_index: &mut bool) {
        if self.peek() != Some(b'*') {
            printer.spec.width = self.number(self.format.len());
            if *after_index && printer.spec.width.is_some() {
                self.index_fits = false;
            }
            return;
        }
        self.at += 1;
        *after_index = false;
        match self.number_from_arg() {
            None => printer.write(b"%!(BADWIDTH)"),
            Some(n) => {
                printer.spec.width = usize::try_from(n.unsigned_abs()).ok();
                if n < 0 {
                    printer.spec.minus = true;
                    printer.spec.zero = false;
                }
            }
        }
    }

    fn precision(&mut self, printer: &mut Printer<'_>, after_index: &mut bool) {
        if *after_index {
            self.index_fits = false;
        }
        *after_index = self.index();
        if self.peek() != Some(b'*') {
            printer.spec.precision = Some(self.number(self.format.len()).unwrap_or(0));
            return;
        }
        self.at += 1;
        *after_index = false;
        printer.spec.precision = self.number_from_arg().and_then(|n| usize::try_from(n).ok());
        if printer.spec.precision.is_none() {
            printer.write(b"%!(BADPREC)");
        }
    }

    /// Reads a decimal number; one that is absurdly long swallows everything up to `end`.
    fn number(&mut self, end: usize) -> Option<usize> {
        let mut n: Option<i64> = None;
        while let Some(c @ b'0'..=b'9') = self.peek().filter(|_| self.at < end) {
            if n.is_some_and(|n| n > MAX_NUMBER) {
                self.at = end;
                return None;
            }
            n = Some(n.unwrap_or(0) * 10 + i64::from(c - b'0'));
            self.at += 1;
        }
        n.and_then(|n| usize::try_from(n).ok())
    }

    /// Takes the next argument for a `*`; `None` if it is absent, no integer, or too large.
    fn number_from_arg(&mut self) -> Option<i64> {
        let arg = self.args.get(self.next)?;
        self.next += 1;
        integer(arg).filter(|n| n.unsigned_abs() <= MAX_NUMBER.unsigned_abs())
    }

    /// Reads an explicit argument index such as `[2]`, if there is one; whether it was well formed.
    fn index(&mut self) -> bool {
        if self.peek() != Some(b'[') {
            return false;
        }
        self.reordered = true;
        let rest = &self.format[self.at..];
        let close = rest
            .iter()
            .position(|&c| c == b']')
            .filter(|_| rest.len() >= 3);
        let Some(close) = close.map(|i| self.at + i) else {
            self.index_fits = false;
            self.at += 1;
            return false;
        };
        self.at += 1;
        let number = self.number(close);
        let well_formed = number.is_some() && self.at == close;
        self.at = close + 1;
        let target = number
            .and_then(|n| n.checked_sub(1))
            .filter(|&n| n < self.args.len());
        match target.filter(|_| well_formed) {
            Some(n) => self.next = n,
            None => self.index_fits = false,
        }
        well_formed
    }
}

/// The number of an argument of any integer kind.
fn integer(arg: &Value) -> Option<i64> {
    match arg {
        Value::Int(n, _) => Some(*n),
        Value::Uint(n, _) => i64::try_from(*n).ok(),
        Value::Object(o) if matches!(o.kind(), Kind::Int(_) | Kind::Uint(_)) => {
            integer(&o.underlying()?)
        }
        _ => None,
    }
}

fn mistake(printer: &mut Printer<'_>, verb: char, what: &[u8]) {
    printer.write(b"%!");
    printer.write_char(verb);
    printer.write(what);
}
