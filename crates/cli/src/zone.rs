//! The local time zone, as Go's `time` package finds it: `TZ`, then `/etc/localtime`, else UTC.

use std::fs;
use std::path::{Path, PathBuf};

use crate::session::Session;

/// Where zones lie by name.
const ZONE_FOLDERS: [&str; 4] = [
    "/usr/share/zoneinfo",
    "/usr/share/lib/zoneinfo",
    "/usr/lib/locale/TZ",
    "/etc/zoneinfo",
];

/// Tells the clock of templates where it stands. A zone that cannot be read is UTC, as in Go.
pub(crate) fn settle(session: &Session<'_>) {
    let (name, candidates) = match session.set_variable("TZ") {
        None => ("Local".to_owned(), vec![PathBuf::from("/etc/localtime")]),
        // An empty name is UTC.
        Some("" | "UTC") => return,
        Some(given) => {
            let name = given.strip_prefix(':').unwrap_or(given);
            if name.starts_with('/') {
                let shown = if name == "/etc/localtime" {
                    "Local"
                } else {
                    name
                };
                (shown.to_owned(), vec![PathBuf::from(name)])
            } else {
                let below = |folder: &&str| Path::new(folder).join(name);
                (name.to_owned(), ZONE_FOLDERS.iter().map(below).collect())
            }
        }
    };
    if let Some(data) = candidates.iter().find_map(|path| fs::read(path).ok()) {
        // What is no zone file leaves the clock at UTC.
        let _ = windlass_time::set_local(&name, &data);
    }
}
