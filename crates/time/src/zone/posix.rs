//! POSIX `TZ` rules (`CET-1CEST,M3.5.0,M10.5.0/3`): what a zone does after its recorded history.

use crate::civil::{Civil, DAY, days_before, days_in, is_leap, unix_of};
use crate::zone::{OMEGA, Span};

/// Hour of the change where a rule names none.
const DEFAULT_CHANGE: i64 = 2 * 3600;
/// What a zone with summer time but without dates does: the rule of the United States.
const DEFAULT_DATES: &str = ",M3.2.0,M11.1.0";

/// The rules of one zone.
#[derive(Debug)]
pub(super) struct Rules {
    standard: Named,
    summer: Option<Summer>,
}

#[derive(Debug, Clone)]
struct Named {
    name: String,
    offset: i64,
}

#[derive(Debug)]
struct Summer {
    time: Named,
    start: Change,
    end: Change,
}

/// A day of the year and a time of that day.
#[derive(Debug, Clone, Copy)]
struct Change {
    day: DayRule,
    time: i64,
}

#[derive(Debug, Clone, Copy)]
enum DayRule {
    /// Day 1 to 365, 29 February never counted.
    Julian(i64),
    /// Day 0 to 365, 29 February counted.
    OfYear(i64),
    /// The n-th weekday of a month, 5 being the last.
    OfMonth { month: i64, week: i64, weekday: i64 },
}

impl Rules {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (standard, rest) = named(text)?;
        if rest.is_empty() || rest.starts_with(',') {
            return Some(Self {
                standard,
                summer: None,
            });
        }
        let (name, rest) = name(rest)?;
        let (offset, rest) = match rest {
            "" => (standard.offset + 3600, rest),
            _ if rest.starts_with(',') => (standard.offset + 3600, rest),
            _ => offset(rest).map(|(o, rest)| (-o, rest))?,
        };
        let dates = if rest.is_empty() { DEFAULT_DATES } else { rest };
        let (start, rest) = change(dates.strip_prefix([',', ';'])?)?;
        let (end, rest) = change(rest.strip_prefix(',')?)?;
        let summer = Summer {
            time: Named {
                name: name.to_owned(),
                offset,
            },
            start,
            end,
        };
        rest.is_empty().then_some(Self {
            standard,
            summer: Some(summer),
        })
    }

    /// What holds at an instant; `last_change` is when the recorded history ended.
    pub(super) fn at(&self, last_change: i64, unix: i64) -> Span<'_> {
        let Some(summer) = &self.summer else {
            return self.standard.over(last_change, OMEGA, false);
        };
        let civil = Civil::of_unix(unix);
        let clock = civil.hour * 3600 + civil.minute * 60 + civil.second;
        let second = (civil.year_day - 1) * DAY + clock;
        let year = unix.wrapping_sub(second);

        let mut outside = (&self.standard, false);
        let mut inside = (&summer.time, true);
        let mut start = summer.start.second_of(civil.year) - self.standard.offset;
        let mut end = summer.end.second_of(civil.year) - summer.time.offset;
        if end < start {
            // The south: summer time lasts over the turn of the year.
            std::mem::swap(&mut start, &mut end);
            std::mem::swap(&mut outside, &mut inside);
        }
        let at = |second: i64| year.wrapping_add(second);
        match second {
            s if s < start => outside.0.over(year, at(start), outside.1),
            s if s >= end => outside.0.over(at(end), at(365 * DAY), outside.1),
            _ => inside.0.over(at(start), at(end), inside.1),
        }
    }
}

impl Named {
    fn over(&self, start: i64, end: i64, dst: bool) -> Span<'_> {
        Span {
            name: &self.name,
            offset: self.offset,
            start,
            end,
            dst,
        }
    }
}

impl Change {
    /// Seconds from the start of a year, on the clock in force before the change.
    fn second_of(self, year: i64) -> i64 {
        let day = match self.day {
            DayRule::Julian(day) => day - 1 + i64::from(is_leap(year) && day >= 60),
            DayRule::OfYear(day) => day,
            DayRule::OfMonth {
                month,
                week,
                weekday,
            } => {
                let first = Civil::of_unix(unix_of(year, month, 1, [0; 4]).0).weekday.0;
                let mut day = (weekday - first).rem_euclid(7) + 7 * (week - 1);
                while day >= days_in(month, year) {
                    day -= 7;
                }
                day + days_before(month) + i64::from(is_leap(year) && month > 2)
            }
        };
        day * DAY + self.time
    }
}

fn named(text: &str) -> Option<(Named, &str)> {
    let (name, rest) = name(text)?;
    let (west, rest) = offset(rest)?;
    // POSIX counts west of Greenwich.
    Some((
        Named {
            name: name.to_owned(),
            offset: -west,
        },
        rest,
    ))
}

/// A name of three or more characters, or any in angle brackets.
fn name(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('<') {
        return quoted.split_once('>');
    }
    let end = text
        .find(|c: char| c.is_ascii_digit() || matches!(c, ',' | '-' | '+'))
        .unwrap_or(text.len());
    (end >= 3).then(|| text.split_at(end))
}

/// `[+-]h[:m[:s]]` in seconds.
fn offset(text: &str) -> Option<(i64, &str)> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mut total, mut rest) = number(text, 0, 24 * 7).map(|(h, rest)| (h * 3600, rest))?;
    for unit in [60, 1] {
        let Some(after) = rest.strip_prefix(':') else {
            break;
        };
        let (n, after) = number(after, 0, 59)?;
        total += n * unit;
        rest = after;
    }
    Some((sign * total, rest))
}

fn change(text: &str) -> Option<(Change, &str)> {
    let (day, rest) = if let Some(text) = text.strip_prefix('J') {
        number(text, 1, 365).map(|(day, rest)| (DayRule::Julian(day), rest))?
    } else if let Some(text) = text.strip_prefix('M') {
        let (month, rest) = number(text, 1, 12)?;
        let (week, rest) = number(rest.strip_prefix('.')?, 1, 5)?;
        let (weekday, rest) = number(rest.strip_prefix('.')?, 0, 6)?;
        (
            DayRule::OfMonth {
                month,
                week,
                weekday,
            },
            rest,
        )
    } else {
        number(text, 0, 365).map(|(day, rest)| (DayRule::OfYear(day), rest))?
    };
    match rest.strip_prefix('/') {
        Some(time) => offset(time).map(|(time, rest)| (Change { day, time }, rest)),
        None => Some((
            Change {
                day,
                time: DEFAULT_CHANGE,
            },
            rest,
        )),
    }
}

fn number(text: &str, min: i64, max: i64) -> Option<(i64, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let n = text[..end].parse().ok()?;
    (min..=max).contains(&n).then(|| (n, &text[end..]))
}
