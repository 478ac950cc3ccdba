//! `windlass apply`: carry out a plan that was kept.

use windlass_chart::compat::Compat;
use windlass_engine::{CarriedOut, Error, Kept, Order};

use super::flags::{NOTES, OUTPUT};
use super::{action, plan};
use crate::cluster::Connection;
use crate::command::{Command, Count, Flag, Invocation};
use crate::error::{Failure, Outcome};
use crate::release_view::Format;
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "apply",
    arguments: "FILE",
    short: "carry out a plan that was kept",
    long: "Carries out the plan that windlass plan --out wrote to a file: just that, with the chart, the\n\
           values and the flags of then. Where the release or an object is not what it was when the\n\
           plan was made, nothing is done, and the error names it.",
    count: Count::Exactly(1),
    flags: &[OUTPUT, NOTES, PROGRESS],
    run: Some(run),
    ..Command::DEFAULT
};

const PROGRESS: &[Flag] = &[Flag::of(
    "progress",
    crate::command::FlagKind::Progress,
    "what is told on standard error on the way: auto, plain, json, none",
)
.default("auto")];

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let flags = &invocation.flags;
    let Some(path) = invocation.args.first() else {
        return Ok(());
    };
    let (origin, mut kept) = plan::kept::read(path)?;
    session.compat = Compat::parse(&origin.compat).ok_or_else(|| {
        let compat = &origin.compat;
        Failure::new(format!(
            "cannot apply {path}: it speaks {compat:?}, which is not known here"
        ))
    })?;
    explain(&mut kept, session);
    let order = kept.order.clone();
    let name = kept.plan.release.name.clone();
    let mut connection = Connection::open_at(flags, origin.namespace, session)?;
    let engine = connection.engine(session);
    let cluster = connection.run(session, None, plan::kept::cluster_uid(&engine));
    if !cluster.is_empty() && !origin.cluster.is_empty() && cluster != origin.cluster {
        return Err(Failure::new(format!(
            "cannot apply {path}: it was made for another cluster"
        )));
    }
    let cancelled = format!("Release {name} has been cancelled.\n");
    let done = connection.run(session, Some(&cancelled), engine.carry_out(kept));
    let done = done.map_err(|error| failure(&error, &order, invocation))?;
    tell(&done, &order, invocation, session)
}

/// Why waiting fails is told to those who read along now, whoever made the plan.
fn explain(kept: &mut Kept, session: &Session<'_>) {
    let waiting = match &mut kept.order {
        Order::Install(order) => &mut order.waiting,
        Order::Upgrade(order) => &mut order.waiting,
        Order::Rollback(order) => &mut order.waiting,
        Order::Uninstall(order) => &mut order.waiting,
        _ => return,
    };
    waiting.explain = session.wants_causes();
}

/// The words of the action, unless it did not begin.
fn failure(error: &Error, order: &Order, invocation: &Invocation) -> Failure {
    let failure = action::failure(error, None, invocation);
    let never_began = matches!(
        error,
        Error::Moved(_)
            | Error::MovedOn { .. }
            | Error::MovedRelease(_)
            | Error::Replanned
            | Error::KeptRecord(_)
    );
    match order {
        _ if never_began => failure,
        Order::Install(_) => failure.context("INSTALLATION FAILED"),
        Order::Upgrade(_) => failure.context("UPGRADE FAILED"),
        _ => failure,
    }
}

/// What the action itself prints.
fn tell(
    done: &CarriedOut,
    order: &Order,
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Outcome {
    match (done, order) {
        (CarriedOut::Done(_), Order::Rollback(_)) => {
            session.print("Rollback was a success! Happy Helming!\n")
        }
        (CarriedOut::Done(done), order) => {
            let upgraded = matches!(order, Order::Upgrade(_));
            if upgraded && Format::of(&invocation.flags) == Format::Table {
                let name = windlass_value::fmt::quote(done.release.name.as_bytes());
                session.print(format!(
                    "Release {name} has been upgraded. Happy Helming!\n"
                ))?;
            }
            action::print(&done.release, invocation, session)
        }
        (CarriedOut::Uninstalled(done), _) => {
            if !done.info.is_empty() {
                session.print(format!("{}\n", done.info))?;
            }
            session.print(format!("release \"{}\" uninstalled\n", done.release.name))
        }
        _ => Ok(()),
    }
}
