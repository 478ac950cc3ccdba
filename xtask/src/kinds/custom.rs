//! `cargo xtask kinds record-custom`: what a server makes of custom resources.
//!
//! On a running server that has seen no other run, a definition with the schema of `crates/kinds/tests/custom/schema.json` is made, each
//! line of `specs.jsonl` is created under it (as a dry run), and the answers are written to `answers.jsonl`.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::record::curl;

const WIDGETS: &str = "/apis/example.com/v1/namespaces/default/widgets";

/// Records.
///
/// # Errors
/// The server cannot be reached, or never serves the definition.
pub(super) fn run(args: &[String]) -> Result<()> {
    let [server, token] = args else {
        anyhow::bail!("usage: cargo xtask kinds record-custom SERVER TOKEN");
    };
    let dir = crate::root().join("crates/kinds/tests/custom");
    let post = |path: &str, body: &Value| -> Result<String> {
        let more = ["-i", "-H", "Content-Type: application/json", "-d"];
        let mut more: Vec<String> = more.iter().map(|&arg| arg.to_owned()).collect();
        more.push(body.to_string());
        Ok(String::from_utf8(curl(server, token, path, &more)?)?)
    };
    let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    post(
        definitions,
        &definition(&super::json(&dir.join("schema.json"))?),
    )?;
    let definition = definition(&super::json(&dir.join("schema.json"))?);
    post(definitions, &definition)?;
    let mut tries = 0;
    while !curl(server, token, WIDGETS, &[])?.starts_with(b"{") {
        tries += 1;
        anyhow::ensure!(tries < 500, "the server does not serve widgets");
    }
    let mut answers = String::new();
    for line in read(&dir.join("specs.jsonl"))?.lines() {
        let spec: Value = serde_json::from_str(line)?;
        let object = json!({"apiVersion": "example.com/v1", "kind": "Widget",
            "metadata": {"name": "x"}, "spec": spec});
        let path = format!("{WIDGETS}?dryRun=All&fieldValidation=Warn");
        answers.push_str(&answer(&post(&path, &object)?)?.to_string());
        answers.push('\n');
    }
    let path = dir.join("answers.jsonl");
    std::fs::write(&path, answers).with_context(|| format!("writing {}", path.display()))
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))
}

fn definition(schema: &Value) -> Value {
    json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {"group": "example.com", "scope": "Namespaced",
            "names": {"plural": "widgets", "singular": "widget", "kind": "Widget"},
            "versions": [{"name": "v1", "served": true, "storage": true,
                "schema": {"openAPIV3Schema": schema}}]}})
}

/// The object that comes out and the warnings, or the message.
fn answer(response: &str) -> Result<Value> {
    let (head, body) = response.split_once("\r\n\r\n").context("no body")?;
    let body: Value = serde_json::from_str(body)?;
    if body["kind"] == "Status" {
        return Ok(json!({"message": body["message"]}));
    }
    let warning = |line: &str| {
        let text = line.to_ascii_lowercase();
        let text = text
            .strip_prefix("warning: 299 - ")
            .map(|_| line[15..].to_owned());
        text.and_then(|text| serde_json::from_str::<String>(&text).ok())
    };
    let warnings: Vec<String> = head.lines().filter_map(warning).collect();
    Ok(json!({"spec": body["spec"], "warnings": warnings}))
}
