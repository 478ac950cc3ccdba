//! How Go's structs write their fields: pointer or value, omitted when empty or not.
//!
//! Read from the struct declarations in `types*.go`. Only what `encoding/json` looks at is kept.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// What a struct tag says of one field.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tag {
    /// The Go type without the pointer, as Go prints it: `[]v1.Container`.
    pub(crate) of: String,
    /// The embedded structs that it comes from: `VolumeSource`.
    pub(crate) via: String,
    /// The field is a pointer: its zero value is nothing, not an empty value.
    pub(crate) pointer: bool,
    /// Left out when empty.
    pub(crate) omitempty: bool,
    /// Left out when zero, structs too.
    pub(crate) omitzero: bool,
}

/// By the name of the type as OpenAPI spells it, then by the JSON name of the field.
pub(crate) type Tags = BTreeMap<String, BTreeMap<String, Tag>>;

/// Reads all `types*.go` below the modules.
///
/// # Errors
/// A directory or file cannot be read.
pub(crate) fn read(modules: &[PathBuf]) -> Result<Tags> {
    let mut found = Found::default();
    for module in modules {
        let name = module.file_name().and_then(|n| n.to_str()).unwrap_or("");
        let name = name.split('@').next().unwrap_or("");
        walk(module, &format!("io.k8s.{name}"), &mut found)?;
    }
    Ok(found.flattened())
}

/// Structs, and which of them are embedded in which.
#[derive(Default)]
struct Found {
    tags: Tags,
    embedded: Vec<(String, String)>,
}

impl Found {
    /// Fields of embedded structs are fields of the outer one; a few levels of that occur.
    fn flattened(mut self) -> Tags {
        for _ in 0..4 {
            for (outer, inner) in &self.embedded {
                let package = outer.rsplit_once('.').map_or("", |(package, _)| package);
                let name = inner.rsplit('.').next().unwrap_or(inner);
                let here = self.tags.get(&format!("{package}.{name}"));
                let meta = format!("io.k8s.apimachinery.pkg.apis.meta.v1.{name}");
                let Some(fields) = here.or_else(|| self.tags.get(&meta)).cloned() else {
                    continue;
                };
                let all = self.tags.entry(outer.clone()).or_default();
                for (field, mut tag) in fields {
                    let below = if tag.via.is_empty() { "" } else { "." };
                    tag.via = format!("{name}{below}{}", tag.via);
                    all.entry(field).or_insert(tag);
                }
            }
        }
        self.tags
    }
}

fn walk(dir: &Path, prefix: &str, found: &mut Found) -> Result<()> {
    for entry in std::fs::read_dir(dir).with_context(|| format!("listing {}", dir.display()))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("");
        if path.is_dir() {
            walk(&path, &format!("{prefix}.{name}"), found)?;
        } else if name.starts_with("types") && name.ends_with(".go") && !name.ends_with("_test.go")
        {
            structs(&std::fs::read_to_string(&path)?, prefix, found);
        }
    }
    Ok(())
}

fn structs(text: &str, prefix: &str, found: &mut Found) {
    let mut current: Option<String> = None;
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("type ") {
            let name = rest.strip_suffix(" struct {");
            current = name.map(|name| format!("{prefix}.{}", name.trim()));
        } else if line == "}" {
            current = None;
        } else if let Some(name) = &current
            && let Some((field, tag)) = field(line, prefix)
        {
            found
                .tags
                .entry(name.clone())
                .or_default()
                .insert(field, tag);
        } else if let Some(name) = &current
            && line.contains("json:\",inline\"")
            && let Some(inner) = line.split_whitespace().next()
        {
            found.embedded.push((name.clone(), inner.to_owned()));
        }
    }
}

/// `Name *Type `json:"name,omitempty" …``
fn field(line: &str, package: &str) -> Option<(String, Tag)> {
    let (declaration, rest) = line.split_once("`")?;
    let (_, rest) = rest.split_once("json:\"")?;
    let (spec, _) = rest.split_once('"')?;
    let mut options = spec.split(',');
    let name = options
        .next()
        .filter(|name| !name.is_empty() && *name != "-")?;
    let options: Vec<&str> = options.collect();
    // An embedded struct has a type only.
    let go_type = declaration.split_whitespace().next_back()?;
    Some((
        name.to_owned(),
        Tag {
            of: qualified(go_type.trim_start_matches('*'), package),
            via: String::new(),
            pointer: go_type.starts_with('*'),
            omitempty: options.contains(&"omitempty"),
            omitzero: options.contains(&"omitzero"),
        },
    ))
}

/// A type as Go prints it: with the name of its package, not what the file calls it.
fn qualified(go_type: &str, package: &str) -> String {
    if let Some(element) = go_type.strip_prefix("[]") {
        let element = element.replace("byte", "uint8");
        return format!("[]{}", qualified(&element, package));
    }
    if let Some((key, element)) = go_type
        .strip_prefix("map[")
        .and_then(|rest| rest.split_once(']'))
    {
        let (key, element) = (qualified(key, package), qualified(element, package));
        return format!("map[{key}]{element}");
    }
    if let Some(target) = go_type.strip_prefix('*') {
        return format!("*{}", qualified(target, package));
    }
    match go_type.split_once('.') {
        Some((alias, name)) => {
            let version = alias.rfind("v1").or_else(|| alias.rfind("v2"));
            format!("{}.{name}", version.map_or(alias, |at| &alias[at..]))
        }
        None if go_type.starts_with(char::is_uppercase) => {
            let package = package.rsplit('.').next().unwrap_or(package);
            format!("{package}.{go_type}")
        }
        None => go_type.to_owned(),
    }
}
