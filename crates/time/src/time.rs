//! [`Time`]: an instant in a zone.

use std::cmp::Ordering;

use crate::civil::{Civil, Month, UNIX_TO_YEAR_ONE, Weekday, unix_of};
use crate::duration::{Duration, is_less_than_half};
use crate::zone::Zone;

const NANOS: i64 = 1_000_000_000;

/// Go's `time.Time`: an instant with a nanosecond's resolution, and the zone it is read in.
///
/// The default is Go's zero time, the start of the year 1 in UTC.
#[derive(Debug, Clone, Default)]
pub struct Time {
    /// Seconds since the start of the year 1.
    seconds: i64,
    nanos: u32,
    zone: Zone,
    monotonic: Option<i64>,
}

impl Time {
    /// The instant so many seconds and nanoseconds after 1970, in the local zone.
    #[must_use]
    pub fn from_unix(seconds: i64, nanos: i64) -> Self {
        let seconds = seconds.wrapping_add(nanos.div_euclid(NANOS));
        Self {
            seconds: seconds.wrapping_add(UNIX_TO_YEAR_ONE),
            nanos: nanos.rem_euclid(NANOS) as u32,
            zone: Zone::Local,
            monotonic: None,
        }
    }

    /// What Go's `Now` gives: the wall clock, as nanoseconds since 1970, beside the reading of the
    /// monotonic clock, which shows in [`Time::to_string`] until the time is moved to a zone.
    #[must_use]
    pub fn now(unix_nanos: i128, monotonic: i64) -> Self {
        let seconds = unix_nanos.div_euclid(i128::from(NANOS));
        let nanos = unix_nanos.rem_euclid(i128::from(NANOS)) as i64;
        let mut now = Self::from_unix(i64::try_from(seconds).unwrap_or(0), nanos);
        now.monotonic = Some(monotonic);
        now
    }

    /// The instant of a date and clock (`[hour, minute, second, nanosecond]`) in a zone; fields out
    /// of range carry over. A clock reading that a change of offset skips or repeats is taken by
    /// one of the two offsets, as Go's `Date` does.
    #[must_use]
    pub fn from_date(year: i64, month: Month, day: i64, clock: [i64; 4], zone: Zone) -> Self {
        let (mut unix, nanos) = unix_of(year, month.0, day, clock);
        let guess = zone.at(unix);
        let mut offset = guess.offset;
        if offset != 0 {
            let utc = unix.wrapping_sub(offset);
            if utc < guess.start || utc >= guess.end {
                offset = zone.at(utc).offset;
            }
            unix = unix.wrapping_sub(offset);
        }
        Self::from_unix(unix, i64::from(nanos)).within(zone)
    }

    /// The same instant read in another zone: Go's `In`.
    #[must_use]
    pub fn within(mut self, zone: Zone) -> Self {
        self.zone = zone;
        self.monotonic = None;
        self
    }

    /// The zone it is read in.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The reading of the monotonic clock, if there still is one.
    #[must_use]
    pub fn monotonic(&self) -> Option<i64> {
        self.monotonic
    }

    /// The zone's abbreviation and offset in seconds at this instant: Go's `Zone`.
    #[must_use]
    pub fn zone_now(&self) -> (&str, i64) {
        let span = self.zone.at(self.unix());
        (span.name, span.offset)
    }

