//! Progress: what was done to which object, and what is being waited for and since when, while a command
//! works on a cluster.
//!
//! On a terminal what is done stays as a line, and what is waited for is a table at the bottom that is
//! drawn over. Elsewhere there is none of it, as with Helm, unless it is asked for: as lines, or as JSON.

mod events;
mod table;

use windlass_engine::Event;
use windlass_engine::event::Change;
use windlass_plan::ObjectRef;

pub(crate) use events::failed;
use table::Table;

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// Lines, and a table below them.
    Table,
    /// Lines.
    Plain,
    /// Lines of JSON.
    Json,
}

/// What was told so far.
#[derive(Debug)]
pub(crate) struct Progress {
    style: Style,
    table: Table,
}

impl Progress {
    pub(crate) fn new(style: Style) -> Self {
        Self {
            style,
            table: Table::default(),
        }
    }

    pub(crate) fn style(&self) -> Style {
        self.style
    }

    /// Takes note of an event; the line to leave behind, if there is one.
    pub(crate) fn note(&mut self, event: &Event) -> Option<String> {
        self.table.note(event);
        match self.style {
            Style::Table => done(event),
            Style::Plain => done(event).or_else(|| awaited(event)),
            Style::Json => events::line(event),
        }
    }

    /// The table at the bottom, if anything is waited for.
    pub(crate) fn table(&self, width: usize) -> Vec<String> {
        match self.style {
            Style::Table => self.table.lines(width),
            _ => Vec::new(),
        }
    }
}

/// What was done, as a line.
fn done(event: &Event) -> Option<String> {
    match event {
        Event::Done(object, change) => {
            word(*change).map(|word| format!("  {word} {}", name(object)))
        }
        Event::Ready(object) => Some(format!("  ready {}", name(object))),
        Event::Hook { moment, path } => Some(format!("  {moment} hook {path}")),
        Event::Trouble {
            object, summary, ..
        } => Some(format!("  trouble {}: {summary}", name(object))),
        _ => None,
    }
}

/// What is waited for, as a line.
fn awaited(event: &Event) -> Option<String> {
    match event {
        Event::Waiting {
            object,
            status,
            message,
        } => Some(format!(
            "  waiting {}: {}",
            name(object),
            state(status, message)
        )),
        _ => None,
    }
}

fn state<'a>(status: &'a str, message: &'a str) -> &'a str {
    match message {
        "" => status,
        message => message,
    }
}

fn word(change: Change) -> Option<&'static str> {
    match change {
        Change::Created => Some("created"),
        Change::Updated => Some("updated"),
        Change::Deleted => Some("deleted"),
        Change::Kept => Some("kept"),
        Change::Unchanged => None,
    }
}

/// `Deployment/web`
fn name(object: &ObjectRef) -> String {
    format!("{}/{}", object.mapping.kind, object.name)
}
