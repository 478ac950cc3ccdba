//! The `windlass` command as a library, so that checks can run it in their own process.
//!
//! This is the composition root: it finds the command that the arguments name, runs it, and prints
//! how it ended. `command` is the machinery of commands and flags, `commands` are the commands,
//! `input` reads charts and values, `store` writes charts, `release_view` shows releases, `log` and `error` word what is told on
//! standard error, `diagnoses` and `explain` what follows for who reads along. The binary, `main.rs`,
//! only hands over the process's own surroundings, and tells of our own mistakes (`bug`).

pub mod bug;
mod cluster;
mod command;
mod commands;
mod diagnoses;
mod error;
mod explain;
mod input;
mod log;
mod progress;
#[allow(
    dead_code,
    unused_imports,
    reason = "the commands that print with it follow"
)]
mod release_view;
mod session;
mod settings;
mod store;
mod table;
mod telling;
mod zone;

use std::collections::HashMap;
use std::io::{Read, Write};

use windlass_chart::compat::Compat;

use crate::command::{Flags, Invocation};
use crate::error::{Failure, Outcome};
use crate::release_view::Format;
use crate::session::Session;

/// What a command may touch outside its arguments.
pub struct Surroundings<'s> {
    /// What the program was called by, path and all: `helm` or `helm3` make it stand in for Helm.
    pub called: String,
    /// The environment's variables.
    pub environment: HashMap<String, String>,
    /// Standard input.
    pub stdin: &'s mut dyn Read,
    /// Standard output.
    pub stdout: &'s mut dyn Write,
    /// Standard error.
    pub stderr: &'s mut dyn Write,
    /// Whether standard error is a terminal, and somebody reads along.
    pub is_watched: bool,
    /// The embedded cluster that `--sandbox` means; the one in the user's files if there is none.
    pub sandbox: Option<windlass_sandbox::Sandbox>,
}

/// Runs the command that the arguments (without the program's name) say; the status to exit with.
pub fn run(args: &[String], surroundings: Surroundings<'_>) -> u8 {
    let Surroundings {
        called,
        environment,
        stdin,
        stdout,
        stderr,
        is_watched,
        sandbox,
    } = surroundings;
    let name = program_name(&called);
    let mut session = Session::new(
        shown_name(&name).to_owned(),
        called,
        environment,
        stdin,
        stdout,
        stderr,
    );
    session.sandbox = sandbox;
    if is_watched {
        session.is_watched();
    }
    let outcome = dispatch(&mut session, &name, args)
        .and_then(|()| session.end())
        .and_then(|()| session.flush());
    if let Err(failure) = &outcome {
        // What was printed before the failure stays printed.
        let _ = print_data(&mut session, failure);
        let _ = session.flush();
        if failure.is_log_line {
            session.tell(&failure.message);
        } else {
            session.tell(&format!("Error: {}", failure.message));
        }
        let told = session.explain.then(|| failure.diagnostics());
        for diagnostic in told.into_iter().flatten() {
            let drawn = explain::draw(diagnostic, session.color);
            session.tell(&format!("\n{}", drawn.trim_end()));
        }
    }
    outcome.map_or_else(|failure| failure.status, |()| error::SUCCEEDED)
}

/// What programs are told of a failure: on standard output in the format asked for where explanations
/// are wanted, and among the events where those are.
fn print_data(session: &mut Session<'_>, failure: &Failure) -> Outcome {
    let Some((data, format)) = &failure.data else {
        return Ok(());
    };
    session.tell_data(data);
    if !session.explain {
        return Ok(());
    }
    match format {
        Format::Table => Ok(()),
        Format::Json => session.print(format!("{data}\n")),
        Format::Yaml => session.print(release_view::yaml_of_text(&data.to_string())?),
    }
}

fn dispatch(session: &mut Session<'_>, called: &str, args: &[String]) -> Outcome {
    let program = session.program.clone();
    session.compat = compat(session, called, args)?;
    let mut notices = Vec::new();
    let parsed = command::parse(
        &commands::ROOT,
        &program,
        args,
        session.compat,
        &mut notices,
    );
    for notice in &notices {
        session.tell(notice);
    }
    let invocation = parsed?;
    session.debug |= invocation.flags.on("debug");
    session.explain |= invocation.flags.on("explain");
    session.color = color(session, &invocation.flags);
    session.show_progress_as(invocation.flags.text("progress"));
    session.paints_output = release_view::paints(session, &invocation.flags);
    zone::settle(session);
    let Invocation {
        command,
        path,
        help,
        ..
    } = &invocation;
    match command.run {
        Some(run) if !help => run(session, &invocation),
        _ => session.print(command::help(
            command,
            &commands::ROOT,
            path,
            session.compat,
        )),
    }
}

/// The last part of the path the program was called by.
fn program_name(called: &str) -> String {
    called.rsplit('/').next().unwrap_or(called).to_owned()
}

/// What the program calls itself in texts: `helm` when it stands in for it.
fn shown_name(name: &str) -> &str {
    if name.starts_with("helm") {
        "helm"
    } else {
        "windlass"
    }
}

/// Whether standard error takes colours: flag, then `NO_COLOR`, then whether it is a terminal.
fn color(session: &Session<'_>, flags: &Flags) -> bool {
    let given = ["color", "colour"].map(|name| flags.given(name).then(|| flags.text(name)));
    match given.into_iter().flatten().next_back() {
        Some("always") => true,
        Some("never") => false,
        _ => session.variable("NO_COLOR").is_none() && session.color,
    }
}

/// The dial: flag, then environment, then the name the program was called by. It is settled before
/// the command line is read, since what flags mean depends on it.
fn compat(session: &Session<'_>, called: &str, args: &[String]) -> Result<Compat, Failure> {
    let mut given = session.variable("WINDLASS_COMPAT");
    // A command line that is still being typed decides nothing.
    let typed = !args.first().is_some_and(|a| a.starts_with("__complete"));
    let mut args = args.iter().take_while(|a| typed && *a != "--");
    while let Some(arg) = args.next() {
        if arg == "--compat" {
            given = args.next().map(String::as_str).or(given);
        } else if let Some(value) = arg.strip_prefix("--compat=") {
            given = Some(value);
        }
    }
    match given {
        Some(text) => Compat::parse(text).ok_or_else(|| {
            Failure::new(format!(
                "unknown compat setting \"{text}\": it is helm3 or helm4"
            ))
        }),
        None if called == "helm3" => Ok(Compat::Helm3),
        None => Ok(Compat::default()),
    }
}
