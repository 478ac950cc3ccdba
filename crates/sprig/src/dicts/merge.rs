//! Merging maps in place as `mergo` 1.0.1 does it.
//!
//! Without overwriting, the first map keeps what is not empty and takes the rest; with overwriting,
//! what comes later wins. Maps on both sides are merged in turn; whatever else is taken is shared
//! with its source, maps included, so a later change shows in both.

use windlass_template::{Context, Error};
use windlass_value::{Elem, Heap, Kind, MapId, MapType, Str, Value};

use crate::call::{Out, map};

/// More pairs of maps than any real data has; maps shared many times over would go on without end.
const MAX_MERGES: usize = 250_000;

/// Deeper than any real data; beyond it (a map within itself) Go would exhaust its stack.
const MAX_DEPTH: usize = 1_000;

pub(super) fn merge(ctx: &mut dyn Context, args: &[Value]) -> Out {
    forgiving(merge_all(ctx, args, false))
}

pub(super) fn must_merge(ctx: &mut dyn Context, args: &[Value]) -> Out {
    merge_all(ctx, args, false).map_err(Failure::into_error)
}

pub(super) fn merge_overwrite(ctx: &mut dyn Context, args: &[Value]) -> Out {
    forgiving(merge_all(ctx, args, true))
}

pub(super) fn must_merge_overwrite(ctx: &mut dyn Context, args: &[Value]) -> Out {
    merge_all(ctx, args, true).map_err(Failure::into_error)
}

/// Why a merge ended early.
enum Failure {
    /// `mergo` returned an error, which the functions without `must` turn into `""`.
    Returned(&'static str),
    /// Go panicked, or a limit was passed.
    Raised(Error),
}

impl Failure {
    fn into_error(self) -> Error {
        match self {
            Self::Returned(text) => Error::message(text),
            Self::Raised(e) => e,
        }
    }
}

fn forgiving(result: Result<Value, Failure>) -> Out {
    match result {
        Err(Failure::Returned(_)) => Ok("".into()),
        other => other.map_err(Failure::into_error),
    }
}

fn merge_all(ctx: &mut dyn Context, args: &[Value], overwrite: bool) -> Result<Value, Failure> {
    let mut target = map(ctx, args, 0).map_err(Failure::Raised)?;
    for index in 1..args.len() {
        let source = map(ctx, args, index).map_err(Failure::Raised)?;
        let heap = ctx.heap_mut();
        if heap.map(target).is_nil() && !heap.map(source).is_nil() {
            target = heap.new_map();
        }
        let merges = 0;
        Merge {
            heap,
            overwrite,
            merges,
        }
        .maps(target, source, 0)?;
    }
    Ok(Value::Map(target))
}

struct Merge<'a> {
    heap: &'a mut Heap,
    overwrite: bool,
    merges: usize,
}

impl Merge<'_> {
    fn maps(&mut self, target: MapId, source: MapId, depth: usize) -> Result<(), Failure> {
        self.merges += 1;
        if depth > MAX_DEPTH || self.merges > MAX_MERGES {
            let text = "maps are nested too deeply to merge";
            return Err(Failure::Raised(Error::message(text)));
        }
        if self.heap.map(target).is_nil() {
            return Ok(());
        }
        let interfaces = self.heap.map_type(source).elem() == Elem::Any;
        for (key, from) in self.heap.snapshot(source) {
            if from.is_nil() {
                if self.overwrite {
                    self.set(target, source, key, from)?;
                }
                continue;
            }
            let into = self.heap.get(target, &key).cloned();
            self.entry(
                (target, source),
                key,
                into.as_ref(),
                from,
                interfaces,
                depth,
            )?;
        }
        Ok(())
    }

    fn entry(
        &mut self,
        (target, source): (MapId, MapId),
        key: Str,
        into: Option<&Value>,
        from: Value,
        interfaces: bool,
        depth: usize,
    ) -> Result<(), Failure> {
        let is_slice = matches!(from.kind(), Kind::Slice);
        if is_slice {
            self.check_takes_slices(target, into, &from)?;
        }
        match (into, &from) {
            (Some(Value::Map(into)), Value::Map(from)) => self.maps(*into, *from, depth + 1)?,
            (Some(into), Value::Map(_)) => self.map_into_other(into)?,
            (Some(_), _) if is_slice && self.overwrite => {
                self.set(target, source, key.clone(), from.clone())?;
            }
            _ => {}
        }
        let kept = into.filter(|v| v.truth(self.heap));
        if kept.is_some_and(|v| is_slice || both_maps(v, &from)) {
            return Ok(());
        }
        // A pointer overwrites only as the content of an interface.
        let overwrites = self.overwrite && (interfaces || from.kind() != Kind::Ptr);
        if overwrites || kept.is_none() {
            self.set(target, source, key, from)?;
        }
        Ok(())
    }

    /// A map cannot be merged into a pointer that is there.
    fn map_into_other(&self, into: &Value) -> Result<(), Failure> {
        if into.kind() == Kind::Ptr && into.truth(self.heap) && !self.overwrite {
            return Err(Failure::Returned("src and dst must be of same type"));
        }
        Ok(())
    }

    /// A slice found in the source is set before it is compared, so that maps of scalars fail.
    fn check_takes_slices(
        &self,
        target: MapId,
        into: Option<&Value>,
        from: &Value,
    ) -> Result<(), Failure> {
        let ty = self.heap.map_type(target);
        if !matches!(ty.elem(), Elem::String | Elem::Int | Elem::Bool) {
            return Ok(());
        }
        let text = match into {
            Some(_) => format!(
                "reflect: call of reflect.Value.IsNil on {} Value",
                elem_name(ty)
            ),
            None => not_assignable(from.type_name(self.heap), ty),
        };
        Err(Failure::Raised(Error::message(text)))
    }

    /// Sets a key in the target, whose elements must be able to take those of the source.
    fn set(&mut self, target: MapId, source: MapId, key: Str, value: Value) -> Result<(), Failure> {
        let (to, from) = (self.heap.map_type(target), self.heap.map_type(source));
        if to.elem() != Elem::Any && to.elem() != from.elem() {
            return Err(Failure::Raised(Error::message(not_assignable(
                elem_name(from),
                to,
            ))));
        }
        self.heap.set(target, key, value);
        Ok(())
    }
}

/// The text of the panic when a map cannot take a value of a type.
fn not_assignable(name: &str, target: MapType) -> String {
    let wanted = elem_name(target);
    format!("reflect.Value.SetMapIndex: value of type {name} is not assignable to type {wanted}")
}

fn both_maps(a: &Value, b: &Value) -> bool {
    matches!((a, b), (Value::Map(_), Value::Map(_)))
}

/// The name of a map type's element type.
fn elem_name(ty: MapType) -> &'static str {
    match ty.elem() {
        Elem::Any => "interface {}",
        Elem::String => "string",
        Elem::Bytes => "[]uint8",
        Elem::Int => "int",
        Elem::Bool => "bool",
        Elem::List => "[]interface {}",
        Elem::Map => "map[string]interface {}",
        Elem::Object(name) => name,
    }
}
