//! Texts recorded from Go 1.26.
#![allow(clippy::unwrap_used, clippy::approx_constant)]

mod numbers;
mod structures;

use super::*;
use crate::kind::UintKind;

fn int(n: i64) -> Value {
    Value::int(n)
}

fn byte(n: u8) -> Value {
    Value::Uint(n.into(), UintKind::Uint8)
}

fn float(x: f64) -> Value {
    Value::float(x)
}

fn complex(real: f64, imaginary: f64) -> Value {
    Value::Complex(std::sync::Arc::new((real, imaginary)))
}

fn s(text: &str) -> Value {
    text.into()
}

fn bytes(text: &str) -> Value {
    Value::Bytes(text.into())
}

fn list(items: &[Value]) -> Value {
    Value::list(items.to_vec())
}

fn nil() -> Value {
    Value::Nil
}

fn printf(format: &str, args: &[Value]) -> String {
    sprintf(&Heap::new(), format.as_bytes(), args)
        .to_text()
        .into_owned()
}

/// Format, arguments, and what Go makes of them.
fn check(cases: &[(&str, &[Value], &str)]) {
    for (format, args, want) in cases {
        assert_eq!(printf(format, args), *want, "{format:?}");
    }
}

#[test]
#[rustfmt::skip]
fn integers_under_every_verb() {
    check(&[
        ("%d %5d|%-5d|%05d|%+d|% d", &[int(3), int(4), int(5), int(-6), int(7), int(8)], "3     4|5    |-0006|+7| 8"),
        ("%x %X %#x %o %#o %O %b %#b", &[int(255), int(255), int(255), int(8), int(8), int(8), int(5), int(5)], "ff FF 0xff 10 010 0o10 101 0b101"),
        ("%c %q %U %#U %08U", &[int(19990), int(19990), int(19990), int(19990), int(65)], "世 '世' U+4E16 U+4E16 '世'   U+0041"),
        ("%+q %c %q", &[int(19990), int(1114112), int(-1)], "'\\u4e16' � '�'"),
        ("%.3d|%8.3d|%-8.3d|%08.3d|%.0d|%3.0d", &[int(7), int(7), int(7), int(7), int(0), int(0)], "007|     007|007     |     007||   "),
        ("%x %d %v %#v", &[byte(255), byte(7), byte(7), byte(7)], "ff 7 7 0x7"),
        ("%-05d|%+05d|%x", &[int(7), int(7), int(-255)], "7    |+0007|-ff"),
    ]);
}

#[test]
#[rustfmt::skip]
fn floats_under_every_verb() {
    check(&[
        ("%v %g %e %f %E %G %F", &[float(1.5), float(1.5), float(1.5), float(1.5), float(1.5), float(1.5), float(1.5)], "1.5 1.5 1.500000e+00 1.500000 1.500000E+00 1.5 1.500000"),
        ("%v %v %v %v %v", &[float(1e+06), float(1e+20), float(1e+21), float(0.0001), float(1e-05)], "1e+06 1e+20 1e+21 0.0001 1e-05"),
        ("%v %v %v %v", &[float(100000.0), float(1.23456789e+08), float(0.1), float(-2.0)], "100000 1.23456789e+08 0.1 -2"),
        ("%.2f|%8.2f|%-8.2f|%08.2f|%+.2f|% .2f", &[float(3.14159), float(3.14159), float(3.14159), float(-3.14159), float(3.14159), float(3.14159)], "3.14|    3.14|3.14    |-0003.14|+3.14| 3.14"),
        ("%.0f %.0f %.0f %.1f", &[float(0.5), float(1.5), float(2.5), float(0.25)], "0 2 2 0.2"),
        ("%#v %#g %#.3g %#f %#.0f %#e", &[float(1.0), float(1.0), float(1.0), float(1.0), float(1.0), float(1.0)], "1 1.00000 1.00 1.000000 1. 1.000000e+00"),
        ("%.3g %.10g %.0e %g", &[float(1.234567e+06), float(1.234567e+06), float(15.0), float(1e+100)], "1.23e+06 1234567 2e+01 1e+100"),
        ("%x %X %.2x %b", &[float(1.5), float(255.5), float(3.14159), float(1.5)], "0x1.8p+00 0X1.FFP+07 0x1.92p+01 6755399441055744p-52"),
        ("%v %.1f", &[complex(1.0, -2.0), complex(1.25, 2.0)], "(1-2i) (1.2+2.0i)"),
        ("%5t|%-6t|%q", &[Value::Bool(true), Value::Bool(false), Value::Bool(true)], " true|false |%!q(bool=true)"),
    ]);
}

