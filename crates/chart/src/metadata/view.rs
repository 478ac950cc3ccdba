//! What templates see as `.Chart`: a map in Helm 4, a struct in Helm 3.

use std::any::Any;

use windlass_value::object::{Field, Record, RecordType};
use windlass_value::{Elem, Heap, Kind, List, ListType, MapId, MapType, Object, Value};

use crate::compat::Compat;

use super::{Dependency, Maintainer, Metadata, write};

/// `.Chart`, as the compat dial has it.
pub fn to_value(metadata: &Metadata, is_root: bool, heap: &mut Heap, compat: Compat) -> Value {
    if compat.chart_is_map() {
        Value::Map(to_map(metadata, is_root, heap))
    } else {
        to_record(metadata, is_root, heap)
    }
}

/// Helm 4's `.Chart`: a map whose keys are Go's field names, all there, lists never nil.
pub fn to_map(metadata: &Metadata, is_root: bool, heap: &mut Heap) -> MapId {
    let maintainers = metadata.maintainers.iter().flatten().flatten();
    let maintainers = maintainers.map(|m| maintainer_map(heap, m)).collect();
    let dependencies = metadata.dependencies();
    let dependencies = dependencies.map(|d| dependency_map(heap, d)).collect();
    let annotations = write::annotations(heap, metadata);
    let entries = vec![
        ("Name".into(), text(&metadata.name)),
        ("Home".into(), text(&metadata.home)),
        ("Sources".into(), any_list(metadata.sources.as_deref())),
        ("Version".into(), text(&metadata.version)),
        ("Description".into(), text(&metadata.description)),
        ("Keywords".into(), any_list(metadata.keywords.as_deref())),
        ("Maintainers".into(), Value::list(maintainers)),
        ("Icon".into(), text(&metadata.icon)),
        ("APIVersion".into(), text(&metadata.api_version)),
        ("Condition".into(), text(&metadata.condition)),
        ("Tags".into(), text(&metadata.tags)),
        ("AppVersion".into(), text(&metadata.app_version)),
        ("Deprecated".into(), Value::Bool(metadata.deprecated)),
        ("Annotations".into(), annotations),
        ("KubeVersion".into(), text(&metadata.kube_version)),
        ("Dependencies".into(), Value::list(dependencies)),
        ("Type".into(), text(&metadata.kind)),
        ("IsRoot".into(), Value::Bool(is_root)),
    ];
    heap.map_from(MapType::Any, entries)
}

fn text(text: &str) -> Value {
    Value::str(text)
}

fn any_list(texts: Option<&[String]>) -> Value {
    Value::list(texts.unwrap_or_default().iter().map(|t| text(t)).collect())
}

fn maintainer_map(heap: &mut Heap, maintainer: &Maintainer) -> Value {
    let entries = vec![
        ("Name".into(), text(&maintainer.name)),
        ("Email".into(), text(&maintainer.email)),
        ("URL".into(), text(&maintainer.url)),
    ];
    Value::Map(heap.map_from(MapType::Any, entries))
}

fn dependency_map(heap: &mut Heap, dependency: &Dependency) -> Value {
    let entries = vec![
        ("Name".into(), text(&dependency.name)),
        ("Version".into(), text(&dependency.version)),
        ("Repository".into(), text(&dependency.repository)),
        ("Condition".into(), text(&dependency.condition)),
        ("Tags".into(), any_list(dependency.tags.as_deref())),
        ("Enabled".into(), Value::Bool(dependency.enabled)),
        (
            "ImportValues".into(),
            Value::list(dependency.import_values.clone().unwrap_or_default()),
        ),
        ("Alias".into(), text(&dependency.alias)),
    ];
    Value::Map(heap.map_from(MapType::Any, entries))
}

static METADATA: RecordType = RecordType {
    name: "chart.Metadata",
    fields: &[
        Field::omit("Name", "name"),
        Field::omit("Home", "home"),
        Field::omit("Sources", "sources"),
        Field::omit("Version", "version"),
        Field::omit("Description", "description"),
        Field::omit("Keywords", "keywords"),
        Field::omit("Maintainers", "maintainers"),
        Field::omit("Icon", "icon"),
        Field::omit("APIVersion", "apiVersion"),
        Field::omit("Condition", "condition"),
        Field::omit("Tags", "tags"),
        Field::omit("AppVersion", "appVersion"),
        Field::omit("Deprecated", "deprecated"),
        Field::omit("Annotations", "annotations"),
        Field::omit("KubeVersion", "kubeVersion"),
        Field::omit("Dependencies", "dependencies"),
        Field::omit("Type", "type"),
    ],
    methods: &[],
    display: None,
};

static MAINTAINER: RecordType = RecordType {
    name: "*chart.Maintainer",
    fields: &[
        Field::omit("Name", "name"),
        Field::omit("Email", "email"),
        Field::omit("URL", "url"),
    ],
    methods: &[],
    display: None,
};

