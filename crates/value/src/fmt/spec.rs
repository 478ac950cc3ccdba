//! One formatting directive's flags, width and precision, and the basic kinds printed under them.

use super::float::append_float;
use super::printer::MAX_OUTPUT;
use super::quote::{append_char, append_quoted, append_quoted_rune, can_backquote};
use super::rune::{rune_count, runes};

/// What stands between `%` and the verb.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spec {
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
    pub(super) minus: bool,
    pub(super) plus: bool,
    pub(super) sharp: bool,
    pub(super) space: bool,
    pub(super) zero: bool,
    /// `%+v`, for which `plus` is off.
    pub(super) plus_v: bool,
    /// `%#v`, for which `sharp` is off.
    pub(super) sharp_v: bool,
}

/// How to write an integer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Radix {
    pub(super) base: u64,
    pub(super) upper: bool,
    /// `%O`: the prefix `0o`.
    pub(super) letter_o: bool,
}

impl Radix {
    pub(super) const DECIMAL: Self = Self {
        base: 10,
        upper: false,
        letter_o: false,
    };

    /// The radix that an integer verb means.
    pub(super) fn of_verb(verb: char) -> Option<Self> {
        let (base, upper) = match verb {
            'd' | 'v' => (10, false),
            'b' => (2, false),
            'o' | 'O' => (8, false),
            'x' => (16, false),
            'X' => (16, true),
            _ => return None,
        };
        Some(Self {
            base,
            upper,
            letter_o: verb == 'O',
        })
    }
}

impl Spec {
    /// Appends text padded to the width.
    pub(super) fn pad(&self, out: &mut Vec<u8>, text: &[u8]) {
        let missing = match self.width {
            None | Some(0) => 0,
            Some(width) => width.saturating_sub(rune_count(text)),
        };
        if self.minus {
            out.extend_from_slice(text);
            self.fill(out, missing);
        } else {
            self.fill(out, missing);
            out.extend_from_slice(text);
        }
    }

    /// Like [`Self::pad`], but never with zeros.
    fn pad_with_spaces(&self, out: &mut Vec<u8>, text: &[u8]) {
        Self {
            zero: false,
            ..*self
        }
        .pad(out, text);
    }

    fn fill(&self, out: &mut Vec<u8>, count: usize) {
        let count = count.min(MAX_OUTPUT.saturating_sub(out.len()));
        let byte = if self.zero && !self.minus { b'0' } else { b' ' };
        out.resize(out.len() + count, byte);
    }

    pub(super) fn boolean(&self, out: &mut Vec<u8>, b: bool) {
        self.pad(out, if b { b"true" } else { b"false" });
    }

    /// An integer, given as magnitude and sign.
    pub(super) fn integer(&self, out: &mut Vec<u8>, magnitude: u64, negative: bool, radix: Radix) {
        if self.precision == Some(0) && magnitude == 0 {
            let spaces = Self {
                zero: false,
                ..*self
            };
            spaces.fill(out, self.width.unwrap_or(0));
            return;
        }
        let sign = match (negative, self.plus, self.space) {
            (true, ..) => Some(b'-'),
            (_, true, _) => Some(b'+'),
            (_, _, true) => Some(b' '),
            _ => None,
        };
        let zero_width = self.width.filter(|_| self.zero && !self.minus);
        let least = match (self.precision, zero_width) {
            (Some(precision), _) => precision,
            (None, Some(width)) => width.saturating_sub(sign.map_or(0, |_| 1)),
            (None, None) => 0,
        };
        let mut buffer = [0; 64];
        let digits = digits(&mut buffer, magnitude, radix);
        let zeros = least.saturating_sub(digits.len());
        let mut text = Vec::with_capacity(digits.len() + zeros + 5);
        text.extend(sign);
        if radix.letter_o {
            text.extend_from_slice(b"0o");
        }
        if self.sharp {
            let leading_zero = zeros > 0 || digits[0] == b'0';
            text.extend_from_slice(match (radix.base, radix.upper) {
                (2, _) => b"0b",
                (8, _) if !leading_zero => b"0",
                (16, false) => b"0x",
                (16, true) => b"0X",
                _ => b"",
            });
        }
        text.resize(text.len() + zeros, b'0');
        text.extend_from_slice(digits);
        self.pad_with_spaces(out, &text);
    }

    /// `U+0078`, and under `#` also `U+0078 'x'`.
    pub(super) fn unicode(&self, out: &mut Vec<u8>, code: u64) {
        let digits = self.precision.unwrap_or(0).max(4);
        let mut text =
            format!("U+{code:0digits$X}", digits = digits.min(u16::MAX.into())).into_bytes();
        // The standard formatter takes no larger width.
        let more = digits.saturating_sub(text.len() - 2);
        text.splice(2..2, std::iter::repeat_n(b'0', more));
        let printable = u32::try_from(code).ok().and_then(char::from_u32);
        if let Some(c) = printable.filter(|&c| self.sharp && super::is_print(c)) {
            text.extend_from_slice(b" '");
            append_char(&mut text, c);
            text.push(b'\'');
        }
        self.pad_with_spaces(out, &text);
    }

    /// `%c`
    pub(super) fn character(&self, out: &mut Vec<u8>, code: u64) {
        self.pad(out, to_char(code).encode_utf8(&mut [0; 4]).as_bytes());
    }

