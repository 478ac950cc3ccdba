//! JSON out and in. Helm replaces some of these with its own (see `windlass-render`).

use windlass_template::{Context, Function};
use windlass_value::func::Param::{Any, String};
use windlass_value::json::{self, Numbers, Target};
use windlass_value::{Heap, Value};

use crate::call::{Out, any, fixed, string};

/// The functions of the family. Without `must` an error is dropped, but by `toRawJson`.
pub const FUNCTIONS: &[Function] = &[
    fixed("toJson", &[Any], |ctx, args| {
        Ok(compact(ctx, args).unwrap_or_else(|_| "".into()))
    }),
    fixed("mustToJson", &[Any], compact),
    fixed("toPrettyJson", &[Any], |ctx, args| {
        Ok(pretty(ctx, args).unwrap_or_else(|_| "".into()))
    }),
    fixed("mustToPrettyJson", &[Any], pretty),
    fixed("toRawJson", &[Any], raw),
    fixed("mustToRawJson", &[Any], raw),
    fixed("fromJson", &[String], |ctx, args| {
        Ok(json::decode(
            ctx.heap_mut(),
            string(args, 0)?,
            Target::Any,
            Numbers::Float,
        )
        .value)
    }),
    fixed("mustFromJson", &[String], |ctx, args| {
        let parsed = json::unmarshal(ctx.heap_mut(), string(args, 0)?);
        Ok(parsed.map_err(|e| e.to_string())?)
    }),
];

fn compact(ctx: &mut dyn Context, args: &[Value]) -> Out {
    written(ctx, args, json::marshal)
}

fn pretty(ctx: &mut dyn Context, args: &[Value]) -> Out {
    written(ctx, args, |heap, value| {
        json::marshal_indent(heap, value, b"", b"  ")
    })
}

fn raw(ctx: &mut dyn Context, args: &[Value]) -> Out {
    written(ctx, args, json::marshal_raw)
}

fn written(
    ctx: &mut dyn Context,
    args: &[Value],
    write: fn(&Heap, &Value) -> Result<Vec<u8>, json::Error>,
) -> Out {
    let text = write(ctx.heap(), any(args, 0)).map_err(|e| e.to_string())?;
    Ok(Value::str(text))
}
