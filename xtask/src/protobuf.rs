//! `cargo xtask protobuf`: how Kubernetes' objects are numbered in protobuf, as one compact table.
//!
//! Go clients send built-in kinds in protobuf, so the sandbox has to read it. Messages come from the
//! `generated.proto` files of Kubernetes' own Go modules, the JSON names of their fields from the struct tags
//! beside them. `crates/sandbox/src/protobuf.rs` reads the table and says what its lines mean.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Where the messages are, in the release's own versions.
const MODULES: [&str; 4] = [
    "k8s.io/api@v0.36.3",
    "k8s.io/apimachinery@v0.36.3",
    "k8s.io/apiextensions-apiserver@v0.36.3",
    "k8s.io/kube-aggregator@v0.36.3",
];

/// A field of a message, as its file states it.
struct Field {
    name: String,
    number: u32,
    /// `repeated`, `map` or nothing.
    form: &'static str,
    /// A scalar, or the full name of a message.
    of: String,
}

/// What struct tags say: JSON names by package, struct and number; an empty one for an inlined struct.
#[derive(Default)]
struct Tags {
    names: HashMap<(String, String, u32), String>,
    /// Structs that are lists in JSON.
    lists: HashSet<(String, String)>,
}

/// Writes the table.
///
/// # Errors
/// A module cannot be had, or a file is not as expected.
pub(crate) fn run() -> Result<()> {
    let (mut messages, mut tags) = (BTreeMap::new(), Tags::default());
    for module in MODULES {
        for file in files(&crate::kinds::module(module)?)? {
            let text = std::fs::read_to_string(&file)?;
            let package = read_messages(&text, &mut messages)
                .with_context(|| format!("reading {}", file.display()))?;
            let beside = file.parent().context("no directory")?;
            read_tags(beside, &package, &mut tags)?;
        }
    }
    let text = table(&messages, &tags);
    let path = crate::root().join("crates/sandbox/data/protobuf.txt");
    std::fs::create_dir_all(path.parent().context("no directory")?)?;
    std::fs::write(&path, &text)?;
    println!("{}: {} bytes", path.display(), text.len());
    Ok(())
}

fn files(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.ends_with("generated.proto") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Reads the messages of one file; returns its package.
fn read_messages(text: &str, messages: &mut BTreeMap<String, Vec<Field>>) -> Result<String> {
    let (mut package, mut message) = (String::new(), String::new());
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("package ") {
            package = name.trim_end_matches(';').to_owned();
        } else if let Some(name) = line.strip_prefix("message ") {
            message = format!("{package}.{}", name.trim_end_matches(" {"));
            messages.insert(message.clone(), Vec::new());
        } else if line.ends_with(';')
            && let Some(field) = read_field(line, &package)
            && let Some(fields) = messages.get_mut(&message)
        {
            fields.push(field);
        }
    }
    Ok(package)
}

fn read_field(line: &str, package: &str) -> Option<Field> {
    let (declared, number) = line.trim_end_matches(';').rsplit_once(" = ")?;
    let (form, rest) = if let Some(rest) = declared.strip_prefix("repeated ") {
        ("repeated", rest)
    } else if let Some(rest) = declared.strip_prefix("map<string, ") {
        ("map", rest)
    } else {
        ("", declared.strip_prefix("optional ")?)
    };
    let (of, name) = rest.rsplit_once(' ')?;
    let of = of.trim_end_matches('>');
    let scalar = of
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    let of = match of.strip_prefix('.') {
        Some(full) => full.to_owned(),
        None if scalar => of.to_owned(),
        None => format!("{package}.{of}"),
    };
    Some(Field {
        name: name.to_owned(),
        number: number.parse().ok()?,
        form,
        of,
    })
}

/// Reads the tags of all Go files beside a proto file.
fn read_tags(directory: &Path, package: &str, tags: &mut Tags) -> Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "go") {
            continue;
        }
        let mut of = String::new();
        for line in std::fs::read_to_string(&path)?.lines() {
            if let Some(rest) = line.strip_prefix("type ") {
                let (name, form) = rest.split_once(' ').unwrap_or((rest, ""));
                of = name.to_owned();
                if form.starts_with("[]") {
                    tags.lists.insert((package.to_owned(), of.clone()));
                }
            } else if let Some((number, name)) = read_tag(line) {
                tags.names
                    .insert((package.to_owned(), of.clone(), number), name);
            }
        }
    }
    Ok(())
}

fn read_tag(line: &str) -> Option<(u32, String)> {
    let quoted = |key: &str| {
        let (_, rest) = line.split_once(&format!("{key}:\""))?;
        rest.split_once('"').map(|(value, _)| value)
    };
    let number = quoted("protobuf")?.split(',').nth(1)?.parse().ok()?;
    let name = quoted("json")?.split(',').next().unwrap_or_default();
    Some((number, name.to_owned()))
}

fn table(messages: &BTreeMap<String, Vec<Field>>, tags: &Tags) -> String {
    let numbers: HashMap<&String, usize> =
        messages.keys().enumerate().map(|(i, n)| (n, i)).collect();
    let mut text = String::new();
    for (message, fields) in messages {
        let (package, own) = message.rsplit_once('.').unwrap_or(("", message));
        let directory: Vec<&str> = package.rsplit('.').take(2).collect();
        let list = tags.lists.contains(&(package.to_owned(), own.to_owned()));
        text += &format!(
            "{}/{}.{own}{}",
            directory.get(1).unwrap_or(&""),
            directory.first().unwrap_or(&""),
            if list { "[]" } else { "" }
        );
        for field in fields {
            let key = (package.to_owned(), own.to_owned(), field.number);
            let name = tags.names.get(&key).unwrap_or(&field.name);
            let form = match field.form {
                "repeated" => "*",
                "map" => "%",
                _ => "",
            };
            let of = match field.of.as_str() {
                "string" => "s".to_owned(),
                "bytes" => "y".to_owned(),
                "bool" => "b".to_owned(),
                "int32" | "int64" | "uint32" | "uint64" => "i".to_owned(),
                "double" => "d".to_owned(),
                "float" => "f".to_owned(),
                other => numbers
                    .get(&other.to_owned())
                    .map_or_else(|| "?".to_owned(), ToString::to_string),
            };
            text += &format!("\t{}{name}:{form}{of}", field.number);
        }
        text.push('\n');
    }
    text
}
