//! [`documents`]: a stream split at its `---` lines, as `k8s.io/apimachinery`'s `YAMLReader` does.
//!
//! This looks at lines only and knows nothing of YAML: a `---` line inside of a block scalar splits
//! as well.

use crate::error::{Error, Result, Stage};

/// The documents of a stream, for [`crate::parse_map`] one by one: how Helm 4 loads values files.
pub fn documents(text: &[u8]) -> Documents<'_> {
    Documents { rest: text }
}

/// See [`documents`].
#[derive(Debug, Clone)]
pub struct Documents<'a> {
    rest: &'a [u8],
}

const SEPARATOR: &[u8] = b"---";

impl Iterator for Documents<'_> {
    type Item = Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut document = Vec::new();
        while !self.rest.is_empty() {
            let line = self.take_line();
            if let Some(after) = line.strip_prefix(SEPARATOR) {
                if let Some(problem) = separator_problem(after) {
                    self.rest = b"";
                    return Some(Err(Error::new(Stage::Split, problem)));
                }
                if !document.is_empty() {
                    return Some(Ok(document));
                }
            }
            document.extend_from_slice(line);
            document.push(b'\n');
        }
        (!document.is_empty()).then_some(Ok(document))
    }
}

impl<'a> Documents<'a> {
    /// The next line without its end.
    fn take_line(&mut self) -> &'a [u8] {
        let length = memchr::memchr(b'\n', self.rest);
        let (line, rest) = match length {
            Some(n) => (&self.rest[..n], &self.rest[n + 1..]),
            None => (self.rest, &b""[..]),
        };
        self.rest = rest;
        match line {
            [line @ .., b'\r'] if length.is_some() => line,
            _ => line,
        }
    }
}

/// Only a comment may follow the dashes.
fn separator_problem(after: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(after);
    let text = text.trim();
    (!text.is_empty() && !text.starts_with('#'))
        .then(|| format!("invalid Yaml document separator: {text}"))
}
