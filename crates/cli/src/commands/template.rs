//! `windlass template`: render a chart and print its manifests.

mod output_dir;

use std::mem::ManuallyDrop;
use std::sync::PoisonError;

use windlass_chart::compat::Compat;
use windlass_chart::{Chart, Crd, path};
use windlass_engine::Install;
use windlass_engine::options::DryRun;
use windlass_render::manifest;
use windlass_render::{Capabilities, HookEvent, KubeVersion, Release, Rendered};

use super::action;
use super::dry_run::{self, Of};
use super::flags::{
    CHART_SOURCE, FORCE, FORCE_EXCLUSIVE, INSTALL, LIMITS, RELEASE, TIMEOUT, WAIT, WAIT_FOR_JOBS,
};
use super::release::post_renderer::PostRenderer;
use super::release::render::{self, RenderFailure, Settings, Wanted, document};
use super::release::renderer::ChartRenderer;
use super::release::{self, Prepared, Purpose};
use crate::cluster::Connection;
use crate::command::{Command, Count, Flag, Flags, Invocation};
use crate::error::{Failure, Outcome};
use crate::input::values;
use crate::log::Event;
use crate::session::Session;
use output_dir::Written;

pub(super) static COMMAND: Command = Command {
    name: "template",
    arguments: "[NAME] [CHART]",
    short: "render a chart's templates",
    long: "Renders a chart without a cluster and prints the manifests.\n\n\
           What a cluster would tell is assumed: the newest Kubernetes with its own APIs, or what\n\
           --kube-version and --api-versions say.",
    count: Count::AtLeast(1),
    flags: &[
        CHART_SOURCE,
        RELEASE,
        INSTALL,
        FORCE,
        TIMEOUT,
        WAIT,
        WAIT_FOR_JOBS,
        values::FLAGS,
        LIMITS,
        FLAGS,
    ],
    exclusive: &[
        ["validate", "dry-run"],
        FORCE_EXCLUSIVE[0],
        FORCE_EXCLUSIVE[1],
    ],
    run: Some(run),
    ..Command::DEFAULT
};

const FLAGS: &[Flag] = &[
    Flag::slice(
        "api-versions",
        "API versions to assume besides the known ones (repeatable)",
    )
    .short('a'),
    Flag::text("dry-run", "simulate on the client or the server")
        .bare("client")
        .dialect(Compat::Helm3),
    Flag::text("dry-run", "simulate on the client or the server")
        .default("client")
        .bare("unset")
        .dialect(Compat::Helm4),
    Flag::switch("hide-notes", "has no effect").deprecated(NO_EFFECT),
    Flag::switch("include-crds", "print the CRDs of crds/ too"),
    Flag::switch(
        "is-upgrade",
        "set .Release.IsUpgrade instead of .Release.IsInstall",
    ),
    Flag::text("kube-version", "version of Kubernetes to assume"),
    Flag::text(
        "output-dir",
        "write files into this directory instead of printing",
    ),
    Flag::switch(
        "release-name",
        "put the release's name into the path below --output-dir",
    ),
    Flag::switch("render-subchart-notes", "has no effect").deprecated(NO_EFFECT),
    Flag::array(
        "show-only",
        "print only what these templates give (repeatable)",
    )
    .short('s'),
    Flag::switch("skip-tests", "leave test hooks out"),
    Flag::switch("validate", "validate against a cluster")
        .deprecated("use '--dry-run=server' instead"),
];

