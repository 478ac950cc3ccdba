//! `windlass diff upgrade`: a release, and what an upgrade would make of it.

use windlass_diff::Index;
use windlass_diff::manifest::{Reading, name};
use windlass_diff::report::NewOwner;
use windlass_engine::{Preview, Previewed};
use windlass_plan::plan::Reason;
use windlass_release::Release;
use windlass_render::KubeVersion;

use super::local::{self, ASSUMED};
use super::{Sides, arguments, flags, index, newest, with_hooks};
use crate::cluster::Connection;
use crate::command::{Command, Count, Flag, Flags, Invocation, parse_bool};
use crate::commands::flags::{
    CHART_SOURCE, FORCE, HISTORY_MAX, LIMITS, NOTES, RECREATE, RELEASE, SERVER_SIDE, TIMEOUT, WAIT,
    WAIT_FOR_JOBS, WAITING,
};
use crate::commands::release::post_renderer::PostRenderer;
use crate::commands::release::render::{Settings, document};
use crate::commands::release::renderer::ChartRenderer;
use crate::commands::release::{self, Purpose};
use crate::commands::{action, plan, upgrade};
use crate::error::{Failure, Outcome};
use crate::input::values;
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "upgrade",
    arguments: "RELEASE CHART",
    short: "show what an upgrade would change",
    long: "Renders a chart as an upgrade of a release would and compares it with the release's newest\n\
           revision. Flags are those of windlass upgrade and those below; nothing is written.",
    count: Count::Any,
    flags: &[
        flags::COLORS,
        flags::SHOWING,
        flags::COMPARING,
        CHART_SOURCE,
        RELEASE,
        NOTES,
        FORCE,
        SERVER_SIDE,
        TIMEOUT,
        WAIT,
        WAITING,
        WAIT_FOR_JOBS,
        HISTORY_MAX,
        values::FLAGS,
        LIMITS,
        upgrade::FLAGS,
        RECREATE,
        ASSUMED,
        FLAGS,
    ],
    run: Some(run),
    ..Command::DEFAULT
};

const FLAGS: &[Flag] = &[
    Flag::switch(
        "allow-unreleased",
        "a release that is not there is no error: all of it is added",
    ),
    Flag::switch(
        "disable-validation",
        "has no effect: manifests are not checked against the cluster",
    ),
    Flag::text(
        "dry-run",
        "client asks no cluster at all, and shows all as added; server is the default",
    )
    .bare("client"),
    Flag::switch(
        "three-way-merge",
        "compare with what is there in the cluster, as the server would merge it",
    ),
];

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let flags = &invocation.flags;
    arguments(invocation.args.len(), &["release name", "chart path"])?;
    let [name, chart] = invocation.args.as_slice() else {
        return Ok(());
    };
    let options = flags::options(flags, session)?;
    if merges_three_ways(flags, session) {
        return merged(invocation, session)?.compare(&options, invocation, session);
    }
    if !asks_cluster(flags)? {
        let new = local::rendered(name, chart, invocation, session).map_err(unrendered)?;
        return Sides::new(Index::default(), new).compare(&options, invocation, session);
    }
    let mut connection = Connection::open(flags, session)?;
    let before = newest(name, &mut connection, session).map_err(|failure| {
        let namespace = connection.namespace();
        failure.context(&format!(
            "Failed to get release {name} in namespace {namespace}"
        ))
    })?;
    if before.is_none() && !flags.on("allow-unreleased") && !flags.on("install") {
        session.tell(UNRELEASED);
        return Err(Failure::new("release: not found"));
    }
    let namespace = connection.namespace().to_owned();
    let old = match &before {
        Some(before) if flags.on("no-hooks") => before.manifest.clone(),
        Some(before) => with_hooks(before),
        None => String::new(),
    };
    let upgrade = Upgrade {
        name,
        chart,
        before,
    };
    let new = upgrade.rendered(connection, invocation, session);
    let new = new.map_err(unrendered)?;
    let sides = Sides::new(
        index(&old, &namespace, flags)?,
        index(&new, &namespace, flags)?,
    );
    sides.compare(&options, invocation, session)
}

/// What helm-diff tells those who meant a new release.
const UNRELEASED: &str = "********************\n\n\tRelease was not present in Helm.  \
    Include the `--allow-unreleased` to perform diff without exiting in error.\n\n\
    ********************\n";

fn unrendered(failure: Failure) -> Failure {
    failure.context("Failed to render chart")
}

/// Whether the cluster may be asked.
///
/// # Errors
/// A word that is none.
fn asks_cluster(flags: &Flags) -> Result<bool, Failure> {
    let given = flags.text("dry-run");
    match (given, parse_bool(given)) {
        ("" | "server" | "none", _) | (_, Some(false)) => Ok(true),
        ("client", _) | (_, Some(true)) => Ok(false),
        _ => Err(Failure::new(format!(
            "flag \"dry-run\" must take a bool value or either \"client\" or \"server\", but got \
             {given:?}"
        ))),
    }
}

