//! Reading Chart.yaml and Chart.lock as Helm does: YAML, then JSON, then Go's structs.
//!
//! The rules of `sigs.k8s.io/yaml` and `encoding/json` hold: numbers and booleans become text where
//! the field is text, names of fields are compared without regard to case, null leaves a text as it
//! was, unknown fields are ignored, and of several misfits the first is told, unless a time cannot be
//! read. A file is read *into* a
//! value that may already hold something (requirements.yaml into Chart.yaml's).

use windlass_value::{Heap, MapId, MapType, Str, Value, fmt, json};

use super::{Dependency, DependsOn, Maintainer, Metadata};
use crate::chart::Lock;
use crate::compat::Compat;
use crate::metadata::time;

/// Chart.yaml or Chart.lock cannot be read; the text is that of Helm's libraries.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// It is not YAML.
    #[error("{0}")]
    Yaml(String),
    /// It does not fit the fields.
    #[error("error unmarshaling JSON: while decoding JSON: {0}")]
    Misfit(String),
}

impl Metadata {
    /// Reads Chart.yaml (or requirements.yaml) into these fields. `heap` takes `import-values`.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub fn read(
        &mut self,
        yaml: &[u8],
        heap: &mut Heap,
        compat: Compat,
    ) -> Result<(), DecodeError> {
        self.read_in(compat.chart_package(), yaml, heap)
    }

    /// [`Metadata::read`] into the structs of a Go package.
    pub(crate) fn read_in(
        &mut self,
        package: &'static str,
        yaml: &[u8],
        heap: &mut Heap,
    ) -> Result<(), DecodeError> {
        let mut source = Heap::new();
        let document = parse(&mut source, yaml)?;
        let mut decoder = Decoder::new(&source, heap, package);
        decoder.metadata(&document, self);
        decoder.finish()
    }

    /// Reads only the `apiVersion` of a Chart.yaml, for who must choose a loader.
    pub(crate) fn read_api_version(yaml: &[u8]) -> Result<String, DecodeError> {
        let mut source = Heap::new();
        let document = parse(&mut source, yaml)?;
        let mut unused = Heap::new();
        let mut decoder = Decoder::new(&source, &mut unused, "loader");
        let mut version = String::new();
        decoder.object(&document, "chartBase", &["apiVersion"], |this, _, value| {
            this.text(value, &mut version);
        });
        decoder.finish()?;
        Ok(version)
    }
}

impl Lock {
    /// Reads Chart.lock; `None` where it is empty.
    ///
    /// # Errors
    /// [`DecodeError`].
    pub fn read(yaml: &[u8], heap: &mut Heap, compat: Compat) -> Result<Option<Self>, DecodeError> {
        Self::read_in(compat.chart_package(), yaml, heap)
    }

    /// [`Lock::read`] into the structs of a Go package.
    pub(crate) fn read_in(
        package: &'static str,
        yaml: &[u8],
        heap: &mut Heap,
    ) -> Result<Option<Self>, DecodeError> {
        let mut source = Heap::new();
        let document = parse(&mut source, yaml)?;
        if document.is_nil() {
            return Ok(None);
        }
        let mut lock = Self::default();
        let mut decoder = Decoder::new(&source, heap, package);
        decoder.lock(&document, &mut lock);
        decoder.finish()?;
        Ok(Some(lock))
    }
}

fn parse(heap: &mut Heap, yaml: &[u8]) -> Result<Value, DecodeError> {
    windlass_yaml::parse_kinds(heap, yaml).map_err(|e| DecodeError::Yaml(e.to_string()))
}

/// How deep values of any shape are followed; no real Chart.yaml comes near.
const MAX_DEPTH: usize = 1_000;

struct Decoder<'a> {
    source: &'a Heap,
    target: &'a mut Heap,
    /// The Go package of the structs.
    package: &'static str,
    /// The struct and the fields that lead to the value at hand.
    within: Option<&'static str>,
    path: Vec<&'static str>,
    /// What a field's own decoder says: it ends the reading at once, and what did not fit before is
    /// forgotten.
    fatal: Option<String>,
    error: Option<String>,
    /// What fails already when the YAML becomes JSON.
    not_json: Option<String>,
}

