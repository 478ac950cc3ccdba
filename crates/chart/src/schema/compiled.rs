//! [`Schema`]: a schema made ready for validation, and [`Set`], where schemas refer to each other.

use std::collections::HashMap;
use std::rc::Rc;

use windlass_regexp::Regexp;

use super::draft::Draft;
use super::format::Format;
use super::json::Json;
use super::number::Number;
use super::pointer::Place;

/// A schema of a [`Set`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct SchemaId(u32);

/// Compiled schemas, by place of origin.
#[derive(Debug, Default)]
pub(super) struct Set {
    schemas: Vec<Schema>,
    index: HashMap<Place, SchemaId>,
}

impl Set {
    /// The schema of a place, made and left empty if it is new.
    pub(super) fn intern(&mut self, place: Place) -> SchemaId {
        if let Some(id) = self.index.get(&place) {
            return *id;
        }
        let id = self.add(place.clone());
        self.index.insert(place, id);
        id
    }

    /// Makes an empty schema that no reference finds.
    pub(super) fn add(&mut self, place: Place) -> SchemaId {
        let id = u32::try_from(self.schemas.len()).expect("a document is far below 2^32 values");
        self.schemas.push(Schema::new(place, SchemaId(id)));
        SchemaId(id)
    }

    pub(super) fn get(&self, id: SchemaId) -> &Schema {
        &self.schemas[id.0 as usize]
    }

    pub(super) fn replace(&mut self, id: SchemaId, schema: Schema) {
        self.schemas[id.0 as usize] = schema;
    }

    /// How many schemas there are.
    pub(super) fn len(&self) -> usize {
        self.schemas.len()
    }

    /// The schema that was made as the n-th.
    pub(super) fn nth(&self, n: usize) -> Option<SchemaId> {
        (n < self.schemas.len()).then_some(SchemaId(n as u32))
    }
}

/// A schema, or `true` or `false` for those, which stand for everything and nothing.
#[derive(Debug)]
pub(super) enum Additional {
    Allowed(bool),
    Schema(SchemaId),
}

/// What a property that is there asks for.
#[derive(Debug)]
pub(super) enum Dependency {
    Properties(Vec<Box<str>>),
    Schema(SchemaId),
}

/// The JSON types that `type` names, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Types(u8);

/// Names of types in the order in which messages list them.
const TYPE_NAMES: [&str; 7] = [
    "null", "boolean", "number", "integer", "string", "array", "object",
];

impl Types {
    /// The type of a name; none for an unknown one.
    pub(super) fn named(name: &str) -> Self {
        Self(
            TYPE_NAMES
                .iter()
                .position(|n| *n == name)
                .map_or(0, |i| 1 << i),
        )
    }

    pub(super) fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) fn contains(self, name: &str) -> bool {
        self.0 & Self::named(name).0 != 0
    }

    /// The names, joined by ` or `.
    pub(super) fn list(self) -> String {
        let named = TYPE_NAMES
            .iter()
            .enumerate()
            .filter(|(i, _)| self.0 & (1 << i) != 0);
        named
            .map(|(_, name)| *name)
            .collect::<Vec<_>>()
            .join(" or ")
    }
}

/// Rules for objects.
#[derive(Debug, Default)]
pub(super) struct ObjectRules {
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) required: Vec<Box<str>>,
    /// Sorted by name, as are the following.
    pub(super) properties: Vec<(Box<str>, SchemaId)>,
    pub(super) patterns: Vec<(Regexp, SchemaId)>,
    pub(super) additional: Option<Additional>,
    pub(super) names: Option<SchemaId>,
    pub(super) dependencies: Vec<(Box<str>, Dependency)>,
    pub(super) dependent_schemas: Vec<(Box<str>, SchemaId)>,
    pub(super) dependent_required: Vec<(Box<str>, Vec<Box<str>>)>,
    pub(super) unevaluated: Option<SchemaId>,
}

/// Rules for arrays.
#[derive(Debug, Default)]
pub(super) struct ArrayRules {
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) unique: bool,
    /// Schemas of the first items: `prefixItems`, or a list in `items` of older drafts.
    pub(super) prefix: Vec<SchemaId>,
    /// The schema of the items after those.
    pub(super) rest: Option<Additional>,
    pub(super) contains: Option<SchemaId>,
    pub(super) min_contains: Option<i64>,
    pub(super) max_contains: Option<i64>,
    pub(super) unevaluated: Option<SchemaId>,
}

/// Rules for strings.
#[derive(Debug, Default)]
pub(super) struct StringRules {
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) pattern: Option<Regexp>,
}

/// Rules for numbers.
#[derive(Debug, Default)]
pub(super) struct NumberRules {
    pub(super) minimum: Option<Number>,
    pub(super) maximum: Option<Number>,
    pub(super) above: Option<Number>,
    pub(super) below: Option<Number>,
    pub(super) multiple_of: Option<Number>,
}

/// Schemas that apply to the same value.
#[derive(Debug, Default)]
pub(super) struct Combined {
    pub(super) not: Option<SchemaId>,
    pub(super) all_of: Vec<SchemaId>,
    pub(super) any_of: Vec<SchemaId>,
    pub(super) one_of: Vec<SchemaId>,
    pub(super) condition: Option<SchemaId>,
    pub(super) then: Option<SchemaId>,
    pub(super) otherwise: Option<SchemaId>,
}

/// A compiled schema.
#[derive(Debug)]
pub(super) struct Schema {
    pub(super) place: Place,
    pub(super) draft: Draft,
    /// The named schema around this one, or this one.
    pub(super) resource: SchemaId,
    pub(super) boolean: Option<bool>,
    pub(super) types: Types,
    pub(super) constant: Option<Box<Json>>,
    pub(super) one_value_of: Option<Vec<Json>>,
    pub(super) format: Option<Format>,
    pub(super) reference: Option<SchemaId>,
    pub(super) recursive_reference: Option<SchemaId>,
    pub(super) recursive_anchor: bool,
    /// Its target and, if it has one, the anchor by which it is looked up again.
    pub(super) dynamic_reference: Option<(SchemaId, Box<str>)>,
    pub(super) dynamic_anchor: Box<str>,
    /// Of a named schema: those in it that have dynamic anchors.
    pub(super) dynamic_anchors: Vec<(Rc<str>, SchemaId)>,
    pub(super) combined: Option<Box<Combined>>,
    pub(super) object: Option<Box<ObjectRules>>,
    pub(super) array: Option<Box<ArrayRules>>,
    pub(super) string: Option<Box<StringRules>>,
    pub(super) number: Option<Box<NumberRules>>,
    /// Every property is looked at by the schema itself.
    pub(super) all_properties_seen: bool,
    /// Every item is, or else this many at the beginning.
    pub(super) all_items_seen: bool,
    pub(super) items_seen: usize,
}

impl Schema {
    pub(super) fn new(place: Place, resource: SchemaId) -> Self {
        Self {
            place,
            draft: super::draft::LATEST,
            resource,
            boolean: None,
            types: Types::default(),
            constant: None,
            one_value_of: None,
            format: None,
            reference: None,
            recursive_reference: None,
            recursive_anchor: false,
            dynamic_reference: None,
            dynamic_anchor: Box::default(),
            dynamic_anchors: Vec::new(),
            combined: None,
            object: None,
            array: None,
            string: None,
            number: None,
            all_properties_seen: false,
            all_items_seen: false,
            items_seen: 0,
        }
    }
}
