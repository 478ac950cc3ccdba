//! Records that the real Helms wrote, read and written again.
//!
//! `records/helmN-vM.json` is the JSON inside a Secret that Helm N (3.22.0, 4.3.1) left on a cluster:
//! the chart of `chart/` installed, upgraded and rolled back. `.packed` is what the Secret held.
//! `-by-helmN` is the same record after Helm N's Go types have read and written it.
#![allow(clippy::unwrap_used, clippy::panic)]

mod chart;

use windlass_chart::compat::Compat;
use windlass_release::{Detail, HookEvent, HookPhase, Status, codec};

/// Each record, which Helm wrote it, and the other's rendition where there is one.
const RECORDS: [(&str, Compat, Option<&str>); 6] = [
    (
        include_str!("../records/helm3-v1.json"),
        Compat::Helm3,
        Some(include_str!("../records/helm3-v1-by-helm4.json")),
    ),
    (
        include_str!("../records/helm3-v2.json"),
        Compat::Helm3,
        None,
    ),
    (
        include_str!("../records/helm3-v3.json"),
        Compat::Helm3,
        Some(include_str!("../records/helm3-v3-by-helm4.json")),
    ),
    (
        include_str!("../records/helm4-v1.json"),
        Compat::Helm4,
        Some(include_str!("../records/helm4-v1-by-helm3.json")),
    ),
    (
        include_str!("../records/helm4-v2.json"),
        Compat::Helm4,
        None,
    ),
    (
        include_str!("../records/helm4-v3.json"),
        Compat::Helm4,
        Some(include_str!("../records/helm4-v3-by-helm3.json")),
    ),
];

fn again(json: &str, compat: Compat) -> String {
    let release = codec::from_json(json.as_bytes(), Detail::Full).unwrap();
    codec::to_json(&release, compat).unwrap()
}

fn other(compat: Compat) -> Compat {
    match compat {
        Compat::Helm3 => Compat::Helm4,
        Compat::Helm4 => Compat::Helm3,
    }
}

#[test]
fn a_record_stored_again_is_the_same_to_the_byte() {
    for (json, compat, _) in RECORDS {
        assert_eq!(again(json, compat), json);
    }
}

#[test]
fn a_record_of_one_helm_becomes_the_others_as_that_would_write_it() {
    for (json, compat, rendition) in RECORDS {
        let Some(rendition) = rendition else { continue };
        assert_eq!(again(json, other(compat)), rendition);
    }
}

#[test]
fn packed_records_are_read_and_ours_unpack_to_the_same() {
    for (packed, json, compat) in [
        (
            include_str!("../records/helm3-v1.packed"),
            RECORDS[0].0,
            Compat::Helm3,
        ),
        (
            include_str!("../records/helm4-v1.packed"),
            RECORDS[3].0,
            Compat::Helm4,
        ),
    ] {
        let theirs = codec::decode(packed.as_bytes()).unwrap();
        assert_eq!(codec::to_json(&theirs, compat).unwrap(), json);
        let ours = codec::encode(&theirs, compat).unwrap();
        // Ten bytes of header, the same for the same level of compression, are 13 digits.
        assert_eq!(ours[..13], packed[..13]);
        let back = codec::decode(ours.as_bytes()).unwrap();
        assert_eq!(codec::to_json(&back, compat).unwrap(), json);
    }
}

#[test]
fn what_a_record_says_is_understood() {
    let json = include_str!("../records/helm4-v3.json");
    let release = codec::from_json(json.as_bytes(), Detail::Full).unwrap();
    assert_eq!(release.key(), "sh.helm.release.v1.web.v3");
    assert_eq!(release.info.status, Status::Deployed);
    assert_eq!(release.info.rollback_revision, 1);
    assert!(release.is_server_side());
    assert!(release.info.deleted.is_zero());
    let chart = release.chart.as_ref().unwrap();
    assert_eq!(
        (chart.name(), chart.version(), chart.app_version()),
        ("sample".into(), "1.2.3".into(), "4.5".into())
    );
    let test = release.hooks.iter().find(|h| h.runs_at(&HookEvent::Test));
    assert_eq!(test.unwrap().last_run.phase, HookPhase::Running);
}

#[test]
fn a_summary_has_what_lists_show_and_no_more() {
    let json = include_str!("../records/helm3-v3.json");
    let release = codec::from_json(json.as_bytes(), Detail::Summary).unwrap();
    assert_eq!(release.info.description, "Rollback to 1");
    assert_eq!(release.chart.as_ref().unwrap().name(), "sample");
    assert!(release.manifest.is_empty() && release.hooks.is_empty());
    assert!(release.config.is_none() && release.chart.unwrap().templates.is_none());
}
