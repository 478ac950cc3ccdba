//! Merging a patch into an object, or into another patch.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::lookup::{self, Meta, Strategy};
use super::order;
use super::{
    DELETE, DELETE_FROM_LIST, DIRECTIVE, Error, Form, MERGE, REPLACE, RETAIN_KEYS, SET_ORDER,
    merge_key_of, split_deletions, wrong_form,
};
use crate::quote;
use crate::schema::TypeRef;

type Members = Map<String, Value>;

/// A merging, on either side.
#[derive(Clone, Copy)]
pub(super) struct Merger {
    /// Directives take effect. Otherwise both are patches, and directives are kept for the server.
    effective: bool,
}

impl Merger {
    /// A patch takes effect on an object.
    pub(super) fn server() -> Self {
        Self { effective: true }
    }

    /// Two patches are put together.
    pub(super) fn client() -> Self {
        Self { effective: false }
    }

    /// Merges a patch into a map of this type.
    pub(super) fn map(
        self,
        mut original: Members,
        mut patch: Members,
        of: &TypeRef,
    ) -> Result<Members, Error> {
        if let Some(directive) = patch.get(DIRECTIVE) {
            return match directive.as_str() {
                Some(REPLACE) => {
                    patch.remove(DIRECTIVE);
                    Ok(patch)
                }
                Some(DELETE) => Ok(Members::new()),
                _ => Err(Error::Directive(
                    quote::plain(directive),
                    quote::plain(&Value::Object(patch.clone())),
                )),
            };
        }
        self.retain_keys(&mut original, &mut patch)?;
        self.ordered_lists(&mut original, &mut patch, of)?;
        for (key, change) in patch {
            self.member(&mut original, key, change, of)?;
        }
        Ok(original)
    }

    fn member(
        self,
        original: &mut Members,
        key: String,
        change: Value,
        of: &TypeRef,
    ) -> Result<(), Error> {
        let deletes = key.starts_with(DELETE_FROM_LIST);
        if deletes && !self.effective {
            original.insert(key, change);
            return Ok(());
        }
        let key = if deletes {
            parallel(&key, DELETE_FROM_LIST)
                .ok_or(Error::DeleteList)?
                .to_owned()
        } else {
            key
        };
        if change.is_null() {
            original.remove(&key);
            if self.effective {
                return Ok(());
            }
        }
        let Some(was) = original.get_mut(&key) else {
            self.put(original, key, change, deletes);
            return Ok(());
        };
        if Form::of(was) != Form::of(&change) {
            self.put(original, key, change, deletes);
            return Ok(());
        }
        match (was.take(), change) {
            (Value::Object(below), Value::Object(change)) => {
                let meta = lookup::of_map(of, &key)?;
                let merged = if meta.strategy == Strategy::Replace {
                    change
                } else {
                    self.map(below, change, meta.of)?
                };
                original.insert(key, Value::Object(merged));
            }
            (Value::Array(below), Value::Array(change)) => {
                let meta = lookup::of_list(of, &key)?;
                let merged = self.field_list(below, change, &meta, deletes)?;
                original.insert(key, Value::Array(merged));
            }
            (_, change) => {
                original.insert(key, change);
            }
        }
        Ok(())
    }

    /// Sets a member to what the patch brings, directives left out.
    fn put(self, original: &mut Members, key: String, mut change: Value, deletes: bool) {
        if deletes {
            return;
        }
        if self.effective {
            drop_nulls(&mut change);
        }
        match without_directives(change) {
            Some(change) => original.insert(key, change),
            None => original.remove(&key),
        };
    }

    fn field_list(
        self,
        original: Vec<Value>,
        patch: Vec<Value>,
        meta: &Meta<'_>,
        deletes: bool,
    ) -> Result<Vec<Value>, Error> {
        if meta.strategy == Strategy::Merge || deletes {
            self.list(original, patch, meta, deletes)
        } else {
            Ok(patch)
        }
    }

    /// Merges a list with strategy `merge`.
    fn list(
        self,
        original: Vec<Value>,
        patch: Vec<Value>,
        meta: &Meta<'_>,
        deletes: bool,
    ) -> Result<Vec<Value>, Error> {
        if original.is_empty() && patch.is_empty() {
            return Ok(original);
        }
        let form = Form::of_items(&[&original, &patch])?;
        let key = meta.merge_key;
        if form != Form::Map {
            if deletes && self.effective {
                let kept = original.into_iter().filter(|item| !patch.contains(item));
                return Ok(kept.collect());
            }
            let both = original.iter().chain(&patch).cloned().collect();
            let merged = order::deduplicated(both);
            let (ours, theirs) = merged.into_iter().partition(|item| patch.contains(item));
            return order::woven(ours, theirs, &patch, &original, key, form);
        }
        if key.is_empty() {
            return Err(Error::NoKeyDeclared(lookup::go_kind(meta.of)));
        }
        let (original, patch) = special_items(original, patch, key)?;
        let merged = self.items(original.clone(), &patch, meta)?;
        let (ours, theirs) = split_by(merged, &patch, key)?;
        order::woven(ours, theirs, &patch, &original, key, form)
    }

