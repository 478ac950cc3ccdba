//! Colours on standard output, where Helm 4 has them.

use std::io::IsTerminal;

use windlass_chart::compat::Compat;
use windlass_release::Status;

use crate::command::Flags;
use crate::session::Session;

const BOLD: &str = "\x1b[1m";
const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const CYAN: &str = "\x1b[36m";

/// Whether standard output is painted: Helm 4 only; the flag, then `NO_COLOR`, then `HELM_COLOR`, then
/// whether it is a terminal that can.
pub(crate) fn paints(session: &Session<'_>, flags: &Flags) -> bool {
    if session.compat == Compat::Helm3 {
        return false;
    }
    let given = ["color", "colour"].map(|name| flags.given(name).then(|| flags.text(name)));
    let mode = given.into_iter().flatten().next_back();
    let mode = mode.map(str::to_owned).or_else(|| {
        let none = session.variable("NO_COLOR").map(|_| "never".to_owned());
        none.or_else(|| Some(session.variable("HELM_COLOR")?.to_lowercase()))
    });
    match mode.as_deref() {
        Some("always") => true,
        Some("never") => false,
        _ => {
            session.set_variable("NO_COLOR").is_none()
                && session.variable("TERM") != Some("dumb")
                && std::io::stdout().is_terminal()
        }
    }
}

/// Paints, or leaves plain.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Palette {
    on: bool,
}

impl Palette {
    /// The one for standard output.
    pub(crate) fn of(session: &Session<'_>) -> Self {
        Self {
            on: session.paints_output,
        }
    }

    fn paint(self, text: &str, code: &str) -> String {
        if self.on {
            // Bold has an end of its own.
            let end = if code == BOLD { "\x1b[22m" } else { "\x1b[0m" };
            format!("{code}{text}{end}")
        } else {
            text.to_owned()
        }
    }

    /// The head of a column.
    pub(crate) fn header(self, text: &str) -> String {
        self.paint(text, BOLD)
    }

    /// A namespace.
    pub(crate) fn namespace(self, text: &str) -> String {
        self.paint(text, CYAN)
    }

    /// A release's status.
    pub(crate) fn status(self, status: &Status) -> String {
        let code = match status {
            Status::Deployed => GREEN,
            Status::Failed | Status::Unknown => RED,
            Status::Uninstalling => YELLOW,
            pending if pending.is_pending() => YELLOW,
            _ => return status.to_string(),
        };
        self.paint(status.as_str(), code)
    }
}
