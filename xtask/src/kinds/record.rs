//! What only a running kube-apiserver tells: table columns, and which resources it serves.
//!
//! `cargo xtask kinds record SERVER TOKEN` asks a server (`http://…` or `https://…`, any certificate)
//! through `curl`, which is where this program keeps TLS out of its own dependencies.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

const TABLE: &str = "application/json;as=Table;v=v1;g=meta.k8s.io";

/// Lists every resource as a table and writes down the columns.
///
/// # Errors
/// The server cannot be reached or answers with an error.
pub(crate) fn run(args: &[String], data: &Path) -> Result<()> {
    let [server, token] = args else {
        anyhow::bail!("usage: cargo xtask kinds record SERVER TOKEN");
    };
    let ask = |path: &str, accept: &str| get(server, token, path, accept);
    let mut bases = vec![("".to_owned(), "v1".to_owned(), "/api/v1".to_owned())];
    let groups = ask("/apis", "application/json")?;
    for group in list(&groups["groups"]) {
        let name = group["name"].as_str().unwrap_or("").to_owned();
        for version in list(&group["versions"]) {
            let version = version["version"].as_str().unwrap_or("").to_owned();
            let base = format!("/apis/{name}/{version}");
            bases.push((name.clone(), version, base));
        }
    }
    let mut text = String::new();
    for (group, version, base) in bases {
        let found = ask(&base, "application/json")?;
        for resource in list(&found["resources"]) {
            let plural = resource["name"].as_str().unwrap_or("");
            if plural.contains('/') {
                continue;
            }
            let mut line = format!("{group}\t{version}\t{plural}");
            if list(&resource["verbs"]).iter().any(|verb| verb == "list") {
                let table = ask(&format!("{base}/{plural}?limit=1"), TABLE)
                    .with_context(|| format!("{base}/{plural}"))?;
                for column in list(&table["columnDefinitions"]) {
                    line.push('\t');
                    line.push_str(&spell(column));
                }
            }
            text.push_str(&line);
            text.push('\n');
        }
    }
    let path = data.join("columns.txt");
    std::fs::write(&path, &text).with_context(|| format!("writing {}", path.display()))?;
    println!("{}: {} bytes", path.display(), text.len());
    Ok(())
}

/// `name:type:format:priority`
fn spell(column: &Value) -> String {
    let text = |key: &str| column[key].as_str().unwrap_or("");
    format!(
        "{}:{}:{}:{}",
        text("name"),
        text("type"),
        text("format"),
        column["priority"]
    )
}

/// Asks a server; an error of its own is an answer.
pub(super) fn curl(server: &str, token: &str, path: &str, more: &[String]) -> Result<Vec<u8>> {
    let out = Command::new("curl")
        .args(["-sSk", "--max-time", "30", "-H"])
        .arg(format!("Authorization: Bearer {token}"))
        .args(more)
        .arg(format!("{server}{path}"))
        .output()
        .context("running curl")?;
    ensure!(
        out.status.success(),
        "{path}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    Ok(out.stdout)
}

fn get(server: &str, token: &str, path: &str, accept: &str) -> Result<Value> {
    let accept = ["-H".to_owned(), format!("Accept: {accept}")];
    let answer: Value = serde_json::from_slice(&curl(server, token, path, &accept)?)?;
    ensure!(
        answer["kind"] != "Status",
        "GET {path}: {}",
        answer["message"]
    );
    Ok(answer)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
