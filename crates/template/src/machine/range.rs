//! `range`: walks over lists, maps, bytes and integers.
//!
//! What is walked is fixed when the walk begins: lists cannot change, and of a map the entries are
//! taken then, in the order of keys, as Go does.

use std::sync::Arc;
use std::vec;

use windlass_value::{Elem, IntKind, Kind, List, Str, UintKind, Value, fmt};

use crate::machine::{Result, Running};
use crate::operand::{Operand, Shape};
use crate::session::Session;

/// A walk under way.
pub(super) enum Walk {
    List(Arc<List>, usize),
    Bytes(Str, usize),
    Map(vec::IntoIter<(Str, Value)>, Elem),
    Ints(i64, i64, IntKind),
    Uints(u64, u64, UintKind),
}

impl Walk {
    /// A walk over a value; `None` if there is nothing to walk.
    fn over(session: &Session<'_>, value: &Value, variables: usize) -> Result<Option<Self>> {
        let walk = match value {
            Value::Nil => return Ok(None),
            Value::Int(..) | Value::Uint(..) if variables > 1 => {
                let n = printed(session, value);
                let message = format!("can't use {n} to iterate over more than one variable");
                return Err(message.into());
            }
            Value::Int(n, kind) => (*n > 0).then_some(Self::Ints(0, *n, *kind)),
            Value::Uint(n, kind) => (*n > 0).then_some(Self::Uints(0, *n, *kind)),
            Value::List(list) => (!list.is_empty()).then(|| Self::List(Arc::clone(list), 0)),
            Value::Bytes(bytes) => (!bytes.is_empty()).then(|| Self::Bytes(bytes.clone(), 0)),
            Value::Map(id) => {
                let entries = session.heap.snapshot(*id);
                let elem = session.heap.map_type(*id).elem();
                (!entries.is_empty()).then(|| Self::Map(entries.into_iter(), elem))
            }
            Value::Object(o) if matches!(o.kind(), Kind::Int(_) | Kind::Uint(_)) => {
                return match o.underlying() {
                    Some(plain) => Self::over(session, &plain, variables),
                    None => Ok(None),
                };
            }
            other => {
                let shown = printed(session, other);
                return Err(format!("range can't iterate over {shown}").into());
            }
        };
        Ok(walk)
    }

    /// The next index and element.
    fn next(&mut self) -> Option<(Value, Operand)> {
        match self {
            Self::List(list, at) => {
                let value = list.get(*at)?.clone();
                let index = index_value(at);
                Some((index, Operand::element(value, list.ty.elem)))
            }
            Self::Bytes(bytes, at) => {
                let byte = *bytes.get(*at)?;
                let value = Value::Uint(byte.into(), UintKind::Uint8);
                Some((index_value(at), Operand::plain(value)))
            }
            Self::Map(entries, elem) => {
                let (key, value) = entries.next()?;
                Some((Value::Str(key), Operand::element(value, *elem)))
            }
            Self::Ints(at, end, kind) => {
                let n = *at;
                *at += 1;
                (n < *end).then(|| (Value::Nil, Operand::plain(Value::Int(n, *kind))))
            }
            Self::Uints(at, end, kind) => {
                let n = *at;
                *at += 1;
                (n < *end).then(|| (Value::Nil, Operand::plain(Value::Uint(n, *kind))))
            }
        }
    }
}

/// The index as a value, and one further.
fn index_value(at: &mut usize) -> Value {
    let index = i64::try_from(*at).unwrap_or(i64::MAX);
    *at += 1;
    Value::int(index)
}

fn printed(session: &Session<'_>, value: &Value) -> String {
    let mut out = Vec::new();
    fmt::append_value(&mut out, session.heap, value);
    String::from_utf8_lossy(&out).into_owned()
}

impl Session<'_> {
    pub(super) fn range(&mut self, running: &mut Running, site: u32) -> Result<()> {
        let value = self.machine.pop().value;
        let site = &running.program.ranges[site as usize];
        match Walk::over(self, &value, site.variables.len())? {
            Some(walk) => {
                self.machine.walks.push(walk);
                self.machine.dots.push(running.dot.clone());
            }
            None => running.pc = site.otherwise as usize,
        }
        Ok(())
    }

    pub(super) fn next(&mut self, running: &mut Running, site: u32) {
        let Some((index, element)) = self.machine.walks.last_mut().and_then(Walk::next) else {
            running.pc = running.program.ranges[site as usize].end as usize;
            self.end_range(running);
            return;
        };
        let program = Arc::clone(&running.program);
        match program.ranges[site as usize].variables.as_slice() {
            [] => {}
            [one] => self.assign(running, one, element.clone()),
            [first, second, ..] => {
                self.assign(running, first, Operand::plain(index));
                self.assign(running, second, element.clone());
            }
        }
        running.dot = element;
    }

    /// Sets the innermost of some variables that has been declared.
    fn assign(&mut self, running: &Running, slots: &[u32], value: Operand) {
        let variables = &mut self.machine.variables;
        let mut places = slots.iter().map(|slot| running.base + *slot as usize);
        if let Some(place) = places.find(|place| variables[*place].shape != Shape::Unset) {
            variables[place] = value;
        }
    }

    pub(super) fn end_range(&mut self, running: &mut Running) {
        self.machine.walks.pop();
        running.dot = self.machine.dots.pop().unwrap_or(Operand::INVALID);
    }
}