const METADATA: &[&str] = &[
    "name",
    "home",
    "sources",
    "version",
    "description",
    "keywords",
    "maintainers",
    "icon",
    "apiVersion",
    "condition",
    "tags",
    "appVersion",
    "deprecated",
    "annotations",
    "kubeVersion",
    "dependencies",
    "type",
];
const MAINTAINER: &[&str] = &["name", "email", "url"];
const DEPENDENCY: &[&str] = &[
    "name",
    "version",
    "repository",
    "condition",
    "tags",
    "enabled",
    "import-values",
    "alias",
];
const LOCK: &[&str] = &["generated", "digest", "dependencies"];

impl<'a> Decoder<'a> {
    fn new(source: &'a Heap, target: &'a mut Heap, package: &'static str) -> Self {
        Self {
            source,
            target,
            package,
            within: None,
            path: Vec::new(),
            fatal: None,
            error: None,
            not_json: None,
        }
    }

    fn finish(self) -> Result<(), DecodeError> {
        match (self.not_json, self.fatal.or(self.error)) {
            (Some(text), _) => Err(DecodeError::Yaml(format!(
                "error converting YAML to JSON: {text}"
            ))),
            (None, Some(text)) => Err(DecodeError::Misfit(text)),
            (None, None) => Ok(()),
        }
    }

    fn metadata(&mut self, value: &Value, into: &mut Metadata) {
        self.object(
            value,
            "Metadata",
            METADATA,
            |this, field, value| match field {
                "name" => this.text(value, &mut into.name),
                "home" => this.text(value, &mut into.home),
                "sources" => this.texts(value, &mut into.sources),
                "version" => this.text(value, &mut into.version),
                "description" => this.text(value, &mut into.description),
                "keywords" => this.texts(value, &mut into.keywords),
                "maintainers" => {
                    let ty = format!("[]*{}.Maintainer", this.package);
                    this.list(value, &mut into.maintainers, &ty, Self::maintainer);
                }
                "icon" => this.text(value, &mut into.icon),
                "apiVersion" => this.text(value, &mut into.api_version),
                "condition" => this.text(value, &mut into.condition),
                "tags" => this.text(value, &mut into.tags),
                "appVersion" => this.text(value, &mut into.app_version),
                "deprecated" => this.flag(value, &mut into.deprecated),
                "annotations" => this.annotations(value, &mut into.annotations),
                "kubeVersion" => this.text(value, &mut into.kube_version),
                "dependencies" => this.dependencies(value, &mut into.dependencies),
                _ => this.text(value, &mut into.kind),
            },
        );
        self.depends_on(value, &mut into.depends_on);
    }

    fn maintainer(&mut self, value: &Value, slot: &mut Option<Maintainer>) {
        if value.is_nil() {
            *slot = None;
            return;
        }
        let into = slot.get_or_insert_default();
        self.object(
            value,
            "Maintainer",
            MAINTAINER,
            |this, field, value| match field {
                "name" => this.text(value, &mut into.name),
                "email" => this.text(value, &mut into.email),
                _ => this.text(value, &mut into.url),
            },
        );
    }

    fn dependencies(&mut self, value: &Value, into: &mut Option<Vec<Option<Dependency>>>) {
        let ty = format!("[]*{}.Dependency", self.package);
        self.list(value, into, &ty, Self::dependency);
    }

