//! Reading values.yaml and values files.

use windlass_value::{Heap, MapId};

use crate::compat::Compat;
use crate::values::tables;

/// A values file does not parse; the texts are Helm's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// The file, or its first document, is not the YAML of a map.
    #[error("{0}")]
    Yaml(String),
    /// One document of several is not the YAML of a map.
    #[error("cannot unmarshal yaml document: {0}")]
    Document(String),
    /// A line begins with `---` and goes on with other things than a comment.
    #[error("error reading yaml document: invalid Yaml document separator: {0}")]
    Separator(String),
}

/// Reads a values file: the first document, or all of them merged, as the compat dial says.
///
/// # Errors
/// [`ParseError`], with Helm's words.
pub fn read(heap: &mut Heap, data: &[u8], compat: Compat) -> Result<MapId, ParseError> {
    if !compat.merges_value_documents() {
        return windlass_yaml::parse_map(heap, data).map_err(|e| ParseError::Yaml(e.to_string()));
    }
    let mut values = None;
    let mut documents = Documents { rest: data };
    while let Some(document) = documents.next()? {
        let map = windlass_yaml::parse_map(heap, document)
            .map_err(|e| ParseError::Document(e.to_string()))?;
        values = Some(match values {
            Some(before) => tables::merge_maps(heap, before, map),
            None => map,
        });
    }
    Ok(values.unwrap_or_else(|| heap.new_map()))
}

/// The documents of a file as Kubernetes' reader cuts them: at every line that begins with `---`,
/// whatever YAML would say of that line.
struct Documents<'a> {
    rest: &'a [u8],
}

impl<'a> Documents<'a> {
    fn next(&mut self) -> Result<Option<&'a [u8]>, ParseError> {
        let data = self.rest;
        let mut end = 0;
        while end < data.len() {
            let line_end = data[end..]
                .iter()
                .position(|&b| b == b'\n')
                .map_or(data.len(), |i| end + i + 1);
            let line = &data[end..line_end];
            if let Some(after) = line.strip_prefix(b"---") {
                check_separator(after)?;
                // The separator that opens a document stays with it.
                if end > 0 {
                    self.rest = &data[line_end..];
                    return Ok(Some(&data[..end]));
                }
            }
            end = line_end;
        }
        self.rest = &[];
        Ok((!data.is_empty()).then_some(data))
    }
}

fn check_separator(after: &[u8]) -> Result<(), ParseError> {
    let text = String::from_utf8_lossy(after);
    let trimmed = text.trim();
    if trimmed.is_empty() || trimmed.starts_with('#') {
        Ok(())
    } else {
        Err(ParseError::Separator(trimmed.to_owned()))
    }
}
