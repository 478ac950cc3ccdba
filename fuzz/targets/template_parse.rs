//! Lexer and parser: any text is a set of definitions or an error that names a line of it. No panic, no
//! hang, no stack overflow, and the same answer twice.
#![no_main]

use std::cell::LazyCell;

use libfuzzer_sys::fuzz_target;
use windlass_chart::compat::Compat;
use windlass_template::{Functions, Options, Templates};

thread_local! {
    static FUNCTIONS: LazyCell<Functions> =
        LazyCell::new(|| windlass_render::functions(Compat::Helm4));
}

/// The names that a text defines, or what is wrong with it.
fn parse(text: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let functions = FUNCTIONS.with(|functions| Functions::clone(functions));
    let mut set = Templates::new("gotpl", functions, Options::default());
    set.parse("t", text)
        .map_err(|error| error.text().to_owned())?;
    let mut names: Vec<_> = set.names().map(|name| name.as_bytes().to_vec()).collect();
    names.sort();
    Ok(names)
}

fuzz_target!(|text: &[u8]| {
    let result = parse(text);
    assert_eq!(result, parse(text), "the same text means the same");
    match result {
        Ok(names) => assert!(names.iter().any(|name| name == b"t")),
        Err(message) => {
            let rest = message
                .strip_prefix("template: t:")
                .expect("names the template");
            let line: usize = rest[..rest.find(':').expect("a line")]
                .parse()
                .expect("a number");
            let lines = text.iter().filter(|&&b| b == b'\n').count() + 1;
            assert!(
                (1..=lines).contains(&line),
                "line {line} of {lines}: {message}"
            );
        }
    }
});
