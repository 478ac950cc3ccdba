//! Groups of objects within a chart, as they are proposed for Helm (HIP-0025): an object says which group it
//! is in, and which groups must be ready before it.
//!
//! The proposal's annotation for the latter is none that a server would take: it is read and taken off
//! (see [`crate::objects::Origin`]). The one of ours can stay, so that other clients can install the chart.
//!
//! Objects that say nothing, and groups that have to do with no other, come after all others.

use std::collections::{BTreeMap, BTreeSet};

use windlass_chart::metadata::DependsOn;

use crate::engine::Engine;
use crate::event::Level;
use crate::objects::{Target, annotations};

/// The annotation that names the group of an object.
const GROUP: &str = "helm.sh/resource-group";
/// The annotation that names the groups that an object waits for, in a form that servers take.
const NEEDS: &str = "windlass.dev/depends-on-resource-groups";

/// Groups that make no order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GroupError {
    /// What should be a list of names is none.
    #[error("the depends-on annotation of {kind} \"{name}\" must be a list of names of groups")]
    Malformed {
        /// The object's kind.
        kind: String,
        /// Its name.
        name: String,
    },
    /// Groups wait for each other.
    #[error("resource groups of chart {chart} depend on each other: {}", .names.join(" -> "))]
    Circle {
        /// The path of the chart.
        chart: String,
        /// The circle, its first name repeated at its end.
        names: Vec<String>,
    },
}

/// Objects of a chart that share their place in the order.
pub(super) struct Group {
    /// Their places among all objects.
    pub(super) members: Vec<usize>,
    /// The groups that they need, by their places among the chart's groups.
    pub(super) needs: BTreeSet<usize>,
}

/// Who is in a group: all that name it, or those that name none and wait for the same groups.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Named(String),
    Unnamed(Vec<String>),
}

/// What the objects of a group say.
#[derive(Default)]
struct Said {
    members: Vec<usize>,
    needs: BTreeSet<String>,
}

/// The groups of a chart's objects. Where there are none, all objects are one.
pub(super) fn groups(
    engine: &Engine,
    targets: &[Target],
    members: &[usize],
) -> Result<Vec<Group>, GroupError> {
    let (mut said, mut rest) = read(targets, members)?;
    drop_unknown(engine, &mut said);
    let needed: BTreeSet<String> = said.values().flat_map(|s| s.needs.clone()).collect();
    said.retain(|key, one| {
        let is_needed = matches!(key, Key::Named(name) if needed.contains(name));
        let takes_part = is_needed || !one.needs.is_empty();
        if !takes_part {
            rest.append(&mut one.members);
        }
        takes_part
    });
    if said.is_empty() {
        let (members, needs) = (members.to_vec(), BTreeSet::new());
        return Ok(vec![Group { members, needs }]);
    }
    let chart = members
        .first()
        .map(|first| targets[*first].origin.source.as_str());
    check(&said, super::templates_of(chart.unwrap_or_default()))?;
    let places: BTreeMap<Key, usize> = said.keys().cloned().zip(0..).collect();
    let mut groups: Vec<Group> = said
        .into_values()
        .map(|one| Group {
            members: one.members,
            needs: one
                .needs
                .into_iter()
                .filter_map(|name| places.get(&Key::Named(name)).copied())
                .collect(),
        })
        .collect();
    if !rest.is_empty() {
        rest.sort_unstable();
        groups.push(Group {
            members: rest,
            needs: (0..groups.len()).collect(),
        });
    }
    Ok(groups)
}

/// What objects say, and those that say nothing.
fn read(
    targets: &[Target],
    members: &[usize],
) -> Result<(BTreeMap<Key, Said>, Vec<usize>), GroupError> {
    let mut said: BTreeMap<Key, Said> = BTreeMap::new();
    let mut rest = Vec::new();
    for &index in members {
        let target = &targets[index];
        let mut notes = annotations(&target.object);
        let said_so = [notes.remove(NEEDS), target.origin.after.clone()];
        let said_so = said_so.iter().flatten();
        let needs = match said_so
            .map(|text| DependsOn::from_text(text))
            .reduce(DependsOn::and)
        {
            None => Vec::new(),
            Some(DependsOn::Names(names)) => names,
            Some(DependsOn::Malformed) => {
                return Err(GroupError::Malformed {
                    kind: target.at.mapping.kind.clone(),
                    name: target.at.name.clone(),
                });
            }
        };
        let name = notes.remove(GROUP).map(|name| name.trim().to_owned());
        let key = match name.filter(|name| !name.is_empty()) {
            Some(name) => Key::Named(name),
            None if needs.is_empty() => {
                rest.push(index);
                continue;
            }
            None => Key::Unnamed(
                needs
                    .iter()
                    .collect::<BTreeSet<_>>()
                    .into_iter()
                    .cloned()
                    .collect(),
            ),
        };
        let one = said.entry(key).or_default();
        one.members.push(index);
        one.needs.extend(needs);
    }
    Ok((said, rest))
}

/// A group may be left out by a chart's values; whoever names it does not wait for it.
fn drop_unknown(engine: &Engine, said: &mut BTreeMap<Key, Said>) {
    let known: BTreeSet<String> = said
        .keys()
        .filter_map(|key| match key {
            Key::Named(name) => Some(name.clone()),
            Key::Unnamed(_) => None,
        })
        .collect();
    let mut unknown = BTreeSet::new();
    for one in said.values_mut() {
        unknown.extend(one.needs.difference(&known).cloned());
        one.needs.retain(|name| known.contains(name));
    }
    for name in unknown {
        let message = "objects depend on a resource group that has no objects";
        engine.log(Level::Own, message, vec![("group", name)]);
    }
}

/// Checks that no group waits for itself, be it through others.
fn check(said: &BTreeMap<Key, Said>, chart: &str) -> Result<(), GroupError> {
    let mut needs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (key, one) in said {
        if let Key::Named(name) = key {
            needs.insert(name, one.needs.iter().map(String::as_str).collect());
        }
    }
    match windlass_chart::dependencies::order::circle(&needs) {
        Some(names) => Err(GroupError::Circle {
            chart: chart.trim_end_matches("/templates/").to_owned(),
            names,
        }),
        None => Ok(()),
    }
}
