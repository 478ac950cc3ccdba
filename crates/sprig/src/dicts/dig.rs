//! `dig`: a value deep in nested maps, or a default.

use windlass_template::{Context, Error};
use windlass_value::{Heap, MapId, MapType, Str, Value};

use crate::call::Out;

/// Keys, then the default, then the map. Only a missing key gives the default; what is not a
/// `map[string]interface {}` (Helm's `.Values` itself is none) on the way is an error.
pub(super) fn dig(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let [keys @ .., default, outermost] = args else {
        return Err(Error::message(TOO_FEW));
    };
    if keys.is_empty() {
        return Err(Error::message(TOO_FEW));
    }
    let heap = ctx.heap();
    let mut map = as_map(heap, outermost)?;
    // Go looks at all keys before it looks into the map.
    let keys = keys
        .iter()
        .map(|key| as_string(heap, key))
        .collect::<Result<Vec<_>, _>>()?;
    let mut steps = keys.iter().peekable();
    while let Some(key) = steps.next() {
        match heap.get(map, key) {
            None => return Ok(default.clone()),
            Some(found) if steps.peek().is_none() => return Ok(found.clone()),
            Some(found) => map = as_map(heap, found)?,
        }
    }
    Ok(default.clone())
}

const TOO_FEW: &str = "dig needs at least three arguments";

fn as_map(heap: &Heap, value: &Value) -> Result<MapId, Error> {
    match value {
        Value::Map(id) if heap.map_type(*id) == MapType::Any => Ok(*id),
        other => Err(not_a(heap, other, MapType::Any.name())),
    }
}

fn as_string<'a>(heap: &Heap, value: &'a Value) -> Result<&'a Str, Error> {
    value.as_str().ok_or_else(|| not_a(heap, value, "string"))
}

/// The text of the panic that a Go type assertion gives.
fn not_a(heap: &Heap, value: &Value, wanted: &str) -> Error {
    let found = if value.is_nil() {
        "nil"
    } else {
        value.type_name(heap)
    };
    Error::message(format!(
        "interface conversion: interface {{}} is {found}, not {wanted}"
    ))
}
