//! Reading: what Go's `Unmarshal` makes of a record, without building what stays text.
//!
//! Null leaves a field as it was, unknown fields are carried along, and a field of another type than
//! it should be makes the whole record unreadable.

use serde::Deserialize;
use serde_json::value::RawValue;
use windlass_time::{RFC3339, Time};
use windlass_value::{Heap, json};

use super::fields::Fields;
use super::{MAX_ITEMS, MAX_VALUES};
use crate::chart::{Content, StoredChart, StoredFile};
use crate::hook::{Hook, HookExecution};
use crate::json::Json;
use crate::release::{Info, Release};
use crate::store::Detail;
use crate::words::ApplyMethod;

/// A text is not a record.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// It is not Base64.
    #[error("illegal base64 data at input byte {0}")]
    Base64(usize),
    /// The packed part ends too early.
    #[error("unexpected EOF")]
    Truncated,
    /// The packed part is damaged.
    #[error("gzip: invalid checksum")]
    Gzip(#[source] std::io::Error),
    /// It would inflate past what any real record needs.
    #[error("the record is larger than {} bytes", super::MAX_INFLATED)]
    TooLarge,
    /// It holds more values than any real record.
    #[error("the record holds more than {} values", super::MAX_VALUES)]
    TooManyValues,
    /// A list in it is longer than any real record's.
    #[error("{field} has more than {} elements", super::MAX_ITEMS)]
    TooManyItems {
        /// Struct and path.
        field: String,
    },
    /// It is not JSON; Go's reason.
    #[error("{0}")]
    Syntax(String),
    /// A field is not what it should be.
    #[error("json: cannot unmarshal {found} into Go struct field {field} of type {wanted}")]
    Field {
        /// What is there.
        found: &'static str,
        /// Struct and path.
        field: String,
        /// Go's type.
        wanted: &'static str,
    },
    /// A time cannot be read; Go's reason.
    #[error("{0}")]
    Time(String),
}

type Result<T> = std::result::Result<T, DecodeError>;

pub(super) fn release(bytes: &[u8], detail: Detail) -> Result<Release> {
    if !has_few_values(bytes) {
        return Err(DecodeError::TooManyValues);
    }
    let text = String::from_utf8_lossy(bytes);
    let raw: &RawValue = serde_json::from_str(&text).map_err(|e| syntax(bytes, &e))?;
    let mut release = Release::default();
    let at = Place {
        path: "Release",
        detail,
    };
    each_field(raw, &at, "release.Release", |key, value, at| {
        match key {
            "name" => at.text(value, &mut release.name)?,
            "info" => info(value, &at, &mut release.info)?,
            "chart" => release.chart = chart(value, &at)?,
            "config" => release.config = at.map(value)?,
            "manifest" => at.heavy_text(value, &mut release.manifest)?,
            "hooks" if detail == Detail::Full => {
                release.hooks = at.list(value, hook)?.unwrap_or_default();
            }
            "hooks" => {}
            "version" => at.number(value, &mut release.version)?,
            "namespace" => at.text(value, &mut release.namespace)?,
            "apply_method" => {
                let mut method = String::new();
                at.text(value, &mut method)?;
                let known = (!method.is_empty()).then(|| ApplyMethod::from(method.as_str()));
                release.apply_method = known;
            }
            _ => release.extra.push((key.to_owned(), Json::from_raw(value))),
        }
        Ok(())
    })?;
    Ok(release)
}

/// Whether a JSON text holds no more values than it may. Each is followed by a sign outside of texts, but the last
/// ones of lists and maps, which are preceded by one.
fn has_few_values(json: &[u8]) -> bool {
    // A sign is a byte.
    if json.len() <= MAX_VALUES {
        return true;
    }
    let (mut rest, mut count) = (json, 0_usize);
    while count <= MAX_VALUES {
        let quote = memchr::memchr(b'"', rest).unwrap_or(rest.len());
        let (outside, text) = rest.split_at(quote);
        let opens = |b: &&u8| matches!(b, b',' | b'[' | b'{');
        count += outside.iter().filter(opens).count();
        match text.get(1..) {
            Some(text) => rest = after_text(text),
            None => return count <= MAX_VALUES,
        }
    }
    false
}

