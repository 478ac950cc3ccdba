//! From arguments to an [`Invocation`], with pflag's rules and cobra's messages.

use windlass_chart::compat::Compat;

use super::flags::{Flag, FlagKind, Flags, parse_bool};
use super::{Command, Count};

/// What was asked for.
#[derive(Debug)]
pub(crate) struct Invocation {
    /// The command.
    pub(crate) command: &'static Command,
    /// Its full name: `windlass dependency list`.
    pub(crate) path: String,
    /// Flags of the command and of the program.
    pub(crate) flags: Flags,
    /// Everything that is no flag.
    pub(crate) args: Vec<String>,
    /// Help is wanted instead.
    pub(crate) help: bool,
}

/// A command line that makes no sense; `Display` is what Helm prints after `Error: `.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct UsageError(pub(crate) String);

const HELP: Flag = Flag::switch("help", "show this help").short('h');
static HELP_FLAG: Flag = HELP;

/// Finds the command and reads flags and arguments. `notices` gets a line for each deprecated flag,
/// also where the command line turns out to be wrong.
///
/// # Errors
/// Unknown command or flag, a flag without its value or with a wrong one, a wrong number of
/// arguments, flags that exclude each other.
pub(crate) fn parse(
    root: &'static Command,
    program: &str,
    args: &[String],
    compat: Compat,
    notices: &mut Vec<String>,
) -> Result<Invocation, UsageError> {
    let (command, path, rest) = find(root, program, args);
    if std::ptr::eq(command, root)
        && let Some(at) = first_argument(root, root, &rest)
    {
        return Err(unknown_command(root, &path, &rest[at]));
    }
    let mut known: Vec<&'static Flag> = command.sorted_flags(compat);
    if !std::ptr::eq(command, root) {
        known.extend(root.sorted_flags(compat));
    }
    known.push(&HELP_FLAG);
    let mut reader = Reader {
        invocation: Invocation {
            command,
            path,
            flags: Flags::new(&known),
            args: Vec::new(),
            help: false,
        },
        known,
        compat,
        notices,
    };
    if command.raw_arguments {
        reader.invocation.args = rest;
        return Ok(reader.invocation);
    }
    reader.read(&rest)?;
    let mut invocation = reader.invocation;
    invocation.help = invocation.flags.on("help");
    // A group shows its help, whatever is given to it.
    if !invocation.help && command.run.is_some() {
        check(&invocation, compat)?;
    }
    Ok(invocation)
}

/// Walks down the commands; flags that stand before a command's name are kept for it.
fn find(
    root: &'static Command,
    program: &str,
    args: &[String],
) -> (&'static Command, String, Vec<String>) {
    let mut command = root;
    let mut path = program.to_owned();
    let mut rest = args.to_vec();
    while let Some(at) = first_argument(root, command, &rest) {
        let Some(below) = command.find(&rest[at]) else {
            break;
        };
        rest.remove(at);
        path = format!("{path} {}", below.name);
        command = below;
    }
    (command, path, rest)
}

/// Where the first argument is that is neither a flag nor a flag's value.
fn first_argument(root: &Command, command: &Command, args: &[String]) -> Option<usize> {
    let mut i = 0;
    while i < args.len() {
        let arg = &args[i];
        if arg == "--" {
            return None;
        }
        if !arg.starts_with('-') && !arg.is_empty() {
            return Some(i);
        }
        if arg.len() < 2 {
            i += 1;
            continue;
        }
        let mut flags = command
            .flags
            .iter()
            .chain(root.flags)
            .flat_map(|g| g.iter());
        let takes_next = match arg.strip_prefix("--") {
            Some(long) => {
                !long.contains('=')
                    && flags
                        .find(|f| f.name == long)
                        .is_none_or(|f| f.bare.is_none())
                    && long != "help"
            }
            None => {
                let mut short = arg.chars().skip(1);
                let first = short.next();
                short.next().is_none()
                    && first != Some('h')
                    && flags
                        .find(|f| f.short == first)
                        .is_none_or(|f| f.bare.is_none())
            }
        };
        i += 1 + usize::from(takes_next);
    }
    None
}

struct Reader<'n> {
    invocation: Invocation,
    known: Vec<&'static Flag>,
    compat: Compat,
    notices: &'n mut Vec<String>,
}

