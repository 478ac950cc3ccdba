//! The rules of templates/: they render, and what they render to are likely objects.

mod deprecations;
mod list;
mod names;

use std::collections::BTreeMap;

use windlass_chart::dependencies::order::{self, Order};
use windlass_chart::{Chart, File, dependencies, schema, values};
use windlass_render::{Capabilities, KubeVersion, Release};
use windlass_value::{MapId, Str, fmt};

use crate::documents::Documents;
use crate::linter::{Linter, Options};
use crate::object::Object;
use crate::report::Event;
use crate::report::Severity::{Error, Warning};
use crate::source::Entry;

const DIRECTORY: &str = "templates/";
const RELEASE: &str = "test-release";

/// Lints the templates.
pub(crate) fn check(linter: &mut Linter<'_>, options: Options) {
    if !directory(linter) {
        return;
    }
    let chart = match linter.load() {
        Ok(chart) => chart,
        Err(e) => {
            linter.rule(Error, DIRECTORY, Err(e));
            return;
        }
    };
    let capabilities = capabilities(&options);
    let kube_version = capabilities.kube_version.clone();
    let rendered = match render(linter, chart.clone(), options, capabilities) {
        Ok(rendered) => rendered,
        Err(None) => return,
        Err(Some(e)) => {
            linter.rule(Error, DIRECTORY, Err(e));
            return;
        }
    };
    for template in &chart.templates {
        // The file's path in what was rendered.
        let path = format!("{}/{}", chart.name(), template.name);
        let text = rendered.get(&path).map(Str::as_bytes).unwrap_or_default();
        if !lint(linter, template, text, &kube_version) {
            return;
        }
    }
}

fn directory(linter: &mut Linter<'_>) -> bool {
    let strict = linter.compat.lint_wants_templates();
    match &linter.source.templates {
        Entry::Directory => true,
        Entry::Absent if strict => {
            linter.rule(Warning, DIRECTORY, Err("directory does not exist".into()))
        }
        Entry::File(_) => {
            let severity = if strict { Error } else { Warning };
            linter.rule(severity, DIRECTORY, Err("not a directory".into()))
        }
        Entry::Failed(error) if strict => linter.rule(Error, DIRECTORY, Err(error.clone())),
        Entry::Absent | Entry::Failed(_) => true,
    }
}

fn capabilities(options: &Options) -> Capabilities {
    let mut capabilities = Capabilities::default();
    if let Some(version) = &options.kube_version {
        capabilities.kube_version = version.clone();
    }
    capabilities
}

/// Renders the chart. An error without a text is one that Helm's lint keeps to itself.
fn render(
    linter: &mut Linter<'_>,
    mut chart: Chart,
    options: Options,
    capabilities: Capabilities,
) -> Result<BTreeMap<String, Str>, Option<String>> {
    let values = chart_values(linter, &mut chart, options.skip_schema_validation)?;
    let release = Release {
        name: RELEASE.into(),
        namespace: options.namespace,
        // Lint sets neither a revision nor that it installs.
        revision: 0,
        is_install: false,
        is_upgrade: false,
    };
    let render_options = windlass_render::Options {
        compat: options.compat,
        release,
        capabilities,
        sub_notes: false,
        lint: true,
        strict: false,
        limits: options.limits,
        world: options.world,
        lookup: None,
        resolver: None,
    };
    let mut events = Vec::new();
    let files =
        windlass_render::render_templates(&chart, values, linter.heap, render_options, &mut events);
    events
        .into_iter()
        .for_each(|e| linter.log(Event::Render(e)));
    files.map_err(|e| Some(e.to_string()))
}

fn chart_values(
    linter: &mut Linter<'_>,
    chart: &mut Chart,
    skips_schema: bool,
) -> Result<MapId, Option<String>> {
    let (given, compat) = (linter.given, linter.compat);
    let resolved = linter.ordering && {
        let resolved = order::resolve(chart).map_err(|e| e.to_string());
        linter.rule(Error, "Chart.yaml", resolved)
    };
    let warnings = match dependencies::process(linter.heap, chart, given, compat) {
        Ok(warnings) => warnings,
        Err(failed) => {
            linter.warn(failed.warnings);
            return Err(None);
        }
    };
    linter.warn(warnings);
    if resolved {
        let kept = Order::of(chart).map(drop);
        linter.rule(Error, "Chart.yaml", kept.map_err(|e| e.to_string()));
    }
    // Helm merges here, and again when it makes what templates see. That second time nulls among the
    // defaults meet themselves, and go.
    let once = coalesce(linter, chart, given).map_err(|_| None)?;
    let values = coalesce(linter, chart, once).map_err(Some)?;
    if !skips_schema {
        match schema::validate_chart(linter.heap, chart, values, &mut schema::Refusing) {
            Ok(warnings) => linter.warn(warnings),
            Err(failed) => {
                linter.warn(failed.warnings);
                return Err(Some(failed.error.to_string()));
            }
        }
    }
    Ok(values)
}

