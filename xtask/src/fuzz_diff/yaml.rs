//! `yaml`: YAML read and written: the parsers alone, `fromYaml` and its kin within templates, values files.

mod scalars;
mod text;

use serde_json::{Map, Value, json};
use windlass_value::{Heap, Value as Data, fmt};

use super::answer::{Answer, packed};
use super::family::{Family, Question};
use super::{exec, whole};
use crate::oracle::pipe::{Helm, text};
use crate::oracle::random::Random;

/// The family.
pub(super) const FAMILY: Family = Family {
    same,
    ..Family::new("yaml", "YAML parsed and emitted", generate, answer)
};

fn generate(random: &mut Random, _: u64) -> Question {
    match random.below(20) {
        0..12 => {
            let into = random.pick(&["any", "any", "map", "list"]);
            json!({"op": "yaml_parse", "text": text::document(random), "into": into}).into()
        }
        12..15 => there_and_back(random).into(),
        15..18 => written(random).into(),
        _ => values_file(random).into(),
    }
}

/// Text through the templates' functions.
fn there_and_back(random: &mut Random) -> Value {
    let template = random.pick(&[
        "{{ .t | fromYaml | toYaml }}",
        "{{ .t | fromYaml | toYamlPretty }}",
        "{{ .t | fromYamlArray | toYaml }}",
        "{{ .t | fromYamlArray | toYamlPretty }}",
        "{{ .t | fromYaml | toJson }}",
        "{{ .t | fromYaml | toYaml | fromYaml | toYamlPretty }}",
        "{{ printf \"%T %v\" (.t | fromYaml) (.t | fromYaml) }}",
        "{{ mustToYaml (fromYaml .t) }}",
        "{{ (fromYaml .t).Error | default (fail \"none\") }}",
        "{{ with (fromYaml .t).Error }}{{ fail . }}{{ end }}",
        "{{ with (fromYaml .t).Error }}{{ fail . }}{{ else }}{{ toYaml (fromYaml $.t) }}{{ end }}",
        "{{ range fromYamlArray .t }}{{ fail (toYaml .) }}{{ end }}",
    ]);
    json!({"op": "exec", "template": template, "data": {"t": text::document(random)}})
}

/// Data through the emitters.
fn written(random: &mut Random) -> Value {
    let template = random.pick(&[
        "{{ toYaml .d }}",
        "{{ toYaml .d }}",
        "{{ toYamlPretty .d }}",
        "{{ toYamlPretty .d }}",
        "{{ mustToYaml .d }}",
        "{{ toYaml .d | fromYaml | toJson }}",
        "{{ toYaml .d | fromYamlArray | toJson }}",
        "{{ toYamlPretty .d | fromYaml | toJson }}",
    ]);
    json!({"op": "exec", "template": template, "data": {"d": data(random, 3)}})
}

fn values_file(random: &mut Random) -> Value {
    let mut question = json!({
        "op": "template",
        "files": {
            "Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
            "values.yaml": "a: {b: 1, c: [1]}\nd: null\n",
            "templates/v.yaml": "v:\n{{ toYaml .Values | indent 2 }}\n",
        },
        "values": [text::document(random)],
    });
    if random.percent(30) {
        question["files"]["values.yaml"] = text::document(random).into();
    }
    question
}

/// Data of all sorts, most of it texts that look like something else.
fn data(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 6 } else { 10 }) {
        0 => scalars::number(random),
        1 => random
            .pick(&["true", "false", "null"])
            .parse()
            .unwrap_or_default(),
        2..6 => scalars::awkward(random).into(),
        6 | 7 => (0..random.below(4))
            .map(|_| data(random, depth - 1))
            .collect(),
        _ => {
            let mut fields = Map::new();
            for _ in 0..random.below(5) {
                let key = scalars::awkward(random);
                // A type in the protocol.
                if key != "$go" {
                    fields.insert(key, data(random, depth - 1));
                }
            }
            fields.into()
        }
    }
}

fn answer(question: &Value, helm: Helm) -> Answer {
    match question["op"].as_str() {
        Some("template") => whole::answer(question, helm),
        Some("exec") => exec::answer(question, helm),
        _ => parsed(question),
    }
}

fn parsed(question: &Value) -> Answer {
    let mut heap = Heap::new();
    let given = text(&question["text"]).unwrap_or_default();
    let value = match question["into"].as_str() {
        Some("map") => windlass_yaml::parse_map(&mut heap, &given).map(Data::Map),
        Some("list") => windlass_yaml::parse_list(&mut heap, &given),
        _ => windlass_yaml::parse(&mut heap, &given),
    };
    match value {
        Ok(value) => {
            let shown = fmt::sprintf(&heap, b"%#v", &[value]);
            Answer::Given(Map::from_iter([("go".to_owned(), packed(&shown))]))
        }
        Err(error) => Answer::error(error.to_string()),
    }
}

fn same(theirs: &Answer, ours: &Answer) -> bool {
    match (theirs, ours) {
        (Answer::Given(t), Answer::Given(o)) if o.contains_key("go") => t.get("go") == o.get("go"),
        (Answer::Given(_), Answer::Given(o)) if o.contains_key("stdout") => {
            whole::same(theirs, ours)
        }
        _ => Answer::same(theirs, ours),
    }
}
