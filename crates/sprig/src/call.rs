//! What every family shares: declaring a function and reading its arguments.
//!
//! The template machine has checked and converted the arguments when a body runs, so reading one as
//! its declared type cannot fail in a render. A body called by hand with others gets an error.

use windlass_template::{Body, Context, Error, Function};
use windlass_value::func::{Param, Signature};
use windlass_value::{Kind, MapId, MapType, Str, Value};

/// The result of a body.
pub(crate) type Out = Result<Value, Error>;

/// Declares a function with a fixed number of parameters.
pub(crate) const fn fixed(name: &'static str, params: &'static [Param], body: Body) -> Function {
    Function {
        name,
        signature: Signature::fixed(params),
        body,
    }
}

/// Declares a function that takes any number of arguments after its fixed parameters.
pub(crate) const fn variadic(
    name: &'static str,
    params: &'static [Param],
    rest: Param,
    body: Body,
) -> Function {
    Function {
        name,
        signature: Signature::variadic(params, rest),
        body,
    }
}

/// An argument of any type; the nil interface if it is not there.
pub(crate) fn any(args: &[Value], index: usize) -> &Value {
    args.get(index).unwrap_or(&Value::Nil)
}

/// A `string` argument.
pub(crate) fn string(args: &[Value], index: usize) -> Result<&Str, Error> {
    any(args, index)
        .as_str()
        .ok_or_else(|| unchecked(index, Param::String))
}

/// An `int` argument.
pub(crate) fn int(args: &[Value], index: usize) -> Result<i64, Error> {
    match any(args, index) {
        Value::Int(n, _) => Ok(*n),
        _ => Err(unchecked(index, Param::Int)),
    }
}

/// A `uint32` argument.
pub(crate) fn uint32(args: &[Value], index: usize) -> Result<u32, Error> {
    match any(args, index) {
        Value::Uint(n, _) => u32::try_from(*n).map_err(|_| unchecked(index, Param::Uint32)),
        _ => Err(unchecked(index, Param::Uint32)),
    }
}

/// A `float64` argument.
pub(crate) fn float(args: &[Value], index: usize) -> Result<f64, Error> {
    match any(args, index) {
        Value::Float(x, _) => Ok(*x),
        _ => Err(unchecked(index, Param::Float64)),
    }
}

/// A `bool` argument.
pub(crate) fn boolean(args: &[Value], index: usize) -> Result<bool, Error> {
    match any(args, index) {
        Value::Bool(b) => Ok(*b),
        _ => Err(unchecked(index, Param::Bool)),
    }
}

/// A `map[string]interface {}` argument. A named map type is accepted for one, as by Go, and is a
/// plain map to the function.
pub(crate) fn map(ctx: &mut dyn Context, args: &[Value], index: usize) -> Result<MapId, Error> {
    match any(args, index) {
        Value::Map(id) => Ok(ctx.heap_mut().view_as(*id, MapType::Any)),
        _ => Err(unchecked(index, Param::Map)),
    }
}

/// What Go's `reflect.TypeOf(v).Kind()` gives: the nil interface has no type to ask.
pub(crate) fn kind_of(value: &Value) -> Result<Kind, Error> {
    match value {
        Value::Nil => Err(Error::message(
            "runtime error: invalid memory address or nil pointer dereference",
        )),
        v => Ok(v.kind()),
    }
}

/// Asks for leave to make a string of that many bytes, if it is so large that the machine, which
/// counts every string it is given, would hear of it too late.
pub(crate) fn reserve_string(ctx: &mut dyn Context, bytes: usize) -> Result<(), Error> {
    if bytes > LARGE_STRING {
        ctx.reserve(bytes)
    } else {
        Ok(())
    }
}

const LARGE_STRING: usize = 1 << 20;

fn unchecked(index: usize, param: Param) -> Error {
    Error::message(format!(
        "argument {} is not checked to be a {}",
        index + 1,
        param.name()
    ))
}
