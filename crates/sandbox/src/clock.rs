//! Time as the sandbox sees it: [`Moment`]s on a line of nanoseconds, read from a [`Clock`].
//!
//! The core never asks a clock. Each request carries its moment, and deadlines of controllers are
//! moments too, so a state that was saved catches up when it is opened again.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};
use windlass_time::Time;

/// A point in time: nanoseconds since 1970 in UTC.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Moment(pub i64);

impl Moment {
    /// This moment and `duration` more.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        let nanos = i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX);
        Self(self.0.saturating_add(nanos))
    }

    /// How long after `earlier` this is; zero when it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// As `metav1.Time` is written: whole seconds, `Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        self.formatted(b"2006-01-02T15:04:05Z")
    }

    /// As `metav1.MicroTime` is written: six digits, `Z`.
    #[must_use]
    pub fn rfc3339_micro(self) -> String {
        self.formatted(b"2006-01-02T15:04:05.000000Z")
    }

    /// Reads either of the two, or any other RFC 3339 time.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let time = windlass_time::parse(windlass_time::RFC3339, text.as_bytes()).ok()?;
        let seconds = time.unix().checked_mul(1_000_000_000)?;
        Some(Self(seconds.checked_add(i64::from(time.nanosecond()))?))
    }

    fn formatted(self, layout: &[u8]) -> String {
        let seconds = self.0.div_euclid(1_000_000_000);
        let time = Time::from_unix(seconds, self.0.rem_euclid(1_000_000_000));
        String::from_utf8_lossy(&time.format(layout)).into_owned()
    }
}

/// Where moments come from.
pub trait Clock: Send + Sync + 'static {
    /// The present moment; never earlier than one given before.
    fn now(&self) -> Moment;
}

/// The machine's clock, as read at the start, and what tokio's timers measured since: so time in a
/// paused runtime (`start_paused`) is the sandbox's time too.
pub struct RealClock {
    start: Moment,
    origin: tokio::time::Instant,
}

impl RealClock {
    /// Starts now.
    #[must_use]
    pub fn new() -> Self {
        let wall = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self::starting_at(Moment::default().plus(wall))
    }

    /// Starts at a moment of the caller's choice.
    #[must_use]
    pub fn starting_at(start: Moment) -> Self {
        Self {
            start,
            origin: tokio::time::Instant::now(),
        }
    }
}

impl Default for RealClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for RealClock {
    fn now(&self) -> Moment {
        self.start.plus(self.origin.elapsed())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn moments_are_written_and_read() {
        let moment = Moment::parse("2026-11-20T08:52:03.123456Z").unwrap();
        assert_eq!(moment.rfc3339(), "2026-11-20T08:52:03Z");
        assert_eq!(moment.rfc3339_micro(), "2026-11-20T08:52:03.123456Z");
        let later = moment.plus(Duration::from_secs(60));
        assert_eq!(later.since(moment), Duration::from_secs(60));
        assert_eq!(moment.since(later), Duration::ZERO);
    }
}
