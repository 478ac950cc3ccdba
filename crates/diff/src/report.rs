//! [`report`]: what is different between two sets of objects.

use std::collections::BTreeSet;
use std::rc::Rc;

use windlass_regexp::Regexp;

use crate::fields::{self, Fields};
use crate::lines::{self, Line, Side};
use crate::manifest::{Index, Item};
use crate::{rename, secret};

/// What is done with what Secrets hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Secrets {
    /// It is masked.
    #[default]
    Masked,
    /// It is shown.
    Shown,
    /// It is decoded and shown.
    Decoded,
}

/// How objects are compared.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What is done with Secrets.
    pub secrets: Secrets,
    /// Kinds of which only that they changed is told.
    pub suppressed_kinds: Vec<String>,
    /// How much of an object may change for it to count as renamed; nothing is looked for at 0.
    pub find_renames: f32,
    /// Carriage returns at the ends of lines do not count.
    pub strip_carriage_returns: bool,
    /// Lines like these are left out.
    pub suppressed_lines: Vec<Rc<Regexp>>,
    /// Fields are told, not lines.
    pub by_field: bool,
}

/// What became of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Change {
    Add,
    Remove,
    Modify,
    Ownership,
    /// It changed, but only in lines that are left out.
    ModifySuppressed,
}

impl Change {
    /// Its name to programs.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Add => "ADD",
            Self::Remove => "REMOVE",
            Self::Modify => "MODIFY",
            Self::Ownership => "OWNERSHIP",
            Self::ModifySuppressed => "MODIFY_SUPPRESSED",
        }
    }
}

/// An object that is different.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: String,
    /// What became of it.
    pub change: Change,
    /// Its lines; empty where fields are told.
    pub lines: Vec<Line>,
    /// What is different field by field, where that was asked for.
    pub fields: Option<Fields>,
}

/// All objects that are different.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// The objects: those that changed, those that went, those that came; each by name.
    pub entries: Vec<Entry>,
    /// Whether there is any difference, also one that is left out.
    pub has_changes: bool,
}

/// An object that goes from one release to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOwner {
    /// The object's name.
    pub name: String,
    /// The release it is of.
    pub from: String,
    /// The release it comes to.
    pub to: String,
}

/// Compares two sets of objects.
#[must_use]
pub fn report(old: &Index, new: &Index, owners: &[NewOwner], options: &Options) -> Report {
    let mut entries: Vec<Entry> = owners.iter().map(NewOwner::entry).collect();
    let mut gone = Vec::new();
    for (name, before) in &old.items {
        match new.items.get(name) {
            Some(after) => {
                let pair = Pair::new(Some(before), Some(after));
                entries.extend(entry(name, pair, options));
            }
            None => gone.push(name),
        }
    }
    let is_new = |name: &&String| !old.items.contains_key(*name);
    let mut added: BTreeSet<&String> = new.items.keys().filter(is_new).collect();
    if options.find_renames > 0.0 {
        gone.retain(|name| {
            let Some(renamed) = rename::find(name, &added, old, new, options) else {
                return true;
            };
            added.remove(renamed);
            let pair = Pair::new(old.items.get(*name), new.items.get(renamed));
            entries.extend(entry(name, pair, options));
            false
        });
    }
    for name in gone {
        let before = old.items.get(name).filter(|item| !item.is_kept);
        if before.is_some() {
            entries.extend(entry(name, Pair::new(before, None), options));
        }
    }
    for name in added {
        entries.extend(entry(name, Pair::new(None, new.items.get(name)), options));
    }
    let has_changes = !entries.is_empty();
    for entry in &mut entries {
        entry.suppress(&options.suppressed_lines);
    }
    Report {
        entries,
        has_changes,
    }
}

impl NewOwner {
    fn entry(&self) -> Entry {
        Entry {
            name: self.name.clone(),
            kind: String::new(),
            change: Change::Ownership,
            lines: lines::lines(&self.from, &self.to),
            fields: None,
        }
    }
}

/// An object as it was and as it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair<'i> {
    old: Option<&'i Item>,
    new: Option<&'i Item>,
}

impl<'i> Pair<'i> {
    pub(crate) fn new(old: Option<&'i Item>, new: Option<&'i Item>) -> Self {
        Self { old, new }
    }

    fn kind(self) -> &'i str {
        let either = self.old.or(self.new);
        either.map_or("", |item| item.kind.as_str())
    }

    /// Both texts as they may be shown.
    fn texts(self, options: &Options) -> (Option<String>, Option<String>) {
        let text = |item: Option<&'i Item>| item.map(|item| item.content.as_str());
        let (old, new) = (text(self.old), text(self.new));
        let both = [self.old, self.new];
        let are_secrets = both.iter().flatten().all(|item| item.kind == "Secret");
        match options.secrets {
            Secrets::Masked if are_secrets => secret::masked(old, new),
            Secrets::Decoded if are_secrets => secret::decoded(old, new),
            _ => (old.map(str::to_owned), new.map(str::to_owned)),
        }
    }

    pub(crate) fn lines(self, options: &Options) -> Vec<Line> {
        let (old, new) = self.texts(options);
        let text = |text: Option<String>| {
            let text = text.unwrap_or_default();
            match options.strip_carriage_returns {
                true => {
                    let lines = text.split('\n').map(|l| l.strip_suffix('\r').unwrap_or(l));
                    lines.collect::<Vec<_>>().join("\n")
                }
                false => text,
            }
        };
        lines::lines(&text(old), &text(new))
    }
}

/// The entry of an object, if there is anything to tell of it.
fn entry(name: &str, pair: Pair<'_>, options: &Options) -> Option<Entry> {
    let change = match (pair.old, pair.new) {
        (None, _) => Change::Add,
        (_, None) => Change::Remove,
        (Some(old), Some(new)) if old.content == new.content => return None,
        _ => Change::Modify,
    };
    let mut entry = Entry {
        name: name.to_owned(),
        kind: pair.kind().to_owned(),
        change,
        lines: Vec::new(),
        fields: None,
    };
    if options.by_field {
        let fields = by_field(name, change, pair, options);
        let tells_nothing = fields.changes.is_empty() && !fields.changes_suppressed;
        if change == Change::Modify && tells_nothing {
            return None;
        }
        entry.fields = Some(fields);
    } else {
        entry.lines = pair.lines(options);
        if change == Change::Modify && lines::changes(&entry.lines) == 0 {
            return None;
        }
    }
    Some(entry)
}

fn by_field(name: &str, change: Change, pair: Pair<'_>, options: &Options) -> Fields {
    let (old, new) = pair.texts(options);
    let item = |text: Option<String>| {
        text.map(|content| Item {
            content,
            ..Item::default()
        })
    };
    let is_suppressed = options.suppressed_kinds.iter().any(|k| k == pair.kind());
    let (old, new) = (item(old), item(new));
    fields::between(name, change, old.as_ref(), new.as_ref(), is_suppressed)
}

impl Entry {
    /// Leaves lines out. Where no change is left, no line is.
    fn suppress(&mut self, expressions: &[Rc<Regexp>]) {
        if expressions.is_empty() {
            return;
        }
        let is_shown = |line: &Line| {
            let text = line.text.as_bytes();
            !expressions
                .iter()
                .any(|expression| expression.is_match(text))
        };
        self.lines.retain(is_shown);
        if self.lines.iter().all(|line| line.side == Side::Both) {
            self.lines.clear();
            if self.change == Change::Modify {
                self.change = Change::ModifySuppressed;
            }
        }
    }
}

#[cfg(test)]
mod tests;
