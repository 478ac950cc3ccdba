//! [`ChartRenderer`]: a chart and the user's values, as the engine's actions ask for them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use windlass_chart::dependencies::order::Order;
use windlass_chart::values;
use windlass_diag::Diagnostic;
use windlass_engine::{
    Definitions, RenderFailure as EngineFailure, RenderRequest, RenderedChart, Renderer,
    ReuseValues,
};
use windlass_release::{Json, StoredChart};
use windlass_render::{Lookup, Rendered};
use windlass_value::{Heap, MapId, Str, Value};

use super::post_renderer::PostRenderer;
use super::render::{self, RenderFailure, Settings, Wanted};
use super::{Prepared, render::document};
use crate::error::Failure;
use crate::log::Event;
use crate::telling::Teller;

/// Makes what `lookup` asks through, where there is a cluster.
pub(crate) type Lookups = Box<dyn Fn() -> Option<Box<dyn Lookup>> + Send>;

/// What a render leaves behind for the command that asked for it.
#[derive(Default)]
pub(crate) struct Left {
    /// What there is to tell of a failure beyond Helm's words.
    pub(crate) diagnostic: Option<Diagnostic>,
    /// The files of a failed render, as far as there are any.
    pub(crate) files: Option<BTreeMap<String, Str>>,
    /// What was rendered.
    pub(crate) rendered: Option<Rendered>,
}

/// A chart with the user's values, the engine's [`Renderer`].
pub(crate) struct ChartRenderer {
    prepared: Prepared,
    settings: Settings,
    post_renderer: Option<PostRenderer>,
    lookups: Lookups,
    teller: Teller,
    left: Arc<Mutex<Left>>,
    ready: Option<Ready>,
    order: Order,
}

/// What is ready to be rendered.
struct Ready {
    request: RenderRequest,
    values: MapId,
    chart: StoredChart,
    config: Option<Json>,
}

impl ChartRenderer {
    pub(crate) fn new(
        prepared: Prepared,
        settings: Settings,
        post_renderer: Option<PostRenderer>,
        lookups: Lookups,
        teller: Teller,
    ) -> Self {
        Self {
            prepared,
            settings,
            post_renderer,
            lookups,
            teller,
            left: Arc::default(),
            ready: None,
            order: Order::default(),
        }
    }

    /// Where the render leaves what the engine does not carry.
    pub(crate) fn left(&self) -> Arc<Mutex<Left>> {
        Arc::clone(&self.left)
    }

    fn fail(&self, failed: RenderFailure) -> EngineFailure {
        let manifest = failed.manifest();
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.diagnostic = failed.failure.diagnostic.map(|d| *d);
        left.files = failed.files;
        EngineFailure {
            message: failed.failure.message,
            manifest,
        }
    }

    fn fail_early(&self, failure: Failure) -> EngineFailure {
        self.fail(RenderFailure::early(failure))
    }

    fn rendered(&mut self, ready: Ready) -> Result<RenderedChart, RenderFailure> {
        let wanted = Wanted {
            release: ready.request.release,
            capabilities: ready.request.capabilities,
            lookup: ready.request.lookup.then(|| (self.lookups)()).flatten(),
        };
        let teller = self.teller.clone();
        let mut tell = |event: Event| teller.tell(event);
        let rendered = render::render(
            &mut self.prepared,
            ready.values,
            wanted,
            &self.settings,
            &mut tell,
        )?;
        let manifest = manifest(&rendered, ready.request.hide_secrets);
        let manifest = match &self.post_renderer {
            Some(renderer) => renderer.run(&manifest).map_err(RenderFailure::early)?,
            None => manifest,
        };
        let hooks = rendered.hooks.clone();
        let notes = rendered.notes.clone();
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        left.rendered = Some(rendered);
        Ok(RenderedChart {
            hooks,
            manifest,
            order: std::mem::take(&mut self.order),
            notes,
            chart: ready.chart,
            config: ready.config,
        })
    }
}

impl Renderer for ChartRenderer {
    fn reuse(
        &mut self,
        previous: &windlass_release::Release,
        how: ReuseValues,
    ) -> Result<(), EngineFailure> {
        let teller = self.teller.clone();
        let mut tell = |event: Event| teller.tell(event);
        reuse(&mut self.prepared, previous, how, &self.settings, &mut tell)
            .map_err(|failure| self.fail_early(failure))
    }

    fn process_dependencies(&mut self) -> Result<(), EngineFailure> {
        let teller = self.teller.clone();
        let mut tell = |event: Event| teller.tell(event);
        let order = render::process(&mut self.prepared, &self.settings, &mut tell);
        self.order = order.map_err(|failure| self.fail_early(failure))?;
        Ok(())
    }

