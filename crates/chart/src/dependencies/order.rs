//! Which charts wait for which: `dependsOn` of dependencies in Chart.yaml, which Helm does not know, and
//! the fields that are proposed for Helm (HIP-0025): `depends-on`, and the annotation
//! `helm.sh/depends-on/subcharts` for a chart's own templates.
//!
//! Names are settled before dependencies are processed ([`resolve`]), while those that will be disabled
//! are still known; the [`Order`] is made of what is left ([`Order::of`]).

use std::collections::{BTreeMap, BTreeSet};

use crate::chart::Chart;
use crate::metadata::{DependsOn, Metadata};

/// The annotation in Chart.yaml that names the charts below which the chart's own templates wait for.
pub const ANNOTATION: &str = "helm.sh/depends-on/subcharts";

/// An order that cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OrderError {
    /// What should be a list of names is none.
    #[error("chart \"{chart}\": {field} of {of} must be a list of names of dependencies")]
    Malformed {
        /// The chart whose Chart.yaml it is.
        chart: String,
        /// The field or the annotation.
        field: &'static str,
        /// What it is a field of.
        of: String,
    },
    /// A name that no dependency has.
    #[error(
        "chart \"{chart}\": {of} depends on \"{name}\", which is no dependency of this chart{}",
        listed(.known)
    )]
    Unknown {
        /// The chart whose Chart.yaml it is.
        chart: String,
        /// Who depends on it.
        of: String,
        /// The name.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// A dependency waits for itself.
    #[error("chart \"{chart}\": dependency \"{name}\" depends on itself")]
    Itself {
        /// The chart whose Chart.yaml it is.
        chart: String,
        /// The dependency.
        name: String,
    },
    /// Dependencies wait for each other.
    #[error(
        "chart \"{chart}\": dependencies depend on each other: {}",
        .names.join(" -> ")
    )]
    Circle {
        /// The chart whose Chart.yaml it is.
        chart: String,
        /// The circle, its first name repeated at its end.
        names: Vec<String>,
    },
    /// Beyond all measure.
    #[error("chart \"{chart}\": {of} depends on more than {MAX_NAMES} dependencies")]
    TooMany {
        /// The chart whose Chart.yaml it is.
        chart: String,
        /// Who depends on them.
        of: String,
    },
}

/// The most dependencies that one waits for; real charts have some dozens in all.
const MAX_NAMES: usize = 1_000;

fn listed(names: &[String]) -> String {
    match names {
        [] => " (it has none)".to_owned(),
        names => format!(" (it has: {})", names.join(", ")),
    }
}

/// Settles what names in `dependsOn` stand for, in a chart and in those below it: a name or an alias of
/// a dependency, or the name of a chart in charts/ that nobody asks for. Afterwards they are the names
/// that the charts will have. A name that several aliases are made of stands for all of them.
///
/// # Errors
/// Names that stand for nothing, dependencies that wait for themselves.
pub fn resolve(chart: &mut Chart) -> Result<(), OrderError> {
    let siblings = Siblings::of(chart);
    let place = chart.metadata.name.clone();
    let resolver = Resolver {
        chart: &place,
        siblings: &siblings,
    };
    for dependency in chart.metadata.dependencies.iter_mut().flatten().flatten() {
        let name = effective(&dependency.alias, &dependency.name).to_owned();
        if let Some(wanted) = &mut dependency.depends_on {
            let of = format!("dependency \"{name}\"");
            let names = resolver.names(wanted, "dependsOn", &of)?;
            if names.contains(&name) {
                return Err(OrderError::Itself { chart: place, name });
            }
            *wanted = DependsOn::Names(names);
        }
    }
    if let Some(wanted) = own(&chart.metadata) {
        let names = resolver.names(&wanted, ANNOTATION, "the chart")?;
        chart.metadata.depends_on = Some(DependsOn::Names(names));
    }
    chart.dependencies.iter_mut().try_for_each(resolve)
}

