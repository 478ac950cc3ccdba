//! Objects as the server's own types read them.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use serde_json::Value;
use windlass_kinds::invalid::Invalid;
use windlass_kinds::schema::Schema;
use windlass_kinds::strict::{self, Finding, Findings};
use windlass_kinds::{custom, form, validate};

use super::Strictness;
use super::metadata::cause;
use super::rules;
use crate::catalog::{Custom, Kind};
use crate::status::{Cause, Status};

/// The type of every object's metadata.
const METADATA: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/// An object, and what its sender should be warned of.
pub(crate) type Decoded = (Value, Vec<String>);

/// Reads a body in JSON as an object of `kind`.
pub(crate) fn decode(kind: &Kind, body: &[u8], strictness: Strictness) -> Result<Decoded, Status> {
    let refuse = |why: &dyn std::fmt::Display| {
        Status::bad_request(format!(
            "{} in version {:?} cannot be handled as a {}: {why}",
            kind.kind, kind.version, kind.kind
        ))
    };
    let Some(custom) = &kind.custom else {
        let (object, findings) = strict::decode(&schema(kind), body).map_err(|e| refuse(&e))?;
        let warnings = told(&findings, strictness).map_err(|e| refuse(&e))?;
        return Ok((written(kind, &object), warnings));
    };
    let (mut object, twice) = strict::decode(&Schema::deduced(), body).map_err(|e| refuse(&e))?;
    let mut findings = read_custom(custom, &mut object).map_err(|e| refuse(&e))?;
    findings.0.splice(0..0, twice.0);
    let warnings = told(&findings, strictness).map_err(|e| refuse(&e))?;
    Ok((object, warnings))
}

/// Who finds fault with a value of another form.
#[derive(Clone, Copy)]
pub(super) enum Words {
    /// The reader of JSON, which knows fields.
    Decoding,
    /// The conversion from maps to structs, which does not.
    Conversion,
}

impl Words {
    fn tell(self, error: &strict::Error) -> String {
        match (self, error) {
            (Self::Conversion, strict::Error::Form { value, of, .. }) => conversion(value, of),
            _ => error.to_string(),
        }
    }
}

/// What the conversion says of a value that is no `of`.
fn conversion(value: &str, of: &str) -> String {
    let is = match value {
        "number" => "int64",
        "array" => "slice",
        "object" => "map",
        number if number.starts_with("number ") => "float64",
        other => other,
    };
    let both_numbers = is == "float64" && of.starts_with("int");
    if both_numbers || (is == "int64" && of == "string") {
        format!("cannot convert {is} to {of}")
    } else if of.starts_with("[]") {
        format!("cannot restore slice from {is}")
    } else if of.starts_with("map[") {
        format!("cannot restore map from {is}")
    } else if of.contains('.') {
        format!("cannot restore struct from: {is}")
    } else {
        format!("unrecognized type: {of}")
    }
}

/// Reads what a patch made. `shown` is what the server shows of it in a refusal.
pub(super) fn decode_patched(
    kind: &Kind,
    object: &Value,
    strictness: Strictness,
    words: Words,
    shown: impl FnOnce() -> String,
) -> Result<Decoded, Status> {
    let mut object = object.clone();
    let checked = match &kind.custom {
        Some(custom) => read_custom(custom, &mut object),
        None => strict::check(&schema(kind), &object),
    };
    let checked = checked.map_err(|error| words.tell(&error));
    let warnings = checked
        .and_then(|findings| told(&findings, strictness).map_err(|findings| findings.to_string()));
    match warnings {
        Ok(warnings) => Ok((written(kind, &object), warnings)),
        Err(why) => {
            let message = format!("Invalid value: {:?}: {why}", shown());
            let causes = [cause("FieldValueInvalid", "patch", message)];
            Err(Status::invalid("", "", &causes))
        }
    }
}

