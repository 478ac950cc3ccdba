//! The template crate against what Go's `text/template` (1.26) does.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, missing_docs)]

mod asked;
mod fixture;
mod golden;
mod limits;
mod sessions;

#[test]
fn both_helms_answer_so() {
    let none = |kind: &str, _: &str| panic!("no type {kind}");
    asked::check(
        include_str!("asked.jsonl"),
        &windlass_template::Functions::new(),
        none,
    );
}
