//! Rules of custom resources (`x-kubernetes-validations`), in the server's order and words.
//!
//! A rule that cannot be judged here (an unknown function) refuses nothing. Rules of a definition are not checked
//! when it is made. A value that a change leaves alone is not judged again.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;
use windlass_cel::{Error, Program, Value as Cel};

use super::metadata::cause;
use crate::status::Cause;

const RULES: &str = "x-kubernetes-validations";
/// How much all rules may cost together for one object.
const STEPS: u64 = 5_000_000;
/// Deeper objects are left alone, as in validation of schemas.
const DEPTH: usize = 64;

/// What rules have against an object, that has already been found to lack this.
pub(super) fn check(
    schema: &Value,
    object: &Value,
    old: Option<&Value>,
    field: &str,
    found: &[Cause],
) -> Vec<Cause> {
    if !has_rules(schema, 0) {
        return Vec::new();
    }
    let blocking = |cause: &Cause| cause.reason != "FieldValueInvalid";
    if found.iter().any(blocking) {
        let message = "Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation";
        return vec![cause("FieldValueInvalid", "<nil>", message.to_owned())];
    }
    let mut judge = Judge {
        programs: HashMap::new(),
        steps: STEPS,
        found: Vec::new(),
    };
    judge.node(
        &Node {
            schema,
            root: field.is_empty(),
        },
        object,
        old,
        field,
        0,
    );
    judge.found
}

fn has_rules(schema: &Value, depth: usize) -> bool {
    let below = |schema: &Value| has_rules(schema, depth + 1);
    let lists = ["items", "additionalProperties"];
    depth < DEPTH
        && (schema[RULES].is_array()
            || lists
                .iter()
                .any(|name| schema[*name].is_object() && below(&schema[*name]))
            || members(&schema["properties"]).any(|(_, schema)| below(schema)))
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// A schema, and whether it is that of a whole object.
struct Node<'a> {
    schema: &'a Value,
    root: bool,
}

struct Judge {
    programs: HashMap<String, Result<Program, Error>>,
    steps: u64,
    found: Vec<Cause>,
}

