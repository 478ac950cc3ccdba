//! [`Note`]: why an object is not ready, in the words of either Helm.

use serde_json::Value;

use crate::field::text;

/// Why an object is not ready, for who asked to be told more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Helm 3's line.
    pub line: String,
    /// Helm 4's message.
    pub message: &'static str,
    /// And what it is about.
    pub attributes: Vec<(&'static str, String)>,
}

/// Whom a note is about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) kind: &'a str,
    pub(super) namespace: &'a str,
    pub(super) name: &'a str,
}

impl<'a> Subject<'a> {
    pub(super) fn of(object: &'a Value) -> Self {
        Self {
            kind: text(object, &["kind"], ""),
            namespace: text(object, &["metadata", "namespace"], ""),
            name: text(object, &["metadata", "name"], ""),
        }
    }

    /// A note whose words are the same in both.
    pub(super) fn plain(self, message: &'static str) -> Note {
        let Self {
            namespace, name, ..
        } = self;
        self.note(format!("{message}: {namespace}/{name}"), message, &[])
    }

    /// `Kind is not ready: namespace/name. …`
    pub(super) fn not_ready(
        self,
        detail: &str,
        message: &'static str,
        attributes: &[(&'static str, String)],
    ) -> Note {
        let Self {
            kind,
            namespace,
            name,
        } = self;
        let line = format!("{kind} is not ready: {namespace}/{name}. {detail}");
        self.note(line, message, attributes)
    }

    fn note(
        self,
        line: String,
        message: &'static str,
        attributes: &[(&'static str, String)],
    ) -> Note {
        let about = [
            ("namespace", self.namespace.to_owned()),
            ("name", self.name.to_owned()),
        ];
        Note {
            line,
            message,
            attributes: about
                .into_iter()
                .chain(attributes.iter().cloned())
                .collect(),
        }
    }
}
