//! What must hold of a release whatever became of the commands before, and the suites that see to it.
//!
//! | suite | what happens to commands |
//! |---|---|
//! | [`kills`] | they die right before or after each of their requests |
//! | [`moments`] | they die, or are asked to end, at random instants |
//! | [`pairs`] | two of them run at once |
//! | [`faulty`] | the server, behind a proxy, fails in many ways |
//! | [`pending`] | Helm itself died in the middle |
//!
//! `bench` runs commands in a namespace and a home of their own; `invariants` is the judge of all suites;
//! `acts` says which commands there are; `options` reads the flags that all suites have.

mod acts;
mod bench;
pub(crate) mod faulty;
mod invariants;
pub(crate) mod kills;
pub(crate) mod moments;
mod options;
pub(crate) mod pairs;
pub(crate) mod pending;
mod proxy;
mod tally;

use std::time::Duration;

/// Lets time pass, where the instant is what is tested.
#[allow(
    clippy::disallowed_methods,
    reason = "instants are what is tested, not waited for"
)]
fn let_pass(time: Duration) {
    std::thread::sleep(time);
}
