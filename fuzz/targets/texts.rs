//! The small languages that charts and flags bring along: versions and constraints, URLs, .helmignore. What is
//! read can be written and is read as the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use windlass_chart::ignore::Rules;
use windlass_url::Url;
use windlass_version::{Constraints, Version};

fuzz_target!(|input: &[u8]| {
    let end = input
        .iter()
        .position(|&b| b == b'\n')
        .unwrap_or(input.len());
    let (first, rest) = (&input[..end], input.get(end + 1..).unwrap_or_default());
    versions(first, rest);
    urls(first, rest);
    if let Ok(rules) = Rules::parse(rest) {
        let path = String::from_utf8_lossy(first);
        let _ = rules.ignores(&path, false);
        let _ = rules.ignores(&path, true);
    }
});

fn versions(version: &[u8], constraint: &[u8]) {
    let version = Version::parse(version);
    if let Ok(version) = &version {
        let again = Version::parse(version.to_string()).expect("what it wrote itself");
        assert_eq!(version.to_string(), again.to_string());
        let _ = (
            version.inc_major(),
            version.inc_minor(),
            version.inc_patch(),
        );
    }
    if let (Ok(constraints), Ok(version)) = (Constraints::parse(constraint), &version) {
        let fits = constraints.check(version);
        assert_eq!(fits, constraints.validate(version).is_ok());
    }
}

fn urls(base: &[u8], reference: &[u8]) {
    let Ok(base) = Url::parse(base) else { return };
    let written = base.to_bytes();
    // Go writes a path of two slashes as it is, with a scheme before it or not, and reads it as a host.
    let like_host = base.host.is_empty() && base.path.starts_with(b"//");
    if let Some(again) = Url::parse(&written).ok().filter(|_| !like_host) {
        assert_eq!(again.to_bytes(), written, "writing is stable");
    }
    if let Ok(reference) = Url::parse(reference) {
        let _ = base.resolve(&reference).to_bytes();
    }
}