    fn definitions(&self) -> Vec<Definitions> {
        let crds = self.prepared.chart.crds();
        let one = |crd: &windlass_chart::Crd<'_>| Definitions {
            name: crd.file.name.clone(),
            text: crd.file.data.to_text().into_owned(),
        };
        crds.iter().map(one).collect()
    }

    fn prepare(&mut self, request: RenderRequest) -> Result<(), EngineFailure> {
        let teller = self.teller.clone();
        let mut tell = |event: Event| teller.tell(event);
        let values = render::coalesce(&mut self.prepared, &self.settings, &mut tell)
            .map_err(|failure| self.fail_early(failure))?;
        // Templates may change values; the record is of what there was before.
        let Prepared { heap, chart, given } = &self.prepared;
        let stored = StoredChart::from_chart(chart, heap)
            .map_err(|e| self.fail_early(Failure::new(windlass_engine::error::text(&e))))?;
        let config = Json::of(heap, &Value::Map(*given))
            .map_err(|e| self.fail_early(Failure::new(windlass_engine::error::text(&e))))?;
        self.ready = Some(Ready {
            request,
            values,
            chart: stored,
            config: Some(config),
        });
        Ok(())
    }

    fn render(&mut self) -> Result<RenderedChart, EngineFailure> {
        let ready = self
            .ready
            .take()
            .expect("the engine prepares before it renders");
        self.rendered(ready).map_err(|failed| self.fail(failed))
    }
}

/// The manifest as records hold it.
fn manifest(rendered: &Rendered, hide_secrets: bool) -> String {
    let mut text = String::new();
    for manifest in &rendered.manifests {
        let head = &manifest.head;
        if hide_secrets && head.kind == "Secret" && head.api_version == "v1" {
            text.push_str("---\n# Source: ");
            text.push_str(&manifest.path);
            text.push_str("\n# HIDDEN: The Secret output has been suppressed\n");
        } else {
            document(&mut text, &manifest.path, &manifest.content);
        }
    }
    text
}

/// Takes over values of an earlier revision.
fn reuse(
    prepared: &mut Prepared,
    previous: &windlass_release::Release,
    how: ReuseValues,
    settings: &Settings,
    tell: render::Tell<'_>,
) -> Result<(), Failure> {
    let Prepared { heap, chart, given } = prepared;
    match how {
        ReuseValues::Reset => tell(debug("resetting values to the chart's original version")),
        ReuseValues::Reuse => {
            tell(debug("reusing the old release's values"));
            let old = config(previous, heap)?;
            let old_values = old_values(previous, old, heap, settings, tell)?;
            let over = config(previous, heap)?;
            coalesce_tables(heap, *given, over, tell);
            chart.values = old_values;
        }
        ReuseValues::ResetThenReuse => {
            tell(debug("merging values from old release to new values"));
            let old = config(previous, heap)?;
            coalesce_tables(heap, *given, old, tell);
        }
        ReuseValues::IfNoneGiven => {
            if heap.map(*given).is_empty() {
                let old = config(previous, heap)?;
                if !heap.map(old).is_empty() {
                    tell(Event::Debug {
                        message: "copying values from old release",
                        attributes: vec![
                            ("name", previous.name.clone()),
                            ("version", previous.version.to_string()),
                        ],
                    });
                    *given = old;
                }
            }
        }
    }
    Ok(())
}

fn debug(message: &'static str) -> Event {
    Event::Debug {
        message,
        attributes: Vec::new(),
    }
}

fn coalesce_tables(heap: &mut Heap, strong: MapId, weak: MapId, tell: render::Tell<'_>) {
    for warning in values::coalesce_tables(heap, strong, weak) {
        tell(Event::Chart(warning));
    }
}

/// The values that the user gave for an earlier revision, anew in the heap.
fn config(previous: &windlass_release::Release, heap: &mut Heap) -> Result<MapId, Failure> {
    let config = match &previous.config {
        Some(config) => config
            .to_value(heap)
            .map_err(|e| Failure::new(windlass_engine::error::text(&e)))?,
        None => Value::Nil,
    };
    match config {
        Value::Map(id) => Ok(id),
        _ => Ok(heap.new_map()),
    }
}

/// What the earlier revision's chart and values came to. The charts below it are not in its record.
fn old_values(
    previous: &windlass_release::Release,
    config: MapId,
    heap: &mut Heap,
    settings: &Settings,
    tell: render::Tell<'_>,
) -> Result<MapId, Failure> {
    let rebuild = |text: String| Failure::new(format!("failed to rebuild old values: {text}"));
    let Some(stored) = previous.chart.clone() else {
        return Ok(config);
    };
    let chart = stored
        .into_chart(heap)
        .map_err(|e| rebuild(windlass_engine::error::text(&e)))?;
    match values::coalesce(heap, &chart, config, settings.compat) {
        Ok((values, warnings)) => {
            for warning in warnings {
                tell(Event::Chart(warning));
            }
            Ok(values)
        }
        Err(failed) => Err(rebuild(failed.error.to_string())),
    }
}
