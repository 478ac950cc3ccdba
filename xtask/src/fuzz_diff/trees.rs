//! `trees`: umbrella charts and values, rendered whole, with what was logged.
//!
//! The charts are those of `cargo xtask oracle`'s scenarios: globals, nulls, tables over scalars,
//! import-values, aliases, conditions and tags, whose templates show what they see and change it.

use std::path::Path;

use serde_json::{Value, json};

use super::family::{Family, Question};
use super::{set, whole};
use crate::oracle::random::Random;
use crate::oracle::scenario;

/// The family.
pub(super) const FAMILY: Family = Family {
    same: whole::same_but_order,
    // Whole umbrellas, and Helm is asked again and again where it walks tables at random.
    weight: 30,
    ..Family::new(
        "trees",
        "values over charts in charts",
        generate,
        whole::answer,
    )
};

fn generate(random: &mut Random, _: u64) -> Question {
    let made = scenario::question(Path::new("chart"), random);
    let mut asked = made.json("template");
    for field in ["dir", "archive", "fresh"] {
        if let Some(fields) = asked.as_object_mut() {
            fields.remove(field);
        }
    }
    let mut files = json!(made.files);
    if random.percent(35) {
        break_something(random, &mut files);
    }
    asked["files"] = files;
    if random.percent(10) {
        let given = set::assignments(random, "set");
        match asked["set"].as_array_mut() {
            Some(all) => all.push(given.into()),
            None => asked["set"] = json!([given]),
        }
    }
    asked.into()
}

/// A schema that may not fit, or a template that looks too far.
fn break_something(random: &mut Random, files: &mut Value) {
    let Some(files) = files.as_object_mut() else {
        return;
    };
    let charts: Vec<String> = files
        .keys()
        .filter_map(|name| name.strip_suffix("Chart.yaml"))
        .map(str::to_owned)
        .collect();
    let folder = &charts[random.below(charts.len())];
    let (name, text) = match random.below(4) {
        0 => ("values.schema.json", random.pick(&[
            "{\"properties\": {\"a\": {\"type\": \"object\"}}}",
            "{\"properties\": {\"a\": {\"type\": \"string\"}, \"global\": {\"type\": \"object\"}}}",
            "{\"required\": [\"enabled\"]}",
            "{\"additionalProperties\": false, \"properties\": {\"a\": {}, \"b\": {}, \"global\": {}}}",
            "{\"properties\": {\"global\": {\"required\": [\"a\"]}}}",
        ])),
        1 => ("templates/required.yaml", random.pick(&[
            "r: {{ required \"a is needed\" .Values.a }}\n",
            "r: {{ required \"b is needed\" .Values.global.b }}\n",
            "r: {{ .Values.alpha.enabled }}\n",
            "r: {{ .Values.a.b.c }}\n",
        ])),
        2 => ("templates/fail.yaml", random.pick(&[
            "{{ if eq (toJson .Values.a) \"1\" }}{{ fail (toJson .Values) }}{{ end }}\n",
            "{{ if .Values.global }}{{ fail (toJson .Values.global) }}{{ end }}\n",
            "{{ fail (printf \"%v %T\" .Values .Values.global) }}\n",
        ])),
        _ => ("values.yaml", random.pick(&[
            "a: 1\na: 2\n",
            "- a\n",
            "a: [\n",
            "text\n",
            "",
            "null\n",
            "global: text\na: {global: 1}\n",
            "global: null\nalpha: text\n",
            "alpha: [1]\nbeta: 1\n",
        ])),
    };
    files.insert(format!("{folder}{name}"), text.into());
}
