//! Releases shown as the real Helms showed them.
//!
//! `shown/helmN-get-all.txt` is what `helm get all` of Helm N (3.22.0, 4.3.1) printed of the record that
//! Helm N wrote, `helmN-v3.json` among the records of the release crate.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;

use windlass_chart::compat::Compat;
use windlass_release::{Detail, codec};

use super::*;
use crate::session::Session;

fn printed(record: &str, compat: Compat, options: &StatusOptions) -> String {
    let release = codec::from_json(record.as_bytes(), Detail::Full).unwrap();
    let (mut input, mut out, mut errors) = (std::io::empty(), Vec::new(), Vec::new());
    let name = || "windlass".to_owned();
    let environment = HashMap::new();
    let mut session = Session::new(
        name(),
        name(),
        environment,
        &mut input,
        &mut out,
        &mut errors,
    );
    session.compat = compat;
    session.paints_output = false;
    print_status(&mut session, &release, options).unwrap();
    session.flush().unwrap();
    drop(session);
    assert!(errors.is_empty());
    String::from_utf8(out).unwrap()
}

#[test]
fn everything_of_a_release_is_shown_as_helm_shows_it() {
    let options = StatusOptions {
        debug: true,
        show_metadata: true,
        ..StatusOptions::default()
    };
    for (compat, record, shown) in [
        (
            Compat::Helm3,
            include_str!("../../../release/tests/records/helm3-v3.json"),
            include_str!("shown/helm3-get-all.txt"),
        ),
        (
            Compat::Helm4,
            include_str!("../../../release/tests/records/helm4-v3.json"),
            include_str!("shown/helm4-get-all.txt"),
        ),
    ] {
        assert_eq!(printed(record, compat, &options), shown);
    }
}

#[test]
fn json_of_a_release_is_its_record() {
    let record = include_str!("../../../release/tests/records/helm4-v3.json");
    let options = StatusOptions {
        format: Format::Json,
        ..StatusOptions::default()
    };
    assert_eq!(
        printed(record, Compat::Helm4, &options),
        format!("{record}\n")
    );
}
