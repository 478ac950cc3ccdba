//! The rules for objects.

use super::{Frame, Validator};
use crate::schema::compiled::{Additional, Dependency, ObjectRules, Schema, SchemaId};
use crate::schema::draft::Draft;
use crate::schema::instance::{Members, Node, Shape};
use crate::schema::violation::{Kind, Step, Violation};

/// What naming a member in a report counts: it is kept until the report is written.
const NAME: usize = 16;

impl<'a> Validator<'a> {
    pub(super) fn judge_object(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        schema: &'a Schema,
        members: Members<'a>,
    ) {
        let Some(rules) = schema.object.as_deref() else {
            return;
        };
        let bounds = ["minProperties", "maxProperties"];
        self.judge_count(frame, bounds, members.len(), rules.min, rules.max);
        let missing = self.missing(members, &rules.required);
        if !missing.is_empty() {
            let breach = self.breach(frame, Kind::Required(missing));
            frame.failures.push(breach);
        }
        if frame.quiet && !frame.failures.is_empty() {
            return;
        }
        for (property, dependency) in &rules.dependencies {
            if members.find(property.as_bytes()).is_some() {
                match dependency {
                    Dependency::Properties(names) => self.depend(frame, property, members, names),
                    Dependency::Schema(id) => {
                        let result = self.same(frame, *id, "", false);
                        self.note(frame, result);
                    }
                }
            }
        }
        if !self.judge_members(frame, rules, members) || schema.draft == Draft::D4 {
            return;
        }
        if let Some(names) = rules.names {
            for (name, _) in members.iter() {
                self.judge_name(frame, names, name);
            }
        }
        if schema.draft == Draft::D6 {
            return;
        }
        for (property, id) in &rules.dependent_schemas {
            if members.find(property.as_bytes()).is_some() {
                let result = self.same(frame, *id, "", false);
                self.note(frame, result);
            }
        }
        for (property, names) in &rules.dependent_required {
            if members.find(property.as_bytes()).is_some() {
                self.depend(frame, property, members, names);
            }
        }
    }

    /// The names among these that no member has.
    fn missing(&self, members: Members<'a>, names: &'a [Box<str>]) -> Vec<&'a str> {
        let mut missing = Vec::new();
        for name in names {
            let there = members.find(name.as_bytes()).is_some();
            if !self.budget.spend(if there { 1 } else { NAME }) {
                break;
            }
            if !there {
                missing.push(&**name);
            }
        }
        missing
    }

    fn depend(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        property: &'a str,
        members: Members<'a>,
        names: &'a [Box<str>],
    ) {
        let missing = self.missing(members, names);
        if !missing.is_empty() {
            let breach = self.breach(frame, Kind::Dependency { property, missing });
            frame.failures.push(breach);
        }
    }

    /// Applies schemas to the members. Says no if a breach ended the looking.
    fn judge_members(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        rules: &'a ObjectRules,
        members: Members<'a>,
    ) -> bool {
        if rules.properties.is_empty() && rules.patterns.is_empty() && rules.additional.is_none() {
            return true;
        }
        let mut additional = Vec::new();
        for (i, (key, value)) in members.iter().enumerate() {
            if frame.quiet && !frame.failures.is_empty() {
                return false;
            }
            let mut seen = false;
            if let Some(id) = property(&rules.properties, key) {
                seen = true;
                let result = self.inner(frame, id, value, Step::Key(key));
                self.note(frame, result);
            }
            for (pattern, id) in &rules.patterns {
                if self.matches(pattern, key) {
                    seen = true;
                    let result = self.inner(frame, *id, value, Step::Key(key));
                    self.note(frame, result);
                }
            }
            match &rules.additional {
                Some(rule) if !seen => {
                    seen = true;
                    match rule {
                        Additional::Allowed(true) => {}
                        Additional::Allowed(false) => {
                            self.budget.spend(NAME);
                            additional.push(key);
                        }
                        Additional::Schema(id) => {
                            let result = self.inner(frame, *id, value, Step::Key(key));
                            self.note(frame, result);
                        }
                    }
                }
                _ => {}
            }
            if seen {
                frame.unseen.remove(i);
            }
        }
        if !additional.is_empty() {
            let breach = self.breach(frame, Kind::AdditionalProperties(additional));
            frame.failures.push(breach);
        }
        true
    }

    /// Applies a schema to the name of a member, as a run of its own.
    fn judge_name(&mut self, frame: &mut Frame<'_, 'a>, names: SchemaId, name: &'a [u8]) {
        let (schema, meta) = self.in_force(names, frame.meta);
        let at = std::mem::take(&mut self.path);
        let causes = self.root(Node::Key(name), schema, meta);
        self.path = at;
        if let Some(causes) = causes {
            let kind = Kind::PropertyName(name);
            let violation = Violation {
                kind,
                at: self.path.shared(),
                causes,
            };
            frame.failures.push(Some(Box::new(violation)));
        }
    }

    /// Applies schemas to what no other looked at.
    pub(super) fn judge_unseen(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        schema: &'a Schema,
        shape: Shape<'a>,
    ) {
        match shape {
            Shape::Object(members) => {
                let rule = schema.object.as_ref().and_then(|o| o.unevaluated);
                let Some(id) = rule else { return };
                for i in frame.unseen.take() {
                    let (key, value) = members.get(i);
                    let result = self.inner(frame, id, value, Step::Key(key));
                    self.note(frame, result);
                }
            }
            Shape::Array(items) => {
                let rule = schema.array.as_ref().and_then(|a| a.unevaluated);
                let Some(id) = rule else { return };
                for i in frame.unseen.take() {
                    let result = self.inner(frame, id, items.get(i), Step::Index(i));
                    self.note(frame, result);
                }
            }
            _ => {}
        }
    }
}

/// The schema of a property.
fn property(properties: &[(Box<str>, SchemaId)], key: &[u8]) -> Option<SchemaId> {
    let i = properties
        .binary_search_by(|(name, _)| name.as_bytes().cmp(key))
        .ok()?;
    Some(properties[i].1)
}
