//! The digest that ties Chart.lock to Chart.yaml.

use sha2::{Digest, Sha256};
use windlass_value::Heap;

use crate::metadata::Dependency;
use crate::metadata::write::dependency_list;

/// The digest over what is asked for and what is locked. `heap` holds `import-values`.
#[must_use]
pub fn digest(
    heap: &Heap,
    wanted: Option<&[Option<Dependency>]>,
    locked: Option<&[Option<Dependency>]>,
) -> String {
    sha256(&format!(
        "[{},{}]",
        dependency_list(heap, wanted),
        dependency_list(heap, locked)
    ))
}

/// The digest Helm 2 made, over what is asked for alone: old requirements.lock files have it.
#[must_use]
pub fn digest_of_helm2(heap: &Heap, wanted: Option<&[Option<Dependency>]>) -> String {
    sha256(&format!(
        "{{\"dependencies\":{}}}",
        dependency_list(heap, wanted)
    ))
}

fn sha256(text: &str) -> String {
    let mut out = "sha256:".to_owned();
    for byte in Sha256::digest(text) {
        out.push_str(&format!("{byte:02x}"));
    }
    out
}
