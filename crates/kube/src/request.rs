//! A request to an API server as data: where to, what with, and what it is about.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::Method;
use windlass_plan::cluster::Mapping;

/// JSON, and nothing else.
pub(crate) const JSON: &str = "application/json";

/// Whether a request is sent again of which nobody knows what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    /// Twice is not the same as once.
    Never,
    /// It may be, but there is no need to insist where the server fails.
    WhenBroken,
    /// It may be, and is.
    Always,
}

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// From the server's root, escaped.
    pub(crate) path: String,
    /// In the order in which Go's client writes them: by name.
    pub(crate) query: BTreeMap<&'static str, String>,
    pub(crate) accept: &'static str,
    pub(crate) body: Option<(&'static str, Bytes)>,
    /// What it is about, for the words of a failure that says nothing itself: `secrets`, `deployments.apps`.
    pub(crate) resource: String,
    pub(crate) name: String,
    /// Whether a failure's own words are left unread, as client-go does with answers it does not decode.
    pub(crate) raw: bool,
    /// Whether the answer comes in pieces over a long time.
    pub(crate) streams: bool,
    /// Whether the answer is asked for as it is: packing it would take the server longer than sending it.
    pub(crate) plain: bool,
    /// The entity tag of what is known already.
    pub(crate) known: Option<String>,
    pub(crate) again: Again,
    /// Why it cannot be sent.
    pub(crate) invalid: Option<String>,
}

impl Request {
    /// A request for a path that is about no object.
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            query: BTreeMap::new(),
            accept: JSON,
            body: None,
            resource: String::new(),
            name: String::new(),
            raw: false,
            streams: false,
            plain: false,
            known: None,
            again: Again::Always,
            invalid: None,
        }
    }

    /// A request about a kind, or one object of it where the name is not empty.
    pub(crate) fn about(method: Method, mapping: &Mapping, namespace: &str, name: &str) -> Self {
        let mut path = root(&mapping.group, &mapping.version);
        if mapping.namespaced && !namespace.is_empty() {
            path.push_str("/namespaces/");
            path.push_str(&escape_segment(namespace));
        }
        path.push('/');
        path.push_str(&mapping.plural);
        if !name.is_empty() {
            path.push('/');
            path.push_str(&escape_segment(name));
        }
        let resource = if mapping.group.is_empty() {
            mapping.plural.clone()
        } else {
            format!("{}.{}", mapping.plural, mapping.group)
        };
        Self {
            invalid: invalid("namespace", namespace).or_else(|| invalid("resource name", name)),
            method,
            resource,
            name: name.to_owned(),
            ..Self::get(path)
        }
    }

    /// Adds a parameter, unless it is empty.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.query.insert(name, value);
        }
        self
    }

    /// Adds a part to the path: `log`.
    pub(crate) fn below(mut self, part: &str) -> Self {
        self.path.push('/');
        self.path.push_str(part);
        self
    }

    /// Sends JSON of some media type.
    pub(crate) fn sending(mut self, media_type: &'static str, body: Vec<u8>) -> Self {
        self.body = Some((media_type, body.into()));
        self
    }

    /// Path and query.
    pub(crate) fn target(&self) -> String {
        if self.query.is_empty() {
            return self.path.clone();
        }
        let pairs = self.query.iter();
        let pairs = pairs.map(|(name, value)| format!("{name}={}", escape_query(value)));
        format!("{}?{}", self.path, pairs.collect::<Vec<_>>().join("&"))
    }
}

/// Where the kinds of a version are served.
pub(crate) fn root(group: &str, version: &str) -> String {
    if group.is_empty() {
        format!("/api/{version}")
    } else {
        format!("/apis/{group}/{version}")
    }
}

/// Why a text cannot be a part of a path, in client-go's words.
fn invalid(what: &str, text: &str) -> Option<String> {
    let quoted = windlass_value::fmt::quote(text.as_bytes());
    let reasons = match text {
        "." => "may not be '.'",
        ".." => "may not be '..'",
        _ => match (text.contains('/'), text.contains('%')) {
            (true, true) => "may not contain '/' may not contain '%'",
            (true, false) => "may not contain '/'",
            (false, true) => "may not contain '%'",
            (false, false) => return None,
        },
    };
    Some(format!("invalid {what} {quoted}: [{reasons}]"))
}

fn escape_query(text: &str) -> String {
    escape(text, |byte| b"-_.~".contains(&byte)).replace("%20", "+")
}

fn escape_segment(text: &str) -> String {
    escape(text, |byte| b"-_.~$&+=:@".contains(&byte))
}

fn escape(text: &str, plain: impl Fn(u8) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || plain(byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
