//! What install, upgrade, status and `get all` print of a release.

use windlass_chart::values;
use windlass_release::{HookEvent, Json, Release, Time, codec};
use windlass_value::{Heap, Value};

use super::{Format, Palette, Resources, yaml_of};
use crate::error::{Failure, Outcome};
use crate::release_view::json_line;
use crate::session::Session;

/// `time.ANSIC`
pub(crate) const ANSIC: &[u8] = b"Mon Jan _2 15:04:05 2006";

/// What is shown of a release.
#[derive(Debug, Clone, Default)]
pub(crate) struct StatusOptions {
    /// How.
    pub(crate) format: Format,
    /// Values, hooks and manifest too: `--debug`, and always with `get all`.
    pub(crate) debug: bool,
    /// The chart too.
    pub(crate) show_metadata: bool,
    /// The description too; Helm 4 shows it always.
    pub(crate) show_description: bool,
    /// Not the notes.
    pub(crate) hide_notes: bool,
    /// What the cluster has of it, where it was asked.
    pub(crate) resources: Resources,
}

/// Prints a release.
///
/// # Errors
/// When the release cannot be put into the format asked for.
pub(crate) fn print_status(
    session: &mut Session<'_>,
    release: &Release,
    options: &StatusOptions,
) -> Outcome {
    let text = match options.format {
        Format::Table => table(session, release, options)?,
        Format::Json => json_line(&json(session, release, options, "JSON")?),
        Format::Yaml => yaml_of(&json(session, release, options, "YAML")?)?,
    };
    session.print(text)
}

fn json(
    session: &Session<'_>,
    release: &Release,
    options: &StatusOptions,
    format: &str,
) -> Result<Json, Failure> {
    let resources = options.resources.to_json();
    codec::to_json_with(release, &resources, session.compat)
        .map(Json::from_go)
        .map_err(|e| Failure::new(format!("unable to write {format} output: {e}")))
}

fn ansic(time: &Time) -> String {
    String::from_utf8_lossy(&time.format(ANSIC)).into_owned()
}

fn table(
    session: &mut Session<'_>,
    release: &Release,
    options: &StatusOptions,
) -> Result<String, Failure> {
    let mut out = head(session, release, options);
    if !options.resources.is_empty() {
        out += &format!("RESOURCES:\n{}\n", options.resources.to_text());
    }
    out += &tests(release);
    if options.debug {
        out += &format!("USER-SUPPLIED VALUES:\n{}\n", given(release)?);
        out += &format!(
            "COMPUTED VALUES:\n{}\n",
            yaml_of(&computed(session, release)?)?
        );
    }
    let is_dry_run = release.info.description.to_lowercase() == "dry run complete";
    if is_dry_run || options.debug {
        out += "HOOKS:\n";
        for hook in &release.hooks {
            out += &format!("---\n# Source: {}\n{}\n", hook.path, hook.manifest);
        }
        out += &format!("MANIFEST:\n{}\n", release.manifest);
    }
    if !options.hide_notes && !release.info.notes.is_empty() {
        out += &format!("NOTES:\n{}\n", release.info.notes.trim());
    }
    Ok(out)
}

fn head(session: &Session<'_>, release: &Release, options: &StatusOptions) -> String {
    let palette = Palette::of(session);
    let info = &release.info;
    let mut out = format!("NAME: {}\n", release.name);
    if !info.last_deployed.is_zero() {
        out += &format!("LAST DEPLOYED: {}\n", ansic(&info.last_deployed));
    }
    out += &format!("NAMESPACE: {}\n", palette.namespace(&release.namespace));
    out += &format!("STATUS: {}\n", palette.status(&info.status));
    out += &format!("REVISION: {}\n", release.version);
    if let Some(chart) = release.chart.as_ref().filter(|_| options.show_metadata) {
        out += &format!("CHART: {}\n", chart.name());
        out += &format!("VERSION: {}\n", chart.version());
        out += &format!("APP_VERSION: {}\n", chart.app_version());
    }
    if options.show_description || session.compat.shows_description() {
        out += &format!("DESCRIPTION: {}\n", info.description);
    }
    out
}

fn tests(release: &Release) -> String {
    let is_test = |hook: &&windlass_release::Hook| hook.runs_at(&HookEvent::Test);
    let mut tests = release.hooks.iter().filter(is_test).peekable();
    if tests.peek().is_none() {
        return "TEST SUITE: None\n".to_owned();
    }
    let ran = tests.filter(|hook| !hook.last_run.started_at.is_zero());
    let suite = ran.map(|hook| {
        let run = &hook.last_run;
        format!(
            "TEST SUITE:     {}\nLast Started:   {}\nLast Completed: {}\nPhase:          {}\n",
            hook.name,
            ansic(&run.started_at),
            ansic(&run.completed_at),
            run.phase
        )
    });
    suite.collect()
}

/// The user's values as YAML.
fn given(release: &Release) -> Result<String, Failure> {
    yaml_of(release.config.as_ref().unwrap_or(&Json::null()))
}

/// All values that a release's record leads to: the user's over the chart's.
pub(crate) fn computed(session: &mut Session<'_>, release: &Release) -> Result<Json, Failure> {
    let failed = |e: &dyn std::fmt::Display| Failure::new(e.to_string());
    let mut heap = Heap::new();
    let given = match &release.config {
        Some(config) => config.to_value(&mut heap).map_err(|e| failed(&e))?,
        None => Value::Nil,
    };
    let given = given.as_map().unwrap_or_else(|| heap.new_map());
    let Some(stored) = release.chart.clone() else {
        return Json::of(&heap, &Value::Map(given)).map_err(|e| failed(&e));
    };
    let chart = stored.into_chart(&mut heap).map_err(|e| failed(&e))?;
    let merged = values::coalesce(&mut heap, &chart, given, session.compat);
    let (merged, warnings) = merged.map_err(|e| failed(&e.error))?;
    session.log_all(warnings);
    Json::of(&heap, &Value::Map(merged)).map_err(|e| failed(&e))
}
