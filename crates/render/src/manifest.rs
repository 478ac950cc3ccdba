//! From rendered files to manifests and hooks: splitting into documents, reading their heads,
//! telling hooks from resources, ordering by kind.

mod uninstall;

use std::borrow::Cow;

use windlass_chart::compat::Compat;
use windlass_value::{Heap, MapId, Value};

use crate::order::install_rank;

pub use uninstall::for_uninstall;

/// A document of a rendered file that is no hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The template it came from: `chart/templates/service.yaml`.
    pub path: String,
    /// The document.
    pub content: String,
    /// What its head says.
    pub head: Head,
}

/// A document that Helm runs at some moment of a release's life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// `metadata.name`
    pub name: String,
    /// `kind`
    pub kind: String,
    /// The template it came from.
    pub path: String,
    /// The document.
    pub manifest: String,
    /// When it runs.
    pub events: Vec<HookEvent>,
    /// Lower runs earlier.
    pub weight: i64,
    /// When it is deleted, as written.
    pub delete_policies: Vec<String>,
    /// When its logs are shown, as written.
    pub output_log_policies: Vec<String>,
}

/// A moment of a release's life at which hooks run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are Helm's")]
pub enum HookEvent {
    PreInstall,
    PostInstall,
    PreDelete,
    PostDelete,
    PreUpgrade,
    PostUpgrade,
    PreRollback,
    PostRollback,
    Test,
}

impl HookEvent {
    /// Its name in `helm.sh/hook`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PreInstall => "pre-install",
            Self::PostInstall => "post-install",
            Self::PreDelete => "pre-delete",
            Self::PostDelete => "post-delete",
            Self::PreUpgrade => "pre-upgrade",
            Self::PostUpgrade => "post-upgrade",
            Self::PreRollback => "pre-rollback",
            Self::PostRollback => "post-rollback",
            Self::Test => "test",
        }
    }

    /// Reads a name; `test-success` is Helm 2's name for `test`.
    fn parse(name: &str) -> Option<Self> {
        const ALL: [HookEvent; 9] = [
            HookEvent::PreInstall,
            HookEvent::PostInstall,
            HookEvent::PreDelete,
            HookEvent::PostDelete,
            HookEvent::PreUpgrade,
            HookEvent::PostUpgrade,
            HookEvent::PreRollback,
            HookEvent::PostRollback,
            HookEvent::Test,
        ];
        match name {
            "test-success" => Some(Self::Test),
            _ => ALL.into_iter().find(|e| e.name() == name),
        }
    }
}

/// The part of a document that decides what becomes of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// `apiVersion`
    pub api_version: String,
    /// `kind`
    pub kind: String,
    /// `metadata.name`
    pub name: String,
    /// `metadata.annotations`, in order of keys.
    pub annotations: Vec<(String, String)>,
}

impl Head {
    fn annotation(&self, name: &str) -> Option<&str> {
        self.annotations
            .iter()
            .find(|(k, _)| k == name)
            .map(|(_, v)| v.as_str())
    }
}

/// Documents of all files, sorted out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sorted {
    /// Hooks, in order of kinds.
    pub hooks: Vec<Hook>,
    /// Everything else, in order of kinds.
    pub manifests: Vec<Manifest>,
    /// Values of `helm.sh/hook` that name no known event; such documents are left out.
    pub unknown_hooks: Vec<String>,
}

/// A document that is no YAML, or whose head is of the wrong shape.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("YAML parse error on {path}: {message}")]
pub struct HeadError {
    /// The template it came from.
    pub path: String,
    /// What the YAML or JSON decoder says.
    pub message: String,
}

/// Why documents cannot be sorted, and what was noticed before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsorted {
    /// The document that cannot be read.
    pub error: HeadError,
    /// As in [`Sorted`], of the documents before it.
    pub unknown_hooks: Vec<String>,
}

const HOOK: &str = "helm.sh/hook";
const HOOK_WEIGHT: &str = "helm.sh/hook-weight";
const HOOK_DELETE_POLICY: &str = "helm.sh/hook-delete-policy";
const HOOK_OUTPUT_LOG_POLICY: &str = "helm.sh/hook-output-log-policy";

