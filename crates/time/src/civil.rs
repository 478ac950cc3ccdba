//! The Gregorian calendar as arithmetic on days, for every instant an `i64` of seconds can name.
//!
//! Days are counted without sign from 1 March of the year −292277022400, which is a multiple of
//! 400: then each date is a division, no date is negative, and overflow wraps where Go's wraps.

/// The year in whose March the count of days starts, negated.
const ORIGIN_YEARS: i64 = 292_277_022_400;
/// Days of a full 400 year cycle.
const CYCLE: u64 = 146_097;
/// Days from March to the end of December.
const MARCH_TO_DECEMBER: i64 = 306;
/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;
/// Seconds from 1 January of the year 1 to 1970.
pub(crate) const UNIX_TO_YEAR_ONE: i64 = (1969 * 365 + 1969 / 4 - 1969 / 100 + 1969 / 400) * DAY;
/// Seconds from the origin of the count to 1970.
const ORIGIN_TO_UNIX: i64 = (ORIGIN_YEARS / 400 * CYCLE as i64 + MARCH_TO_DECEMBER)
    .wrapping_mul(DAY)
    .wrapping_add(UNIX_TO_YEAR_ONE);

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// Go's `time.Month`: 1 is January. Any number may occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(pub i64);

impl Month {
    /// The full English names, January first.
    pub(crate) const NAMES: [&'static str; 12] = MONTHS;
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match usize::try_from(self.0.wrapping_sub(1))
            .ok()
            .and_then(|i| MONTHS.get(i))
        {
            Some(name) => f.write_str(name),
            None => write!(f, "%!Month({})", self.0.cast_unsigned()),
        }
    }
}

/// Go's `time.Weekday`: 0 is Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weekday(pub i64);

impl Weekday {
    /// The full English names, Sunday first.
    pub(crate) const NAMES: [&'static str; 7] = WEEKDAYS;
}

impl std::fmt::Display for Weekday {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match usize::try_from(self.0).ok().and_then(|i| WEEKDAYS.get(i)) {
            Some(name) => f.write_str(name),
            None => write!(f, "%!Weekday({})", self.0.cast_unsigned()),
        }
    }
}

/// A date and the time of its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    pub(crate) month: Month,
    pub(crate) day: i64,
    /// Day of the year, 1 January being 1.
    pub(crate) year_day: i64,
    pub(crate) weekday: Weekday,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
}

impl Civil {
    /// The date of an instant in Unix seconds, a zone's offset already added.
    pub(crate) fn of_unix(seconds: i64) -> Self {
        let since_origin = seconds.wrapping_add(ORIGIN_TO_UNIX).cast_unsigned();
        let (days, clock) = (
            since_origin / DAY as u64,
            (since_origin % DAY as u64) as i64,
        );
        let (year, month, day) = split_days(days);
        Self {
            year,
            month: Month(month),
            day,
            year_day: days_before(month) + i64::from(is_leap(year) && month > 2) + day,
            // The count starts on a Wednesday.
            weekday: Weekday(((days + 3) % 7) as i64),
            hour: clock / 3600,
            minute: clock / 60 % 60,
            second: clock % 60,
        }
    }
}

fn split_days(days: u64) -> (i64, i64, i64) {
    let (cycle, day) = (days / CYCLE, days % CYCLE);
    // Years of the cycle so far, March to February: leap days thrown in every 4, 100 and 400.
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let year_day = day - (365 * year + year / 4 - year / 100);
    // From March on the months' lengths repeat 31 30 31 30 31, which is 153 days in 5 months.
    let month = (5 * year_day + 2) / 153;
    let day = (year_day - (153 * month + 2) / 5 + 1) as i64;
    let (month, turn) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (
        (cycle * 400 + year + turn) as i64 - ORIGIN_YEARS,
        month as i64,
        day,
    )
}

/// Unix seconds of a date; every field may be out of its range and carries into the next.
pub(crate) fn unix_of(year: i64, month: i64, day: i64, clock: [i64; 4]) -> (i64, u32) {
    let [hour, minute, second, nano] = clock;
    let (year, month) = carry(year, month.wrapping_sub(1), 12);
    let (second, nano) = carry(second, nano, 1_000_000_000);
    let (minute, second) = carry(minute, second, 60);
    let (hour, minute) = carry(hour, minute, 60);
    let (day, hour) = carry(day, hour, 24);
    let (month, turn) = if month < 2 {
        (month + 10, 1)
    } else {
        (month - 2, 0)
    };
    let years = year
        .wrapping_sub(turn)
        .wrapping_add(ORIGIN_YEARS)
        .cast_unsigned();
    let (century, rest) = (years / 100, years % 100);
    let days = (CYCLE.wrapping_mul(century) / 4)
        .wrapping_add(1461 * rest / 4)
        .wrapping_add(((153 * month + 2) / 5).cast_unsigned())
        .wrapping_add(day.wrapping_sub(1).cast_unsigned());
    let seconds = days
        .cast_signed()
        .wrapping_mul(DAY)
        .wrapping_add(hour * 3600 + minute * 60 + second)
        .wrapping_sub(ORIGIN_TO_UNIX);
    let nano = u32::try_from(nano).expect("carried below 10^9");
    (seconds, nano)
}

/// Brings `low` into `0..base` and carries the rest into `high`.
fn carry(high: i64, low: i64, base: i64) -> (i64, i64) {
    (
        high.wrapping_add(low.div_euclid(base)),
        low.rem_euclid(base),
    )
}

/// Days of a common year before a month.
pub(crate) fn days_before(month: i64) -> i64 {
    (214 * month - 211) / 7 - if month >= 3 { 2 } else { 0 }
}

/// Length of a month.
pub(crate) fn days_in(month: i64, year: i64) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether a year has a 29 February.
pub(crate) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}
