//! [`Compiler`]: from documents to the schemas of a [`Set`].

use std::rc::Rc;

use windlass_regexp::Regexp;

use super::compiled::{
    Additional, Combined, Dependency, NumberRules, Schema, SchemaId, Set, StringRules, Types,
};
use super::document::{Dialect, Resource};
use super::draft::Draft;
use super::error::Fault;
use super::format::Format;
use super::json::Json;
use super::library::Library;
use super::number::Number;
use super::pointer::{Fragment, Place, join, split_fragment};

/// What the expressions of a schema may take together: their trees, and what large ones are compiled to.
const MAX_PATTERN_BYTES: u64 = 64 << 20;

/// What a byte of an expression becomes in its tree.
const TREE_BYTES: u64 = 100;

const TOO_LARGE: &str = "schema has too many or too large patterns";

/// How many schemas one document and those it refers to may hold.
const MAX_SCHEMAS: usize = 500_000;

/// Compiles schemas and what they refer to.
pub(super) struct Compiler<'l> {
    pub(super) library: Library<'l>,
    pub(super) set: Set,
    /// Check `format` in every draft.
    pub(super) assert_format: bool,
    done: usize,
    /// What all expressions together take, about.
    pattern_bytes: u64,
}

impl<'l> Compiler<'l> {
    pub(super) fn new(library: Library<'l>, set: Set, assert_format: bool) -> Self {
        let done = set.len();
        Self {
            library,
            done,
            set,
            assert_format,
            pattern_bytes: 0,
        }
    }

    /// Compiles the schema that is a whole document.
    pub(super) fn compile(&mut self, url: &str) -> Result<SchemaId, Fault> {
        let place = self
            .library
            .resolve(&url.into(), &Fragment::Pointer(String::new()))?;
        let id = self.set.intern(place);
        while let Some(next) = self.set.nth(self.done) {
            self.done += 1;
            if self.done > MAX_SCHEMAS {
                return Err(Fault::Limit("schema holds too many schemas"));
            }
            self.compile_one(next)?;
        }
        Ok(id)
    }

    fn compile_one(&mut self, id: SchemaId) -> Result<(), Fault> {
        let place = self.set.get(id).place.clone();
        let document = self.library.ensure(&place)?;
        let content = Rc::clone(&document.content);
        let value = place.lookup(&content)?;
        let around = document.resource(&place.pointer);
        let base = Place::new(&place.url, Rc::clone(&around.pointer));
        let (dialect, base_url) = (around.dialect.clone(), Rc::clone(&around.id));
        let anchors = if dialect.draft >= Draft::D2020 && base == place {
            dynamic_anchors(around)
        } else {
            Vec::new()
        };
        let resource = self.set.intern(base);
        let mut schema = Schema::new(place.clone(), resource);
        schema.draft = dialect.draft;
        for (name, pointer) in anchors {
            let target = self.set.intern(Place::new(&place.url, pointer));
            schema.dynamic_anchors.push((name, target));
        }
        match value {
            Json::Bool(b) => schema.boolean = Some(*b),
            Json::Object(members) if members.is_empty() => schema.boolean = Some(true),
            Json::Object(_) => {
                let assert_format = self.assert_format || asserts_format(&dialect);
                let object = Source {
                    compiler: self,
                    value,
                    place,
                    dialect,
                    base_url,
                };
                object.compile(&mut schema, assert_format)?;
            }
            _ => {}
        }
        note_seen(&mut schema);
        self.set.replace(id, schema);
        Ok(())
    }
}

fn dynamic_anchors(resource: &Resource) -> Vec<(Rc<str>, Rc<str>)> {
    let anchors = resource.anchors.iter();
    let dynamic = anchors.filter(|(name, _)| resource.dynamic_anchors.contains(*name));
    dynamic
        .map(|(name, pointer)| (Rc::clone(name), Rc::clone(pointer)))
        .collect()
}

fn asserts_format(dialect: &Dialect) -> bool {
    match dialect.draft {
        Draft::D2019 => dialect.has_vocabulary("format"),
        Draft::D2020 => dialect.has_vocabulary("format-assertion"),
        _ => true,
    }
}

/// Notes which properties and items the schema's own rules look at.
fn note_seen(schema: &mut Schema) {
    schema.all_properties_seen = schema
        .object
        .as_ref()
        .is_some_and(|o| o.additional.is_some());
    if let Some(array) = &schema.array {
        schema.all_items_seen = array.rest.is_some();
        schema.items_seen = array.prefix.len();
    }
}