/// What a chart's own templates wait for, in its field and its annotation.
fn own(metadata: &Metadata) -> Option<DependsOn> {
    let field = metadata.depends_on.clone();
    let Some(text) = metadata.annotation(ANNOTATION) else {
        return field;
    };
    let noted = DependsOn::from_text(text);
    Some(match field {
        Some(field) => field.and(noted),
        None => noted,
    })
}

/// The name that a dependency goes by.
fn effective<'a>(alias: &'a str, name: &'a str) -> &'a str {
    match alias {
        "" => name,
        alias => alias,
    }
}

/// The charts directly below one.
#[derive(Default)]
struct Siblings {
    /// The names they go by.
    effective: BTreeSet<String>,
    /// Which of those were made of the charts of a name.
    made_of: BTreeMap<String, BTreeSet<String>>,
}

impl Siblings {
    fn of(chart: &Chart) -> Self {
        let mut all = Self::default();
        for dependency in chart.metadata.dependencies() {
            let name = effective(&dependency.alias, &dependency.name);
            all.add(name, &dependency.name);
        }
        for unasked in chart.dependencies.iter().map(Chart::name) {
            if !all.made_of.contains_key(unasked) {
                all.add(unasked, unasked);
            }
        }
        all
    }

    fn add(&mut self, name: &str, made_of: &str) {
        self.effective.insert(name.to_owned());
        let names = self.made_of.entry(made_of.to_owned()).or_default();
        names.insert(name.to_owned());
    }

    /// The names that a name stands for.
    fn named(&self, wanted: &str) -> Vec<String> {
        if self.effective.contains(wanted) {
            return vec![wanted.to_owned()];
        }
        let found = self.made_of.get(wanted);
        found.into_iter().flatten().cloned().collect()
    }
}

struct Resolver<'a> {
    chart: &'a str,
    siblings: &'a Siblings,
}

impl Resolver<'_> {
    fn names(
        &self,
        wanted: &DependsOn,
        field: &'static str,
        of: &str,
    ) -> Result<Vec<String>, OrderError> {
        let DependsOn::Names(wanted) = wanted else {
            return Err(OrderError::Malformed {
                chart: self.chart.to_owned(),
                field,
                of: of.to_owned(),
            });
        };
        let mut names = BTreeSet::new();
        for name in wanted {
            let found = self.siblings.named(name);
            if found.is_empty() {
                return Err(self.unknown(name, of));
            }
            names.extend(found);
            if names.len() > MAX_NAMES {
                return Err(OrderError::TooMany {
                    chart: self.chart.to_owned(),
                    of: of.to_owned(),
                });
            }
        }
        Ok(names.into_iter().collect())
    }

    fn unknown(&self, name: &str, of: &str) -> OrderError {
        OrderError::Unknown {
            chart: self.chart.to_owned(),
            of: of.to_owned(),
            name: name.to_owned(),
            known: self.siblings.effective.iter().cloned().collect(),
        }
    }
}

/// Templates that wait for other templates.
///
/// Templates are told by the beginnings of their paths, as `# Source:` lines have them: `root/charts/web/`
/// is a chart with all below it, `root/templates/` a chart's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Those that wait.
    pub of: Vec<String>,
    /// What they wait for.
    pub needs: Vec<String>,
}

/// What a chart says of the order of the charts below it. Free of circles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    /// Who waits for whom.
    pub edges: Vec<Edge>,
}

impl Order {
    /// The order in a chart whose names are [`resolve`]d and whose dependencies are processed: those that
    /// are disabled are in it no more.
    ///
    /// # Errors
    /// Dependencies that wait for each other.
    pub fn of(chart: &Chart) -> Result<Self, OrderError> {
        let mut order = Self::default();
        order.add(chart)?;
        Ok(order)
    }

