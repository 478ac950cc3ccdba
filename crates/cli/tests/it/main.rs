//! The command, run as a user runs it.
//!
//! Each file beside this one holds the tests of a command or of what commands share; a file that is not
//! named here fails [`every_file_takes_part`].
#![allow(clippy::unwrap_used, clippy::panic)]

mod bad_input;
mod completion;
mod create;
mod diff;
mod folder;
mod hostile;
mod lab;
mod lint;
mod nothing_written;
mod ordering;
mod package;
mod permissions;
mod plan;
mod post_renderer;
mod recorded;
mod releases;
mod room;
mod sandbox;
mod seed_001;
mod seed_001_releases;
mod seed_004;
mod seed_004_releases;
mod stories;
mod unavailable;
mod waiting;

#[test]
fn every_file_takes_part() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it");
    let named = include_str!("main.rs");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some(module) = name.strip_suffix(".rs") else {
            continue;
        };
        let declared = named.lines().any(|line| line == format!("mod {module};"));
        assert!(
            module == "main" || declared,
            "tests/it/{name} is not part of the tests"
        );
    }
}
