//! JSON patch (RFC 6902), as the API server applies it.
//!
//! The server's library departs from the RFC in a few places, and clients have come to rely on it:
//! negative indices count from the end, `replace` of a missing member of an object adds it, `copy` of a
//! missing member copies null.

use serde_json::Value;

use crate::json_kind::json_kind;
/// A patch that cannot be applied. Texts are the server's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The patch is not a list of objects.
    #[error("json: cannot unmarshal {0} into Go value of type jsonpatch.{1}")]
    Shape(&'static str, &'static str),
    /// An operation of another name, or none.
    #[error("Unexpected kind: {0}")]
    Kind(String),
    /// An operation lacks a member.
    #[error("{operation} operation failed to decode {member}: {reason}missing value")]
    Member {
        /// The operation.
        operation: &'static str,
        /// `path` or `from`.
        member: &'static str,
        /// What the library says between.
        reason: &'static str,
    },
    /// The parent of a place does not exist.
    #[error("{operation} operation does not apply: {what}: {path}: missing value")]
    Place {
        /// The operation.
        operation: &'static str,
        /// What is missing.
        what: &'static str,
        /// Where.
        path: String,
    },
    /// The place itself cannot be used.
    #[error("{doing}: '{path}': {reason}")]
    Access {
        /// What was being done.
        doing: &'static str,
        /// Where.
        path: String,
        /// Why not.
        reason: String,
    },
    /// A copied value cannot be added.
    #[error("error while adding value during copy: {0}")]
    Copy(String),
    /// A `test` found another value.
    #[error("testing value {0} failed: test failed")]
    Test(String),
    /// The whole document may be replaced by an object or a list only.
    #[error("replace operation value must be object or array: %!w(<nil>)")]
    Whole,
}

/// Applies a patch.
///
/// # Errors
/// The first operation that cannot be applied; then the document is left half patched.
pub fn apply(document: &mut Value, patch: &Value) -> Result<(), Error> {
    let operations = patch
        .as_array()
        .ok_or_else(|| Error::Shape(json_kind(patch), "Patch"))?;
    for operation in operations {
        if !operation.is_object() {
            return Err(Error::Shape(json_kind(operation), "Operation"));
        }
        match operation["op"].as_str() {
            Some("add") => add(document, operation)?,
            Some("remove") => remove(document, operation)?,
            Some("replace") => replace(document, operation)?,
            Some("move") => relocate(document, operation)?,
            Some("copy") => copy(document, operation)?,
            Some("test") => test(document, operation)?,
            other => return Err(Error::Kind(other.unwrap_or("unknown").to_owned())),
        }
    }
    Ok(())
}

fn add(document: &mut Value, operation: &Value) -> Result<(), Error> {
    let path = member(operation, "add", "path", "")?;
    let (parent, key) = parent(document, path)
        .ok_or_else(|| missing("add", "doc is missing path", &quoted(path)))?;
    insert(parent, &key, operation["value"].clone())
        .map_err(|reason| access("error in add for path", path, reason))
}

fn remove(document: &mut Value, operation: &Value) -> Result<(), Error> {
    let path = member(operation, "remove", "path", "")?;
    let (parent, key) = parent(document, path)
        .ok_or_else(|| missing("remove", "doc is missing path", &quoted(path)))?;
    match take(parent, &key) {
        Ok(_) => Ok(()),
        Err(reason) => Err(access("error in remove for path", path, reason)),
    }
}

fn replace(document: &mut Value, operation: &Value) -> Result<(), Error> {
    let path = member(operation, "replace", "path", PATH)?;
    let value = operation["value"].clone();
    if path.is_empty() {
        if !value.is_object() && !value.is_array() {
            return Err(Error::Whole);
        }
        *document = value;
        return Ok(());
    }
    let (parent, key) =
        parent(document, path).ok_or_else(|| missing("replace", "doc is missing path", path))?;
    match parent {
        Value::Array(items) => {
            let at = index(&key, items.len()).ok().filter(|at| *at < items.len());
            let slot = at.and_then(|at| items.get_mut(at));
            let slot = slot.ok_or_else(|| missing("replace", "doc is missing key", path))?;
            *slot = value;
        }
        Value::Object(members) => {
            members.insert(key, value);
        }
        _ => return Err(missing("replace", "doc is missing path", path)),
    }
    Ok(())
}