/// What follows a text whose opening quote is behind us.
fn after_text(mut text: &[u8]) -> &[u8] {
    while let Some(at) = memchr::memchr2(b'"', b'\\', text) {
        let escaped = usize::from(text[at] == b'\\');
        text = text.get(at + 1 + escaped..).unwrap_or_default();
        if escaped == 0 {
            return text;
        }
    }
    &[]
}

/// Go's words for what is no JSON at all.
fn syntax(bytes: &[u8], error: &serde_json::Error) -> DecodeError {
    let go = json::unmarshal(&mut Heap::new(), bytes);
    DecodeError::Syntax(
        go.err()
            .map_or_else(|| error.to_string(), |e| e.to_string()),
    )
}

fn info(raw: &RawValue, at: &Place<'_>, info: &mut Info) -> Result<()> {
    each_field(raw, at, "release.Info", |key, value, at| {
        match key {
            "first_deployed" => at.time(value, &mut info.first_deployed)?,
            "last_deployed" => at.time(value, &mut info.last_deployed)?,
            "deleted" => at.time(value, &mut info.deleted)?,
            "description" => at.text(value, &mut info.description)?,
            "status" => {
                let mut status = String::new();
                at.text(value, &mut status)?;
                info.status = status.as_str().into();
            }
            "rollback_revision" => at.number(value, &mut info.rollback_revision)?,
            "notes" => at.heavy_text(value, &mut info.notes)?,
            // Helm shows resources with a release, and never stores them.
            "resources" => {}
            _ => info.extra.push((key.to_owned(), Json::from_raw(value))),
        }
        Ok(())
    })
}

fn hook(raw: &RawValue, at: &Place<'_>) -> Result<Hook> {
    let mut hook = Hook::default();
    each_field(raw, at, "release.Hook", |key, value, at| {
        match key {
            "name" => at.text(value, &mut hook.name)?,
            "kind" => at.text(value, &mut hook.kind)?,
            "path" => at.text(value, &mut hook.path)?,
            "manifest" => at.text(value, &mut hook.manifest)?,
            "events" => hook.events = at.words(value)?,
            "last_run" => hook.last_run = execution(value, &at)?,
            "weight" => at.number(value, &mut hook.weight)?,
            "delete_policies" => hook.delete_policies = at.words(value)?,
            "output_log_policies" => hook.output_log_policies = at.words(value)?,
            _ => hook.extra.push((key.to_owned(), Json::from_raw(value))),
        }
        Ok(())
    })?;
    Ok(hook)
}

fn execution(raw: &RawValue, at: &Place<'_>) -> Result<HookExecution> {
    let mut run = HookExecution::default();
    each_field(raw, at, "release.HookExecution", |key, value, at| {
        match key {
            "started_at" => at.time(value, &mut run.started_at)?,
            "completed_at" => at.time(value, &mut run.completed_at)?,
            "phase" => {
                let mut phase = String::new();
                at.text(value, &mut phase)?;
                run.phase = phase.as_str().into();
            }
            _ => {}
        }
        Ok(())
    })?;
    Ok(run)
}

fn chart(raw: &RawValue, at: &Place<'_>) -> Result<Option<StoredChart>> {
    if raw.get() == "null" {
        return Ok(None);
    }
    let full = at.detail == Detail::Full;
    let mut chart = StoredChart::empty();
    each_field(raw, at, "chart.Chart", |key, value, at| {
        match key {
            "metadata" => chart.metadata = at.map(value)?.unwrap_or_else(Json::null),
            "modtime" => at.time(value, &mut chart.modified)?,
            "schemamodtime" => at.time(value, &mut chart.schema_modified)?,
            _ if !full => {}
            "lock" => chart.lock = at.map(value)?.unwrap_or_else(Json::null),
            "templates" => chart.templates = at.list(value, file)?,
            "values" => chart.values = at.map(value)?.unwrap_or_else(Json::null),
            "schema" => chart.schema = at.content(value)?,
            "files" => chart.files = at.list(value, file)?,
            _ => chart.extra.push((key.to_owned(), Json::from_raw(value))),
        }
        Ok(())
    })?;
    Ok(Some(chart))
}

