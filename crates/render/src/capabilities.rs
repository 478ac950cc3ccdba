//! What a chart may know of the cluster: `.Capabilities`.
//!
//! Without a cluster these are Helm's defaults: the Kubernetes version of the client library that
//! Helm is built with, and the API versions that library knows.

use std::sync::Arc;

use windlass_chart::compat::Compat;
use windlass_value::func::{Method, Param};
use windlass_value::object::{Field, Record, RecordType};
use windlass_value::{Elem, List, ListType, Str, Value};

/// The API versions of client-go v0.37.1 in the order Helm lists them.
const API_VERSIONS: &str = include_str!("capabilities/api_versions.txt");

/// Cluster facts that templates see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// The version of Kubernetes.
    pub kube_version: KubeVersion,
    /// API versions, and `group/version/Kind` entries where a cluster told them.
    pub api_versions: Vec<String>,
}

/// A Kubernetes version as given and as constraints are checked against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KubeVersion {
    /// As given, with a leading `v`: `v1.29.3-gke.1`.
    pub full: String,
    /// Numbers only: `v1.29.3`.
    pub normalized: String,
    /// First number.
    pub major: String,
    /// Second number.
    pub minor: String,
}

/// A Kubernetes version that cannot be understood; the text is apimachinery's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KubeVersionError(String);

impl KubeVersion {
    /// Parses a version as apimachinery's `ParseGeneric` does: at least two numeric components,
    /// the first without a leading zero; anything after them is ignored.
    ///
    /// # Errors
    /// If there are not two such components.
    pub fn parse(text: &str) -> Result<Self, KubeVersionError> {
        let numbers = numeric_components(text)?;
        let full = if text.starts_with('v') {
            text.to_owned()
        } else {
            format!("v{text}")
        };
        let joined = numbers
            .iter()
            .map(u64::to_string)
            .collect::<Vec<_>>()
            .join(".");
        Ok(Self {
            full,
            normalized: format!("v{joined}"),
            major: numbers[0].to_string(),
            minor: numbers[1].to_string(),
        })
    }
}

/// The numbers of `\s*v?N(.N)*` at the head of a text that has no line break after them.
fn numeric_components(text: &str) -> Result<Vec<u64>, KubeVersionError> {
    let rest = text.trim_start_matches([' ', '\t', '\n', '\r', '\x0c']);
    let rest = rest.strip_prefix('v').unwrap_or(rest);
    let mut end = 0;
    for (i, c) in rest.char_indices() {
        match c {
            '0'..='9' => end = i + 1,
            '.' if end == i && i > 0 => {}
            _ => break,
        }
    }
    let (numbers, extra) = rest.split_at(end);
    if numbers.is_empty() || extra.contains('\n') {
        return Err(KubeVersionError(format!(
            "could not parse {} as version",
            quoted(text)
        )));
    }
    let parts: Vec<&str> = numbers.split('.').collect();
    if parts.len() < 2 {
        return Err(KubeVersionError(format!(
            "illegal version string {}",
            quoted(text)
        )));
    }
    if parts[0].len() > 1 && parts[0].starts_with('0') {
        return Err(KubeVersionError(format!(
            "illegal zero-prefixed version component {} in {}",
            quoted(parts[0]),
            quoted(text)
        )));
    }
    parts
        .into_iter()
        .map(|part| {
            part.parse().map_err(|_| {
                KubeVersionError(format!(
                    "illegal non-numeric version component {part} in {text}: \
                     strconv.ParseUint: parsing {part}: value out of range",
                    part = quoted(part),
                    text = quoted(text)
                ))
            })
        })
        .collect()
}

fn quoted(text: &str) -> String {
    windlass_value::fmt::quote(text.as_bytes())
}

impl Default for Capabilities {
    fn default() -> Self {
        Self {
            kube_version: KubeVersion {
                full: "v1.37.0".into(),
                normalized: "v1.37.0".into(),
                major: "1".into(),
                minor: "37".into(),
            },
            api_versions: API_VERSIONS.lines().map(str::to_owned).collect(),
        }
    }
}

// === As templates see it ===

const HAS: Method = Method::new("Has", &[Param::String], |_, set, args| {
    let wanted = args[0].as_str();
    let found = set
        .as_list()
        .is_some_and(|l| l.iter().any(|v| v.as_str() == wanted));
    Ok(Value::Bool(found))
});

const STRING: Method = Method::new("String", &[], |_, version, _| {
    Ok(record(version).map_or(Value::Nil, |r| Value::Str(normalized(r))))
});

const GIT_VERSION: Method = Method::new("GitVersion", &[], |_, version, _| {
    Ok(record(version)
        .and_then(|r| r.values.first().cloned())
        .unwrap_or_default())
});

fn record(value: &Value) -> Option<&Record> {
    value.downcast::<Record>()
}

