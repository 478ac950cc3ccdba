//! Whether Chart.yaml has keys twice, or keys that nobody knows.
//!
//! The file has been read without strictness before, so its values are of the right kinds.

use windlass_value::{Heap, MapId, Value, fmt};

/// What a key's value is made of, as far as keys are concerned.
#[derive(Clone, Copy)]
enum Content {
    /// Text, or something in which any key may stand.
    Free,
    /// A list of maps with these keys.
    Entries(Keys),
}

type Keys = &'static [(&'static str, Content)];

const METADATA: Keys = &[
    ("name", Content::Free),
    ("home", Content::Free),
    ("sources", Content::Free),
    ("version", Content::Free),
    ("description", Content::Free),
    ("keywords", Content::Free),
    ("maintainers", Content::Entries(MAINTAINER)),
    ("icon", Content::Free),
    ("apiVersion", Content::Free),
    ("condition", Content::Free),
    ("tags", Content::Free),
    ("appVersion", Content::Free),
    ("deprecated", Content::Free),
    ("annotations", Content::Free),
    ("kubeVersion", Content::Free),
    ("dependencies", Content::Entries(DEPENDENCY)),
    ("type", Content::Free),
];

const MAINTAINER: Keys = &[
    ("name", Content::Free),
    ("email", Content::Free),
    ("url", Content::Free),
];

const DEPENDENCY: Keys = &[
    ("name", Content::Free),
    ("version", Content::Free),
    ("repository", Content::Free),
    ("condition", Content::Free),
    ("tags", Content::Free),
    ("enabled", Content::Free),
    ("import-values", Content::Free),
    ("alias", Content::Free),
];

/// Checks the keys of a Chart.yaml.
pub(super) fn check(data: &[u8]) -> Result<(), String> {
    let mut heap = Heap::new();
    let document = windlass_yaml::parse_strict(&mut heap, data).map_err(|e| e.to_string())?;
    let unknown = document
        .as_map()
        .and_then(|map| unknown_key(&heap, map, METADATA));
    match unknown {
        None => Ok(()),
        Some(key) => Err(format!(
            "error unmarshaling JSON: while decoding JSON: json: unknown field {key}"
        )),
    }
}

/// The first key, quoted, in the order in which Go meets them.
fn unknown_key(heap: &Heap, map: MapId, keys: Keys) -> Option<String> {
    heap.map(map).entries().iter().find_map(|(key, value)| {
        let known = keys
            .iter()
            .find(|(name, _)| crate::object::is_field(key, name));
        match known {
            None => Some(fmt::quote(key)),
            Some((_, Content::Free)) => None,
            Some((_, Content::Entries(keys))) => value
                .as_list()?
                .iter()
                .filter_map(Value::as_map)
                .find_map(|entry| unknown_key(heap, entry, keys)),
        }
    })
}
