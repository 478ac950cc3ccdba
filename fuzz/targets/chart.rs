//! A whole chart in one text (`=== Chart.yaml`, `=== values.yaml`, `=== charts/sub/Chart.yaml`, …): loading,
//! dependencies, values, schema, rendering and packing end in a result or an error under both Helms.
#![no_main]

use libfuzzer_sys::fuzz_target;
use windlass_chart::archive::{self, Limits};
use windlass_fuzz::{BOTH, files, load, render};
use windlass_value::Heap;

fuzz_target!(|input: &[u8]| {
    for compat in BOTH {
        if let Ok(mut loaded) = load(files(input), compat) {
            let _ = render(&mut loaded, compat);
        }
        let mut heap = Heap::new();
        let Ok((chart, _)) = windlass_chart::load::load(files(input), &mut heap, compat) else {
            continue;
        };
        if let Ok(packed) = archive::write(&chart, &heap, compat, 0) {
            let read = archive::read(&packed, &Limits::default(), compat);
            std::hint::black_box(read.is_ok());
        }
    }
});