/// Reads a custom resource in place: metadata has its own type, fields that the schema does not know go,
/// defaults come.
fn read_custom(custom: &Custom, object: &mut Value) -> Result<Findings, strict::Error> {
    let mut findings = Findings::default();
    if let (Some(types), Some(metadata)) = (Schema::named(METADATA), object.get_mut("metadata")) {
        for finding in strict::check(&types, metadata)?.0 {
            findings.0.push(match finding {
                Finding::Unknown(path) => Finding::Unknown(format!("metadata.{path}")),
                Finding::Duplicate(path) => Finding::Duplicate(format!("metadata.{path}")),
            });
        }
        *metadata = form::written(&types, metadata);
    }
    let unknown = custom::prune(&custom.schema, object);
    findings.0.extend(unknown.into_iter().map(Finding::Unknown));
    custom::default(&custom.schema, object);
    Ok(findings)
}

/// Fills a custom resource in by its schema's defaults: nobody owns those that an apply leaves to them.
pub(super) fn default_custom(kind: &Kind, object: &mut Value) {
    if let Some(custom) = &kind.custom {
        custom::default(&custom.schema, object);
    }
}

/// What is wrong with a custom resource that replaces `old` if there is one, or with its status alone.
pub(super) fn check_custom(
    kind: &Kind,
    old: Option<&Value>,
    object: &Value,
    status_only: bool,
) -> Vec<Cause> {
    let Some(custom) = &kind.custom else {
        return Vec::new();
    };
    let (schema, object, old, field) = if status_only {
        let schema = &custom.schema["properties"]["status"];
        let old = old.map(|old| &old["status"]);
        (schema, &object["status"], old, "status")
    } else {
        (&custom.schema, object, old, "")
    };
    let faults = custom::validate(schema, object, field);
    let mut causes: Vec<Cause> = faults.into_iter().map(told_as_cause).collect();
    let broken = rules::check(schema, object, old, field, &causes);
    causes.extend(broken);
    causes
}

/// What is wrong with an object of a built-in kind, that replaces `old` if there is one.
pub(super) fn check_builtin(kind: &Kind, old: Option<&Value>, object: &Value) -> Vec<Cause> {
    if kind.plural == "customresourcedefinitions" && kind.group == "apiextensions.k8s.io" {
        return super::definition::check(object);
    }
    let known = windlass_kinds::kind::find_resource(&kind.group, &kind.version, &kind.plural);
    let Some(known) = known.filter(|_| kind.custom.is_none()) else {
        return Vec::new();
    };
    let faults = match old {
        None => validate::create(known, object),
        Some(old) => validate::update(known, old, object),
    };
    // Metadata is checked alike for all kinds, elsewhere.
    let faults = faults
        .into_iter()
        .filter(|fault| !fault.field.starts_with("metadata."));
    faults.map(told_as_cause).collect()
}

fn told_as_cause(fault: Invalid) -> Cause {
    Cause {
        reason: fault.fault.reason(),
        message: fault.body(),
        field: fault.field,
    }
}

/// What becomes of findings: warnings, nothing, or a refusal with them.
fn told(findings: &Findings, strictness: Strictness) -> Result<Vec<String>, &Findings> {
    match strictness {
        Strictness::Ignore => Ok(Vec::new()),
        Strictness::Strict if !findings.0.is_empty() => Err(findings),
        Strictness::Strict | Strictness::Warn => {
            Ok(findings.0.iter().map(ToString::to_string).collect())
        }
    }
}

/// The object in the form in which the server writes it.
pub(crate) fn written(kind: &Kind, object: &Value) -> Value {
    if kind.custom.is_some() {
        return object.clone();
    }
    let mut written = form::written(&schema(kind), object);
    written["apiVersion"] = kind.api_version().into();
    written["kind"] = kind.kind.clone().into();
    written
}

/// The types of the fields of a kind.
pub(super) fn schema(kind: &Kind) -> Schema {
    static BUILTIN: LazyLock<Mutex<HashMap<String, Schema>>> = LazyLock::new(Mutex::default);
    if let Some(custom) = &kind.custom {
        return custom.typed.clone();
    }
    let name = format!("{}/{}", kind.api_version(), kind.kind);
    let mut known = BUILTIN.lock().unwrap_or_else(PoisonError::into_inner);
    let schema = known.entry(name).or_insert_with(|| {
        Schema::builtin(&kind.group, &kind.version, &kind.kind).unwrap_or_else(Schema::deduced)
    });
    schema.clone()
}