#[test]
#[rustfmt::skip]
fn strings_and_bytes_under_every_verb() {
    check(&[
        ("%s|%5s|%-5s|%.2s|%5.1s|%05s", &[s("hé"), s("hé"), s("hé"), s("héllo"), s("héllo"), s("ab")], "hé|   hé|hé   |hé|    h|000ab"),
        ("%q %+q %#q %x %X % x %#x %# x", &[s("hé\n"), s("hé\n"), s("a`b"), s("hé"), s("hé"), s("hé"), s("hé"), s("hé")], "\"hé\\n\" \"h\\u00e9\\n\" \"a`b\" 68c3a9 68C3A9 68 c3 a9 0x68c3a9 0x68 0xc3 0xa9"),
        ("%s %v %d %x %q %o", &[bytes("ab"), bytes("ab"), bytes("ab"), bytes("ab"), bytes("ab"), bytes("ab")], "ab [97 98] [97 98] 6162 \"ab\" [141 142]"),
        ("%#v %#v %#q", &[s("a\"b"), bytes("ab"), s("tab\there")], "\"a\\\"b\" []byte{0x61, 0x62} `tab\there`"),
        ("%6.2q|%-8q|", &[s("héllo"), s("a")], "  \"hé\"|\"a\"     |"),
    ]);
}

#[test]
#[rustfmt::skip]
fn containers_pass_the_verb_down() {
    check(&[
        ("%v %d %s %q", &[list(&[int(1), s("a"), nil(), float(2.5)]), list(&[int(1), int(2)]), list(&[s("a"), s("b")]), list(&[s("a"), s("b")])], "[1 a <nil> 2.5] [1 2] [a b] [\"a\" \"b\"]"),
        ("%#v %#v", &[list(&[int(1), s("a"), nil(), float(2.5), Value::Bool(true), byte(1)]), Value::strings(["a"])], "[]interface {}{1, \"a\", interface {}(nil), 2.5, true, 0x1} []string{\"a\"}"),
        ("%5d|%05.1f|%x", &[list(&[int(1), int(2)]), list(&[float(1.5)]), list(&[s("a"), int(10), bytes("z")])], "[    1     2]|[001.5]|[61 a 7a]"),
        ("%v %v", &[Value::strings([""; 0]), list(&[list(&[]), list(&[list(&[int(1)])])])], "[] [[] [[1]]]"),
        ("%v %#v", &[list(&[bytes("ab")]), list(&[bytes("ab")])], "[[97 98]] []interface {}{[]uint8{0x61, 0x62}}"),
    ]);
}

#[test]
#[rustfmt::skip]
fn complaints_stand_in_the_text() {
    check(&[
        ("%d", &[s("hi")], "%!d(string=hi)"),
        ("%d %d", &[int(1)], "1 %!d(MISSING)"),
        ("%", &[], "%!(NOVERB)"),
        ("%!", &[], "%!!(MISSING)"),
        ("%z", &[int(1)], "%!z(int=1)"),
        ("x", &[int(1), nil(), s("a")], "x%!(EXTRA int=1, <nil>, string=a)"),
        ("%d", &[nil()], "%!d(<nil>)"),
        ("%s %s", &[nil(), int(5)], "%!s(<nil>) %!s(int=5)"),
        ("%s", &[list(&[int(1), s("a")])], "[%!s(int=1) a]"),
        ("%d", &[list(&[s("a")])], "[%!d(string=a)]"),
        ("%5z|%t", &[int(3), int(1)], "%!z(int=    3)|%!t(int=1)"),
        ("%w %w", &[int(3), list(&[int(1)])], "%!w(int=3) %!w([]interface {}=[1])"),
        ("%s %t %f", &[Value::Bool(true), s("x"), int(1)], "%!s(bool=true) %!t(string=x) %!f(int=1)"),
        ("%é", &[int(1)], "%!é(int=1)"),
        ("%c", &[float(1.5)], "%!c(float64=1.5)"),
        ("%%%d%%", &[int(1)], "%1%"),
        ("%-", &[int(1)], "%!(NOVERB)%!(EXTRA int=1)"),
        ("%.", &[int(1)], "%!.(int=1)"),
        ("%p", &[int(1)], "%!p(int=1)"),
        ("%T %T %T %T %10T", &[int(1), s("a"), nil(), list(&[]), float(1.5)], "int string <nil> []interface {}    float64"),
    ]);
}

