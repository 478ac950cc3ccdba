//! `functions`: every function over every kind of argument.
//!
//! The case's number chooses function and kind of one argument, so that the matrix of both fills up
//! evenly; chance chooses position, the other arguments and how the result is shown. Most cases are
//! bare templates, since only those can hold Go's rarer types; what Helm binds within a render, and
//! a third of the rest, is rendered.

mod kinds;
mod table;

use serde_json::{Map, Value as Json, json};
use windlass_value::func::Param;

use super::exec;
use super::family::{Family, Question};
use crate::oracle::random::Random;
use kinds::{Kind, Sample, kinds};
use table::{Shown, Subject};

/// The family.
pub(super) const FAMILY: Family = Family::new(
    "functions",
    "every builtin, Sprig and Helm function with awkward arguments",
    generate,
    exec::answer,
);

fn generate(random: &mut Random, case: u64) -> Question {
    let subjects = table::subjects();
    let case = usize::try_from(case).unwrap_or(0);
    let subject = &subjects[case % subjects.len()];
    let kind = kinds()[case / subjects.len() % kinds().len()];
    let mut call = Call {
        rendered: kind.renders && (subject.within || random.percent(33)),
        values: Map::new(),
    };
    let arguments = call.arguments(random, subject, kind);
    let text = shown(random, subject, arguments);
    Question {
        asked: call.question(random, &text),
        cells: vec![(subject.name, kind.name)],
    }
}

/// A call being put together.
struct Call {
    /// Within a render, rather than as a bare template.
    rendered: bool,
    values: Map<String, Json>,
}

impl Call {
    fn arguments(&mut self, random: &mut Random, subject: &Subject, kind: &Kind) -> Vec<String> {
        let least = subject.params.len();
        let more = subject.rest.map_or(0, |_| random.below(4));
        // Now and then too few or too many.
        let count = match random.below(40) {
            0 => least.saturating_sub(1),
            1 => least + more + 1,
            _ => least + more,
        };
        let count = count.max(1);
        let chosen = random.below(count);
        (0..count)
            .map(|at| {
                if at == chosen {
                    return self.argument(random, subject, kind);
                }
                let param = subject.params.get(at).copied().or(subject.rest);
                let kind = self.filler(random, subject, param, at + 1 == count);
                self.argument(random, subject, kind)
            })
            .filter(|argument| !argument.is_empty())
            .collect()
    }

    /// A kind for an argument that is not the case's own: mostly one that its parameter takes.
    fn filler(
        &self,
        random: &mut Random,
        subject: &Subject,
        param: Option<Param>,
        last: bool,
    ) -> &'static Kind {
        let any = |random: &mut Random| loop {
            let kind = kinds()[random.below(kinds().len())];
            if kind.renders || !self.rendered {
                return kind;
            }
        };
        // What is slow is mostly called in vain.
        let fits = random.percent(if subject.slow && last { 4 } else { 88 });
        let wanted = match param {
            Some(Param::String) => random.pick(&[
                "word",
                "word",
                "lines",
                "unicode",
                "number text",
                "empty string",
            ]),
            Some(Param::Int | Param::Int64) => random.pick(&["int", "int", "zero", "negative int"]),
            Some(Param::Float64) => "fraction",
            Some(Param::Bool) => "bool",
            Some(Param::Map) => random.pick(&["map", "nested map", "empty map"]),
            Some(Param::List) => "list",
            Some(Param::Named("time.Time")) if !self.rendered => "time",
            _ => return any(random),
        };
        match kinds().iter().find(|kind| kind.name == wanted) {
            Some(kind) if fits => kind,
            _ => any(random),
        }
    }

    fn argument(&mut self, random: &mut Random, subject: &Subject, kind: &Kind) -> String {
        let sample = match (kind.sample)(random) {
            Sample::Text(text) if subject.counts && table::is_huge(&text) => {
                Sample::Text("30".into())
            }
            Sample::Data(data) if subject.counts && table::is_huge(&data.to_string()) => {
                Sample::Data(json!({"$go": "int", "v": 30}))
            }
            other => other,
        };
        match sample {
            Sample::Text(text) => text,
            Sample::Data(data) => {
                let name = format!("a{}", self.values.len());
                self.values.insert(name.clone(), data);
                let path = if self.rendered { ".Values." } else { "." };
                format!("{path}{name}")
            }
        }
    }

    fn question(self, random: &mut Random, text: &str) -> Json {
        if self.rendered {
            let mut question =
                json!({"op": "render_text", "template": text, "values": self.values});
            if random.percent(30) {
                question["strict"] = json!(true);
            }
            if text.contains("\"partial\"") {
                question["templates"] =
                    json!({"_p.tpl": "{{ define \"partial\" }}<{{ . }}>{{ end }}"});
            }
            return question;
        }
        let missing = random.pick(&["zero", "zero", "error", "default"]);
        json!({"op": "exec", "template": text, "data": self.values, "missingkey": missing})
    }
}

/// The call as a template that shows its result, as far as it does not change from run to run.
fn shown(random: &mut Random, subject: &Subject, mut arguments: Vec<String>) -> String {
    let piped = match arguments.len() {
        0 => None,
        _ if random.percent(20) => arguments.pop(),
        _ => None,
    };
    let mut call = subject.name.to_owned();
    for argument in &arguments {
        call = format!("{call} {argument}");
    }
    if let Some(last) = piped {
        call = format!("{last} | {call}");
    }
    match subject.shown {
        Shown::Type => format!("{{{{ {call} | typeOf }}}}"),
        Shown::Sorted => format!("{{{{ {call} | toStrings | sortAlpha }}}}"),
        Shown::Whole => match random.below(10) {
            0..=4 => format!("{{{{ {call} }}}}"),
            5 | 6 => format!("{{{{ $r := {call} }}}}{{{{ typeOf $r }}}}|{{{{ $r }}}}"),
            7 => format!("{{{{ {call} | toJson }}}}"),
            8 => format!("{{{{ printf \"%T %q\" ({call}) ({call}) }}}}"),
            _ => format!("{{{{ if {call} }}}}yes{{{{ else }}}}no{{{{ end }}}}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_matrix_has_no_holes() {
        let all = table::subjects().len() * kinds().len();
        let mut cells = BTreeSet::new();
        for case in 0..all as u64 {
            let mut random = Random::new(1, FAMILY.name, case);
            cells.extend(generate(&mut random, case).cells);
        }
        assert_eq!(cells.len(), all);
    }
}
