#![allow(clippy::unwrap_used, clippy::panic)]

use windlass_chart::compat::Compat;

use super::*;
use crate::words::{ApplyMethod, Status};

fn sample() -> Release {
    let mut release = Release {
        name: "web".into(),
        namespace: "prod".into(),
        version: 3,
        manifest: "---\na: <b>\n".into(),
        config: Some(Json::parse(r#"{"a":1}"#).unwrap()),
        apply_method: Some(ApplyMethod::ServerSide),
        ..Release::default()
    };
    release.set_status(Status::Deployed, "Install complete");
    release
}

#[test]
fn the_two_helms_write_the_same_record_differently() {
    let four = to_json(&sample(), Compat::Helm4).unwrap();
    assert_eq!(
        four,
        "{\"name\":\"web\",\"info\":{\"description\":\"Install complete\",\"status\":\"deployed\"},\
         \"config\":{\"a\":1},\"manifest\":\"---\\na: \\u003cb\\u003e\\n\",\"version\":3,\
         \"namespace\":\"prod\",\"apply_method\":\"ssa\"}"
    );
    let three = to_json(&sample(), Compat::Helm3).unwrap();
    assert_eq!(
        three,
        "{\"name\":\"web\",\"info\":{\"first_deployed\":\"\",\"last_deployed\":\"\",\"deleted\":\"\",\
         \"description\":\"Install complete\",\"status\":\"deployed\"},\
         \"config\":{\"a\":1},\"manifest\":\"---\\na: \\u003cb\\u003e\\n\",\"version\":3,\
         \"namespace\":\"prod\"}"
    );
}

#[test]
fn packed_records_begin_as_gos_do() {
    let packed = encode(&sample(), Compat::Helm4).unwrap();
    assert!(packed.starts_with("H4sIAAAAAAAC/"), "{}", &packed[..16]);
    let back = decode(packed.as_bytes()).unwrap();
    assert_eq!(
        to_json(&back, Compat::Helm4).unwrap(),
        to_json(&sample(), Compat::Helm4).unwrap()
    );
}

#[test]
fn parts_that_were_packed_before_make_the_same_record() {
    // Text of which some shrinks much, some little, and one is longer than what is packed in parts.
    let words = |count: usize| -> String {
        let word = |n: usize| format!("{:x} and ", n.wrapping_mul(2_654_435_761) % (1 << 40));
        (0..count).map(word).collect()
    };
    let mut packer = Packer::default();
    for count in [0, 1, 300, 20_000, 400_000] {
        for status in [Status::PendingUpgrade, Status::Deployed, Status::Superseded] {
            let mut release = sample();
            release.set_status(status, "x");
            release.manifest = words(count);
            release.config = Some(Json::from_go(format!("{{\"a\":\"{}\"}}", words(count / 3))));
            let packed = encode_by(&release, Compat::Helm4, &mut packer).unwrap();
            let back = decode(packed.as_bytes()).unwrap();
            let json = |release| to_json(release, Compat::Helm4).unwrap();
            assert_eq!(json(&back), json(&release));
            let alone = encode(&release, Compat::Helm4).unwrap();
            assert_eq!(packed, alone, "{count}");
        }
    }
}

#[test]
fn records_from_before_compression_are_read() {
    let json = to_json(&sample(), Compat::Helm3).unwrap();
    let plain = windlass_value::base64::encode(json.as_bytes());
    assert_eq!(decode(&plain).unwrap().name, "web");
}

#[test]
fn what_a_newer_helm_adds_is_carried_along() {
    let json = r#"{"name":"a","info":{"status":"resting","mood":[1]},"chart":{"metadata":null,"lock":null,"templates":[],"values":{},"schema":null,"schemamodtime":"0001-01-01T00:00:00Z","files":null,"sbom":{}},"version":1,"zeal":{"x":null}}"#;
    let release = from_json(json.as_bytes(), Detail::Full).unwrap();
    assert_eq!(to_json(&release, Compat::Helm4).unwrap(), json);
}

#[test]
fn faults_are_told_as_go_tells_them() {
    let text = |data: &[u8]| decode(data).unwrap_err().to_string();
    assert_eq!(text(b"!"), "illegal base64 data at input byte 0");
    assert_eq!(text(b""), "unexpected end of JSON input");
    assert_eq!(text(b"H4sIAAAA"), "unexpected EOF");
    let json = |json: &str| {
        from_json(json.as_bytes(), Detail::Full)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        json(r#"{"version":"1"}"#),
        "json: cannot unmarshal string into Go struct field Release.version of type int"
    );
    assert_eq!(
        json("{nope"),
        "invalid character 'n' looking for beginning of object key string"
    );
}

#[test]
fn a_record_that_would_eat_memory_is_refused() {
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;
    let mut bomb = GzEncoder::new(Vec::new(), Compression::fast());
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..=(MAX_INFLATED >> 20) {
        bomb.write_all(&zeros).unwrap();
    }
    let packed = windlass_value::base64::encode(&bomb.finish().unwrap());
    assert!(matches!(decode(&packed), Err(DecodeError::TooLarge)));
}

/// A stream of several parts says the length of the last one only.
#[test]
fn parts_of_a_stream_count_together() {
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;
    let packed = |text: &[u8]| {
        let mut part = GzEncoder::new(Vec::new(), Compression::fast());
        part.write_all(text).unwrap();
        part.finish().unwrap()
    };
    let joined = [packed(br#"{"name": "a", "#), packed(br#""version": 3}"#)].concat();
    let release = decode(&windlass_value::base64::encode(&joined)).unwrap();
    assert_eq!((release.name.as_str(), release.version), ("a", 3));
    let large = packed(&vec![b' '; MAX_INFLATED]);
    let joined = [large, packed(b"{}")].concat();
    let refused = decode(&windlass_value::base64::encode(&joined));
    assert!(matches!(refused, Err(DecodeError::TooLarge)));
}

#[test]
fn values_of_a_record_are_counted_but_not_what_stands_in_texts() {
    let json = |json: &str| from_json(json.as_bytes(), Detail::Full);
    let many = |item: &str, count: usize| vec![item; count].join(",");
    let config = |items: String| format!(r#"{{"name": "a", "config": {{"l": [{items}]}}}}"#);
    assert!(json(&config(many("{}", MAX_VALUES / 2 - 10))).is_ok());
    let refused = json(&config(many("{}", MAX_VALUES / 2 + 10)));
    assert!(matches!(refused, Err(DecodeError::TooManyValues)));
    let refused = json(&config(many("1", MAX_VALUES + 10)));
    assert!(matches!(refused, Err(DecodeError::TooManyValues)));
    for text in [",", "[", "\\\"{", "\\\\"] {
        let text = text.repeat(MAX_VALUES + 10);
        let record = format!(r#"{{"manifest": "{text}", "name": "a"}}"#);
        assert_eq!(json(&record).unwrap().name, "a");
    }
}

#[test]
fn lists_of_a_record_have_an_end() {
    let hooks = |count: usize| {
        let text = format!(r#"{{"hooks": [{}]}}"#, vec!["{}"; count].join(","));
        from_json(text.as_bytes(), Detail::Full)
    };
    assert_eq!(hooks(MAX_ITEMS).unwrap().hooks.len(), MAX_ITEMS);
    assert_eq!(
        hooks(MAX_ITEMS + 1).unwrap_err().to_string(),
        "Release.hooks has more than 50000 elements"
    );
}