#[test]
#[rustfmt::skip]
fn widths_and_indexes_come_from_arguments() {
    check(&[
        ("%[2]d %[1]d", &[int(1), int(2)], "2 1"),
        ("%[1]d %d %[1]d", &[int(1), int(2)], "1 2 1"),
        ("%[3]d %[0]d %[x]d %[2", &[int(1), int(2)], "%!d(BADINDEX) %!d(BADINDEX) %!d(BADINDEX) %!(NOVERB)"),
        ("%*d|%-*d|%*d", &[int(5), int(1), int(5), int(2), int(-5), int(3)], "    1|2    |3    "),
        ("%.*f|%*.*f", &[int(2), float(3.14159), int(8), int(3), float(2.5)], "3.14|   2.500"),
        ("%*d %.*d", &[s("a"), int(1), nil(), int(2)], "%!(BADWIDTH)1 %!(BADPREC)2"),
        ("%[2]*[1]d|%[1]*d", &[int(3), int(4)], "   3|  4"),
        ("%[1]2d %[1].2d", &[int(5)], "%!d(BADINDEX) %!d(BADINDEX)"),
        ("%2147483648d", &[int(42)], "%!(NOVERB)%!(EXTRA int=42)"),
        ("%.2147483648d", &[int(42)], "%!(NOVERB)%!(EXTRA int=42)"),
        ("%*d", &[int(10000000), int(42)], "%!(BADWIDTH)42"),
        ("%.*d", &[int(-1), int(42)], "%!(BADPREC)42"),
        ("%[5]d", &[int(1)], "%!d(BADINDEX)"),
        ("%d %[]d", &[int(1), int(2)], "1 %!d(BADINDEX)"),
        ("%.[2]*[1]d", &[int(1), int(3)], "001"),
    ]);
}

#[test]
fn absurd_widths_are_taken_as_go_takes_them() {
    assert_eq!(printf("%9999999d", &[int(1)]).len(), 9_999_999);
    assert_eq!(printf("%99999999d", &[int(1)]), "%!(NOVERB)%!(EXTRA int=1)");
    let greedy = "%9999999d".repeat(100);
    assert!(printf(&greedy, &vec![int(1); 100]).len() < 80_000_000);
}

#[test]
fn print_puts_spaces_between_operands_that_are_no_strings() {
    let heap = Heap::new();
    let args = [
        int(1),
        int(2),
        s("a"),
        int(3),
        nil(),
        s("b"),
        s("c"),
        Value::Bool(true),
    ];
    assert_eq!(sprint(&heap, &args), "1 2a3 <nil>bctrue");
    assert_eq!(sprintln(&heap, &args), "1 2 a 3 <nil> b c true\n");
    assert_eq!(sprint(&heap, &[]), "");
    assert_eq!(sprintln(&heap, &[]), "\n");
}

#[test]
fn runes_are_counted_as_go_counts_them() {
    assert_eq!(rune_count("hé世😀".as_bytes()), 4);
    assert_eq!(rune_count(b"a\xe4\xb8z\xff"), 5);
    assert_eq!(decode_rune(b"\xed\xa0\x80"), (None, 1));
    assert_eq!(decode_rune(b""), (None, 0));
    let all: Vec<_> = runes(b"a\xffz").collect();
    assert_eq!(all, [(0, 'a'), (1, '\u{fffd}'), (2, 'z')]);
}

#[test]
#[rustfmt::skip]
fn literals_escape_what_does_not_print() {
    let cases = [
        ("", "\"\""),
        ("plain", "\"plain\""),
        ("q\"b\\", "\"q\\\"b\\\\\""),
        ("\x07\x08\x0c\n\x0d\t\x0b", "\"\\a\\b\\f\\n\\r\\t\\v\""),
        ("\x00\x7f", "\"\\x00\\x7f\""),
        ("é世😀", "\"é世😀\""),
        ("\u{ad}\u{2028}\u{feff}", "\"\\u00ad\\u2028\\ufeff\""),
        ("\u{e0001}", "\"\\U000e0001\""),
    ];
    for (text, want) in cases {
        assert_eq!(quote(text.as_bytes()), want);
    }
    assert_eq!(quote(b"a\xffb"), r#""a\xffb""#);
    assert_eq!(quote_to_ascii("é😀".as_bytes()), r#""\u00e9\U0001f600""#);
}
