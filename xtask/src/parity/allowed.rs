//! Where our commands and flags deliberately differ from Helm's, and why.

/// What of a command or flag differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The command as a whole.
    Command,
    /// The usage line and other names.
    Usage,
    /// Whether help shows it.
    Shown,
    /// The one-letter form.
    Short,
    /// The name of the value, and the value where the flag stands bare.
    Kind,
    /// The default.
    Default,
    /// A flag that no Helm has.
    Extra,
}

/// A difference that is meant.
#[derive(Debug)]
#[allow(dead_code, reason = "the reason is for whoever reads the list")]
pub(super) struct Allowance {
    /// The command, or `*` for any.
    command: &'static str,
    /// The flag, or nothing.
    flag: &'static str,
    part: Part,
    why: &'static str,
}

impl Allowance {
    pub(super) fn covers(&self, command: &str, flag: &str, part: Part) -> bool {
        (self.command == "*" || self.command == command) && self.flag == flag && self.part == part
    }
}

const fn allow(
    command: &'static str,
    flag: &'static str,
    part: Part,
    why: &'static str,
) -> Allowance {
    Allowance {
        command,
        flag,
        part,
        why,
    }
}

const OURS: &str = "Windlass's own";
const HOME: &str = "depends on the user's home; settled when it is needed";

pub(super) const LIST: &[Allowance] = &[
    allow("*", "", Part::Command, "announced only, and says so"),
    allow("*", "auto-recover", Part::Extra, OURS),
    allow("*", "compat", Part::Extra, OURS),
    allow("*", "explain", Part::Extra, OURS),
    allow("*", "fail-fast", Part::Extra, OURS),
    allow("*", "no-ordering", Part::Extra, OURS),
    allow("*", "preflight", Part::Extra, OURS),
    allow("*", "recreate", Part::Extra, OURS),
    allow("*", "sandbox", Part::Extra, OURS),
    allow("*", "max-bytes", Part::Extra, OURS),
    allow("*", "max-depth", Part::Extra, OURS),
    allow("*", "max-steps", Part::Extra, OURS),
    allow("*", "max-time", Part::Extra, OURS),
    allow("*", "progress", Part::Extra, OURS),
    allow("*", "registry-config", Part::Default, HOME),
    allow("*", "repository-cache", Part::Default, HOME),
    allow("*", "repository-config", Part::Default, HOME),
    allow("*", "content-cache", Part::Default, HOME),
    allow("*", "keyring", Part::Default, HOME),
];
