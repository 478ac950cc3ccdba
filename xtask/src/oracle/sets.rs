//! The charts: those in Helm's own test data, what `helm create` makes, and the corpus.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::peers;

/// A chart to ask about.
pub(super) struct Chart {
    /// The row of the table that it counts in, as it is and with overlays.
    pub(super) set: &'static str,
    pub(super) overlaid: &'static str,
    pub(super) name: String,
    /// A directory or an archive.
    pub(super) path: PathBuf,
    /// Asked with several sets of flags, and fewer overlays.
    pub(super) flags: bool,
}

/// Charts in the modules of both Helms, equal ones once.
pub(super) fn helms_own() -> Result<Vec<Chart>> {
    let script = crate::root().join("tools/oracle/find-charts");
    let listing = output(Command::new(script).arg("--unique"))?;
    let mut charts = Vec::new();
    for line in listing.lines() {
        let found: Value = serde_json::from_str(line)?;
        charts.push(Chart {
            set: "Helm's test data",
            overlaid: "Helm's test data, overlaid",
            name: found["id"].as_str().unwrap_or_default().to_owned(),
            path: found["path"].as_str().context("path of a chart")?.into(),
            flags: true,
        });
    }
    Ok(charts)
}

/// What either `helm create` makes, and our own starter and example.
pub(super) fn created(work: &Path) -> Result<Vec<Chart>> {
    let mut charts = Vec::new();
    let mut add = |name: String, path: PathBuf| {
        charts.push(Chart {
            set: "created charts",
            overlaid: "created charts, overlaid",
            name,
            path,
            flags: false,
        });
    };
    for helm in ["helm3", "helm4"] {
        let folder = work.join(helm);
        std::fs::create_dir_all(&folder)?;
        output(
            Command::new(peers::path(helm)?)
                .args(["create", "created"])
                .current_dir(&folder)
                .env("HOME", work),
        )?;
        add(format!("{helm} create"), folder.join("created"));
    }
    add("starter".into(), crate::root().join("crates/cli/starter"));
    for path in below(&crate::root().join("charts"))? {
        add(path.display().to_string(), path);
    }
    Ok(charts)
}

/// The outermost charts below a folder.
fn below(folder: &Path) -> Result<Vec<PathBuf>> {
    if folder.join("Chart.yaml").is_file() {
        return Ok(vec![folder.to_owned()]);
    }
    let mut charts = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            charts.extend(below(&path)?);
        }
    }
    charts.sort();
    Ok(charts)
}

/// The public charts beside the repository; none where they are not there.
pub(super) fn corpus(work: &Path) -> Result<Vec<Chart>> {
    let folder = crate::root().join("../shared/corpus/charts");
    let Ok(listing) = std::fs::read_dir(&folder) else {
        println!("SKIPPED: {} is not there", folder.display());
        return Ok(Vec::new());
    };
    let unpacked = work.join("corpus");
    std::fs::create_dir_all(&unpacked)?;
    let mut charts = Vec::new();
    for entry in listing {
        let archive = entry?.path();
        let name = archive.file_stem().unwrap_or_default().to_string_lossy();
        output(
            Command::new("tar")
                .arg("-xzf")
                .arg(&archive)
                .arg("-C")
                .arg(&unpacked),
        )?;
        charts.push(Chart {
            set: "corpus",
            overlaid: "corpus, overlaid",
            path: unpacked.join(&*name),
            name: name.into_owned(),
            flags: false,
        });
    }
    charts.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(charts)
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
