//! Our own answers to `exec` (a bare template over typed data) and `render_text` (texts by the
//! engine of Helm, with `include`, `tpl` and Helm's words for errors).

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use anyhow::{Context, Result};
use serde_json::{Map, Value as Json, json};
use windlass_chart::compat::Compat;
use windlass_chart::{File, load, values};
use windlass_render::{Capabilities, Options, Release, World, functions, render_templates};
use windlass_template::{
    Body, Error, Function, Functions, Host, Limits, MissingKey, Options as SetOptions, Session,
    Templates,
};
use windlass_value::func::{Param, Signature};
use windlass_value::{Heap, Str, Value};

use super::answer::{Answer, packed};
use super::data;
use crate::oracle::pipe::{Helm, text};

/// The Helm that is spoken.
pub(super) fn compat(helm: Helm) -> Compat {
    match helm {
        Helm::Three => Compat::Helm3,
        Helm::Four => Compat::Helm4,
    }
}

/// A case is small: what needs more than this runs away.
const LIMITS: Limits = Limits {
    steps: 5_000_000,
    depth: 100_000,
    nesting: 5_000,
    bytes: 64 << 20,
    time: None,
};

/// Answers `exec` or `render_text`.
pub(super) fn answer(question: &Json, helm: Helm) -> Answer {
    let answered = match question["op"].as_str() {
        Some("render_text") => render_text(question, helm),
        _ => exec(question, helm),
    };
    answered.unwrap_or_else(|why| Answer::Bad(format!("{why:#}")))
}

// === exec ===

fn exec(question: &Json, helm: Helm) -> Result<Answer> {
    let name = question["name"].as_str().unwrap_or("t");
    let missing_key = match question["missingkey"].as_str() {
        Some("zero") => MissingKey::Zero,
        Some("error") => MissingKey::Error,
        _ => MissingKey::Invalid,
    };
    let functions = match question["funcs"].as_str() {
        Some("none") => Functions::new(),
        _ => known(helm).clone(),
    };
    let mut set = Templates::new(name, functions, SetOptions { missing_key });
    for (name, body) in texts(&question["templates"])? {
        if let Err(error) = set.parse(name.as_str(), body) {
            return Ok(refused(&error, "parse"));
        }
    }
    let template = text(&question["template"]).unwrap_or_default();
    if let Err(error) = set.parse(name, template) {
        return Ok(refused(&error, "parse"));
    }
    let mut heap = Heap::new();
    let data = data::value(&mut heap, &question["data"])?;
    let rendered = Session::new(&set, &mut heap, &mut Still, LIMITS).render(name.as_bytes(), data);
    Ok(match rendered {
        Ok(out) => Answer::text("out", &out),
        Err(error) => refused(&error, "exec"),
    })
}

fn refused(error: &Error, stage: &str) -> Answer {
    if let Some(limit) = error.limit() {
        return Answer::Limited(limit.to_owned());
    }
    let fields = Map::from_iter([("stage".to_owned(), json!(stage))]);
    Answer::Refused(error.text().as_bytes().to_vec(), fields)
}

/// The functions of a Helm, made once.
fn known(helm: Helm) -> &'static Functions {
    static KNOWN: LazyLock<[Functions; 2]> =
        LazyLock::new(|| [Compat::Helm3, Compat::Helm4].map(|c| functions(c).with(PLACEHOLDERS)));
    match helm {
        Helm::Three => &KNOWN[0],
        Helm::Four => &KNOWN[1],
    }
}

const STRING_ANY: Signature = Signature::fixed(&[Param::String, Param::Any]);
const STRINGS: Signature = Signature::fixed(&[Param::String; 4]);

/// What stands outside a render for what Helm binds within one.
const PLACEHOLDERS: &[Function] = &[
    placeholder("include", STRING_ANY, |_, _| Ok("not implemented".into())),
    placeholder("tpl", STRING_ANY, |_, _| Ok("not implemented".into())),
    placeholder("required", STRING_ANY, |_, _| Ok("not implemented".into())),
    placeholder("lookup", STRINGS, |context, _| {
        Ok(Value::Map(context.heap_mut().new_map()))
    }),
    placeholder("fail", Signature::fixed(&[Param::String]), |_, args| {
        Err(args[0]
            .as_str()
            .map_or_else(String::new, |s| s.to_text().into())
            .into())
    }),
];

const fn placeholder(name: &'static str, signature: Signature, body: Body) -> Function {
    Function {
        name,
        signature,
        body,
    }
}

/// Texts by name, in the order of names.
fn texts(json: &Json) -> Result<BTreeMap<String, Str>> {
    let Some(fields) = json.as_object() else {
        return Ok(BTreeMap::new());
    };
    let read =
        |(name, body): (&String, &Json)| Ok((name.clone(), text(body).context("a text")?.into()));
    fields.iter().map(read).collect()
}

/// A clock that stands still and dice that always fall alike: no question shows either.
struct Still;

impl Still {
    const NOW: i128 = 1_700_000_000_000_000_000;
}

impl Host for Still {
    fn now(&mut self) -> i128 {
        Self::NOW
    }

