//! Numbers from their texts: `strconv.ParseInt` and its relatives, with their messages.

use super::quote::quote;

/// What is wrong with the text of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumErrorKind {
    /// `invalid syntax`
    Syntax,
    /// `value out of range`
    Range,
}

/// The error of a number's text. Go's functions return a value beside it, which some callers use.
#[derive(Debug, Clone, PartialEq)]
pub struct NumError<T> {
    /// The Go function: `ParseInt`.
    pub function: &'static str,
    /// The whole text.
    pub input: Box<[u8]>,
    /// What is wrong.
    pub kind: NumErrorKind,
    /// What Go returns beside the error: zero, or the bound nearest to a number out of range.
    pub value: T,
}

impl<T> std::fmt::Display for NumError<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let reason = match self.kind {
            NumErrorKind::Syntax => "invalid syntax",
            NumErrorKind::Range => "value out of range",
        };
        write!(
            f,
            "strconv.{}: parsing {}: {reason}",
            self.function,
            quote(&self.input)
        )
    }
}

impl<T: std::fmt::Debug> std::error::Error for NumError<T> {}

/// A failure before it knows the function and the text it belongs to.
struct Bad<T>(NumErrorKind, T);

impl<T> Bad<T> {
    fn named(self, function: &'static str, input: &[u8]) -> NumError<T> {
        NumError {
            function,
            input: input.into(),
            kind: self.0,
            value: self.1,
        }
    }
}

/// `strconv.ParseUint`. Base 0 takes prefixes (`0x`, `0o`, `0`, `0b`) and underscores; `bits` is 1
/// to 64.
///
/// # Errors
/// When the text is no such number or does not fit.
pub fn parse_uint(s: &[u8], base: u32, bits: u32) -> Result<u64, NumError<u64>> {
    unsigned(s, base, bits).map_err(|e| e.named("ParseUint", s))
}

/// `strconv.ParseInt`. Base 0 takes prefixes and underscores; `bits` is 1 to 64.
///
/// # Errors
/// When the text is no such number or does not fit.
pub fn parse_int(s: &[u8], base: u32, bits: u32) -> Result<i64, NumError<i64>> {
    signed(s, base, bits).map_err(|e| e.named("ParseInt", s))
}

/// `strconv.Atoi`.
///
/// # Errors
/// When the text is no decimal integer of 64 bits.
pub fn atoi(s: &[u8]) -> Result<i64, NumError<i64>> {
    signed(s, 10, 64).map_err(|e| e.named("Atoi", s))
}

/// `strconv.ParseBool`: `1 t T true TRUE True` and `0 f F false FALSE False`.
///
/// # Errors
/// For any other text.
pub fn parse_bool(s: &[u8]) -> Result<bool, NumError<bool>> {
    match s {
        b"1" | b"t" | b"T" | b"true" | b"TRUE" | b"True" => Ok(true),
        b"0" | b"f" | b"F" | b"false" | b"FALSE" | b"False" => Ok(false),
        _ => Err(Bad(NumErrorKind::Syntax, false).named("ParseBool", s)),
    }
}

/// `strconv.ParseFloat`: decimal and hexadecimal, underscores after a base prefix, `inf`, `nan`.
///
/// # Errors
/// When the text is no number, or one beyond the largest (the value beside the error is infinite).
pub fn parse_float(s: &[u8], bits: u32) -> Result<f64, NumError<f64>> {
    float(s, bits).map_err(|e| e.named("ParseFloat", s))
}

fn signed(s: &[u8], base: u32, bits: u32) -> Result<i64, Bad<i64>> {
    let syntax = Bad(NumErrorKind::Syntax, 0);
    let (negative, digits) = match s {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, s),
    };
    let magnitude = match unsigned(digits, base, bits) {
        Ok(n) => n,
        Err(Bad(NumErrorKind::Range, n)) => n,
        Err(Bad(NumErrorKind::Syntax, _)) => return Err(syntax),
    };
    let limit = 1u64 << (bits - 1);
    if negative {
        if magnitude > limit {
            return Err(Bad(NumErrorKind::Range, (limit as i64).wrapping_neg()));
        }
        return Ok((magnitude as i64).wrapping_neg());
    }
    if magnitude >= limit {
        return Err(Bad(NumErrorKind::Range, (limit - 1) as i64));
    }
    Ok(magnitude as i64)
}

