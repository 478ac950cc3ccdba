//! Dependencies: which charts below take part, under which names, and what they hand up.
//!
//! [`process`] is what every command does between loading a chart and rendering it;
//! [`check`] tells what Chart.yaml asks for and charts/ lacks; [`lock`] has the digest of Chart.lock.

mod enabled;
mod graph;
mod imports;
pub mod lock;
mod measure;
pub mod order;

use windlass_value::{Heap, MapId};

use crate::chart::Chart;
use crate::compat::Compat;
use crate::values::TypeMismatch;
use crate::warning::{Failed, Warning, collecting};

use graph::Graph;

/// Applies conditions, tags and aliases with the given values, then imports values from charts
/// below into their parents' defaults. The given map stays as it is.
///
/// # Errors
/// [`Error`], if the values do not fit the charts or aliases multiply charts beyond all measure.
pub fn process(
    heap: &mut Heap,
    chart: &mut Chart,
    given: MapId,
    compat: Compat,
) -> Result<Vec<Warning>, Failed<Error>> {
    let (mut graph, root) = Graph::new(chart.clone());
    let ((), warnings) = collecting(|warnings| {
        let mut pass = Pass {
            graph: &mut graph,
            heap,
            compat,
            warnings,
        };
        pass.enable(root, given, &mut String::new())?;
        pass.import(root)
    })?;
    *chart = graph.into_chart(root);
    Ok(warnings)
}

/// Why dependencies cannot be processed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The values do not fit the charts.
    #[error(transparent)]
    Values(#[from] TypeMismatch),
    /// Aliases of charts that have aliases themselves: every level multiplies them.
    #[error("dependencies with aliases make more than {MAX_CHARTS} charts")]
    TooManyCharts,
    /// Imports of tables into each other made one that holds itself, or that is beyond all measure
    /// when written out. Helm dies of it.
    #[error("import-values make tables without end")]
    EndlessImports,
}

/// The most charts that aliases may make; real umbrella charts have some dozens.
const MAX_CHARTS: usize = 10_000;

/// What the passes over the charts have at hand.
struct Pass<'a> {
    graph: &'a mut Graph,
    heap: &'a mut Heap,
    compat: Compat,
    warnings: &'a mut Vec<Warning>,
}

/// What Chart.yaml asks for and what charts/ has do not go together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Mismatch {
    /// Charts that charts/ does not have.
    #[error("found in Chart.yaml, but missing in charts/ directory: {}", .0.join(", "))]
    Missing(Vec<String>),
    /// Charts of a v3 chart that Chart.yaml does not ask for.
    #[error("unsupported chart dependency type")]
    Unasked,
}

/// Checks that charts/ has every chart that Chart.yaml asks for.
///
/// # Errors
/// [`Mismatch::Missing`], with the names in Chart.yaml's order; or, where Helm stumbles over charts
/// of a v3 chart that nobody asked for, [`Mismatch::Unasked`].
pub fn check(chart: &Chart, compat: Compat) -> Result<(), Mismatch> {
    if chart.metadata.api_version == "v3"
        && compat.refuses_v3_charts()
        && chart.metadata.dependencies().count() < chart.dependencies.len()
    {
        return Err(Mismatch::Unasked);
    }
    let missing: Vec<String> = chart
        .metadata
        .dependencies()
        .filter(|wanted| {
            !chart
                .dependencies
                .iter()
                .any(|c| c.metadata.name == wanted.name)
        })
        .map(|wanted| wanted.name.clone())
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Mismatch::Missing(missing))
    }
}
