//! Writing: fields in the order of Helm's structs, left out where Go's tags say so.

use windlass_chart::compat::Compat;
use windlass_time::Time;
use windlass_value::json;

use crate::chart::{Content, StoredChart, StoredFile};
use crate::hook::{Hook, HookExecution};
use crate::json::Json;
use crate::release::{Info, Release};

/// A record cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// A time cannot be; Go's reason.
    #[error("Time.MarshalJSON: {0}")]
    Time(&'static str),
}

type Written = Result<(), EncodeError>;

pub(super) fn release(
    record: &Release,
    compat: Compat,
    resources: Option<&Json>,
) -> Result<String, EncodeError> {
    written(record, compat, resources).map(|(json, _)| json)
}

/// The record, and where its chart and its manifest begin and end.
pub(super) fn release_in_parts(
    record: &Release,
    compat: Compat,
) -> Result<(String, Vec<usize>), EncodeError> {
    written(record, compat, None)
}

fn written(
    release: &Release,
    compat: Compat,
    resources: Option<&Json>,
) -> Result<(String, Vec<usize>), EncodeError> {
    let mut out = Writer::new(release.manifest.len() * 2);
    let mut cuts = Vec::new();
    out.object(|out| {
        out.text("name", &release.name);
        out.key("info");
        info(out, &release.info, compat, resources)?;
        cuts.push(out.0.len());
        if let Some(stored) = &release.chart {
            out.key("chart");
            chart(out, stored, compat)?;
        }
        cuts.push(out.0.len());
        if let Some(config) = release.config.as_ref().filter(|c| !c.is_empty_map()) {
            out.raw("config", config.as_str());
        }
        out.text("manifest", &release.manifest);
        cuts.push(out.0.len());
        if !release.hooks.is_empty() {
            out.key("hooks");
            out.list(&release.hooks, |out, h| hook(out, h, compat))?;
        }
        out.number("version", release.version);
        out.text("namespace", &release.namespace);
        if let Some(method) = &release.apply_method
            && compat.records_apply_method()
        {
            out.text("apply_method", method.as_str());
        }
        out.extra(&release.extra);
        Ok(())
    })?;
    Ok((out.finish(), cuts))
}

fn info(out: &mut Writer, info: &Info, compat: Compat, resources: Option<&Json>) -> Written {
    out.object(|out| {
        out.moment("first_deployed", &info.first_deployed, compat)?;
        out.moment("last_deployed", &info.last_deployed, compat)?;
        out.moment("deleted", &info.deleted, compat)?;
        out.text("description", &info.description);
        out.text("status", info.status.as_str());
        if compat.records_apply_method() {
            out.number("rollback_revision", info.rollback_revision);
        }
        out.text("notes", &info.notes);
        if let Some(resources) = resources.filter(|r| !r.is_empty_map()) {
            out.raw("resources", resources.as_str());
        }
        out.extra(&info.extra);
        Ok(())
    })
}

fn hook(out: &mut Writer, hook: &Hook, compat: Compat) -> Written {
    out.object(|out| {
        out.text("name", &hook.name);
        out.text("kind", &hook.kind);
        out.text("path", &hook.path);
        out.text("manifest", &hook.manifest);
        out.words("events", hook.events.iter().map(|e| e.as_str()));
        out.key("last_run");
        execution(out, &hook.last_run, compat)?;
        out.number("weight", hook.weight);
        out.words(
            "delete_policies",
            hook.delete_policies.iter().map(|p| p.as_str()),
        );
        out.words(
            "output_log_policies",
            hook.output_log_policies.iter().map(|p| p.as_str()),
        );
        out.extra(&hook.extra);
        Ok(())
    })
}

fn execution(out: &mut Writer, run: &HookExecution, compat: Compat) -> Written {
    out.object(|out| {
        out.moment("started_at", &run.started_at, compat)?;
        out.moment("completed_at", &run.completed_at, compat)?;
        out.key("phase");
        out.string(run.phase.as_str());
        Ok(())
    })
}

