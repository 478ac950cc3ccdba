//! [`render`]: from a chart and its values to hooks, manifests and notes.

use std::collections::BTreeMap;

use windlass_chart::Chart;
use windlass_chart::compat::Compat;
use windlass_template::{Context, Limits, MissingKey, Options as SetOptions, Session, Templates};
use windlass_value::{Heap, MapId, MapType, Str, Value};
use windlass_version::{Constraints, Version};

use crate::capabilities::Capabilities;
use crate::error::{Error, execute_error, parse_error};
use crate::functions::{functions, without_no_value};
use crate::host::{Event, Lookup, RenderHost, Resolver, World};
use crate::manifest::{self, Hook, Manifest};
use crate::scope::{self, Release, Template};

/// How to render.
pub struct Options {
    /// The Helm that is spoken.
    pub compat: Compat,
    /// The release that is rendered for.
    pub release: Release,
    /// What the cluster can do.
    pub capabilities: Capabilities,
    /// Notes of subcharts count too.
    pub sub_notes: bool,
    /// `required` and `fail` only leave an [`Event`], as `lint` wants it.
    pub lint: bool,
    /// A missing key is an error.
    pub strict: bool,
    /// Bounds of the whole render.
    pub limits: Limits,
    /// Clock and randomness.
    pub world: Box<dyn World>,
    /// Objects of a cluster; without it `lookup` finds nothing.
    pub lookup: Option<Box<dyn Lookup>>,
    /// DNS; without it `getHostByName` gives nothing.
    pub resolver: Option<Box<dyn Resolver>>,
}

/// A rendered chart.
#[derive(Debug, Clone, Default)]
pub struct Rendered {
    /// Hooks in order of kinds.
    pub hooks: Vec<Hook>,
    /// Manifests in order of kinds.
    pub manifests: Vec<Manifest>,
    /// NOTES.txt.
    pub notes: String,
    /// Values of `helm.sh/hook` that name no known event.
    pub unknown_hooks: Vec<String>,
    /// What was noticed on the way.
    pub events: Vec<Event>,
}

/// Why there is no [`Rendered`], and the files as far as they were rendered.
#[derive(Debug)]
pub struct Failure {
    /// What went wrong.
    pub error: Error,
    /// Rendered files by path, where rendering itself succeeded: shown with `--debug`.
    pub files: BTreeMap<String, Str>,
    /// As in [`Rendered`], as far as it came.
    pub unknown_hooks: Vec<String>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            error,
            files: BTreeMap::new(),
            unknown_hooks: Vec::new(),
        }
    }
}

const NOTES: &str = "NOTES.txt";

/// Renders a chart whose dependencies are processed, with coalesced values.
///
/// # Errors
/// A Kubernetes version that the chart refuses, a template that does not parse or run, or a
/// rendered document that is no object.
pub fn render(
    chart: &Chart,
    values: MapId,
    heap: &mut Heap,
    options: Options,
) -> Result<Rendered, Box<Failure>> {
    let (compat, sub_notes) = (options.compat, options.sub_notes);
    check_kube_version(chart, &options.capabilities, compat).map_err(failure)?;
    let mut events = Vec::new();
    let mut files = render_templates(chart, values, heap, options, &mut events).map_err(failure)?;
    let notes = take_notes(&mut files, chart.name(), sub_notes);
    let texts: Vec<_> = files
        .iter()
        .map(|(path, text)| (path, text.to_text()))
        .collect();
    let sorted = manifest::sort(texts.iter().map(|(p, t)| (p.as_str(), t.as_ref())), compat);
    drop(texts);
    match sorted {
        Ok(sorted) => Ok(Rendered {
            hooks: sorted.hooks,
            manifests: sorted.manifests,
            notes,
            unknown_hooks: sorted.unknown_hooks,
            events,
        }),
        Err(unsorted) => Err(Box::new(Failure {
            error: unsorted.error.into(),
            files,
            unknown_hooks: unsorted.unknown_hooks,
        })),
    }
}

