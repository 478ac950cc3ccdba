//! The table of what is waited for: object, since when, what is seen of it, what is wrong with it.

use std::time::Instant;

use unicode_width::UnicodeWidthChar;
use windlass_engine::Event;
use windlass_engine::event::Change;
use windlass_plan::ObjectRef;

use crate::explain::safe;

/// How many objects are shown.
const ROWS: usize = 10;

/// How wide names may be.
const NAMES: usize = 40;

/// What is waited for, in the order in which that began.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Row>,
    /// How many were waited for and are as wanted.
    ready: usize,
}

#[derive(Debug)]
struct Row {
    object: ObjectRef,
    since: Instant,
    state: String,
    trouble: String,
}

impl Table {
    pub(super) fn note(&mut self, event: &Event) {
        match event {
            Event::Waiting {
                object,
                status,
                message,
            } => self.row(object).state = super::state(status, message).to_owned(),
            Event::Trouble {
                object, summary, ..
            } => self.row(object).trouble.clone_from(summary),
            Event::Ready(object) => {
                self.take(object);
                self.ready += 1;
            }
            Event::Done(object, Change::Deleted) => self.take(object),
            Event::Hook { .. } => {
                self.rows.clear();
                self.ready = 0;
            }
            _ => {}
        }
    }

    fn row(&mut self, object: &ObjectRef) -> &mut Row {
        let at = self.rows.iter().position(|row| row.object == *object);
        let at = at.unwrap_or_else(|| {
            self.rows.push(Row {
                object: object.clone(),
                since: Instant::now(),
                state: String::new(),
                trouble: String::new(),
            });
            self.rows.len() - 1
        });
        &mut self.rows[at]
    }

    fn take(&mut self, object: &ObjectRef) {
        self.rows.retain(|row| row.object != *object);
    }

    /// The table in lines of at most this width.
    pub(super) fn lines(&self, width: usize) -> Vec<String> {
        let Some(first) = self.rows.first() else {
            return Vec::new();
        };
        let all = self.rows.len() + self.ready;
        let oldest = self.rows.iter().map(|row| row.since).min();
        let oldest = oldest.unwrap_or(first.since);
        let head = format!("  {} of {all} ready, {}", self.ready, age(oldest));
        let shown = &self.rows[..self.rows.len().min(ROWS)];
        let names: Vec<String> = shown.iter().map(|row| super::name(&row.object)).collect();
        let widest = names.iter().map(|name| name.len()).max();
        let widest = widest.unwrap_or_default().min(NAMES);
        let rows = names.iter().zip(shown).map(|(name, row)| {
            let separator = match row.trouble.as_str() {
                "" => "",
                _ => "; ",
            };
            let Row { state, trouble, .. } = row;
            let age = age(row.since);
            format!("  {name:widest$}  {age:>6}  {state}{separator}{trouble}")
        });
        let more = self.rows.len() - shown.len();
        let more = (more > 0).then(|| format!("  and {more} more"));
        let lines = std::iter::once(head).chain(rows).chain(more);
        lines.map(|line| clipped(&line, width)).collect()
    }
}

/// How long ago something was: `12s`, `3m20s`.
fn age(since: Instant) -> String {
    let seconds = since.elapsed().as_secs();
    match seconds {
        0..60 => format!("{seconds}s"),
        _ => format!("{}m{:02}s", seconds / 60, seconds % 60),
    }
}

/// A line that fits and holds nothing that a terminal would obey: a wider one would not go away.
fn clipped(line: &str, width: usize) -> String {
    let mut left = width;
    let line = safe(line).replace('\n', " ");
    let fits = |c: &char| {
        let wide = c.width().unwrap_or_default();
        let fits = wide <= left;
        left = left.saturating_sub(wide);
        fits
    };
    line.chars().take_while(fits).collect()
}

#[cfg(test)]
mod tests {
    use windlass_plan::Mapping;

    use super::*;

    fn object(name: &str) -> ObjectRef {
        ObjectRef {
            mapping: Mapping {
                group: "apps".to_owned(),
                version: "v1".to_owned(),
                kind: "Deployment".to_owned(),
                plural: "deployments".to_owned(),
                namespaced: true,
            },
            namespace: "default".to_owned(),
            name: name.to_owned(),
        }
    }

    fn waiting(name: &str, message: &str) -> Event {
        Event::Waiting {
            object: object(name),
            status: "InProgress".to_owned(),
            message: message.to_owned(),
        }
    }

    #[test]
    fn what_is_ready_is_counted_and_no_longer_shown() {
        let mut table = Table::default();
        table.note(&waiting("web", "Available: 0/1"));
        table.note(&waiting("queue", "Available: 1/3"));
        table.note(&Event::Trouble {
            object: object("web"),
            code: "image-pull",
            summary: "the image x:1 cannot be pulled".to_owned(),
        });
        let wanted = [
            "  0 of 2 ready, 0s",
            "  Deployment/web        0s  Available: 0/1; the image x:1 cannot be pulled",
            "  Deployment/queue      0s  Available: 1/3",
        ];
        assert_eq!(table.lines(79), wanted);
        table.note(&Event::Ready(object("web")));
        assert_eq!(table.lines(79)[0], "  1 of 2 ready, 0s");
        assert_eq!(table.lines(79).len(), 2);
        table.note(&Event::Ready(object("queue")));
        assert!(table.lines(79).is_empty());
    }

    #[test]
    fn lines_fit_and_obey_nothing() {
        let mut table = Table::default();
        for at in 0..12 {
            table.note(&waiting(
                &format!("w{at}"),
                "\x1b[2Ja very long\nmessage 漢字漢字",
            ));
        }
        let lines = table.lines(40);
        assert_eq!(lines.len(), 12);
        assert_eq!(lines[11], "  and 2 more");
        assert!(lines.iter().all(|line| !line.contains(['\x1b', '\n'])));
        let width = |line: &String| {
            line.chars()
                .filter_map(UnicodeWidthChar::width)
                .sum::<usize>()
        };
        assert!(lines.iter().all(|line| width(line) <= 40));
    }
}
