//! What each template sees as `.`, and in which order templates are rendered.

use windlass_chart::compat::Compat;
use windlass_chart::{Chart, metadata};
use windlass_value::{Heap, MapId, MapType, Str, Value};

use crate::capabilities::Capabilities;
use crate::files;

/// The release as templates see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// `.Release.Name`
    pub name: String,
    /// `.Release.Namespace`
    pub namespace: String,
    /// `.Release.Revision`, from 1.
    pub revision: i64,
    /// `.Release.IsInstall`; false while linting, like the next.
    pub is_install: bool,
    /// `.Release.IsUpgrade`
    pub is_upgrade: bool,
}

/// A template with its surroundings.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    /// The full path: `parent/charts/child/templates/a.yaml`.
    pub(crate) name: String,
    pub(crate) text: Str,
    /// The chart's scope, shared by all its templates.
    pub(crate) scope: MapId,
    /// `.Template.BasePath`
    pub(crate) base_path: String,
}

/// Builds the scopes of a chart and all below, and lists their templates in the order in which Helm
/// parses and renders them: deeper paths first, and in reverse order of names.
pub(crate) fn templates(
    chart: &Chart,
    values: MapId,
    release: &Release,
    capabilities: &Capabilities,
    heap: &mut Heap,
    compat: Compat,
) -> Vec<Template> {
    let mut scopes = Scopes {
        heap,
        compat,
        release: Value::Nil,
        capabilities: capabilities.to_value(compat),
        templates: Vec::new(),
    };
    scopes.release = scopes.release_value(release);
    let values_type = windlass_chart::values::named(compat);
    let values = scopes.heap.view_as(values, values_type);
    scopes.chart(chart, values, true);
    let mut templates = scopes.templates;
    sort(&mut templates);
    templates
}

/// Of two templates of one name the later replaces the earlier, as in Helm's map of them.
fn sort(templates: &mut Vec<Template>) {
    templates.reverse();
    let depth = |t: &Template| t.name.matches('/').count();
    templates.sort_by(|a, b| (depth(b), &b.name).cmp(&(depth(a), &a.name)));
    templates.dedup_by(|later, first| later.name == first.name);
}

struct Scopes<'h> {
    heap: &'h mut Heap,
    compat: Compat,
    release: Value,
    capabilities: Value,
    templates: Vec<Template>,
}

impl Scopes<'_> {
    fn release_value(&mut self, release: &Release) -> Value {
        let entries = vec![
            ("IsInstall".into(), Value::Bool(release.is_install)),
            ("IsUpgrade".into(), Value::Bool(release.is_upgrade)),
            ("Name".into(), Value::str(release.name.as_str())),
            ("Namespace".into(), Value::str(release.namespace.as_str())),
            ("Revision".into(), Value::int(release.revision)),
            ("Service".into(), Value::str("Helm")),
        ];
        Value::Map(self.heap.map_from(MapType::Any, entries))
    }

    /// Builds one chart's scope, then those of the charts below it.
    fn chart(&mut self, chart: &Chart, values: MapId, root: bool) -> MapId {
        let subcharts = self.heap.new_map();
        let entries = vec![
            ("Capabilities".into(), self.capabilities.clone()),
            (
                "Chart".into(),
                metadata::to_value(&chart.metadata, root, self.heap, self.compat),
            ),
            ("Files".into(), files::to_value(self.heap, &chart.files)),
            ("Release".into(), self.release.clone()),
            ("Subcharts".into(), Value::Map(subcharts)),
            ("Values".into(), Value::Map(values)),
        ];
        let scope = self.heap.map_from(MapType::Any, entries);
        for child in &chart.dependencies {
            let below = self.values_below(values, child.name());
            let child_scope = self.chart(child, below, false);
            self.heap
                .set(subcharts, child.name(), Value::Map(child_scope));
        }
        self.add_templates(chart, scope);
        scope
    }

    /// `.Values` of a subchart: the table of its name in its parent's, or an empty one.
    fn values_below(&mut self, parent: MapId, name: &str) -> MapId {
        let values_type = windlass_chart::values::named(self.compat);
        // A dot in the name is a path to Helm, which looks up `Values.NAME`.
        let mut table = Some(parent);
        for part in name.split('.') {
            table = table.and_then(|t| self.heap.get(t, part.as_bytes())?.as_map());
        }
        match table {
            Some(id) => self.heap.view_as(id, values_type),
            None => self.heap.new_map_of(values_type),
        }
    }

    fn add_templates(&mut self, chart: &Chart, scope: MapId) {
        let path = chart.path.as_str();
        for file in &chart.templates {
            let base = file.name.rsplit('/').next().unwrap_or_default();
            if chart.is_library() && !base.starts_with('_') {
                continue;
            }
            self.templates.push(Template {
                name: join(path, &file.name),
                text: file.data.clone(),
                scope,
                base_path: join(path, "templates"),
            });
        }
    }
}

/// Go's `path.Join` of a chart's path and a name below it.
fn join(path: &str, name: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').chain(name.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}