impl Reader<'_> {
    fn read(&mut self, args: &[String]) -> Result<(), UsageError> {
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            if arg == "--" {
                self.invocation.args.extend(args.cloned());
                break;
            }
            if let Some(long) = arg.strip_prefix("--") {
                self.long(arg, long, &mut args)?;
            } else if arg.len() > 1 && arg.starts_with('-') {
                self.shorts(&arg[1..], &mut args)?;
            } else {
                self.invocation.args.push(arg.clone());
            }
        }
        Ok(())
    }

    fn long(
        &mut self,
        arg: &str,
        long: &str,
        rest: &mut std::slice::Iter<'_, String>,
    ) -> Result<(), UsageError> {
        if long.starts_with(['-', '=']) {
            return Err(UsageError(format!("bad flag syntax: {arg}")));
        }
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (long, None),
        };
        let Some(flag) = self.known.iter().copied().find(|f| f.name == name) else {
            if self.invocation.command.takes_any_flag {
                return Ok(());
            }
            return Err(UsageError(format!("unknown flag: --{name}")));
        };
        let value = match (value, flag.bare) {
            (Some(value), _) => value,
            (None, Some(bare)) => bare.to_owned(),
            (None, None) => rest
                .next()
                .cloned()
                .ok_or_else(|| UsageError(format!("flag needs an argument: --{name}")))?,
        };
        self.put(flag, &value)
    }

    /// A run of short flags; the last may have its value attached.
    fn shorts(
        &mut self,
        run: &str,
        rest: &mut std::slice::Iter<'_, String>,
    ) -> Result<(), UsageError> {
        let mut remaining = run;
        while let Some(short) = remaining.chars().next() {
            let after = &remaining[short.len_utf8()..];
            let Some(flag) = self.known.iter().copied().find(|f| f.short == Some(short)) else {
                if self.invocation.command.takes_any_flag {
                    return Ok(());
                }
                return Err(UsageError(format!(
                    "unknown shorthand flag: '{short}' in -{remaining}"
                )));
            };
            if after.len() > 1 && after.starts_with('=') {
                return self.put(flag, &after[1..]);
            }
            if let Some(bare) = flag.bare {
                self.put(flag, bare)?;
                remaining = after;
                continue;
            }
            let value = if after.is_empty() {
                rest.next().cloned().ok_or_else(|| {
                    UsageError(format!("flag needs an argument: '{short}' in -{remaining}"))
                })?
            } else {
                after.to_owned()
            };
            return self.put(flag, &value);
        }
        Ok(())
    }

    fn put(&mut self, flag: &'static Flag, value: &str) -> Result<(), UsageError> {
        let values = values(flag, value.to_owned()).map_err(|why| {
            UsageError(format!(
                "invalid argument {} for \"{}\" flag: {why}",
                windlass_value::fmt::quote(value.as_bytes()),
                flag.label()
            ))
        })?;
        if let Some(notice) = deprecated_value(flag, value) {
            self.notices.push(notice);
        }
        if let Some(instead) = flag.deprecation(self.compat) {
            let notice = format!("Flag --{} has been deprecated, {instead}", flag.name);
            self.notices.push(notice);
        }
        self.invocation.flags.put(flag, values);
        Ok(())
    }
}

/// Checks a value and takes lists apart.
fn values(flag: &Flag, value: String) -> Result<Vec<String>, String> {
    let number_error = |function: &str, why: &str| {
        let quoted = windlass_value::fmt::quote(value.as_bytes());
        format!("strconv.{function}: parsing {quoted}: {why}")
    };
    match flag.kind {
        FlagKind::Bool if parse_bool(&value).is_none() => {
            return Err(number_error("ParseBool", "invalid syntax"));
        }
        FlagKind::Int => {
            windlass_value::fmt::parse_int(value.as_bytes(), 0, 64).map_err(|e| e.to_string())?;
        }
        FlagKind::Uint => {
            windlass_value::fmt::parse_uint(value.as_bytes(), 0, 64).map_err(|e| e.to_string())?;
        }
        FlagKind::Float32 if value.parse::<f32>().is_err() => {
            return Err(number_error("ParseFloat", "invalid syntax"));
        }
        FlagKind::Duration => {
            windlass_time::Duration::parse(value.as_bytes()).map_err(|e| e.to_string())?;
        }
        FlagKind::WaitStrategy => wait_strategy(&value)?,
        FlagKind::FailFast => fail_fast(&value)?,
        FlagKind::Progress if !matches!(value.as_str(), "auto" | "plain" | "json" | "none") => {
            return Err("it is auto, plain, json or none".to_owned());
        }
        FlagKind::Format if !matches!(value.as_str(), "table" | "json" | "yaml") => {
            return Err("invalid format type".to_owned());
        }
        FlagKind::Slice => return csv(&value),
        FlagKind::Pairs => return pairs(&value),
        _ => {}
    }
    Ok(vec![value])
}

/// `key=value`, or several, separated by commas. A single one may hold commas itself.
fn pairs(text: &str) -> Result<Vec<String>, String> {
    let fields = match text.matches('=').count() {
        0 => return Err(format!("{text} must be formatted as key=value")),
        1 => vec![text.trim_matches('"').to_owned()],
        _ => csv(text)?,
    };
    match fields.iter().find(|f| !f.contains('=')) {
        Some(field) => Err(format!("{field} must be formatted as key=value")),
        None => Ok(fields),
    }
}

/// A truth or a time.
fn fail_fast(value: &str) -> Result<(), String> {
    let time = windlass_time::Duration::parse(value.as_bytes());
    match parse_bool(value).is_some() || time.is_ok_and(|time| time.nanoseconds() >= 0) {
        true => Ok(()),
        false => Err("it is true, false or how long a trouble must last, as 30s".to_owned()),
    }
}

