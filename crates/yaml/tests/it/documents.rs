//! Streams split at their `---` lines.

use windlass_yaml::documents;

#[track_caller]
fn check(stream: &str, expected: &[&str]) {
    let found: Vec<String> = documents(stream.as_bytes())
        .map(|document| match document {
            Ok(text) => String::from_utf8(text).unwrap(),
            Err(e) => format!("error: {e}"),
        })
        .collect();
    assert_eq!(found, expected, "{stream:?}");
}

#[test]
fn a_separator_ends_a_document_that_has_begun() {
    check("a: 1\n---\nb: 2\n", &["a: 1\n", "b: 2\n"]);
    check("", &[]);
    check("a: 1", &["a: 1\n"]);
}

#[test]
fn a_separator_in_front_belongs_to_the_document() {
    check("---\na: 1\n--- # c\nb: 2\n", &["---\na: 1\n", "b: 2\n"]);
    check("---\n---\na: 1\n", &["---\n", "a: 1\n"]);
}

#[test]
fn lines_end_with_a_line_feed_alone() {
    check("a: 1\r\n---\r\nb: 2\r\n", &["a: 1\n", "b: 2\n"]);
}

#[test]
fn only_a_comment_may_follow_the_dashes() {
    check(
        "a: 1\n--- b\nc: 2\n",
        &["error: invalid Yaml document separator: b"],
    );
    check(
        "a: 1\n----\n",
        &["error: invalid Yaml document separator: -"],
    );
    check(" ---\na: 1\n", &[" ---\na: 1\n"]);
}