    /// Merges items into those of the same merge key; new ones come last.
    fn items(
        self,
        mut original: Vec<Value>,
        patch: &[Value],
        meta: &Meta<'_>,
    ) -> Result<Vec<Value>, Error> {
        let key = meta.merge_key;
        for item in patch {
            let value = merge_key_of(item, key)?;
            let Some(at) = find(&original, key, value)? else {
                original.push(item.clone());
                continue;
            };
            if let (Value::Object(was), Value::Object(change)) = (original[at].take(), item.clone())
            {
                original[at] = Value::Object(self.map(was, change, meta.of)?);
            }
        }
        Ok(original)
    }

    /// `$retainKeys`: other members go away.
    fn retain_keys(self, original: &mut Members, patch: &mut Members) -> Result<(), Error> {
        let Some(keys) = patch.remove(RETAIN_KEYS) else {
            return Ok(());
        };
        if !self.effective {
            if let Some(known) = original.get(RETAIN_KEYS) {
                if *known != keys {
                    return Err(Error::RetainKeysDiffer(
                        quote::plain(known),
                        quote::plain(&keys),
                    ));
                }
            } else {
                original.insert(RETAIN_KEYS.to_owned(), keys);
            }
            return Ok(());
        }
        let keys = keys.as_array().ok_or(Error::RetainKeys)?;
        let keys: BTreeSet<&str> = keys.iter().filter_map(Value::as_str).collect();
        for (key, change) in &*patch {
            let parallel = key.starts_with(DELETE_FROM_LIST) || key.starts_with(SET_ORDER);
            if !change.is_null() && !parallel && !keys.contains(key.as_str()) {
                return Err(Error::RetainKeys);
            }
        }
        original.retain(|key, _| keys.contains(key.as_str()));
        Ok(())
    }

    /// Lists that a `$setElementOrder` stands beside.
    fn ordered_lists(
        self,
        original: &mut Members,
        patch: &mut Members,
        of: &TypeRef,
    ) -> Result<(), Error> {
        let keys: Vec<String> = patch
            .keys()
            .filter(|key| key.starts_with(SET_ORDER))
            .cloned()
            .collect();
        for key in keys {
            let Some(wanted) = patch.remove(&key) else {
                continue;
            };
            if !self.effective {
                match original.get(&key) {
                    Some(known) if *known != wanted => return Err(Error::SetOrder),
                    Some(_) => {}
                    None => {
                        original.insert(key.clone(), wanted.clone());
                    }
                }
            }
            let Value::Array(wanted) = wanted else {
                return Err(wrong_form(Form::List, &wanted));
            };
            let name = parallel(&key, SET_ORDER).ok_or(Error::SetOrder)?;
            self.ordered_list(original, patch, name, &wanted, of)?;
        }
        Ok(())
    }

    fn ordered_list(
        self,
        original: &mut Members,
        patch: &mut Members,
        name: &str,
        wanted: &[Value],
        of: &TypeRef,
    ) -> Result<(), Error> {
        let was = original.get(name).map(list_of).transpose()?;
        let change = patch.get(name).map(list_of).transpose()?;
        let meta = lookup::of_list(of, name)?;
        let key = meta.merge_key;
        if let Some(change) = &change {
            check_order(change, wanted, key)?;
        }
        let merged = match (&was, &change) {
            (None, None) => return Ok(()),
            (Some(was), None) => was.clone(),
            (None, Some(change)) => {
                let Some(Value::Array(kept)) = without_directives(Value::Array(change.clone()))
                else {
                    return Ok(());
                };
                kept
            }
            (Some(was), Some(change)) => {
                self.field_list(was.clone(), change.clone(), &meta, false)?
            }
        };
        let (was, change) = (was.unwrap_or_default(), change.unwrap_or_default());
        let (ours, theirs) = if key.is_empty() {
            merged.into_iter().partition(|item| wanted.contains(item))
        } else {
            split_by(merged, wanted, key)?
        };
        let form = Form::of_items(&[&was, &change])?;
        let was = if form == Form::Map {
            reused(was, &change, key)?
        } else {
            was
        };
        let both = order::woven(ours, theirs, wanted, &was, key, form)?;
        original.insert(name.to_owned(), Value::Array(both));
        patch.remove(name);
        Ok(())
    }
}

