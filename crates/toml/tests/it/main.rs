//! Both directions against what BurntSushi/toml 1.6.0 gave, and what it cannot show.
#![allow(clippy::unwrap_used, clippy::panic)]

mod recorded;
mod rules;