    /// Whether nothing waits for anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    fn add(&mut self, chart: &Chart) -> Result<(), OrderError> {
        let below = Below::of(chart);
        let mut needs: Needs<'_> = BTreeMap::new();
        for dependency in chart.metadata.dependencies() {
            let names = below.present(dependency.depends_on.as_ref());
            needs.entry(&dependency.name).or_default().extend(names);
        }
        if let Some(names) = circle(&needs) {
            return Err(OrderError::Circle {
                chart: chart.metadata.name.clone(),
                names,
            });
        }
        for (name, needed) in needs {
            self.connect(below.templates([name]), below.templates(needed));
        }
        let own = below.present(chart.metadata.depends_on.as_ref());
        let templates = vec![format!("{}/templates/", chart.path)];
        self.connect(templates, below.templates(own));
        chart.dependencies.iter().try_for_each(|c| self.add(c))
    }

    fn connect(&mut self, of: Vec<String>, needs: Vec<String>) {
        if !of.is_empty() && !needs.is_empty() {
            self.edges.push(Edge { of, needs });
        }
    }
}

/// The charts directly below one, by their names.
struct Below<'a>(BTreeMap<&'a str, Vec<&'a Chart>>);

impl<'a> Below<'a> {
    fn of(chart: &'a Chart) -> Self {
        let mut all: BTreeMap<&str, Vec<&Chart>> = BTreeMap::new();
        for child in &chart.dependencies {
            all.entry(child.name()).or_default().push(child);
        }
        Self(all)
    }

    /// The names that are those of charts that take part.
    fn present<'b>(&self, wanted: Option<&'b DependsOn>) -> Vec<&'b str> {
        let names = match wanted {
            Some(DependsOn::Names(names)) => names.as_slice(),
            _ => &[],
        };
        let names = names.iter().map(String::as_str);
        names.filter(|name| self.0.contains_key(name)).collect()
    }

    /// What the templates of the charts of those names and of all charts below them begin with.
    fn templates<'b>(&self, names: impl IntoIterator<Item = &'b str>) -> Vec<String> {
        let mut found = Vec::new();
        let named = names.into_iter().filter_map(|name| self.0.get(name));
        for chart in named.flatten() {
            let root = format!("{}/", chart.path);
            add_strays(chart, &root, &mut found);
            found.push(root);
        }
        found.sort();
        found.dedup();
        found
    }
}

/// Charts below one that do not stand below it by their paths: what an alias is made of keeps them.
fn add_strays(chart: &Chart, root: &str, found: &mut Vec<String>) {
    for child in &chart.dependencies {
        if !child.path.starts_with(root) {
            found.push(format!("{}/templates/", child.path));
        }
        add_strays(child, root, found);
    }
}

/// Names and the names that they wait for.
pub type Needs<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// A circle, if there is one: its names, the first repeated at the end.
#[must_use]
pub fn circle(needs: &Needs<'_>) -> Option<Vec<String>> {
    let inner = |needed: &BTreeSet<&str>| needed.iter().filter(|n| needs.contains_key(*n)).count();
    let mut open: BTreeMap<&str, usize> = needs.iter().map(|(n, of)| (*n, inner(of))).collect();
    let mut waiting: Needs<'_> = BTreeMap::new();
    for (name, needed) in needs {
        for other in needed {
            waiting.entry(other).or_default().insert(name);
        }
    }
    let free = open.iter().filter(|(_, count)| **count == 0);
    let mut free: Vec<&str> = free.map(|(name, _)| *name).collect();
    while let Some(name) = free.pop() {
        open.remove(name);
        for other in waiting.get(name).into_iter().flatten() {
            if let Some(count) = open.get_mut(other) {
                *count -= 1;
                if *count == 0 {
                    free.push(other);
                }
            }
        }
    }
    // Everything that is left waits for something that is left: following that must come round.
    let mut way = vec![*open.keys().next()?];
    loop {
        let last = way.last()?;
        let next = needs.get(last)?.iter().find(|n| open.contains_key(*n))?;
        if let Some(start) = way.iter().position(|name| name == next) {
            let mut names: Vec<String> = way[start..].iter().map(|&n| n.to_owned()).collect();
            names.push((*next).to_owned());
            return Some(names);
        }
        way.push(next);
    }
}

#[cfg(test)]
mod tests;
