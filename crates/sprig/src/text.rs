//! Any value as text, as Sprig's functions see it: `strval` and its list form.

use windlass_value::{Heap, Str, Value, fmt};

/// Sprig's `strval`: strings and bytes as they are, errors and stringers by their own word, the rest
/// as `%v` prints it.
pub(crate) fn strval(heap: &Heap, value: &Value) -> Str {
    match value {
        Value::Str(s) | Value::Bytes(s) => s.clone(),
        other => sprint(heap, other),
    }
}

/// Go's `fmt.Sprintf("%v", value)`.
pub(crate) fn sprint(heap: &Heap, value: &Value) -> Str {
    fmt::sprint(heap, std::slice::from_ref(value))
}

/// Sprig's `strslice`: the elements of a list as strings, nil ones left out; no elements for nil;
/// one for anything else.
pub(crate) fn strings(heap: &Heap, value: &Value) -> Vec<Str> {
    match value {
        Value::Nil => Vec::new(),
        Value::List(list) => list
            .iter()
            .filter(|v| !v.is_nil())
            .map(|v| strval(heap, v))
            .collect(),
        Value::Bytes(bytes) => bytes.iter().map(|b| b.to_string().into()).collect(),
        other => vec![strval(heap, other)],
    }
}

/// The length in bytes as Go's `int`.
pub(crate) fn length(s: &[u8]) -> i64 {
    // No allocation is longer than `isize::MAX` bytes.
    s.len() as i64
}
