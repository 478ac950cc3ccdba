//! What the actions are told, read from the flags that they take themselves.

use windlass_engine::options::DryRun;
use windlass_engine::{Install, Order, Uninstall, Upgrade};

use super::{Charted, Planning};
use crate::cluster::Connection;
use crate::command::Invocation;
use crate::commands::release::post_renderer::PostRenderer;
use crate::commands::release::render::Settings;
use crate::commands::release::renderer::ChartRenderer;
use crate::commands::release::{self, Purpose};
use crate::commands::upgrade::Absent;
use crate::commands::{install as installing, rollback as rolling};
use crate::commands::{uninstall as uninstalling, upgrade as upgrading};
use crate::error::Failure;
use crate::session::Session;

pub(super) fn install(
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Result<Planning, Failure> {
    let flags = &invocation.flags;
    let options = Install {
        server_side: flags.on("server-side"),
        replace: flags.on("replace"),
        ..Install::default()
    };
    let connection = Connection::open(flags, session)?;
    new_release(options, connection, invocation, session)
}

pub(in crate::commands) fn upgrade(
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Result<Planning, Failure> {
    let flags = &invocation.flags;
    let [name, chart] = invocation.args.as_slice() else {
        return Err(Failure::new("a release and a chart are needed"));
    };
    let mut connection = Connection::open(flags, session)?;
    if (flags.on("install") || flags.on("allow-unreleased"))
        && let Some(found) = upgrading::absent(name, &mut connection, session)?
    {
        let options = Install {
            server_side: flags.text("server-side") != "false",
            replace: found == Absent::Uninstalled,
            ..Install::default()
        };
        return new_release(options, connection, invocation, session);
    }
    let options = upgrading::options(name, DryRun::None, flags, session)?;
    let options = Upgrade {
        preflight: false,
        ..options
    };
    let order = Order::Upgrade(Box::new(options));
    rendered(
        order,
        chart,
        Purpose::Upgrade,
        connection,
        invocation,
        session,
    )
}

fn new_release(
    options: Install,
    connection: Connection,
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Result<Planning, Failure> {
    let (name, chart) = release::release_and_chart(invocation)?;
    let options = Install {
        name,
        namespace: connection.namespace().to_owned(),
        preflight: false,
        ..installing::options(options, &invocation.flags, session)?
    };
    let order = Order::Install(Box::new(options));
    rendered(
        order,
        &chart,
        Purpose::Install,
        connection,
        invocation,
        session,
    )
}

/// An action with the chart that it renders.
fn rendered(
    order: Order,
    chart: &str,
    purpose: Purpose,
    connection: Connection,
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Result<Planning, Failure> {
    let post_renderer = PostRenderer::find(invocation, session)?;
    let prepared = release::prepare(chart, purpose, invocation, session)?;
    let renderer = ChartRenderer::new(
        prepared,
        Settings::new(invocation, session)?,
        post_renderer,
        connection.lookups(),
        connection.teller(),
    );
    let left = renderer.left();
    Ok(Planning {
        connection,
        order,
        chart: Some(Charted {
            renderer: Box::new(renderer),
            left,
        }),
    })
}

pub(super) fn rollback(
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Result<Planning, Failure> {
    let mut options = rolling::options(invocation, session)?;
    options.dry_run = DryRun::None;
    Ok(Planning {
        connection: Connection::open(&invocation.flags, session)?,
        order: Order::Rollback(Box::new(options)),
        chart: None,
    })
}

pub(super) fn uninstall(
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Result<Planning, Failure> {
    let flags = &invocation.flags;
    let options = Uninstall {
        name: invocation.args.first().cloned().unwrap_or_default(),
        dry_run: false,
        ..uninstalling::options(flags, session)?
    };
    Ok(Planning {
        connection: Connection::open(flags, session)?,
        order: Order::Uninstall(Box::new(options)),
        chart: None,
    })
}