fn failure(error: Error) -> Box<Failure> {
    Box::new(error.into())
}

/// Renders all templates of a chart and of the charts below; partials give no file. What is noticed
/// on the way is added to `events`, also before an error.
///
/// # Errors
/// The first template that does not parse or run.
pub fn render_templates(
    chart: &Chart,
    values: MapId,
    heap: &mut Heap,
    options: Options,
    events: &mut Vec<Event>,
) -> Result<BTreeMap<String, Str>, Error> {
    let compat = options.compat;
    let templates = scope::templates(
        chart,
        values,
        &options.release,
        &options.capabilities,
        heap,
        compat,
    );
    let set = parse(&templates, compat, options.strict)?;
    let mut host = RenderHost {
        world: options.world,
        lookup: options.lookup,
        resolver: options.resolver,
        lint: options.lint,
        including: std::collections::HashMap::new(),
        events: Vec::new(),
    };
    let session = Session::new(&set, heap, &mut host, options.limits);
    let files = execute(&templates, session, compat);
    events.append(&mut host.events);
    files
}

fn execute(
    templates: &[Template],
    mut session: Session<'_>,
    compat: Compat,
) -> Result<BTreeMap<String, Str>, Error> {
    let values_type = windlass_chart::values::named(compat);
    let mut files = BTreeMap::new();
    for template in templates {
        if is_partial(&template.name) {
            continue;
        }
        let data = enter(template, session.heap_mut(), values_type);
        let output = session
            .render(template.name.as_bytes(), data)
            .map_err(|e| execute_error(&template.name, e, compat))?;
        files.insert(template.name.clone(), without_no_value(output.into()));
    }
    Ok(files)
}

fn parse(templates: &[Template], compat: Compat, strict: bool) -> Result<Templates, Error> {
    let missing_key = if strict {
        MissingKey::Error
    } else {
        MissingKey::Zero
    };
    let mut set = Templates::new("gotpl", functions(compat), SetOptions { missing_key });
    for template in templates {
        set.parse(template.name.as_str(), template.text.clone())
            .map_err(|e| parse_error(&template.name, e))?;
    }
    Ok(set)
}

fn is_partial(name: &str) -> bool {
    name.rsplit('/')
        .next()
        .is_some_and(|base| base.starts_with('_'))
}

/// Tells a chart's scope which template is rendered; the map stays the chart's one and only.
fn enter(template: &Template, heap: &mut Heap, values_type: MapType) -> Value {
    let about = heap.map_from(
        values_type,
        vec![
            ("BasePath".into(), Value::str(template.base_path.as_str())),
            ("Name".into(), Value::str(template.name.as_str())),
        ],
    );
    heap.set(template.scope, "Template", Value::Map(about));
    Value::Map(heap.view_as(template.scope, values_type))
}

fn check_kube_version(
    chart: &Chart,
    capabilities: &Capabilities,
    compat: Compat,
) -> Result<(), Error> {
    let wanted = &chart.metadata.kube_version;
    if wanted.is_empty() {
        return Ok(());
    }
    let present = &capabilities.kube_version;
    let fits = Constraints::parse(wanted)
        .ok()
        .zip(Version::parse(&present.normalized).ok());
    if fits.is_some_and(|(constraint, version)| constraint.check(&version)) {
        return Ok(());
    }
    let shown = if compat.keeps_kube_version_suffix() {
        &present.full
    } else {
        &present.normalized
    };
    Err(Error::KubeVersion {
        wanted: wanted.clone(),
        present: shown.clone(),
    })
}

/// Takes the notes out of the rendered files.
fn take_notes(files: &mut BTreeMap<String, Str>, chart: &str, sub_notes: bool) -> String {
    let own = format!("{chart}/templates/{NOTES}");
    let mut notes = String::new();
    files.retain(|path, text| {
        if !path.ends_with(NOTES) {
            return true;
        }
        if sub_notes || *path == own {
            if !notes.is_empty() {
                notes.push('\n');
            }
            notes += &text.to_text();
        }
        false
    });
    notes
}
