//! Looking up values by dotted paths: Helm's `Table` and `PathValue`.

use windlass_value::{Heap, MapId, MapType, Value, fmt};

use crate::values::named;

/// A path leads to no table, or to no value; the texts are Helm's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// An element of the path is missing or not a table.
    #[error("{} is not a table", fmt::quote(.0))]
    NoTable(Vec<u8>),
    /// The last element is missing or is a table.
    #[error("{} is not a value", fmt::quote(.0))]
    NoValue(Vec<u8>),
    /// The path is the empty string.
    #[error("YAML path cannot be empty")]
    Empty,
}

/// The table at a path whose elements are separated by dots.
///
/// # Errors
/// [`PathError::NoTable`] naming the first element that fails.
pub fn table(heap: &Heap, root: MapId, path: &[u8]) -> Result<MapId, PathError> {
    path.split(|&b| b == b'.').try_fold(root, |map, key| {
        heap.get(map, key)
            .and_then(Value::as_map)
            .filter(|&found| is_table(heap, found))
            .ok_or_else(|| PathError::NoTable(key.to_vec()))
    })
}

/// The value at a path; a table is not a value.
///
/// # Errors
/// [`PathError`]; a missing table on the way counts as a missing value.
pub fn path_value(heap: &Heap, root: MapId, path: &[u8]) -> Result<Value, PathError> {
    if path.is_empty() {
        return Err(PathError::Empty);
    }
    let (map, key) = match path.iter().rposition(|&b| b == b'.') {
        Some(i) => (table(heap, root, &path[..i]).ok(), &path[i + 1..]),
        None => (Some(root), path),
    };
    map.and_then(|map| heap.get(map, key))
        .filter(|v| v.as_map().is_none_or(|m| heap.map_type(m) != MapType::Any))
        .cloned()
        .ok_or_else(|| PathError::NoValue(key.to_vec()))
}

fn is_table(heap: &Heap, map: MapId) -> bool {
    match heap.map_type(map) {
        MapType::Any => true,
        MapType::Named(ty) => named::is_values(ty),
        MapType::Strings => false,
    }
}
