//! Numbers to text and back.

use crate::fmt::{
    NumErrorKind, atoi, format_float, parse_bool, parse_float, parse_int, parse_uint,
};

#[test]
#[rustfmt::skip]
fn floats_in_every_format() {
    let cases = [
        (0.0, b'e', -1, "0e+00"),
        (0.0, b'f', -1, "0"),
        (0.0, b'g', -1, "0"),
        (0.0, b'b', -1, "0p-1074"),
        (0.0, b'x', -1, "0x0p+00"),
        (0.0, b'f', 2, "0.00"),
        (0.0, b'g', 3, "0"),
        (1.0, b'e', -1, "1e+00"),
        (1.0, b'f', -1, "1"),
        (1.0, b'g', -1, "1"),
        (1.0, b'b', -1, "4503599627370496p-52"),
        (1.0, b'x', -1, "0x1p+00"),
        (1.0, b'f', 2, "1.00"),
        (1.0, b'g', 3, "1"),
        (-1.5, b'e', -1, "-1.5e+00"),
        (-1.5, b'f', -1, "-1.5"),
        (-1.5, b'g', -1, "-1.5"),
        (-1.5, b'b', -1, "-6755399441055744p-52"),
        (-1.5, b'x', -1, "-0x1.8p+00"),
        (-1.5, b'f', 2, "-1.50"),
        (-1.5, b'g', 3, "-1.5"),
        (0.1, b'e', -1, "1e-01"),
        (0.1, b'f', -1, "0.1"),
        (0.1, b'g', -1, "0.1"),
        (0.1, b'b', -1, "7205759403792794p-56"),
        (0.1, b'x', -1, "0x1.999999999999ap-04"),
        (0.1, b'f', 2, "0.10"),
        (0.1, b'g', 3, "0.1"),
        (1e+06, b'e', -1, "1e+06"),
        (1e+06, b'f', -1, "1000000"),
        (1e+06, b'g', -1, "1e+06"),
        (1e+06, b'b', -1, "8589934592000000p-33"),
        (1e+06, b'x', -1, "0x1.e848p+19"),
        (1e+06, b'f', 2, "1000000.00"),
        (1e+06, b'g', 3, "1e+06"),
        (1e+21, b'e', -1, "1e+21"),
        (1e+21, b'f', -1, "1000000000000000000000"),
        (1e+21, b'g', -1, "1e+21"),
        (1e+21, b'b', -1, "7629394531250000p+17"),
        (1e+21, b'x', -1, "0x1.b1ae4d6e2ef5p+69"),
        (1e+21, b'f', 2, "1000000000000000000000.00"),
        (1e+21, b'g', 3, "1e+21"),
        (1.23456789e+08, b'e', -1, "1.23456789e+08"),
        (1.23456789e+08, b'f', -1, "123456789"),
        (1.23456789e+08, b'g', -1, "1.23456789e+08"),
        (1.23456789e+08, b'b', -1, "8285044862877696p-26"),
        (1.23456789e+08, b'x', -1, "0x1.d6f3454p+26"),
        (1.23456789e+08, b'f', 2, "123456789.00"),
        (1.23456789e+08, b'g', 3, "1.23e+08"),
        (1e-07, b'e', -1, "1e-07"),
        (1e-07, b'f', -1, "0.0000001"),
        (1e-07, b'g', -1, "1e-07"),
        (1e-07, b'b', -1, "7555786372591432p-76"),
        (1e-07, b'x', -1, "0x1.ad7f29abcaf48p-24"),
        (1e-07, b'f', 2, "0.00"),
        (1e-07, b'g', 3, "1e-07"),
        (5e-324, b'e', -1, "5e-324"),
        (5e-324, b'f', -1, "0.000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000005"),
        (5e-324, b'g', -1, "5e-324"),
        (5e-324, b'b', -1, "1p-1074"),
        (5e-324, b'x', -1, "0x1p-1074"),
        (5e-324, b'f', 2, "0.00"),
        (5e-324, b'g', 3, "4.94e-324"),
        (1.7976931348623157e+308, b'e', -1, "1.7976931348623157e+308"),
        (1.7976931348623157e+308, b'f', -1, "179769313486231570000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"),
        (1.7976931348623157e+308, b'g', -1, "1.7976931348623157e+308"),
        (1.7976931348623157e+308, b'b', -1, "9007199254740991p+971"),
        (1.7976931348623157e+308, b'x', -1, "0x1.fffffffffffffp+1023"),
        (1.7976931348623157e+308, b'f', 2, "179769313486231570814527423731704356798070567525844996598917476803157260780028538760589558632766878171540458953514382464234321326889464182768467546703537516986049910576551282076245490090389328944075868508455133942304583236903222948165808559332123348274797826204144723168738177180919299881250404026184124858368.00"),
        (1.7976931348623157e+308, b'g', 3, "1.8e+308"),
        (2.2202288259879552e+15, b'e', -1, "2.2202288259879552e+15"),
        (2.2202288259879552e+15, b'f', -1, "2220228825987955.2"),
        (2.2202288259879552e+15, b'g', -1, "2.2202288259879552e+15"),
        (2.2202288259879552e+15, b'b', -1, "8880915303951821p-2"),
        (2.2202288259879552e+15, b'x', -1, "0x1.f8d2539f8edcdp+50"),
        (2.2202288259879552e+15, b'f', 2, "2220228825987955.25"),
        (2.2202288259879552e+15, b'g', 3, "2.22e+15"),
    ];
    for (x, format, precision, want) in cases {
        assert_eq!(format_float(x, format, precision, 64), want, "{x} {}", format as char);
    }
    assert_eq!(format_float(f64::from(0.1f32), b'g', -1, 32), "0.1");
    assert_eq!(format_float(f64::from(0.1f32), b'g', -1, 64), "0.10000000149011612");
    assert_eq!(format_float(f64::NAN, b'f', 2, 64), "NaN");
    assert_eq!(format_float(f64::INFINITY, b'e', 2, 64), "+Inf");
    let long = format_float(0.1, b'f', 2_000, 64);
    assert_eq!(long.len(), 2_002);
    assert!(long.starts_with("0.1000000000000000055511151231257827021181583404541015625000"));
}