    fn dependency(&mut self, value: &Value, slot: &mut Option<Dependency>) {
        if value.is_nil() {
            *slot = None;
            return;
        }
        let into = slot.get_or_insert_default();
        self.object(
            value,
            "Dependency",
            DEPENDENCY,
            |this, field, value| match field {
                "name" => this.text(value, &mut into.name),
                "version" => this.text(value, &mut into.version),
                "repository" => this.text(value, &mut into.repository),
                "condition" => this.text(value, &mut into.condition),
                "tags" => this.texts(value, &mut into.tags),
                "enabled" => this.flag(value, &mut into.enabled),
                "import-values" => {
                    this.list(value, &mut into.import_values, "[]interface {}", Self::any);
                }
                _ => this.text(value, &mut into.alias),
            },
        );
        self.depends_on(value, &mut into.depends_on);
    }

    /// Reads what Helm does not know: whatever is there, it is no misfit.
    fn depends_on(&mut self, value: &Value, into: &mut Option<DependsOn>) {
        if let Value::Map(map) = value
            && let Some(found) = DependsOn::read(self.source, *map)
        {
            *into = Some(found);
        }
    }

    fn lock(&mut self, value: &Value, into: &mut Lock) {
        self.object(value, "Lock", LOCK, |this, field, value| match field {
            "generated" => this.time(value, &mut into.generated),
            "digest" => this.text(value, &mut into.digest),
            _ => this.dependencies(value, &mut into.dependencies),
        });
    }

    /// Reads the entries of a map that belong to fields, in order of keys.
    fn object(
        &mut self,
        value: &Value,
        name: &'static str,
        fields: &'static [&'static str],
        mut read: impl FnMut(&mut Self, &'static str, &Value),
    ) {
        let Value::Map(map) = value else {
            if !value.is_nil() {
                self.misfit(value, &format!("{}.{name}", self.package));
            }
            return;
        };
        let source = self.source;
        for (key, value) in source.map(*map).entries() {
            let Some(field) = field_of(key, fields) else {
                self.check_finite(value, 0);
                continue;
            };
            let outer = self.within.replace(name);
            self.path.push(field);
            read(self, field, value);
            self.path.pop();
            self.within = outer;
        }
    }

    fn list<T: Default>(
        &mut self,
        value: &Value,
        into: &mut Option<Vec<T>>,
        ty: &str,
        read: fn(&mut Self, &Value, &mut T),
    ) {
        match value {
            Value::Nil => *into = None,
            Value::List(items) => {
                // Go reads into the elements that are already there.
                let list = into.get_or_insert_default();
                list.resize_with(items.len(), T::default);
                for (slot, item) in list.iter_mut().zip(items.iter()) {
                    read(self, item, slot);
                }
            }
            other => self.misfit(other, ty),
        }
    }

    fn texts(&mut self, value: &Value, into: &mut Option<Vec<String>>) {
        self.list(value, into, "[]string", Self::text);
    }

    /// Numbers and booleans become text, as `sigs.k8s.io/yaml` wants it.
    fn text(&mut self, value: &Value, into: &mut String) {
        match value {
            Value::Nil => {}
            Value::Str(text) => *into = text.to_text().into_owned(),
            Value::Bool(b) => *into = b.to_string(),
            Value::Int(n, _) => *into = n.to_string(),
            Value::Uint(n, _) => *into = n.to_string(),
            // As the number of half the size that is nearest.
            Value::Float(x, _) => *into = fmt::format_float(*x, b'g', -1, 32),
            other => self.misfit(other, "string"),
        }
    }

    fn flag(&mut self, value: &Value, into: &mut bool) {
        match value {
            Value::Nil => {}
            Value::Bool(b) => *into = *b,
            other => self.misfit(other, "bool"),
        }
    }

    fn time(&mut self, value: &Value, into: &mut String) {
        match value {
            Value::Nil => {}
            Value::Str(text) => {
                // A time reads the JSON itself between its first and last quote, escapes and all.
                let mut json = Vec::new();
                json::append_string(&mut json, text, true);
                match time::normalize(&json[1..json.len() - 1]) {
                    Ok(text) => *into = text,
                    Err(error) => self.abort(error.to_string()),
                }
            }
            _ => self.abort("Time.UnmarshalJSON: input is not a JSON string".to_owned()),
        }
    }

    fn abort(&mut self, text: String) {
        self.fatal.get_or_insert(text);
    }

