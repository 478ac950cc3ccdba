//! Helm's named map type for values, with the methods that templates can call on `.Values`.

use windlass_value::func::{CallError, Method, Param};
use windlass_value::{Elem, Heap, MapId, MapType, NamedMap, Value};

use crate::compat::Compat;
use crate::values::path;

static HELM3: NamedMap = NamedMap {
    name: "chartutil.Values",
    elem: Elem::Any,
    methods: &[
        AS_MAP,
        ENCODE,
        PATH_VALUE,
        Method {
            body: table3,
            ..TABLE
        },
        YAML,
    ],
};

static HELM4: NamedMap = NamedMap {
    name: "common.Values",
    elem: Elem::Any,
    methods: &[AS_MAP, ENCODE, PATH_VALUE, TABLE, YAML],
};

/// The type `.Values` has.
#[must_use]
pub fn named(compat: Compat) -> MapType {
    MapType::Named(match compat.values_package() {
        "chartutil" => &HELM3,
        _ => &HELM4,
    })
}

/// Whether a named type is that of `.Values`.
pub(crate) fn is_values(ty: &NamedMap) -> bool {
    std::ptr::eq(ty, &raw const HELM3) || std::ptr::eq(ty, &raw const HELM4)
}

const AS_MAP: Method = Method::new("AsMap", &[], as_map);
const ENCODE: Method = Method::new("Encode", &[Param::Named("io.Writer")], encode);
const PATH_VALUE: Method = Method::new("PathValue", &[Param::String], path_value);
const TABLE: Method = Method::new("Table", &[Param::String], table4);
const YAML: Method = Method::new("YAML", &[], yaml);

fn receiver(value: &Value) -> Result<MapId, CallError> {
    value.as_map().ok_or_else(|| "receiver is not a map".into())
}

fn text(args: &[Value]) -> &[u8] {
    args.first()
        .and_then(Value::as_str)
        .map_or(b"", |s| s.as_bytes())
}

fn as_map(heap: &mut Heap, value: &Value, _: &[Value]) -> Result<Value, CallError> {
    let map = receiver(value)?;
    let plain = if heap.map(map).is_empty() {
        heap.new_map()
    } else {
        heap.view_as(map, MapType::Any)
    };
    Ok(Value::Map(plain))
}

/// Templates have nothing that is an `io.Writer`, so the check of arguments never lets a call through.
fn encode(_: &mut Heap, _: &Value, _: &[Value]) -> Result<Value, CallError> {
    Err("no io.Writer".into())
}

fn path_value(heap: &mut Heap, value: &Value, args: &[Value]) -> Result<Value, CallError> {
    path::path_value(heap, receiver(value)?, text(args)).map_err(|e| CallError::new(e.to_string()))
}

fn table3(heap: &mut Heap, value: &Value, args: &[Value]) -> Result<Value, CallError> {
    table(heap, value, args, &HELM3)
}

fn table4(heap: &mut Heap, value: &Value, args: &[Value]) -> Result<Value, CallError> {
    table(heap, value, args, &HELM4)
}

fn table(
    heap: &mut Heap,
    value: &Value,
    args: &[Value],
    ty: &'static NamedMap,
) -> Result<Value, CallError> {
    let found = path::table(heap, receiver(value)?, text(args));
    let map = found.map_err(|e| CallError::new(e.to_string()))?;
    Ok(Value::Map(heap.view_as(map, MapType::Named(ty))))
}

fn yaml(heap: &mut Heap, value: &Value, _: &[Value]) -> Result<Value, CallError> {
    let text = windlass_yaml::to_yaml(heap, value).map_err(|e| CallError::new(e.to_string()))?;
    Ok(Value::str(text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    /// A table of values is of the same named type as the values, which `printf "%T"` shows.
    #[test]
    fn tables_have_the_type_of_values() {
        for (compat, wanted) in [
            (Compat::Helm3, "chartutil.Values"),
            (Compat::Helm4, "common.Values"),
        ] {
            let mut heap = Heap::new();
            let inner = Value::Map(heap.new_map());
            let MapType::Named(ty) = named(compat) else {
                panic!("values have a name")
            };
            assert!(is_values(ty));
            let entries = vec![("a".into(), inner)];
            let values = Value::Map(heap.map_from(MapType::Named(ty), entries));
            let method = ty.methods.iter().find(|m| m.name == "Table").unwrap();
            let table = (method.body)(&mut heap, &values, &["a".into()]).unwrap();
            assert_eq!(table.type_name(&heap), wanted);
        }
    }
}
