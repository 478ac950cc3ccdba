//! A value against its schema, as the server's validator goes about it.
//!
//! Of alternatives (`anyOf`, `oneOf`) that all fail, the faults of the one with the most checks done are
//! told; so checks are counted as the validator counts them.

use serde_json::Value;
use windlass_regexp::Regexp;
use windlass_value::Str;

use super::{DEPTH, additional, formats};
use crate::invalid::{Fault, Invalid};
use crate::quote;

/// Faults without a place of their own are told of under this name.
const NOWHERE: &str = "<nil>";

pub(super) fn check(schema: &Value, object: &Value, field: &str) -> Vec<Invalid> {
    let mut faults = value(schema, object, "", 0).faults;
    for fault in &mut faults {
        if fault.field == NOWHERE {
            if !field.is_empty() {
                field.clone_into(&mut fault.field);
            }
            continue;
        }
        let own = fault.field.trim_start_matches('.');
        fault.field = match (field, own) {
            ("", own) => own.to_owned(),
            (field, "") => field.to_owned(),
            (field, own) => format!("{field}.{own}"),
        };
    }
    faults
}

/// What came of checking a value.
#[derive(Default)]
struct Outcome {
    faults: Vec<Invalid>,
    checks: u32,
}

impl Outcome {
    fn merge(&mut self, other: Self) {
        self.faults.extend(other.faults);
        self.checks += other.checks;
    }

    fn invalid(&mut self, path: &str, value: Value, detail: &str) {
        self.faults.push(Invalid::malformed(path, value, detail));
    }

    fn nowhere(&mut self, detail: &str) {
        self.invalid(NOWHERE, Value::String(String::new()), detail);
    }
}

fn value(schema: &Value, data: &Value, path: &str, depth: usize) -> Outcome {
    let mut out = Outcome::default();
    if depth > DEPTH {
        return out;
    }
    type_of(schema, data, path, &mut out);
    if data.is_null() {
        one_of_values(schema, data, path, &mut out);
        return out;
    }
    alternatives(schema, data, path, depth, &mut out);
    match data {
        Value::String(text) => string(schema, text, path, &mut out),
        Value::Number(number) => bounds(schema, number, path, &mut out),
        Value::Array(items) => list(schema, items, path, depth, &mut out),
        _ => {}
    }
    one_of_values(schema, data, path, &mut out);
    if let Value::Object(members) = data {
        map(schema, members, path, depth, &mut out);
    }
    out.checks += 1;
    out
}

/// The types that a schema allows.
fn types(schema: &Value) -> Vec<&str> {
    if schema["x-kubernetes-int-or-string"] == true {
        return vec!["integer", "string"];
    }
    schema["type"].as_str().into_iter().collect()
}

fn type_of(schema: &Value, data: &Value, path: &str, out: &mut Outcome) {
    let types = types(schema);
    let format = schema["format"].as_str().unwrap_or("");
    if types.is_empty() && format.is_empty() {
        return;
    }
    let mut wrong = |wanted: &str, found: &str| {
        let detail = format!(
            "{path} in body must be of type {wanted}: {}",
            quote::quoted(found)
        );
        out.faults.push(Invalid::new(
            Fault::TypeInvalid,
            path,
            found.into(),
            &detail,
        ));
    };
    let (found, found_format, whole) = match data {
        Value::Null => {
            if !types.is_empty() && schema["nullable"] != true {
                wrong(&types.join(","), "null");
            }
            return;
        }
        Value::Bool(_) => ("boolean", "", false),
        Value::String(_) => ("string", "", false),
        Value::Array(_) => ("array", "", false),
        Value::Object(_) => ("object", "", false),
        Value::Number(n) if n.is_f64() => {
            let whole = n.as_f64().is_some_and(|n| n.fract() == 0.0);
            ("number", "float64", whole)
        }
        Value::Number(_) => ("integer", "int64", false),
    };
    let fits = types.contains(&found)
        || (whole && types.contains(&"integer"))
        || (found == "integer" && types.contains(&"number"));
    let text_or_list = matches!(found, "string" | "array");
    if !text_or_list && !format.is_empty() && !fits && found_format != format {
        return wrong(format, found_format);
    }
    let numeric = types.contains(&"number") || types.contains(&"integer");
    if !numeric && !format.is_empty() && text_or_list {
        out.checks += 1;
        return;
    }
    if !fits {
        return wrong(&types.join(","), found);
    }
    out.checks += 1;
}

