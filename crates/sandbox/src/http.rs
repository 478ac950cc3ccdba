//! The API as requests and answers: pure functions from a state, no connection anywhere.

mod answer;
mod request;
mod route;

pub(crate) use answer::{Answer, Reply};
pub(crate) use request::Request;

use crate::state::State;

/// Answers one request at `state.now()`.
pub(crate) fn handle(state: &mut State, request: &Request) -> Answer {
    match route::route(state, request) {
        Ok(answer) => answer,
        Err(status) => Answer::Full(Reply::refusal(&status)),
    }
}
