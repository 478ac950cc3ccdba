//! [`Path`]: the way from the root to the value under validation.

use std::cell::RefCell;
use std::rc::Rc;

use crate::schema::violation::{Location, Step};

/// How many steps Go's library makes room for at first.
const FIRST_ROOM: usize = 8;

/// Steps into a value.
///
/// Go's library forgets to copy the path when it reports a bad property name. What the report then
/// shows is the storage, in which later steps to the same depth have replaced the earlier ones. So
/// this behaves as a Go slice does: steps are written into shared storage, and only one that no
/// longer fits moves what is there into a new one.
#[derive(Debug)]
pub(super) struct Path<'a> {
    /// The storage in use and, before it, those that became too small.
    storage: Vec<Storage<'a>>,
    len: usize,
}

#[derive(Debug)]
struct Storage<'a> {
    steps: Rc<RefCell<Vec<Step<'a>>>>,
    room: usize,
}

impl Default for Path<'_> {
    fn default() -> Self {
        let first = Storage {
            steps: Rc::default(),
            room: FIRST_ROOM,
        };
        Self {
            storage: vec![first],
            len: 0,
        }
    }
}

impl<'a> Path<'a> {
    fn current(&self) -> &Storage<'a> {
        self.storage
            .last()
            .expect("the first storage is never given up")
    }

    pub(super) fn push(&mut self, step: Step<'a>) {
        let current = self.current();
        if self.len == current.room {
            let steps = Rc::new(RefCell::new(self.steps()));
            let room = current.room * 2;
            self.storage.push(Storage { steps, room });
        }
        let mut steps = self.current().steps.borrow_mut();
        match steps.get_mut(self.len) {
            Some(slot) => *slot = step,
            None => steps.push(step),
        }
        drop(steps);
        self.len += 1;
    }

    pub(super) fn pop(&mut self) {
        self.len -= 1;
        if let [.., before, _] = &*self.storage
            && before.room == self.len
        {
            self.storage.pop();
        }
    }

    /// The steps as they are.
    pub(super) fn steps(&self) -> Vec<Step<'a>> {
        self.current().steps.borrow()[..self.len].to_vec()
    }

    /// The steps as they will be when the report is written.
    pub(super) fn shared(&self) -> Location<'a> {
        Location::Shared(Rc::clone(&self.current().steps), self.len)
    }
}
