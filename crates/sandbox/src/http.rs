//! The API as requests and answers: pure functions from a state, no connection anywhere.
//!
//! [`route`] is the table of contents. Start there.

mod accept;
mod answer;
mod body;
mod change;
mod discovery;
mod openapi;
mod read;
mod remove;
mod request;
mod review;
mod route;
mod shape;
mod subresource;
mod watch;

pub(crate) use answer::{Answer, Reply};
pub(crate) use request::Request;
pub(crate) use subresource::Follow;
pub(crate) use watch::Watch;

use crate::state::State;

/// Answers one request at `state.now()`.
pub(crate) fn handle(state: &mut State, request: &Request) -> Answer {
    match route::route(state, request) {
        Ok(answer) => answer,
        Err(status) => {
            let accept = accept::Accept::of(request).unwrap_or_default();
            Answer::Full(accept.reply(status.code, &status.to_json()))
        }
    }
}

/// A fingerprint that changes with the bytes: FNV-1a, twice, in hexadecimal.
pub(crate) fn hash_hex(bytes: &[u8]) -> String {
    let hash = |seed: u64| {
        bytes.iter().fold(seed, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        })
    };
    format!(
        "{:016X}{:016X}",
        hash(0xcbf2_9ce4_8422_2325),
        hash(0x6c62_272e_07bb_0142)
    )
}
