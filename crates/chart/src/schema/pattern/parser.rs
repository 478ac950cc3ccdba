//! The reader of Go's syntax: groups, alternatives, repetitions, escapes.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Dot, Hir, Look, Repetition};

use super::class::{self, Parsed};
use super::{Fault, PatternError};

/// How deep groups may nest. Go allows a tree of height 1000; what compiles the tree is recursive.
const MAX_NESTING: usize = 250;

/// How many copies of its innermost part nested repetitions may ask for.
const MAX_REPEAT: u32 = 1000;

/// The flags `(?ims)`; `U` changes only greediness.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flags {
    pub(super) fold: bool,
    multi_line: bool,
    dot_newline: bool,
}

/// A part that a repetition can follow.
struct Atom {
    hir: Hir,
    /// How many copies of its innermost part its counted repetitions make.
    copies: u32,
}

/// An open group: what it has so far, and the flags to go back to after it.
#[derive(Default)]
struct Group {
    alternatives: Vec<Hir>,
    atoms: Vec<Atom>,
    copies: u32,
    outer: Flags,
}

impl Group {
    fn end_alternative(&mut self) {
        let parts = self.atoms.drain(..).map(|atom| {
            self.copies = self.copies.max(atom.copies);
            atom.hir
        });
        let parts = parts.collect();
        self.alternatives.push(Hir::concat(parts));
    }

    fn close(mut self) -> Atom {
        self.end_alternative();
        Atom {
            hir: Hir::alternation(self.alternatives),
            copies: self.copies,
        }
    }
}

struct Parser<'a> {
    whole: &'a str,
    flags: Flags,
    outer: Vec<Group>,
    group: Group,
}

/// Reads an expression.
pub(super) fn parse(whole: &str) -> Result<Hir, PatternError> {
    let mut parser = Parser {
        whole,
        flags: Flags::default(),
        outer: Vec::new(),
        group: Group::default(),
    };
    let mut rest = whole;
    let mut last_repeat = "";
    while let Some(c) = rest.chars().next() {
        let mut repeat = "";
        rest = match c {
            '(' => parser.open(rest)?,
            '|' => {
                parser.group.end_alternative();
                &rest[1..]
            }
            ')' => {
                parser.close()?;
                &rest[1..]
            }
            '^' => parser.look(
                rest,
                1,
                if parser.flags.multi_line {
                    Look::StartLF
                } else {
                    Look::Start
                },
            ),
            '$' => parser.look(
                rest,
                1,
                if parser.flags.multi_line {
                    Look::EndLF
                } else {
                    Look::End
                },
            ),
            '.' => {
                let any = if parser.flags.dot_newline {
                    Dot::AnyChar
                } else {
                    Dot::AnyCharExceptLF
                };
                parser.push(Hir::dot(any));
                &rest[1..]
            }
            '[' => {
                let (set, after) = class::parse_class(rest, parser.flags)?;
                parser.push_class(set);
                after
            }
            '*' | '+' | '?' => {
                repeat = rest;
                let (min, max) = match c {
                    '*' => (0, None),
                    '+' => (1, None),
                    _ => (0, Some(1)),
                };
                parser.repeat(min, max, rest, &rest[1..], last_repeat)?
            }
            '{' => match parse_counts(rest) {
                None => {
                    parser.literal('{');
                    &rest[1..]
                }
                Some(Counts { min, max, after }) => {
                    let fits = |n: u32| n <= MAX_REPEAT;
                    if !fits(min) || !max.is_none_or(fits) || max.is_some_and(|max| min > max) {
                        return Err(Fault::RepeatSize.at(before(rest, after)));
                    }
                    repeat = rest;
                    parser.counted(min, max, rest, after, last_repeat)?
                }
            },
            '\\' => parser.escape(rest)?,
            c => {
                parser.literal(c);
                &rest[c.len_utf8()..]
            }
        };
        last_repeat = repeat;
    }
    if !parser.outer.is_empty() {
        return Err(Fault::MissingParen.at(whole));
    }
    Ok(parser.group.close().hir)
}

/// What a text has before a rest of it.
pub(super) fn before<'a>(text: &'a str, rest: &str) -> &'a str {
    &text[..text.len() - rest.len()]
}

impl<'a> Parser<'a> {
    fn push(&mut self, hir: Hir) {
        self.group.atoms.push(Atom { hir, copies: 0 });
    }

    fn push_class(&mut self, set: ClassUnicode) {
        self.push(Hir::class(Class::Unicode(set)));
    }