/// The name of the list that a parallel list stands beside.
fn parallel<'a>(key: &'a str, prefix: &str) -> Option<&'a str> {
    key.strip_prefix(prefix)?.strip_prefix('/')
}

fn list_of(value: &Value) -> Result<Vec<Value>, Error> {
    match value {
        Value::Array(items) => Ok(items.clone()),
        other => Err(wrong_form(Form::List, other)),
    }
}

/// Items of the patch come in the order that it states.
fn check_order(change: &[Value], wanted: &[Value], key: &str) -> Result<(), Error> {
    if wanted.is_empty() || change.is_empty() {
        return Ok(());
    }
    let items = if key.is_empty() {
        change.to_vec()
    } else {
        split_deletions(change.to_vec())?.0
    };
    let mut items = items.iter().peekable();
    let mut order = wanted.iter();
    while let Some(item) = items.peek() {
        if item.get(DIRECTIVE).is_some() {
            items.next();
            continue;
        }
        let Some(next) = order.next() else {
            let show = |list: &[Value]| quote::plain(&Value::Array(list.to_vec()));
            return Err(Error::Order(show(change), show(wanted)));
        };
        let same = if key.is_empty() {
            *item == next
        } else {
            merge_key_of(item, key)? == merge_key_of(next, key)?
        };
        if same {
            items.next();
        }
    }
    Ok(())
}

/// The list whose order counts as the server's. Items that deletions made room for are new ones, since the
/// library merges in place: their order against what was there is settled by that.
fn reused(was: Vec<Value>, change: &[Value], key: &str) -> Result<Vec<Value>, Error> {
    let count = was.len();
    let (mut kept, new) = special_items(was, change.to_vec(), key)?;
    for item in new {
        if kept.len() < count && find(&kept, key, merge_key_of(&item, key)?)?.is_none() {
            kept.push(item);
        }
    }
    Ok(kept)
}

/// Items with `$patch`: deletions take effect on the original; a replacement makes the patch the list.
fn special_items(
    mut original: Vec<Value>,
    patch: Vec<Value>,
    key: &str,
) -> Result<(Vec<Value>, Vec<Value>), Error> {
    let mut plain = Vec::with_capacity(patch.len());
    let mut replace = false;
    for item in patch {
        let Some(directive) = item.get(DIRECTIVE) else {
            plain.push(item);
            continue;
        };
        match directive.as_str() {
            Some(DELETE) => {
                let value = merge_key_of(&item, key)?;
                while let Some(at) = find(&original, key, value)? {
                    original.remove(at);
                }
            }
            Some(REPLACE) => replace = true,
            Some(MERGE) => return Err(Error::MergeDirective),
            _ => {
                return Err(Error::Directive(
                    quote::plain(directive),
                    quote::plain(&item),
                ));
            }
        }
    }
    Ok(if replace {
        (plain, Vec::new())
    } else {
        (original, plain)
    })
}

fn find(items: &[Value], key: &str, value: &Value) -> Result<Option<usize>, Error> {
    for (at, item) in items.iter().enumerate() {
        let members = item
            .as_object()
            .ok_or_else(|| wrong_form(Form::Map, item))?;
        if members.get(key) == Some(value) {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// Items whose merge key is in another list, and the rest.
fn split_by(items: Vec<Value>, by: &[Value], key: &str) -> Result<(Vec<Value>, Vec<Value>), Error> {
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    for item in items {
        if find(by, key, merge_key_of(&item, key)?)?.is_some() {
            inside.push(item);
        } else {
            outside.push(item);
        }
    }
    Ok((inside, outside))
}

/// Members that are null mean "absent" in what a patch brings in anew.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, member| !member.is_null());
            members.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// A value without the maps that carry a directive; `None` if it is one itself.
fn without_directives(value: Value) -> Option<Value> {
    match value {
        Value::Object(members) if members.contains_key(DIRECTIVE) => None,
        Value::Object(members) => Some(
            members
                .into_iter()
                .filter_map(|(key, member)| Some((key, without_directives(member)?)))
                .collect(),
        ),
        Value::Array(items) => Some(items.into_iter().filter_map(without_directives).collect()),
        scalar => Some(scalar),
    }
}
