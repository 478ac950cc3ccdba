//! Rendered text, as it is split into documents, told apart and sorted: every document's text is found in
//! the file it came from, and what is found for deletion is among them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use windlass_fuzz::BOTH;
use windlass_render::manifest;

fuzz_target!(|input: &str| {
    for compat in BOTH {
        for document in manifest::split(input, compat) {
            assert!(input.contains(document));
        }
        if let Ok(sorted) = manifest::sort([("c/templates/a.yaml", input)], compat) {
            for found in &sorted.manifests {
                assert!(input.contains(&found.content));
            }
        }
        let _ = manifest::for_uninstall(input, compat);
    }
});
