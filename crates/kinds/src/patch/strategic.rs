//! Strategic merge patch: a merge patch that knows how lists of built-in kinds merge.
//!
//! Lists with strategy `merge` are merged item by item, told apart by a merge key or, if scalars, by value.
//! What plain JSON cannot say is said by directives: `$patch` (replace, delete) in maps and items,
//! `$retainKeys`, and beside a list `$deleteFromPrimitiveList/name` and `$setElementOrder/name`.
//!
//! [`apply`] is the server's side. [`two_way`] and [`three_way`] are the client's: they make a patch from
//! objects, the latter so that changes by others stay.

mod apply;
mod diff;
mod lookup;
mod order;

use serde_json::{Map, Value};

use crate::schema::Schema;

const DIRECTIVE: &str = "$patch";
const DELETE: &str = "delete";
const REPLACE: &str = "replace";
const MERGE: &str = "merge";
const RETAIN_KEYS: &str = "$retainKeys";
const DELETE_FROM_LIST: &str = "$deleteFromPrimitiveList";
const SET_ORDER: &str = "$setElementOrder";

/// A patch that cannot be made or applied. Texts are those of Kubernetes' library.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The struct has no such field.
    #[error("unable to find api field in struct {of} for the json field {field:?}")]
    Field {
        /// The name of the struct.
        of: String,
        /// The field.
        field: String,
    },
    /// A map or scalar where a struct is needed.
    #[error("merging an object in json but data type is not struct, instead is: {0}")]
    NotStruct(&'static str),
    /// A field that is no list.
    #[error("expected slice or array type, but got: {0}")]
    NotList(&'static str),
    /// A value of another form than its place.
    #[error("expected a {expected}, but received a {received}")]
    Form {
        /// The form of the place.
        expected: &'static str,
        /// The form found.
        received: &'static str,
    },
    /// An item lacks the field that would tell it apart.
    #[error("map: {item} does not contain declared merge key: {key}")]
    NoMergeKey {
        /// The item.
        item: String,
        /// The field.
        key: String,
    },
    /// Items of a list to be merged have no field to tell them apart.
    #[error("cannot merge lists without merge key for {0}")]
    NoKeyDeclared(&'static str),
    /// Items of different forms.
    #[error("list element types are not identical: {0}")]
    Mixed(String),
    /// No item to see the form of.
    #[error("no elements in any of the given slices")]
    NoElements,
    /// A list within a list.
    #[error("lists of lists are not supported")]
    ListOfLists,
    /// A `$patch` of no known kind.
    #[error("unknown patch type: {0} in map: {1}")]
    Directive(String, String),
    /// `$patch` is no string.
    #[error("invalid value for special key: $patch")]
    DirectiveForm,
    /// `$patch: merge` in an item.
    #[error("merging lists cannot yet be specified in the patch")]
    MergeDirective,
    /// `$retainKeys` is no list, or misses what the patch sets.
    #[error("invalid patch format of retainKeys")]
    RetainKeys,
    /// Two `$retainKeys` contradict each other.
    #[error(
        "{0} and {1} are not deep equal: this may happen when calculating the 3-way diff patch"
    )]
    RetainKeysDiffer(String, String),
    /// `$deleteFromPrimitiveList` without the name of a list.
    #[error("invalid patch format of primitive list")]
    DeleteList,
    /// `$setElementOrder` is no list, or contradicts another.
    #[error("invalid patch format of setElementOrder list")]
    SetOrder,
    /// Items are not in the order that the patch itself states.
    #[error("The order in patch list:\n{0}\n doesn't match $setElementOrder list:\n{1}\n")]
    Order(String, String),
    /// More strategies than a field can have.
    #[error("unexpected patch strategy: {0}")]
    Strategy(String),
    /// The patch or document is no object.
    #[error("invalid JSON document")]
    Document,
}

/// Applies a patch to an object, as the server does.
///
/// # Errors
/// The patch does not fit the object or its type.
pub fn apply(schema: &Schema, document: &Value, patch: &Value) -> Result<Value, Error> {
    let document = members(document)?.clone();
    let patch = members(patch)?.clone();
    let merged = apply::Merger::server().map(document, patch, schema.root())?;
    Ok(Value::Object(merged))
}

