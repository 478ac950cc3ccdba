//! Tables: what `kubectl get` prints of an object. Columns are facts of `windlass-kinds` or of a CRD; the
//! cells of built-in kinds are here, one function a kind, in the order of its columns.

mod cells;
mod cluster;
mod custom;
mod network;
mod pods;
mod policy;
mod storage;
mod workloads;

use serde_json::{Value, json};

use crate::catalog::Kind;
use crate::clock::Moment;
use cells::Look;

/// `columnDefinitions`.
pub(crate) fn columns(kind: &Kind) -> Value {
    if let Some(custom) = &kind.custom {
        return custom::columns(custom);
    }
    let known = windlass_kinds::kind::find_resource(&kind.group, &kind.version, &kind.plural);
    let columns = known
        .and_then(windlass_kinds::kind::Kind::columns)
        .unwrap_or_default();
    columns
        .iter()
        .map(|column| {
            json!({"name": column.name, "type": column.data_type, "format": column.format,
                "description": "", "priority": column.priority})
        })
        .collect()
}

/// One row, as long as there are columns.
pub(crate) fn cells(kind: &Kind, object: &Value, now: Moment) -> Value {
    let look = Look { object, now };
    if let Some(custom) = &kind.custom {
        return custom::cells(custom, look);
    }
    let mut cells = match kind.group.as_str() {
        "" => core(&kind.plural, look),
        "apps" | "batch" | "autoscaling" => workloads::cells(&kind.plural, look),
        "networking.k8s.io" | "discovery.k8s.io" => network::cells(&kind.plural, look),
        "storage.k8s.io" => storage::cells(&kind.plural, look),
        "events.k8s.io" => Some(cluster::event(look)),
        _ => policy::cells(&kind.plural, look),
    }
    .unwrap_or_else(|| vec![look.name(), look.created()]);
    if let Some(known) =
        windlass_kinds::kind::find_resource(&kind.group, &kind.version, &kind.plural)
            .and_then(windlass_kinds::kind::Kind::columns)
    {
        cells.resize(known.len(), Value::Null);
    }
    cells.into()
}

fn core(plural: &str, look: Look<'_>) -> Option<Vec<Value>> {
    match plural {
        "pods" => Some(pods::cells(look)),
        "services" | "endpoints" => network::cells(plural, look),
        "persistentvolumes" | "persistentvolumeclaims" => storage::cells(plural, look),
        "replicationcontrollers" | "podtemplates" => workloads::cells(plural, look),
        _ => cluster::cells(plural, look),
    }
}