/// `--three-way-merge`, `HELM_DIFF_THREE_WAY_MERGE`, and what cannot be told without.
fn merges_three_ways(flags: &Flags, session: &Session<'_>) -> bool {
    let variable = session.variable("HELM_DIFF_THREE_WAY_MERGE") == Some("true");
    flags.on("three-way-merge")
        || flags.on("take-ownership")
        || (variable && !flags.given("three-way-merge"))
}

/// What is there in the cluster, and what it would be after the upgrade.
fn merged(invocation: &Invocation, session: &mut Session<'_>) -> Result<Sides, Failure> {
    let planning = plan::orders::upgrade(invocation, session)?;
    let (planned, connection) = planning.made(invocation, session)?;
    let refused: Vec<_> = planned.forecast.refused().collect();
    if !refused.is_empty() {
        return Err(plan::refusal(&refused));
    }
    let mut sides = Sides::new(Index::default(), Index::default());
    let reading = Reading {
        namespace: connection.namespace(),
        ..Reading::default()
    };
    for found in &planned.forecast.objects {
        // What is shown of Secrets is the report's to say.
        let (before, after) = plan::sides::texts(found, true);
        for (index, text) in [(&mut sides.old, before), (&mut sides.new, after)] {
            let read = Index::read(&text, reading).map_err(|e| Failure::new(e.to_string()))?;
            index.items.extend(read.items);
        }
        if found.reason == Reason::TakenOver
            && let Some(live) = &found.live
        {
            sides.owners.push(NewOwner {
                name: name(live, reading.namespace),
                from: owner(live),
                to: format!("{}/{}", planned.release.namespace, planned.release.name),
            });
        }
    }
    Ok(sides)
}

/// The release that an object says it is of.
fn owner(live: &serde_json::Value) -> String {
    let note = |key: &str| {
        let note = live.pointer("/metadata/annotations")?.get(key)?;
        note.as_str()
    };
    let namespace = note("meta.helm.sh/release-namespace");
    let namespace = namespace.map(|n| format!("{n}/")).unwrap_or_default();
    let release = note("meta.helm.sh/release-name").unwrap_or_default();
    format!("{namespace}{release}")
}

struct Upgrade<'a> {
    name: &'a str,
    chart: &'a str,
    before: Option<Release>,
}

impl Upgrade<'_> {
    /// What the chart gives.
    fn rendered(
        self,
        mut connection: Connection,
        invocation: &Invocation,
        session: &mut Session<'_>,
    ) -> Result<String, Failure> {
        let flags = &invocation.flags;
        let purpose = match self.before {
            Some(_) => Purpose::Upgrade,
            None => Purpose::Install,
        };
        let post_renderer = PostRenderer::find(invocation, session)?;
        let prepared = release::prepare(self.chart, purpose, invocation, session)?;
        let renderer = ChartRenderer::new(
            prepared,
            Settings::new(invocation, session)?,
            post_renderer,
            connection.lookups(),
            connection.teller(),
        );
        let left = renderer.left();
        let preview = Preview {
            name: self.name.to_owned(),
            namespace: connection.namespace().to_owned(),
            before: self.before.map(|before| (before, upgrade::reuse(flags))),
            lookup: true,
            kube_version: kube_version(flags)?,
            api_versions: flags.all("api-versions").to_vec(),
        };
        let engine = connection.engine(session);
        let previewed = engine.preview(preview, Box::new(renderer));
        let previewed = connection.run(session, None, previewed);
        let previewed =
            previewed.map_err(|error| action::failure(&error, Some(&left), invocation))?;
        Ok(text(&previewed, flags))
    }
}

/// `--kube-version`
fn kube_version(flags: &Flags) -> Result<Option<KubeVersion>, Failure> {
    let wanted = flags.text("kube-version");
    if wanted.is_empty() {
        return Ok(None);
    }
    let version = KubeVersion::parse(wanted);
    let version =
        version.map_err(|e| Failure::new(format!("invalid kube version '{wanted}': {e}")))?;
    Ok(Some(version))
}

fn text(previewed: &Previewed, flags: &Flags) -> String {
    let mut text = String::new();
    let definitions = previewed.definitions.iter();
    for definition in definitions.filter(|_| flags.on("include-crds")) {
        document(&mut text, &definition.name, &definition.text);
    }
    text.push_str(&previewed.chart.manifest);
    for hook in &previewed.chart.hooks {
        if !flags.on("no-hooks") {
            document(&mut text, &hook.path, &hook.manifest);
        }
    }
    text
}
