//! The resources of the built-in API groups, from the discovery files, one line each.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::types::Table;

/// The table: groups in the server's order, versions in order of preference.
///
/// # Errors
/// A file is missing or of another form.
pub(crate) fn text(dir: &Path, types: &Table) -> Result<String> {
    let mut text = String::new();
    let core = super::json(&dir.join("api__v1.json"))?;
    resources(&core, "", "v1", types, &mut text)?;
    let groups = super::json(&dir.join("apis.json"))?;
    for group in list(&groups["groups"]) {
        let name = group["name"].as_str().context("a group without name")?;
        for version in list(&group["versions"]) {
            let version = version["version"].as_str().context("no version")?;
            let file = super::json(&dir.join(format!("apis__{name}__{version}.json")))?;
            resources(&file, name, version, types, &mut text)?;
        }
    }
    Ok(text)
}

fn resources(
    file: &Value,
    group: &str,
    version: &str,
    types: &Table,
    text: &mut String,
) -> Result<()> {
    let all = list(&file["resources"]);
    let name = |resource: &Value| resource["name"].as_str().unwrap_or("").to_owned();
    for resource in all.iter().filter(|r| !name(r).contains('/')) {
        let plural = name(resource);
        let kind = resource["kind"]
            .as_str()
            .context("a resource without kind")?;
        let number = types.number(group, version, kind);
        let prefix = format!("{plural}/");
        let subresources: Vec<String> = all
            .iter()
            .filter(|other| name(other).starts_with(&prefix))
            .map(|other| subresource(other, &name(other)[prefix.len()..]))
            .collect();
        let columns = [
            group.to_owned(),
            version.to_owned(),
            kind.to_owned(),
            plural,
            resource["singularName"].as_str().unwrap_or("").to_owned(),
            if resource["namespaced"] == true {
                "n"
            } else {
                "c"
            }
            .to_owned(),
            words(&resource["shortNames"]),
            words(&resource["categories"]),
            words(&resource["verbs"]),
            number.map(|n| n.to_string()).unwrap_or_default(),
            subresources.join(" "),
        ];
        text.push_str(&columns.join("\t"));
        text.push('\n');
    }
    Ok(())
}

/// `name:group:version:kind:verb,verb`, the group and version only where they are not the parent's.
fn subresource(resource: &Value, name: &str) -> String {
    let text = |key: &str| resource[key].as_str().unwrap_or("");
    format!(
        "{name}:{}:{}:{}:{}",
        text("group"),
        text("version"),
        text("kind"),
        words(&resource["verbs"])
    )
}

fn words(list_of_words: &Value) -> String {
    let words: Vec<&str> = list(list_of_words)
        .iter()
        .filter_map(Value::as_str)
        .collect();
    words.join(",")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