/// What a version's `String` method gives: the version for constraints, where it is kept apart.
fn normalized(version: &Record) -> Str {
    let fields = version.ty.fields.iter();
    let kept = fields
        .zip(&version.values)
        .find(|(f, _)| f.name == NORMALIZED);
    let value = kept.map(|(_, v)| v).or(version.values.first());
    value.and_then(Value::as_str).cloned().unwrap_or_default()
}

/// Helm 4's unexported field for the version without its suffix.
const NORMALIZED: &str = "normalizedVersion";

macro_rules! types_of_package {
    ($package:literal, $capabilities:ident, $version:ident, $set:ident, $version_fields:expr) => {
        static $capabilities: RecordType = RecordType {
            name: concat!("*", $package, ".Capabilities"),
            fields: &[
                Field::plain("KubeVersion"),
                Field::plain("APIVersions"),
                Field::plain("HelmVersion"),
            ],
            methods: &[],
            display: None,
        };
        static $version: RecordType = RecordType {
            name: concat!($package, ".KubeVersion"),
            fields: $version_fields,
            methods: &[STRING, GIT_VERSION],
            display: Some(normalized),
        };
        static $set: ListType = ListType {
            name: concat!($package, ".VersionSet"),
            elem: Elem::String,
            methods: &[HAS],
        };
    };
}

types_of_package!(
    "common",
    CAPABILITIES_4,
    VERSION_4,
    SET_4,
    &[
        Field::plain("Version"),
        Field::plain(NORMALIZED),
        Field::plain("Major"),
        Field::plain("Minor"),
    ]
);
types_of_package!(
    "chartutil",
    CAPABILITIES_3,
    VERSION_3,
    SET_3,
    &[
        Field::plain("Version"),
        Field::plain("Major"),
        Field::plain("Minor"),
    ]
);

static BUILD_INFO_4: RecordType = RecordType {
    name: "version.BuildInfo",
    fields: &[
        Field::omit("Version", "version"),
        Field::omit("GitCommit", "git_commit"),
        Field::omit("GitTreeState", "git_tree_state"),
        Field::omit("GoVersion", "go_version"),
        Field::keep("KubeClientVersion", "kube_client_version"),
    ],
    methods: &[],
    display: None,
};

static BUILD_INFO_3: RecordType = RecordType {
    name: "version.BuildInfo",
    fields: &[
        Field::omit("Version", "version"),
        Field::omit("GitCommit", "git_commit"),
        Field::omit("GitTreeState", "git_tree_state"),
        Field::omit("GoVersion", "go_version"),
    ],
    methods: &[],
    display: None,
};

impl Capabilities {
    /// The value templates see as `.Capabilities`.
    #[must_use]
    pub fn to_value(&self, compat: Compat) -> Value {
        let (capabilities, set) = match compat.values_package() {
            "common" => (&CAPABILITIES_4, SET_4),
            _ => (&CAPABILITIES_3, SET_3),
        };
        let api_versions = self
            .api_versions
            .iter()
            .map(|v| Value::str(v.as_str()))
            .collect();
        Value::object(Record::new(
            capabilities,
            vec![
                self.kube_version.to_value(compat),
                Value::List(Arc::new(List::new(set, api_versions))),
                Value::object(build_info(compat)),
            ],
        ))
    }
}

impl KubeVersion {
    fn to_value(&self, compat: Compat) -> Value {
        let (major, minor) = (&self.major, &self.minor);
        let (ty, values) = if compat.keeps_kube_version_suffix() {
            (&VERSION_4, vec![&self.full, &self.normalized, major, minor])
        } else {
            (&VERSION_3, vec![&self.normalized, major, minor])
        };
        let values = values.into_iter().map(|s| Value::str(s.as_str()));
        Value::object(Record::new(ty, values.collect()))
    }
}

/// The build that is spoken, which charts and clients look at.
#[must_use]
pub fn build_info(compat: Compat) -> Record {
    let strings = |s: &[&str]| s.iter().map(|&s| Value::str(s)).collect();
    let spoken = compat.helm_version();
    if compat.has_kube_client_version() {
        Record::new(
            &BUILD_INFO_4,
            strings(&[spoken, "", "", "go1.26.8", "v1.37"]),
        )
    } else {
        Record::new(&BUILD_INFO_3, strings(&[spoken, "", "", "go1.26.8"]))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn kube_versions_keep_their_text_and_lose_their_suffix_for_constraints() {
        let v = KubeVersion::parse("1.29.3-gke.1").unwrap();
        assert_eq!(
            (v.full.as_str(), v.normalized.as_str()),
            ("v1.29.3-gke.1", "v1.29.3")
        );
        assert_eq!((v.major.as_str(), v.minor.as_str()), ("1", "29"));
        assert_eq!(KubeVersion::parse("v1.30").unwrap().normalized, "v1.30");
        assert!(KubeVersion::parse("1").is_err());
        assert!(KubeVersion::parse("x1.2").is_err());
    }
}
