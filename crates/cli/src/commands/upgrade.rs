//! `windlass upgrade`: bring a release to a chart and values.

use windlass_engine::options::DryRun;
use windlass_engine::{Install, ReuseValues, Upgrade};
use windlass_release::{Release, Status, StoreError};

use super::action;
use super::dry_run::{self, Of};
use super::flags::{
    CHART_SOURCE, DRY_RUN, FORCE, FORCE_EXCLUSIVE, HIDE_SECRET, HISTORY_MAX, LIMITS, NOTES, OUTPUT,
    PREFLIGHT, RECREATE, RELEASE, SERVER_SIDE, TIMEOUT, WAIT, WAIT_FOR_JOBS, WAITING,
};
use super::install;
use super::release::post_renderer::PostRenderer;
use super::release::render::Settings;
use super::release::renderer::ChartRenderer;
use super::release::{self, Purpose};
use crate::cluster::Connection;
use crate::command::{Command, Count, Flag, Flags, Invocation};
use crate::error::{Failure, Outcome};
use crate::input::values;
use crate::release_view::Format;
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "upgrade",
    arguments: "[RELEASE] [CHART]",
    short: "upgrade a release",
    long: "Renders a chart and brings the objects of a release to what it says.\n\n\
           With --install a release that is not there is made.",
    count: Count::Exactly(2),
    flags: &[
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
        HIDE_SECRET,
        HISTORY_MAX,
        PREFLIGHT,
        RECREATE,
        OUTPUT,
        values::FLAGS,
        LIMITS,
        FLAGS,
    ],
    exclusive: &FORCE_EXCLUSIVE,
    run: Some(run),
    ..Command::DEFAULT
};

pub(super) const FLAGS: &[Flag] = &[
    Flag::switch(
        "cleanup-on-fail",
        "if the upgrade fails, delete the objects it created",
    ),
    Flag::switch("install", "install the release if it is not there").short('i'),
    Flag::switch("recreate-pods", "restart the pods of changed workloads").deprecated_by_both(
        "functionality will no longer be updated. \
         Consult the documentation for other methods to recreate pods",
    ),
    Flag::switch(
        "reset-then-reuse-values",
        "begin with the chart's values, then those the last revision was given",
    ),
    Flag::switch("reset-values", "begin with the chart's values"),
    Flag::switch("reuse-values", "begin with the last revision's values"),
];

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let flags = &invocation.flags;
    let [name, chart] = invocation.args.as_slice() else {
        return Ok(());
    };
    let post_renderer = PostRenderer::find(invocation, session)?;
    let dry_run = install::dry_run_checked_first(invocation, session)?;
    let mut connection = Connection::open(flags, session)?;
    let is_table = Format::of(flags) == Format::Table;
    if flags.on("install")
        && let Some(found) = absent(name, &mut connection, session)?
    {
        if is_table {
            let quoted = windlass_value::fmt::quote(name.as_bytes());
            session.print(format!(
                "Release {quoted} does not exist. Installing it now.\n"
            ))?;
        }
        let options = Install {
            server_side: flags.text("server-side") != "false",
            replace: found == Absent::Uninstalled,
            ..Install::default()
        };
        let connection = Some(connection);
        let made = install::made(
            options,
            dry_run,
            post_renderer,
            connection,
            invocation,
            session,
        )?;
        return action::print(&made, invocation, session);
    }
    let prepared = Upgrading {
        name,
        chart,
        post_renderer,
        connection,
    };
    let upgraded = prepared.run(dry_run, invocation, session)?;
    if is_table {
        let quoted = windlass_value::fmt::quote(name.as_bytes());
        session.print(format!(
            "Release {quoted} has been upgraded. Happy Helming!\n"
        ))?;
    }
    action::print(&upgraded, invocation, session)
}

/// Why a release is not there to be upgraded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Absent {
    /// It never was.
    Unknown,
    /// It is uninstalled, its history kept.
    Uninstalled,
}

