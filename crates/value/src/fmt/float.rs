//! The texts of floating point numbers: `strconv.FormatFloat`.
//!
//! The standard library gives exact digits and `ryu` the shortest; the layout around them is Go's.

use super::append_int;

/// Digits after the point beyond which every float64 is only zeros (the smallest is 2^-1074), well
/// below what the standard library's formatter accepts.
const ENOUGH: usize = 1_100;

/// `strconv.FormatFloat`: the format is one of `beEfgGxX`; a negative precision means the fewest
/// digits that give the number back. `bits` is 32 or 64.
#[must_use]
pub fn format_float(x: f64, format: u8, precision: i32, bits: u32) -> String {
    let mut out = Vec::new();
    append_float(&mut out, x, format, precision, bits);
    String::from_utf8(out).expect("texts of floats are ASCII")
}

/// Appends what [`format_float`] gives.
pub fn append_float(out: &mut Vec<u8>, x: f64, format: u8, precision: i32, bits: u32) {
    let x = if bits == 32 { f64::from(x as f32) } else { x };
    if x.is_nan() {
        out.extend_from_slice(b"NaN");
        return;
    }
    if x.is_infinite() {
        out.extend_from_slice(if x < 0.0 { b"-Inf" } else { b"+Inf" });
        return;
    }
    if x.is_sign_negative() {
        out.push(b'-');
    }
    let x = x.abs();
    let precision = usize::try_from(precision).ok();
    match format {
        b'b' => append_binary(out, x, bits),
        b'x' | b'X' => append_hex(out, x, format, precision),
        b'e' | b'E' => {
            let digits = Digits::of(x, precision.map(|p| p + 1), bits);
            let precision = precision.unwrap_or_else(|| digits.len().saturating_sub(1));
            append_exponential(out, &digits, precision, format);
        }
        b'f' => match precision {
            Some(p) => append_fixed(out, x, p),
            None => {
                let digits = Digits::of(x, None, bits);
                let fraction = usize::try_from(digits.len() as i32 - digits.point).unwrap_or(0);
                append_positional(out, &digits, fraction);
            }
        },
        b'g' | b'G' => append_general(out, x, format, precision, bits),
        _ => out.extend_from_slice(&[b'%', format]),
    }
}

/// The significant digits of a number without trailing zeros: `0.d1d2d3… × 10^point`.
/// Zero has none.
struct Digits {
    bytes: Vec<u8>,
    point: i32,
}

impl Digits {
    /// The shortest digits, or rounded to a number of them.
    fn of(x: f64, count: Option<usize>, bits: u32) -> Self {
        if x == 0.0 {
            return Self {
                bytes: Vec::new(),
                point: 0,
            };
        }
        let mut buffer = ryu::Buffer::new();
        let exact;
        let text = match count {
            Some(n) => {
                exact = format!("{x:.*e}", n.saturating_sub(1).min(ENOUGH));
                &exact
            }
            // The one tie at the foot of a binade: there Go's search rounds up.
            None if bits == 32 && x == 1.0 / 4096.0 => "2.4414063e-4",
            None if bits == 32 => buffer.format_finite(x as f32),
            None => buffer.format_finite(x),
        };
        Self::parse(text)
    }

    /// Takes the digits from a text such as `12.50` or `1.25e-7`.
    fn parse(text: &str) -> Self {
        let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut bytes = Vec::with_capacity(mantissa.len());
        bytes.extend_from_slice(whole.as_bytes());
        bytes.extend_from_slice(fraction.as_bytes());
        let zeros = bytes.iter().take_while(|&&c| c == b'0').count();
        bytes.drain(..zeros);
        while bytes.last() == Some(&b'0') {
            bytes.pop();
        }
        let exponent = exponent.parse::<i32>().unwrap_or(0);
        let point = exponent + whole.len() as i32 - zeros as i32;
        Self { bytes, point }
    }

    fn len(&self) -> usize {
        self.bytes.len()
    }
}

fn append_general(out: &mut Vec<u8>, x: f64, format: u8, precision: Option<usize>, bits: u32) {
    let count = precision.map(|p| p.max(1));
    let digits = Digits::of(x, count, bits);
    let count_or_len = count.unwrap_or(digits.len());
    let len = digits.len() as i64;
    let point = i64::from(digits.point);
    // The exponent from which on the exponential form is used.
    let threshold = match count {
        None => 6,
        Some(n) if n as i64 > len && len >= point => len,
        Some(n) => n as i64,
    };
    let exponent = point - 1;
    if exponent < -4 || exponent >= threshold {
        let precision = count_or_len.min(digits.len()).saturating_sub(1);
        append_exponential(out, &digits, precision, format - (b'g' - b'e'));
        return;
    }
    let shown = if count_or_len as i64 > point {
        len
    } else {
        count_or_len as i64
    };
    append_positional(out, &digits, usize::try_from(shown - point).unwrap_or(0));
}