    fn look(&mut self, rest: &'a str, len: usize, look: Look) -> &'a str {
        self.push(Hir::look(look));
        &rest[len..]
    }

    fn literal(&mut self, c: char) {
        if self.flags.fold {
            let mut set = ClassUnicode::new([ClassUnicodeRange::new(c, c)]);
            class::fold(&mut set);
            self.push_class(set);
        } else {
            self.push(Hir::literal(c.encode_utf8(&mut [0; 4]).as_bytes()));
        }
    }

    fn open(&mut self, rest: &'a str) -> Result<&'a str, PatternError> {
        let outer = self.flags;
        let after = if rest.starts_with("(?") {
            match self.perl(rest)? {
                (false, after) => return Ok(after),
                (true, after) => after,
            }
        } else {
            &rest[1..]
        };
        if self.outer.len() >= MAX_NESTING {
            return Err(Fault::Nesting.at(self.whole));
        }
        let inner = Group {
            outer,
            ..Group::default()
        };
        self.outer.push(std::mem::replace(&mut self.group, inner));
        Ok(after)
    }

    fn close(&mut self) -> Result<(), PatternError> {
        let Some(outer) = self.outer.pop() else {
            return Err(Fault::UnexpectedParen.at(self.whole));
        };
        let group = std::mem::replace(&mut self.group, outer);
        self.flags = group.outer;
        self.group.atoms.push(group.close());
        Ok(())
    }

    /// Reads what follows `(?`: a name, or flags. Says whether a group was opened.
    fn perl(&mut self, rest: &'a str) -> Result<(bool, &'a str), PatternError> {
        let bytes = rest.as_bytes();
        let name = if bytes.len() > 4 && rest[2..].starts_with("P<") {
            Some(4)
        } else if bytes.len() > 3 && bytes[2] == b'<' {
            Some(3)
        } else {
            None
        };
        match name {
            Some(start) => Ok((true, capture_name(rest, start)?)),
            None => self.set_flags(rest),
        }
    }

    fn set_flags(&mut self, rest: &'a str) -> Result<(bool, &'a str), PatternError> {
        let mut flags = self.flags;
        let mut on = true;
        let mut seen = false;
        let mut chars = rest[2..].chars();
        for c in chars.by_ref() {
            match c {
                'i' => (flags.fold, seen) = (on, true),
                'm' => (flags.multi_line, seen) = (on, true),
                's' => (flags.dot_newline, seen) = (on, true),
                'U' => seen = true,
                '-' if on => (on, seen) = (false, false),
                ':' | ')' if on || seen => {
                    self.flags = flags;
                    return Ok((c == ':', chars.as_str()));
                }
                _ => break,
            }
        }
        Err(Fault::PerlOperator.at(before(rest, chars.as_str())))
    }

    fn escape(&mut self, rest: &'a str) -> Result<&'a str, PatternError> {
        let look = match rest.as_bytes().get(1) {
            Some(b'A') => Some(Look::Start),
            Some(b'z') => Some(Look::End),
            Some(b'b') => Some(Look::WordAscii),
            Some(b'B') => Some(Look::WordAsciiNegate),
            Some(b'C') => return Err(Fault::Escape.at(&rest[..2])),
            Some(b'Q') => {
                let (text, after) = rest[2..].split_once("\\E").unwrap_or((&rest[2..], ""));
                text.chars().for_each(|c| self.literal(c));
                return Ok(after);
            }
            _ => None,
        };
        if let Some(look) = look {
            return Ok(self.look(rest, 2, look));
        }
        if let Some((set, after)) = class::parse_escaped_class(rest, self.flags)? {
            self.push_class(set);
            return Ok(after);
        }
        let (c, after) = class::parse_escape(rest)?;
        match c {
            Parsed::Char(c) => self.literal(c),
            Parsed::Surrogate(_) => self.push_class(ClassUnicode::empty()),
        }
        Ok(after)
    }

    fn repeat(
        &mut self,
        min: u32,
        max: Option<u32>,
        rest: &'a str,
        after: &'a str,
        last_repeat: &str,
    ) -> Result<&'a str, PatternError> {
        let after = after.strip_prefix('?').unwrap_or(after);
        if !last_repeat.is_empty() {
            return Err(Fault::RepeatOperator.at(before(last_repeat, after)));
        }
        let Some(atom) = self.group.atoms.pop() else {
            return Err(Fault::MissingRepeatArgument.at(before(rest, after)));
        };
        let repetition = Repetition {
            min,
            max,
            greedy: true,
            sub: Box::new(atom.hir),
        };
        self.group.atoms.push(Atom {
            hir: Hir::repetition(repetition),
            copies: atom.copies,
        });
        Ok(after)
    }

    fn counted(
        &mut self,
        min: u32,
        max: Option<u32>,
        rest: &'a str,
        after: &'a str,
        last_repeat: &str,
    ) -> Result<&'a str, PatternError> {
        let after = self.repeat(min, max, rest, after, last_repeat)?;
        if let Some(atom) = self.group.atoms.last_mut() {
            let times = max.unwrap_or(min);
            atom.copies = match times {
                0 if max == Some(0) => 0,
                times => times.saturating_mul(atom.copies.max(1)).max(atom.copies),
            };
            if times.max(min) >= 2 && atom.copies > MAX_REPEAT {
                return Err(Fault::RepeatSize.at(before(rest, after)));
            }
        }
        Ok(after)
    }
}

/// Passes the name of a capture, which begins at an offset.
fn capture_name(rest: &str, start: usize) -> Result<&str, PatternError> {
    let Some(end) = rest.find('>') else {
        return Err(Fault::NamedCapture.at(rest));
    };
    let name = &rest[start..end];
    if name.is_empty() || !name.bytes().all(|c| c == b'_' || c.is_ascii_alphanumeric()) {
        return Err(Fault::NamedCapture.at(&rest[..=end]));
    }
    Ok(&rest[end + 1..])
}

struct Counts<'a> {
    min: u32,
    max: Option<u32>,
    after: &'a str,
}

/// Reads `{min}`, `{min,}` or `{min,max}`; what looks otherwise is no repetition but plain text.
fn parse_counts(rest: &str) -> Option<Counts<'_>> {
    let (min, rest) = parse_count(&rest[1..])?;
    let (max, rest) = match rest.strip_prefix(',') {
        None => (Some(min), rest),
        Some(rest) if rest.starts_with('}') => (None, rest),
        Some(rest) => {
            let (max, rest) = parse_count(rest)?;
            (Some(max), rest)
        }
    };
    Some(Counts {
        min,
        max,
        after: rest.strip_prefix('}')?,
    })
}

/// Reads a count without leading zeros; one too great comes out as something too great.
fn parse_count(rest: &str) -> Option<(u32, &str)> {
    let len = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, after) = rest.split_at(len);
    if len == 0 || len > 1 && digits.starts_with('0') {
        return None;
    }
    Some((digits.parse().unwrap_or(u32::MAX), after))
}
