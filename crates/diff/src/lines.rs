//! Lines of two texts against each other.
//!
//! The longest common subsequence, found in linear space after Hirschberg. Where several are equally
//! long, halves are split at the earliest point and single lines matched at the latest: so that the
//! lines come out as helm-diff prints them.

use std::collections::HashMap;

/// Where a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// In both texts.
    Both,
    /// In the old text only.
    Old,
    /// In the new text only.
    New,
}

/// A line, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it is.
    pub side: Side,
    /// What it says, without its end.
    pub text: String,
}

/// How many pairs of lines are looked at, at most. Texts that differ by more than that (some 60,000
/// lines against as many) are told as one text instead of another.
const MAX_PAIRS: u64 = 1 << 32;

/// The lines of both texts, in order.
#[must_use]
pub fn lines(old: &str, new: &str) -> Vec<Line> {
    let old: Vec<&str> = old.split('\n').collect();
    let new: Vec<&str> = new.split('\n').collect();
    let (start, end) = same_ends(&old, &new);
    let both = |text: &&str| line(Side::Both, text);
    let mut found: Vec<Line> = old[..start].iter().map(both).collect();
    middle(
        &old[start..old.len() - end],
        &new[start..new.len() - end],
        &mut found,
    );
    found.extend(old[old.len() - end..].iter().map(both));
    found
}

/// How many lines are different.
#[must_use]
pub fn changes(lines: &[Line]) -> usize {
    lines.iter().filter(|line| line.side != Side::Both).count()
}

/// How far each line is from the next change in either direction.
#[must_use]
pub fn distances(lines: &[Line]) -> Vec<usize> {
    let mut distances = vec![usize::MAX; lines.len()];
    let mut sweep = |order: &mut dyn Iterator<Item = usize>| {
        let mut since: Option<usize> = None;
        for at in order {
            since = match lines[at].side {
                Side::Both => since.map(|n| n + 1),
                _ => Some(0),
            };
            distances[at] = distances[at].min(since.unwrap_or(usize::MAX));
        }
    };
    sweep(&mut (0..lines.len()));
    sweep(&mut (0..lines.len()).rev());
    distances
}

fn line(side: Side, text: &str) -> Line {
    Line {
        side,
        text: text.to_owned(),
    }
}

/// How many lines are the same at the start and at the end. A line is left between the two, if there
/// is one.
fn same_ends(old: &[&str], new: &[&str]) -> (usize, usize) {
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let left = old.len().min(new.len()) - start;
    let backwards = old.iter().rev().zip(new.iter().rev());
    let same = backwards.take_while(|(a, b)| a == b).count();
    (start, same.min(left.saturating_sub(1)))
}

fn middle<'t>(old: &[&'t str], new: &[&'t str], found: &mut Vec<Line>) {
    let pairs = (old.len() as u64).saturating_mul(new.len() as u64);
    if pairs > MAX_PAIRS {
        found.extend(old.iter().map(|text| line(Side::Old, text)));
        found.extend(new.iter().map(|text| line(Side::New, text)));
        return;
    }
    // Numbers are compared faster than texts.
    let mut numbers: HashMap<&'t str, usize> = HashMap::new();
    let mut number = |text: &&'t str| {
        let next = numbers.len();
        *numbers.entry(text).or_insert(next)
    };
    let a: Vec<usize> = old.iter().map(&mut number).collect();
    let b: Vec<usize> = new.iter().map(&mut number).collect();
    let mut sides = Vec::with_capacity(old.len() + new.len());
    split(&a, &b, &mut sides);
    let (mut old, mut new) = (old.iter(), new.iter());
    for side in sides {
        let text = match side {
            Side::Both => old.next().and(new.next()),
            Side::Old => old.next(),
            Side::New => new.next(),
        };
        found.extend(text.map(|text| line(side, text)));
    }
}

/// Halves the old lines, and the new ones where that leaves most in common. As deep as the logarithm
/// of how many there are.
fn split(old: &[usize], new: &[usize], sides: &mut Vec<Side>) {
    match old {
        [] => sides.extend(new.iter().map(|_| Side::New)),
        _ if new.is_empty() => sides.extend(old.iter().map(|_| Side::Old)),
        [one] => single(*one, new, sides),
        _ => {
            let (first, second) = old.split_at(old.len() / 2);
            let forward = common(first.iter(), &new.iter(), new.len());
            let backward = common(second.iter().rev(), &new.iter().rev(), new.len());
            let score = |at: usize| forward[at] + backward[new.len() - at];
            let mut best = 0;
            for at in 1..=new.len() {
                if score(at) > score(best) {
                    best = at;
                }
            }
            split(first, &new[..best], sides);
            split(second, &new[best..], sides);
        }
    }
}

fn single(one: usize, new: &[usize], sides: &mut Vec<Side>) {
    let found = new.iter().rposition(|line| *line == one);
    if found.is_none() {
        sides.push(Side::Old);
    }
    sides.extend((0..new.len()).map(|at| match found == Some(at) {
        true => Side::Both,
        false => Side::New,
    }));
}

/// How much the old lines have in common with each beginning of the new ones.
fn common<'l>(
    old: impl Iterator<Item = &'l usize>,
    new: &(impl Iterator<Item = &'l usize> + Clone),
    length: usize,
) -> Vec<u32> {
    let mut row = vec![0_u32; length + 1];
    for a in old {
        // What stood above and to the left.
        let mut corner = 0;
        for (at, b) in new.clone().enumerate() {
            let above = row[at + 1];
            row[at + 1] = match a == b {
                true => corner + 1,
                false => above.max(row[at]),
            };
            corner = above;
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let sign = |side| match side {
            Side::Both => ' ',
            Side::Old => '-',
            Side::New => '+',
        };
        let all = lines(&old.replace(' ', "\n"), &new.replace(' ', "\n"));
        let texts: Vec<String> = all
            .iter()
            .map(|line| format!("{}{}", sign(line.side), line.text))
            .collect();
        texts.join(",")
    }

    #[test]
    fn what_is_common_stays() {
        assert_eq!(shown("a b c", "a x c"), " a,-b,+x, c");
        assert_eq!(shown("a b c", "a b c"), " a, b, c");
        assert_eq!(shown("", "a b"), "-,+a,+b");
        assert_eq!(shown("a a", "a"), " a,-a");
    }

    #[test]
    fn both_texts_can_be_read_from_the_lines() {
        let texts = ["a b c d e f g", "b x d a g f f", "", "g g g a", "c b a"];
        for old in texts {
            for new in texts {
                let all = lines(&old.replace(' ', "\n"), &new.replace(' ', "\n"));
                let of = |not: Side| {
                    let texts = all.iter().filter(|line| line.side != not);
                    texts.map(|l| l.text.as_str()).collect::<Vec<_>>().join(" ")
                };
                assert_eq!((of(Side::New), of(Side::Old)), (old.into(), new.into()));
            }
        }
    }

    #[test]
    fn distances_are_to_the_nearest_change() {
        let all = lines("a\nb\nc\nd\ne\nf", "a\nb\nX\nd\ne\nf");
        assert_eq!(distances(&all), [2, 1, 0, 0, 1, 2, 3]);
        assert_eq!(distances(&lines("a", "a")), [usize::MAX]);
    }
}
