//! Questions about types, answered with Go's names.

use windlass_template::Function;
use windlass_value::func::Param::{Any, String};

use crate::call::{any, fixed, string};
use crate::equality::deep_equal;

/// The functions of the family.
pub const FUNCTIONS: &[Function] = &[
    fixed("typeOf", &[Any], |ctx, args| {
        Ok(any(args, 0).type_name(ctx.heap()).into())
    }),
    fixed("typeIs", &[String, Any], |ctx, args| {
        Ok((*string(args, 0)? == any(args, 1).type_name(ctx.heap())).into())
    }),
    fixed("typeIsLike", &[String, Any], |ctx, args| {
        let (target, name) = (string(args, 0)?, any(args, 1).type_name(ctx.heap()));
        let pointed_to = name.strip_prefix('*');
        Ok((*target == name || pointed_to.is_some_and(|p| *target == p)).into())
    }),
    fixed("kindOf", &[Any], |_, args| {
        Ok(any(args, 0).kind().name().into())
    }),
    fixed("kindIs", &[String, Any], |_, args| {
        Ok((*string(args, 0)? == any(args, 1).kind().name()).into())
    }),
    fixed("deepEqual", &[Any, Any], |ctx, args| {
        Ok(deep_equal(ctx.heap(), any(args, 0), any(args, 1))?.into())
    }),
];
