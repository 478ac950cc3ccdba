//! [`Number`]: decimal numbers of any size, exact.
//!
//! Go's library computes with fractions of big integers; the numbers of schemas and values are all
//! decimals, and comparing those needs no arithmetic but on their digits.

use std::cmp::Ordering;

/// Beyond these exponents Go refuses to make a fraction of a number.
const MAX_EXPONENT: u64 = 1_000_000;

/// Beyond this many digits a divisor is not looked at: nothing is a multiple of it.
const MAX_DIVISOR: usize = 400;

/// A decimal number: `0.DIGITS` times ten to the exponent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Number {
    negative: bool,
    /// Values 0 to 9, neither beginning nor ending with 0; empty for zero.
    digits: Box<[u8]>,
    exponent: i64,
}

impl Number {
    /// Reads a number as JSON and Go write them; nothing if Go would not make a fraction of it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: Vec<u8> = whole
            .bytes()
            .chain(fraction.bytes())
            .map(|c| c - b'0')
            .collect();
        let leading = digits.iter().take_while(|d| **d == 0).count();
        if leading == digits.len() {
            return Some(Self {
                negative: false,
                digits: Box::default(),
                exponent: 0,
            });
        }
        if exponent.checked_sub(fraction.len() as i64)?.unsigned_abs() > MAX_EXPONENT {
            return None;
        }
        let trailing = digits.iter().rev().take_while(|d| **d == 0).count();
        let exponent = exponent + whole.len() as i64 - leading as i64;
        let digits = digits[leading..digits.len() - trailing].into();
        Some(Self {
            negative,
            digits,
            exponent,
        })
    }

    /// The number that the shortest text of a float stands for.
    pub(super) fn from_f64(x: f64) -> Option<Self> {
        if x.is_finite() {
            Self::parse(&format!("{x:e}"))
        } else {
            None
        }
    }

    pub(super) fn is_integer(&self) -> bool {
        self.exponent >= self.digits.len() as i64
    }

    /// The nearest float.
    pub(super) fn to_f64(&self) -> f64 {
        let sign = if self.negative { "-" } else { "" };
        let digits: String = self.digits.iter().map(|d| char::from(d + b'0')).collect();
        format!("{sign}0.{digits}0e{}", self.exponent)
            .parse()
            .unwrap_or(f64::NAN)
    }

    /// An integer's low 64 bits, which is what Go takes of one that is greater.
    pub(super) fn low_bits(&self) -> i64 {
        let mut n: u64 = 0;
        for d in &self.digits {
            n = n.wrapping_mul(10).wrapping_add(u64::from(*d));
        }
        // Ten to the 64th has no low bits left.
        for _ in 0..(self.exponent - self.digits.len() as i64).clamp(0, 64) {
            n = n.wrapping_mul(10);
        }
        let n = n as i64;
        if self.negative { n.wrapping_neg() } else { n }
    }

    /// Whether the quotient by another number, which is not zero, is an integer.
    pub(super) fn is_multiple_of(&self, divisor: &Self) -> bool {
        if self.digits.is_empty() {
            return true;
        }
        if divisor.digits.len() > MAX_DIVISOR || self.digits.len() > MAX_DIVISOR {
            return false;
        }
        // Both numbers are integers N times powers of ten; the tens are left to one side.
        let tens = (self.exponent - self.digits.len() as i64)
            - (divisor.exponent - divisor.digits.len() as i64);
        let (twos, fives, rest) = factor(divisor.digits.to_vec());
        let (own_twos, own_fives, own_rest) = factor(self.digits.to_vec());
        own_twos as i64 + tens >= twos as i64
            && own_fives as i64 + tens >= fives as i64
            && divides(&rest, &own_rest)
    }

    fn magnitude(&self, other: &Self) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            _ => self
                .exponent
                .cmp(&other.exponent)
                .then_with(|| self.digits.cmp(&other.digits)),
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// How often 2 and 5 divide a decimal integer, and what is left of it.
fn factor(mut digits: Vec<u8>) -> (usize, usize, Vec<u8>) {
    let mut count = [0, 0];
    for (i, prime) in [2, 5].into_iter().enumerate() {
        while digits.last().is_some_and(|d| d % prime == 0) {
            digits = divide(&digits, prime);
            count[i] += 1;
        }
    }
    (count[0], count[1], digits)
}

fn divide(digits: &[u8], by: u8) -> Vec<u8> {
    let mut rest = 0;
    let quotient = digits.iter().map(|d| {
        let n = rest * 10 + d;
        rest = n % by;
        n / by
    });
    quotient.skip_while(|d| *d == 0).collect()
}

/// Whether a decimal integer divides another; both without leading zeros.
fn divides(divisor: &[u8], number: &[u8]) -> bool {
    let mut rest: Vec<u8> = Vec::new();
    for d in number {
        if !rest.is_empty() || *d != 0 {
            rest.push(*d);
        }
        while rest.len() > divisor.len() || rest.len() == divisor.len() && *rest >= *divisor {
            subtract(&mut rest, divisor);
        }
    }
    rest.is_empty()
}

/// Takes a decimal integer from a greater one, leading zeros removed.
fn subtract(from: &mut Vec<u8>, take: &[u8]) {
    let mut borrow = 0;
    let shift = from.len() - take.len();
    for i in (0..from.len()).rev() {
        let minus = borrow + if i >= shift { take[i - shift] } else { 0 };
        (from[i], borrow) = if from[i] >= minus {
            (from[i] - minus, 0)
        } else {
            (from[i] + 10 - minus, 1)
        };
    }
    let zeros = from.iter().take_while(|d| **d == 0).count();
    from.drain(..zeros);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Number;

    fn n(text: &str) -> Number {
        Number::parse(text).unwrap()
    }

    #[test]
    fn numbers_compare_by_value() {
        assert_eq!(n("1.0"), n("1"));
        assert_eq!(n("-0"), n("0.00e5"));
        assert_eq!(n("1e2"), n("100"));
        assert!(n("-2") < n("-1") && n("-1") < n("0") && n("0") < n("1e-9") && n("9") < n("10"));
        assert!(n("0.1") < n("0.11"));
        assert_eq!(Number::from_f64(1e21).unwrap(), n("1000000000000000000000"));
    }

    #[test]
    fn integers_are_known_whatever_their_form() {
        assert!(n("1e2").is_integer() && n("1.50e1").is_integer() && n("0").is_integer());
        assert!(!n("1.5").is_integer() && !n("1e-1").is_integer());
        assert_eq!(n("1e20").low_bits(), 7_766_279_631_452_241_920);
    }

    #[test]
    fn multiples_are_exact() {
        assert!(n("0.3").is_multiple_of(&n("0.1")));
        assert!(n("4.5").is_multiple_of(&n("1.5")));
        assert!(!n("1e300").is_multiple_of(&n("7e-3")));
        assert!(n("21").is_multiple_of(&n("7")) && n("1000").is_multiple_of(&n("8")));
        assert!(!n("100").is_multiple_of(&n("8")) && !n("1").is_multiple_of(&n("2")));
        assert!(n("0").is_multiple_of(&n("12.34")));
    }

    #[test]
    fn an_exponent_beyond_gos_bound_makes_no_number() {
        assert!(Number::parse("1e1000001").is_none());
        assert!(Number::parse("0e1000001").is_some());
        assert!(Number::parse("1e99999999999999999999").is_none());
    }
}
