//! JSON pointers, and [`Place`]: a document's URL with a pointer into it.

use std::fmt;
use std::rc::Rc;

use windlass_url::{Url, path_escape, path_unescape};
use windlass_value::fmt::atoi;

use super::error::Fault;
use super::json::Json;

/// A value within a document.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) url: Rc<str>,
    /// A JSON pointer.
    pub(super) pointer: Rc<str>,
}

/// The name of a schema that is put together of vocabularies, and lies in no document.
pub(super) const COMBINED: &str = "urn:mem:metaschema";

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self.url == *COMBINED {
            return f.write_str(COMBINED);
        }
        write!(f, "{}#{}", self.url, as_fragment(&self.pointer))
    }
}

impl Place {
    pub(super) fn new(url: &Rc<str>, pointer: impl Into<Rc<str>>) -> Self {
        Self {
            url: Rc::clone(url),
            pointer: pointer.into(),
        }
    }

    /// The place of a member.
    pub(super) fn member(&self, keyword: &str) -> Self {
        Self::new(&self.url, format!("{}/{}", self.pointer, escape(keyword)))
    }

    /// The place of a member's member.
    pub(super) fn grandchild(&self, keyword: &str, key: &str) -> Self {
        Self::new(
            &self.url,
            format!("{}/{}/{}", self.pointer, escape(keyword), escape(key)),
        )
    }

    /// The value there.
    pub(super) fn lookup<'a>(&self, document: &'a Json) -> Result<&'a Json, Fault> {
        let mut value = document;
        for token in self.pointer.split('/').skip(1) {
            let Some(token) = unescape(token) else {
                return Err(Fault::InvalidPointer(self.to_string()));
            };
            let found = match value {
                Json::Object(_) => value.get(&token),
                Json::Array(items) => {
                    let index = atoi(token.as_bytes()).ok();
                    index
                        .and_then(|i| usize::try_from(i).ok())
                        .and_then(|i| items.get(i))
                }
                _ => None,
            };
            value = found.ok_or_else(|| Fault::PointerNotFound(self.to_string()))?;
        }
        Ok(value)
    }
}

/// A pointer as the fragment of a URL.
pub(super) fn as_fragment(pointer: &str) -> String {
    let tokens = pointer.split('/').map(|t| path_escape(t.as_bytes()));
    // What is not ASCII is escaped.
    String::from_utf8_lossy(&tokens.collect::<Vec<_>>().join(&b'/')).into_owned()
}

/// A token of a pointer.
pub(super) fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

fn unescape(token: &str) -> Option<String> {
    let mut parts = token.split('~');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut chars = part.chars();
        out.push(match chars.next()? {
            '0' => '~',
            '1' => '/',
            _ => return None,
        });
        out.push_str(chars.as_str());
    }
    Some(out)
}

/// What follows the `#` of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fragment {
    Pointer(String),
    Anchor(String),
}

impl Fragment {
    fn new(text: String) -> Self {
        if text.is_empty() || text.starts_with('/') {
            Self::Pointer(text)
        } else {
            Self::Anchor(text)
        }
    }

    pub(super) fn text(&self) -> &str {
        match self {
            Self::Pointer(text) | Self::Anchor(text) => text,
        }
    }
}

/// Splits a reference into URL and fragment.
pub(super) fn split_fragment(reference: &str) -> Result<(&str, Fragment), Fault> {
    let (url, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    match path_unescape(fragment.as_bytes()) {
        Ok(text) => Ok((url, Fragment::new(super::json::decode_text(text)))),
        Err(cause) => Err(Fault::Url {
            url: reference.to_owned(),
            cause: cause.to_string(),
        }),
    }
}

/// What a reference means within a document of some base URL.
pub(super) fn join(base: &str, reference: &str) -> Result<(Rc<str>, Fragment), Fault> {
    let fault = |url: &str, cause: String| Fault::Url {
        url: url.to_owned(),
        cause,
    };
    let mut base_url = Url::parse(base.as_bytes()).map_err(|e| fault(base, e.to_string()))?;
    base_url.fragment.clear();
    let (text, fragment) = split_fragment(reference)?;
    let url = Url::parse(text.as_bytes()).map_err(|e| fault(text, e.to_string()))?;
    let mut resolved = base_url.resolve(&url);
    if url.scheme.is_empty() && !base_url.opaque.is_empty() {
        resolved.opaque = base_url.opaque;
    }
    Ok((resolved.to_string().into(), fragment))
}