fn alternatives(schema: &Value, data: &Value, path: &str, depth: usize, out: &mut Outcome) {
    let each = |key: &str| -> Vec<Outcome> {
        let all = schema[key].as_array().into_iter().flatten();
        all.map(|of| value(of, data, path, depth + 1)).collect()
    };
    let place = quote::quoted(path);
    let any = each("anyOf");
    if !any.is_empty() {
        match best(any) {
            Ok((first, _)) => out.merge(first),
            Err(failed) => {
                out.nowhere(&format!(
                    "{place} must validate at least one schema (anyOf)"
                ));
                out.merge(failed);
            }
        }
    }
    let one = each("oneOf");
    if !one.is_empty() {
        let told =
            |count: &str| format!("{place} must validate one and only one schema (oneOf). {count}");
        match best(one) {
            Ok((first, 1)) => out.merge(first),
            Ok((_, count)) => out.nowhere(&told(&format!("Found {count} valid alternatives"))),
            Err(failed) => {
                out.nowhere(&told("Found none valid"));
                out.merge(failed);
            }
        }
    }
    let all = each("allOf");
    if !all.is_empty() {
        let count = all.len();
        let valid = all.iter().filter(|one| one.faults.is_empty()).count();
        all.into_iter().for_each(|one| out.merge(one));
        if valid != count {
            let none = if valid == 0 { ". None validated" } else { "" };
            out.nowhere(&format!(
                "{place} must validate all the schemas (allOf){none}"
            ));
        }
    }
    if let Some(not) = schema.get("not")
        && value(not, data, path, depth + 1).faults.is_empty()
    {
        out.nowhere(&format!("{place} must not validate the schema (not)"));
    }
    out.checks += 1;
}

/// The first alternative that holds and how many do, or of those that fail the one checked furthest.
fn best(all: Vec<Outcome>) -> Result<(Outcome, usize), Outcome> {
    let count = all.iter().filter(|one| one.faults.is_empty()).count();
    let mut best: Option<Outcome> = None;
    for one in all {
        if one.faults.is_empty() {
            return Ok((one, count));
        }
        if best.as_ref().is_none_or(|known| one.checks > known.checks) {
            best = (count == 0).then_some(one).or(best);
        }
    }
    Err(best.unwrap_or_default())
}

fn string(schema: &Value, text: &str, path: &str, out: &mut Outcome) {
    out.checks += 1;
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let said = |what: String| format!("{path} in body {what}");
    if let Some(most) = schema["maxLength"].as_i64().filter(|most| length > *most) {
        out.faults.push(Invalid::too_long(path, most));
    } else if let Some(least) = schema["minLength"].as_i64().filter(|least| length < *least) {
        let detail = said(format!("should be at least {least} chars long"));
        out.invalid(path, text.into(), &detail);
    } else if let Some(pattern) = schema["pattern"].as_str().filter(|text| !text.is_empty()) {
        match Regexp::cached(&Str::from(pattern)) {
            Ok(compiled) if compiled.is_match(text.as_bytes()) => {}
            Ok(_) => out.invalid(
                path,
                text.into(),
                &said(format!("should match '{pattern}'")),
            ),
            Err(error) => {
                let pattern = format!("{pattern}, but pattern is invalid: {error}");
                out.invalid(
                    path,
                    text.into(),
                    &said(format!("should match '{pattern}'")),
                );
            }
        }
    }
    let format = schema["format"].as_str().unwrap_or("");
    if !format.is_empty() && !formats::has(format, text) {
        let detail = said(format!("must be of type {format}: {}", quote::quoted(text)));
        out.faults
            .push(Invalid::new(Fault::TypeInvalid, path, text.into(), &detail));
    }
}

