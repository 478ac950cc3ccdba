//! Plans in files.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use windlass_engine::{Engine, Kept, Planned};
use windlass_plan::cluster::Mapping;
use windlass_plan::file::{self, Origin};
use windlass_plan::{Cluster, ObjectRef};

use crate::error::{Failure, Outcome, io_failure};
use crate::input::file as input;

/// The largest file that is read. Plans of the largest charts have a few megabytes.
const MAX: u64 = 256 << 20;

/// What tells a cluster from others; empty where that may not be read.
pub(in crate::commands) async fn cluster_uid(engine: &Engine) -> String {
    let at = ObjectRef {
        mapping: Mapping {
            group: String::new(),
            version: "v1".into(),
            kind: "Namespace".into(),
            plural: "namespaces".into(),
            namespaced: false,
        },
        namespace: String::new(),
        name: "kube-system".into(),
    };
    let found = Cluster::get(&*engine.cluster, &at).await.ok();
    let uid = found.and_then(|object| Some(object.pointer("/metadata/uid")?.as_str()?.to_owned()));
    uid.unwrap_or_default()
}

/// Writes a plan to a file that only its owner may read, all of it or nothing.
pub(super) fn write(path: &str, engine: &Engine, planned: &Planned, cluster: String) -> Outcome {
    let now = engine.clock.now().to_rfc3339();
    let origin = Origin {
        made_by: concat!("windlass ", env!("CARGO_PKG_VERSION")).to_owned(),
        made_at: now.unwrap_or_default(),
        compat: engine.compat.name().to_owned(),
        namespace: engine.namespace.clone(),
        cluster,
    };
    let text = file::seal(origin, &planned.kept)
        .map_err(|error| Failure::new(format!("writing the plan as JSON: {error}")))?;
    replace(Path::new(path), text.as_bytes()).map_err(|error| io_failure("open", path, &error))
}

fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let beside = beside(path);
    let written = (|| {
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&beside)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    })();
    if written.is_err() {
        // What matters is why it was not written.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// A name beside a file's, which this process alone uses.
fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}", std::process::id()))
}

/// Reads a plan.
///
/// # Errors
/// A file that cannot be read, that is none of a plan, that was altered or is too new.
pub(in crate::commands) fn read(path: &str) -> Result<(Origin, Kept), Failure> {
    let bytes = input::read_regular(path, MAX).map_err(|error| io_failure("open", path, &error))?;
    let unfit = |why: String| Failure::new(format!("cannot apply {path}: {why}"));
    let text =
        String::from_utf8(bytes).map_err(|_| unfit("it is not the file of a plan".to_owned()))?;
    file::open(&text).map_err(|error| unfit(windlass_engine::error::text(&error)))
}
