//! Sequences of integers: `until`, `untilStep` as lists, `seq` as a text.

use std::sync::Arc;

use windlass_template::{Context, Error};
use windlass_value::{List, ListType, Value, fmt};

use crate::call::{Out, int, reserve_string};

pub(super) fn until(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let stop = int(args, 0)?;
    list(ctx, &Sequence::new(0, stop, if stop < 0 { -1 } else { 1 }))
}

pub(super) fn until_step(ctx: &mut dyn Context, args: &[Value]) -> Out {
    list(
        ctx,
        &Sequence::new(int(args, 0)?, int(args, 1)?, int(args, 2)?),
    )
}

fn list(ctx: &mut dyn Context, sequence: &Sequence) -> Out {
    ctx.reserve(sequence.len.saturating_mul(size_of::<Value>()))?;
    let items = sequence.numbers().map(Value::int).collect();
    Ok(Value::List(Arc::new(List::new(ListType::INTS, items))))
}

/// The numbers of the Unix command of that name, separated by spaces, both ends included.
pub(super) fn seq(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let (start, step, end) = match args.len() {
        1 => (1, None, int(args, 0)?),
        2 => (int(args, 0)?, None, int(args, 1)?),
        3 => (int(args, 0)?, Some(int(args, 1)?), int(args, 2)?),
        _ => return Ok("".into()),
    };
    let direction = if end < start { -1 } else { 1 };
    if direction < 0 && step.is_some_and(|s| s > 0) {
        return Ok("".into());
    }
    let stop = end.wrapping_add(direction);
    let sequence = Sequence::new(start, stop, step.unwrap_or(direction));
    Ok(Value::str(joined(ctx, &sequence)?))
}

fn joined(ctx: &mut dyn Context, sequence: &Sequence) -> Result<Vec<u8>, Error> {
    reserve_string(ctx, sequence.len.saturating_mul(NUMBER_BYTES))?;
    let mut out = Vec::new();
    for (i, n) in sequence.numbers().enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        fmt::append_int(&mut out, n);
    }
    Ok(out)
}

/// What a number of a text may cost: digits, sign and the space.
const NUMBER_BYTES: usize = 8;

/// From `start` by `step` up to before `stop`; empty if the step leads away from it.
struct Sequence {
    start: i64,
    step: i64,
    len: usize,
}

impl Sequence {
    fn new(start: i64, stop: i64, step: i64) -> Self {
        let leads_there = if stop < start { step < 0 } else { step > 0 };
        let distance = start.abs_diff(stop);
        let len = match distance.checked_div(step.unsigned_abs()) {
            Some(whole) if leads_there => {
                whole + u64::from(!distance.is_multiple_of(step.unsigned_abs()))
            }
            _ => 0,
        };
        // A step past the end of the integers would wrap and go on forever in Go.
        let last = u64::try_from(i128::from(len) - 1).unwrap_or(0);
        let end = i128::from(start) + i128::from(step) * i128::from(last + 1);
        let endless = len > 0 && i64::try_from(end).is_err();
        let len = if endless {
            usize::MAX
        } else {
            usize::try_from(len).unwrap_or(usize::MAX)
        };
        Self { start, step, len }
    }

    fn numbers(&self) -> impl Iterator<Item = i64> {
        let (start, step) = (self.start, self.step);
        // Below 2^63 numbers, as the memory limit has let the length through.
        (0..self.len as i64).map(move |i| start.wrapping_add(i.wrapping_mul(step)))
    }
}
