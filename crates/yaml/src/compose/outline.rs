//! [`is_harmless`]: whether parts of a document can be left out without anyone noticing.
//!
//! Who wants but a few entries of a document still wants to hear what is wrong with the rest. Of most
//! documents it can be seen without decoding them that nothing is.

use super::{MAX_JSON_DEPTH, is_merge};
use crate::resolve::{Number, Scalar, resolve_plain};
use crate::tree::{Document, Node, NodeId, NodeKind};

/// Whether no entry of a document could fail to be decoded: there are no aliases, tags, merges, keys
/// that are no text or numbers that JSON cannot have, and it is too small to be too deep.
pub(super) fn is_harmless(document: &Document<'_>) -> bool {
    let count = document.after(document.root());
    (count as usize) < MAX_JSON_DEPTH
        && (0..count).all(|id| {
            let node = document.node(id);
            node.tag.is_none()
                && match &node.kind {
                    NodeKind::Alias { .. } => false,
                    NodeKind::Sequence => true,
                    NodeKind::Mapping => has_text_keys(document, id),
                    NodeKind::Scalar {
                        value, implicit, ..
                    } => !implicit || is_finite(value),
                }
        })
}

fn has_text_keys(document: &Document<'_>, mapping: NodeId) -> bool {
    document
        .children(mapping)
        .step_by(2)
        .all(|key| is_text_key(document.node(key)))
}

fn is_text_key(key: &Node<'_>) -> bool {
    match &key.kind {
        NodeKind::Scalar {
            value, implicit, ..
        } => !is_merge(key) && (!implicit || resolve_plain(value) == Scalar::Text),
        _ => false,
    }
}

/// Whether a plain scalar is anything but an infinity or no number.
fn is_finite(text: &[u8]) -> bool {
    match text.first() {
        Some(b'0'..=b'9' | b'+' | b'-' | b'.') => match resolve_plain(text) {
            Scalar::Number(Number::Float(x)) => x.is_finite(),
            _ => true,
        },
        _ => true,
    }
}
