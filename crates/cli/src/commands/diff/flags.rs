//! Flags that several kinds of differences share, and what they come to.

use std::rc::Rc;

use windlass_diff::{Options, Secrets};
use windlass_regexp::Regexp;

use crate::command::{Flag, FlagKind, Flags};
use crate::error::Failure;
use crate::session::Session;

/// Whether colours are printed.
pub(in crate::commands) const COLORS: &[Flag] = &[
    Flag::text(
        "color",
        "print colours: true, false; where nothing is said, on a terminal",
    )
    .bare("true")
    .default("auto"),
    Flag::switch("no-color", "print no colours"),
];

/// How differences are shown.
pub(in crate::commands) const SHOWING: &[Flag] = &[
    Flag::of(
        "context",
        FlagKind::Int,
        "lines to show around changes; all where it is negative",
    )
    .short('C')
    .default("-1"),
    Flag::switch(
        "detailed-exitcode",
        "exit with status 2 where there are changes",
    ),
    Flag::switch("show-secrets", "do not mask the values of Secrets"),
    Flag::switch("show-secrets-decoded", "show the values of Secrets decoded"),
    Flag::array(
        "suppress",
        "kind of which only that it changed is shown (repeatable)",
    ),
    Flag::array(
        "suppress-output-line-regex",
        "expression of lines that are left out (repeatable)",
    ),
    Flag::switch("suppress-secrets", "the same as --suppress Secret").short('q'),
];

/// How manifests are compared.
pub(super) const COMPARING: &[Flag] = &[
    Flag::of(
        "find-renames",
        FlagKind::Float32,
        "share of its lines that an object may change to count as renamed; 0 looks for none",
    )
    .short('D')
    .default("0"),
    Flag::switch("include-tests", "compare test hooks too"),
    Flag::switch(
        "normalize-manifests",
        "write manifests anew first, so that only their content counts",
    ),
    Flag::text(
        "output",
        "how to print: diff, simple, json, structured, or template, whose file HELM_DIFF_TPL names",
    )
    .default("diff"),
    Flag::switch(
        "strip-trailing-cr",
        "pass over carriage returns at the ends of lines",
    ),
];

/// What the flags say of comparing.
///
/// # Errors
/// An expression that is none.
pub(in crate::commands) fn options(
    flags: &Flags,
    session: &Session<'_>,
) -> Result<Options, Failure> {
    let expression = |text: &String| {
        Regexp::new(&text.as_str().into())
            .map(Rc::new)
            .map_err(|error| Failure::new(error.to_string()))
    };
    let lines = flags.all("suppress-output-line-regex").iter();
    let mut suppressed_kinds = flags.all("suppress").to_vec();
    if flags.on("suppress-secrets") {
        suppressed_kinds.push("Secret".to_owned());
    }
    Ok(Options {
        secrets: secrets(flags),
        suppressed_kinds,
        find_renames: flags.text("find-renames").parse().unwrap_or(0.0),
        strip_carriage_returns: flags.on("strip-trailing-cr"),
        suppressed_lines: lines.map(expression).collect::<Result<_, _>>()?,
        by_field: output(flags, session) == "structured",
    })
}

fn secrets(flags: &Flags) -> Secrets {
    if flags.on("show-secrets-decoded") {
        Secrets::Decoded
    } else if flags.on("show-secrets") {
        Secrets::Shown
    } else {
        Secrets::Masked
    }
}

/// `--output`, `HELM_DIFF_OUTPUT`
pub(super) fn output<'f>(flags: &'f Flags, session: &'f Session<'_>) -> &'f str {
    let variable = session.variable("HELM_DIFF_OUTPUT").map(str::trim);
    match variable {
        Some(variable) if !flags.given("output") && !variable.is_empty() => variable,
        _ => flags.text("output"),
    }
}

/// `--context`, `HELM_DIFF_OUTPUT_CONTEXT`; none for all lines.
pub(in crate::commands) fn context(flags: &Flags, session: &Session<'_>) -> Option<usize> {
    let number = |text: &str| windlass_value::fmt::parse_int(text.as_bytes(), 0, 64).ok();
    let variable = session.variable("HELM_DIFF_OUTPUT_CONTEXT");
    let given = match variable.and_then(number) {
        Some(variable) if !flags.given("context") => Some(variable),
        _ => number(flags.text("context")),
    };
    given.and_then(|lines| usize::try_from(lines).ok())
}