const NO_EFFECT: &str = "this flag has no effect for 'helm template' and will be removed in Helm 5";

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let flags = &invocation.flags;
    let post_renderer = PostRenderer::find(invocation, session)?;
    let capabilities = capabilities(invocation)?;
    let mode = Mode::of(flags, session)?;
    let (name, chart) = release::name_and_chart(invocation, "release-name")?;
    // Never dropped: the process ends when this is over, and the chart is thousands of objects.
    let prepared = release::prepare(&chart, Purpose::Install, invocation, session)?;
    let mut rendering = ManuallyDrop::new(Rendering {
        name: name.clone(),
        capabilities,
        invocation,
        prepared,
    });
    let rendered = match mode {
        Mode::Local { lookup } => rendering.local(lookup, session),
        // The engine takes the chart.
        Mode::Cluster(dry_run) => ManuallyDrop::into_inner(rendering).on_cluster(dry_run, session),
    };
    let (rendered, crds) = match rendered {
        Ok(output) => output,
        Err(failed) => return failed_render(failed, session),
    };
    let crds = if flags.on("include-crds") {
        crds
    } else {
        Vec::new()
    };
    let documents = Documents {
        rendered: &rendered,
        crds: &crds,
        post_renderer: post_renderer.as_ref(),
        invocation,
    };
    if flags.text("output-dir").is_empty() {
        documents.print(session)
    } else {
        documents.write(&name, session)
    }
}

/// Whom a render asks.
#[derive(Debug, Clone, Copy)]
enum Mode {
    /// Nobody, or a cluster for `lookup` only.
    Local { lookup: bool },
    /// A cluster, which the release is also checked against.
    Cluster(DryRun),
}

impl Mode {
    /// E3, E4: what `--validate` and `--dry-run` come to.
    ///
    /// # Errors
    /// A word that is none.
    fn of(flags: &Flags, session: &mut Session<'_>) -> Result<Self, Failure> {
        let dry_run = dry_run::strategy(flags.text("dry-run"), Of::Template, session)?;
        let server = dry_run == DryRun::Server;
        Ok(if session.compat.validates_server_dry_runs() {
            if server || flags.on("validate") {
                Self::Cluster(DryRun::Server)
            } else {
                Self::Local { lookup: false }
            }
        } else if flags.on("validate") {
            Self::Cluster(dry_run)
        } else {
            Self::Local { lookup: server }
        })
    }
}

/// A chart that is about to be rendered.
struct Rendering<'i> {
    name: String,
    capabilities: Capabilities,
    invocation: &'i Invocation,
    prepared: Prepared,
}

/// What was rendered, and the chart's CRDs if they are wanted.
type Output = (Rendered, Vec<Definition>);

impl Rendering<'_> {
    /// Renders here.
    fn local(&mut self, lookup: bool, session: &mut Session<'_>) -> Result<Output, RenderFailure> {
        let early = RenderFailure::early;
        let flags = &self.invocation.flags;
        release::check_name(&self.name, session).map_err(early)?;
        let settings = Settings::new(self.invocation, session).map_err(early)?;
        let connection = if lookup {
            Some(Connection::open(flags, session).map_err(early)?)
        } else {
            None
        };
        let is_upgrade = flags.on("is-upgrade");
        let wanted = Wanted {
            release: Release {
                name: self.name.clone(),
                namespace: session.namespace(flags),
                revision: 1,
                is_install: !is_upgrade,
                is_upgrade,
            },
            capabilities: self.capabilities.clone(),
            lookup: connection.as_ref().and_then(|c| c.lookups()()),
        };
        let mut tell = |event: Event| session.log(&event);
        let prepared = &mut self.prepared;
        let processed = render::process(prepared, &settings, &mut tell);
        processed.map_err(|failure| early(dependencies_failed(failure, session)))?;
        let mut tell = |event: Event| session.log(&event);
        let values = render::coalesce(prepared, &settings, &mut tell).map_err(early)?;
        let rendered = render::render(prepared, values, wanted, &settings, &mut tell)?;
        Ok((rendered, definitions(&prepared.chart)))
    }

    /// Renders as a release to this cluster would be, and checks that it could be one.
    fn on_cluster(
        self,
        dry_run: DryRun,
        session: &mut Session<'_>,
    ) -> Result<Output, RenderFailure> {
        let early = RenderFailure::early;
        let flags = &self.invocation.flags;
        let settings = Settings::new(self.invocation, session).map_err(early)?;
        let crds = definitions(&self.prepared.chart);
        let mut connection = Connection::open(flags, session).map_err(early)?;
        let install = Install {
            name: self.name,
            namespace: connection.namespace().to_owned(),
            dry_run,
            replace: true,
            skip_definitions: flags.on("skip-crds"),
            waiting: action::waiting(flags, session),
            server_side: flags.on("server-side"),
            take_ownership: flags.on("take-ownership"),
            disable_validation: flags.on("disable-openapi-validation"),
            is_upgrade: flags.on("is-upgrade"),
            assumed: self.capabilities,
            ..Install::default()
        };
        let (lookups, teller) = (connection.lookups(), connection.teller());
        let renderer = ChartRenderer::new(self.prepared, settings, None, lookups, teller);
        let left = renderer.left();
        let engine = connection.engine(session);
        let done = connection.run(session, None, engine.install(install, Box::new(renderer)));
        let mut found = left.lock().unwrap_or_else(PoisonError::into_inner);
        let files = found.files.take();
        let rendered = found.rendered.take();
        drop(found);
        match (done, rendered) {
            (Ok(_), Some(rendered)) => Ok((rendered, crds)),
            (Ok(_), None) => Ok((Rendered::default(), crds)),
            (Err(error), _) => Err(RenderFailure {
                failure: action::failure(&error, Some(&left)),
                files,
            }),
        }
    }
}

