//! `windlass create`: a new chart, from the built-in starter or one of the user's.

use std::fs;

use windlass_chart::{Chart, Metadata, create, path};
use windlass_value::{Heap, Str, Value};

use crate::command::{Command, Count, Flag, Invocation};
use crate::error::{Failure, Outcome, io_failure};
use crate::input::local;
use crate::session::Session;
use crate::settings::Paths;
use crate::store;

pub(super) static COMMAND: Command = Command {
    name: "create",
    arguments: "NAME",
    short: "make a new chart",
    long: "Makes a directory with a chart that works as it stands: an application behind a service,\n\
           with the usual options and safe defaults. Files that are there already are overwritten,\n\
           others stay. With --starter, a chart of yours is copied instead; <CHARTNAME> in its\n\
           templates and values becomes the new chart's name.",
    count: Count::Exactly(1),
    flags: &[&[
        Flag::text("chart-api-version", "apiVersion of the chart")
            .default("v2")
            .hide(),
        Flag::text(
            "starter",
            "chart to copy: a name below starters/ of Helm's data directory, or an absolute path",
        )
        .short('p'),
    ]],
    run: Some(run),
    ..Command::DEFAULT
};

/// The built-in starter.
const FILES: &[(&str, &str)] = &[
    ("Chart.yaml", include_str!("../../starter/Chart.yaml")),
    ("values.yaml", include_str!("../../starter/values.yaml")),
    (
        "values.schema.json",
        include_str!("../../starter/values.schema.json"),
    ),
    (".helmignore", include_str!("../../starter/.helmignore")),
    (
        "templates/ingress.yaml",
        include_str!("../../starter/templates/ingress.yaml"),
    ),
    (
        "templates/httproute.yaml",
        include_str!("../../starter/templates/httproute.yaml"),
    ),
    (
        "templates/deployment.yaml",
        include_str!("../../starter/templates/deployment.yaml"),
    ),
    (
        "templates/service.yaml",
        include_str!("../../starter/templates/service.yaml"),
    ),
    (
        "templates/serviceaccount.yaml",
        include_str!("../../starter/templates/serviceaccount.yaml"),
    ),
    (
        "templates/hpa.yaml",
        include_str!("../../starter/templates/hpa.yaml"),
    ),
    (
        "templates/pdb.yaml",
        include_str!("../../starter/templates/pdb.yaml"),
    ),
    (
        "templates/networkpolicy.yaml",
        include_str!("../../starter/templates/networkpolicy.yaml"),
    ),
    (
        "templates/NOTES.txt",
        include_str!("../../starter/templates/NOTES.txt"),
    ),
    (
        "templates/_helpers.tpl",
        include_str!("../../starter/templates/_helpers.tpl"),
    ),
    (
        "templates/tests/test-connection.yaml",
        include_str!("../../starter/templates/tests/test-connection.yaml"),
    ),
];

const PLACEHOLDER: &str = "<CHARTNAME>";

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let given = invocation.args[0].as_str();
    session.print(format!("Creating {given}\n"))?;
    check_api_version(session, invocation)?;
    let name = path::base(given);
    let parent = path::directory(given);
    match invocation.flags.text("starter") {
        "" => from_built_in(name, &parent, session),
        starter => from_starter(name, &parent, starter, session),
    }
}

fn check_api_version(session: &Session<'_>, invocation: &Invocation) -> Outcome {
    match invocation.flags.text("chart-api-version") {
        "" | "v2" => Ok(()),
        "v3" => Err(Failure::new(format!(
            "charts of apiVersion v3 are an experiment of Helm's that {} does not take part in",
            session.program
        ))),
        other => Err(Failure::new(format!(
            "unsupported chart API version: {other} (supported: v2, v3)"
        ))),
    }
}

fn from_built_in(name: &str, parent: &str, session: &mut Session<'_>) -> Outcome {
    create::check_chart_name(name).map_err(|e| Failure::new(e.to_string()))?;
    let parent = local::absolute(parent, session);
    let found = fs::metadata(&parent).map_err(|e| io_failure("stat", &parent, &e))?;
    if !found.is_dir() {
        return Err(Failure::new(format!("no such directory {parent}")));
    }
    let root = path::join(&[&parent, name]);
    if fs::metadata(&root).is_ok_and(|found| !found.is_dir()) {
        return Err(Failure::new(format!(
            "file {root} already exists and is not a directory"
        )));
    }
    for (file, content) in FILES {
        let file = path::join(&[&root, file]);
        if fs::metadata(&file).is_ok() {
            let quoted = windlass_value::fmt::quote(file.as_bytes());
            session.print(format!(
                "WARNING: File {quoted} already exists. Overwriting.\n"
            ))?;
        }
        store::write_file(&file, content.replace(PLACEHOLDER, name).as_bytes())?;
    }
    store::make_directory(&path::join(&[&root, "charts"]))
}

fn from_starter(name: &str, parent: &str, starter: &str, session: &mut Session<'_>) -> Outcome {
    let source = if starter.starts_with('/') {
        starter.to_owned()
    } else {
        let starters = Paths::new(session).data().join("starters");
        path::join(&[&starters.to_string_lossy(), starter])
    };
    let mut heap = Heap::new();
    let mut chart = local::load_undetected(&source, &mut heap, session)
        .map_err(|e| e.context(&format!("could not load {source}")))?;
    chart.metadata = Metadata {
        name: name.to_owned(),
        description: "A Helm chart for Kubernetes".to_owned(),
        kind: "application".to_owned(),
        version: "0.1.0".to_owned(),
        app_version: "0.1.0".to_owned(),
        api_version: "v2".to_owned(),
        ..Metadata::default()
    };
    fill_in(&mut chart, &mut heap, name)?;
    store::directory(&chart, &heap, parent, session)
}

/// Puts the name where templates and values leave room for it.
fn fill_in(chart: &mut Chart, heap: &mut Heap, name: &str) -> Outcome {
    for template in &mut chart.templates {
        template.data = replace(&template.data, name);
    }
    let values = windlass_yaml::to_yaml(heap, &Value::Map(chart.values))
        .map_err(|e| Failure::new(format!("reading values file: {e}")))?;
    let filled = replace(values.as_bytes(), name);
    windlass_yaml::parse_map(heap, &filled)
        .map_err(|e| Failure::new(format!("transforming values file: {e}")))?;
    for file in chart.raw.iter_mut().filter(|f| f.name == "values.yaml") {
        file.data = replace(&file.data, name);
    }
    Ok(())
}

/// Replaces the placeholder in what need not be UTF-8.
fn replace(data: &[u8], name: &str) -> Str {
    let placeholder = PLACEHOLDER.as_bytes();
    let mut out = Vec::with_capacity(data.len());
    let mut rest = data;
    while let Some(at) = rest
        .windows(placeholder.len())
        .position(|w| w == placeholder)
    {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(name.as_bytes());
        rest = &rest[at + placeholder.len()..];
    }
    out.extend_from_slice(rest);
    Str::from(out)
}
