//! The rules for arrays.

use super::{Frame, Validator};
use crate::schema::compiled::{Additional, ArrayRules, Schema, SchemaId};
use crate::schema::draft::Draft;
use crate::schema::equality::duplicates;
use crate::schema::instance::Items;
use crate::schema::violation::{Kind, Step};

impl<'a> Validator<'a> {
    pub(super) fn judge_array(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        schema: &'a Schema,
        items: Items<'a>,
    ) {
        let Some(rules) = schema.array.as_deref() else {
            return;
        };
        self.judge_count(
            frame,
            ["minItems", "maxItems"],
            items.len(),
            rules.min,
            rules.max,
        );
        if rules.unique {
            let kind = match duplicates(items, self.heap, &self.budget) {
                Ok(None) => None,
                Ok(Some((i, j))) => Some(Kind::UniqueItems(i, j)),
                Err(name) => Some(Kind::Foreign(name)),
            };
            if let Some(kind) = kind {
                let breach = self.breach(frame, kind);
                frame.failures.push(breach);
            }
        }
        let first = rules.prefix.len().min(items.len());
        for (i, id) in rules.prefix.iter().enumerate().take(first) {
            let result = self.inner(frame, *id, items.get(i), Step::Index(i));
            self.note(frame, result);
        }
        match rules.rest {
            Some(Additional::Schema(id)) => {
                for i in first..items.len() {
                    let result = self.inner(frame, id, items.get(i), Step::Index(i));
                    self.note(frame, result);
                }
            }
            Some(Additional::Allowed(false)) if first < items.len() => {
                let breach = self.breach(frame, Kind::AdditionalItems(items.len() - first));
                frame.failures.push(breach);
            }
            _ => {}
        }
        if let Some(contains) = rules.contains {
            self.judge_contains(frame, schema, rules, contains, items);
        }
    }

    fn judge_contains(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        schema: &'a Schema,
        rules: &'a ArrayRules,
        contains: SchemaId,
        items: Items<'a>,
    ) {
        let mut causes = Vec::new();
        let mut matched = Vec::new();
        for i in 0..items.len() {
            match self.inner(frame, contains, items.get(i), Step::Index(i)) {
                Err(failure) => causes.push(failure),
                Ok(()) => {
                    matched.push(i);
                    if schema.draft >= Draft::D2020 {
                        frame.unseen.remove(i);
                    }
                }
            }
        }
        let count = i64::try_from(matched.len()).unwrap_or(i64::MAX);
        match rules.min_contains {
            Some(want) if count < want => {
                let kind = Kind::MinContains {
                    matched: matched.clone(),
                    want,
                };
                let failure = self.failure(frame, kind, causes);
                frame.failures.push(failure);
            }
            None if matched.is_empty() => {
                let failure = self.failure(frame, Kind::Contains, causes);
                frame.failures.push(failure);
            }
            _ => {}
        }
        if let Some(want) = rules.max_contains.filter(|want| count > *want) {
            let breach = self.breach(frame, Kind::MaxContains { matched, want });
            frame.failures.push(breach);
        }
    }
}