/// E7: a word, or what a switch takes.
fn wait_strategy(value: &str) -> Result<(), String> {
    match value {
        "watcher" | "hookOnly" | "legacy" | "true" | "false" => Ok(()),
        other => {
            let quoted = windlass_value::fmt::quote(other.as_bytes());
            Err(format!(
                "invalid wait input {quoted}. Valid inputs are watcher, hookOnly, and legacy"
            ))
        }
    }
}

/// What Helm 4 logs of a value that is still taken.
fn deprecated_value(flag: &Flag, value: &str) -> Option<String> {
    let strategy = match value {
        "true" => "watcher",
        "false" => "hookOnly",
        _ => return None,
    };
    (flag.kind == FlagKind::WaitStrategy).then(|| {
        let message = format!(
            "--wait={value} is deprecated (boolean value) and can be replaced with --wait={strategy}"
        );
        crate::log::slog("WARN", &message, &[])
    })
}

/// One record of comma separated values, quoted as in RFC 4180; an empty text has none.
fn csv(text: &str) -> Result<Vec<String>, String> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut fields = vec![String::new()];
    let mut chars = text.chars().peekable();
    let mut at_start = true;
    let mut column = 0;
    while let Some(c) = chars.next() {
        column += c.len_utf8();
        let field = fields
            .last_mut()
            .expect("there is always a field being read");
        match c {
            '"' if at_start => loop {
                match chars.next() {
                    Some('"') if chars.peek() == Some(&'"') => {
                        chars.next();
                        field.push('"');
                        column += 2;
                    }
                    Some('"') => {
                        column += 1;
                        if chars.peek().is_some_and(|c| *c != ',') {
                            return Err(format!(
                                "parse error on line 1, column {column}: extraneous or missing \" in quoted-field"
                            ));
                        }
                        at_start = false;
                        break;
                    }
                    Some(c) => {
                        column += c.len_utf8();
                        field.push(c);
                    }
                    None => {
                        return Err(format!(
                            "parse error on line 1, column {}: extraneous or missing \" in quoted-field",
                            column + 1
                        ));
                    }
                }
            },
            ',' => {
                fields.push(String::new());
                at_start = true;
            }
            '"' => {
                return Err(format!(
                    "parse error on line 1, column {column}: bare \" in non-quoted-field"
                ));
            }
            '\n' => break,
            c => {
                field.push(c);
                at_start = false;
            }
        }
    }
    Ok(fields)
}

fn check(invocation: &Invocation, compat: Compat) -> Result<(), UsageError> {
    let Invocation {
        command,
        path,
        args,
        flags,
        ..
    } = invocation;
    check_count(command.count, command, path, args.len())?;
    let exclusive: &[_] = if compat.excludes_flags() {
        command.exclusive
    } else {
        &[]
    };
    for pair in exclusive {
        if pair.iter().all(|name| flags.given(name)) {
            let [a, b] = pair;
            let (first, second) = if a < b { (a, b) } else { (b, a) };
            return Err(UsageError(format!(
                "if any flags in the group [{a} {b}] are set none of the others can be; \
                 [{first} {second}] were all set"
            )));
        }
    }
    Ok(())
}

impl Invocation {
    /// Checks the number of arguments by a rule that only the command knows.
    pub(crate) fn require(&self, rule: Count) -> Result<(), UsageError> {
        check_count(rule, self.command, &self.path, self.args.len())
    }
}

fn check_count(rule: Count, command: &Command, path: &str, count: usize) -> Result<(), UsageError> {
    let arguments = |n: usize| if n == 1 { "argument" } else { "arguments" };
    let complaint = match rule {
        Count::None if count > 0 => "accepts no arguments".to_owned(),
        Count::Exactly(n) if count != n => format!("requires {n} {}", arguments(n)),
        Count::AtLeast(n) if count < n => format!("requires at least {n} {}", arguments(n)),
        Count::AtMost(n) if count > n => format!("accepts at most {n} {}", arguments(n)),
        _ => return Ok(()),
    };
    Err(UsageError(format!(
        "\"{path}\" {complaint}\n\nUsage:  {}",
        usage_line(command, path)
    )))
}

/// `windlass template [NAME] [CHART] [flags]`
pub(super) fn usage_line(command: &Command, path: &str) -> String {
    let mut line = path.to_owned();
    if !command.arguments.is_empty() {
        line = format!("{line} {}", command.arguments);
    }
    if command.run.is_some() && !line.contains("[flags]") {
        line += " [flags]";
    }
    line
}

fn unknown_command(root: &Command, path: &str, name: &str) -> UsageError {
    let mut text = format!("unknown command \"{name}\" for \"{path}\"");
    let lower = name.to_lowercase();
    let near: Vec<&str> = root
        .commands
        .iter()
        .filter(|c| !c.hidden && c.name != "help")
        .map(|c| c.name)
        .filter(|c| strsim::levenshtein(c, &lower) <= 2 || c.starts_with(&lower))
        .collect();
    if !near.is_empty() {
        text += "\n\nDid you mean this?\n";
        for c in near {
            text += &format!("\t{c}\n");
        }
    }
    UsageError(format!("{text}\nRun '{path} --help' for usage."))
}

#[cfg(test)]
mod tests;
