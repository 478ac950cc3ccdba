//! Release records: what Helm keeps of each revision of a release, and the rules over them.
//!
//! A record written here is the record Helm would have written: the same JSON, labels, name and
//! packing, so that `helm` works on our releases and we on its. Start at [`Release`]; [`codec`]
//! turns one into text and back, [`object`] into the Secret or ConfigMap that holds it.
//! [`ReleaseStore`] is the port that adapters implement, [`History`] Helm's rules above any store.
//!
//! Not here: talking to an API server, making manifests, printing releases.

mod chart;
pub mod codec;
pub mod history;
mod hook;
mod json;
pub mod labels;
mod memory;
pub mod name;
pub mod object;
pub mod order;
mod release;
mod store;
pub mod summary;
mod words;

pub use chart::{ChartError, Content, StoredChart, StoredFile};
pub use history::History;
pub use hook::{Hook, HookExecution};
pub use json::{Json, JsonError};
pub use memory::MemoryStore;
pub use release::{Info, Release};
pub use store::{Cause, Detail, ReleaseStore, StoreError};
pub use windlass_time::Time;
pub use words::{ApplyMethod, DeletePolicy, HookEvent, HookPhase, OutputLogPolicy, Status};
