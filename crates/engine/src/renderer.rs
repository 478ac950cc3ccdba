//! [`Renderer`]: how an action gets at its chart. Plain data goes in and comes out; the chart and
//! its values stay with the implementer, in the heap they were loaded into.

use windlass_render::{Capabilities, Release, Rendered};

/// What becomes of the values of the release that is upgraded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ReuseValues {
    /// They are taken where no values are given.
    #[default]
    IfNoneGiven,
    /// `--reset-values`: they are forgotten.
    Reset,
    /// `--reuse-values`: given ones go over them, and the old chart's defaults stay.
    Reuse,
    /// `--reset-then-reuse-values`: given ones go over them, over the new chart's defaults.
    ResetThenReuse,
}

/// A file of `crds/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartFile {
    /// Its name, relative to the chart that holds it: `crds/crd.yaml`.
    pub name: String,
    /// Its name with the chart's path: `parent/charts/child/crds/crd.yaml`.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// What a render is for.
#[derive(Debug, Clone)]
pub struct RenderRequest {
    /// The release, as templates see it.
    pub release: Release,
    /// What the cluster can do, as templates see it.
    pub capabilities: Capabilities,
    /// Whether `lookup` asks the cluster.
    pub lookup: bool,
}

/// A chart, rendered and passed through the post-renderer.
#[derive(Debug, Clone, Default)]
pub struct RenderedChart {
    /// Hooks, manifests and notes.
    pub rendered: Rendered,
    /// The manifest as records hold it: all manifests, each under its `# Source:` line (with
    /// `--hide-secret`, without secrets).
    pub manifest: String,
}

/// Why there is no [`RenderedChart`].
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct RenderFailure {
    /// Helm's text.
    pub message: String,
    /// The manifest as far as there is one, which `--debug` shows.
    pub manifest: Option<String>,
    /// Whether the release had been made when it failed: then Helm hints at `--debug`.
    pub had_release: bool,
}

/// A chart with the values that the user gave, as an action needs it. The methods are called in
/// this order, off the async threads.
///
/// What is noticed on the way is told by the implementer, who knows the words.
pub trait Renderer: Send {
    /// Drops dependencies that are disabled and imports values.
    ///
    /// # Errors
    /// Values that do not fit the charts.
    fn process_dependencies(&mut self) -> Result<(), RenderFailure>;

    /// The CRDs of the chart and of the charts below, in Helm's order.
    fn crds(&self) -> Vec<ChartFile>;

    /// Coalesces values, checks them against schemas, renders, post-renders.
    ///
    /// # Errors
    /// The first of these that fails.
    fn render(&mut self, request: RenderRequest) -> Result<RenderedChart, RenderFailure>;
}