fn unsigned(s: &[u8], base: u32, bits: u32) -> Result<u64, Bad<u64>> {
    let syntax = Bad(NumErrorKind::Syntax, 0);
    if s.is_empty() {
        return Err(syntax);
    }
    let (digits, radix) = if base == 0 {
        split_prefix(s)
    } else {
        (s, base)
    };
    let max = u64::MAX >> (64 - bits);
    let mut n: u64 = 0;
    let mut underscores = false;
    for &c in digits {
        let digit = match c {
            b'_' if base == 0 => {
                underscores = true;
                continue;
            }
            b'0'..=b'9' => u32::from(c - b'0'),
            b'a'..=b'z' => u32::from(c - b'a') + 10,
            b'A'..=b'Z' => u32::from(c - b'A') + 10,
            _ => return Err(syntax),
        };
        if digit >= radix {
            return Err(syntax);
        }
        let next = n
            .checked_mul(radix.into())
            .and_then(|n| n.checked_add(digit.into()));
        match next {
            Some(next) if next <= max => n = next,
            _ => return Err(Bad(NumErrorKind::Range, max)),
        }
    }
    if underscores && !underscores_fit(s) {
        return Err(syntax);
    }
    Ok(n)
}

/// Splits off the prefix that says the base of an integer literal.
fn split_prefix(s: &[u8]) -> (&[u8], u32) {
    match s {
        [b'0', b'b' | b'B', rest @ ..] if !rest.is_empty() => (rest, 2),
        [b'0', b'o' | b'O', rest @ ..] if !rest.is_empty() => (rest, 8),
        [b'0', b'x' | b'X', rest @ ..] if !rest.is_empty() => (rest, 16),
        [b'0', rest @ ..] => (rest, 8),
        _ => (s, 10),
    }
}

/// Whether each underscore stands between digits, or between a base prefix and a digit.
fn underscores_fit(s: &[u8]) -> bool {
    let s = match s {
        [b'+' | b'-', rest @ ..] => rest,
        _ => s,
    };
    let (body, hex, prefixed) = match s {
        [b'0', b'x' | b'X', rest @ ..] => (rest, true, true),
        [b'0', b'b' | b'B' | b'o' | b'O', rest @ ..] => (rest, false, true),
        _ => (s, false, false),
    };
    let mut after_digit = prefixed;
    let mut after_underscore = false;
    for &c in body {
        let is_digit = c.is_ascii_digit() || hex && c.is_ascii_hexdigit();
        if (c == b'_' && !after_digit) || (c != b'_' && !is_digit && after_underscore) {
            return false;
        }
        after_digit = is_digit;
        after_underscore = c == b'_';
    }
    !after_underscore
}

fn float(s: &[u8], bits: u32) -> Result<f64, Bad<f64>> {
    if let Some(x) = special(s) {
        return Ok(x);
    }
    let syntax = Bad(NumErrorKind::Syntax, 0.0);
    let unsigned = match s {
        [b'+' | b'-', rest @ ..] => rest,
        _ => s,
    };
    let x = match unsigned {
        // Go takes the prefix only when something follows it.
        [b'0', b'x' | b'X', _, ..] => hex_float(s, bits).ok_or(syntax)?,
        _ => decimal_float(s, bits).ok_or(syntax)?,
    };
    if x.is_infinite() {
        Err(Bad(NumErrorKind::Range, x))
    } else {
        Ok(x)
    }
}

fn special(s: &[u8]) -> Option<f64> {
    let (negative, signed, name) = match s {
        [b'-', rest @ ..] => (true, true, rest),
        [b'+', rest @ ..] => (false, true, rest),
        _ => (false, false, s),
    };
    if name.eq_ignore_ascii_case(b"inf") || name.eq_ignore_ascii_case(b"infinity") {
        return Some(if negative {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        });
    }
    (!signed && name.eq_ignore_ascii_case(b"nan")).then_some(f64::NAN)
}