/// The error's text, or nothing.
fn message<T, E: ToString>(result: &Result<T, E>) -> String {
    result.as_ref().err().map(E::to_string).unwrap_or_default()
}

#[test]
#[rustfmt::skip]
fn integer_literals_of_any_base() {
    let cases = [
        ("12", 12, ""),
        ("-12", -12, ""),
        ("+12", 12, ""),
        ("0x1F", 31, ""),
        ("017", 15, ""),
        ("0o17", 15, ""),
        ("0b11", 3, ""),
        ("1_000", 1000, ""),
        ("1__0", 0, "strconv.ParseInt: parsing \"1__0\": invalid syntax"),
        ("_1", 0, "strconv.ParseInt: parsing \"_1\": invalid syntax"),
        ("0x_f", 15, ""),
        ("", 0, "strconv.ParseInt: parsing \"\": invalid syntax"),
        ("-", 0, "strconv.ParseInt: parsing \"-\": invalid syntax"),
        ("08", 0, "strconv.ParseInt: parsing \"08\": invalid syntax"),
        ("1e3", 0, "strconv.ParseInt: parsing \"1e3\": invalid syntax"),
        ("9223372036854775807", 9223372036854775807, ""),
        ("9223372036854775808", 9223372036854775807, "strconv.ParseInt: parsing \"9223372036854775808\": value out of range"),
        ("-9223372036854775809", -9223372036854775808, "strconv.ParseInt: parsing \"-9223372036854775809\": value out of range"),
        ("a\"b", 0, "strconv.ParseInt: parsing \"a\\\"b\": invalid syntax"),
        (" 1", 0, "strconv.ParseInt: parsing \" 1\": invalid syntax"),
    ];
    for (text, want, error) in cases {
        let parsed = parse_int(text.as_bytes(), 0, 64);
        assert_eq!(message(&parsed), error);
        assert_eq!(parsed.unwrap_or_else(|e| e.value), want, "{text:?}");
    }
}

