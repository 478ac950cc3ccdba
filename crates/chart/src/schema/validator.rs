//! [`Validator`]: applies compiled schemas to a value.
//!
//! What is checked in which order, and which checks end the looking, follow Go's library, since the
//! report lists breaches in that order. Where that order is random there (it walks Go maps), names
//! are taken sorted here.

mod array;
mod object;
mod path;
mod scope;
mod unseen;

use std::collections::HashMap;
use std::rc::Rc;

use windlass_regexp::Regexp;
use windlass_value::Heap;

use super::budget::Budget;
use super::compiled::{NumberRules, Schema, SchemaId, Set, StringRules};
use super::draft::Draft;
use super::equality::equals;
use super::error::Fault;
use super::instance::{Node, Shape};
use super::number::Number;
use super::violation::{Failure, Kind, Location, Report, Step, Violation, pointer_text};
use path::Path;
use scope::Scope;
use unseen::Unseen;

/// How deep schemas may apply within each other; Go has a stack that grows.
const MAX_DEPTH: usize = 700;

/// How many times schemas may be applied in one run; references can multiply without bound.
const MAX_STEPS: u64 = 1_000_000;

const TOO_MUCH_WORK: &str = "schema takes too much work to apply";

/// What Go prints when it uses a number that it could not make.
const NIL_NUMBER: &str = "runtime error: invalid memory address or nil pointer dereference";

/// A run of schemas over a value.
pub(super) struct Validator<'a> {
    set: &'a Set,
    heap: &'a Heap,
    /// When schemas are validated: by pointer, those that another schema of schemas is for.
    others: Option<&'a HashMap<Rc<str>, SchemaId>>,
    path: Path<'a>,
    depth: usize,
    steps: u64,
    budget: Budget,
    /// Why the run must end without a result.
    stopped: Option<Fault>,
}

/// What a schema found out: what it did not look at, or a breach.
type Verdict<'a> = Result<Unseen, Failure<'a>>;

/// A schema being applied to a value.
struct Frame<'s, 'a> {
    node: Node<'a>,
    scope: Scope<'s>,
    unseen: Unseen,
    failures: Vec<Failure<'a>>,
    /// Only whether there is a breach is of interest.
    quiet: bool,
    /// When schemas are validated: the schema of schemas in force.
    meta: Option<SchemaId>,
}

impl<'a> Validator<'a> {
    /// A validator of values.
    pub(super) fn new(set: &'a Set, heap: &'a Heap) -> Self {
        Self {
            set,
            heap,
            others: None,
            path: Path::default(),
            depth: 0,
            steps: 0,
            budget: Budget::new(),
            stopped: None,
        }
    }

    /// A validator of schemas, some of which have another schema of schemas, by pointer.
    pub(super) fn for_schemas(
        set: &'a Set,
        heap: &'a Heap,
        others: &'a HashMap<Rc<str>, SchemaId>,
    ) -> Self {
        Self {
            others: Some(others),
            ..Self::new(set, heap)
        }
    }