impl Judge {
    fn node(
        &mut self,
        node: &Node<'_>,
        value: &Value,
        old: Option<&Value>,
        path: &str,
        depth: usize,
    ) {
        if value.is_null() || depth >= DEPTH {
            return;
        }
        self.own(node, value, old, path);
        let schema = node.schema;
        match value {
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    let old = old.and_then(|old| counterpart(schema, item, old));
                    let node = Node {
                        schema: &schema["items"],
                        root: false,
                    };
                    self.node(&node, item, old, &format!("{path}[{at}]"), depth + 1);
                }
            }
            Value::Object(fields) => {
                for (name, value) in fields {
                    let old = old.and_then(|old| old.get(name));
                    let known = &schema["properties"][name];
                    let (schema, path) = match (known.is_object(), path) {
                        (true, "") => (known, name.clone()),
                        (true, path) => (known, format!("{path}.{name}")),
                        (false, path) => {
                            (&schema["additionalProperties"], format!("{path}[{name}]"))
                        }
                    };
                    if schema.is_object() {
                        let node = Node {
                            schema,
                            root: false,
                        };
                        self.node(&node, value, old, &path, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    /// The rules of the node itself.
    fn own(&mut self, node: &Node<'_>, value: &Value, old: Option<&Value>, path: &str) {
        let rules = node.schema[RULES].as_array().into_iter().flatten();
        if node.schema[RULES].is_null() || old == Some(value) {
            return;
        }
        let this = typed(node, value);
        let before = old.map(|old| typed(node, old));
        for rule in rules {
            let mut names = BTreeMap::from([("self".to_owned(), this.clone())]);
            let text = rule["rule"].as_str().unwrap_or_default();
            let Some(Ok(program)) = self.compiled(text) else {
                continue;
            };
            if program.mentions("oldSelf") {
                let Some(old) = old_self(rule, before.as_ref()) else {
                    continue;
                };
                names.insert("oldSelf".to_owned(), old);
            }
            match self.run(text, &names) {
                Some(Ok(Cel::Bool(true)) | Err(Error::Unknown(_))) | None => {}
                Some(Ok(_)) => {
                    let message = self.message(rule, &names);
                    self.found.push(told(rule, value, path, &message));
                }
                Some(Err(error)) => {
                    let why = format!("{error} evaluating rule: {}", written(rule));
                    self.found.push(told(&Value::Null, value, path, &why));
                }
            }
        }
    }

    fn compiled(&mut self, text: &str) -> Option<&Result<Program, Error>> {
        if !self.programs.contains_key(text) {
            self.programs
                .insert(text.to_owned(), Program::compile(text));
        }
        self.programs.get(text)
    }

    fn run(&mut self, text: &str, names: &BTreeMap<String, Cel>) -> Option<Result<Cel, Error>> {
        let mut steps = self.steps;
        let Some(Ok(program)) = self.compiled(text) else {
            return None;
        };
        let made = program.run(names, &mut steps);
        self.steps = steps;
        Some(made)
    }

    /// What is said of a rule that does not hold: what its expression makes, or what it says itself.
    fn message(&mut self, rule: &Value, names: &BTreeMap<String, Cel>) -> String {
        let expression = rule["messageExpression"].as_str().unwrap_or_default();
        if let Some(Ok(Cel::String(text))) = self.run(expression, names)
            && !text.trim().is_empty()
            && !text.contains('\n')
        {
            return text.trim().to_owned();
        }
        match rule["message"].as_str().unwrap_or_default().trim() {
            "" => format!("failed rule: {}", text_of(rule)),
            message => message.to_owned(),
        }
    }
}

fn text_of(rule: &Value) -> &str {
    rule["rule"].as_str().unwrap_or_default().trim()
}

/// A rule in a message about itself.
fn written(rule: &Value) -> &str {
    match rule["message"].as_str().unwrap_or_default().trim() {
        "" => text_of(rule),
        message => message,
    }
}

/// What a rule compares with; where there is nothing, most rules are left out.
fn old_self(rule: &Value, before: Option<&Cel>) -> Option<Cel> {
    if rule["optionalOldSelf"] == true {
        let before = before.cloned().map(std::rc::Rc::new);
        return Some(Cel::Optional(before));
    }
    before.cloned()
}

fn told(rule: &Value, value: &Value, path: &str, message: &str) -> Cause {
    // A single value is shown; what holds others is not.
    let shown = match value {
        Value::String(text) => format!("{text:?}: "),
        Value::Array(_) | Value::Object(_) => String::new(),
        other => format!("{other}: "),
    };
    let (reason, words) = match rule["reason"].as_str() {
        Some("FieldValueForbidden") => ("FieldValueForbidden", format!("Forbidden: {message}")),
        Some("FieldValueRequired") => ("FieldValueRequired", format!("Required value: {message}")),
        Some("FieldValueDuplicate") => (
            "FieldValueDuplicate",
            format!("Duplicate value: {shown}{message}"),
        ),
        _ => (
            "FieldValueInvalid",
            format!("Invalid value: {shown}{message}"),
        ),
    };
    let below = rule["fieldPath"].as_str().unwrap_or_default();
    let field = format!("{path}{below}");
    let field = match field.trim_start_matches('.') {
        "" => "<nil>",
        field => field,
    };
    cause(reason, field, words)
}

/// The item of an old list that an item was: the one with its keys.
fn counterpart<'a>(schema: &Value, item: &Value, old: &'a Value) -> Option<&'a Value> {
    if schema["x-kubernetes-list-type"] != "map" {
        return None;
    }
    let keys = schema["x-kubernetes-list-map-keys"].as_array()?;
    let same = |other: &&Value| {
        keys.iter()
            .filter_map(Value::as_str)
            .all(|key| other[key] == item[key])
    };
    old.as_array()?.iter().find(same)
}

/// A value as rules see it: with the types of its schema, and only the fields that it knows.
fn typed(node: &Node<'_>, value: &Value) -> Cel {
    let schema = node.schema;
    if schema["x-kubernetes-int-or-string"] == true {
        return Cel::of_json(value);
    }
    let inner = |schema: &Value, value: &Value| {
        typed(
            &Node {
                schema,
                root: false,
            },
            value,
        )
    };
    match (value, schema["type"].as_str()) {
        (Value::Array(items), _) => Cel::list(
            items
                .iter()
                .map(|item| inner(&schema["items"], item))
                .collect(),
        ),
        (Value::Object(fields), _) => {
            let whole = node.root || schema["x-kubernetes-embedded-resource"] == true;
            let known = fields.iter().filter_map(|(name, value)| {
                match (whole, name.as_str()) {
                    (true, "apiVersion" | "kind") => {
                        return Some((name.clone(), Cel::of_json(value)));
                    }
                    (true, "metadata") => return Some((name.clone(), named(value))),
                    _ => {}
                }
                let own = &schema["properties"][name];
                if own.is_object() {
                    return Some((escaped(name), inner(own, value)));
                }
                let more = &schema["additionalProperties"];
                more.is_object().then(|| (name.clone(), inner(more, value)))
            });
            Cel::object(known)
        }
        (Value::Number(number), Some("number")) => Cel::Double(number.as_f64().unwrap_or(f64::NAN)),
        (Value::String(text), Some("string")) => formatted(schema, text),
        _ => Cel::of_json(value),
    }
}

/// Rules see an object's name, and nothing else of its metadata.
fn named(metadata: &Value) -> Cel {
    let names = ["name", "generateName"].into_iter();
    let given = names.filter(|name| metadata[*name].is_string());
    Cel::object(given.map(|name| (name.to_owned(), Cel::of_json(&metadata[name]))))
}

fn formatted(schema: &Value, text: &str) -> Cel {
    let function = match schema["format"].as_str() {
        Some("date-time") => "timestamp(self)",
        Some("duration") => "duration(self)",
        _ => return Cel::text(text),
    };
    let names = BTreeMap::from([("self".to_owned(), Cel::text(text))]);
    let made = Program::compile(function).and_then(|program| program.run(&names, &mut 10));
    made.unwrap_or_else(|_| Cel::text(text))
}

/// A field's name as rules write it.
fn escaped(name: &str) -> String {
    const WORDS: [&str; 21] = [
        "true",
        "false",
        "null",
        "in",
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ];
    if WORDS.contains(&name) {
        return format!("__{name}__");
    }
    name.replace("__", "__underscores__")
        .replace('.', "__dot__")
        .replace('-', "__dash__")
        .replace('/', "__slash__")
}