fn chart(out: &mut Writer, chart: &StoredChart, compat: Compat) -> Written {
    out.object(|out| {
        out.raw("metadata", chart.metadata.as_str());
        out.raw("lock", chart.lock.as_str());
        files(out, "templates", chart.templates.as_deref(), compat)?;
        out.raw("values", chart.values.as_str());
        out.key("schema");
        out.content(chart.schema.as_ref());
        if compat.records_apply_method() {
            out.key("schemamodtime");
            out.time(&chart.schema_modified)?;
        }
        files(out, "files", chart.files.as_deref(), compat)?;
        if compat.records_apply_method() && !chart.modified.is_zero() {
            out.key("modtime");
            out.time(&chart.modified)?;
        }
        out.extra(&chart.extra);
        Ok(())
    })
}

fn files(out: &mut Writer, key: &str, files: Option<&[StoredFile]>, compat: Compat) -> Written {
    let Some(files) = files else {
        out.raw(key, "null");
        return Ok(());
    };
    out.key(key);
    out.list(files, |out, file| {
        out.object(|out| {
            out.key("name");
            out.string(&file.name);
            out.key("data");
            out.content(file.data.as_ref());
            if compat.records_apply_method() && !file.modified.is_zero() {
                out.key("modtime");
                out.time(&file.modified)?;
            }
            Ok(())
        })
    })
}

/// JSON in the making.
struct Writer(Vec<u8>);

impl Writer {
    fn new(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    fn object(&mut self, fields: impl FnOnce(&mut Self) -> Written) -> Written {
        self.0.push(b'{');
        fields(self)?;
        self.0.push(b'}');
        Ok(())
    }

    fn list<T>(&mut self, items: &[T], one: impl Fn(&mut Self, &T) -> Written) -> Written {
        self.0.push(b'[');
        for item in items {
            self.separate(b'[');
            one(self, item)?;
        }
        self.0.push(b']');
        Ok(())
    }

    fn separate(&mut self, open: u8) {
        if self.0.last() != Some(&open) {
            self.0.push(b',');
        }
    }

    fn key(&mut self, key: &str) {
        self.separate(b'{');
        self.string(key);
        self.0.push(b':');
    }

    fn string(&mut self, text: &str) {
        json::append_string(&mut self.0, text.as_bytes(), true);
    }

    fn raw(&mut self, key: &str, json: &str) {
        self.key(key);
        self.0.extend_from_slice(json.as_bytes());
    }

    fn text(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.key(key);
            self.string(text);
        }
    }

    fn number(&mut self, key: &str, number: i64) {
        if number != 0 {
            self.raw(key, &number.to_string());
        }
    }

    fn words<'a>(&mut self, key: &str, words: impl ExactSizeIterator<Item = &'a str>) {
        if words.len() == 0 {
            return;
        }
        self.key(key);
        self.0.push(b'[');
        for word in words {
            self.separate(b'[');
            self.string(word);
        }
        self.0.push(b']');
    }

    fn content(&mut self, content: Option<&Content>) {
        match content {
            None => self.0.extend_from_slice(b"null"),
            Some(content) => self.string(content.as_base64()),
        }
    }

    /// A time that may not have come yet.
    fn moment(&mut self, key: &str, time: &Time, compat: Compat) -> Written {
        if !time.is_zero() {
            self.key(key);
            return self.time(time);
        }
        if !compat.omits_zero_times() {
            self.raw(key, "\"\"");
        }
        Ok(())
    }

    fn time(&mut self, time: &Time) -> Written {
        let text = time.to_rfc3339().map_err(EncodeError::Time)?;
        self.string(&text);
        Ok(())
    }

    fn extra(&mut self, fields: &[(String, Json)]) {
        for (key, value) in fields {
            self.raw(key, value.as_str());
        }
    }

    fn finish(self) -> String {
        String::from_utf8(self.0).expect("all that is written comes from text")
    }
}
