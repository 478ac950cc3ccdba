//! Nothing, truth values and numbers of all of Go's types.

use serde_json::Value as Json;

use super::{Kind, Sample, bare, data, go, one, plain};

/// The kinds.
pub(super) const KINDS: &[Kind] = &[
    plain("no argument", |_| Sample::Text(String::new())),
    plain("missing", |r| {
        one(r, &[".nope", "$.nope", "(dict).a", "(index (dict) \"a\")"])
    }),
    plain("nil", |_| Sample::Data(Json::Null)),
    plain("nil literal", |r| one(r, &["nil"])),
    bare("nil list", |r| {
        data(
            r,
            &[
                r#"{"$go":"strings","v":null}"#,
                r#"{"$go":"ints","v":null}"#,
            ],
        )
    }),
    bare("nil map", |r| data(r, &[r#"{"$go":"stringmap","v":null}"#])),
    plain("bool", |r| one(r, &["true", "false"])),
    plain("int", |r| {
        one(
            r,
            &[
                "1", "2", "3", "7", "(int 5)", "100", "0x1F", "0b101", "0o17", "1_000",
            ],
        )
    }),
    plain("zero", |r| one(r, &["0", "(int 0)", "0.0", "-0"])),
    plain("negative int", |r| {
        one(r, &["-1", "-2", "-7", "(int -5)", "-100"])
    }),
    plain("huge int", |r| {
        one(
            r,
            &[
                "9223372036854775807",
                "-9223372036854775808",
                "9223372036854775808",
                "4611686018427387904",
                "18446744073709551616",
            ],
        )
    }),
    bare("int8", |r| go("int8", r, &["1", "-128", "127", "0"])),
    bare("int16", |r| go("int16", r, &["1", "-32768", "3"])),
    bare("int32", |r| go("int32", r, &["1", "-2147483648", "65"])),
    plain("int64", |r| {
        one(
            r,
            &[
                "(int64 1)",
                "(int64 -3)",
                "(int64 9223372036854775807)",
                "(add 1 1)",
                "(int64 0)",
            ],
        )
    }),
    bare("uint", |r| {
        go("uint", r, &["1", "0", "18446744073709551615"])
    }),
    bare("uint8", |r| go("uint8", r, &["1", "255", "0"])),
    bare("uint16", |r| go("uint16", r, &["2", "65535"])),
    bare("uint32", |r| go("uint32", r, &["3", "4294967295"])),
    plain("uint64", |r| {
        one(
            r,
            &[
                "(semver \"3.2.1\").Major",
                "(semver \"18446744073709551615.0.0\").Major",
            ],
        )
    }),
    plain("whole float", |r| {
        data(r, &["1.0", "3.0", "-2.0", "1e6", "100.0"])
    }),
    plain("fraction", |r| {
        one(
            r,
            &["1.5", "-2.25", "0.1", "3.14159", "2.675", "1e-7", "0x1p-2"],
        )
    }),
    plain("huge float", |r| {
        one(
            r,
            &[
                "1e300",
                "-1e300",
                "1e21",
                "9.3e18",
                "1.7976931348623157e308",
                "5e-324",
            ],
        )
    }),
    bare("not a number", |r| {
        go("float64", r, &["NaN", "+Inf", "-Inf"])
    }),
    bare("float32", |r| {
        go("float32", r, &["0.1", "1.5", "3.4e38", "NaN", "-2"])
    }),
    plain("complex", |r| one(r, &["1i", "(1+2i)", "2.5i"])),
    plain("character", |r| one(r, &["'a'", "'é'", "'\\n'", "'\\x00'"])),
];
