//! `time.Duration` as a template object: a named `int64`.

use std::any::Any;

use windlass_value::func::Method;
use windlass_value::{Heap, Object, Str, Value};

use super::{DURATION, duration_argument, getter, receiver};
use crate::duration::Duration;

impl Object for Duration {
    fn type_name(&self) -> &'static str {
        "time.Duration"
    }

    fn underlying(&self) -> Option<Value> {
        Some(Value::int64(self.0))
    }

    fn methods(&self) -> &'static [Method] {
        METHODS
    }

    fn display(&self) -> Option<Str> {
        Some(self.to_string().into())
    }

    fn equals(&self, other: &dyn Object, _heap: &Heap) -> Option<bool> {
        Some(other.as_any().downcast_ref::<Self>() == Some(self))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

const METHODS: &[Method] = &[
    getter("Abs", |_, d, _| {
        Ok(Value::object(receiver::<Duration>(d)?.abs()))
    }),
    getter("Hours", |_, d, _| {
        Ok(Value::float(receiver::<Duration>(d)?.hours()))
    }),
    getter("Microseconds", |_, d, _| {
        Ok(Value::int64(receiver::<Duration>(d)?.microseconds()))
    }),
    getter("Milliseconds", |_, d, _| {
        Ok(Value::int64(receiver::<Duration>(d)?.milliseconds()))
    }),
    getter("Minutes", |_, d, _| {
        Ok(Value::float(receiver::<Duration>(d)?.minutes()))
    }),
    getter("Nanoseconds", |_, d, _| {
        Ok(Value::int64(receiver::<Duration>(d)?.nanoseconds()))
    }),
    Method::new("Round", &[DURATION], |_, d, args| {
        Ok(Value::object(
            receiver::<Duration>(d)?.round(duration_argument(args, 0)?),
        ))
    }),
    getter("Seconds", |_, d, _| {
        Ok(Value::float(receiver::<Duration>(d)?.seconds()))
    }),
    getter("String", |_, d, _| {
        Ok(receiver::<Duration>(d)?.to_string().into())
    }),
    Method::new("Truncate", &[DURATION], |_, d, args| {
        Ok(Value::object(
            receiver::<Duration>(d)?.truncate(duration_argument(args, 0)?),
        ))
    }),
];