/// A schema object and where it comes from.
struct Source<'c, 'l, 'j> {
    compiler: &'c mut Compiler<'l>,
    value: &'j Json,
    place: Place,
    dialect: Dialect,
    base_url: Rc<str>,
}

impl<'j> Source<'_, '_, 'j> {
    fn compile(mut self, schema: &mut Schema, assert_format: bool) -> Result<(), Fault> {
        let draft = self.dialect.draft;
        let applies = self.dialect.has_vocabulary("applicator");
        let validates = self.dialect.has_vocabulary("validation");
        schema.reference = self.reference("$ref")?;
        // Older drafts ignore what stands beside a `$ref`, except what draft 6 brought.
        if draft >= Draft::D2019 || schema.reference.is_none() {
            if applies {
                self.apply(schema)?;
            }
            if validates {
                self.validate(schema)?;
            }
            if assert_format {
                schema.format = self.text("format").and_then(Format::find);
            }
        }
        if draft >= Draft::D6 {
            self.draft_6(schema, applies, validates);
        }
        if draft >= Draft::D7 && applies {
            self.conditions(schema);
        }
        if draft >= Draft::D2019 {
            self.draft_2019(schema, applies, validates)?;
        }
        if draft >= Draft::D2020 {
            self.draft_2020(schema, applies)?;
        }
        Ok(())
    }

    fn apply(&mut self, schema: &mut Schema) -> Result<(), Fault> {
        let combined = Combined {
            all_of: self.schemas("allOf"),
            any_of: self.schemas("anyOf"),
            one_of: self.schemas("oneOf"),
            not: self.schema("not"),
            ..Combined::default()
        };
        if combined.not.is_some()
            || [&combined.all_of, &combined.any_of, &combined.one_of]
                .iter()
                .any(|s| !s.is_empty())
        {
            schema.combined = Some(combined.into());
        }
        if self.dialect.draft < Draft::D2020 {
            self.older_items(schema);
        }
        let properties = self.named_schemas("properties");
        let mut patterns = Vec::new();
        for (text, id) in self.named_schemas("patternProperties") {
            patterns.push((self.pattern("patternProperties", &text)?, id));
        }
        let additional = self.additional("additionalProperties");
        let dependencies = self.dependencies();
        let some = !properties.is_empty() || !patterns.is_empty() || !dependencies.is_empty();
        if some || additional.is_some() {
            let object = schema.object.get_or_insert_default();
            object.properties = properties;
            object.patterns = patterns;
            object.additional = additional;
            object.dependencies = dependencies;
        }
        Ok(())
    }

    /// `items` and `additionalItems` as they were before 2020.
    fn older_items(&mut self, schema: &mut Schema) {
        let Some(items) = self.value.get("items") else {
            return;
        };
        if matches!(items, Json::Array(_)) {
            let prefix = self.schemas("items");
            let rest = self.additional("additionalItems");
            let array = schema.array.get_or_insert_default();
            array.prefix = prefix;
            array.rest = rest;
        } else {
            let rest = self.schema("items").map(Additional::Schema);
            schema.array.get_or_insert_default().rest = rest;
        }
    }

    fn dependencies(&mut self) -> Vec<(Box<str>, Dependency)> {
        let mut out = Vec::new();
        for (name, value) in self.members("dependencies") {
            let dependency = match value {
                Json::Array(items) => Dependency::Properties(texts(items)),
                _ => Dependency::Schema(self.intern(self.place.grandchild("dependencies", name))),
            };
            out.push((name.clone(), dependency));
        }
        out
    }

    fn validate(&mut self, schema: &mut Schema) -> Result<(), Fault> {
        schema.types = match self.value.get("type") {
            Some(Json::String(name)) => Types::named(name),
            Some(Json::Array(names)) => {
                let names = names.iter().filter_map(Json::as_str);
                names.fold(Types::default(), |types, name| {
                    types.union(Types::named(name))
                })
            }
            _ => Types::default(),
        };
        schema.one_value_of = self.items("enum").map(<[Json]>::to_vec);
        self.validate_numbers(schema);
        self.validate_strings(schema)?;
        let (min, max, unique) = (
            self.integer("minItems"),
            self.integer("maxItems"),
            self.is_true("uniqueItems"),
        );
        if min.is_some() || max.is_some() || unique {
            let array = schema.array.get_or_insert_default();
            (array.min, array.max, array.unique) = (min, max, unique);
        }
        let (min, max) = (self.integer("minProperties"), self.integer("maxProperties"));
        let required = self.items("required").map(texts).unwrap_or_default();
        if min.is_some() || max.is_some() || !required.is_empty() {
            let object = schema.object.get_or_insert_default();
            (object.min, object.max, object.required) = (min, max, required);
        }
        Ok(())
    }

