//! Objects that went and came again under another name, much as they were.

use std::collections::BTreeSet;

use crate::lines::{Line, changes};
use crate::manifest::Index;
use crate::report::{Options, Pair};

/// How much longer or shorter than the other a text may be to be compared at all.
const MAX_RATIO: f32 = 10.0;

/// The added object that is most like one that was removed, if it is like enough.
pub(crate) fn find<'i>(
    removed: &str,
    added: &BTreeSet<&'i String>,
    old: &Index,
    new: &'i Index,
    options: &Options,
) -> Option<&'i String> {
    let before = old.items.get(removed)?;
    let mut best: Option<(&String, f32)> = None;
    for name in added {
        let after = new.items.get(*name)?;
        let (a, b) = (before.content.len() as f32, after.content.len() as f32);
        let is_secret = before.kind == "Secret";
        let comparable = before.kind == after.kind
            && a > 0.0
            && b > 0.0
            && (is_secret || (a / b <= MAX_RATIO && b / a <= MAX_RATIO));
        if !comparable {
            continue;
        }
        let lines = Pair::new(Some(before), Some(after)).lines(options);
        let fraction = fraction(&lines);
        if fraction > 0.0 && best.is_none_or(|(_, least)| fraction < least) {
            best = Some((name, fraction));
        }
    }
    best.filter(|(_, fraction)| *fraction < options.find_renames)
        .map(|(name, _)| name)
}

fn fraction(lines: &[Line]) -> f32 {
    match lines.len() {
        0 => 0.0,
        all => changes(lines) as f32 / all as f32,
    }
}