/// `d.ddde±dd`
fn append_exponential(out: &mut Vec<u8>, digits: &Digits, precision: usize, letter: u8) {
    out.push(digits.bytes.first().copied().unwrap_or(b'0'));
    if precision > 0 {
        out.push(b'.');
        let rest = digits.bytes.get(1..).unwrap_or_default();
        let taken = rest.len().min(precision);
        out.extend_from_slice(&rest[..taken]);
        out.resize(out.len() + precision - taken, b'0');
    }
    let exponent = if digits.bytes.is_empty() {
        0
    } else {
        digits.point - 1
    };
    out.push(letter);
    append_exponent(out, exponent);
}

/// `±dd`
fn append_exponent(out: &mut Vec<u8>, exponent: i32) {
    out.push(if exponent < 0 { b'-' } else { b'+' });
    if exponent.abs() < 10 {
        out.push(b'0');
    }
    append_int(out, i64::from(exponent.abs()));
}

/// `ddd.ddd` with as many fraction digits as told, from digits already rounded.
fn append_positional(out: &mut Vec<u8>, digits: &Digits, fraction: usize) {
    let point = usize::try_from(digits.point).unwrap_or(0);
    if point == 0 {
        out.push(b'0');
    } else {
        let whole = digits.len().min(point);
        out.extend_from_slice(&digits.bytes[..whole]);
        out.resize(out.len() + point - whole, b'0');
    }
    if fraction == 0 {
        return;
    }
    out.push(b'.');
    let end = out.len() + fraction;
    let zeros = usize::try_from(-digits.point).unwrap_or(0).min(fraction);
    out.resize(out.len() + zeros, b'0');
    let rest = digits.bytes.get(point..).unwrap_or_default();
    out.extend_from_slice(&rest[..rest.len().min(end - out.len())]);
    out.resize(end, b'0');
}

/// `ddd.ddd` rounded from the exact number.
fn append_fixed(out: &mut Vec<u8>, x: f64, precision: usize) {
    let end = precision.saturating_sub(ENOUGH);
    out.extend_from_slice(format!("{x:.*}", precision.min(ENOUGH)).as_bytes());
    out.resize(out.len() + end, b'0');
}

/// Mantissa and exponent of the number's own format: the value is `mantissa × 2^exponent`.
fn parts(x: f64, bits: u32) -> (u64, i32) {
    let (raw, width, bias) = match bits {
        32 => (u64::from((x as f32).to_bits()), 23, 127),
        _ => (x.to_bits(), 52, 1023),
    };
    let biased = (raw >> width) as i32;
    let fraction = raw & ((1 << width) - 1);
    match biased {
        0 => (fraction, 1 - bias - width),
        e => (fraction | 1 << width, e - bias - width),
    }
}

/// `ddddp±ddd`
fn append_binary(out: &mut Vec<u8>, x: f64, bits: u32) {
    let (mantissa, exponent) = parts(x, bits);
    super::append_uint(out, mantissa);
    out.push(b'p');
    if exponent >= 0 {
        out.push(b'+');
    }
    append_int(out, i64::from(exponent));
}

/// `0xd.ddddp±dd`: a leading binary digit, hexadecimal fraction, binary exponent.
fn append_hex(out: &mut Vec<u8>, x: f64, letter: u8, precision: Option<usize>) {
    let (mut mantissa, mut exponent) = parts(x, 64);
    // Put the leading one at bit 60, so that fifteen hex digits of fraction lie below it.
    if mantissa == 0 {
        exponent = 0;
    } else {
        let shift = mantissa.leading_zeros() as i32 - 3;
        mantissa <<= shift;
        exponent += 60 - shift;
    }
    if let Some(p) = precision.filter(|&p| p < 15) {
        let unit = 1u64 << (60 - 4 * p);
        let (kept, lost) = (mantissa / unit, mantissa % unit);
        let up = lost * 2 > unit || (lost * 2 == unit && kept % 2 == 1);
        mantissa = (kept + u64::from(up)) * unit;
        if mantissa >> 61 != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let upper = letter == b'X';
    out.extend_from_slice(&[b'0', letter, b'0' + (mantissa >> 60) as u8]);
    let fraction = mantissa & ((1 << 60) - 1);
    let mut text = format!("{fraction:015x}");
    match precision {
        None => text.truncate(text.trim_end_matches('0').len()),
        Some(p) => text.truncate(p),
    }
    if upper {
        text.make_ascii_uppercase();
    }
    let zeros = precision.unwrap_or(0).saturating_sub(15);
    if !text.is_empty() {
        out.push(b'.');
        out.extend_from_slice(text.as_bytes());
        out.resize(out.len() + zeros, b'0');
    }
    out.push(if upper { b'P' } else { b'p' });
    append_exponent(out, exponent);
}
