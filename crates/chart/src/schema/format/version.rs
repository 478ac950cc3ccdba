//! `semver` and `uuid`.

use super::fail;
use crate::schema::quote::quote_rune;

pub(super) fn uuid(text: &str) -> Result<(), String> {
    const LENGTHS: [usize; 5] = [8, 4, 4, 4, 12];
    if text.split('-').count() != LENGTHS.len() {
        return fail("must have 5 elements");
    }
    for (i, (group, length)) in text.split('-').zip(LENGTHS).enumerate() {
        if group.len() != length {
            return Err(format!(
                "element {} must be {length} characters long",
                i + 1
            ));
        }
        if let Some(c) = group.chars().find(|c| !c.is_ascii_hexdigit()) {
            return Err(format!("non-hex character {}", quote_rune(c)));
        }
    }
    Ok(())
}

pub(super) fn semver(text: &str) -> Result<(), String> {
    let (text, build) = split(text, '+');
    if let Some(build) = build {
        check_build(build)?;
    }
    let (core, pre_release) = split(text, '-');
    if let Some(pre_release) = pre_release {
        check_pre_release(pre_release)?;
    }
    if core.split('.').count() != 3 {
        return fail("versionCore must have 3 numbers separated by dot");
    }
    for (number, name) in core.split('.').zip(["major", "minor", "patch"]) {
        let fault = if number.is_empty() {
            "is empty"
        } else if number.len() > 1 && number.starts_with('0') {
            "starts with zero"
        } else if !number.bytes().all(|c| c.is_ascii_digit()) {
            "contains non-digit"
        } else {
            continue;
        };
        return Err(format!("{name} {fault}"));
    }
    Ok(())
}

fn split(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// The first character that may not stand in an identifier.
fn stranger(id: &str) -> Option<char> {
    id.chars().find(|c| !c.is_ascii_alphanumeric() && *c != '-')
}

fn check_build(build: &str) -> Result<(), String> {
    if build.is_empty() {
        return fail("build is empty");
    }
    for id in build.split('.') {
        if id.is_empty() {
            return fail("build identifier is empty");
        }
        if let Some(c) = stranger(id) {
            return Err(format!(
                "invalid character {} in build identifier",
                quote_rune(c)
            ));
        }
    }
    Ok(())
}

fn check_pre_release(pre_release: &str) -> Result<(), String> {
    for id in pre_release.split('.') {
        if id.is_empty() {
            return fail("pre-release identifier is empty");
        }
        if let Some(c) = stranger(id) {
            return Err(format!(
                "invalid character {} in pre-release identifier",
                quote_rune(c)
            ));
        }
        if id.len() > 1 && id.starts_with('0') && id.bytes().all(|c| c.is_ascii_digit()) {
            return fail("pre-release numeric identifier starts with zero");
        }
    }
    Ok(())
}
