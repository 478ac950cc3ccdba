//! Moves a state on: controllers hear of writes, do their work, and deadlines come due, in one
//! order that depends on nothing but the state and the moment.

use crate::clock::Moment;
use crate::controllers;
use crate::lifecycle;
use crate::state::State;

/// How much work one call does at most, so that controllers that disagree cannot hang a request; what
/// remains is done at the next one.
const STEPS: usize = 50_000;

/// Brings the state to `now`: every deadline up to it passes, each at its own moment.
pub(crate) fn advance(state: &mut State, now: Moment) {
    let mut steps = STEPS;
    settle_within(state, &mut steps);
    while steps > 0
        && let Some((at, task)) = state.work.pop_due(now)
    {
        state.set_now(at);
        state.work.enqueue(task);
        settle_within(state, &mut steps);
    }
    state.set_now(now);
}

/// Does the work that is ready at the present moment.
pub(crate) fn settle(state: &mut State) {
    settle_within(state, &mut { STEPS });
}

fn settle_within(state: &mut State, steps: &mut usize) {
    while *steps > 0 {
        *steps -= 1;
        if let Some(entry) = state.work.next_unheard() {
            lifecycle::heard(state, &entry);
            controllers::heard(state, &entry);
        } else if let Some(task) = state.work.next_ready() {
            if task.controller == lifecycle::CONTROLLER {
                lifecycle::perform(state, &task);
            } else {
                controllers::perform(state, &task);
            }
        } else {
            return;
        }
    }
}
