//! `round`, and Go's `math.Max`, `math.Min` and powers of ten, whose last bits show in results.

use windlass_template::Context;
use windlass_value::Value;

use super::float64;
use crate::call::{Out, any, float, int};

/// Rounds to a number of places; a fraction from `on` up (normally 0.5) goes up, towards +∞.
pub(super) fn round(_: &mut dyn Context, args: &[Value]) -> Out {
    let value = float64(any(args, 0));
    let scale = power_of_ten(int(args, 1)?);
    let on = if args.len() > 2 { float(args, 2)? } else { 0.5 };
    let scaled = scale * value;
    let whole = if scaled - scaled.trunc() >= on {
        scaled.ceil()
    } else {
        scaled.floor()
    };
    Ok(Value::float(whole / scale))
}

/// Go's `math.Pow(10, n)`: squares of the mantissa 0.625 with the exponent kept apart.
fn power_of_ten(n: i64) -> f64 {
    if n == 0 {
        return 1.0;
    }
    let (mut bits, mut result, mut result_exp) = (n.unsigned_abs(), 1.0_f64, 0_i64);
    let (mut square, mut square_exp) = (0.625_f64, 4_i64);
    while bits != 0 {
        if square_exp > 1 << 12 {
            result_exp += square_exp;
            break;
        }
        if bits & 1 == 1 {
            result *= square;
            result_exp += square_exp;
        }
        square *= square;
        square_exp *= 2;
        if square < 0.5 {
            square += square;
            square_exp -= 1;
        }
        bits >>= 1;
    }
    if n < 0 {
        scale(1.0 / result, -result_exp)
    } else {
        scale(result, result_exp)
    }
}

/// `x · 2^exp` with one rounding.
fn scale(x: f64, exp: i64) -> f64 {
    let exp = exp.clamp(-1_500, 1_500) as i32;
    let near = exp.clamp(-900, 900);
    let far = (exp - near).clamp(-900, 900);
    // The first product is exact: it stays far from both ends of the range.
    x * 2_f64.powi(near) * 2_f64.powi(far)
}

/// Go's `math.Max`: infinity beats NaN, NaN beats numbers, +0 beats -0.
pub(super) fn max(x: f64, y: f64) -> f64 {
    if x == f64::INFINITY || y == f64::INFINITY {
        f64::INFINITY
    } else if x.is_nan() || y.is_nan() {
        f64::NAN
    } else if x == 0.0 && y == 0.0 {
        if x.is_sign_negative() { y } else { x }
    } else if x > y {
        x
    } else {
        y
    }
}

/// Go's `math.Min`: the mirror of [`max`].
pub(super) fn min(x: f64, y: f64) -> f64 {
    -max(-x, -y)
}
