//! `windlass get all --template`: a release as Go's templates see Helm's structs.

use std::any::Any;

use windlass_chart::compat::Compat;
use windlass_release::{Hook, Release, StoredChart, StoredFile, Time};
use windlass_template::{Functions, Limits, Session as Machine, Templates};
use windlass_value::func::{CallError, Method, Param};
use windlass_value::object::{Field, Record, RecordType};
use windlass_value::{Elem, Heap, List, ListType, MapType, Object, Str, Value};

use crate::commands::release::SystemWorld;
use crate::error::Failure;

/// Fills a template over `.Release`.
///
/// # Errors
/// The template engine's text, or what is wrong with the record.
pub(super) fn fill(text: &str, release: &Release, compat: Compat) -> Result<String, Failure> {
    const NAME: &str = "_";
    let mut set = Templates::new(NAME, Functions::new(), Default::default());
    let told = |e: &windlass_template::Error| Failure::new(e.text());
    set.parse(NAME, text).map_err(|e| told(&e))?;
    let mut heap = Heap::new();
    let names = Names::of(compat);
    let seen = view(release, names, &mut heap)?;
    let data = heap.map_from(MapType::Any, vec![("Release".into(), seen)]);
    let mut host = SystemWorld;
    let mut machine = Machine::new(&set, &mut heap, &mut host, Limits::default());
    let output = machine.render(NAME.as_bytes(), Value::Map(data));
    let output = output.map_err(|e| told(&e))?;
    Ok(String::from_utf8_lossy(&output).into_owned())
}

/// The types of one Helm.
struct Names {
    release: &'static RecordType,
    info: &'static RecordType,
    chart: &'static RecordType,
    file: &'static RecordType,
    hook: &'static RecordType,
    run: &'static RecordType,
    files: ListType,
    hooks: ListType,
    events: ListType,
    policies: ListType,
    log_policies: ListType,
    status: &'static str,
    event: &'static str,
    policy: &'static str,
    log_policy: &'static str,
    phase: &'static str,
}

/// Declares the types of a Helm: its packages differ, and a few fields.
macro_rules! names {
    ($name:ident, $release:literal, $status:literal, $chart:literal, $file:literal,
     [$($release_field:literal),*], [$($info_field:literal),*], [$($chart_field:literal),*],
     [$($file_field:literal),*]) => {
        static $name: Names = Names {
            release: &RecordType {
                name: concat!("*", $release, ".Release"),
                fields: &[$(Field::plain($release_field)),*],
                methods: &[],
                display: None,
            },
            info: &RecordType {
                name: concat!("*", $release, ".Info"),
                fields: &[$(Field::plain($info_field)),*],
                methods: &[],
                display: None,
            },
            chart: &RecordType {
                name: concat!("*", $chart, ".Chart"),
                fields: &[$(Field::plain($chart_field)),*],
                methods: CHART_METHODS,
                display: None,
            },
            file: &RecordType {
                name: concat!("*", $file, ".File"),
                fields: &[$(Field::plain($file_field)),*],
                methods: &[],
                display: None,
            },
            hook: &RecordType {
                name: concat!("*", $release, ".Hook"),
                fields: HOOK_FIELDS,
                methods: &[],
                display: None,
            },
            run: &RecordType {
                name: concat!($release, ".HookExecution"),
                fields: RUN_FIELDS,
                methods: &[],
                display: None,
            },
            files: objects(concat!("[]*", $file, ".File"), concat!("*", $file, ".File")),
            hooks: objects(concat!("[]*", $release, ".Hook"), concat!("*", $release, ".Hook")),
            events: objects(
                concat!("[]", $release, ".HookEvent"),
                concat!($release, ".HookEvent"),
            ),
            policies: objects(
                concat!("[]", $release, ".HookDeletePolicy"),
                concat!($release, ".HookDeletePolicy"),
            ),
            log_policies: objects(
                concat!("[]", $release, ".HookOutputLogPolicy"),
                concat!($release, ".HookOutputLogPolicy"),
            ),
            status: concat!($status, ".Status"),
            event: concat!($release, ".HookEvent"),
            policy: concat!($release, ".HookDeletePolicy"),
            log_policy: concat!($release, ".HookOutputLogPolicy"),
            phase: concat!($release, ".HookPhase"),
        };
    };
}

