//! The render itself: here alone, here with a cluster to look objects up in, or as a release to a cluster
//! would be rendered.

use std::sync::PoisonError;

use windlass_chart::{Chart, Crd};
use windlass_engine::Install;
use windlass_engine::options::DryRun;
use windlass_render::{Capabilities, Release, Rendered};
use windlass_value::Str;

use crate::cluster::Connection;
use crate::command::{Flags, Invocation};
use crate::commands::action;
use crate::commands::dry_run::{self, Of};
use crate::commands::release::render::{self, RenderFailure, Settings, Wanted};
use crate::commands::release::renderer::ChartRenderer;
use crate::commands::release::{self, Prepared};
use crate::error::Failure;
use crate::log::Event;
use crate::session::Session;

/// Whom a render asks.
#[derive(Debug, Clone, Copy)]
pub(in crate::commands) enum Mode {
    /// Nobody, or a cluster for `lookup` only.
    Local { lookup: bool },
    /// A cluster, which the release is also checked against.
    Cluster(DryRun),
}

impl Mode {
    /// E3, E4: what `--validate` and `--dry-run` come to.
    ///
    /// # Errors
    /// A word that is none.
    pub(in crate::commands) fn of(
        flags: &Flags,
        session: &mut Session<'_>,
    ) -> Result<Self, Failure> {
        let dry_run = dry_run::strategy(flags.text("dry-run"), Of::Template, session)?;
        let server = dry_run == DryRun::Server;
        Ok(if session.compat.validates_server_dry_runs() {
            if server || flags.on("validate") {
                Self::Cluster(DryRun::Server)
            } else {
                Self::Local { lookup: false }
            }
        } else if flags.on("validate") {
            Self::Cluster(dry_run)
        } else {
            Self::Local { lookup: server }
        })
    }
}

/// A chart that is about to be rendered.
pub(in crate::commands) struct Rendering<'i> {
    pub(in crate::commands) name: String,
    pub(in crate::commands) capabilities: Capabilities,
    pub(in crate::commands) invocation: &'i Invocation,
    pub(in crate::commands) prepared: Prepared,
}

/// What was rendered, and the chart's CRDs if they are wanted.
pub(in crate::commands) type Output = (Rendered, Vec<Definition>);

impl Rendering<'_> {
    /// Renders here.
    pub(in crate::commands) fn local(
        &mut self,
        lookup: bool,
        session: &mut Session<'_>,
    ) -> Result<Output, RenderFailure> {
        let early = RenderFailure::early;
        let flags = &self.invocation.flags;
        release::check_name(&self.name, session).map_err(early)?;
        let settings = Settings::new(self.invocation, session).map_err(early)?;
        let connection = if lookup {
            Some(Connection::open(flags, session).map_err(early)?)
        } else {
            None
        };
        let is_upgrade = flags.on("is-upgrade");
        let wanted = Wanted {
            release: Release {
                name: self.name.clone(),
                namespace: session.namespace(flags),
                revision: 1,
                is_install: !is_upgrade,
                is_upgrade,
            },
            capabilities: self.capabilities.clone(),
            lookup: connection.as_ref().and_then(|c| c.lookups()()),
        };
        let mut tell = |event: Event| session.log(&event);
        let prepared = &mut self.prepared;
        let processed = render::process(prepared, &settings, &mut tell);
        processed.map_err(|failure| early(dependencies_failed(failure, session)))?;
        let mut tell = |event: Event| session.log(&event);
        let values = render::coalesce(prepared, &settings, &mut tell).map_err(early)?;
        let rendered = render::render(prepared, values, wanted, &settings, &mut tell)?;
        Ok((rendered, definitions(&prepared.chart)))
    }

    /// Renders as a release to this cluster would be, and checks that it could be one.
    pub(in crate::commands) fn on_cluster(
        self,
        dry_run: DryRun,
        session: &mut Session<'_>,
    ) -> Result<Output, RenderFailure> {
        let early = RenderFailure::early;
        let flags = &self.invocation.flags;
        let settings = Settings::new(self.invocation, session).map_err(early)?;
        let crds = definitions(&self.prepared.chart);
        let mut connection = Connection::open(flags, session).map_err(early)?;
        let install = Install {
            name: self.name,
            namespace: connection.namespace().to_owned(),
            dry_run,
            replace: true,
            skip_definitions: flags.on("skip-crds"),
            waiting: action::waiting(flags, session),
            server_side: flags.on("server-side"),
            take_ownership: flags.on("take-ownership"),
            disable_validation: flags.on("disable-openapi-validation"),
            is_upgrade: flags.on("is-upgrade"),
            assumed: self.capabilities,
            ..Install::default()
        };
        let (lookups, teller) = (connection.lookups(), connection.teller());
        let renderer = ChartRenderer::new(self.prepared, settings, None, lookups, teller);
        let left = renderer.left();
        let engine = connection.engine(session);
        let done = connection.run(session, None, engine.install(install, Box::new(renderer)));
        let mut found = left.lock().unwrap_or_else(PoisonError::into_inner);
        let files = found.files.take();
        let rendered = found.rendered.take();
        drop(found);
        match (done, rendered) {
            (Ok(_), Some(rendered)) => Ok((rendered, crds)),
            (Ok(_), None) => Ok((Rendered::default(), crds)),
            (Err(error), _) => Err(RenderFailure {
                failure: action::failure(&error, Some(&left), self.invocation),
                files,
            }),
        }
    }
}

/// Dependencies that cannot be settled, in Helm's words.
fn dependencies_failed(failure: Failure, session: &mut Session<'_>) -> Failure {
    session.log(&Event::Dependencies {
        text: failure.message.clone(),
    });
    let names = session.compat.names_the_failed_check();
    failure.context_if(names, "chart dependencies processing failed")
}

/// A file of `crds/`, whose text is the chart's own.
pub(in crate::commands) struct Definition {
    pub(in crate::commands) path: String,
    pub(in crate::commands) content: Str,
}

fn definitions(chart: &Chart) -> Vec<Definition> {
    let one = |crd: &Crd<'_>| Definition {
        path: format!("{}/{}", crd.chart_path, crd.file.name),
        content: crd.file.data.clone(),
    };
    chart.crds().iter().map(one).collect()
}
