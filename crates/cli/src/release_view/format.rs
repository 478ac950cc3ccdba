//! The flag `-o`, and the two formats that programs read.

use windlass_release::Json;
use windlass_value::{Heap, json};

use crate::command::Flags;
use crate::error::Failure;

/// How output is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Table,
    /// One line of JSON.
    Json,
    /// YAML.
    Yaml,
}

impl Format {
    /// The one asked for. Parsing the command line saw to it that there is no other.
    pub(crate) fn of(flags: &Flags) -> Self {
        match flags.text("output") {
            "json" => Self::Json,
            "yaml" => Self::Yaml,
            _ => Self::Table,
        }
    }
}

/// JSON as Helm prints it: with an end of line.
pub(crate) fn json_line(json: &Json) -> String {
    format!("{}\n", json.as_str())
}

/// The YAML that Helm makes of JSON.
pub(crate) fn yaml_of(json: &Json) -> Result<String, Failure> {
    yaml_of_text(json.as_str())
}

/// The YAML that Helm makes of a text in JSON.
pub(crate) fn yaml_of_text(json: &str) -> Result<String, Failure> {
    let mut heap = Heap::new();
    let failed = |text: String| Failure::new(format!("unable to write YAML output: {text}"));
    let value = json::unmarshal(&mut heap, json.as_bytes());
    let value = value.map_err(|e| failed(e.to_string()))?;
    windlass_yaml::to_yaml(&heap, &value).map_err(|e| failed(e.to_string()))
}