/// Dependencies that cannot be settled, in Helm's words.
fn dependencies_failed(failure: Failure, session: &mut Session<'_>) -> Failure {
    session.log(&Event::Dependencies {
        text: failure.message.clone(),
    });
    let names = session.compat.names_the_failed_check();
    failure.context_if(names, "chart dependencies processing failed")
}

/// A file of `crds/`, as it is printed.
struct Definition {
    path: String,
    content: String,
}

fn definitions(chart: &Chart) -> Vec<Definition> {
    let one = |crd: &Crd<'_>| Definition {
        path: format!("{}/{}", crd.chart_path, crd.file.name),
        content: crd.file.data.to_text().into_owned(),
    };
    chart.crds().iter().map(one).collect()
}

fn capabilities(invocation: &Invocation) -> Result<Capabilities, Failure> {
    let mut capabilities = Capabilities::default();
    let wanted = invocation.flags.text("kube-version");
    if !wanted.is_empty() {
        capabilities.kube_version = KubeVersion::parse(wanted)
            .map_err(|e| Failure::new(format!("invalid kube version '{wanted}': {e}")))?;
    }
    let more = invocation.flags.all("api-versions");
    capabilities.api_versions.extend(more.iter().cloned());
    Ok(capabilities)
}

/// With `--debug`, what was rendered is printed even where it is no YAML.
fn failed_render(failed: RenderFailure, session: &mut Session<'_>) -> Outcome {
    let Some(manifest) = failed.manifest() else {
        return Err(failed.failure);
    };
    if !session.debug {
        return Err(unprinted(failed.failure, session));
    }
    session.print(format!("{}\n", manifest.trim()))?;
    Err(failed.failure)
}

/// What is to be printed or written.
struct Documents<'d> {
    rendered: &'d Rendered,
    crds: &'d [Definition],
    post_renderer: Option<&'d PostRenderer>,
    invocation: &'d Invocation,
}

