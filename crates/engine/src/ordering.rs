//! Ordering: which objects are brought before which, beyond Helm's order of kinds.
//!
//! Two things say so: the charts, by `dependsOn` (a revision's [`Order`]), and objects, by the
//! annotations of resource groups, which hold within a chart. Objects are put into [`Stage`]s; within a
//! stage Helm's order holds. Before a stage begins, those objects of earlier ones that it depends on are
//! ready. What nobody depends on is never waited for here.
//!
//! Which chart an object comes from is told by the `# Source:` line of its document.

mod groups;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use windlass_chart::dependencies::order::Order;

use crate::engine::Engine;
use crate::event::Level;
use crate::objects::Target;
use crate::options::{Strategy, Waiting};

use groups::Group;
pub use groups::GroupError;

/// Objects that are brought together, by their places among all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Stage {
    /// The objects, in their order.
    pub(crate) members: Vec<usize>,
    /// Objects of this stage and of earlier ones that must be ready before the next begins.
    pub(crate) awaited: Vec<usize>,
}

/// The stages of an action's objects.
///
/// # Errors
/// Groups of objects that make no order.
pub(crate) fn stages(
    engine: &Engine,
    targets: &[Target],
    order: &Order,
) -> Result<Vec<Stage>, GroupError> {
    if !engine.ordering {
        return Ok(plain(targets));
    }
    let units = Units::of(engine, targets)?;
    if !order.is_empty() && targets.iter().all(|target| target.origin.source.is_empty()) {
        let message = "no object says which chart it comes from: dependsOn cannot be kept. A \
                       post-renderer may have dropped the Source comments";
        engine.log(Level::Own, message, Vec::new());
    }
    Ok(units.stages(order))
}

/// The same for objects that are on record: whatever they say, it must not stand in the way.
pub(crate) fn stages_on_record(engine: &Engine, targets: &[Target], order: &Order) -> Vec<Stage> {
    stages(engine, targets, order).unwrap_or_else(|error| {
        let fields = vec![("error", crate::error::text(&error))];
        engine.log(Level::Own, "the order of objects is not kept", fields);
        plain(targets)
    })
}

/// All at once, in Helm's order.
pub(crate) fn plain(targets: &[Target]) -> Vec<Stage> {
    vec![Stage {
        members: (0..targets.len()).collect(),
        awaited: Vec::new(),
    }]
}

/// The stages in which objects go: what depends on others must be gone before those go.
pub(crate) fn reversed(stages: Vec<Stage>) -> Vec<Stage> {
    let mut reversed: Vec<Stage> = stages.into_iter().rev().collect();
    for stage in &mut reversed {
        stage.awaited.clear();
    }
    let last = reversed.len().saturating_sub(1);
    for stage in &mut reversed[..last] {
        stage.awaited.clone_from(&stage.members);
    }
    reversed
}

/// How what others depend on is waited for, also where nothing else is.
pub(crate) fn gate(waiting: Waiting) -> Waiting {
    Waiting {
        strategy: match waiting.strategy {
            Strategy::HookOnly => Strategy::Watcher,
            other => other,
        },
        ..waiting
    }
}

/// Objects that share their place in the order: those of a group within a chart.
struct Unit<'a> {
    /// What the paths of the chart's own templates begin with.
    templates: &'a str,
    members: Vec<usize>,
    /// The units before it.
    needs: BTreeSet<usize>,
}

struct Units<'a>(Vec<Unit<'a>>);

