//! Making a patch from two objects.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::lookup::{self, Strategy};
use super::order;
use super::{
    DELETE, DELETE_FROM_LIST, DIRECTIVE, Error, Form, RETAIN_KEYS, SET_ORDER, merge_key_of,
};
use crate::schema::TypeRef;

/// What goes into the patch.
#[derive(Clone, Copy)]
pub(super) struct Options {
    /// What is new or different.
    pub(super) additions: bool,
    /// What is gone.
    pub(super) deletions: bool,
    /// Whether the map at hand lists the fields that stay.
    pub(super) retain_keys: bool,
}

type Members = Map<String, Value>;

/// The patch between two maps of a type.
pub(super) fn maps(
    original: &Members,
    modified: &Members,
    of: &TypeRef,
    options: Options,
) -> Result<Members, Error> {
    let mut patch = Members::new();
    for (key, wanted) in modified {
        let Some(was) = original.get(key) else {
            if options.additions {
                patch.insert(key.clone(), wanted.clone());
            }
            continue;
        };
        if key == DIRECTIVE {
            let (Some(was), Some(now)) = (was.as_str(), wanted.as_str()) else {
                return Err(Error::DirectiveForm);
            };
            if was != now {
                patch.insert(key.clone(), wanted.clone());
            }
            continue;
        }
        match (was, wanted) {
            (Value::Object(was), Value::Object(wanted)) => {
                below_map(key, was, wanted, of, options, &mut patch)?;
            }
            (Value::Array(was), Value::Array(wanted)) => {
                below_list(key, was, wanted, of, options, &mut patch)?;
            }
            _ if options.additions && was != wanted => {
                patch.insert(key.clone(), wanted.clone());
            }
            _ => {}
        }
    }
    if options.deletions {
        for key in original.keys().filter(|key| !modified.contains_key(*key)) {
            patch.insert(key.clone(), Value::Null);
        }
    }
    if options.retain_keys {
        retain_keys(original, modified, &mut patch);
    }
    Ok(patch)
}

fn retain_keys(original: &Members, modified: &Members, patch: &mut Members) {
    let keys = modified.iter().filter(|(_, value)| !value.is_null());
    let mut keys: Vec<Value> = keys.map(|(key, _)| key.as_str().into()).collect();
    let more = original
        .iter()
        .any(|(key, value)| !value.is_null() && !modified.contains_key(key));
    if !keys.is_empty() && (!patch.is_empty() || more) {
        order::sort_scalars(&mut keys);
        patch.insert(RETAIN_KEYS.to_owned(), Value::Array(keys));
    }
}

fn below_map(
    key: &str,
    was: &Members,
    wanted: &Members,
    of: &TypeRef,
    options: Options,
    patch: &mut Members,
) -> Result<(), Error> {
    let meta = match lookup::of_map(of, key) {
        Err(_) if was == wanted => return Ok(()),
        other => other?,
    };
    if meta.strategy == Strategy::Replace {
        if options.additions {
            patch.insert(key.to_owned(), Value::Object(wanted.clone()));
        }
        return Ok(());
    }
    let options = Options {
        retain_keys: meta.retain_keys,
        ..options
    };
    let below = maps(was, wanted, meta.of, options)?;
    if !below.is_empty() {
        patch.insert(key.to_owned(), Value::Object(below));
    }
    Ok(())
}

fn below_list(
    key: &str,
    was: &[Value],
    wanted: &[Value],
    of: &TypeRef,
    options: Options,
    patch: &mut Members,
) -> Result<(), Error> {
    let meta = match lookup::of_list(of, key) {
        Err(_) if was == wanted => return Ok(()),
        other => other?,
    };
    if meta.strategy != Strategy::Merge {
        if options.additions && was != wanted {
            patch.insert(key.to_owned(), wanted.into());
        }
        return Ok(());
    }
    let options = Options {
        retain_keys: meta.retain_keys,
        ..options
    };
    let lists = lists(was, wanted, meta.of, meta.merge_key, options)?;
    for (name, list) in [
        (key.to_owned(), lists.items),
        (format!("{DELETE_FROM_LIST}/{key}"), lists.deletions),
        (format!("{SET_ORDER}/{key}"), lists.order),
    ] {
        if !list.is_empty() {
            patch.insert(name, Value::Array(list));
        }
    }
    Ok(())
}

/// What a patch says of a list: the list itself and its two parallel ones.
#[derive(Default)]
struct Lists {
    items: Vec<Value>,
    deletions: Vec<Value>,
    order: Vec<Value>,
}

