//! What two sides left, place by place.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::side::Evidence;

/// One place in which the sides differ.
#[derive(PartialEq, Eq)]
pub(super) struct Difference {
    line: String,
    place: String,
    wanted: String,
    got: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  $ {}\n    {}", self.line, self.place)?;
        for (sign, text) in [('-', &self.wanted), ('+', &self.got)] {
            for line in text.lines() {
                writeln!(f, "    {sign} {}", clip(line))?;
            }
        }
        Ok(())
    }
}

fn clip(line: &str) -> String {
    let mut clipped: String = line.chars().take(400).collect();
    if clipped.len() < line.len() {
        clipped.push('…');
    }
    clipped
}

impl Difference {
    /// One in what a command printed.
    pub(super) fn in_print(line: &str, wanted: &str, got: &str) -> Option<Self> {
        let (wanted, got) = (wanted != got).then(|| differing_lines(wanted, got))?;
        Some(Self {
            line: line.to_owned(),
            place: "printed".to_owned(),
            wanted,
            got,
        })
    }
}

/// All differences, in the order of the steps.
pub(super) fn compare(wanted: &[Evidence], got: &[Evidence]) -> Vec<Difference> {
    let mut found = Vec::new();
    for (wanted, got) in wanted.iter().zip(got) {
        let mut add = |place: &str, wanted_text: String, got_text: String| {
            found.push(Difference {
                line: wanted.line.clone(),
                place: place.to_owned(),
                wanted: wanted_text,
                got: got_text,
            });
        };
        if wanted.status != got.status {
            let told =
                |status: Option<i32>| status.map_or("a signal".to_owned(), |s| s.to_string());
            add("exit status", told(wanted.status), told(got.status));
        }
        for (place, wanted, got) in [
            ("stdout", &wanted.stdout, &got.stdout),
            ("stderr", &wanted.stderr, &got.stderr),
        ] {
            if wanted != got {
                let (wanted, got) = differing_lines(wanted, got);
                add(place, wanted, got);
            }
        }
        values("", &wanted.cluster, &got.cluster, &mut add);
    }
    found
}

/// Both texts without the lines that they begin and end with in common.
fn differing_lines(wanted: &str, got: &str) -> (String, String) {
    let mut wanted: Vec<&str> = wanted.split('\n').collect();
    let mut got: Vec<&str> = got.split('\n').collect();
    while wanted.len() > 1 && got.len() > 1 && wanted[0] == got[0] {
        wanted.remove(0);
        got.remove(0);
    }
    while wanted.len() > 1 && got.len() > 1 && wanted.last() == got.last() {
        wanted.pop();
        got.pop();
    }
    let join = |lines: Vec<&str>| format!("{}\n", lines.join("\n"));
    (join(wanted), join(got))
}

/// The innermost places in which two values differ.
fn values(place: &str, wanted: &Value, got: &Value, add: &mut dyn FnMut(&str, String, String)) {
    match (wanted, got) {
        (Value::Object(w), Value::Object(g)) => {
            let keys: BTreeSet<&String> = w.keys().chain(g.keys()).collect();
            for key in keys {
                let place = format!("{place}[{key}]");
                match (w.get(key), g.get(key)) {
                    (Some(w), Some(g)) => values(&place, w, g, add),
                    (w, g) => add(&place, told(w), told(g)),
                }
            }
        }
        (Value::Array(w), Value::Array(g)) if w.len() == g.len() => {
            for (i, (w, g)) in w.iter().zip(g).enumerate() {
                values(&format!("{place}[{i}]"), w, g, add);
            }
        }
        (Value::String(w), Value::String(g))
            if w != g && (w.contains('\n') || g.contains('\n')) =>
        {
            let (w, g) = differing_lines(w, g);
            add(place, w, g);
        }
        (w, g) if w != g => add(place, told(Some(w)), told(Some(g))),
        _ => {}
    }
}

fn told(value: Option<&Value>) -> String {
    value.map_or("(nothing)".to_owned(), Value::to_string)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn evidence(status: i32, stdout: &str, cluster: Value) -> Evidence {
        Evidence {
            line: "helm x".to_owned(),
            status: Some(status),
            stdout: stdout.to_owned(),
            stderr: String::new(),
            cluster,
        }
    }

    #[test]
    fn each_place_is_told_once() {
        let wanted = evidence(0, "a\nb\nc\n", json!({"x": {"labels": {"a": "1"}}, "y": 1}));
        let got = evidence(1, "a\nB\nc\n", json!({"x": {"labels": {}}, "y": 1}));
        let places: Vec<_> = compare(&[wanted], &[got])
            .iter()
            .map(|d| d.place.clone())
            .collect();
        assert_eq!(places, ["exit status", "stdout", "[x][labels][a]"]);
    }

    #[test]
    fn what_is_equal_is_silent() {
        let one = || evidence(0, "a", json!({"x": [1, 2]}));
        assert!(compare(&[one()], &[one()]).is_empty());
    }

    #[test]
    fn texts_are_told_by_their_differing_lines() {
        assert_eq!(
            differing_lines("a\nb\nc", "a\nc"),
            ("b\nc\n".into(), "c\n".into())
        );
    }
}
