//! [`Object`]: what the rules look at in a Kubernetes object, read as Go reads it into a struct.

use windlass_chart::compat::Compat;
use windlass_value::{Heap, MapId, Value, fmt, json};

/// The head of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Object {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) name: String,
}

/// The language an object is written in. YAML makes text of numbers where text is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Yaml,
    Json,
}

impl Object {
    /// Reads a YAML document into a variable that may hold an object already.
    pub(crate) fn read_yaml(
        slot: &mut Option<Self>,
        text: &[u8],
        compat: Compat,
    ) -> Result<(), String> {
        let mut heap = Heap::new();
        let before = slot.clone();
        let mut reader = match windlass_yaml::parse(&mut heap, text) {
            Ok(document) => {
                let mut reader = Reader::new(&heap, Language::Yaml, compat);
                reader.document(&document, slot);
                reader
            }
            Err(e) if e.message().starts_with(UNSUPPORTED) => Reader {
                met_number: true,
                ..Reader::new(&heap, Language::Yaml, compat)
            },
            Err(e) => return Err(e.to_string()),
        };
        let mut kinds = Heap::new();
        if reader.met_number {
            // The text of a number depends on its kind, which JSON does not keep.
            let document =
                windlass_yaml::parse_kinds(&mut kinds, text).map_err(|e| e.to_string())?;
            *slot = before;
            reader = Reader::new(&kinds, Language::Yaml, compat);
            reader.document(&document, slot);
        }
        match (reader.infinite, reader.error) {
            (Some(x), _) => Err(format!("error converting YAML to JSON: {UNSUPPORTED}{x}")),
            (None, Some(e)) => Err(format!("error unmarshaling JSON: while decoding JSON: {e}")),
            (None, None) => Ok(()),
        }
    }

    /// Reads a JSON value into a variable that may hold an object already.
    pub(crate) fn read_json(
        slot: &mut Option<Self>,
        heap: &Heap,
        value: &Value,
        compat: Compat,
    ) -> Result<(), String> {
        let mut reader = Reader::new(heap, Language::Json, compat);
        reader.document(value, slot);
        reader.error.map_or(Ok(()), Err)
    }
}

/// How the error begins that infinities and NaN are to JSON, unless they stand where text is wanted.
const UNSUPPORTED: &str = "json: unsupported value: ";

struct Reader<'h> {
    heap: &'h Heap,
    language: Language,
    compat: Compat,
    /// The first misfit; reading goes on.
    error: Option<String>,
    /// A number became text.
    met_number: bool,
    /// The first number that JSON cannot have.
    infinite: Option<String>,
}

impl<'h> Reader<'h> {
    fn new(heap: &'h Heap, language: Language, compat: Compat) -> Self {
        Self {
            heap,
            language,
            compat,
            error: None,
            met_number: false,
            infinite: None,
        }
    }

    fn document(&mut self, value: &Value, slot: &mut Option<Object>) {
        let package_type = format!("rules.{}", self.compat.lint_object_type());
        match value {
            Value::Nil => *slot = None,
            Value::Map(map) => self.object(*map, slot.get_or_insert_default()),
            other => {
                let text = format!("{} into Go value of type {package_type}", kind_name(other));
                self.misfit(&text);
            }
        }
    }

    fn object(&mut self, map: MapId, object: &mut Object) {
        for (key, value) in self.heap.map(map).entries() {
            if is_field(key, "apiVersion") {
                self.text(value, "apiVersion", &mut object.api_version);
            } else if is_field(key, "Kind") {
                self.text(value, "Kind", &mut object.kind);
            } else if is_field(key, "Metadata") {
                self.metadata(value, object);
            } else {
                self.check_finite(value);
            }
        }
    }

    fn metadata(&mut self, value: &Value, object: &mut Object) {
        let map = match value {
            Value::Nil => return,
            Value::Map(map) => *map,
            other => return self.misfit_in("Metadata", other, "rules.k8sYamlMetadata"),
        };
        let mut namespace = String::new();
        for (key, value) in self.heap.map(map).entries() {
            if is_field(key, "Name") {
                self.text(value, "Metadata.Name", &mut object.name);
            } else if is_field(key, "Namespace") {
                self.text(value, "Metadata.Namespace", &mut namespace);
            } else {
                self.check_finite(value);
            }
        }
    }

