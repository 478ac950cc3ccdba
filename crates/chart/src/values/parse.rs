//! Reading values.yaml and values files.

use windlass_value::{Heap, MapId};

use crate::compat::Compat;
use crate::values::tables;

/// A values file does not parse; the texts are Helm's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseError {
    /// The first document is not the YAML of a map.
    #[error("{0}")]
    Yaml(windlass_yaml::Error),
    /// One document of several is not the YAML of a map.
    #[error("cannot unmarshal yaml document: {0}")]
    Document(windlass_yaml::Error),
    /// A line begins with `---` and goes on with other things than a comment.
    #[error("error reading yaml document: {0}")]
    Separator(windlass_yaml::Error),
    /// So many documents that merging them takes too much memory.
    #[error("yaml documents need more than {MAX_BYTES} bytes of memory together")]
    TooLarge,
}

/// What the documents of one file may take together. Each that is merged makes a map anew.
const MAX_BYTES: usize = 64 << 20;

/// Reads a values file: the first document, or all of them merged, as the compat dial says.
///
/// # Errors
/// [`ParseError`], with Helm's words.
pub fn read(heap: &mut Heap, data: &[u8], compat: Compat) -> Result<MapId, ParseError> {
    if !compat.merges_value_documents() {
        return windlass_yaml::parse_map(heap, data).map_err(ParseError::Yaml);
    }
    let before = heap.allocated();
    let mut values = None;
    for document in windlass_yaml::documents(data) {
        let document = document.map_err(ParseError::Separator)?;
        let map = windlass_yaml::parse_map(heap, &document).map_err(ParseError::Document)?;
        values = Some(match values {
            Some(_) if heap.allocated() - before > MAX_BYTES => return Err(ParseError::TooLarge),
            Some(earlier) => tables::merge_maps(heap, earlier, map),
            None => map,
        });
    }
    Ok(values.unwrap_or_else(|| heap.new_map()))
}
