//! [`Scope`]: the schemas through which a schema was reached.

use crate::schema::compiled::{SchemaId, Set};
use crate::schema::pointer::escape;

/// A schema being applied, and the one that applied it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'s> {
    pub(super) schema: SchemaId,
    /// The keyword of the reference that led here; empty if it was none.
    keyword: &'static str,
    /// How many steps into the value.
    pub(super) value: u32,
    parent: Option<&'s Scope<'s>>,
}

impl<'s> Scope<'s> {
    pub(super) fn root(schema: SchemaId) -> Self {
        Self {
            schema,
            keyword: "",
            value: 0,
            parent: None,
        }
    }

    pub(super) fn child(&'s self, schema: SchemaId, keyword: &'static str, value: u32) -> Self {
        Self {
            schema,
            keyword,
            value,
            parent: Some(self),
        }
    }

    fn outward(&self) -> impl Iterator<Item = &Scope<'s>> {
        std::iter::successors(Some(self), |scope| scope.parent)
    }

    /// The scope in which the same schema is already being applied to the same value.
    pub(super) fn cycle(&self) -> Option<&Scope<'s>> {
        self.outward()
            .skip(1)
            .take_while(|scope| scope.value == self.value)
            .find(|scope| scope.schema == self.schema)
    }

    /// The keywords that led here.
    pub(super) fn keyword_location(&self, set: &Set) -> String {
        let mut parts = Vec::new();
        for scope in self.outward() {
            let Some(parent) = scope.parent else { break };
            parts.push(if scope.keyword.is_empty() {
                let here = set.get(scope.schema).place.to_string();
                let above = set.get(parent.schema).place.to_string();
                here.get(above.len()..).unwrap_or_default().to_owned()
            } else {
                format!("/{}", escape(scope.keyword))
            });
        }
        parts.reverse();
        parts.concat()
    }

    /// What `$recursiveRef` means: the outermost schema whose resource has a recursive anchor.
    pub(super) fn recursive_target(&self, set: &Set, fallback: SchemaId) -> SchemaId {
        let anchored =
            |scope: &&Scope<'_>| set.get(set.get(scope.schema).resource).recursive_anchor;
        self.outward()
            .filter(anchored)
            .last()
            .map_or(fallback, |scope| scope.schema)
    }

    /// What `$dynamicRef` means: the anchor in the outermost resource that has it.
    pub(super) fn dynamic_target(&self, set: &Set, anchor: &str, fallback: SchemaId) -> SchemaId {
        let target = |scope: &Scope<'_>| {
            let resource = set.get(set.get(scope.schema).resource);
            resource
                .dynamic_anchors
                .iter()
                .find(|(name, _)| **name == *anchor)
                .map(|(_, id)| *id)
        };
        self.outward().filter_map(target).last().unwrap_or(fallback)
    }
}