    fn fill_random(&mut self, buffer: &mut [u8]) {
        deal(buffer);
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

impl World for Still {
    fn now(&mut self) -> i128 {
        Self::NOW
    }

    fn fill_random(&mut self, buffer: &mut [u8]) {
        deal(buffer);
    }
}

/// Bytes that vary, for those who draw until something fits.
fn deal(buffer: &mut [u8]) {
    use std::cell::Cell;
    thread_local!(static DICE: Cell<u64> = const { Cell::new(7) });
    for byte in buffer {
        let next = DICE
            .get()
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        DICE.set(next);
        *byte = next.to_be_bytes()[0];
    }
}

// === render_text ===

fn render_text(question: &Json, helm: Helm) -> Result<Answer> {
    let compat = compat(helm);
    let name = question["name"].as_str().unwrap_or("c");
    let head = format!("apiVersion: v2\nname: {name}\nversion: 0.1.0\n");
    let mut files = vec![File::new("Chart.yaml", head)];
    let main = text(&question["template"]).unwrap_or_default();
    files.push(File::new("templates/t.yaml", main));
    let more = texts(&question["templates"])?;
    files.extend(
        more.iter()
            .map(|(path, body)| File::new(format!("templates/{path}"), body.clone())),
    );
    let beside = texts(&question["files"])?;
    files.extend(
        beside
            .iter()
            .map(|(path, body)| File::new(path.as_str(), body.clone())),
    );

    let mut heap = Heap::new();
    let (chart, _) = load::load(files, &mut heap, compat).map_err(|failed| failed.error)?;
    let given = match text(&question["values"]) {
        Some(yaml) => yaml,
        None if question["values"].is_null() => b"{}".to_vec(),
        None => question["values"].to_string().into_bytes(),
    };
    let given = windlass_yaml::parse_map(&mut heap, &given)?;
    let merged = values::coalesce(&mut heap, &chart, given, compat);
    let (merged, _) = merged.map_err(|failed| failed.error)?;
    let mut events = Vec::new();
    let rendered = render_templates(
        &chart,
        merged,
        &mut heap,
        options(question, compat),
        &mut events,
    );
    Ok(match rendered {
        Ok(files) => given_files(
            &files,
            &format!("{name}/templates/t.yaml"),
            !more.is_empty(),
        ),
        Err(error) => match limit(&error) {
            Some(limit) => Answer::Limited(limit.to_owned()),
            None => Answer::error(error.to_string()),
        },
    })
}

fn given_files(files: &BTreeMap<String, Str>, main: &str, all: bool) -> Answer {
    let main = files.get(main).map_or(json!(""), |text| packed(text));
    let mut fields = Map::from_iter([("out".to_owned(), main)]);
    if all {
        let each = files
            .iter()
            .map(|(path, text)| (path.clone(), packed(text)));
        fields.insert("files".to_owned(), Json::Object(each.collect()));
    }
    Answer::Given(fields)
}

fn limit(error: &windlass_render::Error) -> Option<&'static str> {
    match error {
        windlass_render::Error::Parse { cause, .. }
        | windlass_render::Error::Execute { cause, .. } => cause.limit(),
        _ => None,
    }
}

fn options(question: &Json, compat: Compat) -> Options {
    let text = |field: &str, other: &str| question[field].as_str().unwrap_or(other).to_owned();
    Options {
        compat,
        release: Release {
            name: text("release", "release-name"),
            namespace: text("namespace", "default"),
            revision: 1,
            is_install: true,
            is_upgrade: false,
        },
        capabilities: Capabilities::default(),
        sub_notes: false,
        lint: question["lint_mode"] == true,
        strict: question["strict"] == true,
        limits: LIMITS,
        world: Box::new(Still),
        lookup: None,
        resolver: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_keeps_its_types() {
        let question = json!({
            "op": "exec",
            "template": "{{ range . }}{{ printf \"%T \" . }}{{ end }}",
            "data": [1, {"$go": "uint8", "v": 2}, {"$go": "duration", "v": "1h"},
                {"$go": "time", "v": "2020-01-02T03:04:05Z"}, {"$go": "bytes", "v": "a"},
                {"$go": "strings", "v": ["a"]}, {"$go": "stringmap", "v": {"a": "b"}}],
        });
        let types = "float64 uint8 time.Duration time.Time []uint8 []string map[string]string ";
        assert_eq!(
            answer(&question, Helm::Four),
            Answer::text("out", types.as_bytes())
        );
    }

    #[test]
    fn errors_are_worded_as_each_stage_words_them() {
        let ask = |op, template| answer(&json!({"op": op, "template": template}), Helm::Four);
        let Answer::Refused(error, fields) = ask("exec", "{{ nope }}") else {
            unreachable!("it has no such function");
        };
        assert_eq!(error, b"template: t:1: function \"nope\" not defined");
        assert_eq!(fields["stage"], "parse");
        assert_eq!(
            ask("render_text", "{{ fail \"no\" }}"),
            Answer::error("execution error at (c/templates/t.yaml:1:3): no")
        );
    }

    #[test]
    fn what_runs_away_is_told_apart_from_errors() {
        let question = json!({"op": "exec", "template": "{{ repeat 999999999 \"abc\" }}"});
        assert!(matches!(answer(&question, Helm::Four), Answer::Limited(_)));
    }
}
