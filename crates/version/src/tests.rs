//! Behaviour recorded from Masterminds/semver 3.5.0.
#![allow(clippy::unwrap_used)]

use std::cmp::Ordering;

use super::*;

/// Texts, and what the lenient parser makes of them or says.
#[rustfmt::skip]
const LENIENT: &[(&str, &str)] = &[
    ("1.2.3", "1.2.3"),
    ("v1.2.3", "1.2.3"),
    ("1", "1.0.0"),
    ("1.2", "1.2.0"),
    ("v1", "1.0.0"),
    ("01.02.3", "1.2.3"),
    ("1.2.3-alpha.1+build.5", "1.2.3-alpha.1+build.5"),
    ("1.2-beta", "1.2.0-beta"),
    ("", "invalid semantic version"),
    ("V1.2.3", "invalid semantic version"),
    ("1.2.3.4", "invalid semantic version"),
    ("1.2.3-01", "version segment starts with 0"),
    ("1.2.3-", "invalid semantic version"),
    ("1.2.3-a..b", "invalid semantic version"),
    ("1.2.3+", "invalid semantic version"),
    ("a.b.c", "invalid semantic version"),
    (" 1.2.3", "invalid semantic version"),
    ("1.2.3-é", "invalid semantic version"),
    ("18446744073709551616", "error parsing version segment: strconv.ParseUint: parsing \"18446744073709551616\": value out of range"),
    ("1.18446744073709551616", "error parsing version segment: strconv.ParseUint: parsing \"18446744073709551616\": value out of range"),
];

/// Texts, and what the strict parser makes of them or says.
#[rustfmt::skip]
const STRICT: &[(&str, &str)] = &[
    ("1.2.3", "1.2.3"),
    ("v1.2.3", "invalid characters in version"),
    ("1", "invalid semantic version"),
    ("1.2", "invalid semantic version"),
    ("", "version string empty"),
    ("01.2.3", "version segment starts with 0"),
    ("1.2.3-alpha.1+build.5", "1.2.3-alpha.1+build.5"),
    ("1.2.3-01", "version segment starts with 0"),
    ("1.2.3-", "invalid prerelease string"),
    ("1.2.3-a_b", "invalid prerelease string"),
    ("1.2.3+", "invalid metadata string"),
    ("1.2.3+a_b", "invalid metadata string"),
    ("1..3", "strconv.ParseUint: parsing \"\": invalid syntax"),
    ("1.2.x", "invalid characters in version"),
    ("1.2.18446744073709551616", "strconv.ParseUint: parsing \"18446744073709551616\": value out of range"),
];

/// Constraints that are none.
#[rustfmt::skip]
const IMPROPER: &[(&str, &str)] = &[
    ("", "improper constraint: \"\""),
    ("foo", "improper constraint: \"foo\""),
    (">=1.2,", "improper constraint: \">=1.2,\""),
    ("1.0,,2.0", "improper constraint: \"1.0,,2.0\""),
    ("== 1", "improper constraint: \"== 1\""),
    ("1.2.3.4", "improper constraint: \"1.2.3.4\""),
    ("1.2.3.4 - 5", "improper constraint: \"1.>= 2.3.4, <= 5 \""),
    (">=1 - 2", "improper constraint: \">=>= 1, <= 2 \""),
    ("^1 || ", "improper constraint: \" \""),
    ("1|2", "constraint parser error"),
    ("1.xx", "constraint parser error"),
    ("1.2.3-01", "constraint parser error"),
    ("^1.2 \"x\"", "improper constraint: \"^1.2 \\\"x\\\"\""),
    ("1.2.3 é", "improper constraint: \"1.2.3 é\""),
];