/// A decimal literal; overflow gives infinity.
fn decimal_float(s: &[u8], bits: u32) -> Option<f64> {
    // Rust's parser takes no underscores, and some names that Go does not.
    let mut plain = Vec::new();
    let mut digits = s;
    if s.contains(&b'_') {
        if !underscores_fit(s) {
            return None;
        }
        plain.extend(s.iter().copied().filter(|&c| c != b'_'));
        digits = &plain;
    }
    if !digits
        .iter()
        .all(|c| matches!(c, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'))
    {
        return None;
    }
    let text = std::str::from_utf8(digits).ok()?;
    if bits == 32 {
        text.parse::<f32>().ok().map(f64::from)
    } else {
        text.parse().ok()
    }
}

/// A hexadecimal literal such as `0x1.8p3`; overflow gives infinity.
fn hex_float(s: &[u8], bits: u32) -> Option<f64> {
    if s.contains(&b'_') && !underscores_fit(s) {
        return None;
    }
    let (negative, rest) = match s {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, s),
    };
    let body = rest.get(2..)?;
    let at = body.iter().position(|c| matches!(c, b'p' | b'P'))?;
    let (mantissa, exponent) = (
        hex_mantissa(&body[..at])?,
        binary_exponent(&body[at + 1..])?,
    );
    let x = scale(mantissa.0, mantissa.1.saturating_add(exponent), bits);
    Some(if negative { -x } else { x })
}

/// The digits as an integer of at most 64 bits (a lost non-zero bit sets the lowest one) and the
/// binary exponent that goes with it.
fn hex_mantissa(digits: &[u8]) -> Option<(u64, i64)> {
    let (mut mantissa, mut exponent, mut seen, mut point) = (0u64, 0i64, false, false);
    for &c in digits {
        match c {
            b'_' => continue,
            b'.' if point => return None,
            b'.' => {
                point = true;
                continue;
            }
            _ => {}
        }
        let digit = u64::from((c as char).to_digit(16)?);
        seen = true;
        if mantissa >> 60 == 0 {
            mantissa = mantissa << 4 | digit;
            exponent -= if point { 4 } else { 0 };
        } else {
            mantissa |= u64::from(digit != 0);
            exponent += if point { 0 } else { 4 };
        }
    }
    seen.then_some((mantissa, exponent))
}

fn binary_exponent(s: &[u8]) -> Option<i64> {
    let (negative, digits) = match s {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, s),
    };
    if !digits.first()?.is_ascii_digit() {
        return None;
    }
    let mut n = 0i64;
    for &c in digits.iter().filter(|&&c| c != b'_') {
        if !c.is_ascii_digit() {
            return None;
        }
        // Far beyond any float, the exact number does not matter.
        if n < 10_000 {
            n = n * 10 + i64::from(c - b'0');
        }
    }
    Some(if negative { -n } else { n })
}

/// `mantissa × 2^exponent`, rounded to even once, at the precision of the result.
fn scale(mantissa: u64, exponent: i64, bits: u32) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let (precision, lowest) = if bits == 32 { (24, -149) } else { (53, -1074) };
    let length = i64::from(64 - mantissa.leading_zeros());
    let shift = (length - precision).max(lowest - exponent);
    if shift > length + 1 {
        return 0.0;
    }
    let (kept, exponent) = if shift > 0 {
        (shift_round(mantissa, shift as u32), exponent + shift)
    } else {
        (mantissa, exponent)
    };
    // `kept` has at most 53 bits and the result is representable or too large: no step rounds.
    let mut x = kept as f64;
    let mut exponent = exponent.clamp(-5_000, 5_000) as i32;
    while exponent != 0 && x.is_finite() {
        let step = exponent.clamp(-1_000, 1_000);
        x *= 2f64.powi(step);
        exponent -= step;
    }
    if bits == 32 { f64::from(x as f32) } else { x }
}

fn shift_round(mantissa: u64, shift: u32) -> u64 {
    let wide = u128::from(mantissa);
    let (kept, lost, half) = (
        wide >> shift,
        wide & ((1 << shift) - 1),
        1u128 << (shift - 1),
    );
    let up = lost > half || (lost == half && kept & 1 == 1);
    (kept + u128::from(up)) as u64
}
