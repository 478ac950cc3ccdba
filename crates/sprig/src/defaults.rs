//! Defaults and choices: `default`, `empty`, `coalesce`, `all`, `any`, `ternary`, and `fail`.
//!
//! A value is empty when `if` would not take it for true.

use windlass_template::{Error, Function};
use windlass_value::Value;
use windlass_value::func::Param::{Any, Bool, String};

use crate::call::{any, boolean, fixed, string, variadic};

/// The functions of the family.
pub const FUNCTIONS: &[Function] = &[
    variadic("default", &[Any], Any, |ctx, args| {
        let given = args.get(1).filter(|v| v.truth(ctx.heap()));
        Ok(given.unwrap_or_else(|| any(args, 0)).clone())
    }),
    fixed("empty", &[Any], |ctx, args| {
        Ok((!any(args, 0).truth(ctx.heap())).into())
    }),
    variadic("coalesce", &[], Any, |ctx, args| {
        Ok(args
            .iter()
            .find(|v| v.truth(ctx.heap()))
            .cloned()
            .unwrap_or_default())
    }),
    variadic("all", &[], Any, |ctx, args| {
        Ok(args.iter().all(|v| v.truth(ctx.heap())).into())
    }),
    variadic("any", &[], Any, |ctx, args| {
        Ok(args.iter().any(|v| v.truth(ctx.heap())).into())
    }),
    fixed("ternary", &[Any, Any, Bool], |_, args| {
        Ok(any(args, if boolean(args, 2)? { 0 } else { 1 }).clone())
    }),
    fixed("fail", &[String], |_, args| -> Result<Value, Error> {
        Err(Error::message(string(args, 0)?.to_text()))
    }),
];
