//! Kinds of arguments: the columns of the matrix.

mod containers;
mod scalars;
mod texts;

use std::sync::LazyLock;

use serde_json::{Value as Json, json};

use crate::oracle::random::Random;

/// An argument: words of the template, or data to be named there.
pub(super) enum Sample {
    Text(String),
    Data(Json),
}

/// A kind of argument.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// It can be had in a render too, where all data comes from YAML.
    pub(super) renders: bool,
    pub(super) sample: fn(&mut Random) -> Sample,
}

fn one(random: &mut Random, from: &[&str]) -> Sample {
    Sample::Text(random.pick(from).to_owned())
}

/// Half of them as a literal, half as data.
fn text(random: &mut Random, from: &[&str]) -> Sample {
    let text = random.pick(from);
    if random.percent(50) {
        Sample::Data(json!(text))
    } else {
        Sample::Text(quoted(text))
    }
}

/// A literal of Go's.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted += "\\n",
            '\t' => quoted += "\\t",
            '\r' => quoted += "\\r",
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

fn go(kind: &str, random: &mut Random, from: &[&str]) -> Sample {
    Sample::Data(json!({"$go": kind, "v": random.pick(from)}))
}

/// One of these pieces of JSON.
fn data(random: &mut Random, from: &[&str]) -> Sample {
    Sample::Data(serde_json::from_str(random.pick(from)).unwrap_or_default())
}

const fn plain(name: &'static str, sample: fn(&mut Random) -> Sample) -> Kind {
    let renders = true;
    Kind {
        name,
        renders,
        sample,
    }
}

/// What no render has.
const fn bare(name: &'static str, sample: fn(&mut Random) -> Sample) -> Kind {
    let renders = false;
    Kind {
        name,
        renders,
        sample,
    }
}

/// All kinds.
pub(super) fn kinds() -> &'static [&'static Kind] {
    static ALL: LazyLock<Vec<&Kind>> = LazyLock::new(|| {
        let parts = [scalars::KINDS, texts::KINDS, containers::KINDS];
        parts.into_iter().flatten().collect()
    });
    &ALL
}
