//! [`Documents`]: the objects of a text that is YAML or JSON, as Kubernetes' decoder tells them apart.
//!
//! A text that begins with a brace is read as a stream of JSON values until that fails. If it failed
//! soon the rest is read as YAML; where that fails too it is the JSON error that is told.

use windlass_chart::compat::Compat;
use windlass_value::Heap;

use crate::object::{JsonError, Object, json_prefix};

/// How far the decoder looks for a brace.
const PEEK: usize = 4096;
/// So many documents of a text are looked at: some rules search the whole text for each.
const MAX_DOCUMENTS: usize = 20_000;
/// So many bytes may be searched that way.
const MAX_SEARCHED: usize = 8 << 30;
/// The decoder looks at so many bytes at once when it skips blanks, and gives up where fewer are left.
const BLANK_WINDOW: usize = 4;

/// An iterator over the objects; a document that is null gives none. Ends after an error.
pub(crate) struct Documents<'t> {
    text: &'t [u8],
    compat: Compat,
    language: Language<'t>,
    /// Objects read so far.
    count: usize,
}

enum Language<'t> {
    /// JSON, read up to here.
    Json(usize),
    Yaml(windlass_yaml::Documents<'t>),
    Over,
}

type Document = Result<Option<Object>, String>;

impl<'t> Documents<'t> {
    pub(crate) fn new(text: &'t [u8], compat: Compat) -> Self {
        let head = &text[..text.len().min(PEEK)];
        let language = if String::from_utf8_lossy(head).trim_start().starts_with('{') {
            Language::Json(0)
        } else {
            Language::Yaml(windlass_yaml::documents(text))
        };
        Self {
            text,
            compat,
            language,
            count: 0,
        }
    }

    fn json(&mut self, from: usize, slot: &mut Option<Object>) -> Option<Result<(), String>> {
        let mut heap = Heap::new();
        let problem = match json_prefix(&mut heap, &self.text[from..]) {
            Ok(None) => return None,
            Ok(Some((value, length))) => {
                match Object::read_json(slot, &heap, &value, self.compat) {
                    Ok(()) => {
                        self.language = Language::Json(from + length);
                        return Some(Ok(()));
                    }
                    Err(misfit) => (misfit, None),
                }
            }
            Err(JsonError::Cut) => ("unexpected EOF".to_owned(), None),
            Err(JsonError::Syntax { message, offset }) => (message, Some(from + offset)),
        };
        let (message, offset) = problem;
        if self.count > 1 {
            return Some(Err(message));
        }
        let error = match offset {
            Some(offset) => format!("json: offset {offset}: {message}"),
            None => message,
        };
        let Some(start) = self.skip_blanks(from) else {
            return Some(Err(error));
        };
        self.language = Language::Yaml(windlass_yaml::documents(&self.text[start..]));
        let read = self.yaml(slot)?;
        Some(read.map_err(|_| error))
    }

    /// Skips blanks up to the end of a line.
    fn skip_blanks(&self, mut at: usize) -> Option<usize> {
        while let Some(window) = self.text.get(at..at + BLANK_WINDOW) {
            let c = String::from_utf8_lossy(window).chars().next()?;
            if c == char::REPLACEMENT_CHARACTER {
                return None;
            }
            if !c.is_whitespace() {
                return Some(at);
            }
            at += c.len_utf8();
            if c == '\n' {
                return Some(at);
            }
        }
        None
    }

    fn yaml(&mut self, slot: &mut Option<Object>) -> Option<Result<(), String>> {
        let Language::Yaml(documents) = &mut self.language else {
            return None;
        };
        let read = documents.next()?.map_err(|e| e.to_string());
        Some(read.and_then(|text| Object::read_yaml(slot, &text, self.compat)))
    }
}

impl Iterator for Documents<'_> {
    type Item = Document;

    fn next(&mut self) -> Option<Document> {
        let mut slot = None;
        let searched = self.count.saturating_mul(self.text.len());
        let read = match self.language {
            Language::Json(_) | Language::Yaml(_)
                if self.count >= MAX_DOCUMENTS || searched > MAX_SEARCHED =>
            {
                Some(Err("limit exceeded: too many documents".to_owned()))
            }
            Language::Json(from) => self.json(from, &mut slot),
            Language::Yaml(_) => self.yaml(&mut slot),
            Language::Over => None,
        };
        match read {
            Some(Ok(())) => {
                self.count += 1;
                Some(Ok(slot))
            }
            Some(Err(error)) => {
                self.language = Language::Over;
                Some(Err(error))
            }
            None => {
                self.language = Language::Over;
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_without_end_are_refused() {
        let text = "---\nkind: a\n".repeat(MAX_DOCUMENTS + 1);
        let all: Vec<_> = Documents::new(text.as_bytes(), Compat::Helm4).collect();
        assert_eq!(all.len(), MAX_DOCUMENTS + 1);
        let last = all.last().map(|document| document.as_ref().map(|_| ()));
        assert_eq!(
            last,
            Some(Err(&"limit exceeded: too many documents".to_owned()))
        );
    }
}
