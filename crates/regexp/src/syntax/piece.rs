//! A finished part of an expression, with what Go's limits are measured by.

use regex_syntax::hir::{Capture, Class, ClassUnicode, Hir, Repetition};

use crate::error::Fault;

/// The most copies that repetitions within repetitions may make of a part.
pub(super) const MAX_REPEAT: u32 = 1000;

/// The most levels an expression may have.
const MAX_HEIGHT: u32 = 1000;

/// The most instructions an expression may compile to in Go.
const MAX_SIZE: u64 = (128 << 20) / 40;

/// A part of an expression.
pub(super) struct Piece {
    pub(super) hir: Hir,
    /// Copies that its repetitions make of the innermost part.
    pub(super) copies: u32,
    /// Levels of the tree.
    pub(super) height: u32,
    /// Instructions, as Go estimates them.
    size: u64,
}

/// How often a part may occur.
pub(super) struct Count {
    pub(super) min: u32,
    pub(super) max: Option<u32>,
    /// Whether it is written `{min,max}`.
    pub(super) braces: bool,
}

impl Piece {
    /// A part without parts.
    pub(super) fn leaf(hir: Hir) -> Self {
        Self {
            hir,
            copies: 1,
            height: 1,
            size: 1,
        }
    }

    /// One character of a class.
    pub(super) fn class(class: ClassUnicode) -> Self {
        Self::leaf(Hir::class(Class::Unicode(class)))
    }

    /// One part after the other.
    pub(super) fn sequence(pieces: Vec<Self>) -> Self {
        let size = pieces.iter().map(|p| p.size).sum::<u64>();
        Self::joined(pieces, size, Hir::concat)
    }

    /// One of the parts, the first that matches.
    pub(super) fn alternatives(pieces: Vec<Self>) -> Self {
        let size = pieces.iter().map(|p| p.size + 1).sum::<u64>();
        Self::joined(pieces, size - 1, Hir::alternation)
    }

    fn joined(mut pieces: Vec<Self>, size: u64, join: fn(Vec<Hir>) -> Hir) -> Self {
        if pieces.len() == 1
            && let Some(only) = pieces.pop()
        {
            return only;
        }
        let copies = pieces.iter().map(|p| p.copies).max().unwrap_or(1);
        let height = 1 + pieces.iter().map(|p| p.height).max().unwrap_or(0);
        let hir = join(pieces.into_iter().map(|p| p.hir).collect());
        Self {
            hir,
            copies,
            height,
            size: size.max(1),
        }
    }

    /// The part as a group of this number.
    pub(super) fn captured(self, index: u32) -> Self {
        let hir = Hir::capture(Capture {
            index,
            name: None,
            sub: Box::new(self.hir),
        });
        Self {
            hir,
            height: self.height + 1,
            size: self.size + 2,
            ..self
        }
    }

    /// The part repeated.
    pub(super) fn repeated(self, count: &Count, greedy: bool) -> Self {
        let (min, max) = (count.min, count.max);
        let times = match max {
            Some(0) if count.braces => 0,
            _ if !count.braces => 1,
            max => max.unwrap_or(min).max(1),
        };
        let copies = if times == 0 {
            1
        } else {
            times.saturating_mul(self.copies)
        };
        let size = match (u64::from(min), max.map(u64::from)) {
            _ if !count.braces => self.size + 2,
            (0, None) => self.size + 2,
            (min, None) => min * self.size + 1,
            (min, Some(max)) => max * self.size + (max - min),
        };
        let sub = Box::new(self.hir);
        let hir = Hir::repetition(Repetition {
            min,
            max,
            greedy,
            sub,
        });
        Self {
            hir,
            copies,
            height: self.height + 1,
            size: size.max(1),
        }
    }

    /// Which of Go's limits the part passes.
    pub(super) fn limit_passed(&self) -> Option<Fault> {
        if self.size > MAX_SIZE {
            Some(Fault::Large)
        } else if self.height > MAX_HEIGHT {
            Some(Fault::Nesting)
        } else {
            None
        }
    }
}

/// Reads `{min}`, `{min,}` or `{min,max}` and gives the numbers and the length; `None` if the brace
/// starts nothing of that form. Numbers beyond any limit come out as larger than [`MAX_REPEAT`].
pub(super) fn braces(text: &[u8]) -> Option<(u32, Option<u32>, usize)> {
    let inner = text.strip_prefix(b"{")?;
    let (min, rest) = number(inner)?;
    let (max, rest) = match rest.strip_prefix(b",") {
        None => (Some(min), rest),
        Some(rest) if rest.first() == Some(&b'}') => (None, rest),
        Some(rest) => {
            let (max, rest) = number(rest)?;
            (Some(max), rest)
        }
    };
    let rest = rest.strip_prefix(b"}")?;
    Some((min, max, text.len() - rest.len()))
}

/// A decimal number without leading zeros, and what follows.
fn number(text: &[u8]) -> Option<(u32, &[u8])> {
    let length = text.iter().take_while(|b| b.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(length);
    if digits.is_empty() || digits.len() > 1 && digits[0] == b'0' {
        return None;
    }
    let digits = std::str::from_utf8(digits).ok()?;
    Some((digits.parse().unwrap_or(u32::MAX), rest))
}
