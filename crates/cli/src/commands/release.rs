//! What commands that render a release share: its name, its chart with dependencies checked, its
//! values, the render itself.

use std::net::ToSocketAddrs;
use std::time::{SystemTime, UNIX_EPOCH};

use windlass_chart::{Chart, dependencies, schema, values};
use windlass_render::{
    Capabilities, Event as RenderEvent, Options, Release, Rendered, Resolver, Scene, World,
};
use windlass_template::{Functions, Host, Limits, Session as Machine, Templates};
use windlass_value::{Heap, MapId, Value};

use super::dependency;
use super::flags::limits;
use crate::command::Invocation;
use crate::diagnoses as explain;
use crate::error::Failure;
use crate::input::{local, values as given};
use crate::log::Event;
use crate::session::Session;

/// The system's clock and randomness.
pub(crate) struct SystemWorld;

impl World for SystemWorld {
    fn now(&mut self) -> i128 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |d| i128::try_from(d.as_nanos()).unwrap_or(i128::MAX))
    }

    fn fill_random(&mut self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("the system's random source is there");
    }
}

/// The system's resolver, asked only with `--enable-dns`.
struct SystemResolver;

impl Resolver for SystemResolver {
    fn resolve(&mut self, host: &str) -> Vec<String> {
        let found = (host, 0)
            .to_socket_addrs()
            .map(|all| all.map(|a| a.ip().to_string()));
        found.map(Iterator::collect).unwrap_or_default()
    }
}

impl Host for SystemWorld {
    fn now(&mut self) -> i128 {
        World::now(self)
    }

    fn fill_random(&mut self, buffer: &mut [u8]) {
        World::fill_random(self, buffer);
    }

    fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
        self
    }
}

/// The release's name and the chart's, from arguments and flags; `fallback` stands in for a name
/// that is not given.
///
/// # Errors
/// Too many arguments, a name given twice, a template of a name that fails.
pub(crate) fn name_and_chart(
    invocation: &Invocation,
    fallback: &str,
) -> Result<(String, String), Failure> {
    let (flags, args) = (&invocation.flags, &invocation.args);
    match args.as_slice() {
        [chart] => {
            let template = flags.text("name-template");
            let name = if template.is_empty() {
                fallback.to_owned()
            } else {
                template_name(template)?
            };
            Ok((name, chart.clone()))
        }
        [_, _] if flags.on("generate-name") => Err(Failure::new(
            "cannot set --generate-name and also specify a name",
        )),
        [_, _] if !flags.text("name-template").is_empty() => Err(Failure::new(
            "cannot set --name-template and also specify a name",
        )),
        [name, chart] => Ok((name.clone(), chart.clone())),
        more => Err(Failure::new(format!(
            "expected at most two arguments, unexpected arguments: {}",
            more.get(2..).unwrap_or_default().join(", ")
        ))),
    }
}

fn template_name(template: &str) -> Result<String, Failure> {
    const NAME: &str = "name-template";
    let functions = windlass_sprig::functions(Functions::new());
    fill_template(NAME, template, functions, Value::Nil)
}

/// Fills a small template that is no chart's.
///
/// # Errors
/// The engine's text.
pub(crate) fn fill_template(
    name: &str,
    template: &str,
    functions: Functions,
    data: Value,
) -> Result<String, Failure> {
    let mut set = Templates::new(name, functions, Default::default());
    set.parse(name, template)
        .map_err(|e| Failure::new(e.text()))?;
    let (mut heap, mut host) = (Heap::new(), SystemWorld);
    let mut machine = Machine::new(&set, &mut heap, &mut host, Limits::default());
    let output = machine
        .render(name.as_bytes(), data)
        .map_err(|e| Failure::new(e.text()))?;
    Ok(String::from_utf8_lossy(&output).into_owned())
}

const MAX_NAME: usize = 53;
const NAME_RULE: &str = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

/// Checks a release's name: a DNS subdomain of at most 53 characters.
///
/// # Errors
/// Helm's text.
pub(crate) fn check_name(name: &str, session: &mut Session<'_>) -> Result<(), Failure> {
    let alphanumeric = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let label = |l: &str| {
        let bytes = l.as_bytes();
        bytes.first().copied().is_some_and(alphanumeric)
            && bytes.last().copied().is_some_and(alphanumeric)
            && bytes.iter().all(|&b| alphanumeric(b) || b == b'-')
    };
    let why = if name.is_empty() {
        "no name provided".to_owned()
    } else if name.len() > MAX_NAME || !name.split('.').all(label) {
        format!(
            "invalid release name, must match regex {NAME_RULE} \
             and the length must not be longer than {MAX_NAME}"
        )
    } else {
        return Ok(());
    };
    let text = format!(
        "release name {}: {why}",
        windlass_value::fmt::quote(name.as_bytes())
    );
    session.log(&Event::ReleaseName { text: text.clone() });
    let found = explain::release_name(name);
    Err(Failure::explained(text, found).context_if(
        session.compat.names_the_failed_check(),
        "release name check failed",
    ))
}

/// A chart that can be rendered, with the values to do it.
pub(crate) struct Prepared {
    pub(crate) heap: Heap,
    pub(crate) chart: Chart,
    /// What the user gave.
    pub(crate) given: MapId,
}

