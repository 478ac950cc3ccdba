//! What differs between two values.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Form, element_of, form, items, member_type, members};
use crate::fields::{Element, Path, Set, equal};
use crate::schema::{List, Map, Relation, TypeRef};

/// What became of fields. None is in two of the sets.
#[derive(Clone, Debug, Default)]
pub(crate) struct Comparison {
    pub(crate) removed: Set,
    pub(crate) modified: Set,
    pub(crate) added: Set,
}

impl Comparison {
    /// Leaves out these fields and what lies below them.
    pub(crate) fn without(&self, fields: &Set) -> Self {
        Self {
            removed: self.removed.without(fields),
            modified: self.modified.without(fields),
            added: self.added.without(fields),
        }
    }
}

/// Compares two values of one type.
pub(crate) fn compare(left: &Value, right: &Value, of: &TypeRef) -> Comparison {
    let mut walk = Walk {
        out: Comparison::default(),
        path: Vec::new(),
        any: TypeRef::deduced(),
    };
    walk.value(Some(left), Some(right), of);
    walk.out
}

struct Walk {
    out: Comparison,
    path: Path,
    any: TypeRef,
}

type Side<'a> = Option<&'a Value>;

impl Walk {
    fn value(&mut self, left: Side<'_>, right: Side<'_>, of: &TypeRef) {
        let resolved = of.resolve();
        let leaf = match (left, right) {
            (_, None) => self.as_form(form(resolved, left), left, right, of),
            (None, _) => self.as_form(form(resolved, right), left, right, of),
            _ => {
                let (was, is) = (form(resolved, left), form(resolved, right));
                if was != is {
                    self.as_form(was, left, right, of);
                }
                self.as_form(is, left, right, of)
            }
        };
        if leaf {
            return;
        }
        if left.is_none() {
            self.out.added.insert(&self.path);
        } else if right.is_none() {
            self.out.removed.insert(&self.path);
        }
    }

    /// Compares as this form; says whether the value was one leaf.
    fn as_form(
        &mut self,
        form: Option<Form>,
        left: Side<'_>,
        right: Side<'_>,
        of: &TypeRef,
    ) -> bool {
        let resolved = of.resolve();
        match form {
            Some(Form::Map) => {
                let count = |side| members(side).map_or(0, serde_json::Map::len);
                if of.atomic_map() || count(left) + count(right) == 0 {
                    return self.leaf(left, right);
                }
                if let Some(map) = &resolved.map {
                    self.map(left, right, map);
                }
                false
            }
            Some(Form::List) => {
                let Some(list) = &resolved.list else {
                    return false;
                };
                let none = items(left).is_empty() && items(right).is_empty();
                if list.relation == Relation::Atomic || none {
                    return self.leaf(left, right);
                }
                self.list(left, right, list);
                false
            }
            Some(Form::Scalar) => self.leaf(left, right),
            None => false,
        }
    }

    fn leaf(&mut self, left: Side<'_>, right: Side<'_>) -> bool {
        let set = match (left, right) {
            (None, _) => &mut self.out.added,
            (_, None) => &mut self.out.removed,
            (Some(left), Some(right)) if equal(left, right) => return true,
            _ => &mut self.out.modified,
        };
        set.insert(&self.path);
        true
    }

    fn map(&mut self, left: Side<'_>, right: Side<'_>, map: &Map) {
        let any = self.any.clone();
        let (left, right) = (members(left), members(right));
        for (name, was) in left.into_iter().flatten() {
            let is = right.and_then(|right| right.get(name));
            self.member(name, Some(was), is, member_type(map, name, &any));
        }
        for (name, is) in right.into_iter().flatten() {
            if left.is_none_or(|left| !left.contains_key(name)) {
                self.member(name, None, Some(is), member_type(map, name, &any));
            }
        }
    }

    fn member(&mut self, name: &str, left: Side<'_>, right: Side<'_>, of: &TypeRef) {
        self.path.push(Element::field(name));
        self.value(left, right, of);
        self.path.pop();
    }

    fn list(&mut self, left: Side<'_>, right: Side<'_>, list: &List) {
        let mut all: BTreeMap<Element, (Vec<&Value>, Vec<&Value>)> = BTreeMap::new();
        for item in items(left) {
            if let Ok(element) = element_of(list, item) {
                all.entry(element).or_default().0.push(item);
            }
        }
        for item in items(right) {
            if let Ok(element) = element_of(list, item) {
                all.entry(element).or_default().1.push(item);
            }
        }
        for (element, (was, is)) in all {
            self.path.push(element);
            self.item(&was, &is, list);
            self.path.pop();
        }
    }

    /// Items of one key. Several of them count as one value.
    fn item(&mut self, was: &[&Value], is: &[&Value], list: &List) {
        match (was, is) {
            ([] | [_], [] | [_]) => {
                self.value(was.first().copied(), is.first().copied(), &list.element);
            }
            ([_, _, ..], [_, _, ..]) => {
                let same = was.len() == is.len() && was.iter().zip(is).all(|(a, b)| equal(a, b));
                if !same {
                    self.out.modified.insert(&self.path);
                }
            }
            ([_, _, ..], _) => {
                if let Some(is) = is.first() {
                    self.value(None, Some(is), &list.element);
                }
                self.out.removed.insert(&self.path);
            }
            _ => {
                if let Some(was) = was.first() {
                    self.value(Some(was), None, &list.element);
                }
                self.out.added.insert(&self.path);
            }
        }
    }
}
