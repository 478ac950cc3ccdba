//! The charts as a graph with shared nodes.
//!
//! While Helm processes dependencies, one chart can stand at several places (aliases), and what is
//! shared between them depends on the version: charts, metadata and single dependencies are each
//! behind a pointer. Indices into arenas play the pointers' part here, so that sharing is exact;
//! a tree comes out at the end.

use std::rc::Rc;

use windlass_value::{MapId, Value};

use crate::chart::{Chart, File, Lock};
use crate::metadata::{Dependency, Metadata};
use crate::values::coalesce::Node;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ChartId(usize);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MetadataId(usize);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DependencyId(usize);

/// What no pass changes.
#[derive(Debug, Clone)]
struct Body {
    raw: Vec<File>,
    templates: Vec<File>,
    files: Vec<File>,
    lock: Option<Lock>,
    schema: Option<windlass_value::Str>,
    modified: Option<i128>,
    schema_modified: Option<i128>,
}

#[derive(Debug, Clone)]
struct ChartNode {
    body: Rc<Body>,
    metadata: MetadataId,
    values: MapId,
    children: Vec<ChartId>,
    parent: Option<ChartId>,
}

#[derive(Debug, Clone)]
struct MetadataNode {
    /// Without dependencies: those are in the next field.
    metadata: Metadata,
    dependencies: Option<Vec<DependencyId>>,
}

#[derive(Debug, Default)]
pub(super) struct Graph {
    charts: Vec<ChartNode>,
    metadata: Vec<MetadataNode>,
    dependencies: Vec<Dependency>,
}

impl Graph {
    pub(super) fn new(chart: Chart) -> (Self, ChartId) {
        let mut graph = Self::default();
        let root = graph.insert(chart, None);
        (graph, root)
    }

    fn insert(&mut self, chart: Chart, parent: Option<ChartId>) -> ChartId {
        let metadata = self.insert_metadata(chart.metadata);
        let body = Body {
            raw: chart.raw,
            templates: chart.templates,
            files: chart.files,
            lock: chart.lock,
            schema: chart.schema,
            modified: chart.modified,
            schema_modified: chart.schema_modified,
        };
        let node = ChartNode {
            body: Rc::new(body),
            metadata,
            values: chart.values,
            children: Vec::new(),
            parent,
        };
        let id = self.push(node);
        self.charts[id.0].children = chart
            .dependencies
            .into_iter()
            .map(|c| self.insert(c, Some(id)))
            .collect();
        id
    }

    fn insert_metadata(&mut self, mut metadata: Metadata) -> MetadataId {
        let dependencies = metadata.dependencies.take().map(|list| {
            list.into_iter()
                .flatten()
                .map(|d| self.push_dependency(d))
                .collect()
        });
        self.metadata.push(MetadataNode {
            metadata,
            dependencies,
        });
        MetadataId(self.metadata.len() - 1)
    }

    fn push(&mut self, node: ChartNode) -> ChartId {
        self.charts.push(node);
        ChartId(self.charts.len() - 1)
    }

    fn push_dependency(&mut self, dependency: Dependency) -> DependencyId {
        self.dependencies.push(dependency);
        DependencyId(self.dependencies.len() - 1)
    }

    pub(super) fn name(&self, chart: ChartId) -> &str {
        &self.metadata(chart).name
    }

    pub(super) fn metadata(&self, chart: ChartId) -> &Metadata {
        &self.metadata[self.charts[chart.0].metadata.0].metadata
    }

    /// What Chart.yaml asks for; `None` where it does not speak of dependencies at all.
    pub(super) fn wanted(&self, chart: ChartId) -> Option<&[DependencyId]> {
        self.metadata[self.charts[chart.0].metadata.0]
            .dependencies
            .as_deref()
    }

    /// Sets what Chart.yaml asks for; an empty list counts as none.
    pub(super) fn set_wanted(&mut self, chart: ChartId, wanted: Vec<DependencyId>) {
        let metadata = self.charts[chart.0].metadata;
        self.metadata[metadata.0].dependencies = (!wanted.is_empty()).then_some(wanted);
    }

    pub(super) fn dependency(&self, id: DependencyId) -> &Dependency {
        &self.dependencies[id.0]
    }

    pub(super) fn dependency_mut(&mut self, id: DependencyId) -> &mut Dependency {
        &mut self.dependencies[id.0]
    }

    pub(super) fn children(&self, chart: ChartId) -> &[ChartId] {
        &self.charts[chart.0].children
    }

    /// Puts charts below a chart, which becomes their parent.
    pub(super) fn set_children(&mut self, chart: ChartId, children: Vec<ChartId>) {
        for child in &children {
            self.charts[child.0].parent = Some(chart);
        }
        self.charts[chart.0].children = children;
    }

    pub(super) fn set_values(&mut self, chart: ChartId, values: MapId) {
        self.charts[chart.0].values = values;
    }

