//! Damaged certificates and keys, with what both Helms' Go says of them.
//!
//! `damaged.txt` begins with what is whole: a name, the kind of its block and its DER a line. Below the empty line each
//! has one byte `set`, is `cut` at an offset or has a byte behind its `end`; what follows is the error of
//! `buildCustomCert`, or nothing where Go takes it. Left out is what Go looks at and we do not: the values of names, the
//! points of public keys, most extensions, and whether what an RSA key says twice agrees.

use std::collections::HashMap;
use std::fmt::Write as _;

use windlass_value::{Value, base64};

use crate::bench::Bench;

/// A text in base64 of a block of a kind.
fn block(kind: &str, der: &[u8]) -> Value {
    let mut pem = format!("-----BEGIN {kind}-----\n").into_bytes();
    for line in base64::encode(der).chunks(64) {
        pem.extend_from_slice(line);
        pem.push(b'\n');
    }
    pem.extend(format!("-----END {kind}-----\n").bytes());
    Value::str(base64::encode(&pem))
}

#[test]
fn what_is_damaged_is_refused_in_go_s_words() {
    let text = include_str!("damaged.txt");
    let (whole, damaged) = text.split_once("\n\n").unwrap();
    let mut known: HashMap<&str, (String, Vec<u8>)> = HashMap::new();
    for line in whole.lines() {
        let [name, kind, der] = line.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let mut bench = Bench::new();
        let der = bench.call("b64dec", &[der.into()]).unwrap();
        let der = der.as_str().unwrap().to_vec();
        known.insert(name, (kind.replace('-', " "), der));
    }
    let whole = |name: &str| {
        let (kind, der) = &known[name];
        block(kind, der)
    };
    let (mut wrong, mut count) = (String::new(), 0);
    for line in damaged.lines() {
        let mut fields = line.splitn(5, ' ');
        let [name, act, at, byte] = [(); 4].map(|()| fields.next().unwrap());
        let wanted = fields.next().unwrap_or_default();
        let (kind, mut der) = known[name].clone();
        let (at, byte): (usize, u8) = (at.parse().unwrap(), byte.parse().unwrap());
        match act {
            "set" => der[at] = byte,
            "cut" => der.truncate(at),
            _ => der.push(at as u8),
        }
        let args = match name.starts_with("cert") {
            true => [block(&kind, &der), whole("ec1")],
            false => [whole("cert_ec"), block(&kind, &der)],
        };
        let found = Bench::new().call("buildCustomCert", &args);
        let found = found.err().unwrap_or_default();
        count += 1;
        if found != wanted {
            writeln!(wrong, "{line}\n  found {found}").unwrap();
        }
    }
    assert!(count > 1000, "the recording is not empty");
    assert!(wrong.is_empty(), "{wrong}");
}