fn relocate(document: &mut Value, operation: &Value) -> Result<(), Error> {
    let from = member(operation, "move", "from", FROM)?;
    let (source, key) =
        parent(document, from).ok_or_else(|| missing("move", "doc is missing from path", from))?;
    let value = take(source, &key).map_err(|why| access("error in move for path", &key, why))?;
    let path = member(operation, "move", "path", PATH)?;
    let (target, key) = parent(document, path)
        .ok_or_else(|| missing("move", "doc is missing destination path", path))?;
    insert(target, &key, value).map_err(|why| access("error in move for path", path, why))
}

fn copy(document: &mut Value, operation: &Value) -> Result<(), Error> {
    let from = member(operation, "copy", "from", FROM)?;
    let (source, key) =
        parent(document, from).ok_or_else(|| missing("copy", "doc is missing from path", from))?;
    let value = get(source, &key).map_err(|why| access("error in copy for from", from, why))?;
    let value = value.cloned().unwrap_or(Value::Null);
    let path = member(operation, "copy", "path", "")?;
    let (target, key) = parent(document, path)
        .ok_or_else(|| missing("copy", "doc is missing destination path", path))?;
    insert(target, &key, value).map_err(Error::Copy)
}

fn test(document: &mut Value, operation: &Value) -> Result<(), Error> {
    let path = member(operation, "test", "path", PATH)?;
    let wanted = &operation["value"];
    let same = if path.is_empty() {
        *document == *wanted
    } else {
        let (parent, key) =
            parent(document, path).ok_or_else(|| missing("test", "is missing path", path))?;
        let found = get(parent, &key).map_err(|why| access("error in test for path", path, why))?;
        found.unwrap_or(&Value::Null) == wanted
    };
    if same {
        Ok(())
    } else {
        Err(Error::Test(path.to_owned()))
    }
}

const PATH: &str = "operation missing path field: ";
const FROM: &str = "operation, missing from field: ";

fn member<'a>(
    operation: &'a Value,
    name: &'static str,
    member: &'static str,
    reason: &'static str,
) -> Result<&'a str, Error> {
    operation[member].as_str().ok_or(Error::Member {
        operation: name,
        member,
        reason,
    })
}

fn missing(operation: &'static str, what: &'static str, path: &str) -> Error {
    Error::Place {
        operation,
        what,
        path: path.to_owned(),
    }
}

fn access(doing: &'static str, path: &str, reason: String) -> Error {
    Error::Access {
        doing,
        path: path.to_owned(),
        reason,
    }
}

fn quoted(path: &str) -> String {
    format!("\"{path}\"")
}

/// The container that a path ends in, and the key there.
fn parent<'a>(document: &'a mut Value, path: &str) -> Option<(&'a mut Value, String)> {
    let mut parts = path.split('/').skip(1).peekable();
    let mut current = document;
    loop {
        let part = parts.next()?.replace("~1", "/").replace("~0", "~");
        if parts.peek().is_none() {
            let container = current.is_object() || current.is_array();
            return container.then_some((current, part));
        }
        current = match current {
            Value::Object(members) => members.get_mut(&part)?,
            Value::Array(items) => {
                let at = index(&part, items.len()).ok()?;
                items.get_mut(at)?
            }
            _ => return None,
        };
    }
}

fn get<'a>(container: &'a Value, key: &str) -> Result<Option<&'a Value>, String> {
    match container {
        Value::Array(items) => {
            let at = index(key, items.len())?;
            items.get(at).map(Some).ok_or_else(|| out_of_range(key))
        }
        other => Ok(other.get(key)),
    }
}

