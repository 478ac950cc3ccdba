//! JSON objects in the order of Go's structs, and what lists say of charts.

use windlass_release::Release;
use windlass_value::json;

/// An object in the making.
pub(crate) struct Line(Vec<u8>);

impl Line {
    pub(crate) fn new() -> Self {
        Self(vec![b'{'])
    }

    fn key(&mut self, key: &str) {
        if self.0.len() > 1 {
            self.0.push(b',');
        }
        json::append_string(&mut self.0, key.as_bytes(), true);
        self.0.push(b':');
    }

    /// A field that is text.
    pub(crate) fn text(&mut self, key: &str, text: &str) {
        self.key(key);
        json::append_string(&mut self.0, text.as_bytes(), true);
    }

    /// A field that is JSON already.
    pub(crate) fn raw(&mut self, key: &str, json: &str) {
        self.key(key);
        self.0.extend_from_slice(json.as_bytes());
    }

    pub(crate) fn finish(mut self) -> String {
        self.0.push(b'}');
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

/// What is said where a record has no chart, which should not be.
const MISSING: &str = "MISSING";

/// `NAME-VERSION` of a release's chart.
pub(crate) fn chart_name(release: &Release) -> String {
    match &release.chart {
        Some(chart) if !chart.metadata.is_null() => {
            format!("{}-{}", chart.name(), chart.version())
        }
        _ => MISSING.to_owned(),
    }
}

/// The version of the application in a release's chart.
pub(crate) fn app_version(release: &Release) -> String {
    match &release.chart {
        Some(chart) if !chart.metadata.is_null() => chart.app_version(),
        _ => MISSING.to_owned(),
    }
}
