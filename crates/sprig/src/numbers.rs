//! Numbers: conversions, integer and floating-point arithmetic, sequences.
//!
//! Integers wrap around as in Go. `addf` and its kin calculate in decimal (see [`decimal`]); the
//! sequences are in [`sequence`]. Conversions are those of the `cast` package: what cannot be
//! converted is zero.

mod decimal;
mod rounding;
mod sequence;

use windlass_template::{Context, Error, Function};
use windlass_value::func::Param::{Any, Float64, Int, String};
use windlass_value::{Value, cast, fmt};

use crate::call::{Out, any, fixed, string, variadic};
use crate::text;

/// The functions of the family.
pub const FUNCTIONS: &[Function] = &[
    fixed("atoi", &[String], atoi),
    fixed("int", &[Any], |_, args| {
        Ok(Value::int(cast::to_int64(any(args, 0))))
    }),
    fixed("int64", &[Any], |_, args| {
        Ok(Value::int64(int64(any(args, 0))))
    }),
    fixed("float64", &[Any], |_, args| {
        Ok(Value::float(float64(any(args, 0))))
    }),
    fixed("toDecimal", &[Any], to_decimal),
    fixed("add1", &[Any], |_, args| {
        Ok(Value::int64(int64(any(args, 0)).wrapping_add(1)))
    }),
    variadic("add", &[], Any, |_, args| {
        Ok(Value::int64(fold(0, args, i64::wrapping_add)))
    }),
    fixed("sub", &[Any, Any], |_, args| {
        integers(args, |a, b| Ok(a.wrapping_sub(b)))
    }),
    fixed("div", &[Any, Any], |_, args| {
        integers(args, |a, b| nonzero(b).map(|b| a.wrapping_div(b)))
    }),
    fixed("mod", &[Any, Any], |_, args| {
        integers(args, |a, b| nonzero(b).map(|b| a.wrapping_rem(b)))
    }),
    variadic("mul", &[Any], Any, |_, args| {
        Ok(Value::int64(fold(1, args, i64::wrapping_mul)))
    }),
    variadic("biggest", &[Any], Any, largest),
    variadic("max", &[Any], Any, largest),
    variadic("min", &[Any], Any, |_, args| {
        Ok(Value::int64(fold(i64::MAX, args, i64::min)))
    }),
    variadic("maxf", &[Any], Any, |_, args| extreme(args, rounding::max)),
    variadic("minf", &[Any], Any, |_, args| extreme(args, rounding::min)),
    variadic("addf", &[], Any, decimal::addf),
    fixed("add1f", &[Any], decimal::add1f),
    variadic("subf", &[Any], Any, decimal::subf),
    variadic("mulf", &[Any], Any, decimal::mulf),
    variadic("divf", &[Any], Any, decimal::divf),
    fixed("floor", &[Any], |_, args| {
        Ok(Value::float(float64(any(args, 0)).floor()))
    }),
    fixed("ceil", &[Any], |_, args| {
        Ok(Value::float(float64(any(args, 0)).ceil()))
    }),
    variadic("round", &[Any, Int], Float64, rounding::round),
    fixed("until", &[Int], sequence::until),
    fixed("untilStep", &[Int, Int, Int], sequence::until_step),
    variadic("seq", &[], Int, sequence::seq),
];

fn int64(value: &Value) -> i64 {
    cast::to_int64(value)
}

fn float64(value: &Value) -> f64 {
    cast::to_float64(value)
}

fn fold(start: i64, args: &[Value], op: fn(i64, i64) -> i64) -> i64 {
    args.iter().fold(start, |acc, v| op(acc, int64(v)))
}

fn largest(_: &mut dyn Context, args: &[Value]) -> Out {
    Ok(Value::int64(fold(i64::MIN, args, i64::max)))
}

fn integers(args: &[Value], op: fn(i64, i64) -> Result<i64, Error>) -> Out {
    let (a, b) = (int64(any(args, 0)), int64(any(args, 1)));
    op(a, b).map(Value::int64)
}

fn nonzero(divisor: i64) -> Result<i64, Error> {
    if divisor == 0 {
        return Err(Error::message("runtime error: integer divide by zero"));
    }
    Ok(divisor)
}

fn extreme(args: &[Value], op: fn(f64, f64) -> f64) -> Out {
    let first = float64(any(args, 0));
    let rest = args.iter().skip(1);
    Ok(Value::float(rest.fold(first, |acc, v| op(acc, float64(v)))))
}

/// A decimal text as `int`; what is out of range gives the bound, what is no number 0.
fn atoi(_: &mut dyn Context, args: &[Value]) -> Out {
    Ok(Value::int(
        fmt::atoi(string(args, 0)?).unwrap_or_else(|e| e.value),
    ))
}

/// The number whose octal digits the value prints; 0 if it prints anything else.
fn to_decimal(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let digits = text::sprint(ctx.heap(), any(args, 0));
    Ok(Value::int64(fmt::parse_int(&digits, 8, 64).unwrap_or(0)))
}
