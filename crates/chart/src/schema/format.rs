//! The `format` keyword: what each format takes, and the words for what it does not take.

mod email;
mod host;
mod pointer;
mod time;
mod uri;
mod version;

/// Checks a text; the error says what is wrong with it.
type Check = fn(&str) -> Result<(), String>;

/// A known format.
#[derive(Debug, Clone, Copy)]
pub(super) struct Format {
    pub(super) name: &'static str,
    check: Check,
}

impl Format {
    /// The format of a name, if it is a known one; others are not checked.
    pub(super) fn find(name: &str) -> Option<Self> {
        FORMATS
            .iter()
            .find(|(known, _)| *known == name)
            .map(|&(name, check)| Self { name, check })
    }

    pub(super) fn check(self, text: &str) -> Result<(), String> {
        (self.check)(text)
    }
}

const FORMATS: &[(&str, Check)] = &[
    ("date", time::date),
    ("date-time", time::date_time),
    ("duration", time::duration),
    ("email", email::email),
    ("hostname", host::hostname),
    ("ipv4", host::ipv4),
    ("ipv6", host::ipv6),
    ("iri", uri::uri),
    ("iri-reference", uri::reference),
    ("json-pointer", pointer::json_pointer),
    ("period", time::period),
    ("regex", regex),
    ("relative-json-pointer", pointer::relative),
    ("semver", version::semver),
    ("time", time::time),
    ("uri", uri::uri),
    ("uri-reference", uri::reference),
    ("uri-template", uri::template),
    ("uuid", version::uuid),
];

fn regex(text: &str) -> Result<(), String> {
    windlass_regexp::check(text.as_bytes()).map_err(|e| e.to_string())
}

/// Fails with a message.
fn fail(message: &str) -> Result<(), String> {
    Err(message.to_owned())
}
