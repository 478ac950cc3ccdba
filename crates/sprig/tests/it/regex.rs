//! Regular expressions: rules beyond single calls.

use windlass_value::Value;

use crate::bench::Bench;

fn error(expression: &str) -> String {
    Bench::new()
        .call("mustRegexMatch", &[expression.into(), "x".into()])
        .unwrap_err()
}

#[test]
fn errors_are_gos() {
    for (expression, wanted) in [
        ("a(b", "missing closing ): `a(b`"),
        ("a)b", "unexpected ): `a)b`"),
        ("[a", "missing closing ]: `[a`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("|*", "missing argument to repetition operator: `*`"),
        ("x{1001}", "invalid repeat count: `{1001}`"),
        ("(x{100}){11}", "invalid repeat count: `{11}`"),
        ("(?<=a)b", "invalid named capture: `(?<=a)b`"),
        ("(?!a)", "invalid or unsupported Perl syntax: `(?!`"),
        ("\\8", "invalid escape sequence: `\\8`"),
        ("a\\", "trailing backslash at end of expression: ``"),
        ("\\p{Nope}", "invalid character class range: `\\p{Nope}`"),
        ("[b-a]", "invalid character class range: `b-a`"),
    ] {
        assert_eq!(error(expression), format!("error parsing regexp: {wanted}"));
    }
}

#[test]
fn a_panicking_form_names_the_expression() {
    let found = Bench::new().call("regexFind", &["a`(".into(), "x".into()]);
    let wanted = "regexp: Compile(\"a`(\"): error parsing regexp: missing closing ): `a`(`";
    assert_eq!(found.unwrap_err(), wanted);
}

#[test]
fn deep_and_large_expressions_are_refused_like_in_go() {
    let nested = |levels: usize| format!("{}x{}", "(".repeat(levels), ")".repeat(levels));
    let mut bench = Bench::new();
    assert_eq!(
        bench.print("mustRegexMatch", &[nested(900).into(), "x".into()]),
        "true"
    );
    assert!(error(&nested(1_001)).starts_with("error parsing regexp: expression nests too deeply"));
    let large = "(?:abcdefghij){1000}".repeat(400);
    assert!(error(&large).starts_with("error parsing regexp: expression too large"));
}

#[test]
fn perl_classes_are_ascii() {
    let mut bench = Bench::new();
    for (expression, text, wanted) in [
        ("^\\w+$", "é", "false"),
        ("^\\d$", "٣", "false"),
        ("^\\s$", "\u{b}", "false"),
        ("^[[:space:]]$", "\u{b}", "true"),
        ("(?i)^K$", "\u{212a}", "true"),
        ("^\\b", "é", "false"),
        ("^.$", "é", "true"),
    ] {
        let found = bench.print("regexMatch", &[expression.into(), text.into()]);
        assert_eq!(found, wanted, "{expression} on {text}");
    }
}

#[test]
fn an_invalid_byte_is_one_replacement_character() {
    let mut bench = Bench::new();
    let text = Value::str(b"a\xffb\xfe".to_vec());
    let found = bench.call(
        "regexReplaceAll",
        &["[^a-z]".into(), text.clone(), "<$0>".into()],
    );
    assert_eq!(
        found.unwrap().as_str().unwrap().as_bytes(),
        b"a<\xff>b<\xfe>"
    );
    let found = bench.print("regexReplaceAll", &["\\x{fffd}".into(), text, "-".into()]);
    assert_eq!(found, "a-b-");
}

#[test]
fn many_expressions_do_not_pile_up() {
    let mut bench = Bench::new();
    for i in 0..1_200 {
        let expression = Value::from(format!("^x{i}$"));
        let text = Value::from(format!("x{i}"));
        assert_eq!(bench.print("regexMatch", &[expression, text]), "true");
    }
}