    fn annotations(&mut self, value: &Value, into: &mut Option<Vec<(String, String)>>) {
        let map = match value {
            Value::Nil => {
                *into = None;
                return;
            }
            Value::Map(map) => *map,
            other => return self.misfit(other, "map[string]string"),
        };
        let all = into.get_or_insert_default();
        let source = self.source;
        for (key, value) in source.map(map).entries() {
            let mut text = String::new();
            self.text(value, &mut text);
            let key = key.to_text().into_owned();
            match all.binary_search_by(|(k, _)| k.as_str().cmp(&key)) {
                Ok(i) => all[i].1 = text,
                Err(i) => all.insert(i, (key, text)),
            }
        }
    }

    /// Copies a value of any shape into the target heap, as JSON has it.
    fn any(&mut self, value: &Value, into: &mut Value) {
        self.check_finite(value, 0);
        *into = self.copied(value, 0);
    }

    fn copied(&mut self, value: &Value, depth: usize) -> Value {
        match value {
            Value::List(_) | Value::Map(_) if depth > MAX_DEPTH => Value::Nil,
            Value::Int(n, _) => Value::float(*n as f64),
            Value::Uint(n, _) => Value::float(*n as f64),
            Value::List(items) => {
                Value::list(items.iter().map(|v| self.copied(v, depth + 1)).collect())
            }
            Value::Map(map) => Value::Map(self.copied_map(*map, depth + 1)),
            other => other.clone(),
        }
    }

    fn copied_map(&mut self, map: MapId, depth: usize) -> MapId {
        let source = self.source;
        let entries = source.map(map).entries().iter();
        let entries: Vec<(Str, Value)> = entries
            .map(|(k, v)| (k.clone(), self.copied(v, depth)))
            .collect();
        self.target.map_from(MapType::Any, entries)
    }

    /// JSON has no infinities, whatever becomes of the value.
    fn check_finite(&mut self, value: &Value, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match value {
            Value::Float(x, _) if !x.is_finite() => {
                let text = fmt::format_float(*x, b'g', -1, 64);
                self.not_json
                    .get_or_insert(format!("json: unsupported value: {text}"));
            }
            Value::List(items) => items.iter().for_each(|v| self.check_finite(v, depth + 1)),
            Value::Map(map) => {
                let source = self.source;
                let entries = source.map(*map).entries().iter();
                entries.for_each(|(_, v)| self.check_finite(v, depth + 1));
            }
            _ => {}
        }
    }

    fn misfit(&mut self, value: &Value, ty: &str) {
        self.check_finite(value, 0);
        let found = match value {
            Value::Bool(_) => "bool",
            Value::Str(_) | Value::Bytes(_) => "string",
            Value::List(_) => "array",
            Value::Map(_) => "object",
            _ => "number",
        };
        self.fail(match self.within {
            None => format!("json: cannot unmarshal {found} into Go value of type {ty}"),
            Some(name) => format!(
                "json: cannot unmarshal {found} into Go struct field {name}.{} of type {ty}",
                self.path.join(".")
            ),
        });
    }

    fn fail(&mut self, text: String) {
        self.error.get_or_insert(text);
    }
}

/// The field a key belongs to: the one of that very name, or one that differs in case only.
fn field_of(key: &[u8], fields: &'static [&'static str]) -> Option<&'static str> {
    let exact = fields.iter().find(|f| f.as_bytes() == key);
    exact
        .or_else(|| fields.iter().find(|f| same_folded(key, f.as_bytes())))
        .copied()
}

/// Go folds Unicode's cases; beside ASCII, two characters fold to ASCII letters.
fn same_folded(key: &[u8], field: &[u8]) -> bool {
    if key.is_ascii() {
        return key.eq_ignore_ascii_case(field);
    }
    let key = String::from_utf8_lossy(key)
        .replace('\u{17f}', "s")
        .replace('\u{212a}', "k");
    key.as_bytes().eq_ignore_ascii_case(field)
}