static DEPENDENCY: RecordType = RecordType {
    name: "*chart.Dependency",
    fields: &[
        Field::keep("Name", "name"),
        Field::omit("Version", "version"),
        Field::keep("Repository", "repository"),
        Field::omit("Condition", "condition"),
        Field::omit("Tags", "tags"),
        Field::omit("Enabled", "enabled"),
        Field::omit("ImportValues", "import-values"),
        Field::omit("Alias", "alias"),
    ],
    methods: &[],
    display: None,
};

const MAINTAINERS: ListType = ListType {
    name: "[]*chart.Maintainer",
    elem: Elem::Object("*chart.Maintainer"),
    methods: &[],
};

const DEPENDENCIES: ListType = ListType {
    name: "[]*chart.Dependency",
    elem: Elem::Object("*chart.Dependency"),
    methods: &[],
};

/// Helm 3's `.Chart`: a struct that embeds the metadata, so that the metadata's fields are its own.
#[derive(Debug)]
struct ChartRecord {
    metadata: Record,
    is_root: bool,
    json: String,
}

/// Helm 3's `.Chart`.
pub fn to_record(metadata: &Metadata, is_root: bool, heap: &mut Heap) -> Value {
    let json = write::chart_json(heap, metadata, is_root);
    Value::object(ChartRecord {
        metadata: metadata_record(heap, metadata),
        is_root,
        json,
    })
}

impl Object for ChartRecord {
    fn type_name(&self) -> &'static str {
        "struct { chart.Metadata; IsRoot bool }"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn fields(&self) -> Vec<(Field, Value)> {
        vec![
            (
                Field::plain("Metadata"),
                Value::object(self.metadata.clone()),
            ),
            (Field::plain("IsRoot"), Value::Bool(self.is_root)),
        ]
    }

    fn field(&self, name: &[u8]) -> Option<Value> {
        match name {
            b"Metadata" => Some(Value::object(self.metadata.clone())),
            b"IsRoot" => Some(Value::Bool(self.is_root)),
            promoted => self.metadata.field(promoted),
        }
    }

    fn embeds(&self) -> &'static [&'static str] {
        &["Metadata"]
    }

    /// Go's JSON writes an embedded struct's fields as the outer one's.
    fn to_json(&self) -> Option<Result<String, String>> {
        Some(Ok(self.json.clone()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Chart.yaml's fields as a struct.
pub fn to_struct(metadata: &Metadata, heap: &mut Heap) -> Value {
    Value::object(metadata_record(heap, metadata))
}

fn metadata_record(heap: &mut Heap, metadata: &Metadata) -> Record {
    let maintainers = list(MAINTAINERS, metadata.maintainers.as_deref(), |m| {
        m.as_ref().map_or(Value::Nil, maintainer_record)
    });
    let dependencies = list(DEPENDENCIES, metadata.dependencies.as_deref(), |d| {
        d.as_ref().map_or(Value::Nil, dependency_record)
    });
    let annotations = write::annotations(heap, metadata);
    let values = vec![
        text(&metadata.name),
        text(&metadata.home),
        strings(metadata.sources.as_deref()),
        text(&metadata.version),
        text(&metadata.description),
        strings(metadata.keywords.as_deref()),
        maintainers,
        text(&metadata.icon),
        text(&metadata.api_version),
        text(&metadata.condition),
        text(&metadata.tags),
        text(&metadata.app_version),
        Value::Bool(metadata.deprecated),
        annotations,
        text(&metadata.kube_version),
        dependencies,
        text(&metadata.kind),
    ];
    Record::new(&METADATA, values)
}

fn maintainer_record(maintainer: &Maintainer) -> Value {
    let values = vec![
        text(&maintainer.name),
        text(&maintainer.email),
        text(&maintainer.url),
    ];
    Value::object(Record::new(&MAINTAINER, values))
}

fn dependency_record(dependency: &Dependency) -> Value {
    let values = vec![
        text(&dependency.name),
        text(&dependency.version),
        text(&dependency.repository),
        text(&dependency.condition),
        strings(dependency.tags.as_deref()),
        Value::Bool(dependency.enabled),
        list(
            ListType::ANY,
            dependency.import_values.as_deref(),
            Value::clone,
        ),
        text(&dependency.alias),
    ];
    Value::object(Record::new(&DEPENDENCY, values))
}

fn strings(texts: Option<&[String]>) -> Value {
    list(ListType::STRINGS, texts, |t| text(t))
}

fn list<T>(ty: ListType, items: Option<&[T]>, view: impl Fn(&T) -> Value) -> Value {
    let list = match items {
        None => List::nil(ty),
        Some(items) => List::new(ty, items.iter().map(view).collect()),
    };
    Value::List(list.into())
}