/// Constraint, version, and the reasons why it does not fit, if it does not.
#[rustfmt::skip]
const FITS: &[(&str, &str, &str)] = &[
    (">=1.16.0-0", "1.16.0", ""),
    (">=1.16.0-0", "1.16.0-gke.1", ""),
    (">=1.16.0-0", "1.15.9", "\"1.15.9\" is less than \"1.16.0-0\""),
    (">=1.16.0", "1.16.0", ""),
    (">=1.16.0", "1.17.0-gke.1", "\"1.17.0-gke.1\" is a prerelease version and the constraint is only looking for release versions"),
    (">=1.16.0", "1.15.9", "\"1.15.9\" is less than \"1.16.0\""),
    ("^1.2.3", "1.2.3", ""),
    ("^1.2.3", "1.9.0", ""),
    ("^1.2.3", "2.0.0", "\"2.0.0\" does not have same major version as \"1.2.3\""),
    ("^1.2.3", "1.2.2", "\"1.2.2\" is less than \"1.2.3\""),
    ("^0.2.3", "0.2.9", ""),
    ("^0.2.3", "0.3.0", "\"0.3.0\" does not have same minor version as \"0.2.3\". Expected minor versions to match when constraint major version is 0"),
    ("^0.0.3", "0.0.3", ""),
    ("^0.0.3", "0.0.4", "\"0.0.4\" does not equal \"0.0.3\". Expect version and constraint to equal when major and minor versions are 0"),
    ("^0.0.3", "0.1.0", "\"0.1.0\" does not have same minor version as \"0.0.3\""),
    ("^0.0.3", "1.0.0", "\"1.0.0\" does not have same major version as \"0.0.3\""),
    ("^0", "0.9.0", ""),
    ("^0", "1.0.0", "\"1.0.0\" does not have same major version as \"0\""),
    ("^0.0", "0.0.9", ""),
    ("^0.0", "0.1.0", "\"0.1.0\" does not have same minor version as \"0.0\". Expected minor versions to match when constraint major version is 0"),
    ("^*", "0.0.0", ""),
    ("^*", "1.0.0", "\"1.0.0\" does not have same major version as \"*\""),
    ("*", "1.0.0", ""),
    ("*", "1.0.0-a", "\"1.0.0-a\" is a prerelease version and the constraint is only looking for release versions"),
    ("~*", "3.0.0", ""),
    ("x", "3.0.0", ""),
    ("~1.2.3", "1.2.9", ""),
    ("~1.2.3", "1.3.0", "\"1.3.0\" does not have same major and minor version as \"1.2.3\""),
    ("~1.2.3", "1.2.2", "\"1.2.2\" is less than \"1.2.3\""),
    ("~1.2.3", "2.2.3", "\"2.2.3\" does not have same major version as \"1.2.3\""),
    ("~1", "1.9.0", ""),
    ("~1", "2.0.0", "\"2.0.0\" does not have same major version as \"1\""),
    ("~>1.2", "1.2.0", ""),
    ("~>1.2", "1.3.0", "\"1.3.0\" does not have same major and minor version as \"1.2\""),
    ("1.x", "1.9.9", ""),
    ("1.x", "2.0.0", "\"2.0.0\" does not have same major version as \"1.x\""),
    ("1.2.X", "1.2.9", ""),
    ("1.2.X", "1.3.0", "\"1.3.0\" does not have same major and minor version as \"1.2.X\""),
    ("=1.2.3", "1.2.3", ""),
    ("=1.2.3", "1.2.4", "\"1.2.4\" is not equal to \"1.2.3\""),
    ("=1.2.3", "1.2.3+b", ""),
    ("!=1.x", "1.3.0", "\"1.3.0\" is equal to \"1.x\""),
    ("!=1.x", "2.0.0", ""),
    ("!=1.2.x", "1.2.3", "\"1.2.3\" is equal to \"1.2.x\""),
    ("!=1.2.x", "1.3.0", ""),
    ("!=1.2.3", "1.2.3", "\"1.2.3\" is equal to \"1.2.3\""),
    ("!=1.2.3", "1.2.4", ""),
    ("!=1.2.x-a", "1.2.3-a", "\"1.2.3-a\" is equal to \"1.2.x-a\""),
    ("!=1.2.x-a", "1.2.3-b", ""),
    ("!=1.2.x-a", "1.2.3", ""),
    (">11", "11.1.0", "\"11.1.0\" is less than or equal to \"11\""),
    (">11", "12.0.0", ""),
    (">11.1", "11.1.1", "\"11.1.1\" is less than or equal to \"11.1\""),
    (">11.1", "11.2.0", ""),
    ("<=11", "11.9.0", ""),
    ("<=11", "12.0.0", "\"12.0.0\" is greater than \"11\""),
    ("<=11.1", "11.1.9", ""),
    ("<=11.1", "11.2.0", "\"11.2.0\" is greater than \"11.1\""),
    ("<11.1", "11.0.9", ""),
    ("<11.1", "11.1.0", "\"11.1.0\" is greater than or equal to \"11.1\""),
    ("<=*", "0.1.0", "\"0.1.0\" is greater than \"*\""),
    ("<=*", "1.0.0", "\"1.0.0\" is greater than \"*\""),
    ("1.2 - 1.4.5", "1.2.0", ""),
    ("1.2 - 1.4.5", "1.4.5", ""),
    ("1.2 - 1.4.5", "1.4.6", "\"1.4.6\" is greater than \"1.4.5\""),
    ("1.2 - 1.4.5", "1.1.9", "\"1.1.9\" is less than \"1.2\""),
    ("1 - 2", "2.9.0", ""),
    ("1 - 2", "3.0.0", "\"3.0.0\" is greater than \"2\""),
    ("1.0 - 2.0 || 3.0 - 4.0", "2.0.5", ""),
    ("1.0 - 2.0 || 3.0 - 4.0", "2.5.0", "\"2.5.0\" is greater than \"2.0\"; \"2.5.0\" is less than \"3.0\""),
    ("1.0 - 2.0 || 3.0 - 4.0", "3.5.0", ""),
    (">=1.2, <2 || ^3", "1.5.0", ""),
    (">=1.2, <2 || ^3", "2.0.0", "\"2.0.0\" is greater than or equal to \"2\"; \"2.0.0\" is less than \"3\""),
    (">=1.2, <2 || ^3", "3.1.0", ""),
    (">=1.2 <2 !=1.5.0", "1.4.0", ""),
    (">=1.2 <2 !=1.5.0", "1.5.0", "\"1.5.0\" is equal to \"1.5.0\""),
    ("=>1.2 =<1.3", "1.3.9", ""),
    ("=>1.2 =<1.3", "1.4.0", "\"1.4.0\" is greater than \"1.3\""),
    (">1.0.0-alpha <2", "1.0.0-beta", ""),
    (">1.0.0-alpha <2", "1.5.0-beta", ""),
    (">1.0.0-alpha <2", "2.0.0-beta", ""),
];

