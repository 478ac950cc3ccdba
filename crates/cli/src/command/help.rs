//! Help texts, laid out as cobra lays them out.

use std::fmt::Write;

use windlass_chart::compat::Compat;

use super::parse::usage_line;
use super::{Command, Flag, FlagKind};

/// The help of a command; `root` has the flags that every command takes.
pub(crate) fn help(command: &Command, root: &Command, path: &str, compat: Compat) -> String {
    let about = if command.long.is_empty() {
        command.short
    } else {
        command.long
    };
    let mut text = format!("{}\n\n", about.trim_end());
    text += &usage(command, root, path, compat);
    text
}

/// The part of it that lists commands and flags.
pub(crate) fn usage(command: &Command, root: &Command, path: &str, compat: Compat) -> String {
    let mut text = String::from("Usage:\n");
    if command.run.is_some() {
        text += &format!("  {}\n", usage_line(command, path));
    }
    if !command.commands.is_empty() {
        text += &format!("  {path} [command]\n");
    }
    if !command.aliases.is_empty() {
        text += &format!(
            "\nAliases:\n  {}, {}\n",
            command.name,
            command.aliases.join(", ")
        );
    }
    if !command.commands.is_empty() {
        let shown = command.shown_commands();
        let width = shown
            .iter()
            .map(|c| c.name.len())
            .max()
            .unwrap_or(0)
            .max(11);
        text += "\nAvailable Commands:\n";
        for below in shown {
            let _ = writeln!(text, "  {:width$} {}", below.name, below.short);
        }
    }
    let is_root = std::ptr::eq(command, root);
    let help = Flag::switch("help", "show this help").short('h');
    let mut own: Vec<&Flag> = command.sorted_flags(compat);
    own.push(&help);
    own.sort_by_key(|f| f.name);
    text += &format!("\nFlags:\n{}", list(&own, compat));
    if !is_root {
        text += &format!(
            "\nGlobal Flags:\n{}",
            list(&root.sorted_flags(compat), compat)
        );
    }
    if !command.commands.is_empty() {
        let _ = writeln!(
            text,
            "\nUse \"{path} [command] --help\" for more information about a command."
        );
    }
    text
}

/// The visible flags, a line each, helps aligned.
fn list(flags: &[&Flag], compat: Compat) -> String {
    let visible: Vec<&&Flag> = flags.iter().filter(|f| !f.is_hidden(compat)).collect();
    let heads: Vec<String> = visible.iter().map(|f| head(f)).collect();
    let width = heads.iter().map(String::len).max().unwrap_or(0);
    let mut text = String::new();
    for (flag, head) in visible.iter().zip(&heads) {
        let _ = writeln!(text, "{head:width$}   {}{}", flag.help, default(flag));
    }
    text
}

fn head(flag: &Flag) -> String {
    let mut head = match flag.short {
        Some(short) => format!("  -{short}, --{}", flag.name),
        None => format!("      --{}", flag.name),
    };
    if flag.kind != FlagKind::Bool {
        head += &format!(" {}", flag.kind.placeholder());
        if let Some(bare) = flag.bare {
            head += &match flag.kind {
                FlagKind::Text => format!("[=\"{bare}\"]"),
                _ => format!("[={bare}]"),
            };
        }
    }
    head
}

fn default(flag: &Flag) -> String {
    let zero = match flag.kind {
        FlagKind::Bool => "false",
        FlagKind::Int | FlagKind::Uint | FlagKind::Float32 => "0",
        _ => "",
    };
    match flag.kind {
        _ if flag.default.is_empty() || flag.default == zero => String::new(),
        FlagKind::Text => format!(" (default \"{}\")", flag.default),
        _ => format!(" (default {})", flag.default),
    }
}