/// Whether a release has to be installed first.
///
/// # Errors
/// A cluster that is not there, a name that is none, records that cannot be read.
pub(super) fn absent(
    name: &str,
    connection: &mut Connection,
    session: &mut Session<'_>,
) -> Result<Option<Absent>, Failure> {
    let (cluster, store) = (connection.cluster(), connection.store());
    let reached = connection.run(session, None, async { cluster.version().await });
    reached.map_err(|e| crate::cluster::unreachable(&e, session))?;
    windlass_release::name::validate(name)
        .map_err(|_| Failure::new(format!("release name is invalid: {name}")))?;
    let labels = [("name", name), ("owner", "helm")];
    match connection.run(session, None, async { store.outline(&labels).await }) {
        Ok(revisions) => {
            // As Helm does: the last in the order of their objects' names.
            let last = revisions.last().map(|r| &r.info.status);
            Ok((last == Some(&Status::Uninstalled)).then_some(Absent::Uninstalled))
        }
        Err(StoreError::NotFound) => Ok(Some(Absent::Unknown)),
        Err(error) => Err(Failure::new(error.text())),
    }
}

struct Upgrading<'a> {
    name: &'a str,
    chart: &'a str,
    post_renderer: Option<PostRenderer>,
    connection: Connection,
}

impl Upgrading<'_> {
    fn run(
        mut self,
        dry_run: Option<DryRun>,
        invocation: &Invocation,
        session: &mut Session<'_>,
    ) -> Result<Release, Failure> {
        let flags = &invocation.flags;
        let dry_run = match dry_run {
            Some(dry_run) => dry_run,
            None => dry_run::strategy(flags.text("dry-run"), Of::Action, session)?,
        };
        let prepared = release::prepare(self.chart, Purpose::Upgrade, invocation, session)?;
        let settings = Settings::new(invocation, session)?;
        let renderer = ChartRenderer::new(
            prepared,
            settings,
            self.post_renderer.take(),
            self.connection.lookups(),
            self.connection.teller(),
        );
        let left = renderer.left();
        let engine = self.connection.engine(session);
        let cancelled = action::cancelled(invocation);
        let options = options(self.name, dry_run, flags, session)?;
        let done = self.connection.run(
            session,
            Some(&cancelled),
            engine.upgrade(options, Box::new(renderer)),
        );
        match done {
            Ok(done) => Ok(done.release),
            Err(error) => {
                Err(action::failure(&error, Some(&left), invocation).context("UPGRADE FAILED"))
            }
        }
    }
}

/// What becomes of the values of the revision before.
pub(super) fn reuse(flags: &Flags) -> ReuseValues {
    if flags.on("reset-values") {
        ReuseValues::Reset
    } else if flags.on("reuse-values") {
        ReuseValues::Reuse
    } else if flags.on("reset-then-reuse-values") {
        ReuseValues::ResetThenReuse
    } else {
        ReuseValues::IfNoneGiven
    }
}

/// What the engine is told.
///
/// # Errors
/// An object to make anew that is not named as such.
pub(super) fn options(
    name: &str,
    dry_run: DryRun,
    flags: &Flags,
    session: &Session<'_>,
) -> Result<Upgrade, Failure> {
    Ok(Upgrade {
        name: name.to_owned(),
        dry_run,
        hide_secrets: flags.on("hide-secret"),
        reuse: reuse(flags),
        disable_hooks: flags.on("no-hooks"),
        waiting: action::waiting(flags, session),
        description: flags.text("description").to_owned(),
        undo_on_failure: action::undo_on_failure(flags),
        clean_up_on_failure: flags.on("cleanup-on-fail"),
        labels: action::labels(flags),
        max_history: action::max_history(flags, session),
        force_replace: action::force_replace(flags),
        force_conflicts: flags.on("force-conflicts"),
        server_side: action::server_side(flags),
        take_ownership: flags.on("take-ownership"),
        disable_validation: flags.on("disable-openapi-validation"),
        preflight: flags.on("preflight"),
        recreate: action::recreate(flags)?,
    })
}
