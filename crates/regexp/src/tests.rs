//! Rules of Go's syntax; the expected results come from Go.
#![allow(clippy::unwrap_used, clippy::panic)]

use windlass_value::Str;

use super::{Cost, Regexp};

fn matches(pattern: &str, text: &str) -> bool {
    Regexp::new(&pattern.into())
        .unwrap()
        .is_match(text.as_bytes())
}

fn fault(pattern: &str) -> String {
    Regexp::new(&pattern.into()).unwrap_err().to_string()
}

#[test]
fn perl_classes_are_ascii() {
    assert!(matches(r"^\d$", "5") && !matches(r"^\d$", "٣"));
    assert!(!matches(r"^\w$", "é") && matches(r"^\W$", "é"));
    assert!(!matches(r"^\s$", "\u{0b}") && matches(r"^[[:space:]]$", "\u{0b}"));
    assert!(matches(r"(?i)^\w$", "ſ") && matches("(?i)^k$", "\u{212a}"));
    assert!(matches(r"a\bé", "aé"));
}

#[test]
fn lines_and_flags() {
    assert!(!matches("a$", "a\n") && matches("(?m)a$", "a\n"));
    assert!(!matches("a.b", "a\nb") && matches("(?s)a.b", "a\nb"));
    assert!(matches("(?i:A)b", "ab") && !matches("(?i:A)b", "aB"));
    assert!(matches("(?i)a(?-i)b", "Ab") && !matches("(?i)a(?-i)b", "AB"));
    assert!(matches("[^a]", "\n"));
}

#[test]
fn literals_and_escapes() {
    assert!(matches(r"^\x41\x{e9}\101$", "AéA") && matches(r"^\Qa.b\E+$", "a.bb"));
    assert!(matches("^a{,2}$", "a{,2}") && matches("^x{2,3}$", "xxx"));
    assert!(matches(r"^[]a]+$", "]a") && matches(r"^[a\-z]+$", "-z") && !matches("[^-a]", "-a"));
    assert!(matches(r"^\p{Greek}\pL\p{^Lu}$", "ΩAa") && !matches(r"\P{Any}", "x"));
}

#[test]
fn faults_have_gos_words() {
    assert_eq!(fault("a("), "error parsing regexp: missing closing ): `a(`");
    assert_eq!(fault("a)"), "error parsing regexp: unexpected ): `a)`");
    assert_eq!(fault("[a"), "error parsing regexp: missing closing ]: `[a`");
    assert_eq!(
        fault("[z-a]"),
        "error parsing regexp: invalid character class range: `z-a`"
    );
    assert_eq!(
        fault("a**"),
        "error parsing regexp: invalid nested repetition operator: `**`"
    );
    assert_eq!(
        fault("|*?"),
        "error parsing regexp: missing argument to repetition operator: `*?`"
    );
    assert_eq!(
        fault("a{1001}"),
        "error parsing regexp: invalid repeat count: `{1001}`"
    );
    assert_eq!(
        fault("(a{100}){100}"),
        "error parsing regexp: invalid repeat count: `{100}`"
    );
    assert_eq!(
        fault("(?=a)"),
        "error parsing regexp: invalid or unsupported Perl syntax: `(?=`"
    );
    assert_eq!(
        fault("(?P<n-m>a)"),
        "error parsing regexp: invalid named capture: `(?P<n-m>`"
    );
    assert_eq!(
        fault(r"\8"),
        r"error parsing regexp: invalid escape sequence: `\8`"
    );
    assert_eq!(
        fault(r"a\"),
        "error parsing regexp: trailing backslash at end of expression: ``"
    );
    assert_eq!(
        fault(r"\p{Grek}"),
        r"error parsing regexp: invalid character class range: `\p{Grek}`"
    );
    assert_eq!(
        fault("[[:x:]]"),
        "error parsing regexp: invalid character class range: `[:x:]`"
    );
}

#[test]
fn the_deepest_expression_fits_a_small_stack() {
    let nested = |levels: usize| format!("{}x{}", "(".repeat(levels), ")".repeat(levels));
    let small = std::thread::Builder::new().stack_size(192 << 10);
    let found = small.spawn(move || matches(&nested(900), "x")).unwrap();
    assert!(found.join().unwrap());
    assert!(fault(&nested(1_001)).starts_with("error parsing regexp: expression nests too deeply"));
}

#[test]
fn iteration_after_empty_matches() {
    let regexp = Regexp::new(&"a*".into()).unwrap();
    let free = |_| Ok::<_, ()>(());
    assert_eq!(
        regexp.find_all(b"baac", -1, free),
        Ok(vec![0..0, 1..3, 4..4])
    );
    assert_eq!(regexp.split(b"baac", -1, free), Ok(vec![&b"b"[..], b"c"]));
    let replaced = regexp.replace_all::<()>(b"baac", b"<$0>", |_| Ok(()));
    assert_eq!(replaced.unwrap().unwrap(), b"<>b<aa>c<>");
    let none = Regexp::new(&"x".into()).unwrap();
    assert_eq!(
        none.replace_all_literal::<()>(b"a", b"b", |_| Ok(())),
        Ok(None)
    );
}

#[test]
fn an_expression_too_long_to_be_read_is_too_large() {
    let text = Str::from("a|".repeat(300_000).as_str());
    let error = Regexp::new(&text).unwrap_err();
    assert!(
        error.to_string().contains("expression too large"),
        "{error:.100}"
    );
}

#[test]
fn a_replacement_is_paid_for_before_it_is_made() {
    let regexp = Regexp::new(&"(x+)".into()).unwrap();
    let text = "x".repeat(10_000);
    let mut wanted = 0;
    let pay = |cost| match cost {
        Cost::Bytes(bytes) => {
            wanted += bytes;
            Err(())
        }
        Cost::Steps(_) => Ok(()),
    };
    let replacement = "$1".repeat(100_000);
    assert_eq!(
        regexp.replace_all(text.as_bytes(), replacement.as_bytes(), pay),
        Err(())
    );
    assert_eq!(wanted, 1_000_000_000);
}

#[test]
fn references_that_give_nothing_count_as_steps() {
    let regexp = Regexp::new(&"x".into()).unwrap();
    let mut steps = 0;
    let pay = |cost| {
        if let Cost::Steps(more) = cost {
            steps += more;
        }
        if steps > 1_000_000 { Err(()) } else { Ok(()) }
    };
    let (text, replacement) = ("x".repeat(10_000), "$9".repeat(10_000));
    assert_eq!(
        regexp.replace_all(text.as_bytes(), replacement.as_bytes(), pay),
        Err(())
    );
}

#[test]
fn repairing_a_string_that_is_not_utf_8_has_its_price() {
    assert_eq!(Regexp::search_bytes("é".as_bytes()), 0);
    assert!(Regexp::search_bytes(b"\xff\xff") >= 2 * (3 + 3 * size_of::<usize>()));
}
