//! `windlass install`: make a release of a chart.

use windlass_engine::Install;
use windlass_engine::options::DryRun;

use super::action;
use super::dry_run::{self, Of};
use super::flags::{
    CHART_SOURCE, DRY_RUN, FORCE, FORCE_EXCLUSIVE, HIDE_SECRET, INSTALL, LIMITS, NOTES, OUTPUT,
    PREFLIGHT, RELEASE, TIMEOUT, WAIT, WAIT_FOR_JOBS, WAITING,
};
use super::release::post_renderer::PostRenderer;
use super::release::render::Settings;
use super::release::renderer::ChartRenderer;
use super::release::{self, Purpose};
use crate::cluster::Connection;
use crate::command::{Command, Count, Flags, Invocation};
use crate::error::{Failure, Outcome};
use crate::input::values;
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "install",
    arguments: "[NAME] [CHART]",
    short: "install a chart",
    long: "Renders a chart, applies its objects to the cluster and records the release.",
    count: Count::AtLeast(1),
    flags: &[
        CHART_SOURCE,
        RELEASE,
        INSTALL,
        NOTES,
        FORCE,
        TIMEOUT,
        WAIT,
        WAITING,
        WAIT_FOR_JOBS,
        DRY_RUN,
        HIDE_SECRET,
        PREFLIGHT,
        OUTPUT,
        values::FLAGS,
        LIMITS,
    ],
    exclusive: &FORCE_EXCLUSIVE,
    run: Some(run),
    ..Command::DEFAULT
};

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let post_renderer = PostRenderer::find(invocation, session)?;
    let dry_run = dry_run_checked_first(invocation, session)?;
    let install = Install {
        server_side: invocation.flags.on("server-side"),
        replace: invocation.flags.on("replace"),
        ..Install::default()
    };
    let released = made(install, dry_run, post_renderer, None, invocation, session);
    let released = released.map_err(|failure| failure.context("INSTALLATION FAILED"))?;
    action::print(&released, invocation, session)
}

/// Helm 4 looks at `--dry-run` before anything else, Helm 3 where it needs it.
///
/// # Errors
/// A word that is none.
pub(super) fn dry_run_checked_first(
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Result<Option<DryRun>, Failure> {
    if !session.compat.checks_dry_run_first() {
        return Ok(None);
    }
    dry_run::strategy(invocation.flags.text("dry-run"), Of::Action, session).map(Some)
}

/// Installs. `upgrade --install` comes here too, with the connection it has already.
///
/// # Errors
/// Whatever fails first.
pub(super) fn made(
    install: Install,
    dry_run: Option<DryRun>,
    post_renderer: Option<PostRenderer>,
    connection: Option<Connection>,
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Result<windlass_release::Release, Failure> {
    let flags = &invocation.flags;
    let (name, chart) = release::release_and_chart(invocation)?;
    let prepared = release::prepare(&chart, Purpose::Install, invocation, session)?;
    let dry_run = match dry_run {
        Some(dry_run) => dry_run,
        None => dry_run::strategy(flags.text("dry-run"), Of::Action, session)?,
    };
    let settings = Settings::new(invocation, session)?;
    let mut connection = match connection {
        Some(connection) => connection,
        None => Connection::open(flags, session)?,
    };
    let install = Install {
        name,
        namespace: connection.namespace().to_owned(),
        dry_run,
        ..options(install, flags, session)?
    };
    let renderer = ChartRenderer::new(
        prepared,
        settings,
        post_renderer,
        connection.lookups(),
        connection.teller(),
    );
    let left = renderer.left();
    let engine = connection.engine(session);
    let cancelled = action::cancelled(invocation);
    let done = connection.run(
        session,
        Some(&cancelled),
        engine.install(install, Box::new(renderer)),
    );
    match done {
        Ok(done) => Ok(done.release),
        Err(error) => Err(action::failure(&error, Some(&left), invocation)),
    }
}

/// What the engine is told, besides what is given.
///
/// # Errors
/// An object to make anew that is not named as such.
pub(super) fn options(
    install: Install,
    flags: &Flags,
    session: &Session<'_>,
) -> Result<Install, Failure> {
    Ok(Install {
        hide_secrets: flags.on("hide-secret"),
        create_namespace: flags.on("create-namespace"),
        disable_hooks: flags.on("no-hooks"),
        skip_definitions: flags.on("skip-crds"),
        waiting: action::waiting(flags, session),
        description: flags.text("description").to_owned(),
        undo_on_failure: action::undo_on_failure(flags),
        labels: action::labels(flags),
        force_replace: action::force_replace(flags),
        force_conflicts: flags.on("force-conflicts"),
        take_ownership: flags.on("take-ownership"),
        disable_validation: flags.on("disable-openapi-validation"),
        preflight: flags.on("preflight"),
        recreate: action::recreate(flags)?,
        ..install
    })
}