/// Locates and loads a chart, reads the user's values, and checks what Helm checks before it
/// renders.
///
/// # Errors
/// Whatever of this fails, in Helm's order and words.
pub(crate) fn prepare(
    chart_name: &str,
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Result<Prepared, Failure> {
    let mut heap = Heap::new();
    let version = invocation.flags.text("version").to_owned();
    session.log_detail("Original chart version", vec![("version", version)]);
    let path = local::locate(chart_name, &invocation.flags, session)?;
    session.log_detail(
        "Chart path",
        vec![("path", path.to_string_lossy().into_owned())],
    );
    let given = given::merge(&invocation.flags, &mut heap, session)?;
    let mut chart = local::load_chart(&path, &mut heap, session)?;
    let kind = chart.metadata.kind.as_str();
    if !matches!(kind, "" | "application") {
        return Err(Failure::new(format!("{kind} charts are not installable")));
    }
    if chart.metadata.deprecated {
        session.log(&Event::DeprecatedChart);
    }
    if let Err(mismatch) = dependencies::check(&chart, session.compat) {
        if !invocation.flags.on("dependency-update") {
            let found = match &mismatch {
                dependencies::Mismatch::Missing(names) => {
                    Some(explain::missing_dependencies(names, &chart))
                }
                _ => None,
            };
            return Err(missing_dependencies(&mismatch, session).with(found));
        }
        dependency::update_loudly(&path.to_string_lossy(), None, session)?;
        chart = local::load_chart(&path, &mut heap, session)
            .map_err(|e| e.context("failed reloading chart after repo update"))?;
    }
    if chart.metadata.api_version == "v3" && session.compat.refuses_v3_charts() {
        return Err(Failure::new("invalid chart apiVersion"));
    }
    Ok(Prepared { heap, chart, given })
}

fn missing_dependencies(found: &dependencies::Mismatch, session: &Session<'_>) -> Failure {
    let program = &session.program;
    let (article, quote) = if session.compat.starts_errors_lower_case() {
        ("an", '\'')
    } else {
        ("An", '`')
    };
    Failure::new(format!(
        "{article} error occurred while checking for chart dependencies. You may need to run \
         {quote}{program} dependency build{quote} to fetch missing dependencies: {found}"
    ))
}

/// Processes dependencies, coalesces and checks values, and renders.
///
/// # Errors
/// A [`RenderFailure`]: what went wrong, and whether there is a release to show for it.
pub(crate) fn render(
    prepared: &mut Prepared,
    release: Release,
    capabilities: Capabilities,
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Result<Rendered, RenderFailure> {
    let compat = session.compat;
    let Prepared { heap, chart, given } = prepared;
    dependencies::process(heap, chart, *given, compat)
        .map(|warnings| session.log_all(warnings))
        .map_err(|failed| {
            session.log_all(failed.warnings);
            let text = failed.error.to_string();
            session.log(&Event::Dependencies { text: text.clone() });
            RenderFailure::early(Failure::new(text).context_if(
                compat.names_the_failed_check(),
                "chart dependencies processing failed",
            ))
        })?;
    let (values, warnings) = values::coalesce(heap, chart, *given, compat).map_err(|failed| {
        session.log_all(failed.warnings);
        RenderFailure::early(Failure::new(failed.error.to_string()))
    })?;
    session.log_all(warnings);
    if !invocation.flags.on("skip-schema-validation") {
        tell_dependency_counts(chart, session);
        let checked = schema::validate_chart(heap, chart, values, &mut schema::Refusing);
        let warnings = checked.map_err(|failed| {
            session.log_all(failed.warnings);
            let text = failed.error.to_string();
            let found = explain::schema(&text, chart, heap, *given);
            RenderFailure::early(Failure::explained(text, found))
        })?;
        session.log_all(warnings);
    }
    let options = Options {
        compat,
        release,
        capabilities,
        sub_notes: invocation.flags.on("render-subchart-notes"),
        lint: false,
        strict: false,
        limits: limits(&invocation.flags).map_err(RenderFailure::early)?,
        world: Box::new(SystemWorld),
        lookup: None,
        resolver: invocation
            .flags
            .on("enable-dns")
            .then(|| Box::new(SystemResolver) as _),
    };
    let rendered = windlass_render::render(chart, values, heap, options).map_err(|failed| {
        tell_unknown_hooks(&failed.unknown_hooks, session);
        let scene = Scene {
            chart,
            values,
            heap,
            compat,
            files: &failed.files,
        };
        let found = windlass_render::diagnose(&failed.error, &scene);
        RenderFailure {
            failure: Failure::explained(failed.error.to_string(), found),
            files: Some(failed.files),
        }
    })?;
    tell_events(&rendered, session);
    Ok(rendered)
}

/// What Helm 4 tells of each chart before it looks for a schema.
fn tell_dependency_counts(chart: &Chart, session: &mut Session<'_>) {
    let count = chart.dependencies.len().to_string();
    let attributes = vec![("chart", chart.name().to_owned()), ("dependencies", count)];
    session.log_detail("number of dependencies in the chart", attributes);
    for child in &chart.dependencies {
        tell_dependency_counts(child, session);
    }
}

fn tell_unknown_hooks(hooks: &[String], session: &mut Session<'_>) {
    for types in hooks {
        session.log(&Event::UnknownHook(types.clone()));
    }
}

fn tell_events(rendered: &Rendered, session: &mut Session<'_>) {
    tell_unknown_hooks(&rendered.unknown_hooks, session);
    for event in &rendered.events {
        session.log(&render_event(event.clone()));
    }
}

/// What a render noticed, as it is logged.
pub(crate) fn render_event(event: RenderEvent) -> Event {
    match event {
        RenderEvent::MissingRequired { message, nil } => Event::MissingRequired { message, nil },
        RenderEvent::Failed { message } => Event::FailCalled { message },
    }
}

/// A render that failed.
pub(crate) struct RenderFailure {
    pub(crate) failure: Failure,
    /// The rendered files, if it came that far; Helm has a release by then.
    pub(crate) files: Option<std::collections::BTreeMap<String, windlass_value::Str>>,
}

impl RenderFailure {
    fn early(failure: Failure) -> Self {
        Self {
            failure,
            files: None,
        }
    }
}
