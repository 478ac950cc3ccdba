//! `cargo xtask kinds record-builtin`: what a server refuses of built-in kinds.
//!
//! Each case of `crates/kinds/tests/builtin/cases.jsonl` is created on a running server, as a dry run, or where
//! it has an update in earnest, then updated and deleted. The messages are written to `answers.jsonl`.

use anyhow::{Context, Result};
use serde_json::Value;
use windlass_kinds::kind;

use super::record::curl;

/// Records.
///
/// # Errors
/// The server cannot be reached, or a case is of no built-in kind.
pub(super) fn run(args: &[String]) -> Result<()> {
    let [server, token] = args else {
        anyhow::bail!("usage: cargo xtask kinds record-builtin SERVER TOKEN");
    };
    let dir = crate::root().join("crates/kinds/tests/builtin");
    let send = |method: &str, path: &str, body: &Value| -> Result<Value> {
        let more = ["-X", method, "-H", "Content-Type: application/json", "-d"];
        let mut more: Vec<String> = more.iter().map(|&arg| arg.to_owned()).collect();
        more.push(body.to_string());
        Ok(serde_json::from_slice(&curl(server, token, path, &more)?)?)
    };
    let mut answers = String::new();
    for line in std::fs::read_to_string(dir.join("cases.jsonl"))?.lines() {
        let case: Value = serde_json::from_str(line)?;
        let object = &case["create"];
        let path = path(object)?;
        let mut answer = match case.get("update") {
            None => send("POST", &format!("{path}?dryRun=All"), object)?,
            Some(_) => send("POST", &path, object)?,
        };
        if let Some(update) = case.get("update").filter(|_| answer["kind"] != "Status") {
            let name = object["metadata"]["name"].as_str().unwrap_or("");
            answer = send("PUT", &format!("{path}/{name}"), update)?;
            let options = serde_json::json!({"propagationPolicy": "Background"});
            send(
                "DELETE",
                &format!("{path}/{name}?gracePeriodSeconds=0"),
                &options,
            )?;
        }
        let refused = answer["kind"] == "Status";
        let message = if refused {
            &answer["message"]
        } else {
            &Value::Null
        };
        answers.push_str(&message.to_string());
        answers.push('\n');
    }
    std::fs::write(dir.join("answers.jsonl"), answers).context("writing answers.jsonl")
}

fn path(object: &Value) -> Result<String> {
    let version = object["apiVersion"].as_str().context("no apiVersion")?;
    let (group, bare) = version.split_once('/').unwrap_or(("", version));
    let kind = object["kind"].as_str().context("no kind")?;
    let kind = kind::find(group, bare, kind).with_context(|| format!("no kind {kind}"))?;
    let base = if group.is_empty() { "api" } else { "apis" };
    let space = if kind.namespaced {
        "/namespaces/default"
    } else {
        ""
    };
    Ok(format!("/{base}/{version}{space}/{}", kind.plural))
}