fn file(raw: &RawValue, at: &Place<'_>) -> Result<StoredFile> {
    let mut file = StoredFile {
        name: String::new(),
        data: None,
        modified: Time::default(),
    };
    each_field(raw, at, "chart.File", |key, value, at| {
        match key {
            "name" => at.text(value, &mut file.name)?,
            "data" => file.data = at.content(value)?,
            "modtime" => at.time(value, &mut file.modified)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(file)
}

fn each_field<'a>(
    raw: &'a RawValue,
    at: &Place<'_>,
    wanted: &'static str,
    mut read: impl FnMut(&str, &'a RawValue, Place<'_>) -> Result<()>,
) -> Result<()> {
    if raw.get() == "null" {
        return Ok(());
    }
    let fields: Fields<'a> = at.parse(raw, wanted)?;
    for (key, value) in &fields.0 {
        let path = format!("{}.{key}", at.path);
        let at = Place {
            path: &path,
            detail: at.detail,
        };
        read(key, value, at)?;
    }
    Ok(())
}

/// Where in the record we are, and how much of it is wanted.
struct Place<'p> {
    path: &'p str,
    detail: Detail,
}

impl Place<'_> {
    fn parse<'a, T: Deserialize<'a>>(&self, raw: &'a RawValue, wanted: &'static str) -> Result<T> {
        serde_json::from_str(raw.get()).map_err(|_| DecodeError::Field {
            found: kind(raw),
            field: self.path.to_owned(),
            wanted,
        })
    }

    fn text(&self, raw: &RawValue, into: &mut String) -> Result<()> {
        if let Some(text) = self.parse(raw, "string")? {
            *into = text;
        }
        Ok(())
    }

    /// A text that a summary does without.
    fn heavy_text(&self, raw: &RawValue, into: &mut String) -> Result<()> {
        match self.detail {
            Detail::Full => self.text(raw, into),
            Detail::Summary | Detail::Newest => Ok(()),
        }
    }

    fn number(&self, raw: &RawValue, into: &mut i64) -> Result<()> {
        if let Some(number) = self.parse(raw, "int")? {
            *into = number;
        }
        Ok(())
    }

    fn time(&self, raw: &RawValue, into: &mut Time) -> Result<()> {
        let text: Option<String> = self.parse(raw, "time.Time")?;
        if let Some(text) = text.filter(|t| !t.is_empty()) {
            let time = windlass_time::parse(RFC3339, text.as_bytes());
            *into = time.map_err(|e| DecodeError::Time(e.to_string()))?;
        }
        Ok(())
    }

    fn words<W: for<'w> From<&'w str>>(&self, raw: &RawValue) -> Result<Vec<W>> {
        let words: Option<Vec<Option<String>>> = self.parse(raw, "[]string")?;
        let words = words.unwrap_or_default();
        let word = |w: &Option<String>| W::from(w.as_deref().unwrap_or_default());
        Ok(words.iter().map(word).collect())
    }

    fn list<T>(
        &self,
        raw: &RawValue,
        one: impl Fn(&RawValue, &Place<'_>) -> Result<T>,
    ) -> Result<Option<Vec<T>>> {
        let items: Option<Vec<&RawValue>> = self.parse(raw, "[]interface {}")?;
        if items.as_ref().is_some_and(|items| items.len() > MAX_ITEMS) {
            let field = self.path.to_owned();
            return Err(DecodeError::TooManyItems { field });
        }
        let read = |items: Vec<&RawValue>| items.into_iter().map(|i| one(i, self)).collect();
        items.map(read).transpose()
    }

    /// An object that stays text.
    fn map(&self, raw: &RawValue) -> Result<Option<Json>> {
        match kind(raw) {
            "null" => Ok(None),
            "object" if self.detail != Detail::Full && self.path.ends_with(".config") => Ok(None),
            "object" => Ok(Some(Json::from_raw(raw))),
            found => Err(DecodeError::Field {
                found,
                field: self.path.to_owned(),
                wanted: "map[string]interface {}",
            }),
        }
    }

    fn content(&self, raw: &RawValue) -> Result<Option<Content>> {
        let text: Option<String> = self.parse(raw, "[]uint8")?;
        Ok(text.map(Content::from_base64))
    }
}

fn kind(raw: &RawValue) -> &'static str {
    match raw.get().as_bytes().first() {
        Some(b'{') => "object",
        Some(b'[') => "array",
        Some(b'"') => "string",
        Some(b't' | b'f') => "bool",
        Some(b'n') => "null",
        _ => "number",
    }
}