    /// Applies a schema to a value.
    ///
    /// # Errors
    /// If a bound is met, or where Go panics.
    pub(super) fn run(
        mut self,
        node: Node<'a>,
        schema: SchemaId,
    ) -> Result<Option<Report<'a>>, Fault> {
        let meta = self.others.map(|_| schema);
        let causes = self.root(node, schema, meta);
        if self.budget.is_spent() {
            self.stop(Fault::Limit(TOO_MUCH_WORK));
        }
        match self.stopped {
            Some(fault) => Err(fault),
            None => Ok(causes.map(|causes| {
                let location = self.set.get(schema).place.to_string();
                Report { location, causes }
            })),
        }
    }

    /// Applies a schema where nothing is around it; gives what is wrong.
    fn root(
        &mut self,
        node: Node<'a>,
        schema: SchemaId,
        meta: Option<SchemaId>,
    ) -> Option<Vec<Failure<'a>>> {
        let unseen = Unseen::new(node.shape(self.heap), self.set.get(schema), false);
        let scope = Scope::root(schema);
        let frame = Frame {
            node,
            scope,
            unseen,
            failures: Vec::new(),
            quiet: false,
            meta,
        };
        match self.apply(frame) {
            Ok(_) => None,
            Err(failure) => Some(ungroup(failure)),
        }
    }

    /// Applies the schema of a frame.
    fn apply(&mut self, mut frame: Frame<'_, 'a>) -> Verdict<'a> {
        self.steps += 1;
        if !self.budget.spend(frame.node.shape(self.heap).weight()) {
            self.stop(Fault::Limit(TOO_MUCH_WORK));
        }
        if self.stopped.is_some() || self.depth >= MAX_DEPTH || self.steps > MAX_STEPS {
            self.stop(Fault::Limit(
                "schema applies itself too deeply or too often",
            ));
            return Err(None);
        }
        self.depth += 1;
        let result = self.judge(&mut frame);
        self.depth -= 1;
        result?;
        match frame.failures.len() {
            0 => Ok(frame.unseen),
            1 => Err(frame.failures.pop().flatten()),
            _ => {
                let causes = std::mem::take(&mut frame.failures);
                Err(self.failure(&frame, Kind::Group, causes))
            }
        }
    }

    fn stop(&mut self, fault: Fault) {
        self.stopped.get_or_insert(fault);
    }

    /// Finds breaches; those that end the looking are the error.
    fn judge(&mut self, frame: &mut Frame<'_, 'a>) -> Result<(), Failure<'a>> {
        let schema = self.set.get(frame.scope.schema);
        match schema.boolean {
            Some(true) => return Ok(()),
            Some(false) => return Err(self.breach(frame, Kind::FalseSchema)),
            None => {}
        }
        if let Some(earlier) = frame.scope.cycle() {
            let kind = Kind::ReferenceCycle {
                url: schema.place.to_string(),
                first: frame.scope.keyword_location(self.set),
                second: earlier.keyword_location(self.set),
            };
            return Err(self.breach(frame, kind));
        }
        let shape = frame.node.shape(self.heap);
        self.judge_value(frame, schema, shape)?;
        if let Some(target) = schema.reference {
            let result = self.refer(frame, target, "$ref");
            if schema.draft < Draft::D2019 {
                return result;
            }
            self.note(frame, result);
        }
        match shape {
            Shape::Object(members) => self.judge_object(frame, schema, members),
            Shape::Array(items) => self.judge_array(frame, schema, items),
            Shape::Text(text) => {
                if let Some(rules) = &schema.string {
                    self.judge_text(frame, rules, text);
                }
            }
            Shape::Number => {
                if let Some(rules) = &schema.number {
                    self.judge_number(frame, rules);
                }
            }
            _ => {}
        }
        if frame.failures.is_empty() || !frame.quiet {
            if schema.draft >= Draft::D2019 {
                self.judge_references(frame, schema);
            }
            self.judge_combined(frame, schema);
            if schema.draft >= Draft::D2019 {
                self.judge_unseen(frame, schema, shape);
            }
        }
        Ok(())
    }

    /// The checks of which the first that fails is the only one told.
    fn judge_value(
        &self,
        frame: &Frame<'_, 'a>,
        schema: &'a Schema,
        shape: Shape<'a>,
    ) -> Result<(), Failure<'a>> {
        if let Shape::Foreign(name) = shape {
            return Err(self.breach(frame, Kind::Foreign(name)));
        }
        if !schema.types.is_empty() {
            let got = shape.type_name();
            let integer = || {
                got == "number"
                    && schema.types.contains("integer")
                    && frame.node.number().is_some_and(|n| n.is_integer())
            };
            if !schema.types.contains(got) && !integer() {
                let want = schema.types.list();
                return Err(self.breach(frame, Kind::Type { got, want }));
            }
        }
        let equal = |wanted| {
            let result = equals(frame.node, Node::Json(wanted), self.heap, &self.budget);
            result.map_err(|name| self.breach(frame, Kind::Foreign(name)))
        };
        if let Some(wanted) = &schema.constant
            && !equal(wanted)?
        {
            return Err(self.breach(frame, Kind::Const(wanted)));
        }
        if let Some(wanted) = &schema.one_value_of {
            let name = shape.type_name();
            let mut found = false;
            if wanted
                .iter()
                .any(|w| Node::Json(w).shape(self.heap).type_name() == name)
            {
                for wanted in wanted {
                    if equal(wanted)? {
                        found = true;
                        break;
                    }
                }
            }
            if !found {
                return Err(self.breach(frame, Kind::Enum(wanted)));
            }
        }
        if let (Some(format), Shape::Text(got)) = (schema.format, shape)
            && let Err(cause) = format.check(&String::from_utf8_lossy(got))
        {
            return Err(self.breach(
                frame,
                Kind::Format {
                    got,
                    want: format.name,
                    cause,
                },
            ));
        }
        Ok(())
    }

    fn judge_text(&self, frame: &mut Frame<'_, 'a>, rules: &'a StringRules, text: &'a [u8]) {
        if rules.min.is_some() || rules.max.is_some() {
            let len = windlass_value::fmt::rune_count(text);
            self.judge_count(frame, ["minLength", "maxLength"], len, rules.min, rules.max);
        }
        if let Some(want) = rules
            .pattern
            .as_ref()
            .filter(|pattern| !self.matches(pattern, text))
        {
            let breach = self.breach(frame, Kind::Pattern { got: text, want });
            frame.failures.push(breach);
        }
    }

    fn judge_count(
        &self,
        frame: &mut Frame<'_, 'a>,
        [least, most]: [&'static str; 2],
        got: usize,
        min: Option<i64>,
        max: Option<i64>,
    ) {
        let n = i64::try_from(got).unwrap_or(i64::MAX);
        if let Some(min) = min.filter(|min| n < *min) {
            let breach = self.breach(frame, Kind::Count(least, got, min));
            frame.failures.push(breach);
        }
        if let Some(max) = max.filter(|max| n > *max) {
            let breach = self.breach(frame, Kind::Count(most, got, max));
            frame.failures.push(breach);
        }
    }

    fn judge_number(&mut self, frame: &mut Frame<'_, 'a>, rules: &'a NumberRules) {
        let Some(got) = frame.node.number() else {
            self.stop(Fault::Panic(NIL_NUMBER));
            return;
        };
        let mut bound =
            |keyword, want: &'a Option<Number>, breaks: fn(&Number, &Number) -> bool| {
                if let Some(want) = want.as_ref().filter(|want| breaks(&got, want)) {
                    let breach = self.breach(frame, Kind::Bound(keyword, got.clone(), want));
                    frame.failures.push(breach);
                }
            };
        bound("minimum", &rules.minimum, |got, want| got < want);
        bound("maximum", &rules.maximum, |got, want| got > want);
        bound("exclusiveMinimum", &rules.above, |got, want| got <= want);
        bound("exclusiveMaximum", &rules.below, |got, want| got >= want);
        bound("multipleOf", &rules.multiple_of, |got, want| {
            !got.is_multiple_of(want)
        });
    }

    /// Searches with an expression as far as the budget goes.
    fn matches(&self, pattern: &Regexp, text: &[u8]) -> bool {
        let steps = usize::try_from(pattern.search_steps(text)).unwrap_or(usize::MAX);
        self.budget.spend(steps) && pattern.is_match(text)
    }

    /// The references whose target depends on how the schema was reached.
    fn judge_references(&mut self, frame: &mut Frame<'_, 'a>, schema: &'a Schema) {
        if let Some(mut target) = schema.recursive_reference {
            if self.set.get(target).recursive_anchor {
                target = frame.scope.recursive_target(self.set, target);
            }
            let result = self.refer(frame, target, "$recursiveRef");
            self.note(frame, result);
        }
        if let Some((mut target, anchor)) = schema.dynamic_reference.as_ref().map(|(t, a)| (*t, a))
        {
            if !anchor.is_empty() && self.set.get(target).dynamic_anchor == *anchor {
                target = frame.scope.dynamic_target(self.set, anchor, target);
            }
            let result = self.refer(frame, target, "$dynamicRef");
            self.note(frame, result);
        }
    }

    fn judge_combined(&mut self, frame: &mut Frame<'_, 'a>, schema: &'a Schema) {
        let Some(combined) = schema.combined.as_deref() else {
            return;
        };
        if let Some(not) = combined.not
            && self.same(frame, not, "", true).is_ok()
        {
            let breach = self.breach(frame, Kind::Not);
            frame.failures.push(breach);
        }
        if !combined.all_of.is_empty() {
            self.judge_all(frame, &combined.all_of);
        }
        if !combined.any_of.is_empty() {
            self.judge_any(frame, &combined.any_of);
        }
        if !combined.one_of.is_empty() {
            self.judge_one(frame, &combined.one_of);
        }
        if let Some(condition) = combined.condition {
            let holds = self.same(frame, condition, "", true).is_ok();
            if let Some(branch) = if holds {
                combined.then
            } else {
                combined.otherwise
            } {
                let result = self.same(frame, branch, "", false);
                self.note(frame, result);
            }
        }
    }

    fn judge_all(&mut self, frame: &mut Frame<'_, 'a>, schemas: &[SchemaId]) {
        let mut causes = Vec::new();
        for schema in schemas {
            if let Err(failure) = self.same(frame, *schema, "", false) {
                causes.push(failure);
                if frame.quiet {
                    break;
                }
            }
        }
        if !causes.is_empty() {
            let failure = self.failure(frame, Kind::AllOf, causes);
            frame.failures.push(failure);
        }
    }

    fn judge_any(&mut self, frame: &mut Frame<'_, 'a>, schemas: &[SchemaId]) {
        let mut causes = Vec::new();
        let mut matched = false;
        for schema in schemas {
            match self.same(frame, *schema, "", false) {
                Err(failure) => causes.push(failure),
                Ok(()) => {
                    matched = true;
                    // The others may still look at properties that this one did not.
                    if frame.unseen.is_empty() {
                        break;
                    }
                }
            }
        }
        if !matched {
            let failure = self.failure(frame, Kind::AnyOf, causes);
            frame.failures.push(failure);
        }
    }

    fn judge_one(&mut self, frame: &mut Frame<'_, 'a>, schemas: &[SchemaId]) {
        let mut causes = Vec::new();
        let mut matched = None;
        for (i, schema) in schemas.iter().enumerate() {
            match (self.same(frame, *schema, "", matched.is_some()), matched) {
                (Err(failure), None) => causes.push(failure),
                (Err(_), Some(_)) => {}
                (Ok(()), None) => matched = Some(i),
                (Ok(()), Some(first)) => {
                    let breach = self.breach(frame, Kind::OneOf(Some((first, i))));
                    frame.failures.push(breach);
                    break;
                }
            }
        }
        if matched.is_none() {
            let failure = self.failure(frame, Kind::OneOf(None), causes);
            frame.failures.push(failure);
        }
    }

    /// Applies another schema to the value of a frame.
    fn same(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        schema: SchemaId,
        keyword: &'static str,
        quiet: bool,
    ) -> Result<(), Failure<'a>> {
        let (schema_in_force, meta) = self.in_force(schema, frame.meta);
        let shape = frame.node.shape(self.heap);
        let unseen = Unseen::new(shape, self.set.get(schema), !frame.unseen.is_empty());
        let scope = frame
            .scope
            .child(schema_in_force, keyword, frame.scope.value);
        let inner = Frame {
            node: frame.node,
            scope,
            unseen,
            failures: Vec::new(),
            quiet: frame.quiet || quiet,
            meta,
        };
        let left = self.apply(inner)?;
        frame.unseen.keep_common(&left);
        Ok(())
    }

    /// Applies a schema to a value within that of a frame.
    fn inner(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        schema: SchemaId,
        node: Node<'a>,
        step: Step<'a>,
    ) -> Result<(), Failure<'a>> {
        self.path.push(step);
        let (schema_in_force, meta) = self.in_force(schema, frame.meta);
        let unseen = Unseen::new(node.shape(self.heap), self.set.get(schema), false);
        let scope = frame
            .scope
            .child(schema_in_force, "", frame.scope.value + 1);
        let quiet = frame.quiet;
        let inner = Frame {
            node,
            scope,
            unseen,
            failures: Vec::new(),
            quiet,
            meta,
        };
        let result = self.apply(inner);
        self.path.pop();
        result.map(|_| ())
    }

    /// Applies the target of a reference.
    fn refer(
        &mut self,
        frame: &mut Frame<'_, 'a>,
        target: SchemaId,
        keyword: &'static str,
    ) -> Result<(), Failure<'a>> {
        self.same(frame, target, keyword, false)
            .map_err(|failure| self.failure(frame, Kind::Reference, ungroup(failure)))
    }

    /// When schemas are validated: the schema of schemas for the value at the path, where another
    /// than the one in force is for it.
    fn in_force(&self, schema: SchemaId, meta: Option<SchemaId>) -> (SchemaId, Option<SchemaId>) {
        let Some(others) = self.others else {
            return (schema, meta);
        };
        if meta != Some(schema) || others.is_empty() {
            return (schema, meta);
        }
        match others.get(&*pointer_text(&self.path.steps())) {
            Some(other) => (*other, Some(*other)),
            None => (schema, meta),
        }
    }

    fn note(&self, frame: &mut Frame<'_, 'a>, result: Result<(), Failure<'a>>) {
        if let Err(failure) = result {
            frame.failures.push(failure);
        }
    }

    /// A breach of the schema of a frame.
    fn breach(&self, frame: &Frame<'_, 'a>, kind: Kind<'a>) -> Failure<'a> {
        self.failure(frame, kind, Vec::new())
    }

    fn failure(
        &self,
        frame: &Frame<'_, 'a>,
        kind: Kind<'a>,
        causes: Vec<Failure<'a>>,
    ) -> Failure<'a> {
        if frame.quiet {
            return None;
        }
        // The report is written only at the end, and until then all of this is kept.
        const VIOLATION: usize = 400;
        const STEP: usize = 16;
        let steps = self.path.steps();
        self.budget.spend(VIOLATION + STEP * steps.len());
        Some(Box::new(Violation {
            kind,
            at: Location::Steps(steps),
            causes,
        }))
    }
}

/// The breaches of a group, or the one breach that is no group.
fn ungroup(failure: Failure<'_>) -> Vec<Failure<'_>> {
    match failure {
        Some(violation) if matches!(violation.kind, Kind::Group) => violation.causes,
        other => vec![other],
    }
}
