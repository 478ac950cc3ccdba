//! The fields that a value has.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Form, element_of, form, items, member_type, members};
use crate::fields::{Element, Path, Set};
use crate::schema::{List, Map, Relation, TypeRef};

/// The set of fields of a value: its leaves, items of lists, members of maps.
#[must_use]
pub fn set_of(value: &Value, of: &TypeRef) -> Set {
    let mut walk = Walk {
        set: Set::default(),
        path: Vec::new(),
        any: TypeRef::deduced(),
    };
    walk.value(value, of);
    walk.set
}

struct Walk {
    set: Set,
    path: Path,
    any: TypeRef,
}

impl Walk {
    fn value(&mut self, value: &Value, of: &TypeRef) {
        let resolved = of.resolve();
        match form(resolved, Some(value)) {
            Some(Form::Scalar) => self.set.insert(&self.path),
            Some(Form::List) => {
                if let Some(list) = &resolved.list {
                    self.list(value, list);
                }
            }
            Some(Form::Map) => {
                if of.atomic_map() {
                    self.set.insert(&self.path);
                } else if let Some(map) = &resolved.map {
                    self.map(value, map);
                }
            }
            None => {}
        }
    }

    fn map(&mut self, value: &Value, map: &Map) {
        for (name, member) in members(Some(value)).into_iter().flatten() {
            self.path.push(Element::field(name));
            let any = self.any.clone();
            self.value(member, member_type(map, name, &any));
            let empty =
                member.is_null() || member.as_object().is_some_and(serde_json::Map::is_empty);
            if empty || map.field(name).is_none() {
                self.set.insert(&self.path);
            }
            self.path.pop();
        }
    }

    fn list(&mut self, value: &Value, list: &List) {
        if list.relation == Relation::Atomic {
            return self.set.insert(&self.path);
        }
        let elements: Vec<Option<Element>> = items(Some(value))
            .iter()
            .map(|item| element_of(list, item).ok())
            .collect();
        let mut seen = BTreeSet::new();
        let mut twice = BTreeSet::new();
        for element in elements.iter().flatten() {
            if !seen.insert(element) {
                twice.insert(element);
            }
        }
        for (item, element) in items(Some(value)).iter().zip(&elements) {
            let Some(element) = element else { continue };
            self.path.push(element.clone());
            if !twice.contains(element) {
                self.value(item, &list.element);
            }
            self.set.insert(&self.path);
            self.path.pop();
        }
    }
}
