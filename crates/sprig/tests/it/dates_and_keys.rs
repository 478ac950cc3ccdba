//! Dates, durations, sums and the errors of keys, as recorded with Go's Sprig 3.3.0 and Helm 4.3.1:
//! `dates_and_keys.jsonl` has a call a line, with the types of its arguments and what it printed.

use std::fmt::Write as _;

use windlass_time::{Duration, Time};
use windlass_value::{Heap, Value, json};

use crate::bench::Bench;
use crate::recorded::{decode, escaped, field, text};

/// The functions of Helm 4 are not among Sprig's.
fn call(bench: &mut Bench, name: &str, args: &[Value]) -> Result<Value, String> {
    let newer = windlass_sprig::duration::FUNCTIONS
        .iter()
        .find(|f| f.name == name);
    match newer {
        Some(function) => (function.body)(bench, args).map_err(|e| e.text().to_owned()),
        None => bench.call(name, args),
    }
}

fn argument(heap: &mut Heap, encoded: &Value) -> Value {
    let number = || text(heap, encoded, "v").parse().unwrap();
    match text(heap, encoded, "t").as_str() {
        "time.Time" => Value::object(Time::from_unix(number(), 0)),
        "time.Duration" => Value::object(Duration(number())),
        _ => decode(heap, encoded, &[]),
    }
}

#[test]
fn calls_print_what_go_printed() {
    let mut failures = String::new();
    let recorded = include_str!("dates_and_keys.jsonl");
    for line in recorded.lines() {
        let mut bench = Bench::new();
        let recorded = json::unmarshal(&mut bench.heap, line.as_bytes()).unwrap();
        let name = text(&bench.heap, &recorded, "f");
        let wanted = text(&bench.heap, &recorded, "out");
        let encoded = field(&bench.heap, &recorded, "args").unwrap();
        let args: Vec<Value> = encoded
            .as_list()
            .unwrap()
            .iter()
            .map(|a| argument(&mut bench.heap, a))
            .collect();
        let found = match call(&mut bench, &name, &args) {
            Ok(value) => escaped(&windlass_value::fmt::sprint(&bench.heap, &[value])),
            Err(text) => format!("ERR {}", escaped(text.as_bytes())),
        };
        if found != wanted {
            writeln!(failures, "{line}\n  found {found}").unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

fn fields(certificate: &Value) -> [String; 2] {
    let Value::Object(object) = certificate else {
        panic!("no certificate")
    };
    ["Cert", "Key"].map(|name| {
        let value = object.field(name.as_bytes()).unwrap();
        value.as_str().unwrap().to_text().into_owned()
    })
}

fn contains(pem: &str, needle: &[u8]) -> bool {
    let mut bench = Bench::new();
    let digits: String = pem.lines().filter(|l| !l.starts_with('-')).collect();
    let der = bench.call("b64dec", &[digits.into()]).unwrap();
    der.as_str()
        .unwrap()
        .windows(needle.len())
        .any(|w| w == needle)
}

/// The elliptic key of a fixed seed is fast; RSA is the same path with another key.
#[test]
fn an_authority_signs_what_it_can_read_back() {
    let mut bench = Bench::new();
    let key = bench.call("genPrivateKey", &["ecdsa".into()]).unwrap();
    let ca = bench
        .call(
            "genCAWithKey",
            &["my-ca".into(), Value::int(365), key.clone()],
        )
        .unwrap();
    assert_eq!(ca.type_name(&bench.heap), "sprig.certificate");
    let names = Value::list(vec!["a.example".into()]);
    let ips = Value::list(vec!["10.0.0.1".into()]);
    let args = [
        "svc".into(),
        ips,
        names,
        Value::int(1),
        ca.clone(),
        key.clone(),
    ];
    let leaf = bench.call("genSignedCertWithKey", &args).unwrap();
    let [cert, leaf_key] = fields(&leaf);
    assert_eq!(leaf_key, key.as_str().unwrap().to_text());
    assert!(contains(&cert, b"my-ca"));
    assert!(contains(&cert, b"a.example"));
    assert!(contains(&cert, b"\x87\x04\x0a\x00\x00\x01"));

    let [ca_cert, ca_key] = fields(&ca).map(|pem| bench.call("b64enc", &[pem.into()]).unwrap());
    let custom = bench.call("buildCustomCert", &[ca_cert, ca_key]).unwrap();
    assert_eq!(fields(&custom), fields(&ca));
}

#[test]
fn a_key_of_another_authority_is_refused() {
    let mut bench = Bench::new();
    let one = bench.call("genPrivateKey", &["ed25519".into()]).unwrap();
    let other = bench.call("genPrivateKey", &["ed25519".into()]).unwrap();
    let ca = bench
        .call("genCAWithKey", &["ca".into(), Value::int(1), one])
        .unwrap();
    let [cert, _] = fields(&ca);
    let Value::Object(object) = &ca else { panic!() };
    let record: &windlass_value::object::Record = object.as_any().downcast_ref().unwrap();
    let mixed = windlass_value::object::Record::new(record.ty, vec![cert.into(), other.clone()]);
    let args = [
        "x".into(),
        Value::Nil,
        Value::Nil,
        Value::int(1),
        Value::object(mixed),
        other,
    ];
    let wanted = "error: error creating certificate: x509: provided PrivateKey doesn't match \
                  parent's PublicKey";
    assert_eq!(bench.print("genSignedCertWithKey", &args), wanted);
}

#[test]
fn keys_have_the_blocks_of_their_kinds() {
    let mut bench = Bench::new();
    for (kind, block) in [("ecdsa", "EC PRIVATE KEY"), ("ed25519", "PRIVATE KEY")] {
        let key = bench.print("genPrivateKey", &[kind.into()]);
        assert!(
            key.starts_with(&format!("-----BEGIN {block}-----\n")),
            "{key}"
        );
        assert!(key.ends_with(&format!("-----END {block}-----\n")), "{key}");
    }
}

#[test]
fn ciphers_and_hashes_come_back() {
    let mut bench = Bench::new();
    let (password, plain) = (Value::str("secret"), Value::str("some text of two blocks"));
    let sealed = bench
        .call("encryptAES", &[password.clone(), plain])
        .unwrap();
    assert_eq!(
        bench.print("decryptAES", &[password, sealed]),
        "some text of two blocks"
    );
    let hash = bench.print("htpasswd", &["user".into(), "pw".into()]);
    assert!(
        hash.starts_with("user:$2a$10$") && hash.len() == 65,
        "{hash}"
    );
    let long = bench.print("bcrypt", &["x".repeat(73).into()]);
    let wanted = "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes";
    assert_eq!(long, wanted);
}
