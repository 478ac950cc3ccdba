//! `windlass get metadata`.

use std::collections::BTreeMap;

use windlass_chart::Metadata;
use windlass_chart::compat::Compat;
use windlass_release::{ApplyMethod, Json, Release};
use windlass_time::RFC3339;
use windlass_value::Heap;

use crate::command::Invocation;
use crate::error::{Failure, Outcome};
use crate::release_view::{Format, Line, json_line, named, yaml_of};
use crate::session::Session;

pub(super) fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let (release, _) = named(session, invocation)?;
    let text = match Format::of(&invocation.flags) {
        Format::Table => table(&release, session.compat)?,
        Format::Json => json_line(&json(&release, session.compat)),
        Format::Yaml => yaml_of(&json(&release, session.compat))?,
    };
    session.print(text)
}

fn deployed_at(release: &Release) -> String {
    String::from_utf8_lossy(&release.info.last_deployed.format(RFC3339)).into_owned()
}

fn table(release: &Release, compat: Compat) -> Result<String, Failure> {
    let metadata = chart_metadata(release)?;
    let annotations = metadata.annotations.iter().flatten();
    let annotations = pairs(annotations.map(|(k, v)| (k.as_str(), v.as_str())));
    let mut names: Vec<&str> = metadata.dependencies().map(|d| d.name.as_str()).collect();
    names.sort_unstable();
    let mut out = format!("NAME: {}\n", release.name);
    out += &format!("CHART: {}\n", metadata.name);
    out += &format!("VERSION: {}\n", metadata.version);
    out += &format!("APP_VERSION: {}\n", metadata.app_version);
    out += &format!("ANNOTATIONS: {annotations}\n");
    if compat.records_apply_method() {
        let labels = pairs(release.labels.iter().map(|(k, v)| (k.as_str(), v.as_str())));
        out += &format!("LABELS: {labels}\n");
    }
    out += &format!("DEPENDENCIES: {}\n", names.join(","));
    out += &format!("NAMESPACE: {}\n", release.namespace);
    out += &format!("REVISION: {}\n", release.version);
    out += &format!("STATUS: {}\n", release.info.status);
    out += &format!("DEPLOYED_AT: {}\n", deployed_at(release));
    if compat.records_apply_method() {
        out += &format!("APPLY_METHOD: {}\n", apply_method(release));
    }
    Ok(out)
}

fn chart_metadata(release: &Release) -> Result<Metadata, Failure> {
    match &release.chart {
        None => Ok(Metadata::default()),
        Some(chart) => chart
            .full_metadata(&mut Heap::new())
            .map_err(|e| Failure::new(e.to_string())),
    }
}

/// A map as Kubernetes prints labels.
fn pairs<'a>(map: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let pairs = map.map(|(key, value)| format!("{key}={value}"));
    pairs.collect::<Vec<_>>().join(",")
}

fn apply_method(release: &Release) -> String {
    match &release.apply_method {
        None => "client-side apply (defaulted)".to_owned(),
        Some(ApplyMethod::ClientSide) => "client-side apply".to_owned(),
        Some(ApplyMethod::ServerSide) => "server-side apply".to_owned(),
        Some(other) => format!("unknown ({:?})", other.as_str()),
    }
}

fn json(release: &Release, compat: Compat) -> Json {
    let chart = release.chart.as_ref();
    let text = |key: &str| chart.and_then(|c| c.metadata_text(key)).unwrap_or_default();
    let part = |key: &str| chart.and_then(|c| c.metadata_part(key));
    let mut line = Line::new();
    line.text("name", &release.name);
    line.text("chart", &text("name"));
    line.text("version", &text("version"));
    line.text("appVersion", &text("appVersion"));
    if let Some(annotations) = part("annotations") {
        line.raw("annotations", annotations.as_str());
    }
    if compat.records_apply_method() && !release.labels.is_empty() {
        line.raw("labels", &texts(&release.labels));
    }
    if let Some(dependencies) = part("dependencies") {
        line.raw("dependencies", dependencies.as_str());
    }
    line.text("namespace", &release.namespace);
    line.raw("revision", &release.version.to_string());
    line.text("status", release.info.status.as_str());
    line.text("deployedAt", &deployed_at(release));
    if let Some(method) = &release.apply_method
        && compat.records_apply_method()
    {
        line.text("applyMethod", method.as_str());
    }
    Json::from_go(line.finish())
}

fn texts(map: &BTreeMap<String, String>) -> String {
    let mut line = Line::new();
    for (key, value) in map {
        line.text(key, value);
    }
    line.finish()
}