impl Documents<'_> {
    /// CRDs and manifests, as the release's manifest holds them.
    fn manifest(&self) -> String {
        let mut text = String::new();
        for crd in self.crds {
            document(&mut text, &crd.path, &crd.content);
        }
        for m in &self.rendered.manifests {
            document(&mut text, &m.path, &m.content);
        }
        text
    }

    /// Path and content of the hooks that are wanted.
    fn hooks(&self) -> impl Iterator<Item = (&str, &str)> {
        let flags = &self.invocation.flags;
        let (none, skip_tests) = (flags.on("no-hooks"), flags.on("skip-tests"));
        self.rendered
            .hooks
            .iter()
            .filter(move |h| !(none || skip_tests && h.events.contains(&HookEvent::Test)))
            .map(|h| (h.path.as_str(), h.manifest.as_str()))
    }

    fn print(&self, session: &mut Session<'_>) -> Outcome {
        let mut text = self
            .post_render(self.manifest())
            .map_err(|e| unprinted(e, session))?;
        // Trimmed in place: the manifests of a large chart are megabytes.
        text.truncate(text.trim_end().len());
        text.drain(..text.len() - text.trim_start().len());
        text.push('\n');
        for (path, content) in self.hooks() {
            document(&mut text, path, content);
        }
        self.print_wanted(&text, session)
    }

    /// Writes a file for each template; what is left to print is next to nothing.
    fn write(&self, release: &str, session: &mut Session<'_>) -> Outcome {
        let flags = &self.invocation.flags;
        let root = flags.text("output-dir");
        let below = if flags.on("release-name") {
            path::join(&[root, release])
        } else {
            root.to_owned()
        };
        let mut written = Written::default();
        let rest = self
            .write_manifest(root, &below, &mut written, session)
            .map_err(|e| unprinted(e, session))?;
        for (path, content) in self.hooks() {
            written.add_if_there(&below, path);
            written.document(&below, path, content, session)?;
        }
        self.print_wanted(&format!("{}\n", rest.trim()), session)
    }

    /// Writes all but hooks; gives what the post-renderer makes of nothing.
    fn write_manifest(
        &self,
        root: &str,
        below: &str,
        written: &mut Written,
        session: &mut Session<'_>,
    ) -> Result<String, Failure> {
        for crd in self.crds {
            written.document(root, &crd.path, &crd.content, session)?;
        }
        for m in &self.rendered.manifests {
            written.document(below, &m.path, &m.content, session)?;
        }
        self.post_render(String::new())
    }

    fn post_render(&self, manifest: String) -> Result<String, Failure> {
        match self.post_renderer {
            Some(renderer) => renderer.run(&manifest),
            None => Ok(manifest),
        }
    }

    /// Prints the documents that --show-only names, or all.
    fn print_wanted(&self, text: &str, session: &mut Session<'_>) -> Outcome {
        let wanted = self.invocation.flags.all("show-only");
        if wanted.is_empty() {
            return session.print(text);
        }
        for document in chosen(text, wanted, session)? {
            session.print(format!("---\n{document}\n"))?;
        }
        Ok(())
    }
}

/// Helm's hint, which it gives wherever there is a release already.
fn unprinted(mut failure: Failure, session: &Session<'_>) -> Failure {
    if !session.debug {
        failure.message += "\n\nUse --debug flag to render out invalid YAML";
    }
    failure
}

/// The documents of the wanted templates, in the order in which they are wanted.
fn chosen<'t>(
    text: &'t str,
    wanted: &[String],
    session: &Session<'_>,
) -> Result<Vec<&'t str>, Failure> {
    let documents: Vec<(&str, &str)> = manifest::split(text, session.compat)
        .into_iter()
        .filter_map(|document| Some((source(document)?, document)))
        .collect();
    let mut chosen = Vec::new();
    for pattern in wanted {
        let before = chosen.len();
        let matches =
            |path: &str| windlass_chart::ignore::path_match(pattern, path).unwrap_or(false);
        chosen.extend(
            documents
                .iter()
                .filter(|(path, _)| matches(path))
                .map(|(_, d)| *d),
        );
        if chosen.len() == before {
            return Err(Failure::new(format!(
                "could not find template {pattern} in chart"
            )));
        }
    }
    Ok(chosen)
}

/// The path below the chart that a document's `# Source:` line names.
fn source(document: &str) -> Option<&str> {
    let mut rest = document;
    while let Some(at) = rest.find("# Source: ") {
        rest = &rest[at + "# Source: ".len()..];
        let line = rest.split('\n').next().unwrap_or_default();
        if let Some((chart, path)) = line.split_once('/')
            && !chart.is_empty()
            && !path.is_empty()
        {
            return Some(path);
        }
    }
    None
}
