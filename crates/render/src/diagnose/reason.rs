//! Kinds of failures of templates, told by the engine's words, and what helps against each.

use windlass_diag::Diagnostic;
use windlass_template::{Error as TemplateError, ErrorKind};

use super::{Scene, names, values};
use crate::error::bracketed;

// === Syntax ===

/// Explains the text `template: FILE:LINE: reason`, which may stand behind other words.
pub(super) fn of_syntax(text: &str, scene: &Scene<'_>) -> Diagnostic {
    let reason = syntax_reason(text);
    if let Some(name) = missing_function(reason) {
        return unknown_function(name, scene);
    }
    let found = Diagnostic::error("template-syntax", clipped(reason));
    let fits = |(part, _): &&(&str, &'static str)| reason.contains(part);
    match SYNTAX.iter().find(fits) {
        Some((_, help)) => found.help(*help),
        None => found,
    }
}

const SYNTAX: &[(&str, &str)] = &[
    (
        "unexpected EOF",
        "an `if`, `range`, `with`, `define` or `block` lacks its `{{ end }}`",
    ),
    (
        "unexpected {{end}}",
        "there is one `{{ end }}` too many, or the action that it should end is missing",
    ),
    (
        "unexpected {{else}}",
        "`{{ else }}` belongs into an `if`, `range` or `with`",
    ),
    ("unclosed action", "the action lacks its `}}`"),
    ("unterminated", "a quote is not closed"),
    (
        "undefined variable",
        "declare it with `:=`; it is known up to the `{{ end }}` of what it is declared in",
    ),
    (
        "missing value for",
        "the action lacks the value that it is about",
    ),
];

fn syntax_reason(text: &str) -> &str {
    let text = text.rfind("template: ").map_or(text, |at| &text[at..]);
    text.splitn(3, ": ").nth(2).unwrap_or(text)
}

/// The word that a message on syntax is about, if it says which.
pub(super) fn culprit(text: &str) -> String {
    let reason = syntax_reason(text);
    missing_function(reason).unwrap_or_default().to_owned()
}

fn missing_function(reason: &str) -> Option<&str> {
    reason
        .strip_prefix("function \"")?
        .strip_suffix("\" not defined")
}

fn unknown_function(name: &str, scene: &Scene<'_>) -> Diagnostic {
    let message = format!("there is no function `{}`", clipped(name));
    let found = Diagnostic::error("unknown-function", message);
    let functions = crate::functions::functions(scene.compat);
    match names::nearest(name, functions.names()) {
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None => found.help("functions are those of Go's templates, of Sprig and of Helm"),
    }
}

// === Execution ===

/// Explains a failure while templates ran; `context` is the expression that failed.
pub(super) fn of_execution(cause: &TemplateError, context: &str, scene: &Scene<'_>) -> Diagnostic {
    let innermost = cause.chain().last().unwrap_or(cause);
    if matches!(innermost.kind(), ErrorKind::Parse(_)) {
        return of_syntax(innermost.text(), scene);
    }
    let reason = own_reason(innermost.text());
    if let Some(limit) = cause.limit() {
        return limit_passed(limit, reason);
    }
    if let Some(message) = bracketed(reason) {
        return refused(message, context);
    }
    if let Some(name) = unknown_template(reason) {
        return missing_template(name, scene);
    }
    if let Some((_, looked)) = reason.split_once("nil pointer evaluating ") {
        return nil_pointer(looked.rsplit('.').next().unwrap_or(looked));
    }
    let endless = ["nested reference name", "maximum template depth"];
    if cause
        .chain()
        .any(|layer| endless.iter().any(|words| layer.own().contains(words)))
    {
        return Diagnostic::error(
            "endless-recursion",
            "a template includes itself without end",
        )
        .help("one of the templates on the path must stop at some condition");
    }
    let found = Diagnostic::error("template-failed", clipped(reason));
    let mismatch = ["can't evaluate field", "wrong type for value", "expected"];
    if mismatch.iter().any(|words| reason.contains(words)) {
        return found.help("compare the value with what the chart's values.yaml has in its place");
    }
    found
}

/// A layer's words without the place before them.
fn own_reason(text: &str) -> &str {
    match text.split_once(" at <") {
        Some((_, rest)) if text.starts_with("template: ") => {
            rest.split_once(">: ").map_or(rest, |(_, reason)| reason)
        }
        _ => text,
    }
}

fn limit_passed(limit: &str, reason: &str) -> Diagnostic {
    let help = match limit {
        "steps" => "look for a loop over far too much; if the chart is right, allow more steps",
        "bytes" => "look for what grows in a loop; if the chart is right, allow more memory",
        "time" => {
            "look for a loop over far too much, or many keys; if the chart is right, allow more time"
        }
        _ => "look for a template that includes itself, or a text that gives itself to `tpl`",
    };
    Diagnostic::error("limit-exceeded", clipped(reason)).help(help)
}

/// The chart's own `required` or `fail`.
fn refused(message: &str, context: &str) -> Diagnostic {
    if !context.starts_with("required") {
        return Diagnostic::error("refused-by-chart", clipped(message))
            .help("the chart refuses these values on purpose; its message says why");
    }
    let found = Diagnostic::error("value-required", clipped(message));
    match values::paths(context).next() {
        Some(path) => found.help(format!("set `{}` in the values", path.join("."))),
        None => found.help("set the value that the message asks for"),
    }
}

fn nil_pointer(key: &str) -> Diagnostic {
    let message = format!("`{key}` is looked up in something that is not set");
    Diagnostic::error("nil-pointer", message)
        .help("set it in the values")
        .help(format!(
            "or let the template do without it: `{{{{ with … }}}}{{{{ .{key} }}}}{{{{ end }}}}`"
        ))
}

fn unknown_template(reason: &str) -> Option<&str> {
    let (_, rest) = reason.split_once("template \"")?;
    let (name, after) = rest.split_once('"')?;
    (after.starts_with(" associated") || after.starts_with(" not defined")).then_some(name)
}

fn missing_template(name: &str, scene: &Scene<'_>) -> Diagnostic {
    let message = format!("no template is called `{}`", clipped(name));
    let found = Diagnostic::error("unknown-template", message);
    let defined = names::defined(scene.chart);
    match names::nearest(name, defined.iter().map(String::as_str)) {
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None => found
            .help("define it in a file below templates/, or depend on the chart that defines it"),
    }
}

fn clipped(text: &str) -> String {
    const MOST: usize = 400;
    match text.char_indices().nth(MOST) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text.to_owned(),
    }
}
