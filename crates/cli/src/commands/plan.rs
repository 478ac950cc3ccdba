//! `windlass plan`: what an action would do to the cluster, object by object.
//!
//! The plan is the one that the action would carry out; `windlass apply` carries out one that was
//! written to a file. `orders` reads what the actions are told, `kept` is the file, `view` shows a plan to
//! people, `data` to programs.

mod data;
pub(super) mod kept;
pub(super) mod orders;
pub(super) mod sides;
mod view;

use std::sync::{Arc, Mutex};

use windlass_engine::{Engine, Order, Planned, Renderer};
use windlass_plan::ObjectRef;
use windlass_plan::plan::forecast::Refusal;

use super::diff::flags::COLORS;
use super::flags::{
    CHART_SOURCE, DRY_RUN, FORCE, FORCE_EXCLUSIVE, HISTORY_MAX, INSTALL, LIMITS, NOTES, OUTPUT,
    PREFLIGHT, RECREATE, RELEASE, SERVER_SIDE, TIMEOUT, WAIT, WAIT_FOR_JOBS, WAITING,
};
use super::{action, diff, rollback, uninstall, upgrade};
use crate::cluster::Connection;
use crate::command::{Command, Count, Flag, FlagKind, Invocation};
use crate::commands::release::renderer::Left;
use crate::error::{Failure, Outcome};
use crate::input::values;
use crate::release_view::Format;
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "plan",
    short: "show what an action would do to the cluster",
    long: "Shows what an action would do to each object of the cluster, why, whether pods restart and\n\
           whether data may be lost. The server is asked by dry runs; nothing is written.\n\n\
           With --out the plan is kept in a file, and windlass apply carries out just that.",
    commands: &[
        &INSTALL_PLAN,
        &UPGRADE_PLAN,
        &ROLLBACK_PLAN,
        &UNINSTALL_PLAN,
    ],
    ..Command::DEFAULT
};

/// How a plan is shown, and where it is kept.
const SHOWING: &[Flag] = &[
    Flag::of(
        "context",
        FlagKind::Int,
        "lines to show around changes; all where it is negative",
    )
    .short('C')
    .default("3"),
    Flag::switch(
        "detailed-exitcode",
        "exit with status 2 where there are changes",
    ),
    Flag::text(
        "out",
        "file to keep the plan in, for windlass apply; it holds Secrets, and only its owner may read it",
    ),
    Flag::switch("show-secrets", "do not mask the values of Secrets"),
];

static INSTALL_PLAN: Command = Command {
    name: "install",
    arguments: "[NAME] [CHART]",
    short: "what an install would do",
    long: "Shows what windlass install would do with the same flags.",
    count: Count::AtLeast(1),
    flags: &[
        COLORS,
        SHOWING,
        CHART_SOURCE,
        RELEASE,
        INSTALL,
        NOTES,
        FORCE,
        TIMEOUT,
        WAIT,
        WAIT_FOR_JOBS,
        WAITING,
        DRY_RUN,
        PREFLIGHT,
        OUTPUT,
        values::FLAGS,
        LIMITS,
    ],
    exclusive: &FORCE_EXCLUSIVE,
    run: Some(install),
    ..Command::DEFAULT
};

static UPGRADE_PLAN: Command = Command {
    name: "upgrade",
    arguments: "[RELEASE] [CHART]",
    short: "what an upgrade would do",
    long: "Shows what windlass upgrade would do with the same flags.",
    count: Count::Exactly(2),
    flags: &[
        COLORS,
        SHOWING,
        CHART_SOURCE,
        RELEASE,
        NOTES,
        FORCE,
        SERVER_SIDE,
        TIMEOUT,
        WAIT,
        WAITING,
        WAIT_FOR_JOBS,
        DRY_RUN,
        HISTORY_MAX,
        PREFLIGHT,
        RECREATE,
        OUTPUT,
        values::FLAGS,
        LIMITS,
        upgrade::FLAGS,
    ],
    exclusive: &FORCE_EXCLUSIVE,
    run: Some(upgrade),
    ..Command::DEFAULT
};

