//! How collections and numbers are written by `toYamlPretty`; expected texts are Go's.

use crate::check::rewrites_v3;

#[test]
fn collections_and_their_indentation() {
    rewrites_v3(&[
        (
            b"a:\n- b\n- - c\n  - d: e\n    f: [g]\n- {}\n- []\nh: {}\ni: []\nj: ~",
            "a:\n  - b\n  - - c\n    - d: e\n      f:\n        - g\n  - {}\n  - []\nh: {}\ni: []\nj: null\n",
        ),
        (b"[]", "[]\n"),
        (b"{}", "{}\n"),
        (b"~", "null\n"),
        (b"- - - a", "- - - a\n"),
        (b"a: {b: {c: d}}", "a:\n  b:\n    c: d\n"),
        (
            b"- a: [1]\n  b: {c: [2]}",
            "- a:\n    - 1\n  b:\n    c:\n      - 2\n",
        ),
    ]);
}

#[test]
fn numbers() {
    rewrites_v3(&[
        (b"[0, -0.0, 1, 1.0, 1.5, 100000, 123456, 1234567, 1234567.5, 1e20, 1e21, 1e-5, 1e-7, 0.0001, 9007199254740993, 9223372036854775807, -9223372036854775808, 18446744073709551615, 1e300]", "- 0\n- -0\n- 1\n- 1\n- 1.5\n- 100000\n- 123456\n- 1.234567e+06\n- 1.2345675e+06\n- 1e+20\n- 1e+21\n- 1e-05\n- 1e-07\n- 0.0001\n- 9.007199254740992e+15\n- 9.223372036854776e+18\n- -9.223372036854776e+18\n- 1.8446744073709552e+19\n- 1e+300\n"),
    ]);
}

#[test]
fn keys_in_natural_order() {
    rewrites_v3(&[
        (b"{b: 1, a: 1, a10: 1, a2: 1, A: 1, Z: 1, _x: 1, '1': 1, '10': 1, '2': 1, a-b: 1, a.b: 1, ab: 1, a1-: 1, a01: 1, a001: 1, \xC3\xA9: 1, \xC3\xA4: 1, \xE6\x97\xA5: 1, a\xD9\xA3: 1}", "_x: 1\n\"1\": 1\n\"2\": 1\n\"10\": 1\nA: 1\nZ: 1\na: 1\na-b: 1\na.b: 1\na1-: 1\na01: 1\na001: 1\na2: 1\na10: 1\na\u{663}: 1\nab: 1\nb: 1\n\u{E4}: 1\né: 1\n日: 1\n"),
        (b"{v1.10: 1, v1.9: 1, v1: 1, v10: 1, v2: 1}", "v1: 1\nv1.9: 1\nv1.10: 1\nv2: 1\nv10: 1\n"),
    ]);
}

#[test]
fn keys_too_long_or_on_many_lines() {
    rewrites_v3(&[
        (b"{? 'kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk' : [a, {b: c}]}", "? kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk\n: - a\n  - b: c\n"),
        (b"? \"a\\nb\"\n: - c\n", "? |-\n  a\n  b\n: - c\n"),
        (b"? \"a\\nb\\n\"\n: {d: e}", "? |\n  a\n  b\n: d: e\n"),
    ]);
}

#[test]
fn nested_text() {
    rewrites_v3(&[
        (b"a:\n  - b: \"x\\ny\\n\"\n    c: \"x\\n\\n\"\n  - \" x\\n y\"", "a:\n  - b: |\n      x\n      y\n    c: |+\n      x\n\n  - |2-\n     x\n     y\n"),
        (b"a: \"lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore\"\nb: [\"lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore\"]", "a: lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore\nb:\n  - lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore\n"),
    ]);
}
