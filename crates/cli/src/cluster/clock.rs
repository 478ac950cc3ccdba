//! The system's clock, for records.

use std::time::{SystemTime, UNIX_EPOCH};

use windlass_engine::Clock;
use windlass_release::Time;

/// The system's clock, in the local zone.
pub(super) struct SystemClock;

/// Now, in the local zone.
pub(crate) fn now() -> Time {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
    Time::from_unix(seconds, i64::from(since.subsec_nanos()))
}

impl Clock for SystemClock {
    fn now(&self) -> Time {
        now()
    }
}
