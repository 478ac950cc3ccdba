//! `windlass template`: render a chart and print its manifests.

mod output_dir;
pub(super) mod rendering;

use std::borrow::Cow;
use std::mem::ManuallyDrop;

use windlass_chart::compat::Compat;
use windlass_chart::path;
use windlass_render::manifest;
use windlass_render::{Capabilities, HookEvent, KubeVersion, Rendered};

use super::flags::{
    CHART_SOURCE, FORCE, FORCE_EXCLUSIVE, INSTALL, LIMITS, RELEASE, TIMEOUT, WAIT, WAIT_FOR_JOBS,
};
use super::release::post_renderer::PostRenderer;
use super::release::render::{RenderFailure, document, document_head};
use super::release::{self, Purpose};
use crate::command::{Command, Count, Flag, Invocation};
use crate::error::{Failure, Outcome};
use crate::input::values;
use crate::session::Session;
use output_dir::Written;
use rendering::{Definition, Mode, Rendering};

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

pub(super) fn capabilities(invocation: &Invocation) -> Result<Capabilities, Failure> {
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
    /// Path and content of CRDs and manifests, as the release's manifest holds them.
    fn objects(&self) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
        let crds = self.crds.iter();
        let crds = crds.map(|crd| (crd.path.as_str(), crd.content.to_text()));
        let manifests = self.rendered.manifests.iter();
        crds.chain(manifests.map(|m| (m.path.as_str(), Cow::Borrowed(m.content.as_str()))))
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
        if self.post_renderer.is_none() && self.invocation.flags.all("show-only").is_empty() {
            return self.print_all(session);
        }
        let mut text = String::new();
        for (path, content) in self.objects() {
            document(&mut text, path, &content);
        }
        let text = self.post_render(text);
        let text = text.map_err(|e| unprinted(e, session))?;
        let mut text = format!("{}\n", text.trim());
        for (path, content) in self.hooks() {
            document(&mut text, path, content);
        }
        self.print_wanted(&text, session)
    }

    /// Prints document by document: those of a large chart are megabytes, which need not be held twice.
    fn print_all(&self, session: &mut Session<'_>) -> Outcome {
        let mut objects = Trimmed::default();
        for (path, content) in self.objects() {
            objects.print(&document_head(path), session)?;
            objects.print(&content, session)?;
            objects.print("\n", session)?;
        }
        session.print("\n")?;
        for (path, content) in self.hooks() {
            session.print(document_head(path))?;
            session.print(content)?;
            session.print("\n")?;
        }
        Ok(())
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
            written.document(root, &crd.path, &crd.content.to_text(), session)?;
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

/// Prints a text in parts and leaves out the white space at its end. It begins with none.
#[derive(Default)]
struct Trimmed {
    /// White space that is printed once something follows it.
    held: String,
}

impl Trimmed {
    fn print(&mut self, part: &str, session: &mut Session<'_>) -> Outcome {
        let (body, end) = part.split_at(part.trim_end().len());
        if !body.is_empty() {
            session.print(&self.held)?;
            session.print(body)?;
            self.held.clear();
        }
        self.held.push_str(end);
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
