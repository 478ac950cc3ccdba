//! Maps: making, reading, changing, copying. Merging is in [`merge`].
//!
//! `set`, `unset` and the merges change the map they are given, and everyone who holds it sees that.

mod dig;
mod merge;
mod size;

use windlass_template::{Context, Error, Function};
use windlass_value::func::Param::{Any, Map, String};
use windlass_value::{MapId, MapType, Str, Value};

use crate::call::{Out, any, fixed, map, string, variadic};
use crate::{semver, text};

/// The functions of the family.
pub const FUNCTIONS: &[Function] = &[
    variadic("dict", &[], Any, dict),
    fixed("get", &[Map, String], get),
    fixed("set", &[Map, String, Any], set),
    fixed("unset", &[Map, String], unset),
    fixed("hasKey", &[Map, String], has_key),
    variadic("pluck", &[String], Map, pluck),
    variadic("keys", &[], Map, keys),
    fixed("values", &[Map], values),
    variadic("pick", &[Map], String, pick),
    variadic("omit", &[Map], String, omit),
    variadic("merge", &[Map], Map, merge::merge),
    variadic("mustMerge", &[Map], Map, merge::must_merge),
    variadic("mergeOverwrite", &[Map], Map, merge::merge_overwrite),
    variadic(
        "mustMergeOverwrite",
        &[Map],
        Map,
        merge::must_merge_overwrite,
    ),
    variadic("dig", &[], Any, dig::dig),
    fixed("deepCopy", &[Any], deep_copy),
    fixed("mustDeepCopy", &[Any], deep_copy),
];

/// Keys and values in turn; a last key without value gets `""`.
fn dict(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let heap = ctx.heap_mut();
    let mut entries = Vec::with_capacity(args.len().div_ceil(2));
    for pair in args.chunks(2) {
        let key = text::strval(heap, &pair[0]);
        entries.push((key, pair.get(1).cloned().unwrap_or_else(|| "".into())));
    }
    Ok(Value::Map(heap.map_from(MapType::Any, entries)))
}

fn get(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let id = map(ctx, args, 0)?;
    let found = ctx.heap().get(id, string(args, 1)?);
    Ok(found.cloned().unwrap_or_else(|| "".into()))
}

fn set(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let id = map(ctx, args, 0)?;
    let key = string(args, 1)?.clone();
    if ctx.heap().map(id).is_nil() {
        return Err(Error::message("assignment to entry in nil map"));
    }
    move_entries(ctx, id, &key)?;
    ctx.heap_mut().set(id, key, any(args, 2).clone());
    Ok(Value::Map(id))
}

/// Counts the work of making or closing a gap at a key. At the end there is none.
fn move_entries(ctx: &mut dyn Context, id: MapId, key: &Str) -> Result<(), Error> {
    const ENTRIES_A_STEP: usize = 4;
    let entries = ctx.heap().map(id).entries();
    match entries.last() {
        Some((last, _)) if last >= key => ctx.work((entries.len() / ENTRIES_A_STEP) as u64),
        _ => Ok(()),
    }
}

fn unset(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let id = map(ctx, args, 0)?;
    let key = string(args, 1)?;
    move_entries(ctx, id, key)?;
    ctx.heap_mut().remove(id, key);
    Ok(Value::Map(id))
}

fn has_key(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let id = map(ctx, args, 0)?;
    Ok(ctx.heap().map(id).contains(string(args, 1)?).into())
}

fn pluck(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let key = string(args, 0)?;
    let mut out = Vec::new();
    for index in 1..args.len() {
        let id = map(ctx, args, index)?;
        out.extend(ctx.heap().get(id, key).cloned());
    }
    Ok(Value::list(out))
}

/// The keys of all maps, one map after the other; sorted within each, since Go gives no order.
fn keys(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let mut out = Vec::new();
    for index in 0..args.len() {
        let id = map(ctx, args, index)?;
        let entries = ctx.heap().map(id).entries();
        out.extend(entries.iter().map(|(key, _)| key.clone()));
    }
    Ok(Value::strings(out))
}

/// The values in the order of their keys, since Go gives none.
fn values(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let id = map(ctx, args, 0)?;
    let entries = ctx.heap().map(id).entries();
    Ok(Value::list(
        entries.iter().map(|(_, v)| v.clone()).collect(),
    ))
}

fn pick(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let id = map(ctx, args, 0)?;
    let mut entries = Vec::new();
    for index in 1..args.len() {
        let key = string(args, index)?;
        if let Some(value) = ctx.heap().get(id, key) {
            entries.push((key.clone(), value.clone()));
        }
    }
    Ok(Value::Map(ctx.heap_mut().map_from(MapType::Any, entries)))
}

fn omit(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let id = map(ctx, args, 0)?;
    let mut omitted = Vec::with_capacity(args.len());
    for index in 1..args.len() {
        omitted.push(string(args, index)?);
    }
    omitted.sort_unstable();
    let mut entries = ctx.heap().snapshot(id);
    entries.retain(|(key, _)| omitted.binary_search(&key).is_err());
    Ok(Value::Map(ctx.heap_mut().map_from(MapType::Any, entries)))
}

/// A copy that shares no map with the original, nor one part of itself with another.
fn deep_copy(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let value = any(args, 0);
    if value.is_nil() {
        let text = "reflect: call of reflect.Value.Type on zero Value";
        return Err(Error::message(text));
    }
    if let Some(version) = semver::copied(value) {
        return Ok(version);
    }
    let size = size::of_copy(ctx.heap(), value);
    if size > LARGE_COPY {
        ctx.reserve(size)?;
    }
    Ok(ctx.heap_mut().deep_copy(value))
}

/// Copies up to this size need no leave: the heap counts them as they are made.
const LARGE_COPY: usize = 16 << 20;
