//! Helm's lint rules: what `helm lint` says of a chart.
//!
//! Pure: whoever calls says what lies in the chart's directory ([`Source`]) and gets messages and what
//! Helm would have logged meanwhile ([`Report`]). Printing, exit status and `--quiet` are the
//! caller's. Start at [`lint`]; each part of a chart has its file of rules, in the order in which
//! they run: `chartfile`, `values`, `templates`, `dependencies`, `crds`.

mod chartfile;
mod crds;
mod dependencies;
mod documents;
mod linter;
mod object;
mod report;
mod source;
mod templates;
mod values;

pub use linter::{Options, lint};
pub use report::{Event, Message, Report, Severity};
pub use source::{Entry, Source};
