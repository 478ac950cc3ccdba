//! [`Unseen`]: the properties or items that no schema has looked at yet.

use crate::schema::compiled::Schema;
use crate::schema::instance::Shape;

/// Positions of members or items; kept only where a schema asks for them.
#[derive(Debug, Default)]
pub(super) struct Unseen {
    left: Vec<bool>,
    count: usize,
}

impl Unseen {
    /// All that the schema's own rules do not look at, if it or its caller wants to know.
    pub(super) fn new(shape: Shape<'_>, schema: &Schema, wanted: bool) -> Self {
        let all_from = |start: usize, len: usize| {
            let left = (0..len).map(|i| i >= start).collect();
            Self {
                left,
                count: len.saturating_sub(start),
            }
        };
        match shape {
            Shape::Object(members) => {
                let asks = schema
                    .object
                    .as_ref()
                    .is_some_and(|o| o.unevaluated.is_some());
                if !schema.all_properties_seen && (wanted || asks) {
                    return all_from(0, members.len());
                }
            }
            Shape::Array(items) => {
                let asks = schema
                    .array
                    .as_ref()
                    .is_some_and(|a| a.unevaluated.is_some());
                if !schema.all_items_seen && (wanted || asks) {
                    return all_from(schema.items_seen, items.len());
                }
            }
            _ => {}
        }
        Self::default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Notes that something was looked at.
    pub(super) fn remove(&mut self, position: usize) {
        if let Some(left) = self.left.get_mut(position).filter(|left| **left) {
            *left = false;
            self.count -= 1;
        }
    }

    /// Leaves what another schema has not looked at either.
    pub(super) fn keep_common(&mut self, other: &Self) {
        if self.count == 0 {
            return;
        }
        for i in 0..self.left.len() {
            if !other.left.get(i).copied().unwrap_or_default() {
                self.remove(i);
            }
        }
    }

    /// Takes all that is left.
    pub(super) fn take(&mut self) -> Vec<usize> {
        let left = std::mem::take(self).left;
        left.iter()
            .enumerate()
            .filter(|(_, left)| **left)
            .map(|(i, _)| i)
            .collect()
    }
}