    fn validate_numbers(&mut self, schema: &mut Schema) {
        let mut rules = NumberRules {
            multiple_of: self.number("multipleOf"),
            maximum: self.number("maximum"),
            minimum: self.number("minimum"),
            ..NumberRules::default()
        };
        // In draft 4 these are booleans which change what the bounds beside them mean.
        rules.below = if self.is_true("exclusiveMaximum") {
            rules.maximum.take()
        } else {
            self.number("exclusiveMaximum")
        };
        rules.above = if self.is_true("exclusiveMinimum") {
            rules.minimum.take()
        } else {
            self.number("exclusiveMinimum")
        };
        let all = [
            &rules.multiple_of,
            &rules.maximum,
            &rules.minimum,
            &rules.below,
            &rules.above,
        ];
        if all.iter().any(|rule| rule.is_some()) {
            schema.number = Some(rules.into());
        }
    }

    fn validate_strings(&mut self, schema: &mut Schema) -> Result<(), Fault> {
        let (min, max) = (self.integer("minLength"), self.integer("maxLength"));
        let pattern = match self.text("pattern") {
            Some(text) => Some(self.pattern("pattern", text)?),
            None => None,
        };
        if min.is_some() || max.is_some() || pattern.is_some() {
            schema.string = Some(StringRules { min, max, pattern }.into());
        }
        Ok(())
    }

    fn draft_6(&mut self, schema: &mut Schema, applies: bool, validates: bool) {
        if applies {
            if let Some(contains) = self.schema("contains") {
                schema.array.get_or_insert_default().contains = Some(contains);
            }
            if let Some(names) = self.schema("propertyNames") {
                schema.object.get_or_insert_default().names = Some(names);
            }
        }
        if validates {
            schema.constant = self.value.get("const").cloned().map(Box::new);
        }
    }

    fn conditions(&mut self, schema: &mut Schema) {
        let Some(condition) = self.schema("if") else {
            return;
        };
        let known = match self.value.get("if") {
            Some(Json::Bool(b)) => Some(*b),
            _ => None,
        };
        let then = if known == Some(false) {
            None
        } else {
            self.schema("then")
        };
        let otherwise = if known == Some(true) {
            None
        } else {
            self.schema("else")
        };
        let combined = schema.combined.get_or_insert_default();
        (combined.condition, combined.then, combined.otherwise) =
            (Some(condition), then, otherwise);
    }

    fn draft_2019(
        &mut self,
        schema: &mut Schema,
        applies: bool,
        validates: bool,
    ) -> Result<(), Fault> {
        schema.recursive_reference = self.reference("$recursiveRef")?;
        schema.recursive_anchor = self.is_true("$recursiveAnchor");
        if validates {
            if let Some(array) = schema
                .array
                .as_mut()
                .filter(|array| array.contains.is_some())
            {
                array.min_contains = self.integer("minContains");
                array.max_contains = self.integer("maxContains");
            }
            let required = self.members("dependentRequired").iter();
            let required = required.filter_map(|(name, value)| match value {
                Json::Array(items) => Some((name.clone(), texts(items))),
                _ => None,
            });
            let required: Vec<_> = required.collect();
            if !required.is_empty() {
                schema.object.get_or_insert_default().dependent_required = required;
            }
        }
        if applies {
            let schemas = self.named_schemas("dependentSchemas");
            if !schemas.is_empty() {
                schema.object.get_or_insert_default().dependent_schemas = schemas;
            }
        }
        let unevaluated = match self.dialect.draft {
            Draft::D2019 => applies,
            _ => self.dialect.has_vocabulary("unevaluated"),
        };
        if unevaluated {
            if let Some(items) = self.schema("unevaluatedItems") {
                schema.array.get_or_insert_default().unevaluated = Some(items);
            }
            if let Some(properties) = self.schema("unevaluatedProperties") {
                schema.object.get_or_insert_default().unevaluated = Some(properties);
            }
        }
        Ok(())
    }

