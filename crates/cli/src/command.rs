//! Commands and flags as data: one table drives parsing, help and completion.
//!
//! The semantics are those of the flag library that Helm uses (pflag under cobra), since scripts
//! rely on them: flags and arguments in any order, `-fvalue`, `--flag=value`, flags that may stand
//! bare, and its error texts. `clap` words and splits differently, hence this module.
//!
//! Start at [`Command`]; `parse` turns arguments into an [`Invocation`], `help` prints usage.

mod flags;
mod help;
mod parse;

pub(crate) use flags::{Flag, FlagKind, Flags, parse_bool};
pub(crate) use help::{help, usage};
pub(crate) use parse::{Invocation, UsageError, parse};

use windlass_chart::compat::Compat;

use crate::error::Outcome;
use crate::session::Session;

/// A command or a group of commands.
#[derive(Debug)]
pub(crate) struct Command {
    /// What is typed.
    pub(crate) name: &'static str,
    /// Other names.
    pub(crate) aliases: &'static [&'static str],
    /// What follows the name in the usage line: `[NAME] [CHART]`.
    pub(crate) arguments: &'static str,
    /// One line for the list of commands.
    pub(crate) short: &'static str,
    /// The text of its help.
    pub(crate) long: &'static str,
    /// How many arguments it takes.
    pub(crate) count: Count,
    /// Its flags, in groups that commands share.
    pub(crate) flags: &'static [&'static [Flag]],
    /// Pairs of flags that exclude each other.
    pub(crate) exclusive: &'static [[&'static str; 2]],
    /// Commands below.
    pub(crate) commands: &'static [&'static Command],
    /// Flags it does not have are no error but passed over.
    pub(crate) takes_any_flag: bool,
    /// Everything behind its name is an argument, flags too.
    pub(crate) raw_arguments: bool,
    /// Left out of help and of what is offered.
    pub(crate) hidden: bool,
    /// What it does; a group does nothing but show its help.
    pub(crate) run: Option<Run>,
}

/// The body of a command.
pub(crate) type Run = fn(&mut Session<'_>, &Invocation) -> Outcome;

/// A rule on the number of arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Count {
    Any,
    None,
    Exactly(usize),
    AtLeast(usize),
    AtMost(usize),
}

impl Command {
    /// A command that takes anything and has no flags; tables override what differs.
    pub(crate) const DEFAULT: Self = Self {
        name: "",
        aliases: &[],
        arguments: "",
        short: "",
        long: "",
        count: Count::Any,
        flags: &[],
        exclusive: &[],
        commands: &[],
        takes_any_flag: false,
        raw_arguments: false,
        hidden: false,
        run: None,
    };

    /// The command below of this name or alias.
    pub(crate) fn find(&self, name: &str) -> Option<&'static Self> {
        self.commands
            .iter()
            .copied()
            .find(|c| c.name == name || c.aliases.contains(&name))
    }

    /// The commands below that help shows, sorted by name.
    pub(crate) fn shown_commands(&self) -> Vec<&'static Self> {
        let shown = self.commands.iter().copied().filter(|c| !c.hidden);
        let mut shown: Vec<_> = shown.collect();
        shown.sort_by_key(|c| c.name);
        shown
    }

    /// Its own flags as the Helm that is spoken has them, sorted by name.
    pub(crate) fn sorted_flags(&self, compat: Compat) -> Vec<&'static Flag> {
        let spoken = |flag: &&Flag| flag.dialect.is_none_or(|of| of == compat);
        let all = self.flags.iter().flat_map(|group| group.iter());
        let mut flags: Vec<_> = all.filter(spoken).collect();
        flags.sort_by_key(|f| f.name);
        flags
    }
}