const HOOK_FIELDS: &[Field] = &[
    Field::plain("Name"),
    Field::plain("Kind"),
    Field::plain("Path"),
    Field::plain("Manifest"),
    Field::plain("Events"),
    Field::plain("LastRun"),
    Field::plain("Weight"),
    Field::plain("DeletePolicies"),
    Field::plain("OutputLogPolicies"),
];

const RUN_FIELDS: &[Field] = &[
    Field::plain("StartedAt"),
    Field::plain("CompletedAt"),
    Field::plain("Phase"),
];

names!(
    HELM_4,
    "v1",
    "common",
    "v2",
    "common",
    [
        "Name",
        "Info",
        "Chart",
        "Config",
        "Manifest",
        "Hooks",
        "Version",
        "Namespace",
        "Labels",
        "ApplyMethod"
    ],
    [
        "FirstDeployed",
        "LastDeployed",
        "Deleted",
        "Description",
        "Status",
        "RollbackRevision",
        "Notes",
        "Resources"
    ],
    [
        "Raw",
        "Metadata",
        "Lock",
        "Templates",
        "Values",
        "Schema",
        "SchemaModTime",
        "Files",
        "ModTime"
    ],
    ["Name", "Data", "ModTime"]
);

names!(
    HELM_3,
    "release",
    "release",
    "chart",
    "chart",
    [
        "Name",
        "Info",
        "Chart",
        "Config",
        "Manifest",
        "Hooks",
        "Version",
        "Namespace",
        "Labels"
    ],
    [
        "FirstDeployed",
        "LastDeployed",
        "Deleted",
        "Description",
        "Status",
        "Notes",
        "Resources"
    ],
    [
        "Raw",
        "Metadata",
        "Lock",
        "Templates",
        "Values",
        "Schema",
        "Files"
    ],
    ["Name", "Data"]
);

const fn objects(name: &'static str, elem: &'static str) -> ListType {
    ListType {
        name,
        elem: Elem::Object(elem),
        methods: &[],
    }
}

impl Names {
    fn of(compat: Compat) -> &'static Self {
        if compat.records_apply_method() {
            &HELM_4
        } else {
            &HELM_3
        }
    }
}