    /// `%q` of an integer.
    pub(super) fn quoted_character(&self, out: &mut Vec<u8>, code: u64) {
        let mut text = Vec::new();
        append_quoted_rune(&mut text, to_char(code), self.plus);
        self.pad(out, &text);
    }

    /// `%s`
    pub(super) fn string(&self, out: &mut Vec<u8>, s: &[u8]) {
        self.pad(out, self.truncated(s));
    }

    /// The part of a string that the precision lets through, counted in runes.
    fn truncated<'a>(&self, s: &'a [u8]) -> &'a [u8] {
        match self.precision {
            Some(n) if n < s.len() => runes(s).nth(n).map_or(s, |(at, _)| &s[..at]),
            _ => s,
        }
    }

    /// `%q` of a string.
    pub(super) fn quoted(&self, out: &mut Vec<u8>, s: &[u8]) {
        let s = self.truncated(s);
        let mut text = Vec::with_capacity(s.len() + 2);
        if self.sharp && can_backquote(s) {
            text.push(b'`');
            text.extend_from_slice(s);
            text.push(b'`');
        } else {
            append_quoted(&mut text, s, self.plus);
        }
        self.pad(out, &text);
    }

    /// `%x` and `%X` of a string or bytes.
    pub(super) fn hex_string(&self, out: &mut Vec<u8>, s: &[u8], upper: bool) {
        let s = &s[..s.len().min(self.precision.unwrap_or(s.len()))];
        let prefix: &[u8] = if upper { b"0X" } else { b"0x" };
        let digits: &[u8; 16] = if upper {
            b"0123456789ABCDEF"
        } else {
            b"0123456789abcdef"
        };
        let mut text = Vec::with_capacity(2 * s.len() + 2);
        for (i, byte) in s.iter().enumerate() {
            if self.space && i > 0 {
                text.push(b' ');
            }
            if self.sharp && (self.space || i == 0) {
                text.extend_from_slice(prefix);
            }
            text.extend_from_slice(&[
                digits[usize::from(byte >> 4)],
                digits[usize::from(byte & 15)],
            ]);
        }
        self.pad(out, &text);
    }

    /// A floating point number in a format of [`append_float`]; the directive's own precision
    /// goes before the given one.
    pub(super) fn float(&self, out: &mut Vec<u8>, x: f64, bits: u32, format: u8, precision: i32) {
        let precision = self
            .precision
            .map_or(precision, |p| i32::try_from(p).unwrap_or(i32::MAX));
        let mut text = vec![b'+'];
        append_float(&mut text, x, format, precision, bits);
        if matches!(text[1], b'-' | b'+') {
            text.remove(0);
        }
        if self.space && text[0] == b'+' && !self.plus {
            text[0] = b' ';
        }
        if !x.is_finite() {
            let bare = x.is_nan() && !self.space && !self.plus;
            self.pad_with_spaces(out, &text[usize::from(bare)..]);
            return;
        }
        if self.sharp && format != b'b' {
            restore_zeros(&mut text, format, precision);
        }
        if text[0] == b'+' && !self.plus {
            self.pad(out, &text[1..]);
            return;
        }
        match self.width {
            Some(width) if self.zero && !self.minus && width > text.len() => {
                out.push(text[0]);
                self.fill(out, width - text.len());
                out.extend_from_slice(&text[1..]);
            }
            _ => self.pad(out, &text),
        }
    }
}

/// Writes the digits of a number to the end of a buffer.
fn digits(buffer: &mut [u8; 64], mut n: u64, radix: Radix) -> &[u8] {
    let letters: &[u8; 16] = if radix.upper {
        b"0123456789ABCDEF"
    } else {
        b"0123456789abcdef"
    };
    let mut start = buffer.len();
    loop {
        start -= 1;
        buffer[start] = letters[(n % radix.base) as usize];
        n /= radix.base;
        if n == 0 {
            return &buffer[start..];
        }
    }
}

fn to_char(code: u64) -> char {
    u32::try_from(code)
        .ok()
        .and_then(char::from_u32)
        .unwrap_or('\u{fffd}')
}

/// Under `#` a number always shows its point, and `%g` keeps its trailing zeros.
fn restore_zeros(text: &mut Vec<u8>, format: u8, precision: i32) {
    let mut wanted = match format {
        b'g' | b'G' | b'x' if precision < 0 => 6,
        b'g' | b'G' | b'x' => i64::from(precision),
        _ => 0,
    };
    let is_hex = matches!(format, b'x' | b'X');
    let is_exponent = |c: &u8| match c {
        b'p' | b'P' => true,
        b'e' | b'E' => !is_hex,
        _ => false,
    };
    let end = text.iter().position(is_exponent).unwrap_or(text.len());
    let exponent = text.split_off(end);
    let mut significant = false;
    for &c in text[1..].iter().filter(|&&c| c != b'.') {
        significant |= c != b'0';
        wanted -= i64::from(significant);
    }
    if !text.contains(&b'.') {
        if text[1..] == *b"0" {
            wanted -= 1;
        }
        text.push(b'.');
    }
    text.resize(text.len() + usize::try_from(wanted).unwrap_or(0), b'0');
    text.extend_from_slice(&exponent);
}
