//! The rules of values.yaml.

use windlass_chart::compat::Compat;
use windlass_chart::{schema, values};
use windlass_value::{Heap, MapId, Value};

use crate::linter::Linter;
use crate::object::kind_name;
use crate::report::Severity::{Error, Info};
use crate::source::Entry;

const NAME: &str = "values.yaml";

/// Lints values.yaml with the given values over it, against values.schema.json if there is one.
pub(crate) fn check(linter: &mut Linter<'_>, skips_schema: bool) {
    if linter.source.values == Entry::Absent {
        linter.rule(Info, NAME, Err("file does not exist".into()));
        return;
    }
    let outcome = file(linter, skips_schema);
    linter.rule(Error, NAME, outcome);
}

fn file(linter: &mut Linter<'_>, skips_schema: bool) -> Result<(), String> {
    let unparsable = |e: String| format!("unable to parse YAML: {e}");
    let source = linter.source;
    let data = source.read(&source.values, NAME).map_err(unparsable)?;
    let defaults = read(linter.heap, data, linter.compat).map_err(unparsable)?;
    // Tables of the given values are shared, not copied, and take the defaults in.
    let merged = linter.heap.new_map();
    for map in [linter.given, defaults] {
        let warnings = values::coalesce_tables(linter.heap, merged, map);
        linter.warn(warnings);
    }
    match &source.schema {
        Entry::File(schema) if !schema.is_empty() && !skips_schema => {
            schema::validate(linter.heap, schema, merged).map_err(|e| e.to_string())
        }
        // Helm looks at the length of what it read before it looks at the error.
        _ => Ok(()),
    }
}

/// The first document, whatever Helm else does with several.
fn read(heap: &mut Heap, data: &[u8], compat: Compat) -> Result<MapId, String> {
    match windlass_yaml::parse(heap, data).map_err(|e| e.to_string())? {
        Value::Map(map) => Ok(map),
        Value::Nil => Ok(heap.new_map()),
        other => Err(format!(
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {} into Go value \
             of type {}.Values",
            kind_name(&other),
            compat.values_package()
        )),
    }
}
