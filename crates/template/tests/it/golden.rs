//! Files of cases whose outputs, errors and chains of wrapped errors were recorded from Go, run
//! over the data and functions of [`crate::fixture`].
//!
//! A file is a run of blocks, each headed by a line `-- KIND`: `case` begins one, `file NAME` is
//! parsed under that name, `missing` sets the option, `output` or `error` is what executing `main`
//! gives, and each `wraps` is the text of the next different error down the chain.

use windlass_template::{Error, MissingKey};

use crate::fixture;

#[derive(Default)]
struct Case {
    files: Vec<(String, String)>,
    missing: String,
    output: Option<String>,
    error: Option<String>,
    wraps: Vec<String>,
}

fn read(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut blocks: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in text.split('\n') {
        match line.strip_prefix("-- ") {
            Some(head) => blocks.push((head, Vec::new())),
            None => blocks.last_mut().expect("a head first").1.push(line),
        }
    }
    // The newline at the end of the file begins no line.
    blocks.last_mut().expect("a case").1.pop();
    for (head, lines) in blocks {
        let body = lines.join("\n");
        if head == "case" {
            cases.push(Case::default());
            continue;
        }
        let case = cases.last_mut().expect("a case first");
        match head.split_once(' ').unwrap_or((head, "")) {
            ("file", name) => case.files.push((name.to_owned(), body)),
            ("missing", option) => option.clone_into(&mut case.missing),
            ("output", _) => case.output = Some(body),
            ("error", _) => case.error = Some(body),
            ("wraps", _) => case.wraps.push(body),
            (other, _) => panic!("unknown block {other}"),
        }
    }
    cases
}

/// The texts down a chain, each once, as the recorder did it.
fn chain(error: &Error) -> Vec<String> {
    let mut texts: Vec<String> = error.chain().map(|e| e.text().to_owned()).collect();
    texts.dedup();
    texts
}

fn check(case: &Case) -> Result<(), String> {
    let missing = match case.missing.as_str() {
        "error" => MissingKey::Error,
        "default" => MissingKey::Invalid,
        _ => MissingKey::Zero,
    };
    let same = |what: &str, want: &str, got: &str| {
        if want == got {
            return Ok(());
        }
        Err(format!("{what}\n  Go:  {want}\n  own: {got}"))
    };
    match (
        fixture::run(&case.files, missing),
        &case.output,
        &case.error,
    ) {
        (Ok(output), Some(want), _) => same("output", want, &output),
        (Ok(output), None, want) => Err(format!("output {output} where Go has error {want:?}")),
        (Err(error), _, Some(want)) => {
            same("error", want, error.text())?;
            let texts = chain(&error);
            same("chain", &case.wraps.join("\n"), &texts[1..].join("\n"))
        }
        (Err(error), ..) => Err(format!("unexpected error {error}")),
    }
}

#[test]
fn cases_come_out_as_in_go() {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden");
    let mut failures = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let concept = path.file_stem().unwrap().to_string_lossy().into_owned();
        for case in read(&std::fs::read_to_string(&path).unwrap()) {
            count += 1;
            if let Err(difference) = check(&case) {
                failures.push(format!("{concept}: {:?}: {difference}", case.files));
            }
        }
    }
    assert!(count > 600, "only {count} cases were found");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