/// Splits rendered files, sorted by path, into hooks and manifests, each sorted by kind (Helm's
/// `SortManifests`). Partials and blank files are left out.
///
/// # Errors
/// The first document whose head cannot be read.
pub fn sort<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a str)>,
    compat: Compat,
) -> Result<Sorted, Unsorted> {
    let mut sorted = Sorted::default();
    for (path, content) in files {
        let base = path.rsplit('/').next().unwrap_or(path);
        if base.starts_with('_') || content.trim().is_empty() {
            continue;
        }
        for document in split(content, compat) {
            match read_head(document, compat) {
                Ok(head) => sorted.add(path, document, head),
                Err(message) => {
                    let path = path.to_owned();
                    return Err(Unsorted {
                        error: HeadError { path, message },
                        unknown_hooks: sorted.unknown_hooks,
                    });
                }
            }
        }
    }
    sorted
        .hooks
        .sort_by(|a, b| install_rank(&a.kind, compat).cmp(&install_rank(&b.kind, compat)));
    sorted.manifests.sort_by(|a, b| {
        install_rank(&a.head.kind, compat).cmp(&install_rank(&b.head.kind, compat))
    });
    Ok(sorted)
}

impl Sorted {
    fn add(&mut self, path: &str, document: &str, head: Head) {
        let Some(hook_types) = head.annotation(HOOK) else {
            let (path, content) = (path.to_owned(), document.to_owned());
            self.manifests.push(Manifest {
                path,
                content,
                head,
            });
            return;
        };
        let events: Option<Vec<HookEvent>> = hook_types
            .split(',')
            .map(|name| HookEvent::parse(&name.trim().to_lowercase()))
            .collect();
        let Some(events) = events else {
            self.unknown_hooks.push(hook_types.to_owned());
            return;
        };
        let weight = head.annotation(HOOK_WEIGHT).and_then(go_atoi).unwrap_or(0);
        let words = |name| {
            head.annotation(name)
                .map(|v| v.split(',').map(|w| w.trim().to_lowercase()).collect())
                .unwrap_or_default()
        };
        self.hooks.push(Hook {
            path: path.to_owned(),
            manifest: document.to_owned(),
            events,
            weight,
            delete_policies: words(HOOK_DELETE_POLICY),
            output_log_policies: words(HOOK_OUTPUT_LOG_POLICY),
            name: head.name,
            kind: head.kind,
        });
    }
}

/// Go's `strconv.Atoi`: an optional sign and decimal digits.
fn go_atoi(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// Splits a rendered file into its documents, as either Helm does.
#[must_use]
pub fn split(file: &str, compat: Compat) -> Vec<&str> {
    if compat.keeps_trailing_whitespace() {
        split_at_lines(file)
    } else {
        split_with_blanks(file)
    }
}

/// Helm 4: a separator is `---` at the start of a line with blanks after it. Documents are trimmed
/// on the left only; blank ones are dropped.
fn split_at_lines(file: &str) -> Vec<&str> {
    let text = file.trim_start();
    let mut documents = Vec::new();
    let mut rest = text;
    let mut start_of_line = true;
    let mut document = text;
    loop {
        let offset = document.len() - rest.len();
        let found = if start_of_line && rest.starts_with("---") {
            Some(0)
        } else {
            memchr::memmem::find(rest.as_bytes(), b"\n---").map(|i| i + 1)
        };
        let Some(at) = found else { break };
        documents.push(&document[..offset + at]);
        rest = rest[at + 3..].trim_start_matches([' ', '\t']);
        document = rest;
        start_of_line = false;
    }
    documents.push(document);
    documents.retain(|d| !d.trim().is_empty());
    documents.iter_mut().for_each(|d| *d = d.trim_start());
    documents
}

/// Helm 3: a separator is `---` with any white space after it, at the start of the file or of a
/// line together with the white space before it. Documents are trimmed; empty ones are dropped.
fn split_with_blanks(file: &str) -> Vec<&str> {
    // RE2's `\s`, which is less than Unicode's white space.
    const BLANKS: [char; 5] = [' ', '\t', '\n', '\r', '\x0c'];
    let mut document = file.trim();
    let mut documents = Vec::new();
    let mut searched = 0;
    if let Some(rest) = document.strip_prefix("---") {
        document = rest.trim_start_matches(BLANKS);
    }
    while let Some(i) = memchr::memmem::find(&document.as_bytes()[searched..], b"\n---") {
        let newline = searched + i;
        // What the separator before this one swallowed is not looked at again.
        let end = document[..newline].trim_end_matches(BLANKS).len();
        documents.push(&document[..end]);
        document = document[newline + 4..].trim_start_matches(BLANKS);
        searched = 0;
    }
    documents.push(document);
    documents.retain(|d| !d.is_empty());
    documents.iter_mut().for_each(|d| *d = d.trim());
    documents
}

// === Heads ===

/// What is read of a document; the rest must only be well formed.
const HEAD_KEYS: [&[u8]; 3] = [b"apiVersion", b"kind", b"metadata"];

/// Reads a document's head with the messages of Go's decoder for Helm's `SimpleHead`.
fn read_head(document: &str, compat: Compat) -> Result<Head, String> {
    let mut heap = Heap::new();
    let wanted = |key: &[u8]| HEAD_KEYS.iter().any(|k| key.eq_ignore_ascii_case(k));
    let value = windlass_yaml::parse_entries(&mut heap, document.as_bytes(), wanted, is_text)
        .map_err(|e| e.to_string())?;
    let mut head = Head::default();
    match value {
        Value::Nil => Ok(head),
        Value::Map(id) => {
            let mut reader = HeadReader {
                heap: &heap,
                first_error: None,
            };
            reader.document(id, &mut head);
            match reader.first_error {
                Some(message) => Err(decoding(&message)),
                None => Ok(head),
            }
        }
        other => {
            let package = compat.release_util_package();
            let kind = json_kind(&other);
            Err(decoding(&format!(
                "cannot unmarshal {kind} into Go value of type {package}.SimpleHead"
            )))
        }
    }
}

/// Whether what these keys lead to is text in Helm's `SimpleHead`.
fn is_text(path: &[&[u8]]) -> bool {
    let is = |key: &[u8], name: &str| key.eq_ignore_ascii_case(name.as_bytes());
    match path {
        [key] => is(key, "apiVersion") || is(key, "kind"),
        [metadata, key] => is(metadata, "metadata") && is(key, "name"),
        [metadata, key, _] => is(metadata, "metadata") && is(key, "annotations"),
        _ => false,
    }
}

fn decoding(message: &str) -> String {
    format!("error unmarshaling JSON: while decoding JSON: json: {message}")
}

/// What `encoding/json` calls a value of the wrong kind.
fn json_kind(value: &Value) -> &'static str {
    match value {
        Value::Nil => "null",
        Value::Bool(_) => "bool",
        Value::Str(_) | Value::Bytes(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) | Value::Object(_) => "object",
        _ => "number",
    }
}

