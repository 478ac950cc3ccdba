//! The output `template`: differences through a Go template of the user's.

use std::path::Path;

use windlass_diff::{Entry, Report};
use windlass_template::{Context, Error, Function, Functions};
use windlass_template::{Limits, Session as Machine, Templates};
use windlass_value::func::{Param, Signature};
use windlass_value::{Heap, MapId, MapType, Str, Value};

use super::print::parts;
use crate::commands::release::SystemWorld;
use crate::error::Failure;
use crate::input::file;

/// What templates can call besides Go's own functions.
const FUNCTIONS: &[Function] = &[Function {
    name: "last",
    signature: Signature::fixed(&[Param::Int, Param::Any]),
    body: last,
}];

/// Whether a place is the last of a list.
fn last(ctx: &mut dyn Context, args: &[Value]) -> Result<Value, Error> {
    let length = match args.get(1) {
        Some(Value::List(list)) => list.items.len(),
        Some(Value::Map(map)) => ctx.heap().map(*map).len(),
        _ => return Err(Error::message("last: it is of no list".to_owned())),
    };
    let place = match args.first() {
        Some(Value::Int(place, _)) => usize::try_from(*place).ok(),
        _ => None,
    };
    Ok(Value::Bool(place.is_some_and(|place| place + 1 == length)))
}

/// Fills the template of a file.
///
/// # Errors
/// A file that cannot be read, the template engine's text.
pub(super) fn fill(path: &str, report: &Report) -> Result<String, Failure> {
    let told = |error: &Error| Failure::new(error.text());
    let name = path.rsplit('/').next().unwrap_or(path);
    let text = file::read(Path::new(path), file::MAX_INPUT)
        .map_err(|error| crate::error::io_failure("open", path, &error))?;
    let text = String::from_utf8_lossy(&text);
    let mut set = Templates::new(name, Functions::new().with(FUNCTIONS), Default::default());
    set.parse(name, &*text).map_err(|e| told(&e))?;
    let mut heap = Heap::new();
    let entries = report.entries.iter();
    let entries: Vec<Value> = entries
        .map(|entry| Value::Map(view(entry, &mut heap)))
        .collect();
    let mut host = SystemWorld;
    let mut machine = Machine::new(&set, &mut heap, &mut host, Limits::default());
    let output = machine.render(name.as_bytes(), Value::list(entries));
    let output = output.map_err(|e| told(&e))?;
    Ok(format!("{}\n", String::from_utf8_lossy(&output)))
}

fn view(entry: &Entry, heap: &mut Heap) -> MapId {
    let parts = parts(entry);
    let fields = [
        ("Namespace", parts.namespace),
        ("Name", parts.name),
        ("Kind", parts.kind),
        ("API", parts.api),
        ("Change", entry.change.name()),
    ];
    let fields = fields.map(|(key, text)| (Str::from(key), Value::str(text)));
    heap.map_from(MapType::Any, fields.into())
}
