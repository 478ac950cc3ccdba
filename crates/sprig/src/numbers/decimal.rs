//! Arithmetic on the decimal digits that floats print, as Sprig does it with `shopspring/decimal`:
//! 0.1 + 0.2 is 0.3.
//!
//! A float becomes its shortest decimal; sums, differences and products are exact; quotients are
//! rounded half up to sixteen places; the result is the float nearest to the decimal.

use num_bigint::{BigInt, Sign};
use windlass_template::{Context, Error};
use windlass_value::{Value, fmt};

use super::float64;
use crate::call::{Out, any};

pub(super) fn addf(_: &mut dyn Context, args: &[Value]) -> Out {
    calculate(0.0, args, |a, b| Ok(a.add(&b)))
}

pub(super) fn add1f(_: &mut dyn Context, args: &[Value]) -> Out {
    calculate(1.0, args, |a, b| Ok(a.add(&b)))
}

pub(super) fn subf(_: &mut dyn Context, args: &[Value]) -> Out {
    let first = float64(any(args, 0));
    calculate(first, args.get(1..).unwrap_or_default(), |a, b| {
        Ok(a.add(&b.negated()))
    })
}

pub(super) fn mulf(_: &mut dyn Context, args: &[Value]) -> Out {
    let first = float64(any(args, 0));
    calculate(first, args.get(1..).unwrap_or_default(), |a, b| {
        Ok(a.multiplied(&b))
    })
}

pub(super) fn divf(_: &mut dyn Context, args: &[Value]) -> Out {
    let first = float64(any(args, 0));
    calculate(first, args.get(1..).unwrap_or_default(), |a, b| {
        a.divided(&b)
    })
}

fn calculate(
    first: f64,
    rest: &[Value],
    op: fn(Decimal, Decimal) -> Result<Decimal, Error>,
) -> Out {
    let mut result = Decimal::from_float(first)?;
    for value in rest {
        let operand = Decimal::from_float(float64(value))?;
        result = op(result, operand)?;
        result.check_size()?;
    }
    Ok(Value::float(result.to_float()))
}

/// `digits · 10^exp`
struct Decimal {
    digits: BigInt,
    exp: i64,
}

/// Places after the point that a quotient keeps.
const QUOTIENT_PLACES: i64 = 16;

/// More digits than any calculation of a chart needs; each costs time in the square.
const MAX_BITS: u64 = 1 << 20;

impl Decimal {
    fn from_float(x: f64) -> Result<Self, Error> {
        if !x.is_finite() {
            let name = fmt::format_float(x, b'g', -1, 64);
            return Err(Error::message(format!(
                "Cannot create a Decimal from {name}"
            )));
        }
        // The shortest form is `d.ddde±x`; the digits of a float fit 64 bits.
        let text = format!("{x:e}");
        let (mantissa, exp) = text.split_once('e').unwrap_or((&text, "0"));
        let places = mantissa.split_once('.').map_or(0, |(_, f)| f.len() as i64);
        let digits: i64 = mantissa.replace('.', "").parse().unwrap_or(0);
        let exp: i64 = exp.parse().unwrap_or(0);
        Ok(Self {
            digits: digits.into(),
            exp: exp - places,
        })
    }

    fn to_float(&self) -> f64 {
        format!("{}e{}", self.digits, self.exp)
            .parse()
            .unwrap_or(0.0)
    }

    fn check_size(&self) -> Result<(), Error> {
        if self.digits.bits() > MAX_BITS {
            return Err(Error::message(
                "the decimal calculation has too many digits",
            ));
        }
        Ok(())
    }

    fn negated(self) -> Self {
        Self {
            digits: -self.digits,
            exp: self.exp,
        }
    }

    fn add(&self, other: &Self) -> Self {
        let exp = self.exp.min(other.exp);
        Self {
            digits: self.digits_at(exp) + other.digits_at(exp),
            exp,
        }
    }

    fn multiplied(&self, other: &Self) -> Self {
        Self {
            digits: &self.digits * &other.digits,
            exp: self.exp + other.exp,
        }
    }

    fn divided(&self, other: &Self) -> Result<Self, Error> {
        if other.digits.sign() == Sign::NoSign {
            return Err(Error::message("decimal division by 0"));
        }
        // self / other = (a / b) · 10^-places with whole a and b.
        let shift = self.exp - other.exp + QUOTIENT_PLACES;
        let (a, b) = if shift >= 0 {
            (&self.digits * power_of_ten(shift), other.digits.clone())
        } else {
            (self.digits.clone(), &other.digits * power_of_ten(-shift))
        };
        let (mut quotient, remainder) = (&a / &b, &a % &b);
        if remainder.magnitude() * 2_u32 >= *b.magnitude() {
            quotient += if a.sign() == b.sign() { 1 } else { -1 };
        }
        Ok(Self {
            digits: quotient,
            exp: -QUOTIENT_PLACES,
        })
    }

    /// The digits of the same number with a smaller (or the same) exponent.
    fn digits_at(&self, exp: i64) -> BigInt {
        &self.digits * power_of_ten(self.exp - exp)
    }
}

/// `10^n`; exponents here are those of floats and of a bounded number of their products.
fn power_of_ten(n: i64) -> BigInt {
    BigInt::from(10).pow(u32::try_from(n).unwrap_or(0))
}