    fn text(&mut self, value: &Value, field: &str, into: &mut String) {
        let is_number = matches!(value, Value::Int(..) | Value::Uint(..) | Value::Float(..));
        self.met_number |= is_number;
        match (value, self.language) {
            (Value::Nil, _) => {}
            (Value::Str(text), _) => *into = text.to_text().into_owned(),
            (Value::Bool(b), Language::Yaml) => *into = b.to_string(),
            (Value::Int(n, _), Language::Yaml) => *into = n.to_string(),
            (Value::Uint(n, _), Language::Yaml) => *into = n.to_string(),
            (Value::Float(x, _), Language::Yaml) => *into = fmt::format_float(*x, b'g', -1, 64),
            (other, _) => self.misfit_in(field, other, "string"),
        }
    }

    fn check_finite(&mut self, value: &Value) {
        let mut pending = vec![value];
        while let Some(value) = pending.pop() {
            match value {
                Value::Float(x, _) if !x.is_finite() => {
                    let text = || fmt::format_float(*x, b'g', -1, 64);
                    self.infinite.get_or_insert_with(text);
                }
                Value::List(items) => pending.extend(items.iter().rev()),
                Value::Map(map) => {
                    let heap: &'h Heap = self.heap;
                    pending.extend(heap.map(*map).entries().iter().rev().map(|(_, v)| v));
                }
                _ => {}
            }
        }
    }

    /// Go names the struct that holds the field, and the whole way to it.
    fn misfit_in(&mut self, field: &str, value: &Value, wanted: &str) {
        let within = match field.split_once('.') {
            Some(_) => "k8sYamlMetadata",
            None => self.compat.lint_object_type(),
        };
        let found = kind_name(value);
        self.misfit(&format!(
            "{found} into Go struct field {within}.{field} of type {wanted}"
        ));
    }

    fn misfit(&mut self, what: &str) {
        self.error
            .get_or_insert_with(|| format!("json: cannot unmarshal {what}"));
    }
}

/// What Go calls the JSON that a value was read from.
pub(crate) fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::Map(_) => "object",
        Value::List(_) => "array",
        Value::Str(_) | Value::Bytes(_) => "string",
        Value::Bool(_) => "bool",
        _ => "number",
    }
}

/// Whether Go puts a key's value into a field: letters may differ in case, and two characters beyond
/// ASCII are other cases of letters in it.
pub(crate) fn is_field(key: &[u8], field: &str) -> bool {
    if key.is_ascii() {
        return key.eq_ignore_ascii_case(field.as_bytes());
    }
    let key = String::from_utf8_lossy(key)
        .replace('\u{17f}', "s")
        .replace('\u{212a}', "k");
    key.eq_ignore_ascii_case(field)
}

/// A JSON value at the head of a text and where it ends; `None` if there are only blanks.
pub(crate) fn json_prefix(
    heap: &mut Heap,
    text: &[u8],
) -> Result<Option<(Value, usize)>, JsonError> {
    const AFTER: &str = "after top-level value";
    let blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n');
    if text.iter().all(blank) {
        return Ok(None);
    }
    let decode = |heap: &mut Heap, text: &[u8]| {
        json::decode(heap, text, json::Target::Any, json::Numbers::Text)
    };
    let first = decode(heap, text);
    let (message, offset) = match first.error {
        Some(json::Error::Syntax { message, offset }) => (message, offset),
        _ => return Ok(Some((first.value, text.len()))),
    };
    if message.ends_with(AFTER) {
        let end = offset - 1;
        return Ok(Some((decode(heap, &text[..end]).value, end)));
    }
    let cut_short = message.starts_with("unexpected end")
        || message.starts_with("invalid character ' '") && text.last() != Some(&b' ');
    if cut_short {
        Err(JsonError::Cut)
    } else {
        Err(JsonError::Syntax { message, offset })
    }
}

/// Why there is no JSON value.
#[derive(Debug)]
pub(crate) enum JsonError {
    /// The text ends within a value.
    Cut,
    /// A character is out of place.
    Syntax { message: String, offset: usize },
}