/// Decodes as `encoding/json` does: keys match fields in any case, null leaves a field alone, and
/// the first mismatch is reported once all is read.
struct HeadReader<'h> {
    heap: &'h Heap,
    first_error: Option<String>,
}

impl HeadReader<'_> {
    fn document(&mut self, id: MapId, head: &mut Head) {
        for (key, value) in self.heap.map(id).entries() {
            if key.eq_ignore_ascii_case(b"apiVersion") {
                self.string(value, "SimpleHead.apiVersion", &mut head.api_version);
            } else if key.eq_ignore_ascii_case(b"kind") {
                self.string(value, "SimpleHead.kind", &mut head.kind);
            } else if key.eq_ignore_ascii_case(b"metadata") {
                self.metadata(value, head);
            }
        }
    }

    fn metadata(&mut self, value: &Value, head: &mut Head) {
        match value {
            // A nil pointer again.
            Value::Nil => {
                head.name.clear();
                head.annotations.clear();
            }
            Value::Map(id) => {
                for (key, value) in self.heap.map(*id).entries() {
                    if key.eq_ignore_ascii_case(b"name") {
                        self.string(value, ".metadata.name", &mut head.name);
                    } else if key.eq_ignore_ascii_case(b"annotations") {
                        self.annotations(value, head);
                    }
                }
            }
            other => self.mismatch(
                other,
                "SimpleHead.metadata",
                r#"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#,
            ),
        }
    }

    fn annotations(&mut self, value: &Value, head: &mut Head) {
        match value {
            Value::Nil => head.annotations.clear(),
            Value::Map(id) => {
                for (key, value) in self.heap.map(*id).entries() {
                    let mut text = String::new();
                    self.string(value, ".metadata.annotations", &mut text);
                    let key = key.to_text().into_owned();
                    head.annotations.retain(|(k, _)| *k != key);
                    head.annotations.push((key, text));
                }
            }
            other => self.mismatch(other, ".metadata.annotations", "map[string]string"),
        }
    }

    /// A string field; `sigs.k8s.io/yaml` turns other scalars into text where a string is wanted.
    fn string(&mut self, value: &Value, field: &str, into: &mut String) {
        let text: Cow<'_, str> = match value {
            Value::Nil => return,
            Value::Str(s) => s.to_text(),
            Value::Bool(b) => b.to_string().into(),
            Value::Int(n, _) => n.to_string().into(),
            Value::Uint(n, _) => n.to_string().into(),
            // As the number of half the size that is nearest.
            Value::Float(x, _) => windlass_value::fmt::format_float(*x, b'g', -1, 32).into(),
            other => return self.mismatch(other, field, "string"),
        };
        text.as_ref().clone_into(into);
    }

    fn mismatch(&mut self, value: &Value, field: &str, wanted: &str) {
        let kind = json_kind(value);
        self.first_error.get_or_insert_with(|| {
            format!("cannot unmarshal {kind} into Go struct field {field} of type {wanted}")
        });
    }
}

#[cfg(test)]
mod tests;
