//! One value laid over another.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use super::{Form, element_of, form, items, member_type, members};
use crate::fields::Element;
use crate::schema::{List, Map, Relation, TypeRef};

/// Lays `right` over `left`. Nothing is taken away. Lists keep the order of `left`, and where `right`
/// brings in something, its order.
pub(crate) fn merge(left: &Value, right: &Value, of: &TypeRef) -> Option<Value> {
    Walk {
        any: TypeRef::deduced(),
    }
    .value(Some(left), Some(right), of)
}

struct Walk {
    any: TypeRef,
}

type Side<'a> = Option<&'a Value>;

impl Walk {
    fn value(&self, left: Side<'_>, right: Side<'_>, of: &TypeRef) -> Option<Value> {
        let resolved = of.resolve();
        let leaf = || right.or(left).cloned();
        match form(resolved, right.or(left))? {
            Form::Scalar => leaf(),
            Form::Map => {
                let count = |side| members(side).map_or(0, serde_json::Map::len);
                if of.atomic_map() || count(left) + count(right) == 0 {
                    return leaf();
                }
                self.map(left, right, resolved.map.as_ref()?)
            }
            Form::List => {
                let list = resolved.list.as_ref()?;
                let none = items(left).is_empty() && items(right).is_empty();
                if list.relation == Relation::Atomic || none {
                    return leaf();
                }
                self.list(items(left), items(right), list)
            }
        }
    }

    fn map(&self, left: Side<'_>, right: Side<'_>, map: &Map) -> Option<Value> {
        let mut out = serde_json::Map::new();
        let (left, right) = (members(left), members(right));
        let of = |name: &str| member_type(map, name, &self.any);
        for (name, was) in left.into_iter().flatten() {
            let is = right.and_then(|right| right.get(name));
            if let Some(merged) = self.value(Some(was), is, of(name)) {
                out.insert(name.clone(), merged);
            }
        }
        for (name, is) in right.into_iter().flatten() {
            if left.is_none_or(|left| !left.contains_key(name))
                && let Some(merged) = self.value(None, Some(is), of(name))
            {
                out.insert(name.clone(), merged);
            }
        }
        (!out.is_empty()).then_some(Value::Object(out))
    }

    fn list(&self, left: &[Value], right: &[Value], list: &List) -> Option<Value> {
        let left = index(left, list);
        let right = index(right, list);
        let was: BTreeMap<&Element, Side<'_>> = first_or_null(&left);
        let is: BTreeMap<&Element, Side<'_>> = first_or_null(&right);
        let merged = |element: &Element| {
            self.value(
                was.get(element).copied().flatten(),
                is.get(element).copied().flatten(),
                &list.element,
            )
        };
        let mut out = Vec::with_capacity(left.len().max(right.len()));
        let mut shared: VecDeque<&Element> = right
            .iter()
            .map(|(element, _)| element)
            .filter(|element| was.contains_key(element))
            .collect();
        let mut next = shared.pop_front();
        let mut done: BTreeSet<&Element> = BTreeSet::new();
        let (mut l, mut r) = (0, 0);
        while l < left.len() || r < right.len() {
            if let (Some((was_element, _)), Some((is_element, _))) = (left.get(l), right.get(r)) {
                if was_element == is_element {
                    done.insert(was_element);
                    out.extend(merged(was_element));
                    l += 1;
                    r += 1;
                    next = shared.pop_front();
                    continue;
                }
                if is.contains_key(was_element) && next.is_some_and(|next| next != was_element) {
                    // Shared, but its turn comes later.
                    l += 1;
                    continue;
                }
            }
            if let Some((element, item)) = left.get(l) {
                if !is.contains_key(element) {
                    out.extend(self.value(Some(item), None, &list.element));
                    l += 1;
                    continue;
                } else if done.contains(element) {
                    l += 1;
                }
            }
            if let Some((element, _)) = right.get(r) {
                done.insert(element);
                out.extend(merged(element));
                r += 1;
                if next == Some(element) {
                    next = shared.pop_front();
                }
            }
        }
        (!out.is_empty()).then_some(Value::Array(out))
    }
}

/// Items with what tells them apart; those that nothing does were refused before.
fn index<'a>(items: &'a [Value], list: &List) -> Vec<(Element, &'a Value)> {
    let keyed = |item: &'a Value| Some((element_of(list, item).ok()?, item));
    items.iter().filter_map(keyed).collect()
}

/// Each element's item; null for one that is there twice, since duplicates are not merged with.
fn first_or_null<'a>(all: &'a [(Element, &'a Value)]) -> BTreeMap<&'a Element, Option<&'a Value>> {
    let mut out = BTreeMap::new();
    for (element, item) in all {
        out.entry(element)
            .and_modify(|known| *known = Some(&Value::Null))
            .or_insert(Some(*item));
    }
    out
}