fn text(result: Result<Version, Error>) -> String {
    result.map_or_else(|e| e.to_string(), |v| v.to_string())
}

fn version(text: &str) -> Version {
    Version::parse(text).unwrap()
}

#[test]
fn the_lenient_parser_completes_versions() {
    for &(input, want) in LENIENT {
        assert_eq!(text(Version::parse(input)), want, "{input:?}");
    }
    let long = "1".repeat(257);
    assert_eq!(
        text(Version::parse(long)),
        "version string is too long (max 256 bytes)"
    );
}

#[test]
fn the_strict_parser_takes_versions_to_the_letter() {
    for &(input, want) in STRICT {
        assert_eq!(text(Version::parse_strict(input)), want, "{input:?}");
    }
    let long = format!("1.2.{}", "1".repeat(257));
    assert_eq!(
        text(Version::parse_strict(long)),
        "version string is too long (max 256 bytes)"
    );
}

#[test]
fn a_version_keeps_its_parts_and_its_original() {
    let v = version("v1.2.3-rc.1+build.5");
    assert_eq!((v.major(), v.minor(), v.patch()), (1, 2, 3));
    assert_eq!((v.prerelease(), v.metadata()), ("rc.1", "build.5"));
    assert_eq!(v.original(), "v1.2.3-rc.1+build.5");
    assert_eq!(v.to_string(), "1.2.3-rc.1+build.5");
}

