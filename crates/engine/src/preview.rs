//! Preview: a chart rendered as an action on a cluster would render it, and nothing else.
//!
//! Nothing is read but what templates see; whether the result could be applied is not looked at. So it
//! works where kinds are not served yet and where objects are somebody else's.

use windlass_release::Release;
use windlass_render::{Capabilities, KubeVersion};

use crate::checks;
use crate::drawing::Drawing;
use crate::engine::Engine;
use crate::error::Error;
use crate::renderer::{Definitions, RenderRequest, RenderedChart, Renderer, ReuseValues};

/// What is rendered.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// The release's name.
    pub name: String,
    /// The release's namespace.
    pub namespace: String,
    /// The newest revision that there is and what becomes of its values; none for a new release.
    pub before: Option<(Release, ReuseValues)>,
    /// Whether `lookup` asks the cluster.
    pub lookup: bool,
    /// The Kubernetes to assume instead of the cluster's.
    pub kube_version: Option<KubeVersion>,
    /// API versions to assume besides the cluster's.
    pub api_versions: Vec<String>,
}

/// What was rendered.
#[derive(Debug)]
pub struct Previewed {
    /// The chart.
    pub chart: RenderedChart,
    /// The files of `crds/`.
    pub definitions: Vec<Definitions>,
}

impl Engine {
    /// Renders a chart. See [the module](self::preview).
    ///
    /// # Errors
    /// A cluster that cannot be reached, a chart that does not render.
    pub async fn preview(
        &self,
        options: Preview,
        renderer: Box<dyn Renderer>,
    ) -> Result<Previewed, Error> {
        let mut drawing = Drawing::new(renderer);
        let version = checks::reach(self).await?;
        let mut capabilities = checks::capabilities(self, version).await?;
        options.assume(&mut capabilities);
        let is_upgrade = options.before.is_some();
        let revision = match options.before {
            Some((before, how)) => {
                let revision = before.version + 1;
                drawing.attempt(move |r| r.reuse(&before, how)).await?;
                revision
            }
            None => 1,
        };
        drawing.attempt(|r| r.process_dependencies()).await?;
        let definitions = drawing.run(|r| r.definitions()).await?;
        let request = RenderRequest {
            release: windlass_render::Release {
                name: options.name,
                namespace: options.namespace,
                revision,
                is_install: !is_upgrade,
                is_upgrade,
            },
            capabilities,
            lookup: options.lookup,
            hide_secrets: false,
        };
        drawing.attempt(|r| r.prepare(request)).await?;
        let chart = drawing.attempt(|r| r.render()).await?;
        Ok(Previewed { chart, definitions })
    }
}

impl Preview {
    fn assume(&self, capabilities: &mut Capabilities) {
        if let Some(version) = &self.kube_version {
            capabilities.kube_version.clone_from(version);
        }
        let more = self.api_versions.iter().cloned();
        capabilities.api_versions.extend(more);
    }
}
