//! Go's `time` package as data: [`Time`], [`Duration`], layouts, zones.
//!
//! A [`Time`] counts, overflows, prints and parses as Go's does, and both types are template
//! [`windlass_value::Object`]s with the methods Go gives them. Start at [`Time`] and [`Zone`];
//! [`Time::format`] and [`parse`] are the two directions of Go's reference layouts.
//!
//! Not here: a clock, timers, the environment. The program's local zone is UTC until its
//! composition root says otherwise, once, through [`set_local`].

mod civil;
mod duration;
mod format;
mod layout;
mod methods;
mod parse;
mod text;
mod time;
mod zone;

pub use civil::{Month, Weekday};
pub use duration::{Duration, DurationError};
pub use parse::{ParseError, parse, parse_in};
pub use time::Time;
pub use zone::{Zone, ZoneError, set_local};

/// `2006-01-02T15:04:05Z07:00`
pub const RFC3339: &[u8] = b"2006-01-02T15:04:05Z07:00";
/// `2006-01-02T15:04:05.999999999Z07:00`
pub const RFC3339_NANO: &[u8] = b"2006-01-02T15:04:05.999999999Z07:00";
