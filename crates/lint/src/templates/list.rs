//! Objects of kind List: annotations in them that Helm does not see.

use windlass_chart::compat::Compat;
use windlass_value::{Heap, Value};

use crate::object::{Object, is_field, kind_name};

const POLICY: &[u8] = b"helm.sh/resource-policy";

// The types of the Go struct that Helm reads a list into, as errors show them.
const ANNOTATIONS: &str = "map[string]string";
const METADATA: &str = "struct { Annotations map[string]string }";
const ITEM: &str = "struct { Metadata struct { Annotations map[string]string } }";
const ITEMS: &str = "[]struct { Metadata struct { Annotations map[string]string } }";
const LIST: &str =
    "struct { Items []struct { Metadata struct { Annotations map[string]string } } }";

/// Checks the first document of a file in which there is a list.
pub(super) fn check(object: &Object, text: &[u8], compat: Compat) -> Result<(), String> {
    if object.kind != "List" {
        return Ok(());
    }
    let mut heap = Heap::new();
    let unparsable = |e: String| format!("unable to parse YAML: {e}");
    let document = windlass_yaml::parse(&mut heap, text).map_err(|e| unparsable(e.to_string()))?;
    let mut reader = Reader {
        heap: &heap,
        error: None,
        has_policy: false,
    };
    reader.list(&document);
    if let Some(e) = reader.error {
        let e = format!("error unmarshaling JSON: while decoding JSON: {e}");
        return Err(unparsable(e));
    }
    if reader.has_policy {
        let start = if compat.starts_errors_lower_case() {
            'a'
        } else {
            'A'
        };
        return Err(format!(
            "{start}nnotation 'helm.sh/resource-policy' within List objects are ignored"
        ));
    }
    Ok(())
}

struct Reader<'h> {
    heap: &'h Heap,
    /// The first misfit.
    error: Option<String>,
    has_policy: bool,
}

impl<'h> Reader<'h> {
    fn list(&mut self, value: &Value) {
        self.field(value, "", LIST, "Items", |this, items| match items {
            Value::Nil => {}
            Value::List(items) => items.iter().for_each(|item| this.item(item)),
            other => this.misfit(other, ".Items", ITEMS),
        });
    }

    fn item(&mut self, value: &Value) {
        self.field(value, ".Items", ITEM, "Metadata", |this, metadata| {
            this.field(
                metadata,
                ".Items.Metadata",
                METADATA,
                "Annotations",
                Self::annotations,
            );
        });
    }

    fn annotations(&mut self, value: &Value) {
        const FIELD: &str = ".Items.Metadata.Annotations";
        let map = match value {
            Value::Nil => return,
            Value::Map(map) => *map,
            other => return self.misfit(other, FIELD, ANNOTATIONS),
        };
        for (key, value) in self.heap.map(map).entries() {
            if matches!(value, Value::List(_) | Value::Map(_)) {
                self.misfit(value, FIELD, "string");
            }
            self.has_policy |= key.as_bytes() == POLICY;
        }
    }

    /// Reads the one field of a struct.
    fn field(
        &mut self,
        value: &Value,
        place: &str,
        struct_type: &str,
        name: &str,
        mut read: impl FnMut(&mut Self, &Value),
    ) {
        match value {
            Value::Nil => {}
            Value::Map(map) => {
                let heap: &'h Heap = self.heap;
                let entries = heap.map(*map).entries().iter();
                entries
                    .filter(|(key, _)| is_field(key, name))
                    .for_each(|(_, v)| read(self, v));
            }
            other => self.misfit(other, place, struct_type),
        }
    }

    fn misfit(&mut self, value: &Value, place: &str, wanted: &str) {
        let found = kind_name(value);
        let target = if place.is_empty() {
            "Go value".to_owned()
        } else {
            format!("Go struct field {place}")
        };
        self.error.get_or_insert_with(|| {
            format!("json: cannot unmarshal {found} into {target} of type {wanted}")
        });
    }
}
