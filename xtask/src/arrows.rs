//! The crate table of ARCHITECTURE.md against what `cargo metadata` says.
//!
//! The table is the design: a row for each crate, naming the crates it uses. A crate that reaches
//! further, or less far, or has no row, fails the check, so the table cannot rot.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

type Arrows = BTreeMap<String, BTreeSet<String>>;

/// Compares the two.
///
/// # Errors
/// Every row that disagrees.
pub(crate) fn check() -> Result<()> {
    let text = std::fs::read_to_string(crate::root().join("ARCHITECTURE.md"))?;
    let (wanted, real) = (table(&text), metadata()?);
    let mut complaints = Vec::new();
    let names: BTreeSet<&String> = wanted.keys().chain(real.keys()).collect();
    for name in names {
        match (wanted.get(name), real.get(name)) {
            (Some(w), Some(r)) if w == r => {}
            (Some(w), Some(r)) => {
                complaints.push(format!("{name}: table says {w:?}, Cargo.toml says {r:?}"));
            }
            (Some(_), None) => complaints.push(format!("{name}: in the table, but no such crate")),
            (None, _) => complaints.push(format!("{name}: not in the table")),
        }
    }
    ensure!(
        complaints.is_empty(),
        "ARCHITECTURE.md disagrees:\n{}",
        complaints.join("\n")
    );
    println!("{} crates use what ARCHITECTURE.md says", wanted.len());
    Ok(())
}

/// Rows of the form ``| `name` | duty | `a`, `b` |``.
fn table(text: &str) -> Arrows {
    let quoted = |cell: &str| {
        cell.split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect::<BTreeSet<_>>()
    };
    text.lines()
        .skip_while(|line| !line.starts_with("| crate |"))
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').collect();
            let name = quoted(cells.first()?).pop_first()?;
            Some((name, quoted(cells.last()?)))
        })
        .collect()
}

/// What each of our crates depends on among ours, development dependencies left out.
fn metadata() -> Result<Arrows> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(crate::root())
        .output()?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let short = |name: &str| name.strip_prefix("windlass-").unwrap_or(name).to_owned();
    let packages = metadata["packages"]
        .as_array()
        .context("packages in cargo metadata")?;
    let ours: BTreeSet<&str> = packages.iter().filter_map(|p| p["name"].as_str()).collect();
    let mut arrows = Arrows::new();
    for package in packages {
        let name = package["name"].as_str().context("a package's name")?;
        let used = package["dependencies"]
            .as_array()
            .context("a package's dependencies")?;
        let used = used
            .iter()
            .filter(|d| d["kind"].as_str() != Some("dev"))
            .filter_map(|d| d["name"].as_str())
            .filter(|d| ours.contains(d))
            .map(short)
            .collect();
        arrows.insert(short(name), used);
    }
    Ok(arrows)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    #[test]
    fn the_crate_table_agrees_with_cargo() {
        super::check().unwrap();
    }

    #[test]
    fn rows_are_read_from_the_table_only() {
        let text = "| a |\n\n| crate | duty | uses |\n|---|---|---|\n| `x` | has `y` in it | `y`, `z` |\n| **part** | | |\n| `y` | | – |\n\n| `no` | | `row` |\n";
        let table = super::table(text);
        assert_eq!(table.len(), 2);
        assert_eq!(table["x"].iter().collect::<Vec<_>>(), ["y", "z"]);
        assert!(table["y"].is_empty());
    }
}