    /// A copy of a chart under a name of its own. It shares the dependencies and the charts below
    /// with the original; with `deep`, it has copies of them (but not of what they hold).
    pub(super) fn copy_as(&mut self, chart: ChartId, name: Option<&str>, deep: bool) -> ChartId {
        let node = self.charts[chart.0].clone();
        let mut metadata = self.metadata[node.metadata.0].clone();
        if deep && let Some(wanted) = &mut metadata.dependencies {
            for id in wanted {
                *id = self.push_dependency(self.dependencies[id.0].clone());
            }
        }
        if let Some(name) = name {
            name.clone_into(&mut metadata.metadata.name);
        }
        self.metadata.push(metadata);
        let children = node.children.clone();
        let copy = self.push(ChartNode {
            metadata: MetadataId(self.metadata.len() - 1),
            ..node
        });
        if deep {
            let children = children
                .iter()
                .map(|c| self.push(self.charts[c.0].clone()))
                .collect();
            self.set_children(copy, children);
        }
        copy
    }

    fn path(&self, chart: ChartId) -> String {
        match self.charts[chart.0].parent {
            Some(parent) => format!("{}/charts/{}", self.path(parent), self.name(chart)),
            None => self.name(chart).to_owned(),
        }
    }

    /// How many charts there are, those that no longer stand anywhere included.
    pub(super) fn len(&self) -> usize {
        self.charts.len()
    }

    pub(super) fn into_chart(self, root: ChartId) -> Chart {
        let mut places = vec![0; self.charts.len()];
        self.count_places(root, &mut places);
        let paths = (0..places.len())
            .map(|i| {
                if places[i] > 0 {
                    self.path(ChartId(i))
                } else {
                    String::new()
                }
            })
            .collect();
        // Nodes that stand nowhere are dropped here, so that the others need not copy their files.
        let charts = self.charts.into_iter().zip(&places);
        let charts = charts
            .map(|(node, &places)| (places > 0).then_some(node))
            .collect();
        let rest = TreeBuilder {
            charts,
            places,
            paths,
            metadata: self.metadata,
        };
        rest.build(root, &self.dependencies)
    }

    fn count_places(&self, chart: ChartId, places: &mut [usize]) {
        places[chart.0] += 1;
        for &child in self.children(chart) {
            self.count_places(child, places);
        }
    }
}

/// Makes a tree of a graph; a node is copied only where it stands at several places.
struct TreeBuilder {
    charts: Vec<Option<ChartNode>>,
    places: Vec<usize>,
    paths: Vec<String>,
    metadata: Vec<MetadataNode>,
}

impl TreeBuilder {
    fn build(mut self, root: ChartId, dependencies: &[Dependency]) -> Chart {
        self.chart(root, dependencies)
    }

    fn chart(&mut self, id: ChartId, dependencies: &[Dependency]) -> Chart {
        self.places[id.0] -= 1;
        let node = match self.places[id.0] {
            0 => self.charts[id.0].take(),
            _ => self.charts[id.0].clone(),
        };
        let node = node.expect("a node is there until the last of its places is built");
        let children = node
            .children
            .iter()
            .map(|&c| self.chart(c, dependencies))
            .collect();
        let MetadataNode {
            metadata,
            dependencies: wanted,
        } = &self.metadata[node.metadata.0];
        let wanted = wanted.as_ref().map(|ids| {
            ids.iter()
                .map(|id| Some(dependencies[id.0].clone()))
                .collect()
        });
        let body = Rc::unwrap_or_clone(node.body);
        Chart {
            raw: body.raw,
            metadata: Metadata {
                dependencies: wanted,
                ..metadata.clone()
            },
            lock: body.lock,
            templates: body.templates,
            values: node.values,
            schema: body.schema,
            files: body.files,
            dependencies: children,
            path: self.paths[id.0].clone(),
            modified: body.modified,
            schema_modified: body.schema_modified,
        }
    }
}

/// A chart of a graph, for merging its values.
#[derive(Clone, Copy)]
pub(super) struct Ref<'a> {
    pub(super) graph: &'a Graph,
    pub(super) id: ChartId,
}

impl Node for Ref<'_> {
    fn name(&self) -> &str {
        self.graph.name(self.id)
    }

    fn values(&self) -> MapId {
        self.graph.charts[self.id.0].values
    }

    fn children(&self) -> impl Iterator<Item = Self> {
        let graph = self.graph;
        graph
            .children(self.id)
            .iter()
            .map(move |&id| Self { graph, id })
    }
}

/// One entry of `import-values` after processing: `map[string]string` in Helm.
pub(super) fn processed_import(
    heap: &mut windlass_value::Heap,
    child: Value,
    parent: Value,
) -> Value {
    let entries = vec![("child".into(), child), ("parent".into(), parent)];
    Value::Map(heap.map_from(windlass_value::MapType::Strings, entries))
}