#[test]
fn integers_of_fewer_bits() {
    assert_eq!(parse_int(b"-128", 10, 8).unwrap(), -128);
    let error = parse_int(b"128", 10, 8).unwrap_err();
    assert_eq!((error.value, error.kind), (127, NumErrorKind::Range));
    assert_eq!(parse_uint(b"ff", 16, 8).unwrap(), 255);
    let error = parse_uint(b"-1", 10, 64).unwrap_err().to_string();
    assert_eq!(error, r#"strconv.ParseUint: parsing "-1": invalid syntax"#);
    let error = atoi(b"0x1").unwrap_err().to_string();
    assert_eq!(error, r#"strconv.Atoi: parsing "0x1": invalid syntax"#);
}

#[test]
#[rustfmt::skip]
fn float_literals() {
    let cases = [
        ("1.5", 1.5, ""),
        ("-0", -0.0, ""),
        (".5", 0.5, ""),
        ("5.", 5.0, ""),
        ("1e3", 1000.0, ""),
        ("1E+3", 1000.0, ""),
        ("0x1p4", 16.0, ""),
        ("0x1.8p-1", 0.75, ""),
        ("0x1p-1074", 5e-324, ""),
        ("0x1p1024", f64::INFINITY, "strconv.ParseFloat: parsing \"0x1p1024\": value out of range"),
        ("inf", f64::INFINITY, ""),
        ("-Infinity", f64::NEG_INFINITY, ""),
        ("+INF", f64::INFINITY, ""),
        ("1e400", f64::INFINITY, "strconv.ParseFloat: parsing \"1e400\": value out of range"),
        ("-1e400", f64::NEG_INFINITY, "strconv.ParseFloat: parsing \"-1e400\": value out of range"),
        ("1e-400", 0.0, ""),
        ("1_0.5", 10.5, ""),
        ("1_.5", 0.0, "strconv.ParseFloat: parsing \"1_.5\": invalid syntax"),
        ("0x_1p0", 1.0, ""),
        ("0x1", 0.0, "strconv.ParseFloat: parsing \"0x1\": invalid syntax"),
        ("nanx", 0.0, "strconv.ParseFloat: parsing \"nanx\": invalid syntax"),
        ("+nan", 0.0, "strconv.ParseFloat: parsing \"+nan\": invalid syntax"),
        ("infin", 0.0, "strconv.ParseFloat: parsing \"infin\": invalid syntax"),
        (".", 0.0, "strconv.ParseFloat: parsing \".\": invalid syntax"),
        ("", 0.0, "strconv.ParseFloat: parsing \"\": invalid syntax"),
        ("1e", 0.0, "strconv.ParseFloat: parsing \"1e\": invalid syntax"),
        ("1.5x", 0.0, "strconv.ParseFloat: parsing \"1.5x\": invalid syntax"),
        ("0x", 0.0, "strconv.ParseFloat: parsing \"0x\": invalid syntax"),
    ];
    for (text, want, error) in cases {
        let parsed = parse_float(text.as_bytes(), 64);
        assert_eq!(message(&parsed), error);
        let x: f64 = parsed.unwrap_or_else(|e| e.value);
        assert_eq!(x.to_bits(), f64::to_bits(want), "{text:?}");
    }
    assert!(parse_float(b"NaN", 64).unwrap().is_nan());
    assert_eq!(parse_float(b"0.1", 32).unwrap(), f64::from(0.1f32));
    assert_eq!(parse_float(b"1e39", 32).unwrap_err().value, f64::INFINITY);
}

#[test]
fn booleans() {
    assert!(parse_bool(b"T").unwrap());
    assert!(!parse_bool(b"FALSE").unwrap());
    let error = parse_bool(b"yes").unwrap_err().to_string();
    assert_eq!(error, r#"strconv.ParseBool: parsing "yes": invalid syntax"#);
}

#[test]
fn a_general_exponent_in_capitals() {
    let heap = crate::Heap::new();
    let show =
        |format: &str, x| crate::fmt::sprintf(&heap, format.as_bytes(), &[crate::Value::float(x)]);
    assert_eq!(show("%G", 1e21), "1E+21");
    assert_eq!(show("%.G", 1e3), "1E+03");
}