fn lists(
    was: &[Value],
    wanted: &[Value],
    of: &TypeRef,
    key: &str,
    options: Options,
) -> Result<Lists, Error> {
    if was.is_empty() {
        let items = if options.additions { wanted } else { &[] };
        return Ok(Lists {
            items: items.to_vec(),
            ..Lists::default()
        });
    }
    match Form::of_items(&[was, wanted])? {
        Form::List => Err(Error::ListOfLists),
        Form::Map => {
            let (items, mut deletions) = of_maps(was, wanted, of, key, options)?;
            let mut items = order::by_list(items, wanted, key, Form::Map)?;
            let same_order = same_order(was, wanted, key)?;
            items.append(&mut deletions);
            let ordered = (options.additions && (!items.is_empty() || !same_order))
                || (options.deletions && !items.is_empty());
            let key_only = |item: &Value| json!({key: item.get(key)});
            let order = wanted.iter().filter(|_| ordered).map(key_only).collect();
            Ok(Lists {
                items,
                order,
                ..Lists::default()
            })
        }
        form => {
            let mut sorted = was.to_vec();
            order::sort_scalars(&mut sorted);
            let (items, deletions) = of_scalars(&sorted, wanted, options);
            let items = order::by_list(items, wanted, key, form)?;
            let ordered = (options.deletions && !deletions.is_empty())
                || (options.additions && sorted != wanted);
            let order = if ordered { wanted.to_vec() } else { Vec::new() };
            Ok(Lists {
                items,
                deletions,
                order,
            })
        }
    }
}

fn same_order(was: &[Value], wanted: &[Value], key: &str) -> Result<bool, Error> {
    if was.len() != wanted.len() {
        return Ok(false);
    }
    for (was, wanted) in was.iter().zip(wanted) {
        let same = if key.is_empty() {
            was == wanted
        } else {
            merge_key_of(was, key)? == merge_key_of(wanted, key)?
        };
        if !same {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Additions and changes, and deletions.
fn of_maps(
    was: &[Value],
    wanted: &[Value],
    of: &TypeRef,
    key: &str,
    options: Options,
) -> Result<(Vec<Value>, Vec<Value>), Error> {
    let (mut was, mut wanted) = (was.to_vec(), wanted.to_vec());
    order::sort_items(&mut was, key);
    order::sort_items(&mut wanted, key);
    let (mut was, mut wanted) = (was.iter().peekable(), wanted.iter().peekable());
    let (mut patch, mut deletions) = (Vec::new(), Vec::new());
    while was.peek().is_some() || wanted.peek().is_some() {
        let old = keyed(was.peek().copied(), key)?;
        let new = keyed(wanted.peek().copied(), key)?;
        let order = match (&old, &new) {
            (Some((_, old)), Some((_, new))) => order::compare_text(old, new),
            (None, _) => Ordering::Greater,
            (_, None) => Ordering::Less,
        };
        match (order, old, new) {
            (Ordering::Equal, Some((old, _)), Some((new, value))) => {
                let mut below = maps(old, new, of, options)?;
                if !below.is_empty() {
                    below.insert(key.to_owned(), value.clone());
                    patch.push(Value::Object(below));
                }
                was.next();
                wanted.next();
            }
            (Ordering::Greater, _, Some((new, _))) => {
                if options.additions {
                    patch.push(Value::Object(new.clone()));
                }
                wanted.next();
            }
            (_, Some((_, value)), _) => {
                if options.deletions {
                    deletions.push(json!({key: value, DIRECTIVE: DELETE}));
                }
                was.next();
            }
            _ => break,
        }
    }
    Ok((patch, deletions))
}

fn keyed<'a>(
    item: Option<&'a Value>,
    key: &str,
) -> Result<Option<(&'a Members, &'a Value)>, Error> {
    let Some(item) = item else { return Ok(None) };
    let value = merge_key_of(item, key)?;
    Ok(item.as_object().map(|members| (members, value)))
}

/// Additions and deletions; the old list is sorted already.
fn of_scalars(was: &[Value], wanted: &[Value], options: Options) -> (Vec<Value>, Vec<Value>) {
    let mut wanted = wanted.to_vec();
    order::sort_scalars(&mut wanted);
    let (mut was, mut wanted) = (was.iter().peekable(), wanted.iter().peekable());
    let (mut additions, mut deletions) = (Vec::new(), Vec::new());
    loop {
        let order = match (was.peek(), wanted.peek()) {
            (None, None) => break,
            (Some(old), Some(new)) => order::compare_text(old, new),
            (None, _) => Ordering::Greater,
            (_, None) => Ordering::Less,
        };
        if order.is_le() {
            let old = was.next().cloned();
            deletions.extend(old.filter(|_| order.is_lt() && options.deletions));
        }
        if order.is_ge() {
            let new = wanted.next().cloned();
            additions.extend(new.filter(|_| order.is_gt() && options.additions));
        }
    }
    (additions, order::deduplicated(deletions))
}
