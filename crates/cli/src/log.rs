//! What is logged to standard error, in the words of either Helm.
//!
//! Helm 4 writes `level=WARN msg="…" key=value`; Helm 3 writes Go's standard log, `file.go:LINE: …`,
//! or bare lines. Code says *what* happened as an [`Event`]; only this file knows the words.

use windlass_chart::compat::Compat;
use windlass_engine::Level;

/// Something worth a line on standard error.
#[derive(Debug)]
#[non_exhaustive]
pub(crate) enum Event {
    /// C3: Chart.yaml says `deprecated: true`.
    DeprecatedChart,
    /// C4: a `helm.sh/hook` annotation names no known event.
    UnknownHook(String),
    /// C12: the release's name is not one.
    ReleaseName { text: String },
    /// Helm 4 logs this failure before it returns it.
    Dependencies { text: String },
    /// requirements.lock does not fit as Helm 3 makes it; perhaps Helm 2 made it.
    LockOfHelm2,
    /// A symbolic link inside a chart is followed.
    SymbolicLink { path: String, resolved: String },
    /// C2–C7, C9: a warning of the chart crate, already worded for both.
    Chart(windlass_chart::Warning),
    /// C10: said only with `--debug`; Helm 4's words.
    Debug {
        message: &'static str,
        attributes: Vec<(&'static str, String)>,
    },
    /// E1: a bare `--dry-run`.
    BareDryRun,
    /// E1: `--dry-run=true`.
    DryRunSwitch {
        given: String,
        instead: &'static str,
    },
    /// C8: while linting.
    MissingRequired { message: String, nil: bool },
    /// C8: while linting.
    FailCalled { message: String },
    /// What the engine logs, in Helm 4's words.
    Engine(windlass_engine::Log),
    /// A warning that a server sent with an answer.
    ServerWarning { text: String },
}

const LOCK_OF_HELM2: &str =
    "warning: a valid Helm v3 hash was not found. Checking against Helm v2 hash...";

impl Event {
    /// Whether it is said with `--debug` only.
    pub(crate) fn is_detail(&self) -> bool {
        match self {
            Self::Debug { .. } => true,
            Self::Engine(log) => log.level == Level::Debug,
            _ => false,
        }
    }

    /// The line for a compat setting; `None` where that Helm says nothing.
    pub(crate) fn line(&self, compat: Compat) -> Option<String> {
        if compat.logs_structured() {
            self.structured()
        } else {
            self.standard()
        }
    }

    fn structured(&self) -> Option<String> {
        Some(match self {
            Self::DeprecatedChart => slog("WARN", "this chart is deprecated", &[]),
            Self::UnknownHook(types) => {
                slog("INFO", "skipping unknown hooks", &[("hookTypes", types)])
            }
            Self::ReleaseName { text } => {
                slog("ERROR", "release name check failed", &[("error", text)])
            }
            Self::Dependencies { text } => slog(
                "ERROR",
                "chart dependencies processing failed",
                &[("error", text)],
            ),
            Self::LockOfHelm2 => slog("INFO", LOCK_OF_HELM2, &[]),
            Self::SymbolicLink { path, resolved } => slog(
                "INFO",
                "found symbolic link in path. Contents of linked file included and used",
                &[("path", path), ("resolved", resolved)],
            ),
            Self::Chart(warning) => {
                let (level, message, attributes) = warning.structured();
                let attributes: Vec<(&str, &str)> =
                    attributes.iter().map(|(k, v)| (*k, v.as_str())).collect();
                slog(level, &message, &attributes)
            }
            Self::Debug {
                message,
                attributes,
            } => {
                let attributes: Vec<(&str, &str)> =
                    attributes.iter().map(|(k, v)| (*k, v.as_str())).collect();
                slog("DEBUG", message, &attributes)
            }
            Self::DryRunSwitch { given, instead } => slog(
                "WARN",
                &format!(
                    "boolean '--dry-run={given}' flag is deprecated and must be replaced with \
                     '--dry-run={instead}'"
                ),
                &[],
            ),
            Self::BareDryRun => slog(
                "WARN",
                "--dry-run is deprecated and should be replaced with '--dry-run=client'",
                &[],
            ),
            Self::MissingRequired { message, nil: true } => {
                slog("WARN", "missing required value", &[("message", message)])
            }
            Self::MissingRequired {
                message,
                nil: false,
            } => slog("WARN", "missing required values", &[("message", message)]),
            Self::FailCalled { message } => slog("INFO", "funcMap fail", &[("message", message)]),
            Self::Engine(log) => {
                let fields = log.fields.iter();
                let fields: Vec<(&str, &str)> = fields.map(|(k, v)| (*k, v.as_str())).collect();
                slog(level_name(log.level), &log.message, &fields)
            }
            Self::ServerWarning { text } => klog(text),
        })
    }

