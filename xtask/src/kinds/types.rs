//! The types of the built-in kinds, from the OpenAPI files, one line each.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::tags::{Tag, Tags};

/// All types, by OpenAPI name.
pub(crate) struct Table {
    schemas: BTreeMap<String, Value>,
    numbers: BTreeMap<String, usize>,
    lines: Vec<String>,
}

impl Table {
    /// Reads every `*_openapi.json` of a directory.
    ///
    /// # Errors
    /// A file cannot be read, or a schema is of a form never seen before.
    pub(crate) fn read(dir: &Path, tags: &Tags) -> Result<Self> {
        let mut schemas = BTreeMap::new();
        for entry in std::fs::read_dir(dir)? {
            let file = super::json(&entry?.path())?;
            if let Some(found) = file["components"]["schemas"].as_object() {
                for (name, schema) in found {
                    merge(&mut schemas, name, schema);
                }
            }
        }
        let numbers = schemas
            .iter()
            .filter(|(name, schema)| scalar(name, schema).is_none())
            .enumerate()
            .map(|(number, (name, _))| (name.clone(), number))
            .collect();
        let mut table = Self {
            schemas,
            numbers,
            lines: Vec::new(),
        };
        table.lines = table
            .numbers
            .keys()
            .map(|name| table.line(name, tags).with_context(|| name.clone()))
            .collect::<Result<_>>()?;
        Ok(table)
    }

    pub(crate) fn text(&self) -> String {
        let mut text = self.lines.join("\n");
        text.push('\n');
        text
    }

    /// The number of the type of a kind, by what its schema says of itself.
    pub(crate) fn number(&self, group: &str, version: &str, kind: &str) -> Option<usize> {
        let is =
            |gvk: &Value| gvk["group"] == group && gvk["version"] == version && gvk["kind"] == kind;
        let (name, _) = self.schemas.iter().find(|(_, schema)| {
            schema["x-kubernetes-group-version-kind"]
                .as_array()
                .is_some_and(|all| all.iter().any(is))
        })?;
        self.numbers.get(name).copied()
    }

    fn line(&self, name: &str, tags: &Tags) -> Result<String> {
        let schema = &self.schemas[name];
        let mut line = name.to_owned();
        line.push('\t');
        if schema["x-kubernetes-map-type"] == "atomic" {
            line.push('A');
        }
        let Some(properties) = schema["properties"].as_object() else {
            line.push('o');
            return Ok(line);
        };
        let required: Vec<&str> = strings(&schema["required"]);
        let none = BTreeMap::new();
        let tags = tags.get(name).unwrap_or(&none);
        for (field, property) in properties {
            let spelt = self.spell(property).with_context(|| field.clone())?;
            write!(line, "\t{field}:{spelt}")?;
            attributes(&mut line, property, required.contains(&field.as_str()));
            // A few alpha types are aliases of structs elsewhere: their fields count as left out when empty.
            let alias = Tag {
                omitempty: true,
                ..Tag::default()
            };
            let tag = tags.get(field).unwrap_or(&alias);
            line.push_str(&go(tag));
            if !tag.of.is_empty() && tag.of != self.go_type(property)? {
                write!(line, "|T{}", tag.of)?;
            }
            if !tag.via.is_empty() {
                write!(line, "|I{}", tag.via)?;
            }
        }
        Ok(line)
    }

    fn spell(&self, schema: &Value) -> Result<String> {
        let reference = schema["$ref"]
            .as_str()
            .or_else(|| schema["allOf"][0]["$ref"].as_str());
        if let Some(reference) = reference {
            let name = reference.rsplit('/').next().unwrap_or("");
            let relation = match schema["x-kubernetes-map-type"].as_str() {
                Some("atomic") => "!",
                Some("granular") => "?",
                _ => "",
            };
            let target = self.schemas.get(name).context("a reference to nothing")?;
            return Ok(match (scalar(name, target), self.numbers.get(name)) {
                (Some(letter), _) => letter.to_owned(),
                (None, Some(number)) => format!("{relation}@{number}"),
                (None, None) => bail!("{name} has no number"),
            });
        }
        Ok(match (schema["type"].as_str(), schema["format"].as_str()) {
            (Some("string"), None) => "s".to_owned(),
            (Some("string"), Some("byte")) => "y".to_owned(),
            (Some("integer"), Some("int32")) => "i".to_owned(),
            (Some("integer"), _) => "l".to_owned(),
            (Some("number"), _) => "n".to_owned(),
            (Some("boolean"), _) => "b".to_owned(),
            (Some("array"), _) => self.list(schema)?,
            (Some("object"), _) if schema["additionalProperties"].is_object() => {
                let atomic = schema["x-kubernetes-map-type"] == "atomic";
                let element = self.spell(&schema["additionalProperties"])?;
                format!("{}{element}", if atomic { 'N' } else { 'M' })
            }
            (Some("object"), _) => "o".to_owned(),
            (None, _) => "x".to_owned(),
            (Some(other), format) => bail!("type {other}, format {format:?}"),
        })
    }

