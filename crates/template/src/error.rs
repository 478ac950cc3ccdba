//! Errors as Go's `text/template` words them, with their place as data beside the words.

use std::sync::OnceLock;

use windlass_value::Str;
use windlass_value::func::CallError;

/// Where in the templates something went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The name of the file's template, as parsed: `chart/templates/a.yaml`.
    pub file: String,
    /// Line from 1.
    pub line: u32,
    /// Column in bytes, from 0, as Go counts it; `None` for parse errors, which have none.
    pub column: Option<u32>,
    /// The template being executed (a file's or a `define`'s name).
    pub executing: String,
    /// The node's text as Go prints it.
    pub context: String,
    /// The same place in the text itself.
    pub spot: Spot,
}

/// A place in a template's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The name the text was parsed under.
    pub file: String,
    /// The text.
    pub text: Str,
    /// The byte.
    pub offset: usize,
}

/// What sort of error one layer is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text of a template does not parse (`template: NAME:LINE: …`).
    Parse(Spot),
    /// Execution failed at a place: Go's `ExecError`.
    Exec(Frame),
    /// A function's own error or another message without place.
    Message,
    /// A limit was passed; the name of the limit.
    Limit(&'static str),
}

/// One layer of an error and what it wraps, as Go's chain of `Unwrap`.
///
/// Layers of the same text that Go has on top of each other (an `ExecError` and the `fmt` error in
/// it) are one here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Layer>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Layer {
    kind: ErrorKind,
    /// The layer's own words; the text of what it wraps follows if `continues`.
    own: String,
    continues: bool,
    wrapped: Option<Error>,
    /// The whole text, made when it is first asked for: an error that comes up through a thousand
    /// nested templates would otherwise be copied at each of them.
    whole: OnceLock<String>,
}

impl Error {
    /// A message without place: what a function returns.
    pub fn message(text: impl Into<String>) -> Self {
        Self::layer(ErrorKind::Message, text, None)
    }

    /// A layer of a kind around another error (`fmt.Errorf` with `%w`); `text` is the whole text.
    pub fn layer(kind: ErrorKind, text: impl Into<String>, wrapped: Option<Self>) -> Self {
        Self::new(kind, text.into(), false, wrapped)
    }

    /// A layer whose text is a prefix and the text of the error it wraps.
    pub fn prefixed(kind: ErrorKind, prefix: impl Into<String>, wrapped: Self) -> Self {
        Self::new(kind, prefix.into(), true, Some(wrapped))
    }

    fn new(kind: ErrorKind, own: String, continues: bool, wrapped: Option<Self>) -> Self {
        Self(Box::new(Layer {
            kind,
            own,
            continues,
            wrapped,
            whole: OnceLock::new(),
        }))
    }

    /// What sort this layer is.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The whole text, as Go's `Error()`.
    #[must_use]
    pub fn text(&self) -> &str {
        if !self.0.continues {
            return &self.0.own;
        }
        self.0.whole.get_or_init(|| {
            let mut text = String::new();
            for layer in self.chain() {
                text.push_str(&layer.0.own);
                if !layer.0.continues {
                    break;
                }
            }
            text
        })
    }

    /// What this layer says before the text of what it wraps.
    #[must_use]
    pub fn own(&self) -> &str {
        &self.0.own
    }

    /// The next layer, as Go's `errors.Unwrap`.
    #[must_use]
    pub fn wrapped(&self) -> Option<&Self> {
        self.0.wrapped.as_ref()
    }

    /// The text as far as the next place in the templates: of a layer that has a place, all that is
    /// its own, and the beginning of the next one's. Unlike [`Self::text`] it is made anew, so that
    /// asking each of a thousand layers stays cheap.
    #[must_use]
    pub fn text_to_next_place(&self) -> String {
        let mut text = String::new();
        for (i, layer) in self.chain().enumerate() {
            text.push_str(&layer.0.own);
            let placed = i > 0 && matches!(layer.kind(), ErrorKind::Exec(_));
            if placed || !layer.0.continues {
                break;
            }
        }
        text
    }

    /// The limit that was passed, if one was.
    #[must_use]
    pub fn limit(&self) -> Option<&'static str> {
        self.chain().find_map(|layer| match layer.kind() {
            ErrorKind::Limit(name) => Some(*name),
            _ => None,
        })
    }

    /// This layer and all below, outermost first.
    pub fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |e| e.wrapped())
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.text())
    }
}

impl std::error::Error for Error {}

impl From<CallError> for Error {
    fn from(e: CallError) -> Self {
        Self::message(e.0)
    }
}

impl From<String> for Error {
    fn from(text: String) -> Self {
        Self::message(text)
    }
}

impl From<&str> for Error {
    fn from(text: &str) -> Self {
        Self::message(text)
    }
}
