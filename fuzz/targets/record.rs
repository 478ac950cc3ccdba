//! Release records as a cluster hands them over: raw, as the JSON within, and as that JSON packed. What can
//! be read is written, and what was written is read as the same release again.
#![no_main]

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;
use windlass_chart::compat::Compat;
use windlass_release::codec::{decode, encode, to_json};
use windlass_release::{Release, codec};
use windlass_value::base64;

fn packed(json: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::none());
    gzip.write_all(json).expect("a vector takes all");
    base64::encode(&gzip.finish().expect("a vector takes all"))
}

/// Written, read and written again, a release stays what it is.
fn check(release: &Release, compat: Compat) {
    let Ok(json) = to_json(release, compat) else {
        return;
    };
    let stored = encode(release, compat).expect("its JSON can be made");
    let again = decode(stored.as_bytes()).expect("what was written can be read");
    let json_again = to_json(&again, compat).expect("as before");
    assert_eq!(json, json_again);
}

fuzz_target!(|bytes: &[u8]| {
    let found = [
        decode(bytes),
        decode(&packed(bytes)),
        codec::from_json(bytes, windlass_release::Detail::Full),
    ];
    for release in found.into_iter().flatten() {
        check(&release, Compat::Helm4);
        check(&release, Compat::Helm3);
        if let Some(chart) = release.chart {
            let mut heap = windlass_value::Heap::new();
            let _ = chart.into_chart(&mut heap);
        }
    }
});