    /// What the Go type would be called if nothing but the schema were known.
    fn go_type(&self, schema: &Value) -> Result<String> {
        let spelt = self.spell(schema)?;
        Ok(match spelt.as_bytes().first() {
            Some(b'A' | b'S' | b'K') => format!("[]{}", self.go_type(&schema["items"])?),
            Some(b'M' | b'N') => {
                format!(
                    "map[string]{}",
                    self.go_type(&schema["additionalProperties"])?
                )
            }
            Some(b'@' | b'!' | b'?') => {
                let number = spelt.trim_start_matches(['@', '!', '?']).parse::<usize>()?;
                let name = self.numbers.iter().find(|(_, n)| **n == number);
                let (name, _) = name.context("a number of nothing")?;
                let mut parts = name.rsplitn(3, '.');
                let (last, package) = (parts.next(), parts.next());
                format!("{}.{}", package.unwrap_or(""), last.unwrap_or(""))
            }
            _ => match spelt.as_str() {
                "s" => "string",
                "y" => "[]uint8",
                "i" => "int32",
                "l" => "int64",
                "n" => "float64",
                "b" => "bool",
                "t" => "v1.Time",
                "T" => "v1.MicroTime",
                "q" => "resource.Quantity",
                "u" => "intstr.IntOrString",
                "w" => "runtime.RawExtension",
                "o" => "v1.FieldsV1",
                _ => "v1.JSON",
            }
            .to_owned(),
        })
    }

    /// The list type, or what the patch strategy amounts to where a schema states only that.
    fn list(&self, schema: &Value) -> Result<String> {
        let element = self.spell(&schema["items"])?;
        let strategy = schema["x-kubernetes-patch-strategy"].as_str();
        let key = schema["x-kubernetes-patch-merge-key"].as_str();
        Ok(match schema["x-kubernetes-list-type"].as_str() {
            Some("set") => format!("S{element}"),
            Some("map") => {
                let keys = strings(&schema["x-kubernetes-list-map-keys"]).join("+");
                format!("K{keys};{element}")
            }
            Some("atomic") => format!("A{element}"),
            Some(other) => bail!("list type {other}"),
            None => match (strategy, key) {
                (Some("merge" | "merge,retainKeys"), Some(key)) => format!("K{key};{element}"),
                (Some("merge" | "merge,retainKeys"), None) => format!("S{element}"),
                _ => format!("A{element}"),
            },
        })
    }
}

/// Some types repeat in every file, each time naming the groups of that file only.
fn merge(schemas: &mut BTreeMap<String, Value>, name: &str, schema: &Value) {
    const GVK: &str = "x-kubernetes-group-version-kind";
    let known = schemas
        .entry(name.to_owned())
        .or_insert_with(|| schema.clone());
    let (Some(known), Some(more)) = (
        known.get_mut(GVK).and_then(Value::as_array_mut),
        schema[GVK].as_array(),
    ) else {
        return;
    };
    for gvk in more {
        if !known.contains(gvk) {
            known.push(gvk.clone());
        }
    }
}

/// The letter of a named type that is no object of its own.
fn scalar(name: &str, schema: &Value) -> Option<&'static str> {
    if schema["properties"].is_object() {
        return None;
    }
    match name.rsplit('.').next()? {
        "Quantity" => Some("q"),
        "IntOrString" => Some("u"),
        "Time" => Some("t"),
        "MicroTime" => Some("T"),
        "RawExtension" => Some("w"),
        "FieldsV1" => Some("o"),
        _ if schema["type"].is_null() => Some("x"),
        _ => None,
    }
}

fn attributes(line: &mut String, property: &Value, required: bool) {
    if required {
        line.push_str("|r");
    }
    if let Some(strategy) = property["x-kubernetes-patch-strategy"].as_str() {
        line.push_str("|P");
        line.push_str(strategy);
    }
    if let Some(key) = property["x-kubernetes-patch-merge-key"].as_str() {
        line.push_str("|G");
        line.push_str(key);
    }
    let default = &property["default"];
    if !default.is_null() && !default.as_object().is_some_and(serde_json::Map::is_empty) {
        line.push_str("|D");
        line.push_str(&default.to_string());
    }
}

fn go(tag: &Tag) -> String {
    let mut text = String::new();
    for (set, mark) in [
        (tag.pointer, "|p"),
        (tag.omitempty, "|e"),
        (tag.omitzero, "|z"),
    ] {
        if set {
            text.push_str(mark);
        }
    }
    text
}

fn strings(list: &Value) -> Vec<&str> {
    list.as_array()
        .map(|all| all.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default()
}
