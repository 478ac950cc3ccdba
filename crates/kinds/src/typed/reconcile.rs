//! Sets written when a type took maps or lists apart that are one value now.

use crate::fields::{Element, Path, Set};
use crate::schema::{Relation, TypeRef};

use super::{Form, form};

/// The set as it would be under the type of today; `None` if that is no change.
pub(crate) fn reconcile(set: &Set, of: &TypeRef) -> Option<Set> {
    let mut walk = Walk {
        path: Vec::new(),
        whole: Set::default(),
    };
    walk.visit(Some(set), of, false);
    (!walk.whole.is_empty()).then(|| set.without(&walk.whole).union(&walk.whole))
}

struct Walk {
    path: Path,
    /// What became one value.
    whole: Set,
}

impl Walk {
    /// `leaf`: the set has the field itself and nothing below.
    fn visit(&mut self, set: Option<&Set>, of: &TypeRef, leaf: bool) {
        let resolved = of.resolve();
        match form(resolved, None) {
            Some(Form::Map) => {
                let Some(map) = &resolved.map else { return };
                let untyped =
                    map.fields.is_empty() && map.element.as_ref().is_some_and(TypeRef::is_deduced);
                if untyped {
                    return;
                }
                if !leaf && of.atomic_map() {
                    if set.is_some_and(|set| !set.is_empty()) {
                        self.whole.insert(&self.path);
                    }
                    return;
                }
                self.below(set, |element| match element {
                    Element::Field(name) => map.type_of(name),
                    _ => map.element.as_ref(),
                });
            }
            Some(Form::List) => {
                let Some(list) = &resolved.list else { return };
                if !leaf && list.relation == Relation::Atomic {
                    self.whole.insert(&self.path);
                    return;
                }
                self.below(set, |_| Some(&list.element));
            }
            Some(Form::Scalar) | None => {}
        }
    }

    fn below<'a>(&mut self, set: Option<&Set>, of: impl Fn(&Element) -> Option<&'a TypeRef>) {
        let Some(set) = set else { return };
        let only_below = set.children.keys().filter(|e| !set.members.contains(*e));
        for element in only_below.chain(&set.members) {
            let Some(of) = of(element) else { continue };
            let children = set.children.get(element);
            let leaf = set.members.contains(element) && children.is_none();
            self.path.push(element.clone());
            self.visit(children, of, leaf);
            self.path.pop();
        }
    }
}
