//! The types as template objects, with the methods Go gives them.
//!
//! Methods that return what a template cannot take (two results, such as `Date`) fail with the
//! message that Go's templates give.

mod duration;
mod time;

use std::any::Any;

use windlass_value::func::{CallError, Method, Param};
use windlass_value::{Heap, IntKind, Kind, Object, Str, Value};

use crate::civil::{Month, Weekday};
use crate::duration::Duration;
use crate::zone::Zone;

/// The type of parameters that are times.
const TIME: Param = Param::Named("time.Time");
/// The type of parameters that are durations.
const DURATION: Param = Param::NamedInt64("time.Duration");

/// A method without parameters.
const fn getter(name: &'static str, body: windlass_value::func::MethodBody) -> Method {
    Method::new(name, &[], body)
}

/// The receiver, which the machine looked the method up on.
fn receiver<T: Object>(value: &Value) -> Result<&T, CallError> {
    value
        .downcast()
        .ok_or_else(|| CallError::new("method called on another type"))
}

/// An argument of a type whose objects are of one Rust type.
fn argument<T: Object>(args: &[Value], index: usize) -> Result<&T, CallError> {
    args.get(index)
        .and_then(Value::downcast)
        .ok_or_else(|| CallError::new("argument is of another type"))
}

/// An argument of type `time.Duration`: a value of it, or a constant.
fn duration_argument(args: &[Value], index: usize) -> Result<Duration, CallError> {
    match args.get(index) {
        Some(Value::Int(nanoseconds, _)) => Ok(Duration(*nanoseconds)),
        _ => argument(args, index).copied(),
    }
}

fn int_argument(args: &[Value], index: usize) -> i64 {
    match args.get(index) {
        Some(Value::Int(n, _)) => *n,
        _ => 0,
    }
}

/// A named type over `int` with nothing but a `String` method.
macro_rules! named_int {
    ($ty:ty, $go:literal) => {
        impl Object for $ty {
            fn type_name(&self) -> &'static str {
                $go
            }

            fn underlying(&self) -> Option<Value> {
                Some(Value::Int(self.0, IntKind::Int))
            }

            fn methods(&self) -> &'static [Method] {
                const METHODS: &[Method] = &[getter("String", |_, this, _| {
                    Ok(receiver::<$ty>(this)?.to_string().into())
                })];
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
    };
}

named_int!(Month, "time.Month");
named_int!(Weekday, "time.Weekday");

/// Go's `*time.Location`.
impl Object for Zone {
    fn type_name(&self) -> &'static str {
        "*time.Location"
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn methods(&self) -> &'static [Method] {
        const METHODS: &[Method] = &[getter("String", |_, this, _| {
            Ok(receiver::<Zone>(this)?.name().into())
        })];
        METHODS
    }

    fn display(&self) -> Option<Str> {
        Some(self.name().into())
    }

    fn equals(&self, other: &dyn Object, _heap: &Heap) -> Option<bool> {
        let other = other.as_any().downcast_ref::<Self>();
        Some(other.is_some_and(|other| self.is_same(other)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
