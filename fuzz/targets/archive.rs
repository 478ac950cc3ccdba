//! Chart archives: bytes as they are, and bytes as the tar inside of a good gzip. Names that come out stay
//! below the chart, limits hold, and a chart that loads can be packed and read again with the same files.
#![no_main]

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;
use windlass_chart::archive::{self, Limits, MAX_FILES};
use windlass_chart::{File, load};
use windlass_fuzz::BOTH;
use windlass_value::Heap;

const LIMITS: Limits = Limits {
    total_bytes: 1 << 20,
};

fn wrapped(tar: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::none());
    gzip.write_all(tar).expect("a vector takes all");
    gzip.finish().expect("a vector takes all")
}

fn check(files: &[File]) {
    assert!(!files.is_empty() && files.len() <= MAX_FILES);
    let total: u64 = files.iter().map(|file| file.data.len() as u64).sum();
    assert!(total <= LIMITS.total_bytes);
    for file in files {
        let leads_out = file.name.starts_with('/') || file.name.split('/').any(|part| part == "..");
        assert!(!leads_out && !file.name.is_empty(), "{:?}", file.name);
    }
}

fuzz_target!(|bytes: &[u8]| {
    for archive in [bytes.to_vec(), wrapped(bytes)] {
        for compat in BOTH {
            let _ = archive::read_named("c-1.0.0.tgz", &archive, &LIMITS, compat);
            let Ok(files) = archive::read(&archive, &LIMITS, compat) else {
                continue;
            };
            check(&files);
            let mut heap = Heap::new();
            let Ok((chart, _)) = load::load(files, &mut heap, compat) else {
                continue;
            };
            let Ok(packed) = archive::write(&chart, &heap, compat, 0) else {
                continue;
            };
            let again = archive::read(&packed, &Limits::default(), compat);
            check_packed(&again.expect("what was packed can be read"), &chart);
        }
    }
});

/// Every template is in the package, byte for byte.
fn check_packed(files: &[File], chart: &windlass_chart::Chart) {
    for template in &chart.templates {
        let found = files.iter().filter(|file| file.name == template.name);
        let mut same = found.map(|file| file.data == template.data);
        assert!(same.any(|same| same), "{:?}", template.name);
    }
}
