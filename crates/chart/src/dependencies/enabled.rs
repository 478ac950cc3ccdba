//! The first pass: aliases become charts, tags and conditions say which charts take part.

use std::collections::HashSet;

use windlass_value::{MapId, Value};
use windlass_version::{Constraints, Version};

use super::graph::{ChartId, DependencyId, Ref};
use super::{Error, MAX_CHARTS, Pass};
use crate::metadata::Dependency;
use crate::values::coalesce::{Nulls, merge_with_defaults};
use crate::values::{path_value, table};
use crate::warning::Warning;

impl Pass<'_> {
    /// Settles which charts stand below a chart, and then the same below each of those. `path` leads
    /// from the root to the chart's values, with a dot behind each name.
    pub(super) fn enable(
        &mut self,
        chart: ChartId,
        given: MapId,
        path: &mut String,
    ) -> Result<(), Error> {
        let Some(wanted) = self.graph.wanted(chart).map(<[_]>::to_vec) else {
            return Ok(());
        };
        self.place_wanted(chart, &wanted)?;
        for &id in &wanted {
            self.graph.dependency_mut(id).enabled = true;
        }
        let mark = self.heap.mark();
        let node = Ref {
            graph: self.graph,
            id: chart,
        };
        let values = merge_with_defaults(
            node,
            Some(given),
            Nulls::Delete,
            self.heap,
            self.compat,
            self.warnings,
        )?;
        self.apply_tags(&wanted, values);
        self.apply_conditions(&wanted, values, path);
        let (children, kept) = self.without_disabled(chart, &wanted);
        for &child in &children {
            let length = path.len();
            path.push_str(self.graph.name(child));
            path.push('.');
            self.enable(child, values, path)?;
            path.truncate(length);
        }
        self.heap.release(mark);
        self.graph.set_wanted(chart, kept);
        self.graph.set_children(chart, children);
        Ok(())
    }

    /// Puts charts in Chart.yaml's order under their aliases, behind those it does not name.
    fn place_wanted(&mut self, chart: ChartId, wanted: &[DependencyId]) -> Result<(), Error> {
        let present = self.graph.children(chart).to_vec();
        let mut placed: Vec<ChartId> = present
            .iter()
            .copied()
            .filter(|&c| {
                !wanted
                    .iter()
                    .any(|&id| self.satisfies(c, self.graph.dependency(id)))
            })
            .collect();
        for &id in wanted {
            let dependency = self.graph.dependency(id).clone();
            let alias = (!dependency.alias.is_empty()).then_some(dependency.alias.as_str());
            if let Some(&found) = present.iter().find(|&&c| self.satisfies(c, &dependency)) {
                let deep = self.compat.copies_charts_below_alias();
                placed.push(self.graph.copy_as(found, alias, deep));
                if self.graph.len() > MAX_CHARTS {
                    return Err(Error::TooManyCharts);
                }
            }
            if let Some(alias) = alias {
                alias.clone_into(&mut self.graph.dependency_mut(id).name);
            }
        }
        self.graph.set_children(chart, placed);
        Ok(())
    }

    fn satisfies(&self, chart: ChartId, dependency: &Dependency) -> bool {
        let metadata = self.graph.metadata(chart);
        metadata.name == dependency.name && in_range(&dependency.version, &metadata.version)
    }

    fn apply_tags(&mut self, wanted: &[DependencyId], values: MapId) {
        let Ok(tags) = table(self.heap, values, b"tags") else {
            return;
        };
        for &id in wanted {
            let (mut yes, mut no) = (false, false);
            let dependency = self.graph.dependency(id);
            for tag in dependency.tags.iter().flatten() {
                match self.heap.get(tags, tag.as_bytes()) {
                    None => {}
                    Some(Value::Bool(true)) => yes = true,
                    Some(Value::Bool(false)) => no = true,
                    Some(_) => self.warnings.push(Warning::TagNotBool {
                        tag: tag.clone(),
                        chart: dependency.name.clone(),
                    }),
                }
            }
            self.graph.dependency_mut(id).enabled = yes || !no;
        }
    }

    /// The first condition that has a boolean decides, whatever the tags say.
    fn apply_conditions(&mut self, wanted: &[DependencyId], values: MapId, path: &str) {
        for &id in wanted {
            let dependency = self.graph.dependency(id);
            let mut decided = None;
            for condition in dependency
                .condition
                .trim()
                .split(',')
                .filter(|c| !c.is_empty())
            {
                match path_value(self.heap, values, format!("{path}{condition}").as_bytes()) {
                    Ok(Value::Bool(enabled)) => {
                        decided = Some(enabled);
                        break;
                    }
                    Ok(_) => self.warnings.push(Warning::ConditionNotBool {
                        path: condition.to_owned(),
                        chart: dependency.name.clone(),
                    }),
                    // A path that leads nowhere says nothing.
                    Err(_) => {}
                }
            }
            if let Some(enabled) = decided {
                self.graph.dependency_mut(id).enabled = enabled;
            }
        }
    }

    /// The charts and the wishes that stay. A disabled name takes every chart of that name with it.
    fn without_disabled(
        &self,
        chart: ChartId,
        wanted: &[DependencyId],
    ) -> (Vec<ChartId>, Vec<DependencyId>) {
        let disabled: HashSet<&str> = wanted
            .iter()
            .map(|&id| self.graph.dependency(id))
            .filter(|d| !d.enabled)
            .map(|d| d.name.as_str())
            .collect();
        let children = self.graph.children(chart).iter().copied();
        let children = children
            .filter(|&c| !disabled.contains(self.graph.name(c)))
            .collect();
        let kept = wanted.iter().copied();
        let kept = kept.filter(|&id| !disabled.contains(self.graph.dependency(id).name.as_str()));
        (children, kept.collect())
    }
}

/// Whether a version lies in a range; what cannot be parsed lies in none.
pub(crate) fn in_range(range: &str, version: &str) -> bool {
    match (Version::parse(version), Constraints::parse(range)) {
        (Ok(version), Ok(range)) => range.check(&version),
        _ => false,
    }
}