    fn draft_2020(&mut self, schema: &mut Schema, applies: bool) -> Result<(), Fault> {
        if let (Some(target), Some(text)) =
            (self.reference("$dynamicRef")?, self.text("$dynamicRef"))
        {
            let anchor = match split_fragment(text)? {
                (_, Fragment::Anchor(anchor)) => anchor,
                _ => String::new(),
            };
            schema.dynamic_reference = Some((target, anchor.into()));
        }
        schema.dynamic_anchor = self.text("$dynamicAnchor").unwrap_or_default().into();
        if applies {
            let prefix = self.schemas("prefixItems");
            if !prefix.is_empty() {
                schema.array.get_or_insert_default().prefix = prefix;
            }
            if let Some(items) = self.schema("items") {
                schema.array.get_or_insert_default().rest = Some(Additional::Schema(items));
            }
        }
        Ok(())
    }

    fn intern(&mut self, place: Place) -> SchemaId {
        self.compiler.set.intern(place)
    }

    fn reference(&mut self, keyword: &str) -> Result<Option<SchemaId>, Fault> {
        let Some(text) = self.text(keyword) else {
            return Ok(None);
        };
        let (url, fragment) = join(&self.base_url, text)?;
        let library = &mut self.compiler.library;
        let here = library
            .document(&self.place.url)?
            .resolve(&url, &fragment)?;
        let place = match here {
            Some(place) => place,
            None => library.resolve(&url, &fragment)?,
        };
        Ok(Some(self.intern(place)))
    }

    fn schema(&mut self, keyword: &str) -> Option<SchemaId> {
        self.value.get(keyword)?;
        Some(self.intern(self.place.member(keyword)))
    }

    fn schemas(&mut self, keyword: &str) -> Vec<SchemaId> {
        let count = self.items(keyword).map_or(0, <[Json]>::len);
        (0..count)
            .map(|i| self.intern(self.place.grandchild(keyword, &i.to_string())))
            .collect()
    }

    fn named_schemas(&mut self, keyword: &str) -> Vec<(Box<str>, SchemaId)> {
        let members = self.members(keyword).iter();
        members
            .map(|(name, _)| {
                (
                    name.clone(),
                    self.intern(self.place.grandchild(keyword, name)),
                )
            })
            .collect()
    }

    fn additional(&mut self, keyword: &str) -> Option<Additional> {
        match self.value.get(keyword)? {
            Json::Bool(b) => Some(Additional::Allowed(*b)),
            _ => self.schema(keyword).map(Additional::Schema),
        }
    }

    fn pattern(&mut self, keyword: &str, text: &str) -> Result<Regexp, Fault> {
        const STEP_BYTES: u64 = 2;
        let total = &mut self.compiler.pattern_bytes;
        *total = total.saturating_add(text.len() as u64 * TREE_BYTES);
        if *total > MAX_PATTERN_BYTES {
            return Err(Fault::Limit(TOO_LARGE));
        }
        let regexp = Regexp::new(&text.into()).map_err(|cause| Fault::Regex {
            pattern: text.to_owned(),
            at: self.place.member(keyword).to_string(),
            cause,
        })?;
        let total = &mut self.compiler.pattern_bytes;
        *total = total.saturating_add(regexp.compiled_steps() * STEP_BYTES);
        Ok(regexp)
    }

    fn text(&self, keyword: &str) -> Option<&'j str> {
        self.value.get(keyword)?.as_str()
    }

    fn is_true(&self, keyword: &str) -> bool {
        self.value.get(keyword) == Some(&Json::Bool(true))
    }

    fn number(&self, keyword: &str) -> Option<Number> {
        match self.value.get(keyword)? {
            Json::Number(text) => Number::parse(text),
            _ => None,
        }
    }

    fn integer(&self, keyword: &str) -> Option<i64> {
        self.number(keyword)
            .filter(Number::is_integer)
            .map(|n| n.low_bits())
    }

    fn items(&self, keyword: &str) -> Option<&'j [Json]> {
        match self.value.get(keyword)? {
            Json::Array(items) => Some(items),
            _ => None,
        }
    }

    fn members(&self, keyword: &str) -> &'j [(Box<str>, Json)] {
        match self.value.get(keyword) {
            Some(Json::Object(members)) => members,
            _ => &[],
        }
    }
}

/// The texts among some values.
fn texts(items: &[Json]) -> Vec<Box<str>> {
    items
        .iter()
        .filter_map(Json::as_str)
        .map(Box::from)
        .collect()
}
