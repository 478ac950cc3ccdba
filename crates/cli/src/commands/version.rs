//! `windlass version`.
//!
//! Clients read this to learn which Helm they talk to. Called as `helm` it therefore answers as the
//! Helm that is spoken; called as `windlass` it tells its own version too.

use windlass_template::Functions;
use windlass_value::{Heap, Value, fmt};

use super::release::fill_template;
use crate::command::{Command, Count, Flag, Invocation};
use crate::error::Outcome;
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "version",
    short: "tell the version",
    long: "Tells the version of Helm that is spoken, and Windlass's own.",
    count: Count::None,
    flags: &[&[
        Flag::switch("short", "the version number alone"),
        Flag::text("template", "a template over the version's fields"),
        // Helm 2 had it, and callers still pass it.
        Flag::switch("client", "").short('c').hide(),
    ]],
    run: Some(run),
    ..Command::DEFAULT
};

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let build = windlass_render::build_info(session.compat);
    let template = invocation.flags.text("template");
    if !template.is_empty() {
        let build = Value::object(build);
        return session.print(fill_template("_", template, Functions::new(), build)?);
    }
    if invocation.flags.on("short") {
        return session.print(format!("{}\n", session.compat.helm_version()));
    }
    let shown = fmt::sprintf(&Heap::new(), b"%#v", &[Value::object(build)]);
    session.print(format!("{}\n", shown.to_text()))?;
    if session.program == "windlass" {
        session.print(format!("windlass {}\n", env!("CARGO_PKG_VERSION")))?;
    }
    Ok(())
}
