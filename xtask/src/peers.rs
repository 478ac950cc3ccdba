//! The real parts to measure against, as `.ci/peers` and `.ci/cluster-peers` leave them in the cache.

use std::path::PathBuf;

use anyhow::{Context, Result};

/// Where `.ci/peers` puts binaries.
fn folder() -> Result<PathBuf> {
    #[allow(
        clippy::disallowed_methods,
        reason = "a tool for developers reads its own environment"
    )]
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    let cache = variable("XDG_CACHE_HOME")
        .or_else(|| Some(variable("HOME")?.join(".cache")))
        .context("neither XDG_CACHE_HOME nor HOME is set")?;
    Ok(cache.join("windlass-peers/bin"))
}

/// The path of a peer.
///
/// # Errors
/// If it has not been built.
pub(crate) fn path(name: &str) -> Result<PathBuf> {
    let path = folder()?.join(name);
    anyhow::ensure!(
        path.exists(),
        "{} is not there: run .ci/peers and .ci/cluster-peers first",
        path.display()
    );
    Ok(path)
}