    /// Whether summer time is in force.
    #[must_use]
    pub fn is_dst(&self) -> bool {
        self.zone.at(self.unix()).dst
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn unix(&self) -> i64 {
        self.seconds.wrapping_sub(UNIX_TO_YEAR_ONE)
    }

    /// Seconds since the start of the year 1.
    pub(crate) fn since_year_one(&self) -> i64 {
        self.seconds
    }

    /// Units since 1970, of which a second has so many; wraps out of range, as in Go.
    #[must_use]
    pub(crate) fn unix_in(&self, units: i64) -> i64 {
        self.unix()
            .wrapping_mul(units)
            .wrapping_add(i64::from(self.nanos) / (NANOS / units))
    }

    /// The two numbers that Go's `Time` is made of, `wall` and `ext`. With a monotonic reading the
    /// first holds the seconds too, counted from 1885, and the second is the reading.
    pub(crate) fn words(&self) -> (u64, i64) {
        const YEAR_ONE_TO_1885: i64 = (1884 * 365 + 1884 / 4 - 1884 / 100 + 1884 / 400) * 86_400;
        const SECONDS_BITS: u32 = 33;
        let nanos = u64::from(self.nanos);
        let seconds = u64::try_from(self.seconds.wrapping_sub(YEAR_ONE_TO_1885));
        match (self.monotonic, seconds) {
            (Some(reading), Ok(seconds)) if seconds >> SECONDS_BITS == 0 => {
                (1 << 63 | seconds << 30 | nanos, reading)
            }
            _ => (nanos, self.seconds),
        }
    }

    /// Nanoseconds within the second.
    #[must_use]
    pub fn nanosecond(&self) -> u32 {
        self.nanos
    }

    /// Year, month and day in the zone: Go's `Date`.
    #[must_use]
    pub fn date(&self) -> (i64, Month, i64) {
        let civil = self.civil();
        (civil.year, civil.month, civil.day)
    }

    /// The day of the week in the zone.
    #[must_use]
    pub fn weekday(&self) -> Weekday {
        self.civil().weekday
    }

    pub(crate) fn civil(&self) -> Civil {
        Civil::of_unix(self.unix().wrapping_add(self.zone_now().1))
    }

    /// Whether it is the zero time, in any zone.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.seconds == 0 && self.nanos == 0
    }

    /// Order of the instants.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        (self.seconds, self.nanos).cmp(&(other.seconds, other.nanos))
    }

    /// The instant a duration later.
    #[must_use]
    pub fn plus(mut self, duration: Duration) -> Self {
        let nanos = i64::from(self.nanos) + duration.0 % NANOS;
        self.nanos = nanos.rem_euclid(NANOS) as u32;
        self.monotonic = self.monotonic.and_then(|m| m.checked_add(duration.0));
        self.plus_seconds(duration.0 / NANOS + nanos.div_euclid(NANOS))
    }

    /// The instant so many seconds later; Go's times stop at the ends of their range here.
    pub(crate) fn plus_seconds(mut self, seconds: i64) -> Self {
        self.seconds = self.seconds.saturating_add(seconds).max(-i64::MAX);
        self
    }

    /// The date moved by years, months and days, on the same clock: Go's `AddDate`.
    #[must_use]
    pub fn plus_date(&self, years: i64, months: i64, days: i64) -> Self {
        let civil = self.civil();
        Self::from_date(
            civil.year.wrapping_add(years),
            Month(civil.month.0.wrapping_add(months)),
            civil.day.wrapping_add(days),
            [
                civil.hour,
                civil.minute,
                civil.second,
                i64::from(self.nanos),
            ],
            self.zone.clone(),
        )
    }

    /// The time since another instant, bounded by what a duration can hold.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Duration {
        let nanos = (i128::from(self.seconds) - i128::from(earlier.seconds)) * i128::from(NANOS)
            + i128::from(self.nanos)
            - i128::from(earlier.nanos);
        let bounded = nanos.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
        Duration(bounded as i64)
    }

    /// Rounded down to a multiple of a positive duration since the zero time.
    #[must_use]
    pub fn truncate(&self, unit: Duration) -> Self {
        let plain = self.without_monotonic();
        match self.rest_of(unit) {
            Some(rest) => plain.plus(Duration(-rest)),
            None => plain,
        }
    }

    /// Rounded to the nearest multiple of a positive duration since the zero time, half up.
    #[must_use]
    pub fn round(&self, unit: Duration) -> Self {
        let plain = self.without_monotonic();
        match self.rest_of(unit) {
            Some(rest) if is_less_than_half(rest, unit.0) => plain.plus(Duration(-rest)),
            Some(rest) => plain.plus(Duration(unit.0 - rest)),
            None => plain,
        }
    }

    fn without_monotonic(&self) -> Self {
        Self {
            monotonic: None,
            ..self.clone()
        }
    }

    /// What is left over above a multiple of a positive duration.
    fn rest_of(&self, unit: Duration) -> Option<i64> {
        let since_zero = i128::from(self.seconds) * i128::from(NANOS) + i128::from(self.nanos);
        let unit = i128::from(Some(unit.0).filter(|u| *u > 0)?);
        Some(since_zero.rem_euclid(unit) as i64)
    }

    /// Go's `==`: the same instant, zone and clock reading.
    #[must_use]
    pub(crate) fn is_identical(&self, other: &Self) -> bool {
        self.compare(other) == Ordering::Equal
            && self.monotonic == other.monotonic
            && self.zone.is_same(&other.zone)
    }
}
