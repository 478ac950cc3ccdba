//! What commands that render a release share: its name, its chart with dependencies checked, the
//! user's values. The render itself is below, as is what the engine needs of it.

pub(crate) mod post_renderer;
pub(crate) mod render;
pub(crate) mod renderer;

use std::net::ToSocketAddrs;
use std::sync::LazyLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use windlass_chart::{Chart, dependencies};
use windlass_render::{Resolver, World};
use windlass_template::{Functions, Host, Limits, Session as Machine, Templates};
use windlass_value::{Heap, MapId, Value};

use super::dependency;
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

    fn elapsed(&mut self) -> Duration {
        static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);
        BEGINNING.elapsed()
    }
}

/// The system's resolver, asked only with `--enable-dns`.
pub(crate) struct SystemResolver;

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

    fn elapsed(&mut self) -> Duration {
        World::elapsed(self)
    }

    fn as_any_mut(&mut self) -> &mut dyn std::any::Any {
        self
    }
}

/// The release's name and the chart's, from arguments and flags; the name may be made up.
///
/// # Errors
/// Too many arguments, no name or two, a template of a name that fails.
pub(crate) fn release_and_chart(invocation: &Invocation) -> Result<(String, String), Failure> {
    name_and_chart_or(invocation, |chart| {
        if invocation.flags.on("generate-name") {
            return Ok(generated_name(chart));
        }
        Err(Failure::new(
            "must either provide a name or specify --generate-name",
        ))
    })
}

/// The chart's name and the time.
fn generated_name(chart: &str) -> String {
    let base = chart.trim_end_matches('/').rsplit('/').next();
    // Go's base of a path of nothing but slashes is a slash.
    let base = match base.unwrap_or_default() {
        "" if chart.starts_with('/') => "/",
        "" | "." => "chart",
        base => base,
    };
    let base = base.split('.').next().unwrap_or_default();
    format!("{base}-{}", crate::cluster::now().unix())
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
    name_and_chart_or(invocation, |_| Ok(fallback.to_owned()))
}

fn name_and_chart_or(
    invocation: &Invocation,
    fallback: impl FnOnce(&str) -> Result<String, Failure>,
) -> Result<(String, String), Failure> {
    let (flags, args) = (&invocation.flags, &invocation.args);
    match args.as_slice() {
        [chart] => {
            let template = flags.text("name-template");
            let name = if template.is_empty() {
                fallback(chart)?
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

/// What a chart is rendered for; the Helms check and word some things differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A new release, or none at all.
    Install,
    /// A new revision of a release.
    Upgrade,
}

/// Locates and loads a chart, reads the user's values, and checks what Helm checks before it
/// renders.
///
/// # Errors
/// Whatever of this fails, in Helm's order and words.
pub(crate) fn prepare(
    chart_name: &str,
    purpose: Purpose,
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Result<Prepared, Failure> {
    let mut heap = Heap::new();
    if purpose == Purpose::Install {
        let version = invocation.flags.text("version").to_owned();
        session.log_detail("Original chart version", vec![("version", version)]);
    }
    let path = local::locate(chart_name, &invocation.flags, session)?;
    if purpose == Purpose::Install {
        let path = path.to_string_lossy().into_owned();
        session.log_detail("Chart path", vec![("path", path)]);
    }
    let given = given::merge(&invocation.flags, &mut heap, session)?;
    let mut chart = local::load_chart(&path, &mut heap, session)?;
    let kind = chart.metadata.kind.as_str();
    if purpose == Purpose::Install {
        if !matches!(kind, "" | "application") {
            return Err(Failure::new(format!("{kind} charts are not installable")));
        }
        tell_deprecation(&chart, session);
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
    if purpose == Purpose::Upgrade {
        tell_deprecation(&chart, session);
    }
    if chart.metadata.api_version == "v3" && session.compat.refuses_v3_charts() {
        return Err(Failure::new("invalid chart apiVersion"));
    }
    Ok(Prepared { heap, chart, given })
}

fn tell_deprecation(chart: &Chart, session: &mut Session<'_>) {
    if chart.metadata.deprecated {
        session.log(&Event::DeprecatedChart);
    }
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
