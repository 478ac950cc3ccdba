//! Cron's schedules: five fields, or a word for the usual ones. Times are UTC.

use std::time::Duration;

use crate::clock::Moment;

const MINUTE: Duration = Duration::from_secs(60);
/// As far as a schedule is looked ahead: four years and a day, for the 29th of February.
const HORIZON_DAYS: i64 = 1462;
/// Of what was missed, only so many are counted.
const MOST_MISSED: usize = 100;

/// The minutes, hours, days, months and weekdays that a schedule names, a bit for each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Schedule {
    every: Option<u64>,
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    weekdays: u64,
    any_day: bool,
    any_weekday: bool,
}

impl Schedule {
    /// Reads a schedule; a zone before it is not minded.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = match text
            .strip_prefix("TZ=")
            .or_else(|| text.strip_prefix("CRON_TZ="))
        {
            Some(rest) => rest.split_once(' ')?.1,
            None => text,
        };
        let text = text.trim();
        if let Some(period) = text.strip_prefix("@every ") {
            let seconds = crate::pods::duration(period.trim())?.as_secs().max(1);
            return Some(Self {
                every: Some(seconds),
                ..Self::parse("* * * * *")?
            });
        }
        let text = match text {
            "@yearly" | "@annually" => "0 0 1 1 *",
            "@monthly" => "0 0 1 * *",
            "@weekly" => "0 0 * * 0",
            "@daily" | "@midnight" => "0 0 * * *",
            "@hourly" => "0 * * * *",
            text => text,
        };
        let fields: Vec<&str> = text.split_whitespace().collect();
        let [minute, hour, day, month, weekday] = fields[..] else {
            return None;
        };
        let any = |field: &str| field.starts_with(['*', '?']);
        Some(Self {
            every: None,
            minutes: field(minute, 0, 59, &[])?,
            hours: field(hour, 0, 23, &[])?,
            days: field(day, 1, 31, &[])?,
            months: field(month, 1, 12, &MONTHS)?,
            weekdays: weekdays(weekday)?,
            any_day: any(day),
            any_weekday: any(weekday),
        })
    }

    /// The first time after a moment.
    pub(super) fn after(&self, moment: Moment) -> Option<Moment> {
        if let Some(seconds) = self.every {
            return Some(moment.plus(Duration::from_secs(seconds)));
        }
        let minute = 60_000_000_000_i64;
        let mut at = moment.0.div_euclid(minute) + 1;
        let end = at + HORIZON_DAYS * 1440;
        while at < end {
            let (days, of_day) = (at.div_euclid(1440), at.rem_euclid(1440));
            if !self.is_day(days) {
                at = (days + 1) * 1440;
                continue;
            }
            if has(self.hours, of_day / 60) && has(self.minutes, of_day % 60) {
                return Some(Moment(at * minute));
            }
            at += 1;
        }
        None
    }

    /// The last time after one moment and not after another.
    pub(super) fn last_between(&self, since: Moment, until: Moment) -> Option<Moment> {
        let mut last = None;
        let mut at = since;
        for _ in 0..MOST_MISSED {
            match self.after(at) {
                Some(next) if next <= until => {
                    last = Some(next);
                    at = next;
                }
                _ => return last,
            }
        }
        // Too many were missed to count them: the last is sought from the other end.
        let mut back = MINUTE;
        while let Some(from) = until.0.checked_sub(i64::try_from(back.as_nanos()).ok()?) {
            if let Some(next) = self.after(Moment(from))
                && next <= until
                && self.after(next).is_none_or(|then| then > until)
            {
                return Some(next);
            }
            if from <= at.0 {
                break;
            }
            back += MINUTE;
        }
        last
    }

    fn is_day(&self, days: i64) -> bool {
        let (month, day) = civil(days);
        let weekday = (days + 4).rem_euclid(7);
        let by_day = has(self.days, day);
        let by_weekday = has(self.weekdays, weekday);
        has(self.months, month)
            && if self.any_day || self.any_weekday {
                by_day && by_weekday
            } else {
                by_day || by_weekday
            }
    }
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const WEEKDAYS: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

fn has(bits: u64, bit: i64) -> bool {
    u32::try_from(bit).is_ok_and(|bit| bits & (1 << bit) != 0)
}

/// Month and day of a day since 1970, by counting years of March to February.
fn civil(days: i64) -> (i64, i64) {
    let of_era = (days + 719_468).rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    (if month < 10 { month + 3 } else { month - 9 }, day)
}

fn weekdays(text: &str) -> Option<u64> {
    // Sunday may be 7, too.
    let bits = field(text, 0, 7, &WEEKDAYS)?;
    Some((bits | (bits >> 7)) & 0x7f)
}

/// `1,5-10/2,*/15,mon`
fn field(text: &str, low: u32, high: u32, names: &[&str]) -> Option<u64> {
    let mut bits = 0;
    for part in text.split(',') {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, step.parse::<u32>().ok().filter(|step| *step > 0)?),
            None => (part, 1),
        };
        let number = |text: &str| {
            let lower = text.to_lowercase();
            let named = names.iter().position(|name| *name == lower);
            match named {
                Some(place) => u32::try_from(place).ok().map(|place| place + low),
                None => text.parse::<u32>().ok(),
            }
        };
        let (from, to) = match range {
            "*" | "?" => (low, high),
            _ => match range.split_once('-') {
                Some((from, to)) => (number(from)?, number(to)?),
                None if part.contains('/') => (number(range)?, high),
                None => (number(range)?, number(range)?),
            },
        };
        if from < low || to > high || from > to {
            return None;
        }
        for value in (from..=to).step_by(usize::try_from(step).ok()?) {
            bits |= 1_u64 << value;
        }
    }
    Some(bits)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn next(schedule: &str, from: &str) -> String {
        let schedule = Schedule::parse(schedule).unwrap();
        schedule
            .after(Moment::parse(from).unwrap())
            .unwrap()
            .rfc3339()
    }

    #[test]
    fn the_next_time_is_found() {
        let from = "2026-11-20T10:07:30Z";
        assert_eq!(next("*/15 * * * *", from), "2026-11-20T10:15:00Z");
        assert_eq!(next("0 3 * * *", from), "2026-11-21T03:00:00Z");
        assert_eq!(next("30 4 1 * *", from), "2026-12-01T04:30:00Z");
        assert_eq!(next("0 0 * * mon", from), "2026-11-23T00:00:00Z");
        assert_eq!(next("0 0 29 2 *", from), "2028-02-29T00:00:00Z");
        assert_eq!(next("@hourly", from), "2026-11-20T11:00:00Z");
        assert_eq!(next("0 0 * * 7", from), "2026-11-22T00:00:00Z");
    }

    #[test]
    fn what_is_no_schedule_is_not_read() {
        for text in [
            "",
            "* * * *",
            "60 * * * *",
            "* * 0 * *",
            "*/0 * * * *",
            "a b c d e",
        ] {
            assert_eq!(Schedule::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_last_missed_time_is_found() {
        let hourly = Schedule::parse("0 * * * *").unwrap();
        let since = Moment::parse("2026-11-01T00:30:00Z").unwrap();
        let until = Moment::parse("2026-11-20T10:07:30Z").unwrap();
        let last = hourly.last_between(since, until).unwrap();
        assert_eq!(last.rfc3339(), "2026-11-20T10:00:00Z");
    }
}
