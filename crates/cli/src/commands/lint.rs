//! `windlass lint`: look for mistakes in charts.

mod source;

use std::collections::HashSet;

use windlass_chart::Warning;
use windlass_lint::{Message, Options, Severity};
use windlass_render::KubeVersion;
use windlass_template::Limits;
use windlass_value::{Heap, MapId};

use super::flags::{LIMITS, limits};
use super::release::SystemWorld;
use super::release::render::render_event;
use crate::command::{Command, Count, Flag, Flags, Invocation};
use crate::error::{Failure, Outcome};
use crate::input::{path, values};
use crate::log::Event;
use crate::session::Session;
use source::Located;

pub(super) static COMMAND: Command = Command {
    name: "lint",
    arguments: "PATH",
    short: "look for mistakes in a chart",
    long: "Examines a chart, as a directory or packed, and tells what is wrong with it.\n\n\
           An [ERROR] will make the chart fail, a [WARNING] is against conventions, an [INFO] is a\n\
           recommendation. The exit status is 1 where there is an error; with --strict, also where\n\
           there is a warning.",
    // How many it takes depends on the Helm that is spoken.
    count: Count::Any,
    flags: &[values::FLAGS, LIMITS, FLAGS],
    run: Some(run),
    ..Command::DEFAULT
};

const FLAGS: &[Flag] = &[
    Flag::text(
        "kube-version",
        "version of Kubernetes to assume, also for what is deprecated",
    ),
    Flag::switch("quiet", "print only warnings and errors"),
    Flag::switch(
        "skip-schema-validation",
        "do not check values against values.schema.json",
    ),
    Flag::switch("strict", "fail on warnings too"),
    Flag::switch("with-subcharts", "lint the charts in charts/ too"),
];

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let flags = &invocation.flags;
    let mut paths = invocation.args.clone();
    if session.compat.lints_current_directory() && paths.is_empty() {
        paths.push(".".into());
    } else {
        invocation.require(Count::AtLeast(1))?;
    }
    let kube_version = kube_version(flags)?;
    if flags.on("with-subcharts") {
        for at in 0..paths.len() {
            let below = path::join(&paths[at], "charts");
            source::charts_below(&below, &mut paths);
        }
    }
    let mut heap = Heap::new();
    let given = values::merge(flags, &mut heap, session)?;
    let mut run = Run {
        flags,
        given,
        heap,
        namespace: session.namespace(flags),
        kube_version,
        urns: HashSet::new(),
        limits: limits(flags)?,
    };
    let results: Vec<Linted> = paths.iter().map(|p| run.lint(p, session)).collect();
    report(&paths, &results, flags, session)
}

fn kube_version(flags: &Flags) -> Result<Option<KubeVersion>, Failure> {
    let wanted = flags.text("kube-version");
    if wanted.is_empty() {
        return Ok(None);
    }
    KubeVersion::parse(wanted)
        .map(Some)
        .map_err(|e| Failure::new(format!("invalid kube version '{wanted}': {e}")))
}

/// The messages about a chart, or why there is none to lint.
type Linted = Result<Vec<Message>, String>;

/// What all charts of one command share. They share the values too, in which each leaves traces.
struct Run<'f> {
    flags: &'f Flags,
    given: MapId,
    heap: Heap,
    namespace: String,
    kube_version: Option<KubeVersion>,
    /// URNs that were warned of; Helm warns once of each.
    urns: HashSet<String>,
    limits: Limits,
}

impl Run<'_> {
    fn lint(&mut self, path: &str, session: &mut Session<'_>) -> Linted {
        let Located { source, links } = source::locate(path, session)?;
        let options = Options {
            compat: session.compat,
            namespace: self.namespace.clone(),
            kube_version: self.kube_version.clone(),
            ordering: !self.flags.on("no-ordering"),
            skip_schema_validation: self.flags.on("skip-schema-validation"),
            limits: self.limits,
            world: Box::new(SystemWorld),
        };
        let report = windlass_lint::lint(&source, self.given, &mut self.heap, options);
        for event in report.events {
            match event {
                windlass_lint::Event::Walked => links.iter().for_each(|link| session.log(link)),
                windlass_lint::Event::Chart(Warning::UnresolvedUrn { urn })
                    if !self.urns.insert(urn.clone()) => {}
                windlass_lint::Event::Chart(warning) => session.log(&Event::Chart(warning)),
                windlass_lint::Event::Render(event) => session.log(&render_event(event)),
            }
        }
        Ok(report.messages)
    }
}

/// Prints what was found, and fails if it is bad enough.
fn report(
    paths: &[String],
    results: &[Linted],
    flags: &Flags,
    session: &mut Session<'_>,
) -> Outcome {
    let (strict, quiet) = (flags.on("strict"), flags.on("quiet"));
    let intolerable = if strict {
        Severity::Warning
    } else {
        Severity::Error
    };
    let worst = |linted: &Linted| match linted {
        Ok(messages) => messages.iter().map(|m| m.severity).max(),
        Err(_) => Some(Severity::Error),
    };
    let (mut failed, mut noted) = (0, 0);
    for (path, linted) in paths.iter().zip(results) {
        let worst = worst(linted);
        failed += usize::from(worst >= Some(intolerable));
        let is_noted = worst >= Some(Severity::Warning);
        noted += usize::from(is_noted);
        if !quiet || is_noted {
            session.print(section(path, linted, quiet))?;
        }
    }
    let summary = format!("{} chart(s) linted, {failed} chart(s) failed", paths.len());
    if failed > 0 {
        return Err(Failure::new(summary));
    }
    if !quiet || noted > 0 {
        session.print(summary + "\n")?;
    }
    Ok(())
}

/// What is printed about one chart.
fn section(path: &str, linted: &Linted, quiet: bool) -> String {
    let mut text = format!("==> Linting {path}\n");
    match linted {
        Err(e) => text += &format!("Error {e}\n"),
        Ok(messages) => messages
            .iter()
            .filter(|m| !quiet || m.severity > Severity::Info)
            .for_each(|m| text += &format!("{m}\n")),
    }
    text.push('\n');
    text
}
