//! Rules of Go's `net/url`; the expected results come from Go.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::Url;

fn join(base: &str, reference: &str) -> String {
    let url = |text: &str| Url::parse(text.as_bytes()).unwrap();
    url(base).resolve(&url(reference)).to_string()
}

#[test]
fn references_are_resolved_against_a_base() {
    for (base, reference, wanted) in [
        ("http://a/b/c/d;p?q", "../g", "http://a/b/g"),
        ("http://a/b/c/d;p?q", "?y", "http://a/b/c/d;p?y"),
        ("http://a/b/c/d;p?q", "../../../../g", "http://a/g"),
        ("http://a/b?q#f", "", "http://a/b?q#f"),
        ("file:///values.schema.json", "x.json", "file:///x.json"),
        (
            "file:///values.schema.json",
            "",
            "file:///values.schema.json",
        ),
        ("http://a/b", "urn:x:y", "urn:x:y"),
        ("http://a/b", "//c/%7e d", "http://c/~%20d"),
    ] {
        assert_eq!(join(base, reference), wanted, "{reference} from {base}");
    }
}

#[test]
fn a_url_is_written_as_it_was_read() {
    for text in [
        "file:/a",
        "file:///a",
        "http://u:p@h:1/%2f?",
        "a?b",
        "./a:b",
        "*",
        "x:y?z#%23",
    ] {
        assert_eq!(Url::parse(text.as_bytes()).unwrap().to_string(), text);
    }
}

#[test]
fn faults_have_gos_words() {
    let fault = |text: &str| Url::parse(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(fault(":x"), r#"parse ":x": missing protocol scheme"#);
    assert!(Url::parse(b"b:c/%zz").is_ok());
    assert_eq!(
        fault("1b:c/%zz"),
        r#"parse "1b:c/%zz": first path segment in URL cannot contain colon"#
    );
    assert_eq!(
        fault("http://a/%zz"),
        r#"parse "http://a/%zz": invalid URL escape "%zz""#
    );
    assert_eq!(
        fault("http://a b/"),
        r#"parse "http://a b/": invalid character " " in host name"#
    );
    assert_eq!(
        fault("http://[1:2]/"),
        r#"parse "http://[1:2]/": invalid host: ParseAddr("1:2"): address string too short"#
    );
    assert_eq!(
        fault("http://a:b:1/"),
        r#"parse "http://a:b:1/": invalid port ":b:1" after host"#
    );
}

/// What stands for itself in each part, of all of ASCII.
#[test]
fn each_part_escapes_its_own_characters() {
    use super::escape::{Part, escape};
    for (part, plain) in [
        (Part::Path, "$&+,-./:;=@_~"),
        (Part::Segment, "$&+-.:=@_~"),
        (Part::User, "$&+,-.;=_~"),
        (Part::Host, "!\"$&'()*+,-.:;<=>[]_~"),
        (Part::Fragment, "!$&()*+,-./:;=?@_~"),
    ] {
        let marks = (0..=0x7f).filter(|b: &u8| !b.is_ascii_alphanumeric());
        let found: Vec<u8> = marks.filter(|b| escape(&[*b], part) == [*b]).collect();
        assert_eq!(String::from_utf8(found).unwrap(), plain, "{part:?}");
    }
}
