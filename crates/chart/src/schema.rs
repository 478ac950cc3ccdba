//! values.schema.json: whether values are what a chart says they must be.
//!
//! A schema is read ([`json`]), its documents are found and checked (`library`, `document`),
//! compiled (`compiler`, `compiled`) and applied (`validator`). All of it follows the library that
//! Helm uses (santhosh-tekuri/jsonschema v6), down to the texts: drafts 4, 6, 7, 2019-09 and
//! 2020-12, the last for a schema that names none.
//!
//! Nothing is fetched from here. A reference to another document asks the caller's [`Loader`]; a
//! `urn:` that nothing resolves stands for a schema that allows everything, with a [`Warning`], as
//! in Helm.
//!
//! Start at [`validate_chart`].

mod budget;
mod compiled;
mod compiler;
mod diagnose;
mod document;
mod draft;
mod equality;
mod error;
mod format;
mod instance;
pub(crate) mod json;
mod library;
mod localize;
mod metaschema;
mod number;
mod plain;
mod pointer;
pub(crate) mod quote;
#[cfg(test)]
mod tests;
mod validator;
mod violation;

pub use diagnose::diagnose;
use windlass_value::{Heap, MapId, Value};

use crate::chart::Chart;
use crate::warning::{Failed, Warning};
use compiled::Set;
use compiler::Compiler;
use error::Fault;
use instance::Node;
use json::Json;
use library::Library;
use metaschema::Metaschemas;
use validator::Validator;

/// The URL that Helm gives a chart's schema.
const SCHEMA_URL: &str = "file:///values.schema.json";

/// Gets documents that schemas refer to.
pub trait Loader {
    /// Gives the document at a `file:`, `http:` or `https:` URL; the error follows
    /// `failing loading "URL": `.
    ///
    /// # Errors
    /// If it cannot be had.
    fn load(&mut self, url: &str) -> Result<Vec<u8>, String>;
}

/// Gets nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Refusing;

impl Loader for Refusing {
    fn load(&mut self, _: &str) -> Result<Vec<u8>, String> {
        Err("documents outside the chart are not loaded here".to_owned())
    }
}

/// Values do not fit, or a schema is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The schema cannot be used; in Helm's words, without a newline at the end.
    #[error("{0}")]
    Schema(String),
    /// The values break the schema's rules; in Helm's words, with a newline at the end.
    #[error("{0}\n")]
    Values(String),
    /// Something is wrong with one or more charts of a tree, each under its name.
    #[error(
        "values don't meet the specifications of the schema(s) in the following chart(s):\n{0}"
    )]
    Charts(String),
}

/// Validates values against a schema, with no access to other documents.
///
/// # Errors
/// If the values do not fit, or the schema is none.
pub fn validate(heap: &Heap, schema: &[u8], values: MapId) -> Result<(), Error> {
    Session::new(&mut Refusing).validate(heap, schema, values)
}

/// Validates the values of a chart and of those below it against the schemas that they have.
///
/// # Errors
/// If some values do not fit, or a schema is none; with the warnings so far.
pub fn validate_chart(
    heap: &Heap,
    chart: &Chart,
    values: MapId,
    loader: &mut dyn Loader,
) -> Result<Vec<Warning>, Failed<Error>> {
    let mut session = Session::new(loader);
    let mut report = String::new();
    session.validate_tree(heap, chart, values, &mut report);
    let warnings = session.warnings;
    if report.is_empty() {
        return Ok(warnings);
    }
    let error = Error::Charts(report);
    Err(Failed { error, warnings })
}

/// Validations that share what they load and learn.
struct Session<'l> {
    loader: &'l mut dyn Loader,
    metaschemas: Metaschemas,
    warnings: Vec<Warning>,
}

impl<'l> Session<'l> {
    fn new(loader: &'l mut dyn Loader) -> Self {
        Self {
            loader,
            metaschemas: Metaschemas::default(),
            warnings: Vec::new(),
        }
    }

    fn validate(&mut self, heap: &Heap, schema: &[u8], values: MapId) -> Result<(), Error> {
        let schema = read_document(schema).map_err(Error::Schema)?;
        match self.report(heap, schema, values) {
            Ok(None) => Ok(()),
            Ok(Some(report)) => {
                let heading = format!("jsonschema validation failed with '{SCHEMA_URL}#'\n");
                let report = report.strip_prefix(&heading).unwrap_or(&report);
                Err(Error::Values(report.to_owned()))
            }
            Err(fault) => Err(Error::Schema(fault.to_string())),
        }
    }

    fn report(
        &mut self,
        heap: &Heap,
        schema: Json,
        values: MapId,
    ) -> Result<Option<String>, Fault> {
        let mut library = Library::new(self.loader, Some(&mut self.metaschemas));
        library.insert(SCHEMA_URL, schema);
        let mut compiler = Compiler::new(library, Set::default(), false);
        let compiled = compiler.compile(SCHEMA_URL);
        for warning in compiler.library.warnings {
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
        let validator = Validator::new(&compiler.set, heap);
        let report = validator.run(Node::Map(values), compiled?)?;
        Ok(report.map(|report| report.to_string()))
    }

    fn validate_tree(&mut self, heap: &Heap, chart: &Chart, values: MapId, report: &mut String) {
        if let Some(schema) = &chart.schema
            && let Err(e) = self.validate(heap, schema, values)
        {
            report.push_str(&format!("{}:\n{e}", chart.name()));
        }
        for dependency in &chart.dependencies {
            match heap.get(values, dependency.name().as_bytes()) {
                None | Some(Value::Nil) => {}
                Some(Value::Map(below)) if is_plain(heap, *below) => {
                    self.validate_tree(heap, dependency, *below, report);
                }
                Some(other) => report.push_str(&format!(
                    "{}:\ninvalid type for values: expected object (map), got {}\n",
                    dependency.name(),
                    other.type_name(heap)
                )),
            }
        }
    }
}

fn is_plain(heap: &Heap, map: MapId) -> bool {
    heap.map_type(map) == windlass_value::MapType::Any
}

/// Reads a document of one JSON value.
fn read_document(text: &[u8]) -> Result<Json, String> {
    let (json, end) = json::parse_prefix(text).map_err(|e| e.to_string())?;
    if text[end..]
        .iter()
        .all(|c| matches!(c, b' ' | b'\t' | b'\r' | b'\n'))
    {
        Ok(json)
    } else {
        Err("invalid character after top-level value".to_owned())
    }
}
