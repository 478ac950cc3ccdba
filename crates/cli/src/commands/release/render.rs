//! From a chart and the user's values to manifests: dependencies processed, values coalesced and
//! checked, templates run. What is noticed on the way is told as it happens.

use std::collections::BTreeMap;

use windlass_chart::compat::Compat;
use windlass_chart::dependencies::order::{self, Order};
use windlass_chart::{Chart, Warning, dependencies, schema, values};
use windlass_render::{
    Capabilities, Event as RenderEvent, Lookup, Options, Release, Rendered, Scene,
};
use windlass_template::Limits;
use windlass_value::{MapId, Str};

use super::super::flags::limits;
use super::{Prepared, SystemResolver, SystemWorld};
use crate::command::Invocation;
use crate::diagnoses as explain;
use crate::error::Failure;
use crate::log::Event;
use crate::session::Session;

/// What the flags say on rendering.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) compat: Compat,
    limits: Limits,
    sub_notes: bool,
    dns: bool,
    skip_schema: bool,
    /// Whether what charts say of their order is kept, and so must make sense.
    ordering: bool,
}

/// Is told what is noticed.
pub(crate) type Tell<'t> = &'t mut dyn FnMut(Event);

/// What a render is for.
pub(crate) struct Wanted {
    pub(crate) release: Release,
    pub(crate) capabilities: Capabilities,
    pub(crate) lookup: Option<Box<dyn Lookup>>,
}

/// A render that failed.
#[derive(Debug)]
pub(crate) struct RenderFailure {
    pub(crate) failure: Failure,
    /// The rendered files, if it came that far; Helm has a release by then.
    pub(crate) files: Option<BTreeMap<String, Str>>,
}

impl Settings {
    /// # Errors
    /// A limit below zero.
    pub(crate) fn new(invocation: &Invocation, session: &Session<'_>) -> Result<Self, Failure> {
        let flags = &invocation.flags;
        Ok(Self {
            compat: session.compat,
            limits: limits(flags)?,
            sub_notes: flags.on("render-subchart-notes"),
            dns: flags.on("enable-dns"),
            skip_schema: flags.on("skip-schema-validation"),
            ordering: !flags.on("no-ordering"),
        })
    }
}

/// Drops dependencies that are disabled and imports values; gives what is left of the charts' order.
///
/// # Errors
/// Values that do not fit the charts, an order that cannot be kept.
pub(crate) fn process(
    prepared: &mut Prepared,
    settings: &Settings,
    tell: Tell<'_>,
) -> Result<Order, Failure> {
    let Prepared { heap, chart, given } = prepared;
    let failed = |error: order::OrderError| Failure::new(error.to_string());
    if settings.ordering {
        order::resolve(chart).map_err(failed)?;
    }
    match dependencies::process(heap, chart, *given, settings.compat) {
        Ok(warnings) => {
            tell_warnings(warnings, tell);
            match settings.ordering {
                true => Order::of(chart).map_err(failed),
                false => Ok(Order::default()),
            }
        }
        Err(failed) => {
            tell_warnings(failed.warnings, tell);
            Err(Failure::new(failed.error.to_string()))
        }
    }
}

/// Coalesces values and checks them against schemas.
///
/// # Errors
/// Values that do not fit.
pub(crate) fn coalesce(
    prepared: &mut Prepared,
    settings: &Settings,
    tell: Tell<'_>,
) -> Result<MapId, Failure> {
    let Prepared { heap, chart, given } = prepared;
    let coalesced = values::coalesce(heap, chart, *given, settings.compat);
    let (values, warnings) = coalesced.map_err(|failed| {
        tell_warnings(failed.warnings, tell);
        Failure::new(failed.error.to_string())
    })?;
    tell_warnings(warnings, tell);
    if settings.skip_schema {
        return Ok(values);
    }
    tell_dependency_counts(chart, tell);
    match schema::validate_chart(heap, chart, values, &mut schema::Refusing) {
        Ok(warnings) => tell_warnings(warnings, tell),
        Err(failed) => {
            tell_warnings(failed.warnings, tell);
            let text = failed.error.to_string();
            let found = explain::schema(&text, chart, heap, *given);
            return Err(Failure::explained(text, found));
        }
    }
    Ok(values)
}

/// Renders.
///
/// # Errors
/// What went wrong, and whether there is a release to show for it.
pub(crate) fn render(
    prepared: &mut Prepared,
    values: MapId,
    wanted: Wanted,
    settings: &Settings,
    tell: Tell<'_>,
) -> Result<Rendered, RenderFailure> {
    let Prepared { heap, chart, .. } = prepared;
    let options = Options {
        compat: settings.compat,
        release: wanted.release,
        capabilities: wanted.capabilities,
        sub_notes: settings.sub_notes,
        lint: false,
        strict: false,
        limits: settings.limits,
        world: Box::new(SystemWorld),
        lookup: wanted.lookup,
        resolver: settings.dns.then(|| Box::new(SystemResolver) as _),
    };
    let rendered = windlass_render::render(chart, values, heap, options).map_err(|failed| {
        tell_unknown_hooks(&failed.unknown_hooks, tell);
        let scene = Scene {
            chart,
            values,
            heap,
            compat: settings.compat,
            files: &failed.files,
        };
        let found = windlass_render::diagnose(&failed.error, &scene);
        RenderFailure {
            failure: Failure::explained(failed.error.to_string(), found),
            files: Some(failed.files),
        }
    })?;
    tell_unknown_hooks(&rendered.unknown_hooks, tell);
    for event in &rendered.events {
        tell(render_event(event.clone()));
    }
    Ok(rendered)
}

fn tell_unknown_hooks(hooks: &[String], tell: Tell<'_>) {
    for types in hooks {
        tell(Event::UnknownHook(types.clone()));
    }
}

/// What a render noticed, as it is logged.
pub(crate) fn render_event(event: RenderEvent) -> Event {
    match event {
        RenderEvent::MissingRequired { message, nil } => Event::MissingRequired { message, nil },
        RenderEvent::Failed { message } => Event::FailCalled { message },
    }
}

impl RenderFailure {
    pub(crate) fn early(failure: Failure) -> Self {
        Self {
            failure,
            files: None,
        }
    }

    /// The manifest as far as there is one.
    pub(crate) fn manifest(&self) -> Option<String> {
        let mut text = String::new();
        for (path, content) in self.files.as_ref()? {
            let content = content.to_text();
            if !content.trim().is_empty() {
                document(&mut text, path, &content);
            }
        }
        Some(text)
    }
}

/// Adds a document as manifests hold it.
pub(crate) fn document(text: &mut String, path: &str, content: &str) {
    text.push_str(&document_head(path));
    text.push_str(content);
    text.push('\n');
}

/// The lines before a document's content.
pub(crate) fn document_head(path: &str) -> String {
    format!("---\n# Source: {path}\n")
}

fn tell_warnings(warnings: Vec<Warning>, tell: Tell<'_>) {
    for warning in warnings {
        tell(Event::Chart(warning));
    }
}

/// What Helm 4 tells of each chart before it looks for a schema.
fn tell_dependency_counts(chart: &Chart, tell: Tell<'_>) {
    let count = chart.dependencies.len().to_string();
    tell(Event::Debug {
        message: "number of dependencies in the chart",
        attributes: vec![("chart", chart.name().to_owned()), ("dependencies", count)],
    });
    for child in &chart.dependencies {
        tell_dependency_counts(child, tell);
    }
}
