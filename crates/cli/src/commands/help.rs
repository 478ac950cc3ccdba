//! `windlass help [COMMAND]`.

use crate::command::{self, Command, Invocation};
use crate::error::Outcome;
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "help",
    arguments: "[command]",
    short: "tell about a command",
    long: "Tells what a command does and which flags it takes, as COMMAND --help does.",
    run: Some(run),
    ..Command::DEFAULT
};

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let root = &super::ROOT;
    let mut path = session.program.clone();
    let mut found: &Command = root;
    for name in &invocation.args {
        let Some(below) = found.find(name) else {
            break;
        };
        path = format!("{path} {}", below.name);
        found = below;
    }
    if std::ptr::eq(found, root) && !invocation.args.is_empty() {
        let quoted: Vec<String> = invocation.args.iter().map(|a| format!("`{a}`")).collect();
        session.tell(&format!("Unknown help topic [{}]", quoted.join(" ")));
        session.tell(command::usage(root, root, &path, session.compat).trim_end_matches('\n'));
        return Ok(());
    }
    session.print(command::help(found, root, &path, session.compat))
}
