//! Slowing the client down, where it is asked to be: so many requests a second, and so many at once before that.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

/// How fast requests may follow each other.
pub(crate) struct Pace {
    interval: Option<Duration>,
    burst: u32,
    /// When the bucket will be full again.
    full_at: Mutex<Option<Instant>>,
}

impl Pace {
    /// No limit where `qps` is not positive.
    pub(crate) fn new(qps: f32, burst: u32) -> Self {
        let interval = (qps > 0.0 && qps.is_finite()).then(|| Duration::from_secs_f32(1.0 / qps));
        Self {
            interval,
            burst: burst.max(1),
            full_at: Mutex::new(None),
        }
    }

    /// Waits until the next request may go.
    pub(crate) async fn wait(&self) {
        let Some(interval) = self.interval else {
            return;
        };
        let until = {
            let mut full_at = self.full_at.lock().await;
            let now = Instant::now();
            let next = full_at.map_or(now, |at| at.max(now)) + interval;
            *full_at = Some(next);
            next.checked_sub(interval * self.burst)
        };
        if let Some(until) = until {
            tokio::time::sleep_until(until).await;
        }
    }
}
