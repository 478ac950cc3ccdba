//! The questions of `tools/oracle/kinds`, answered by this crate.
//!
//! Shared with `cargo xtask kinds check`, which asks both.

use serde_json::{Value, json};
use windlass_kinds::managed::{self, Request};
use windlass_kinds::patch::{json as json_patch, merge, strategic};
use windlass_kinds::schema::Schema;
use windlass_kinds::{form, strict};

/// `{"result": …}` or `{"error": …}`.
pub(crate) fn answer(question: &Value) -> Value {
    match run(question) {
        Ok(result) => json!({"result": result, "error": null}),
        Err(error) => json!({"result": null, "error": error}),
    }
}

fn run(question: &Value) -> Result<Value, String> {
    let part = |name: &str| &question[name];
    let schema = || schema(question).ok_or_else(|| "no such kind".to_owned());
    match question["op"].as_str().unwrap_or("") {
        "strategic-three-way" => strategic::three_way(
            &schema()?,
            part("original"),
            part("modified"),
            part("current"),
        )
        .map_err(|e| e.to_string()),
        "strategic-two-way" => strategic::two_way(&schema()?, part("original"), part("modified"))
            .map_err(|e| e.to_string()),
        "strategic-apply" => {
            strategic::apply(&schema()?, part("original"), part("patch")).map_err(|e| e.to_string())
        }
        "merge-three-way" => merge::three_way(part("original"), part("modified"), part("current"))
            .map_err(|e| e.to_string()),
        "merge-diff" => Ok(merge::diff(part("original"), part("modified"))),
        "merge-apply" => {
            let mut document = part("original").clone();
            merge::apply(&mut document, part("patch"));
            Ok(document)
        }
        "json-apply" => {
            let mut document = part("original").clone();
            json_patch::apply(&mut document, part("patch")).map_err(|e| e.to_string())?;
            Ok(document)
        }
        "written" => {
            let schema = schema()?;
            let found = strict::check(&schema, part("original")).map_err(|e| e.to_string())?;
            let object = form::written(&schema, part("original"));
            Ok(json!({"object": object, "strict": found.to_string()}))
        }
        "managed" => live(question, &schema()?),
        other => Err(format!("no such operation: {other}")),
    }
}

fn schema(question: &Value) -> Option<Schema> {
    let version = question["apiVersion"].as_str()?;
    let (group, version) = version.split_once('/').unwrap_or(("", version));
    Schema::builtin(group, version, question["kind"].as_str()?)
}

/// The life of an object: each write, and what the object is after it.
fn live(question: &Value, schema: &Schema) -> Result<Value, String> {
    let request = Request {
        schema,
        api_version: question["apiVersion"].as_str().unwrap_or(""),
        kind: question["kind"].as_str().unwrap_or(""),
        subresource: "",
        reset: None,
        now: "2026-01-01T00:00:00Z",
    };
    let mut current: Option<Value> = None;
    let mut states = Vec::new();
    for step in question["steps"].as_array().into_iter().flatten() {
        match play(&request, current.as_ref(), step) {
            Ok(mut next) => {
                if current.is_none() {
                    next["metadata"]["uid"] = "00000000-0000-0000-0000-000000000001".into();
                }
                states.push(json!({"result": next}));
                current = Some(next);
            }
            Err(error) => states.push(json!({"error": error})),
        }
    }
    Ok(Value::Array(states))
}

fn play(request: &Request<'_>, current: Option<&Value>, step: &Value) -> Result<Value, String> {
    let manager = step["manager"].as_str().unwrap_or("");
    if step["op"] == "apply" {
        let force = step["force"] == true;
        let applied = managed::apply(request, current, &step["object"], manager, force);
        return applied.map(|a| a.object).map_err(|e| e.to_string());
    }
    let new = match (current, &step["patch"]) {
        (Some(current), patch) if !patch.is_null() => {
            let mut new = current.clone();
            merge::apply(&mut new, patch);
            new
        }
        _ => step["object"].clone(),
    };
    strict::check(request.schema, &new).map_err(|e| e.to_string())?;
    let new = form::written(request.schema, &new);
    Ok(managed::update(request, current, &new, manager))
}

/// An answer without what neither side can know beforehand: times, the order of entries that depends
/// on them, and of several broken items the one that Go comes upon first.
pub(crate) fn comparable(mut answer: Value) -> Value {
    if let Some(error) = answer["error"].as_str()
        && error.contains("does not contain declared merge key")
    {
        answer["error"] = "no merge key".into();
    }
    let states = answer["result"].as_array_mut();
    for state in states.into_iter().flatten() {
        let entries = state
            .pointer_mut("/result/metadata/managedFields")
            .and_then(Value::as_array_mut);
        let Some(entries) = entries else { continue };
        for entry in entries.iter_mut() {
            if entry.get("time").is_some() {
                entry["time"] = "T".into();
            }
        }
        entries.sort_by_key(ToString::to_string);
    }
    answer
}
