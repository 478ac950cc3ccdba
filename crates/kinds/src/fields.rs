//! Sets of fields, as `metadata.managedFields` has them (`FieldsV1`).
//!
//! A [`Set`] is a tree: members of a node are fields that belong to the set, children are fields below
//! which others do. A field may be both, either, and a child need not be a member.

mod element;
mod wire;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use element::equal;
pub use element::{Element, Scalar};
pub use wire::Malformed;

use crate::schema::TypeRef;

/// The way from the object to a field.
pub type Path = Vec<Element>;

/// A path as messages show it: `.spec.containers[name="a"].image`.
#[must_use]
pub fn show(path: &[Element]) -> String {
    path.iter().map(ToString::to_string).collect()
}

/// A set of fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Set {
    pub(crate) members: BTreeSet<Element>,
    pub(crate) children: BTreeMap<Element, Set>,
}

impl Set {
    /// The set of these fields, each a way of plain names.
    #[must_use]
    pub fn of_names(paths: &[&[&str]]) -> Self {
        let mut set = Self::default();
        for path in paths {
            let path: Path = path.iter().map(|name| Element::field(name)).collect();
            set.insert(&path);
        }
        set
    }

    /// Adds a field. Its parents do not become members; the empty path, the object itself, is none.
    pub fn insert(&mut self, path: &[Element]) {
        match path {
            [] => {}
            [last] => {
                self.members.insert(last.clone());
            }
            [first, rest @ ..] => self.children.entry(first.clone()).or_default().insert(rest),
        }
    }

    /// Whether the field belongs to the set.
    #[must_use]
    pub fn has(&self, path: &[Element]) -> bool {
        match path {
            [] => false,
            [last] => self.members.contains(last),
            [first, rest @ ..] => self.children.get(first).is_some_and(|set| set.has(rest)),
        }
    }

    /// Whether no field belongs to it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty() && self.children.values().all(Set::is_empty)
    }

    /// How many fields belong to it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len() + self.children.values().map(Set::len).sum::<usize>()
    }

    /// What lies below a field, if anything.
    #[must_use]
    pub fn below(&self, element: &Element) -> Option<&Self> {
        self.children.get(element).filter(|set| !set.is_empty())
    }

    /// Every field that belongs to it: those of a node, then what lies below them.
    #[must_use]
    pub fn paths(&self) -> Vec<Path> {
        let mut out = Vec::new();
        self.collect(&mut Vec::new(), &mut out);
        out
    }

    fn collect(&self, prefix: &mut Path, out: &mut Vec<Path>) {
        for member in &self.members {
            let mut path = prefix.clone();
            path.push(member.clone());
            out.push(path);
        }
        for (element, set) in &self.children {
            prefix.push(element.clone());
            set.collect(prefix, out);
            prefix.pop();
        }
    }

    /// Fields of either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut out = self.clone();
        out.extend(other);
        out
    }

    fn extend(&mut self, other: &Self) {
        self.members.extend(other.members.iter().cloned());
        for (element, set) in &other.children {
            self.children
                .entry(element.clone())
                .or_default()
                .extend(set);
        }
    }

    /// Fields of both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let both = |(element, set): (&Element, &Self)| {
            let below = set.intersection(other.children.get(element)?);
            (!below.is_empty()).then(|| (element.clone(), below))
        };
        Self {
            members: self.members.intersection(&other.members).cloned().collect(),
            children: self.children.iter().filter_map(both).collect(),
        }
    }

    /// Fields of this set only. What lies below a field of the other stays.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        let rest = |(element, set): (&Element, &Self)| match other.children.get(element) {
            None => Some((element.clone(), set.clone())),
            Some(taken) => {
                let below = set.difference(taken);
                (!below.is_empty()).then(|| (element.clone(), below))
            }
        };
        Self {
            members: self.members.difference(&other.members).cloned().collect(),
            children: self.children.iter().filter_map(rest).collect(),
        }
    }

    /// Fields neither of the other set nor below one of it.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let rest = |(element, set): (&Element, &Self)| {
            if other.members.contains(element) {
                return None;
            }
            match other.children.get(element) {
                None => Some((element.clone(), set.clone())),
                Some(taken) => {
                    let below = set.without(taken);
                    (!below.is_empty()).then(|| (element.clone(), below))
                }
            }
        };
        Self {
            members: self.members.difference(&other.members).cloned().collect(),
            children: self.children.iter().filter_map(rest).collect(),
        }
    }

    /// The set with every field of a struct above its members as a member too.
    #[must_use]
    pub(crate) fn with_named(&self, of: Option<&TypeRef>) -> Self {
        let resolved = of.map(TypeRef::resolve);
        let map = resolved.and_then(|of| of.map.as_ref());
        let list = resolved.and_then(|of| of.list.as_ref());
        let mut out = Self {
            members: self.members.clone(),
            children: BTreeMap::new(),
        };
        for (element, set) in &self.children {
            let below = match element {
                Element::Field(name) => {
                    if map.is_some_and(|map| map.field(name).is_some()) {
                        out.members.insert(element.clone());
                    }
                    map.and_then(|map| map.type_of(name))
                }
                Element::Key(_) => list.map(|list| &list.element),
                Element::Value(_) | Element::Index(_) => None,
            };
            out.children.insert(element.clone(), set.with_named(below));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use serde_json::json;

    use super::*;

    fn set(value: &serde_json::Value) -> Set {
        Set::from_json(value).unwrap()
    }

    #[test]
    fn algebra() {
        let a = set(&json!({"f:a": {".": {}, "f:b": {}, "f:c": {}}, "f:d": {}}));
        let b = set(&json!({"f:a": {"f:b": {}}, "f:e": {}}));
        let json = |set: Set| set.to_json();
        assert_eq!(
            json(a.union(&b)),
            json!({"f:a": {".": {}, "f:b": {}, "f:c": {}}, "f:d": {}, "f:e": {}})
        );
        assert_eq!(json(a.intersection(&b)), json!({"f:a": {"f:b": {}}}));
        assert_eq!(
            json(a.difference(&b)),
            json!({"f:a": {".": {}, "f:c": {}}, "f:d": {}})
        );
        let parent = set(&json!({"f:a": {}}));
        assert_eq!(
            json(a.difference(&parent)),
            json!({"f:a": {"f:b": {}, "f:c": {}}, "f:d": {}})
        );
        assert_eq!(json(a.without(&parent)), json!({"f:d": {}}));
        assert_eq!(a.len(), 4);
    }

    #[test]
    fn paths_are_shown_as_messages_have_them() {
        let ports = json!({"f:ports": {"k:{\"containerPort\":80,\"protocol\":\"TCP\"}": {"f:name": {}}},
            "f:finalizers": {"v:\"x\\\"y\"": {}}, "f:list": {"i:3": {}}});
        let shown: Vec<String> = set(&ports).paths().iter().map(|p| show(p)).collect();
        let wanted = [
            ".finalizers[=\"x\\\"y\"]",
            ".list[3]",
            ".ports[containerPort=80,protocol=\"TCP\"].name",
        ];
        assert_eq!(shown, wanted);
    }
}
