//! How strings are written by `toYaml`, as keys too; expected texts are Go's.

use windlass_value::{Heap, Value};

use crate::check::writes_string_v2;

#[test]
fn words_that_look_like_something_else() {
    writes_string_v2(&[
        (b"true", "k: \"true\"\n\"true\":\n- \"true\"\n"),
        (b"yes", "k: \"yes\"\n\"yes\":\n- \"yes\"\n"),
        (b"y", "k: \"y\"\n\"y\":\n- \"y\"\n"),
        (b"on", "k: \"on\"\n\"on\":\n- \"on\"\n"),
        (b"~", "\"~\":\n- \"~\"\nk: \"~\"\n"),
        (b"null", "k: \"null\"\n\"null\":\n- \"null\"\n"),
        (b"", "\"\":\n- \"\"\nk: \"\"\n"),
        (b"1", "\"1\":\n- \"1\"\nk: \"1\"\n"),
        (b"1.5", "\"1.5\":\n- \"1.5\"\nk: \"1.5\"\n"),
        (b"0x1F", "\"0x1F\":\n- \"0x1F\"\nk: \"0x1F\"\n"),
        (b"0o7", "\"0o7\":\n- \"0o7\"\nk: \"0o7\"\n"),
        (b"0o-7", "0o-7:\n- 0o-7\nk: 0o-7\n"),
        (b"08", "\"08\":\n- \"08\"\nk: \"08\"\n"),
        (b"1_000", "\"1_000\":\n- \"1_000\"\nk: \"1_000\"\n"),
        (b"_1", "_1:\n- _1\nk: _1\n"),
        (b".5", "\".5\":\n- \".5\"\nk: \".5\"\n"),
        (b".inf", "\".inf\":\n- \".inf\"\nk: \".inf\"\n"),
        (b"1e3", "\"1e3\":\n- \"1e3\"\nk: \"1e3\"\n"),
        (b"1e400", "1e400:\n- 1e400\nk: 1e400\n"),
        (
            b"2001-01-01",
            "\"2001-01-01\":\n- \"2001-01-01\"\nk: \"2001-01-01\"\n",
        ),
        (
            b"12:30:45",
            "\"12:30:45\":\n- \"12:30:45\"\nk: \"12:30:45\"\n",
        ),
        (b"1:60", "1:60:\n- 1:60\nk: 1:60\n"),
        (b"<<", "<<:\n- <<\nk: <<\n"),
        (b"=", "=:\n- =\nk: =\n"),
        (b"-", "'-':\n- '-'\nk: '-'\n"),
        (b"--", "--:\n- --\nk: --\n"),
        (b"---", "'---':\n- '---'\nk: '---'\n"),
        (b"--- a", "'--- a':\n- '--- a'\nk: '--- a'\n"),
        (b"...", "'...':\n- '...'\nk: '...'\n"),
        (b"?", "'?':\n- '?'\nk: '?'\n"),
        (b"? a", "'? a':\n- '? a'\nk: '? a'\n"),
        (b"?a", "?a:\n- ?a\nk: ?a\n"),
        (b":", "':':\n- ':'\nk: ':'\n"),
        (b": a", "': a':\n- ': a'\nk: ': a'\n"),
        (b"a:", "'a:':\n- 'a:'\nk: 'a:'\n"),
        (b"a: b", "'a: b':\n- 'a: b'\nk: 'a: b'\n"),
        (b"a:b", "a:b:\n- a:b\nk: a:b\n"),
        (b"a #b", "'a #b':\n- 'a #b'\nk: 'a #b'\n"),
        (b"a#b", "a#b:\n- a#b\nk: a#b\n"),
        (b"#a", "'#a':\n- '#a'\nk: '#a'\n"),
        (b"- a", "'- a':\n- '- a'\nk: '- a'\n"),
        (b"-a", "-a:\n- -a\nk: -a\n"),
        (b"[a", "'[a':\n- '[a'\nk: '[a'\n"),
        (b"a]", "a]:\n- a]\nk: a]\n"),
        (b"{a", "'{a':\n- '{a'\nk: '{a'\n"),
        (b"a, b", "a, b:\n- a, b\nk: a, b\n"),
        (b"*a", "'*a':\n- '*a'\nk: '*a'\n"),
        (b"&a", "'&a':\n- '&a'\nk: '&a'\n"),
        (b"!a", "'!a':\n- '!a'\nk: '!a'\n"),
        (b"|a", "'|a':\n- '|a'\nk: '|a'\n"),
        (b">a", "'>a':\n- '>a'\nk: '>a'\n"),
        (b"'a", "'''a':\n- '''a'\nk: '''a'\n"),
        (b"\"a", "'\"a':\n- '\"a'\nk: '\"a'\n"),
        (b"%a", "'%a':\n- '%a'\nk: '%a'\n"),
        (b"@a", "'@a':\n- '@a'\nk: '@a'\n"),
        (b"`a", "'`a':\n- '`a'\nk: '`a'\n"),
        (b"it's", "it's:\n- it's\nk: it's\n"),
        (b"a\"b", "a\"b:\n- a\"b\nk: a\"b\n"),
        (b"a\\b", "a\\b:\n- a\\b\nk: a\\b\n"),
        (b" a", "' a':\n- ' a'\nk: ' a'\n"),
        (b"a ", "'a ':\n- 'a '\nk: 'a '\n"),
        (b"\t", "\"\\t\":\n- \"\\t\"\nk: \"\\t\"\n"),
        (b"a\tb", "\"a\\tb\":\n- \"a\\tb\"\nk: \"a\\tb\"\n"),
    ]);
}

