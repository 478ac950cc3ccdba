//! [`Metaschemas`]: the schemas that schemas themselves must fit, compiled when first needed.

use std::collections::HashMap;
use std::rc::Rc;

use windlass_value::Heap;

use super::Refusing;
use super::compiled::{Combined, Schema, SchemaId, Set};
use super::compiler::Compiler;
use super::document::{Dialect, Resource};
use super::error::Fault;
use super::instance::Node;
use super::json::Json;
use super::library::Library;
use super::pointer::{COMBINED, Place};
use super::validator::Validator;

/// The schemas of schemas, one to a dialect.
#[derive(Default)]
pub(super) struct Metaschemas {
    set: Set,
    by_dialect: HashMap<Dialect, SchemaId>,
}

impl Metaschemas {
    /// Checks a schema; gives a report if it is none. Schemas in it that are resources of the
    /// document with another dialect are checked by that.
    pub(super) fn check(
        &mut self,
        schema: &Json,
        dialect: &Dialect,
        resources: &HashMap<Rc<str>, Resource>,
    ) -> Result<Option<String>, Fault> {
        let meta = self.of(dialect)?;
        let mut others = HashMap::new();
        for (pointer, resource) in resources {
            if resource.dialect != *dialect {
                others.insert(Rc::clone(pointer), self.of(&resource.dialect)?);
            }
        }
        let heap = Heap::new();
        let validator = Validator::for_schemas(&self.set, &heap, &others);
        Ok(validator
            .run(Node::Json(schema), meta)?
            .map(|report| report.to_string()))
    }

    fn of(&mut self, dialect: &Dialect) -> Result<SchemaId, Fault> {
        if let Some(id) = self.by_dialect.get(dialect) {
            return Ok(*id);
        }
        let id = match &dialect.vocabularies {
            None => self.compile(dialect.draft.url())?,
            Some(names) => {
                let mut parts = Vec::new();
                for name in names.iter() {
                    parts.push(self.compile(&dialect.draft.vocabulary_url(name))?);
                }
                self.combine(dialect, parts)
            }
        };
        self.by_dialect.insert(dialect.clone(), id);
        Ok(id)
    }

    fn compile(&mut self, url: &str) -> Result<SchemaId, Fault> {
        let mut refusing = Refusing;
        let library = Library::new(&mut refusing, None);
        let mut compiler = Compiler::new(library, std::mem::take(&mut self.set), true);
        let compiled = compiler.compile(url);
        self.set = compiler.set;
        compiled
    }

    /// The schema of schemas for a choice of vocabularies.
    fn combine(&mut self, dialect: &Dialect, parts: Vec<SchemaId>) -> SchemaId {
        let place = Place::new(&COMBINED.into(), "");
        let id = self.set.add(place.clone());
        let mut schema = Schema::new(place, id);
        schema.draft = dialect.draft;
        schema.combined = Some(Box::new(Combined {
            all_of: parts,
            ..Combined::default()
        }));
        schema.dynamic_anchor = "meta".into();
        schema.dynamic_anchors = vec![("meta".into(), id)];
        self.set.replace(id, schema);
        id
    }
}