/// The patch that makes `modified` of `original`.
///
/// # Errors
/// Fields that the type does not know differ, or lists are not as their type says.
pub fn two_way(schema: &Schema, original: &Value, modified: &Value) -> Result<Value, Error> {
    let options = diff::Options {
        additions: true,
        deletions: true,
        retain_keys: false,
    };
    let patch = diff::maps(
        members(original)?,
        members(modified)?,
        schema.root(),
        options,
    )?;
    Ok(Value::Object(patch))
}

/// The patch that brings to `current` what `modified` says, and takes away what only `original` said;
/// where others changed `current` meanwhile, `modified` wins.
///
/// # Errors
/// As for [`two_way`].
pub fn three_way(
    schema: &Schema,
    original: &Value,
    modified: &Value,
    current: &Value,
) -> Result<Value, Error> {
    let additions = diff::Options {
        additions: true,
        deletions: false,
        retain_keys: false,
    };
    let deletions = diff::Options {
        additions: false,
        deletions: true,
        retain_keys: false,
    };
    let root = schema.root();
    let modified = members(modified)?;
    let changed = diff::maps(members(current)?, modified, root, additions)?;
    let deleted = diff::maps(members(original)?, modified, root, deletions)?;
    let patch = apply::Merger::client().map(deleted, changed, root)?;
    Ok(Value::Object(patch))
}

fn members(value: &Value) -> Result<&Map<String, Value>, Error> {
    value.as_object().ok_or(Error::Document)
}

/// The forms of decoded JSON, as Go's types tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Null,
    Bool,
    Whole,
    Float,
    String,
    List,
    Map,
}

impl Form {
    fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Bool,
            Value::Number(n) if n.is_i64() => Self::Whole,
            Value::Number(_) => Self::Float,
            Value::String(_) => Self::String,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Map,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Null => "%!s(<nil>)",
            Self::Bool => "bool",
            Self::Whole => "int64",
            Self::Float => "float64",
            Self::String => "string",
            Self::List => "[]interface {}",
            Self::Map => "map[string]interface {}",
        }
    }

    /// The one form of all items.
    fn of_items(lists: &[&[Value]]) -> Result<Self, Error> {
        let mut found = None;
        for item in lists.iter().copied().flatten() {
            let form = Self::of(item);
            match found {
                None if form == Self::List => return Err(Error::ListOfLists),
                None => found = Some(form),
                Some(known) if known == form => {}
                Some(_) => {
                    let all: Vec<String> = lists
                        .iter()
                        .map(|list| crate::quote::plain(&Value::Array(list.to_vec())))
                        .collect();
                    return Err(Error::Mixed(format!("[{}]", all.join(" "))));
                }
            }
        }
        found.ok_or(Error::NoElements)
    }
}

fn wrong_form(expected: Form, value: &Value) -> Error {
    Error::Form {
        expected: expected.name(),
        received: Form::of(value).name(),
    }
}

/// The value that tells an item apart.
fn merge_key_of<'a>(item: &'a Value, key: &str) -> Result<&'a Value, Error> {
    let members = item
        .as_object()
        .ok_or_else(|| wrong_form(Form::Map, item))?;
    members.get(key).ok_or_else(|| Error::NoMergeKey {
        item: crate::quote::plain(item),
        key: key.to_owned(),
    })
}

/// Items that delete others, and the rest.
fn split_deletions(items: Vec<Value>) -> Result<(Vec<Value>, Vec<Value>), Error> {
    let (mut rest, mut deletions) = (Vec::new(), Vec::new());
    for item in items {
        if !item.is_object() {
            return Err(wrong_form(Form::Map, &item));
        }
        if item[DIRECTIVE] == DELETE {
            deletions.push(item);
        } else {
            rest.push(item);
        }
    }
    Ok((rest, deletions))
}

#[cfg(test)]
mod tests;