#[test]
fn increments_drop_what_lies_below() {
    let v = version("v1.2.3-rc.1+build.5");
    assert_eq!(v.inc_major().unwrap().original(), "v2.0.0");
    assert_eq!(v.inc_minor().unwrap().original(), "v1.3.0");
    assert_eq!(v.inc_patch().unwrap().original(), "v1.2.3");
    assert_eq!(version("1.2.3+b").inc_patch().unwrap().original(), "1.2.4");
    let largest = version("18446744073709551615");
    let error = largest.inc_major().unwrap_err().to_string();
    assert_eq!(error, "major version increment would overflow uint64");
}

#[test]
fn parts_can_be_replaced() {
    let v = version("v1.2.3-a+b");
    assert_eq!(
        v.with_prerelease("rc.2").unwrap().original(),
        "v1.2.3-rc.2+b"
    );
    assert_eq!(v.with_metadata("").unwrap().original(), "v1.2.3-a");
    assert_eq!(v.with_prerelease("01").unwrap_err(), Error::LeadingZero);
    assert_eq!(v.with_metadata("a..b").unwrap_err(), Error::Metadata);
}

#[test]
fn precedence_follows_the_specification() {
    let rising = [
        "1.0.0-1",
        "1.0.0-2",
        "1.0.0-10",
        "1.0.0-18446744073709551616",
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.1-0",
        "1.0.1",
        "1.9.0",
        "1.10.0",
        "2.0.0",
    ];
    for pair in rising.windows(2) {
        assert_eq!(
            version(pair[0]).cmp(&version(pair[1])),
            Ordering::Less,
            "{pair:?}"
        );
        assert_eq!(
            version(pair[1]).cmp(&version(pair[0])),
            Ordering::Greater,
            "{pair:?}"
        );
    }
    assert_eq!(version("1.0.0+a"), version("1.0.0+b"));
}

#[test]
fn improper_constraints_are_named() {
    for &(input, want) in IMPROPER {
        assert_eq!(
            Constraints::parse(input).unwrap_err().to_string(),
            want,
            "{input:?}"
        );
    }
    let too_many = Constraints::parse("1||".repeat(33))
        .unwrap_err()
        .to_string();
    assert_eq!(too_many, "too many constraint groups (max 32)");
    let too_long = Constraints::parse("1".repeat(513)).unwrap_err().to_string();
    assert_eq!(too_long, "constraint string is too long (max 512 bytes)");
    let bytes = Constraints::parse(b"1\xff").unwrap_err().to_string();
    assert_eq!(bytes, r#"improper constraint: "1\xff""#);
}

#[test]
fn versions_fit_or_the_reasons_are_told() {
    for &(constraint, input, want) in FITS {
        let constraints = Constraints::parse(constraint).unwrap();
        let reasons = constraints
            .validate(&version(input))
            .err()
            .unwrap_or_default();
        assert_eq!(reasons.join("; "), want, "{constraint:?} {input:?}");
        assert_eq!(
            constraints.check(&version(input)),
            want.is_empty(),
            "{constraint:?} {input:?}"
        );
    }
}

#[test]
fn constraints_print_as_they_were_understood() {
    let printed = |text: &str| Constraints::parse(text).unwrap().to_string();
    assert_eq!(printed(">= 1.2 , <2||~>3.x"), ">=1.2 <2 || ~>3.x");
    assert_eq!(printed("1.2 - 3"), ">=1.2 <=3");
}
