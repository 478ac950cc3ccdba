//! [`Renderer`]: how an action gets at its chart. Plain data goes in and comes out; the chart and
//! its values stay with the implementer, in the heap they were loaded into.

use serde::{Deserialize, Serialize};
use windlass_chart::dependencies::order::Order;
use windlass_release::{Json, StoredChart};
use windlass_render::{Capabilities, Hook, Release};

/// What becomes of the values of the release that is upgraded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ReuseValues {
    /// They are taken where no values are given.
    #[default]
    IfNoneGiven,
    /// `--reset-values`: they are forgotten.
    Reset,
    /// `--reuse-values`: given ones go over them, and the old chart's coalesced values take the
    /// place of the new chart's defaults.
    Reuse,
    /// `--reset-then-reuse-values`: given ones go over them, over the new chart's defaults.
    ResetThenReuse,
}

/// A file of `crds/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definitions {
    /// Its name, relative to the chart that holds it: `crds/crd.yaml`.
    pub name: String,
    /// What it says.
    pub text: String,
}

/// What values are coalesced for.
#[derive(Debug, Clone)]
pub struct RenderRequest {
    /// The release, as templates see it.
    pub release: Release,
    /// What the cluster can do, as templates see it.
    pub capabilities: Capabilities,
    /// Whether `lookup` asks the cluster.
    pub lookup: bool,
    /// Whether secrets are left out of the manifest.
    pub hide_secrets: bool,
}

/// A chart, rendered and passed through the post-renderer.
#[derive(Debug, Clone)]
pub struct RenderedChart {
    /// Hooks, in order of kinds.
    pub hooks: Vec<Hook>,
    /// The manifest as records hold it: all manifests, each under its `# Source:` line.
    pub manifest: String,
    /// What the charts say of the order of their objects.
    pub order: Order,
    /// The notes.
    pub notes: String,
    /// The chart, as records hold it.
    pub chart: StoredChart,
    /// The values that the user gave, and those that were reused.
    pub config: Option<Json>,
}

/// Why there is no [`RenderedChart`].
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct RenderFailure {
    /// Helm's text.
    pub message: String,
    /// The manifest as far as there is one, which `--debug` shows.
    pub manifest: Option<String>,
}

/// A chart with the values that the user gave, as an action needs it. The methods are called in
/// this order, each at most once, off the async threads.
///
/// What is noticed on the way is told by the implementer, who knows the words.
pub trait Renderer: Send {
    /// Takes over values of the release that is upgraded.
    ///
    /// # Errors
    /// A record that holds no chart or no values.
    fn reuse(
        &mut self,
        previous: &windlass_release::Release,
        how: ReuseValues,
    ) -> Result<(), RenderFailure>;

    /// Drops dependencies that are disabled and imports values.
    ///
    /// # Errors
    /// Values that do not fit the charts, an order of charts that cannot be kept.
    fn process_dependencies(&mut self) -> Result<(), RenderFailure>;

    /// The CRDs of the chart and of the charts below, in Helm's order.
    fn definitions(&self) -> Vec<Definitions>;

    /// Coalesces values and checks them against schemas.
    ///
    /// # Errors
    /// Values that do not fit.
    fn prepare(&mut self, request: RenderRequest) -> Result<(), RenderFailure>;

    /// Renders and post-renders what was prepared.
    ///
    /// # Errors
    /// A Kubernetes version that the chart refuses, a template that fails, a document that is no
    /// object, a post-renderer that fails.
    fn render(&mut self) -> Result<RenderedChart, RenderFailure>;
}
