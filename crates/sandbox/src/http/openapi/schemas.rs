//! The types of kinds as JSON schemas, as the table of built-in types and CRDs tell them: everything that
//! clients compute with, but no prose.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use windlass_kinds::schema::{Field, Relation, Scalar, Schema, Type, TypeRef};

use crate::catalog::Kind;

const METADATA: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const TIME: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.Time";
const MICRO_TIME: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime";
const INT_OR_STRING: &str = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
const QUANTITY: &str = "io.k8s.apimachinery.pkg.api.resource.Quantity";
const FIELDS: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1";
const RAW: &str = "io.k8s.apimachinery.pkg.runtime.RawExtension";

/// Schemas by name, and the version of OpenAPI that they are written for.
pub(super) struct Schemas {
    third: bool,
    done: BTreeMap<String, Value>,
    /// Referred to, and not written yet.
    open: Vec<TypeRef>,
    /// The package of the type that is being written.
    package: &'static str,
}

impl Schemas {
    pub(super) fn new(third: bool) -> Self {
        Self {
            third,
            done: BTreeMap::new(),
            open: Vec::new(),
            package: "",
        }
    }

    /// Adds a kind, and all that it refers to.
    pub(super) fn add(&mut self, kind: &Kind) {
        let (name, mut schema) = match &kind.custom {
            Some(custom) => (custom_name(kind), self.custom(&custom.schema)),
            None => self.builtin(kind),
        };
        self.close();
        // Two resources may have one kind.
        let own = super::marker(kind);
        let mut markers = vec![own.clone()];
        if let Some(Value::Array(known)) = self.done.get(&name).map(|there| &there[MARK]) {
            markers.extend(known.iter().filter(|known| **known != own).cloned());
        }
        schema[MARK] = markers.into();
        self.done.insert(name, schema);
    }

    /// All schemas.
    pub(super) fn finish(self) -> Value {
        Value::Object(self.done.into_iter().collect())
    }

    fn builtin(&mut self, kind: &Kind) -> (String, Value) {
        let schema = Schema::builtin(&kind.group, &kind.version, &kind.kind);
        match schema {
            Some(schema) if !schema.root().resolve().name.is_empty() => {
                let of = schema.root().resolve();
                (of.name.to_owned(), self.structure(of))
            }
            _ => (custom_name(kind), json!({"type": "object"})),
        }
    }

    /// A CRD's schema, with what every object has besides.
    fn custom(&mut self, schema: &Value) -> Value {
        let mut schema = schema.clone();
        if !schema.is_object() {
            schema = json!({"type": "object"});
        }
        if !self.third {
            second_version(&mut schema);
        }
        if schema["properties"].is_object() {
            let properties = &mut schema["properties"];
            for name in ["apiVersion", "kind"] {
                if properties[name].is_null() {
                    properties[name] = json!({"type": "string"});
                }
            }
            properties["metadata"] = self.reference(METADATA);
            self.open
                .extend(Schema::named(METADATA).map(|s| s.root().clone()));
        }
        schema
    }

    /// Writes what is referred to, until nothing new is.
    fn close(&mut self) {
        while let Some(of) = self.open.pop() {
            let of = of.resolve();
            if !self.done.contains_key(of.name) {
                // Its place is taken first: types may hold themselves.
                self.done.insert(of.name.to_owned(), Value::Null);
                let schema = self.structure(of);
                self.done.insert(of.name.to_owned(), schema);
            }
        }
    }

    fn structure(&mut self, of: &Type) -> Value {
        let mut schema = json!({"type": "object"});
        let Some(map) = &of.map else {
            return schema;
        };
        if let Some((package, _)) = of.name.rsplit_once('.') {
            self.package = package;
        }
        let properties: Map<String, Value> = map
            .fields
            .iter()
            .map(|field| (field.name.to_string(), self.field(field)))
            .collect();
        let required: Vec<&str> = map
            .fields
            .iter()
            .filter(|field| field.required)
            .map(|field| &*field.name)
            .collect();
        if !properties.is_empty() {
            schema["properties"] = properties.into();
        }
        if !required.is_empty() {
            schema["required"] = required.into();
        }
        if map.atomic {
            schema["x-kubernetes-map-type"] = "atomic".into();
        }
        schema
    }

    fn field(&mut self, field: &Field) -> Value {
        let mut schema = match (&*field.name, field.go_type) {
            ("fieldsV1", _) => self.named(FIELDS, json!({"type": "object"})),
            (_, Some(own)) if is_anything(&field.of) => self.open_type(own),
            _ => self.of(&field.of),
        };
        if let Some(default) = &field.default {
            schema = self.beside_reference(schema);
            schema["default"] = default.clone();
        }
        if !field.patch.strategies.is_empty() {
            schema["x-kubernetes-patch-strategy"] = field.patch.strategies.join(",").into();
        }
        if let Some(key) = &field.patch.merge_key {
            schema["x-kubernetes-patch-merge-key"] = key.to_string().into();
        }
        schema
    }

