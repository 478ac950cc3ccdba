//! `.Files`: the chart's files that are neither templates nor charts, as templates see them.

use windlass_value::func::{CallError, Method, Param};
use windlass_value::{Elem, Heap, MapId, MapType, NamedMap, Str, Value, base64};

use crate::glob::Glob;

static FILES: NamedMap = NamedMap {
    name: "engine.files",
    elem: Elem::Bytes,
    methods: METHODS,
};

const METHODS: &[Method] = &[
    Method::new("Get", &[Param::String], |heap, files, args| {
        Ok(Value::Str(
            content(heap, files, &args[0]).unwrap_or_default(),
        ))
    }),
    Method::new("GetBytes", &[Param::String], |heap, files, args| {
        Ok(Value::Bytes(
            content(heap, files, &args[0]).unwrap_or_default(),
        ))
    }),
    Method::new("Glob", &[Param::String], glob),
    Method::new("Lines", &[Param::String], lines),
    Method::new("AsConfig", &[], |heap, files, _| {
        as_yaml(heap, files, Value::Str)
    }),
    Method::new("AsSecrets", &[], |heap, files, _| {
        as_yaml(heap, files, |data| Value::str(base64::encode(&data)))
    }),
];

/// Makes the map that templates see as `.Files`; of two files of one name the last wins.
pub(crate) fn to_value(heap: &mut Heap, files: &[windlass_chart::File]) -> Value {
    let entries = files
        .iter()
        .map(|f| (Str::from(f.name.as_str()), Value::Bytes(f.data.clone())))
        .collect();
    Value::Map(heap.map_from(MapType::Named(&FILES), entries))
}

fn entries(heap: &Heap, files: &Value) -> Vec<(Str, Value)> {
    files
        .as_map()
        .map(|id| heap.snapshot(id))
        .unwrap_or_default()
}

fn content(heap: &Heap, files: &Value, name: &Value) -> Option<Str> {
    match heap.get(files.as_map()?, name.as_str()?) {
        Some(Value::Bytes(data)) => Some(data.clone()),
        _ => None,
    }
}

/// The files whose names match; a pattern that is no glob means `**`, as in Helm.
fn glob(heap: &mut Heap, files: &Value, args: &[Value]) -> Result<Value, CallError> {
    let pattern = args[0]
        .as_str()
        .map(|s| s.to_text().into_owned())
        .unwrap_or_default();
    let glob = Glob::compile(&pattern);
    let matching: Vec<(Str, Value)> = entries(heap, files)
        .into_iter()
        .filter(|(name, _)| glob.as_ref().is_none_or(|g| g.matches(&name.to_text())))
        .collect();
    let id: MapId = heap.map_from(MapType::Named(&FILES), matching);
    Ok(Value::Map(id))
}

fn lines(heap: &mut Heap, files: &Value, args: &[Value]) -> Result<Value, CallError> {
    let data = content(heap, files, &args[0]).unwrap_or_default();
    if data.is_empty() {
        return Ok(Value::strings(Vec::<Str>::new()));
    }
    let text = data.strip_suffix(b"\n").unwrap_or(&data);
    Ok(Value::strings(text.split(|&b| b == b'\n').map(Str::from)))
}

/// A YAML map from base names to contents, without the last line break; of equal base names Go's
/// random order decides, and here the last in order of paths.
fn as_yaml(heap: &mut Heap, files: &Value, show: fn(Str) -> Value) -> Result<Value, CallError> {
    let shown = entries(heap, files)
        .into_iter()
        .map(|(name, data)| {
            let data = match data {
                Value::Bytes(data) => data,
                _ => Str::default(),
            };
            (Str::from(base(&name)), show(data))
        })
        .collect();
    let map = Value::Map(heap.map_from(MapType::Strings, shown));
    let yaml = windlass_yaml::to_yaml(heap, &map).unwrap_or_default();
    Ok(Value::str(yaml.strip_suffix('\n').unwrap_or(&yaml)))
}

/// Go's `path.Base`.
fn base(path: &[u8]) -> &[u8] {
    let trimmed = match path.iter().rposition(|&b| b != b'/') {
        Some(last) => &path[..=last],
        None if path.is_empty() => return b".",
        None => return b"/",
    };
    let start = trimmed
        .iter()
        .rposition(|&b| b == b'/')
        .map_or(0, |i| i + 1);
    &trimmed[start..]
}
