//! Colours of differences on standard output.

use std::io::IsTerminal;

use windlass_diff::{Change, Side};

use crate::command::{Flags, parse_bool};
use crate::session::Session;

const RED: &str = "\x1b[0;31m";
const GREEN: &str = "\x1b[0;32m";
const YELLOW: &str = "\x1b[0;33m";
const MAGENTA: &str = "\x1b[0;35m";
const BRIGHT_BLUE: &str = "\x1b[0;94m";
const BOLD: &str = "\x1b[0;1m";
const FAINT: &str = "\x1b[0;2m";
const END: &str = "\x1b[0m";

/// Paints, or leaves plain.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::commands) struct Paint {
    on: bool,
}

impl Paint {
    /// Flags, then `HELM_DIFF_COLOR`, then `NO_COLOR`, then whether it is a terminal that can.
    pub(in crate::commands) fn of(flags: &Flags, session: &Session<'_>) -> Self {
        let word = |text: &str| match text {
            "always" => Some(true),
            "never" => Some(false),
            other => parse_bool(other),
        };
        let flag = ["color", "colour"]
            .iter()
            .filter(|name| flags.given(name))
            .find_map(|name| word(flags.text(name)));
        let none = || flags.on("no-color").then_some(false);
        let variable = || word(session.variable("HELM_DIFF_COLOR")?);
        let terminal = || {
            session.set_variable("NO_COLOR").is_none()
                && session.variable("TERM") != Some("dumb")
                && std::io::stdout().is_terminal()
        };
        let on = none().or(flag).or_else(variable).unwrap_or_else(terminal);
        Self { on }
    }

    fn paint(self, text: &str, code: &str) -> String {
        match self.on {
            true => format!("{code}{text}{END}"),
            false => text.to_owned(),
        }
    }

    /// What became of an object.
    pub(super) fn change(self, text: &str, change: Change) -> String {
        let code = match change {
            Change::Add => GREEN,
            Change::Remove => RED,
            Change::Modify => YELLOW,
            Change::Ownership => MAGENTA,
            Change::ModifySuppressed => BRIGHT_BLUE,
        };
        self.paint(text, code)
    }

    /// A line of a text.
    pub(in crate::commands) fn line(self, text: &str, side: Side) -> String {
        match side {
            Side::Both => text.to_owned(),
            Side::Old => self.paint(text, RED),
            Side::New => self.paint(text, GREEN),
        }
    }

    /// What is good to know.
    pub(in crate::commands) fn notice(self, text: &str) -> String {
        self.paint(text, YELLOW)
    }

    /// What is bad.
    pub(in crate::commands) fn alarm(self, text: &str) -> String {
        self.paint(text, RED)
    }

    /// What is new.
    pub(in crate::commands) fn good(self, text: &str) -> String {
        self.paint(text, GREEN)
    }

    /// A heading.
    pub(in crate::commands) fn heading(self, text: &str) -> String {
        self.paint(text, BOLD)
    }

    /// What is of less interest.
    pub(in crate::commands) fn faint(self, text: &str) -> String {
        self.paint(text, FAINT)
    }
}