/// A struct whose fields are found by their names: those a Helm does not have stay out.
fn record(ty: &'static RecordType, all: &[(&'static str, Value)]) -> Value {
    let find = |field: &Field| {
        let found = all.iter().find(|(name, _)| *name == field.name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    Value::object(Record::new(ty, ty.fields.iter().map(find).collect()))
}

fn view(release: &Release, names: &'static Names, heap: &mut Heap) -> Result<Value, Failure> {
    let config = match &release.config {
        Some(config) => config
            .to_value(heap)
            .map_err(|e| Failure::new(e.to_string()))?,
        None => Value::Map(heap.new_nil_map(MapType::Any)),
    };
    let chart = match &release.chart {
        Some(stored) => chart(stored, names, heap)?,
        None => Value::Nil,
    };
    let labels = release.labels.iter();
    let labels = labels.map(|(k, v)| (Str::from(k.as_str()), Value::str(v.as_str())));
    let labels = Value::Map(heap.map_from(MapType::Strings, labels.collect()));
    let method = release.apply_method.as_ref().map_or("", |m| m.as_str());
    let hooks = release.hooks.iter().map(|h| hook(h, names)).collect();
    Ok(record(
        names.release,
        &[
            ("Name", Value::str(release.name.as_str())),
            ("Info", info(release, names, heap)),
            ("Chart", chart),
            ("Config", config),
            ("Manifest", Value::str(release.manifest.as_str())),
            ("Hooks", Value::List(List::new(names.hooks, hooks).into())),
            ("Version", Value::int(release.version)),
            ("Namespace", Value::str(release.namespace.as_str())),
            ("Labels", labels),
            ("ApplyMethod", Value::str(method)),
        ],
    ))
}

fn info(release: &Release, names: &'static Names, heap: &mut Heap) -> Value {
    let info = &release.info;
    let status = Word::value(names.status, info.status.as_str(), STRING_METHOD);
    record(
        names.info,
        &[
            ("FirstDeployed", time(&info.first_deployed)),
            ("LastDeployed", time(&info.last_deployed)),
            ("Deleted", time(&info.deleted)),
            ("Description", Value::str(info.description.as_str())),
            ("Status", status),
            ("RollbackRevision", Value::int(info.rollback_revision)),
            ("Notes", Value::str(info.notes.as_str())),
            ("Resources", Value::Map(heap.new_nil_map(MapType::Any))),
        ],
    )
}

fn time(time: &Time) -> Value {
    Value::object(time.clone())
}

fn chart(stored: &StoredChart, names: &'static Names, heap: &mut Heap) -> Result<Value, Failure> {
    let failed = |e: windlass_release::ChartError| Failure::new(e.to_string());
    let metadata = stored.full_metadata(heap).map_err(failed)?;
    let metadata = windlass_chart::metadata::to_struct(&metadata, heap);
    let values = Value::Map(stored.values_in(heap).map_err(failed)?);
    let schema = stored.schema.as_ref().map(|s| s.decode()).transpose();
    let schema = schema.map_err(|_| Failure::new("the schema in the record is not Base64"))?;
    Ok(record(
        names.chart,
        &[
            ("Raw", files(None, names)?),
            ("Metadata", metadata),
            ("Templates", files(stored.templates.as_deref(), names)?),
            ("Values", values),
            ("Schema", Value::Bytes(schema.unwrap_or_default().into())),
            ("SchemaModTime", time(&stored.schema_modified)),
            ("Files", files(stored.files.as_deref(), names)?),
            ("ModTime", time(&stored.modified)),
        ],
    ))
}

fn files(files: Option<&[StoredFile]>, names: &'static Names) -> Result<Value, Failure> {
    let one = |file: &StoredFile| {
        let data = file.data.as_ref().map(|d| d.decode()).transpose();
        let data = data.map_err(|_| Failure::new(format!("{} is not Base64", file.name)))?;
        Ok(record(
            names.file,
            &[
                ("Name", Value::str(file.name.as_str())),
                ("Data", Value::Bytes(data.unwrap_or_default().into())),
                ("ModTime", time(&file.modified)),
            ],
        ))
    };
    let list = match files {
        None => List::nil(names.files),
        Some(files) => {
            let items = files.iter().map(one).collect::<Result<_, Failure>>()?;
            List::new(names.files, items)
        }
    };
    Ok(Value::List(list.into()))
}

fn hook(hook: &Hook, names: &'static Names) -> Value {
    let words = |ty: ListType, name: &'static str, words: Vec<&str>, methods| {
        let items = words.into_iter().map(|w| Word::value(name, w, methods));
        Value::List(List::new(ty, items.collect()).into())
    };
    let events = hook.events.iter().map(|e| e.as_str()).collect();
    let policies = hook.delete_policies.iter().map(|p| p.as_str()).collect();
    let logs = hook
        .output_log_policies
        .iter()
        .map(|p| p.as_str())
        .collect();
    let run = record(
        names.run,
        &[
            ("StartedAt", time(&hook.last_run.started_at)),
            ("CompletedAt", time(&hook.last_run.completed_at)),
            (
                "Phase",
                Word::value(names.phase, hook.last_run.phase.as_str(), STRING_METHOD),
            ),
        ],
    );
    record(
        names.hook,
        &[
            ("Name", Value::str(hook.name.as_str())),
            ("Kind", Value::str(hook.kind.as_str())),
            ("Path", Value::str(hook.path.as_str())),
            ("Manifest", Value::str(hook.manifest.as_str())),
            (
                "Events",
                words(names.events, names.event, events, STRING_METHOD),
            ),
            ("LastRun", run),
            ("Weight", Value::int(hook.weight)),
            (
                "DeletePolicies",
                words(names.policies, names.policy, policies, &[]),
            ),
            (
                "OutputLogPolicies",
                words(names.log_policies, names.log_policy, logs, &[]),
            ),
        ],
    )
}

/// A named string.
#[derive(Debug)]
struct Word {
    ty: &'static str,
    text: Str,
    methods: &'static [Method],
}

const STRING_METHOD: &[Method] = &[Method::new("String", &[], |_, this, _| {
    let word = this.downcast::<Word>();
    Ok(word.map_or_else(Value::default, |w| Value::Str(w.text.clone())))
})];

impl Word {
    fn value(ty: &'static str, text: &str, methods: &'static [Method]) -> Value {
        let text = Str::from(text);
        Value::object(Self { ty, text, methods })
    }
}

impl Object for Word {
    fn type_name(&self) -> &'static str {
        self.ty
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::Str(self.text.clone()))
    }

    fn methods(&self) -> &'static [Method] {
        self.methods
    }

    fn display(&self) -> Option<Str> {
        Some(self.text.clone())
    }

    fn equals(&self, other: &dyn Object, _heap: &Heap) -> Option<bool> {
        let other = other.as_any().downcast_ref::<Self>()?;
        Some(self.text == other.text)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A chart of a record stands alone: it is its own root.
const CHART_METHODS: &[Method] = &[
    Method::new("AppVersion", NONE, |_, this, _| {
        of_metadata(this, b"AppVersion")
    }),
    Method::new("ChartFullPath", NONE, |_, this, _| {
        of_metadata(this, b"Name")
    }),
    Method::new("ChartPath", NONE, |_, this, _| of_metadata(this, b"Name")),
    Method::new("IsRoot", NONE, |_, _, _| Ok(Value::Bool(true))),
    Method::new("Name", NONE, |_, this, _| of_metadata(this, b"Name")),
];

const NONE: &[Param] = &[];

fn of_metadata(chart: &Value, field: &[u8]) -> Result<Value, CallError> {
    let metadata = chart
        .downcast::<Record>()
        .and_then(|chart| chart.field(b"Metadata"));
    let found = metadata.and_then(|m| m.downcast::<Record>()?.field(field));
    found.ok_or_else(|| CallError::new("the chart has no metadata"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use windlass_release::{Detail, codec};

    use super::*;

    const TEMPLATE: &str = "{{with .Release}}{{.Name}} {{.Info.Status}} {{eq .Info.Status \"deployed\"}} \
        {{.Chart.Metadata.Version}} {{.Chart.Name}} {{range .Hooks}}{{.Name}} {{.Events}} \
        {{.LastRun.Phase}} {{end}}{{.Info.LastDeployed}} {{.Config.extra}} {{.Version}} \
        {{(index .Chart.Templates 0).Name}} {{printf \"%s\" (index .Chart.Templates 0).Data}}{{end}}";

    fn release(record: &str) -> Release {
        codec::from_json(record.as_bytes(), Detail::Full).unwrap()
    }

    /// Expected: what each Helm printed for the template over the same record.
    #[test]
    fn templates_see_helms_structs() {
        for (compat, record, shown) in [
            (
                Compat::Helm3,
                include_str!("../../../../release/tests/records/helm3-v3.json"),
                include_str!("../../release_view/shown/helm3-template.txt"),
            ),
            (
                Compat::Helm4,
                include_str!("../../../../release/tests/records/helm4-v3.json"),
                include_str!("../../release_view/shown/helm4-template.txt"),
            ),
        ] {
            assert_eq!(fill(TEMPLATE, &release(record), compat).unwrap(), shown);
        }
    }

    #[test]
    fn a_field_that_a_helm_does_not_have_is_an_error() {
        let release = release(include_str!(
            "../../../../release/tests/records/helm4-v3.json"
        ));
        let text = "{{.Release.Info.RollbackRevision}}";
        assert_eq!(fill(text, &release, Compat::Helm4).unwrap(), "1");
        let failed = fill(text, &release, Compat::Helm3).unwrap_err();
        assert!(
            failed
                .message
                .ends_with("can't evaluate field RollbackRevision in type *release.Info"),
            "{}",
            failed.message
        );
    }
}
