//! `windlass diff local`: two charts, without a cluster.

use windlass_diff::Index;
use windlass_render::HookEvent;

use super::{Sides, arguments, flags, index};
use crate::command::{Command, Count, Flag, Invocation};
use crate::commands::flags::{LIMITS, RELEASE};
use crate::commands::release::post_renderer::PostRenderer;
use crate::commands::release::render::document;
use crate::commands::release::{self, Purpose};
use crate::commands::template;
use crate::commands::template::rendering::Rendering;
use crate::error::{Failure, Outcome};
use crate::input::values;
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "local",
    arguments: "CHART1 CHART2",
    short: "compare charts",
    long: "Renders two charts with the same values and compares what they give. No cluster is asked.",
    count: Count::Any,
    flags: &[
        flags::COLORS,
        flags::SHOWING,
        flags::COMPARING,
        RELEASE,
        values::FLAGS,
        LIMITS,
        ASSUMED,
        FLAGS,
    ],
    run: Some(run),
    ..Command::DEFAULT
};

const FLAGS: &[Flag] = &[Flag::text("release", "name of the release to render").default("release")];

/// What is assumed of a cluster.
pub(super) const ASSUMED: &[Flag] = &[
    Flag::slice(
        "api-versions",
        "API versions to assume besides the known ones (repeatable)",
    )
    .short('a'),
    Flag::switch("include-crds", "compare the CRDs of crds/ too"),
    Flag::text("kube-version", "version of Kubernetes to assume"),
];

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let args = &invocation.args;
    arguments(args.len(), &["chart1 path", "chart2 path"])?;
    let [old, new] = args.as_slice() else {
        return Ok(());
    };
    let options = flags::options(&invocation.flags, session)?;
    let name = invocation.flags.text("release");
    let mut side = |chart: &str| {
        rendered(name, chart, invocation, session)
            .map_err(|failure| failure.context(&format!("failed to render chart {chart:?}")))
    };
    let sides = Sides::new(side(old)?, side(new)?);
    sides.compare(&options, invocation, session)
}

/// What a chart gives as an install of it, without a cluster.
pub(super) fn rendered(
    name: &str,
    chart: &str,
    invocation: &Invocation,
    session: &mut Session<'_>,
) -> Result<Index, Failure> {
    let flags = &invocation.flags;
    let post_renderer = PostRenderer::find(invocation, session)?;
    let prepared = release::prepare(chart, Purpose::Install, invocation, session)?;
    let mut rendering = Rendering {
        name: name.to_owned(),
        capabilities: template::capabilities(invocation)?,
        invocation,
        prepared,
    };
    let (rendered, crds) = rendering.local(false, session).map_err(|e| e.failure)?;
    let mut text = String::new();
    for crd in crds.iter().filter(|_| flags.on("include-crds")) {
        document(&mut text, &crd.path, &crd.content.to_text());
    }
    for manifest in &rendered.manifests {
        document(&mut text, &manifest.path, &manifest.content);
    }
    let mut text = match post_renderer {
        Some(renderer) => renderer.run(&text)?,
        None => text,
    };
    let is_test = |hook: &windlass_render::Hook| hook.events.contains(&HookEvent::Test);
    for hook in &rendered.hooks {
        let is_wanted = flags.on("include-tests") || !is_test(hook);
        if is_wanted && !flags.on("no-hooks") {
            document(&mut text, &hook.path, &hook.manifest);
        }
    }
    index(&text, &session.namespace(flags), flags)
}
