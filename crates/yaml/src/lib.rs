//! YAML read and written exactly as Helm's Go libraries do.
//!
//! Three things meet here: a scanner and parser with libyaml's rules and messages; resolution to
//! values as `sigs.k8s.io/yaml` does it (goyaml v2, then JSON, so every number is a float64); and two
//! emitters, `toYaml`'s (goyaml v2, after a detour through JSON) and `toYamlPretty`'s (goyaml v3).
//!
//! To read: [`parse`] and its kin for values, [`documents`] for a stream of values files, [`Stream`]
//! for trees and events where places in the text matter. To write: [`to_yaml`] and
//! [`to_yaml_pretty`].

mod compose;
mod decode;
mod diagnose;
mod documents;
mod emit;
mod error;
mod event;
mod input;
mod mark;
mod parser;
mod resolve;
mod scanner;
mod stream;
mod tree;

pub use decode::{
    parse, parse_entries, parse_kinds, parse_list, parse_map, parse_map_strict, parse_strict,
};
pub use diagnose::diagnose;
pub use documents::{Documents, documents};
pub use emit::{to_yaml, to_yaml_pretty};
pub use error::{Error, Result, Stage};
pub use event::{Bytes, Event, EventKind, Properties, ScalarStyle};
pub use mark::Mark;
pub use stream::{Events, Stream, Trees};
pub use tree::{Document, Node, NodeId, NodeKind};