    /// In version 3 a reference stands alone, so that something beside it takes a detour.
    fn beside_reference(&self, schema: Value) -> Value {
        if self.third && schema.get("$ref").is_some() {
            json!({"allOf": [schema]})
        } else {
            schema
        }
    }

    fn of(&mut self, of: &TypeRef) -> Value {
        let resolved = of.resolve();
        match resolved.name {
            "" => {}
            RAW => return json!({"type": "object"}),
            name => {
                self.open.push(of.clone());
                return self.reference(name);
            }
        }
        if let (Some(_), Some(_)) = (&resolved.list, &resolved.map) {
            return self.open_type("JSON");
        }
        if let Some(scalar) = resolved.scalar {
            return self.scalar(scalar);
        }
        if let Some(list) = &resolved.list {
            let mut schema = json!({"type": "array", "items": self.of(&list.element)});
            match &list.relation {
                Relation::Atomic => {}
                Relation::Set => schema["x-kubernetes-list-type"] = "set".into(),
                Relation::Map(keys) => {
                    schema["x-kubernetes-list-type"] = "map".into();
                    schema["x-kubernetes-list-map-keys"] = keys.clone().into();
                }
            }
            return schema;
        }
        let mut schema = self.structure(resolved);
        if let Some(element) = resolved.map.as_ref().and_then(|map| map.element.as_ref())
            && !is_anything(element)
        {
            schema["additionalProperties"] = self.of(element);
        }
        schema
    }

    fn scalar(&mut self, scalar: Scalar) -> Value {
        match scalar {
            Scalar::String => json!({"type": "string"}),
            Scalar::Bytes => json!({"type": "string", "format": "byte"}),
            Scalar::Time => self.named(TIME, json!({"type": "string", "format": "date-time"})),
            Scalar::MicroTime => {
                self.named(MICRO_TIME, json!({"type": "string", "format": "date-time"}))
            }
            Scalar::Int32 | Scalar::Byte => json!({"type": "integer", "format": "int32"}),
            Scalar::Int64 => json!({"type": "integer", "format": "int64"}),
            Scalar::Number => json!({"type": "number", "format": "double"}),
            Scalar::Bool => json!({"type": "boolean"}),
            Scalar::IntOrString => {
                let mut schema = self.one_of("integer");
                schema["format"] = "int-or-string".into();
                self.named(INT_OR_STRING, schema)
            }
            Scalar::Quantity => {
                let schema = self.one_of("number");
                self.named(QUANTITY, schema)
            }
            Scalar::Any => json!({}),
        }
    }

    /// A text or something else, which version 2 cannot say.
    fn one_of(&self, other: &str) -> Value {
        if self.third {
            json!({"oneOf": [{"type": "string"}, {"type": other}]})
        } else {
            json!({"type": "string"})
        }
    }

    /// A type that may be anything, of the package that is being written.
    fn open_type(&mut self, go_type: &str) -> Value {
        let own = go_type.rsplit('.').next().unwrap_or(go_type);
        let name = format!("{}.{own}", self.package);
        self.named(&name, json!({}))
    }

    fn named(&mut self, name: &str, schema: Value) -> Value {
        self.done.insert(name.to_owned(), schema);
        self.reference(name)
    }

    fn reference(&self, name: &str) -> Value {
        let place = if self.third {
            "components/schemas"
        } else {
            "definitions"
        };
        json!({"$ref": format!("#/{place}/{name}")})
    }
}

const MARK: &str = "x-kubernetes-group-version-kind";

fn is_anything(of: &TypeRef) -> bool {
    let of = of.resolve();
    of.list.is_some() && of.map.is_some()
}

/// The group backwards, the version and the kind.
fn custom_name(kind: &Kind) -> String {
    let mut parts: Vec<&str> = kind.group.split('.').filter(|p| !p.is_empty()).collect();
    parts.reverse();
    parts.extend([kind.version.as_str(), kind.kind.as_str()]);
    parts.join(".")
}

/// Takes away what version 2 has no words for; what it then cannot say for sure it leaves open.
fn second_version(schema: &mut Value) {
    let Some(fields) = schema.as_object_mut() else {
        return;
    };
    for name in [
        "oneOf",
        "anyOf",
        "allOf",
        "not",
        "nullable",
        "x-kubernetes-validations",
    ] {
        fields.remove(name);
    }
    let open = [
        "x-kubernetes-int-or-string",
        "x-kubernetes-preserve-unknown-fields",
    ];
    if open
        .iter()
        .any(|name| fields.get(*name) == Some(&Value::Bool(true)))
    {
        for name in ["properties", "type", "items"] {
            fields.remove(name);
        }
    }
    if let Some(properties) = fields.get_mut("properties").and_then(Value::as_object_mut) {
        properties.values_mut().for_each(second_version);
    }
    for name in ["items", "additionalProperties"] {
        if let Some(inner) = fields.get_mut(name) {
            second_version(inner);
        }
    }
}