#[test]
fn line_breaks() {
    writes_string_v2(&[
        (
            b"a\nb",
            "? |-\n  a\n  b\n: - |-\n    a\n    b\nk: |-\n  a\n  b\n",
        ),
        (
            b"a\nb\n",
            "? |\n  a\n  b\n: - |\n    a\n    b\nk: |\n  a\n  b\n",
        ),
        (
            b"a\nb\n\n",
            "? |+\n  a\n  b\n\n: - |+\n    a\n    b\n\nk: |+\n  a\n  b\n\n",
        ),
        (b"\n", "? |2+\n\n: - |2+\n\nk: |2+\n\n"),
        (b"\na", "? |2-\n\n  a\n: - |2-\n\n    a\nk: |2-\n\n  a\n"),
        (
            b" a\nb",
            "? |2-\n   a\n  b\n: - |2-\n     a\n    b\nk: |2-\n   a\n  b\n",
        ),
        (
            b"a\n b",
            "? |-\n  a\n   b\n: - |-\n    a\n     b\nk: |-\n  a\n   b\n",
        ),
        (b"a \nb", "? \"a \\nb\"\n: - \"a \\nb\"\nk: \"a \\nb\"\n"),
        (b"a\n ", "? \"a\\n \"\n: - \"a\\n \"\nk: \"a\\n \"\n"),
        (
            b"a\tb\nc",
            "? \"a\\tb\\nc\"\n: - \"a\\tb\\nc\"\nk: \"a\\tb\\nc\"\n",
        ),
        (
            b"a\r\nb",
            "? \"a\\r\\nb\"\n: - \"a\\r\\nb\"\nk: \"a\\r\\nb\"\n",
        ),
        (b"\r", "? \"\\r\"\n: - \"\\r\"\nk: \"\\r\"\n"),
    ]);
}

#[test]
fn characters_beyond_ascii() {
    writes_string_v2(&[
        (b"\xC3\xA9", "k: é\né:\n- é\n"),
        (b"\xE6\x97\xA5\xE6\x9C\xAC", "k: 日本\n日本:\n- 日本\n"),
        (
            b"\xF0\x9F\x98\x80",
            "\"\\U0001F600\":\n- \"\\U0001F600\"\nk: \"\\U0001F600\"\n",
        ),
        (
            b"\xC2\x85",
            "error: yaml: line 2: did not find expected ',' or '}'",
        ),
        (b"\xC2\xA0x", "\u{A0}x:\n- \u{A0}x\nk: \u{A0}x\n"),
        (
            b"a\xE2\x80\xA8b",
            "? 'a\u{2028}  b'\n: - 'a\u{2028}    b'\nk: 'a\u{2028}  b'\n",
        ),
        (
            b"\xEF\xBB\xBF",
            "\"\\uFEFF\":\n- \"\\uFEFF\"\nk: \"\\uFEFF\"\n",
        ),
        (
            b"\xEF\xBB\xBFab",
            "\"\\uFEFF\\x61\\x62\":\n- \"\\uFEFF\\x61\\x62\"\nk: \"\\uFEFF\\x61\\x62\"\n",
        ),
        (b"\x01", "\"\\x01\":\n- \"\\x01\"\nk: \"\\x01\"\n"),
        (b"\x1B", "\"\\e\":\n- \"\\e\"\nk: \"\\e\"\n"),
        (b"\x7F", "error: yaml: control characters are not allowed"),
        (b"\xE2\x80\x8B", "\u{200B}:\n- \u{200B}\nk: \u{200B}\n"),
    ]);
}

