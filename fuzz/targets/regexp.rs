//! Regular expressions (first line) over a text (the rest): any expression compiles or is refused, needs no
//! more memory than its limit, and what it finds lies in the text, in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use windlass_regexp::Regexp;
use windlass_value::Str;

fuzz_target!(|input: &[u8]| {
    let end = input
        .iter()
        .position(|&b| b == b'\n')
        .unwrap_or(input.len());
    let (pattern, text) = (&input[..end], input.get(end + 1..).unwrap_or_default());
    let checked = windlass_regexp::check(pattern);
    let compiled = Regexp::new(&Str::from(pattern));
    let Ok(regexp) = compiled else { return };
    checked.expect("what compiles is well formed");
    let found = regexp.find(text);
    assert_eq!(found.is_some(), regexp.is_match(text));
    if let Some(range) = found {
        assert!(range.start <= range.end && range.end <= text.len());
    }
});
