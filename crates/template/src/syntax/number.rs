//! Number literals: one spelling kept under every type that can hold it, as Go's ideal constants.

use windlass_value::fmt::{parse_float, parse_int, parse_uint, quote};

use crate::syntax::lexer::Kind;
use crate::syntax::quote::{SYNTAX, Unit, unquote_unit};

/// A number and the types it fits.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Number {
    pub(crate) int: Option<i64>,
    pub(crate) uint: Option<u64>,
    pub(crate) float: Option<f64>,
    pub(crate) complex: Option<(f64, f64)>,
}

impl Number {
    /// Reads a token's spelling.
    ///
    /// # Errors
    /// Go's message for what is no number or too large for one.
    pub(crate) fn parse(text: &[u8], kind: Kind) -> Result<Self, String> {
        match kind {
            Kind::CharConstant => Self::parse_char(text),
            Kind::Complex => Self::parse_complex(text),
            _ => Self::parse_plain(text),
        }
    }

    fn parse_char(text: &[u8]) -> Result<Self, String> {
        let (unit, length) = unquote_unit(&text[1..], b'\'').ok_or(SYNTAX)?;
        if &text[1 + length..] != b"'" {
            let text = String::from_utf8_lossy(text);
            return Err(format!("malformed character constant: {text}"));
        }
        let code = match unit {
            Unit::Byte(b) => u32::from(b),
            Unit::Rune(c) => u32::from(c),
        };
        Ok(Self {
            int: Some(code.into()),
            uint: Some(code.into()),
            float: Some(code.into()),
            complex: None,
        })
    }

    /// `REAL±IMAGINARYi`, as the lexer has seen to.
    fn parse_complex(text: &[u8]) -> Result<Self, String> {
        let inner = &text[..text.len() - 1];
        let hex = has_hex_prefix(inner);
        let sign = |i: &usize| {
            let exponent = if hex { b"pP" } else { b"eE" };
            matches!(inner[*i], b'+' | b'-') && !exponent.contains(&inner[*i - 1])
        };
        let middle = (1..inner.len()).find(sign).ok_or(SYNTAX)?;
        if middle + 1 == inner.len() {
            return Err("syntax error scanning complex number".to_owned());
        }
        let part = |part: &[u8]| parse_float(part, 64).map_err(|e| e.to_string());
        Ok(Self::from_complex(
            part(&inner[..middle])?,
            part(&inner[middle..])?,
        ))
    }

    /// A complex number is also a real one if nothing is imaginary about it.
    fn from_complex(real: f64, imaginary: f64) -> Self {
        let mut number = Self {
            complex: Some((real, imaginary)),
            ..Self::default()
        };
        if imaginary == 0.0 {
            number.float = Some(real);
            number.int = as_int(real);
            number.uint = as_uint(real);
        }
        number
    }

    fn parse_plain(text: &[u8]) -> Result<Self, String> {
        if let [digits @ .., b'i'] = text
            && let Ok(imaginary) = parse_float(digits, 64)
        {
            return Ok(Self::from_complex(0.0, imaginary));
        }
        let mut number = Self {
            int: parse_int(text, 0, 64).ok(),
            uint: parse_uint(text, 0, 64).ok(),
            ..Self::default()
        };
        if number.int == Some(0) {
            number.uint = Some(0);
        }
        if let Some(n) = number.int {
            number.float = Some(n as f64);
        } else if let Some(n) = number.uint {
            number.float = Some(n as f64);
        } else if let Ok(x) = parse_float(text, 64) {
            if !text.iter().any(|b| b".eEpP".contains(b)) {
                return Err(format!("integer overflow: {}", quote(text)));
            }
            number.float = Some(x);
            number.int = as_int(x);
            number.uint = as_uint(x);
        }
        if number.float.is_none() {
            return Err(format!("illegal number syntax: {}", quote(text)));
        }
        Ok(number)
    }
}

fn has_hex_prefix(text: &[u8]) -> bool {
    let unsigned = text.strip_prefix(b"+").or(text.strip_prefix(b"-"));
    matches!(unsigned.unwrap_or(text), [b'0', b'x' | b'X', ..])
}

/// The integer that equals a float exactly, if there is one.
fn as_int(x: f64) -> Option<i64> {
    let in_range = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&x);
    (in_range && x.fract() == 0.0).then_some(x as i64)
}

fn as_uint(x: f64) -> Option<u64> {
    let in_range = (0.0..18_446_744_073_709_551_616.0).contains(&x);
    (in_range && x.fract() == 0.0).then_some(x as u64)
}

/// Whether a spelling without further clues means a float: it has a point or an exponent and is
/// neither a hexadecimal integer nor a character.
pub(crate) fn looks_like_float(text: &[u8]) -> bool {
    let hex_int = matches!(text, [b'0', b'x' | b'X', _, ..])
        && !text.iter().any(|b| matches!(b, b'p' | b'P'));
    let character = text.first() == Some(&b'\'');
    !hex_int && !character && text.iter().any(|b| b".eEpP".contains(b))
}