static ROLLBACK_PLAN: Command = Command {
    name: "rollback",
    arguments: "<RELEASE> [REVISION]",
    short: "what a rollback would do",
    long: "Shows what windlass rollback would do with the same flags.",
    count: Count::AtLeast(1),
    flags: &[
        COLORS,
        SHOWING,
        FORCE,
        SERVER_SIDE,
        TIMEOUT,
        WAIT,
        WAITING,
        WAIT_FOR_JOBS,
        HISTORY_MAX,
        RECREATE,
        OUTPUT,
        rollback::FLAGS,
    ],
    exclusive: &FORCE_EXCLUSIVE,
    run: Some(rollback),
    ..Command::DEFAULT
};

static UNINSTALL_PLAN: Command = Command {
    name: "uninstall",
    arguments: "RELEASE_NAME",
    short: "what an uninstall would do",
    long: "Shows what windlass uninstall would do with the same flags.",
    count: Count::Exactly(1),
    flags: &[
        COLORS,
        SHOWING,
        TIMEOUT,
        WAIT,
        WAITING,
        OUTPUT,
        uninstall::FLAGS,
    ],
    run: Some(uninstall),
    ..Command::DEFAULT
};

fn install(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    orders::install(invocation, session)?.show(invocation, session)
}

fn upgrade(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    orders::upgrade(invocation, session)?.show(invocation, session)
}

fn rollback(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    orders::rollback(invocation, session)?.show(invocation, session)
}

fn uninstall(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    orders::uninstall(invocation, session)?.show(invocation, session)
}

/// What renders a chart, and what that leaves behind.
struct Charted {
    renderer: Box<dyn Renderer>,
    left: Arc<Mutex<Left>>,
}

/// An action that is to be planned.
pub(super) struct Planning {
    connection: Connection,
    order: Order,
    /// Where the order is of a chart.
    chart: Option<Charted>,
}

impl Planning {
    /// Makes the plan.
    pub(super) fn made(
        self,
        invocation: &Invocation,
        session: &mut Session<'_>,
    ) -> Result<(Planned, Connection), Failure> {
        let mut connection = self.connection;
        let engine = connection.engine(session);
        let (renderer, left) = self.chart.map(|c| (c.renderer, c.left)).unzip();
        let planned = connection.run(session, None, engine.keep(self.order, renderer));
        let planned =
            planned.map_err(|error| action::failure(&error, left.as_deref(), invocation))?;
        Ok((planned, connection))
    }

    fn show(self, invocation: &Invocation, session: &mut Session<'_>) -> Outcome {
        let flags = &invocation.flags;
        let (planned, mut connection) = self.made(invocation, session)?;
        let engine = connection.engine(session);
        let refused: Vec<_> = planned.forecast.refused().collect();
        let refusal = (!refused.is_empty()).then(|| refusal(&refused));
        let file = match flags.text("out") {
            "" => None,
            _ if refusal.is_some() => None,
            path => {
                keep(path, &engine, &planned, &mut connection, session)?;
                Some(path)
            }
        };
        match Format::of(flags) {
            Format::Table => view::print(&planned, file, flags, session)?,
            format => data::print(&planned, file, flags, format, session)?,
        }
        match refusal {
            Some(failure) => Err(failure),
            None if flags.on("detailed-exitcode") && planned.forecast.changes() => {
                Err(diff::different())
            }
            None => Ok(()),
        }
    }
}

/// Keeps a plan in a file.
fn keep(
    path: &str,
    engine: &Engine,
    planned: &Planned,
    connection: &mut Connection,
    session: &mut Session<'_>,
) -> Outcome {
    let cluster = connection.run(session, None, kept::cluster_uid(engine));
    kept::write(path, engine, planned, cluster)
}

/// What the server refuses, all of it.
pub(super) fn refusal(refused: &[(&ObjectRef, &Refusal)]) -> Failure {
    let lines = refused
        .iter()
        .map(|(object, refusal)| format!("\n  {object}: {}", refusal.message.trim_end()));
    Failure::new(format!(
        "the server refuses {}:{}",
        match refused.len() {
            1 => "an object".to_owned(),
            many => format!("{many} objects"),
        },
        lines.collect::<String>()
    ))
}