fn coalesce(linter: &mut Linter<'_>, chart: &Chart, given: MapId) -> Result<MapId, String> {
    match values::coalesce(linter.heap, chart, given, linter.compat) {
        Ok((values, warnings)) => {
            linter.warn(warnings);
            Ok(values)
        }
        Err(failed) => {
            linter.warn(failed.warnings);
            Err(failed.error.to_string())
        }
    }
}

/// Lints one template and what it renders to; whether the others are worth a look.
fn lint(linter: &mut Linter<'_>, template: &File, text: &[u8], version: &KubeVersion) -> bool {
    let compat = linter.compat;
    let path = template.name.as_str();
    let extension = extension(path);
    linter.rule(Error, path, allowed_extension(extension));
    if compat.lints_helm2_leftovers() {
        linter.rule(Warning, path, no_crd_hook(&template.data));
        linter.rule(Error, path, no_release_time(&template.data));
    }
    let is_yaml = if compat.lints_yml_templates() {
        matches!(extension.to_lowercase().as_str(), ".yaml" | ".yml")
    } else {
        extension == ".yaml"
    };
    if !is_yaml || String::from_utf8_lossy(text).trim().is_empty() {
        return true;
    }
    linter.rule(Warning, path, top_indent(text));
    for document in Documents::new(text, compat) {
        match document {
            Err(e) => {
                linter.rule(Error, path, Err(format!("unable to parse YAML: {e}")));
                return false;
            }
            Ok(None) => {}
            Ok(Some(object)) => {
                linter.rule(Warning, path, names::check(&object));
                linter.rule(Warning, path, deprecations::check(&object, version));
                linter.rule(Error, path, selector(&object, text));
                linter.rule(Error, path, list::check(&object, text, compat));
            }
        }
    }
    true
}

/// Go's `filepath.Ext`.
fn extension(path: &str) -> &str {
    let base = path.rfind('/').map_or(path, |slash| &path[slash + 1..]);
    base.rfind('.').map_or("", |dot| &base[dot..])
}

fn allowed_extension(extension: &str) -> Result<(), String> {
    if matches!(extension, ".yaml" | ".yml" | ".tpl" | ".txt") {
        return Ok(());
    }
    Err(format!(
        "file extension '{extension}' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt"
    ))
}

/// Looks for `helm.sh/hook: crd-install`, quotes or none around the key.
fn no_crd_hook(text: &[u8]) -> Result<(), String> {
    const KEY: &[u8] = b"helm.sh/hook";
    let found = positions(text, KEY).any(|at| {
        let rest = &text[at + KEY.len()..];
        let rest = rest.strip_prefix(b"\"").unwrap_or(rest);
        let Some(rest) = rest.strip_prefix(b":") else {
            return false;
        };
        let is_blank = |b: &&u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c');
        let blanks = rest.iter().take_while(is_blank).count();
        blanks > 0 && rest[blanks..].starts_with(b"crd-install")
    });
    if found {
        return Err(
            "manifest is a crd-install hook. This hook is no longer supported in v3 and all CRDs \
             should also exist the crds/ directory at the top level of the chart"
                .into(),
        );
    }
    Ok(())
}

fn no_release_time(text: &[u8]) -> Result<(), String> {
    if positions(text, b".Release.Time").next().is_some() {
        return Err(
            ".Release.Time has been removed in v3, please replace with the `now` function in \
             your templates"
                .into(),
        );
    }
    Ok(())
}

fn positions<'t>(text: &'t [u8], needle: &'t [u8]) -> impl Iterator<Item = usize> + 't {
    text.windows(needle.len())
        .enumerate()
        .filter(move |(_, window)| *window == needle)
        .map(|(at, _)| at)
}

/// The longest line that Go's scanner reads.
const MAX_LINE: usize = 64 << 10;

/// The first line that is not blank may not be indented.
fn top_indent(text: &[u8]) -> Result<(), String> {
    for line in text.split(|&b| b == b'\n') {
        if line.len() >= MAX_LINE {
            return Err("bufio.Scanner: token too long".into());
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if String::from_utf8_lossy(line).trim().is_empty() {
            continue;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            let line = fmt::quote(line);
            return Err(format!(
                "document starts with an illegal indent: {line}, which may cause parsing problems"
            ));
        }
        break;
    }
    Ok(())
}

/// Workloads must select their pods, somewhere in the file.
fn selector(object: &Object, text: &[u8]) -> Result<(), String> {
    let kind = object.kind.as_str();
    if !matches!(
        kind,
        "Deployment" | "ReplicaSet" | "DaemonSet" | "StatefulSet"
    ) || positions(text, b"matchLabels").next().is_some()
        || positions(text, b"matchExpressions").next().is_some()
    {
        return Ok(());
    }
    let name = fmt::quote(object.name.as_bytes());
    Err(format!(
        "a {kind} must contain matchLabels or matchExpressions, and {name} does not"
    ))
}