fn bounds(schema: &Value, number: &serde_json::Number, path: &str, out: &mut Outcome) {
    out.checks += 2;
    let Some(value) = number.as_f64() else { return };
    // Only an unambiguous type has a range of its own.
    let whole = schema["type"] == "integer" && schema["x-kubernetes-int-or-string"] != true;
    let short = whole && schema["format"] == "int32";
    let outside = |most: f64| value.fract() != 0.0 || value.abs() > most;
    if short && outside(f64::from(i32::MAX)) {
        let format = "with format int32";
        out.nowhere(&format!(
            "Checked value must be of type integer {format} in {path}"
        ));
    } else if whole && outside(9_223_372_036_854_775_807.0) {
        let format = match schema["format"].as_str() {
            Some("int64") => "with format int64",
            _ => "(default format)",
        };
        out.nowhere(&format!(
            "Checked value must be of type integer {format} in {path}"
        ));
    }
    // A bound is shown as whole where the value is.
    let shown = |bound: f64| {
        let whole = !number.is_f64() && bound.fract() == 0.0;
        if whole {
            format!("{bound}")
        } else {
            quote::plain(&serde_json::json!(bound))
        }
    };
    let mut said = |what: &str, bound: f64| {
        let detail = format!("{path} in body should be {what} {}", shown(bound));
        out.invalid(path, Value::Number(number.clone()), &detail);
    };
    if let Some(factor) = schema["multipleOf"].as_f64().filter(|factor| *factor > 0.0)
        && (value / factor).fract() != 0.0
    {
        said("a multiple of", factor);
    }
    if let Some(least) = schema["minimum"].as_f64() {
        if schema["exclusiveMinimum"] == true {
            if value <= least {
                said("greater than", least);
            }
        } else if value < least {
            said("greater than or equal to", least);
        }
    }
    if let Some(most) = schema["maximum"].as_f64() {
        if schema["exclusiveMaximum"] == true {
            if value >= most {
                said("less than", most);
            }
        } else if value > most {
            said("less than or equal to", most);
        }
    }
}

fn list(schema: &Value, items: &[Value], path: &str, depth: usize, out: &mut Outcome) {
    if let Some(of) = schema.get("items") {
        for (at, item) in items.iter().enumerate() {
            out.merge(value(of, item, &format!("{path}[{at}]"), depth + 1));
        }
    }
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    if let Some(least) = schema["minItems"].as_i64().filter(|least| count < *least) {
        let detail = format!("{path} in body should have at least {least} items");
        out.invalid(path, count.into(), &detail);
    }
    if let Some(most) = schema["maxItems"].as_i64().filter(|most| count > *most) {
        out.faults.push(Invalid::too_many(path, items.len(), most));
    }
    let twice = |(at, item): (usize, &Value)| items[..at].contains(item);
    if schema["uniqueItems"] == true && items.iter().enumerate().any(twice) {
        let detail = format!("{path} in body shouldn't contain duplicates");
        out.invalid(path, Value::String(String::new()), &detail);
    }
    out.checks += 1;
}

fn one_of_values(schema: &Value, data: &Value, path: &str, out: &mut Outcome) {
    let Some(allowed) = schema["enum"].as_array().filter(|all| !all.is_empty()) else {
        return;
    };
    let same = |one: &Value| {
        one == data || (one.is_number() && one.as_f64().is_some() && one.as_f64() == data.as_f64())
    };
    if allowed.iter().any(same) {
        return;
    }
    let shown: Vec<String> = allowed
        .iter()
        .map(|one| match one {
            Value::String(text) => text.clone(),
            other => quote::json(other),
        })
        .collect();
    let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
    out.faults
        .push(Invalid::not_supported(path, data.clone(), &shown));
}

type Members = serde_json::Map<String, Value>;

fn map(schema: &Value, members: &Members, path: &str, depth: usize, out: &mut Outcome) {
    let count = i64::try_from(members.len()).unwrap_or(i64::MAX);
    if let Some(least) = schema["minProperties"].as_i64().filter(|n| count < *n) {
        let detail = format!("{path} in body should have at least {least} properties");
        out.invalid(path, count.into(), &detail);
    }
    if let Some(most) = schema["maxProperties"].as_i64().filter(|n| count > *n) {
        out.faults
            .push(Invalid::too_many(path, members.len(), most));
    }
    let properties = &schema["properties"];
    for (name, member) in members {
        if properties.get(name).is_none()
            && let Some(of) = additional(schema)
        {
            out.merge(value(of, member, &format!("{path}.{name}"), depth + 1));
        }
    }
    for (name, of) in properties.as_object().into_iter().flatten() {
        if let Some(member) = members.get(name) {
            let below = match path {
                "" => name.clone(),
                path => format!("{path}.{name}"),
            };
            out.merge(value(of, member, &below, depth + 1));
        }
    }
    let required = schema["required"].as_array().into_iter().flatten();
    for name in required.filter_map(Value::as_str) {
        if !members.contains_key(name) {
            out.faults
                .push(Invalid::required(&format!("{path}.{name}"), ""));
        }
    }
}
