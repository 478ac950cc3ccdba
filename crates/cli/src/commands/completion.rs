//! `windlass completion SHELL`: scripts that complete commands and flags, and `__complete`, which
//! they call.
//!
//! The scripts are small: what there is to offer is found by `candidates`, in the very tables that
//! parse the command line. The exchange between the two is cobra's, so that Helm's own scripts work
//! with this program, too: a candidate a line, its help behind a tab, then `:` and a number.

mod candidates;

use crate::command::{Command, Count, Flag, Invocation};
use crate::error::Outcome;
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "completion",
    short: "write a completion script for a shell",
    long: "Writes a script that makes a shell complete commands and flags. To load it:\n\n\
           bash:        source <(windlass completion bash)\n\
           zsh:         source <(windlass completion zsh)\n\
           fish:        windlass completion fish | source\n\
           powershell:  windlass completion powershell | Out-String | Invoke-Expression",
    count: Count::None,
    commands: &[&BASH, &FISH, &POWERSHELL, &ZSH],
    ..Command::DEFAULT
};

static BASH: Command = Command {
    name: "bash",
    short: "for bash",
    run: Some(|session, invocation| write(session, invocation, include_str!("completion/bash.sh"))),
    ..SHELL
};
static FISH: Command = Command {
    name: "fish",
    short: "for fish",
    run: Some(|session, invocation| {
        write(session, invocation, include_str!("completion/fish.fish"))
    }),
    ..SHELL
};
static POWERSHELL: Command = Command {
    name: "powershell",
    short: "for PowerShell",
    run: Some(|session, invocation| {
        write(
            session,
            invocation,
            include_str!("completion/powershell.ps1"),
        )
    }),
    ..SHELL
};
static ZSH: Command = Command {
    name: "zsh",
    short: "for zsh",
    run: Some(|session, invocation| write(session, invocation, include_str!("completion/zsh.zsh"))),
    ..SHELL
};

const SHELL: Command = Command {
    count: Count::None,
    flags: &[&[Flag::switch(
        "no-descriptions",
        "offer names without their help",
    )]],
    ..Command::DEFAULT
};

/// What the scripts call, with the words of the command line so far.
pub(super) static COMPLETE: Command = Command {
    name: "__complete",
    hidden: true,
    raw_arguments: true,
    run: Some(|session, invocation| complete(session, invocation, true)),
    ..Command::DEFAULT
};

/// The same without help.
pub(super) static COMPLETE_NAMES: Command = Command {
    name: "__completeNoDesc",
    hidden: true,
    raw_arguments: true,
    run: Some(|session, invocation| complete(session, invocation, false)),
    ..Command::DEFAULT
};

fn complete(session: &mut Session<'_>, invocation: &Invocation, with_help: bool) -> Outcome {
    let found = candidates::find(&super::ROOT, &invocation.args, session.compat);
    let mut text = String::new();
    for (name, help) in &found.candidates {
        text += name;
        if with_help && !help.is_empty() {
            text += &format!("\t{help}");
        }
        text.push('\n');
    }
    // 4: do not offer files instead; 0: do.
    let directive = if found.files { 0 } else { 4 };
    session.print(format!("{text}:{directive}\n"))
}

fn write(session: &mut Session<'_>, invocation: &Invocation, script: &str) -> Outcome {
    let program = session.called.rsplit('/').next().unwrap_or_default();
    let identifier: String = program
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let complete = if invocation.flags.on("no-descriptions") {
        COMPLETE_NAMES.name
    } else {
        COMPLETE.name
    };
    let script = script
        .replace("@PROGRAM@", program)
        .replace("@IDENTIFIER@", &identifier)
        .replace("@COMPLETE@", complete);
    session.print(script)
}
