//! The functions every template has.
//!
//! Most are plain [`Function`]s. `len` and `slice` see how a value is held ([`OperandFunction`]).
//! `and`, `or` and `call` need to know yet more (what to evaluate, what an argument was called),
//! and the compiler gives them instructions of their own.

mod compare;
mod escape;
mod index;

pub(crate) use index::zero;

use windlass_value::fmt;
use windlass_value::func::{Param, Signature};
use windlass_value::{Heap, Value};

use crate::error::Error;
use crate::function::{Context, Function};
use crate::operand::Operand;

const REST_ANY: Signature = Signature::variadic(&[], Param::Any);
const ONE_OR_MORE: Signature = Signature::variadic(&[Param::Reflect], Param::Reflect);
const TWO: Signature = Signature::fixed(&[Param::Reflect, Param::Reflect]);

const FUNCTIONS: &[Function] = &[
    function("eq", ONE_OR_MORE, compare::eq),
    function("ge", TWO, compare::ge),
    function("gt", TWO, compare::gt),
    function("html", REST_ANY, escape::html),
    function("index", ONE_OR_MORE, index::index),
    function("js", REST_ANY, escape::js),
    function("le", TWO, compare::le),
    function("lt", TWO, compare::lt),
    function("ne", TWO, compare::ne),
    function("not", Signature::fixed(&[Param::Reflect]), not),
    function("print", REST_ANY, print),
    function(
        "printf",
        Signature::variadic(&[Param::String], Param::Any),
        printf,
    ),
    function("println", REST_ANY, println),
    function("urlquery", REST_ANY, escape::urlquery),
];

/// A builtin that looks at operands rather than values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OperandFunction {
    pub(crate) name: &'static str,
    pub(crate) signature: Signature,
    pub(crate) body: fn(&Heap, &[Operand]) -> Result<Value, Error>,
}

const OPERAND_FUNCTIONS: &[OperandFunction] = &[
    OperandFunction {
        name: "len",
        signature: Signature::fixed(&[Param::Reflect]),
        body: index::len,
    },
    OperandFunction {
        name: "slice",
        signature: ONE_OR_MORE,
        body: index::slice,
    },
];

const fn function(
    name: &'static str,
    signature: Signature,
    body: crate::function::Body,
) -> Function {
    Function {
        name,
        signature,
        body,
    }
}

/// Whether a name is a builtin's.
pub(crate) fn is_builtin(name: &str) -> bool {
    matches!(name, "and" | "or" | "call")
        || function_named(name).is_some()
        || operand_function(name).is_some()
}

/// The builtin of a name, unless it is one of those that are more than functions.
pub(crate) fn function_named(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|f| f.name == name)
}

/// The builtin of a name, if it is one that looks at operands.
pub(crate) fn operand_function(name: &str) -> Option<&'static OperandFunction> {
    OPERAND_FUNCTIONS.iter().find(|f| f.name == name)
}

fn not(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let truth = args.first().is_some_and(|v| v.truth(context.heap()));
    Ok(Value::Bool(!truth))
}

fn print(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    Ok(Value::Str(fmt::sprint(context.heap(), args)))
}

fn println(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    Ok(Value::Str(fmt::sprintln(context.heap(), args)))
}

fn printf(context: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let [Value::Str(format), rest @ ..] = args else {
        return Err("printf without a format".into());
    };
    Ok(Value::Str(fmt::sprintf(context.heap(), format, rest)))
}