fn take(container: &mut Value, key: &str) -> Result<Value, String> {
    match container {
        Value::Array(items) => {
            let at = index(key, items.len())?;
            if at < items.len() {
                Ok(items.remove(at))
            } else {
                Err(out_of_range(key))
            }
        }
        Value::Object(members) => members.remove(key).ok_or_else(|| nonexistent(key)),
        _ => Err(nonexistent(key)),
    }
}

fn insert(container: &mut Value, key: &str, value: Value) -> Result<(), String> {
    match container {
        Value::Array(items) if key == "-" => items.push(value),
        Value::Array(items) => {
            let at = index(key, items.len() + 1).map_err(|why| reworded(key, why))?;
            if at > items.len() {
                return Err(out_of_range(key));
            }
            items.insert(at, value);
        }
        Value::Object(members) => {
            members.insert(key.to_owned(), value);
        }
        _ => return Err(nonexistent(key)),
    }
    Ok(())
}

fn reworded(key: &str, why: String) -> String {
    if why.starts_with("strconv") {
        format!("value was not a proper array index: '{key}': {why}")
    } else {
        why
    }
}

fn nonexistent(key: &str) -> String {
    format!("Unable to remove nonexistent key: {key}: missing value")
}

fn out_of_range(key: &str) -> String {
    let at = key.trim_start_matches('+');
    let at = at.parse::<i64>().unwrap_or(0);
    format!("Unable to access invalid index: {at}: invalid index referenced")
}

/// Where an index points to; negative ones count from the end.
fn index(key: &str, len: usize) -> Result<usize, String> {
    let syntax = || format!("strconv.Atoi: parsing {key:?}: invalid syntax");
    let digits = key.strip_prefix(['+', '-']).unwrap_or(key);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(syntax());
    }
    let range = |_| format!("strconv.Atoi: parsing {key:?}: value out of range");
    let at: i64 = key.parse().map_err(range)?;
    let from_start = if at < 0 {
        at + i64::try_from(len).unwrap_or(i64::MAX)
    } else {
        at
    };
    usize::try_from(from_start).map_err(|_| out_of_range(key))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use serde_json::json;

    use super::*;

    fn patched(mut document: Value, patch: &Value) -> Result<Value, String> {
        apply(&mut document, patch).map_err(|e| e.to_string())?;
        Ok(document)
    }

    #[test]
    fn operations_apply_in_order() {
        let document = json!({"a": [1, 2], "b~/c": 1});
        let patch = json!([
            {"op": "add", "path": "/a/-", "value": 3},
            {"op": "add", "path": "/a/0", "value": 0},
            {"op": "replace", "path": "/new", "value": true},
            {"op": "remove", "path": "/b~0~1c"},
            {"op": "move", "from": "/a/-1", "path": "/last"},
            {"op": "copy", "from": "/missing", "path": "/null"},
            {"op": "test", "path": "/last", "value": 3},
        ]);
        let wanted = json!({"a": [0, 1, 2], "new": true, "last": 3, "null": null});
        assert_eq!(patched(document, &patch), Ok(wanted));
    }

    #[test]
    fn errors_are_the_servers() {
        let says = |patch: Value| patched(json!({"a": [1]}), &patch).unwrap_err();
        assert_eq!(
            says(json!([{"op": "remove", "path": "/x/y"}])),
            "remove operation does not apply: doc is missing path: \"/x/y\": missing value"
        );
        assert_eq!(
            says(json!([{"op": "remove", "path": "/x"}])),
            "error in remove for path: '/x': Unable to remove nonexistent key: x: missing value"
        );
        assert_eq!(
            says(json!([{"op": "add", "path": "/a/7", "value": 1}])),
            "error in add for path: '/a/7': Unable to access invalid index: 7: invalid index referenced"
        );
        assert_eq!(
            says(json!([{"op": "test", "path": "/a/0", "value": 2}])),
            "testing value /a/0 failed: test failed"
        );
        assert_eq!(
            says(json!([{"op": "add", "value": 2}])),
            "add operation failed to decode path: missing value"
        );
        assert_eq!(
            says(json!([{"op": "jump", "path": "/a"}])),
            "Unexpected kind: jump"
        );
    }
}