impl<'a> Units<'a> {
    fn of(engine: &Engine, targets: &'a [Target]) -> Result<Self, GroupError> {
        let mut charts: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, target) in targets.iter().enumerate() {
            let chart = templates_of(&target.origin.source);
            charts.entry(chart).or_default().push(index);
        }
        let mut units = Vec::new();
        for (templates, members) in charts {
            let first = units.len();
            for Group { members, needs } in groups::groups(engine, targets, &members)? {
                units.push(Unit {
                    templates,
                    members,
                    needs: needs.into_iter().map(|group| first + group).collect(),
                });
            }
        }
        Ok(Self(units))
    }

    fn stages(mut self, order: &Order) -> Vec<Stage> {
        self.add(order);
        let levels = self.levels();
        let last = levels.iter().copied().max().unwrap_or(0);
        let mut stages = vec![Stage::default(); last + 1];
        // The level before which a unit must be ready, if anybody depends on it.
        let mut gates: HashMap<usize, usize> = HashMap::new();
        for (unit, level) in self.0.iter().zip(&levels) {
            stages[*level].members.extend(&unit.members);
            for needed in unit.needs.iter().filter(|n| levels[**n] < *level) {
                let gate = gates.entry(*needed).or_insert(*level);
                *gate = (*gate).min(*level);
            }
        }
        for (unit, gate) in gates {
            stages[gate - 1].awaited.extend(&self.0[unit].members);
        }
        for stage in &mut stages {
            stage.members.sort_unstable();
            stage.awaited.sort_unstable();
        }
        stages
    }

    /// Adds what charts say of each other.
    fn add(&mut self, order: &Order) {
        let mut under: HashMap<&str, Vec<usize>> = HashMap::new();
        for (index, unit) in self.0.iter().enumerate() {
            for beginning in beginnings(unit.templates) {
                under.entry(beginning).or_default().push(index);
            }
        }
        let of = |texts: &[String]| {
            let found = texts.iter().filter_map(|text| under.get(text.as_str()));
            found.flatten().copied().collect::<BTreeSet<usize>>()
        };
        for edge in &order.edges {
            let (waiting, needed) = (of(&edge.of), of(&edge.needs));
            for index in waiting {
                let others = needed.iter().filter(|needed| **needed != index);
                self.0[index].needs.extend(others);
            }
        }
    }

    /// The level of each unit: one above the highest that it needs. Units that need each other, which
    /// only stale records can say, come last and together.
    fn levels(&self) -> Vec<usize> {
        let mut dependents: Vec<Vec<usize>> = vec![Vec::new(); self.0.len()];
        let mut open: Vec<usize> = Vec::new();
        for (index, unit) in self.0.iter().enumerate() {
            open.push(unit.needs.len());
            for needed in &unit.needs {
                dependents[*needed].push(index);
            }
        }
        let mut levels = vec![0; self.0.len()];
        let mut free: Vec<usize> = (0..open.len()).filter(|index| open[*index] == 0).collect();
        let mut done = 0;
        while let Some(index) = free.pop() {
            done += 1;
            for &dependent in &dependents[index] {
                levels[dependent] = levels[dependent].max(levels[index] + 1);
                open[dependent] -= 1;
                if open[dependent] == 0 {
                    free.push(dependent);
                }
            }
        }
        if done < open.len() {
            let last = levels.iter().copied().max().unwrap_or(0) + 1;
            for (level, open) in levels.iter_mut().zip(open) {
                if open > 0 {
                    *level = last;
                }
            }
        }
        levels
    }
}

/// What the paths of a chart's own templates begin with, told from one of them: `root/charts/db/templates/`.
/// A document without a source is of no chart.
fn templates_of(source: &str) -> &str {
    let mut end = source.find('/').map_or(0, |slash| slash + 1);
    while let Some(rest) = source[end..].strip_prefix("charts/") {
        let Some(slash) = rest.find('/') else { break };
        end += "charts/".len() + slash + 1;
    }
    match source[end..].starts_with("templates/") {
        true => &source[..end + "templates/".len()],
        false => &source[..end],
    }
}

/// The beginnings of a chart's templates by which an order can name them: its own, and those of each
/// chart that it is in.
fn beginnings(templates: &str) -> Vec<&str> {
    let slashes = templates.match_indices('/').map(|(slash, _)| slash + 1);
    slashes.map(|end| &templates[..end]).collect()
}

#[cfg(test)]
mod tests;
