//! Chart.yaml and Chart.lock as text: Go's JSON of the structs, and Helm's YAML.

use windlass_value::{Heap, MapType, Str, Value, json};

use super::{Dependency, Maintainer, Metadata};
use crate::chart::Lock;

/// The zero time, which Helm writes where Chart.lock has none.
const ZERO_TIME: &str = "0001-01-01T00:00:00Z";

/// Go's JSON of `chart.Metadata`: fields in the struct's order, empty ones left out. `heap` is the
/// one that holds `import-values`.
#[must_use]
pub fn to_json(heap: &Heap, metadata: &Metadata) -> String {
    let mut out = Object::new();
    metadata_fields(&mut out, heap, metadata);
    out.finish()
}

/// JSON of what Helm 3's templates see as `.Chart`: the metadata's fields, then `IsRoot`.
pub(super) fn chart_json(heap: &Heap, metadata: &Metadata, is_root: bool) -> String {
    let mut out = Object::new();
    metadata_fields(&mut out, heap, metadata);
    out.raw("IsRoot", if is_root { "true" } else { "false" });
    out.finish()
}

fn metadata_fields(out: &mut Object, heap: &Heap, metadata: &Metadata) {
    out.text("name", &metadata.name);
    out.text("home", &metadata.home);
    out.texts("sources", metadata.sources.as_deref());
    out.text("version", &metadata.version);
    out.text("description", &metadata.description);
    out.texts("keywords", metadata.keywords.as_deref());
    let maintainers = metadata.maintainers.iter().flatten();
    out.list(
        "maintainers",
        maintainers.map(|m| or_null(m.as_ref(), maintainer)),
    );
    out.text("icon", &metadata.icon);
    out.text("apiVersion", &metadata.api_version);
    out.text("condition", &metadata.condition);
    out.text("tags", &metadata.tags);
    out.text("appVersion", &metadata.app_version);
    out.flag("deprecated", metadata.deprecated);
    if let Some(annotations) = metadata.annotations.as_deref().filter(|a| !a.is_empty()) {
        let mut map = Object::new();
        for (key, value) in annotations {
            map.raw(key, &string(value));
        }
        out.raw("annotations", &map.finish());
    }
    out.text("kubeVersion", &metadata.kube_version);
    let dependencies = metadata.dependencies.iter().flatten();
    out.list(
        "dependencies",
        dependencies.map(|d| or_null(d.as_ref(), |d| dependency(heap, d))),
    );
    out.text("type", &metadata.kind);
}

fn maintainer(maintainer: &Maintainer) -> String {
    let mut out = Object::new();
    out.text("name", &maintainer.name);
    out.text("email", &maintainer.email);
    out.text("url", &maintainer.url);
    out.finish()
}

/// Go's JSON of one `chart.Dependency`.
pub(crate) fn dependency(heap: &Heap, dependency: &Dependency) -> String {
    let mut out = Object::new();
    out.raw("name", &string(&dependency.name));
    out.text("version", &dependency.version);
    out.raw("repository", &string(&dependency.repository));
    out.text("condition", &dependency.condition);
    out.texts("tags", dependency.tags.as_deref());
    out.flag("enabled", dependency.enabled);
    let imports = dependency.import_values.iter().flatten();
    out.list("import-values", imports.map(|v| any(heap, v)));
    out.text("alias", &dependency.alias);
    out.finish()
}

/// `import-values` came from JSON, so it can be JSON again.
fn any(heap: &Heap, value: &Value) -> String {
    let bytes = json::marshal(heap, value).unwrap_or_else(|_| b"null".to_vec());
    String::from_utf8_lossy(&bytes).into_owned()
}

pub(crate) fn or_null<T>(value: Option<T>, write: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|| "null".to_owned(), write)
}

fn string(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len() + 2);
    json::append_string(&mut out, text.as_bytes(), true);
    String::from_utf8_lossy(&out).into_owned()
}

/// A JSON object in the making. All but `raw` leave out what is empty.
struct Object(String);

impl Object {
    fn new() -> Self {
        Self("{".to_owned())
    }

    fn raw(&mut self, key: &str, json: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0.push_str(&string(key));
        self.0.push(':');
        self.0.push_str(json);
    }

    fn text(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.raw(key, &string(text));
        }
    }

    fn texts(&mut self, key: &str, texts: Option<&[String]>) {
        self.list(key, texts.unwrap_or_default().iter().map(|t| string(t)));
    }

    fn flag(&mut self, key: &str, flag: bool) {
        if flag {
            self.raw(key, "true");
        }
    }

    fn list(&mut self, key: &str, items: impl Iterator<Item = String>) {
        let items: Vec<String> = items.collect();
        if !items.is_empty() {
            self.raw(key, &format!("[{}]", items.join(",")));
        }
    }

    fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// Chart.yaml as Helm writes it: keys in order, empty fields left out.
///
/// # Errors
/// What writing YAML gives.
pub fn to_yaml(heap: &Heap, metadata: &Metadata) -> Result<String, windlass_yaml::Error> {
    yaml_of_json(&to_json(heap, metadata))
}

/// Chart.lock as Helm writes it.
///
/// # Errors
/// What writing YAML gives.
pub fn lock_to_yaml(heap: &Heap, lock: &Lock) -> Result<String, windlass_yaml::Error> {
    yaml_of_json(&lock_to_json(heap, lock))
}

/// Go's JSON of `chart.Lock`.
#[must_use]
pub fn lock_to_json(heap: &Heap, lock: &Lock) -> String {
    let generated = if lock.generated.is_empty() {
        ZERO_TIME
    } else {
        &lock.generated
    };
    let mut out = Object::new();
    out.raw("generated", &string(generated));
    out.raw("digest", &string(&lock.digest));
    out.raw(
        "dependencies",
        &dependency_list(heap, lock.dependencies.as_deref()),
    );
    out.finish()
}

/// Go's JSON of a `[]*chart.Dependency`.
pub(crate) fn dependency_list(heap: &Heap, list: Option<&[Option<Dependency>]>) -> String {
    or_null(list, |list| {
        let items: Vec<String> = list
            .iter()
            .map(|d| or_null(d.as_ref(), |d| dependency(heap, d)))
            .collect();
        format!("[{}]", items.join(","))
    })
}

/// Helm writes YAML by way of JSON, and so is it done here.
fn yaml_of_json(json: &str) -> Result<String, windlass_yaml::Error> {
    let mut heap = Heap::new();
    let value = json::unmarshal(&mut heap, json.as_bytes()).unwrap_or_default();
    windlass_yaml::to_yaml(&heap, &value)
}

/// The annotations as the `map[string]string` they are.
pub(super) fn annotations(heap: &mut Heap, metadata: &Metadata) -> Value {
    Value::Map(match &metadata.annotations {
        None => heap.new_nil_map(MapType::Strings),
        Some(all) => {
            let entry = |(key, value): &(String, String)| {
                (Str::from(key.as_str()), Value::str(value.as_str()))
            };
            let entries = all.iter().map(entry).collect();
            heap.map_from(MapType::Strings, entries)
        }
    })
}
