//! The order of merged lists.
//!
//! Ties and unknown items fall as the library's own sorting lets them fall, which for lists of usual
//! length is an insertion sort: that is why one is written out here.

use std::cmp::Ordering;

use serde_json::Value;

use super::{Error, Form, merge_key_of, split_deletions};
use crate::quote;

/// Above these lengths Go's sorting changes method; then ties keep their order.
const UNSTABLE: usize = 12;
const STABLE: usize = 20;

/// Where an item is in a list: by its merge key, or by itself.
pub(super) fn position(list: &[Value], item: &Value, key: &str, form: Form) -> Option<usize> {
    let by_key = |item: &Value| item.get(key).cloned().unwrap_or(Value::Null);
    if form == Form::Map {
        let wanted = by_key(item);
        list.iter().position(|other| by_key(other) == wanted)
    } else {
        list.iter().position(|other| other == item)
    }
}

/// Items in the order of another list; deletions last.
pub(super) fn by_list(
    items: Vec<Value>,
    order: &[Value],
    key: &str,
    form: Form,
) -> Result<Vec<Value>, Error> {
    let (mut items, deletions) = if form == Form::Map {
        for item in items.iter().chain(order) {
            merge_key_of(item, key)?;
        }
        split_deletions(items)?
    } else {
        (items, Vec::new())
    };
    let mut placed: Vec<(Option<usize>, Value)> = items
        .drain(..)
        .map(|item| (position(order, &item, key, form), item))
        .collect();
    if placed.len() <= STABLE {
        insertion_sort(&mut placed, |a, b| match (a.0, b.0) {
            (Some(a), Some(b)) => a < b,
            _ => true,
        });
    } else {
        placed.sort_by_key(|(at, _)| at.unwrap_or(usize::MAX));
    }
    items.extend(placed.into_iter().map(|(_, item)| item));
    items.extend(deletions);
    Ok(items)
}

/// Both lists in order, and the one woven into the other as the server had them.
pub(super) fn woven(
    patch: Vec<Value>,
    server_only: Vec<Value>,
    patch_order: &[Value],
    server_order: &[Value],
    key: &str,
    form: Form,
) -> Result<Vec<Value>, Error> {
    let patch = by_list(patch, patch_order, key, form)?;
    let server_only = by_list(server_only, server_order, key, form)?;
    let at = |item: &Value| position(server_order, item, key, form);
    let mut left = server_only.into_iter().peekable();
    let mut right = patch.into_iter().peekable();
    let mut out = Vec::with_capacity(left.len() + right.len());
    loop {
        let first = match (left.peek(), right.peek()) {
            (None, None) => return Ok(out),
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (Some(l), Some(r)) => matches!((at(l), at(r)), (Some(l), Some(r)) if l < r),
        };
        out.extend(if first { left.next() } else { right.next() });
    }
}

/// Scalars by their text.
pub(super) fn sort_scalars(items: &mut [Value]) {
    sort_by_text(items, quote::plain);
}

/// Items by the text of their merge key.
pub(super) fn sort_items(items: &mut [Value], key: &str) {
    sort_by_text(items, |item| {
        quote::plain(item.get(key).unwrap_or(&Value::Null))
    });
}

/// "Not after" counts as "before", as in the library: ties are turned round.
fn sort_by_text(items: &mut [Value], text: impl Fn(&Value) -> String) {
    if items.len() <= UNSTABLE {
        insertion_sort(items, |a, b| text(a) <= text(b));
    } else {
        items.sort_by_cached_key(text);
    }
}

fn insertion_sort<T>(items: &mut [T], before: impl Fn(&T, &T) -> bool) {
    for end in 1..items.len() {
        let mut at = end;
        while at > 0 && before(&items[at], &items[at - 1]) {
            items.swap(at, at - 1);
            at -= 1;
        }
    }
}

/// Drops scalars that are there twice; the last one moves into the gap.
pub(super) fn deduplicated(mut items: Vec<Value>) -> Vec<Value> {
    let mut at = 0;
    while at < items.len() {
        let mut other = at + 1;
        while other < items.len() {
            if items[at] == items[other] {
                items.swap_remove(other);
            } else {
                other += 1;
            }
        }
        at += 1;
    }
    items
}

/// Compares merge keys by their text.
pub(super) fn compare_text(a: &Value, b: &Value) -> Ordering {
    quote::plain(a).cmp(&quote::plain(b))
}
