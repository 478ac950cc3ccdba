//! A small chart, rendered for real.

use windlass_chart::compat::Compat;
use windlass_chart::{Chart, File, dependencies, load, values};
use windlass_engine::{
    Definitions, RenderFailure, RenderRequest, RenderedChart, Renderer, ReuseValues,
};
use windlass_release::{Json, Release, StoredChart};
use windlass_render::{Options, World, render};
use windlass_template::Limits;
use windlass_value::{Heap, MapId, Value};

struct Still;

impl World for Still {
    fn now(&mut self) -> i128 {
        1_700_000_000_000_000_000
    }

    fn fill_random(&mut self, buffer: &mut [u8]) {
        buffer.fill(7);
    }
}

/// A chart with given values, as the engine wants it.
struct Drawn {
    heap: Heap,
    chart: Chart,
    given: MapId,
    compat: Compat,
    request: Option<(MapId, RenderRequest)>,
}

/// A chart of these files, besides Chart.yaml.
pub(crate) fn chart(compat: Compat, files: &[(&str, &str)]) -> Box<dyn Renderer> {
    with_values(compat, files, "{}")
}

/// The same with values given by the user.
pub(crate) fn with_values(
    compat: Compat,
    files: &[(&str, &str)],
    given: &str,
) -> Box<dyn Renderer> {
    let mut heap = Heap::new();
    let head = File::new(
        "Chart.yaml",
        "apiVersion: v2\nname: small\nversion: 0.1.0\nappVersion: '1'\n",
    );
    let files = files.iter().map(|(name, text)| File::new(*name, *text));
    let all = [head].into_iter().chain(files).collect();
    let (chart, _) = load::load(all, &mut heap, compat).unwrap();
    let Value::Map(given) = Json::parse(given).unwrap().to_value(&mut heap).unwrap() else {
        panic!("values are a map");
    };
    Box::new(Drawn {
        heap,
        chart,
        given,
        compat,
        request: None,
    })
}

fn failed<E: std::fmt::Display>(message: E) -> RenderFailure {
    RenderFailure {
        message: message.to_string(),
        manifest: None,
    }
}

impl Renderer for Drawn {
    fn reuse(&mut self, previous: &Release, how: ReuseValues) -> Result<(), RenderFailure> {
        if how == ReuseValues::IfNoneGiven
            && self.heap.map(self.given).entries().is_empty()
            && let Some(config) = &previous.config
            && let Value::Map(config) = config.to_value(&mut self.heap).map_err(failed)?
        {
            self.given = config;
        }
        Ok(())
    }

    fn process_dependencies(&mut self) -> Result<(), RenderFailure> {
        dependencies::order::resolve(&mut self.chart).map_err(failed)?;
        let done = dependencies::process(&mut self.heap, &mut self.chart, self.given, self.compat);
        done.map(|_| ()).map_err(|e| failed(e.error))
    }

    fn definitions(&self) -> Vec<Definitions> {
        let one = |crd: windlass_chart::Crd<'_>| Definitions {
            name: crd.file.name.clone(),
            text: crd.file.data.to_text().into_owned(),
        };
        self.chart.crds().into_iter().map(one).collect()
    }

    fn prepare(&mut self, request: RenderRequest) -> Result<(), RenderFailure> {
        let coalesced = values::coalesce(&mut self.heap, &self.chart, self.given, self.compat);
        let (values, _) = coalesced.map_err(|e| failed(e.error))?;
        self.request = Some((values, request));
        Ok(())
    }

    fn render(&mut self) -> Result<RenderedChart, RenderFailure> {
        let (values, request) = self.request.take().unwrap();
        let options = Options {
            compat: self.compat,
            release: request.release,
            capabilities: request.capabilities,
            sub_notes: false,
            lint: false,
            strict: false,
            limits: Limits::default(),
            world: Box::new(Still),
            lookup: None,
            resolver: None,
        };
        let rendered = render(&self.chart, values, &mut self.heap, options);
        let rendered = rendered.map_err(|e| failed(e.error))?;
        let mut manifest = String::new();
        for document in &rendered.manifests {
            manifest += &format!("---\n# Source: {}\n{}\n", document.path, document.content);
        }
        Ok(RenderedChart {
            hooks: rendered.hooks,
            manifest,
            order: windlass_chart::dependencies::order::Order::of(&self.chart).map_err(failed)?,
            notes: rendered.notes,
            chart: StoredChart::from_chart(&self.chart, &self.heap).map_err(failed)?,
            config: Some(Json::of(&self.heap, &Value::Map(self.given)).map_err(failed)?),
        })
    }
}