#[test]
fn long_lines() {
    writes_string_v2(&[
        (b"lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore", "k: lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt\n  ut labore et dolore\nlorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore:\n- lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt\n  ut labore et dolore\n"),
        (b"lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore: lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore", "k: 'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt\n  ut labore et dolore: lorem ipsum dolor sit amet consectetur adipiscing elit sed\n  do eiusmod tempor incididunt ut labore et dolore'\n? 'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt\n  ut labore et dolore: lorem ipsum dolor sit amet consectetur adipiscing elit sed\n  do eiusmod tempor incididunt ut labore et dolore'\n: - 'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor\n    incididunt ut labore et dolore: lorem ipsum dolor sit amet consectetur adipiscing\n    elit sed do eiusmod tempor incididunt ut labore et dolore'\n"),
        (b"'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore", "'''lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore':\n- '''lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor\n  incididunt ut labore et dolore'\nk: '''lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor\n  incididunt ut labore et dolore'\n"),
        (b"lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore\tlorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore", "k: \"lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt\n  ut labore et dolore\\tlorem ipsum dolor sit amet consectetur adipiscing elit sed\n  do eiusmod tempor incididunt ut labore et dolore\"\n? \"lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt\n  ut labore et dolore\\tlorem ipsum dolor sit amet consectetur adipiscing elit sed\n  do eiusmod tempor incididunt ut labore et dolore\"\n: - \"lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor\n    incididunt ut labore et dolore\\tlorem ipsum dolor sit amet consectetur adipiscing\n    elit sed do eiusmod tempor incididunt ut labore et dolore\"\n"),
        (b"lorem  ipsum  dolor  sit  amet  consectetur  adipiscing  elit  sed  do  eiusmod  tempor  incididunt  ut  labore  et  dolore", "k: lorem  ipsum  dolor  sit  amet  consectetur  adipiscing  elit  sed  do  eiusmod  tempor  incididunt  ut  labore  et  dolore\nlorem  ipsum  dolor  sit  amet  consectetur  adipiscing  elit  sed  do  eiusmod  tempor  incididunt  ut  labore  et  dolore:\n- lorem  ipsum  dolor  sit  amet  consectetur  adipiscing  elit  sed  do  eiusmod  tempor  incididunt  ut  labore  et  dolore\n"),
        (b"- lorem   ipsum   dolor   sit   amet   consectetur   adipiscing   elit   sed   do   eiusmod   tempor   incididunt   ut   labore   et   dolore", "? '- lorem   ipsum   dolor   sit   amet   consectetur   adipiscing   elit   sed   do   eiusmod   tempor   incididunt   ut   labore   et   dolore'\n: - '- lorem   ipsum   dolor   sit   amet   consectetur   adipiscing   elit   sed   do   eiusmod   tempor   incididunt   ut   labore   et   dolore'\nk: '- lorem   ipsum   dolor   sit   amet   consectetur   adipiscing   elit   sed   do   eiusmod   tempor   incididunt   ut   labore   et   dolore'\n"),
        (b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "k: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\nxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx:\n- xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"),
        (b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "k: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n? xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n: - xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"),
        (b"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", "k: ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé\n? ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé\n: - ééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé\n"),
    ]);
}

#[test]
fn what_json_does_not_bring_back() {
    writes_string_v2(&[
        (b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "error: yaml: did not find expected ',' or '}'"),
        (b"a\xC2\x85--- b", "error: yaml: line 2: found unexpected document indicator"),
    ]);
}

/// Behind the eightieth column a space becomes a line break, but neither the first nor the last one.
#[test]
fn long_texts_are_broken_at_spaces() {
    let rows = [
        (
            format!("\x07{} ", "x".repeat(80)),
            format!("\"\\a{} \"\n", "x".repeat(80)),
        ),
        (
            format!("\x07{} y", "x".repeat(80)),
            format!("\"\\a{}\n  y\"\n", "x".repeat(80)),
        ),
        (
            format!("\x07{}x  y", "wordy ".repeat(13)),
            format!("\"\\a{}x\n  \\ y\"\n", "wordy ".repeat(13)),
        ),
        (
            "\x07".to_owned() + &"word ".repeat(20),
            format!(
                "\"\\a{}word\n  {}\"\n",
                "word ".repeat(15),
                "word ".repeat(4)
            ),
        ),
        (
            " ".to_owned() + &"word ".repeat(20),
            format!("' {}word\n  {}'\n", "word ".repeat(15), "word ".repeat(4)),
        ),
    ];
    for (text, expected) in rows {
        let written = windlass_yaml::to_yaml(&Heap::new(), &Value::str(text)).unwrap();
        assert_eq!(written, expected);
    }
}

/// A document that passes the bound is told apart from one that cannot be written.
#[test]
fn a_document_may_be_too_large() {
    let written = |lines: usize| {
        let mut heap = Heap::new();
        // Each line is indented by 10,000 bytes.
        let mut value = Value::list(vec![Value::int(1); lines]);
        for _ in 0..5_000 {
            let map = heap.new_map();
            heap.set(map, "k", value);
            value = Value::Map(map);
        }
        windlass_yaml::to_yaml(&heap, &value)
    };
    let error = written(9_000).unwrap_err();
    assert!(error.is_too_large(), "{error}");
    assert!(written(1).is_ok());
}