    fn standard(&self) -> Option<String> {
        Some(match self {
            Self::DeprecatedChart => "WARNING: This chart is deprecated".into(),
            Self::UnknownHook(types) => {
                format!("manifest_sorter.go:199: info: skipping unknown hook: {types:?}")
            }
            Self::LockOfHelm2 => format!("manager.go:122: {LOCK_OF_HELM2}"),
            Self::SymbolicLink { path, resolved } => format!(
                "walk.go:75: found symbolic link in path: {path} resolves to {resolved}. \
                 Contents of linked file included and used"
            ),
            Self::Chart(warning) => warning.standard(),
            Self::MissingRequired { message, nil } => {
                let line = if *nil { 206 } else { 214 };
                format!("engine.go:{line}: [INFO] Missing required value: {message}")
            }
            Self::FailCalled { message } => format!("engine.go:227: [INFO] Fail: {message}"),
            Self::ServerWarning { text } => klog(text),
            // What Helm 3 prints with Go's own log, place and all.
            Self::Engine(log) if log.level == Level::Info => log.message.clone(),
            Self::Engine(log) if log.level == Level::Own => {
                let fields = log.fields.iter();
                let fields: String = fields.map(|(k, v)| format!(" {k}={v}")).collect();
                format!("WARNING: {}{fields}", log.message)
            }
            // C16, C18 and their like: Helm 3 says nothing.
            Self::Engine(_)
            | Self::ReleaseName { .. }
            | Self::Dependencies { .. }
            | Self::Debug { .. }
            | Self::BareDryRun
            | Self::DryRunSwitch { .. } => return None,
        })
    }
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::Debug => "DEBUG",
        Level::Info => "INFO",
        Level::Warn | Level::Own => "WARN",
        Level::Error => "ERROR",
    }
}

/// A line of the Kubernetes libraries' own log, with its time and process.
fn klog(text: &str) -> String {
    let quoted = windlass_value::fmt::quote(format!("Warning: {text}").as_bytes());
    let now = crate::cluster::now().format(b"0102 15:04:05.000000");
    let (now, process) = (String::from_utf8_lossy(&now), std::process::id());
    format!("I{now} {process:7} warnings.go:107] {quoted}")
}

/// A line of Go's `slog` text handler, without time.
pub(crate) fn slog(level: &str, message: &str, attributes: &[(&str, &str)]) -> String {
    let mut line = format!("level={level} msg={}", slog_value(message));
    for (key, value) in attributes {
        line += &format!(" {key}={}", slog_value(value));
    }
    line
}

/// `slog` quotes what is empty or holds a blank, a quote, `=`, or anything unprintable.
fn slog_value(text: &str) -> String {
    let plain = |c: char| !(c.is_whitespace() || c.is_control() || c == '"' || c == '=');
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    windlass_value::fmt::quote(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_quoted_where_slog_quotes_them() {
        assert_eq!(
            slog("INFO", "a b", &[("k", "v"), ("e", ""), ("q", "x=\"y\"")]),
            r#"level=INFO msg="a b" k=v e="" q="x=\"y\"""#
        );
    }
}
