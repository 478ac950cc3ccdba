//! A stored manifest in the order in which an uninstall takes it apart.

use windlass_chart::compat::Compat;

use super::{HeadError, Manifest, read_head, split};
use crate::order::uninstall_rank;

/// Splits a release's manifest and sorts its documents for deletion, hooks left out.
///
/// # Errors
/// The first document whose head cannot be read.
pub fn for_uninstall(manifest: &str, compat: Compat) -> Result<Vec<Manifest>, HeadError> {
    let documents = split(manifest, compat);
    let mut named: Vec<(String, &str)> = documents
        .into_iter()
        .enumerate()
        .map(|(number, document)| (format!("manifest-{number}"), document))
        .collect();
    // Helm sorts these names as text, so that the tenth document stands before the second.
    named.sort();
    let mut found = Vec::new();
    for (path, document) in named {
        let head = read_head(document, compat).map_err(|message| HeadError {
            path: path.clone(),
            message,
        })?;
        if head.annotation(super::HOOK).is_none() {
            found.push(Manifest {
                path,
                content: document.to_owned(),
                head,
            });
        }
    }
    found.sort_by(|a, b| {
        uninstall_rank(&a.head.kind, compat).cmp(&uninstall_rank(&b.head.kind, compat))
    });
    Ok(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn kinds_go_in_the_order_of_uninstalling() {
        let text = ["ConfigMap", "Namespace", "Zebra", "Deployment", "Service"]
            .map(|kind| format!("---\n# Source: x\nkind: {kind}\nmetadata:\n  name: a\n"))
            .concat();
        let kinds: Vec<_> = for_uninstall(&text, Compat::Helm4)
            .unwrap()
            .into_iter()
            .map(|manifest| manifest.head.kind)
            .collect();
        let expected = ["Service", "Deployment", "ConfigMap", "Namespace", "Zebra"];
        assert_eq!(kinds, expected);
    }
}
