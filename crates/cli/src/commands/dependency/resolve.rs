//! Which versions dependencies get.

use windlass_chart::Dependency;
use windlass_value::{Heap, fmt};
use windlass_version::{Constraints, Version};

use super::repositories::local_path;
use crate::error::Failure;
use crate::input::local;
use crate::session::Session;

/// The versions that Chart.yaml's dependencies get, as Chart.lock lists them.
///
/// # Errors
/// A range that is none, a chart that cannot be loaded, or one whose version is out of range.
pub(super) fn resolve(
    wanted: &[Option<Dependency>],
    chart_path: &str,
    session: &mut Session<'_>,
) -> Result<Vec<Option<Dependency>>, Failure> {
    let (mut locked, mut missing) = (Vec::new(), Vec::new());
    for dependency in wanted.iter().flatten() {
        let constraints = Constraints::parse(&dependency.version).map_err(|e| {
            Failure::new(format!(
                "dependency {} has an invalid version/constraint format: {e}",
                fmt::quote(dependency.name.as_bytes())
            ))
        })?;
        let mut entry = Dependency {
            name: dependency.name.clone(),
            version: dependency.version.clone(),
            repository: dependency.repository.clone(),
            ..Dependency::default()
        };
        if dependency.repository.is_empty() {
            local_path(&format!("charts/{}", dependency.name), chart_path)?;
        } else {
            let directory = local_path(&dependency.repository, chart_path)?;
            let chart = local::load_directory_undetected(&directory, &mut Heap::new(), session)?;
            let version =
                Version::parse(&chart.metadata.version).map_err(|e| Failure::new(e.to_string()))?;
            if !constraints.check(&version) {
                missing.push(describe(dependency));
                continue;
            }
            entry.version = chart.metadata.version;
        }
        locked.push(Some(entry));
    }
    if missing.is_empty() {
        return Ok(locked);
    }
    Err(Failure::new(format!(
        "can't get a valid version for {} subchart(s): {}. Make sure a matching chart version \
         exists in the repo, or change the version constraint in Chart.yaml",
        missing.len(),
        missing.join(", ")
    )))
}

fn describe(dependency: &Dependency) -> String {
    let quoted = |text: &str| fmt::quote(text.as_bytes());
    format!(
        "{} (repository {}, version {})",
        quoted(&dependency.name),
        quoted(&dependency.repository),
        quoted(&dependency.version)
    )
}
