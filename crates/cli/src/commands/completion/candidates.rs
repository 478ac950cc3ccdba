//! What may stand at the end of a command line.

use windlass_chart::compat::Compat;

use crate::command::{Command, Flag, FlagKind};

/// What may stand there.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Names and their help.
    pub(super) candidates: Vec<(String, String)>,
    /// Whether it may be the name of a file, too.
    pub(super) files: bool,
}

/// Looks at the words of a command line, the program's name left out; the last one is the one being
/// typed, empty before its first character.
pub(super) fn find(root: &'static Command, words: &[String], compat: Compat) -> Found {
    let Some((current, before)) = words.split_last() else {
        return Found::default();
    };
    let line = Line::read(root, before, compat);
    if line.only_arguments {
        return line.arguments(current);
    }
    if let Some(flag) = line.open {
        return values(flag, "", current);
    }
    if let Some((name, value)) = current.strip_prefix("--").and_then(|f| f.split_once('=')) {
        return match line.flag(name) {
            Some(flag) => values(flag, &format!("--{name}="), value),
            None => Found::default(),
        };
    }
    if current.starts_with('-') {
        return line.flags(current);
    }
    line.arguments(current)
}

/// What the words before the last one say.
struct Line {
    compat: Compat,
    root: &'static Command,
    command: &'static Command,
    /// How many arguments there are already.
    arguments: usize,
    /// Names of flags that were given.
    given: Vec<&'static str>,
    /// The flag whose value is still to come.
    open: Option<&'static Flag>,
    /// Behind `--` there are no flags.
    only_arguments: bool,
}

impl Line {
    fn read(root: &'static Command, words: &[String], compat: Compat) -> Self {
        let mut line = Self {
            compat,
            root,
            command: root,
            arguments: 0,
            given: Vec::new(),
            open: None,
            only_arguments: false,
        };
        words.iter().for_each(|word| line.word(word));
        line
    }

    fn word(&mut self, word: &str) {
        if self.only_arguments {
            self.arguments += 1;
        } else if self.open.take().is_some() {
            // That was the value.
        } else if word == "--" {
            self.only_arguments = true;
        } else if let Some(name) = word.strip_prefix("--") {
            let (name, value) = match name.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (name, None),
            };
            if let Some(flag) = self.flag(name) {
                self.given.push(flag.name);
                self.open = Some(flag).filter(|f| f.bare.is_none() && value.is_none());
            }
        } else if let Some(run) = word.strip_prefix('-').filter(|run| !run.is_empty()) {
            self.shorts(run);
        } else if let Some(below) = self.command.find(word).filter(|_| self.arguments == 0) {
            self.command = below;
        } else {
            self.arguments += 1;
        }
    }

    /// A run of short flags; the last may have its value still to come.
    fn shorts(&mut self, run: &str) {
        let mut rest = run.chars();
        while let Some(short) = rest.next() {
            let Some(flag) = self.all_flags().find(|f| f.short == Some(short)) else {
                return;
            };
            self.given.push(flag.name);
            if flag.bare.is_none() {
                self.open = Some(flag).filter(|_| rest.as_str().is_empty());
                return;
            }
        }
    }

    fn all_flags(&self) -> impl Iterator<Item = &'static Flag> + use<> {
        let compat = self.compat;
        let own = self.command.flags.iter();
        let global = if std::ptr::eq(self.command, self.root) {
            [].iter()
        } else {
            self.root.flags.iter()
        };
        own.chain(global)
            .flat_map(|group| group.iter())
            .filter(move |flag| flag.dialect.is_none_or(|of| of == compat))
    }

    fn flag(&self, name: &str) -> Option<&'static Flag> {
        self.all_flags().find(|f| f.name == name)
    }

    fn flags(&self, current: &str) -> Found {
        let repeats = |f: &Flag| {
            matches!(
                f.kind,
                FlagKind::Array | FlagKind::Slice | FlagKind::Pairs | FlagKind::Values(_)
            )
        };
        let mut candidates = vec![("--help".to_owned(), "show help".to_owned())];
        for flag in self.all_flags() {
            let useless =
                flag.is_hidden(self.compat) || (self.given.contains(&flag.name) && !repeats(flag));
            if !useless {
                candidates.push((format!("--{}", flag.name), flag.help.to_owned()));
                if let Some(short) = flag.short {
                    candidates.push((format!("-{short}"), flag.help.to_owned()));
                }
            }
        }
        candidates.retain(|(name, _)| name.starts_with(current));
        candidates.sort();
        Found {
            candidates,
            files: false,
        }
    }

    /// Commands below, or what the command works on: charts, so files.
    fn arguments(&self, current: &str) -> Found {
        // `help` is about commands.
        let group = if self.command.name == "help" {
            self.root
        } else {
            self.command
        };
        let below = group.shown_commands().into_iter();
        let candidates: Vec<(String, String)> = below
            .filter(|c| self.arguments == 0 && c.name.starts_with(current))
            .map(|c| (c.name.to_owned(), c.short.to_owned()))
            .collect();
        Found {
            candidates,
            files: group.commands.is_empty() && !self.command.arguments.is_empty(),
        }
    }
}

/// The values of a flag, if there are few.
fn values(flag: &Flag, before: &str, current: &str) -> Found {
    let known: &[&str] = match (flag.name, flag.kind) {
        ("compat", _) => &["helm3", "helm4"],
        ("color" | "colour", _) => &["always", "auto", "never"],
        ("dry-run", _) => &["client", "server"],
        (_, FlagKind::Bool) => &["true", "false"],
        _ => &[],
    };
    let candidates: Vec<(String, String)> = known
        .iter()
        .filter(|value| value.starts_with(current))
        .map(|value| (format!("{before}{value}"), String::new()))
        .collect();
    Found {
        files: known.is_empty() && flag.kind != FlagKind::Int,
        candidates,
    }
}
