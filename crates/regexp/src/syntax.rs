//! The reader of Go's dialect.
//!
//! The parser keeps its own stack of open groups, so that no expression can exhaust the real one,
//! and builds the expression for `regex-syntax` as it goes. Classes and escapes are in [`escape`].

mod escape;
mod piece;

use regex_syntax::hir::{Hir, Look};
use windlass_value::Str;
use windlass_value::fmt::decode_rune;

use crate::class;
use crate::error::{Error, Fault};
use piece::{Count, Piece};

/// An expression that has been read.
pub(super) struct Parsed {
    pub(super) hir: Hir,
    /// The names of the groups, the whole match first.
    pub(super) names: Vec<Option<Str>>,
    /// The levels of the tree.
    pub(super) height: u32,
}

/// Reads an expression.
///
/// # Errors
/// What is wrong with it.
pub(super) fn parse(text: &[u8]) -> Result<Parsed, Error> {
    let mut parser = Parser {
        whole: text,
        rest: text,
        flags: Flags::default(),
        open: vec![Group::default()],
        names: vec![None],
    };
    let whole = parser.parse()?;
    Ok(Parsed {
        hir: whole.hir,
        height: whole.height,
        names: parser.names,
    })
}

/// What `(?imsU)` switches.
#[derive(Debug, Clone, Copy, Default)]
struct Flags {
    fold_case: bool,
    multi_line: bool,
    dot_newline: bool,
    ungreedy: bool,
}

/// A group that is not closed yet; the outermost is the expression itself.
#[derive(Default)]
struct Group {
    /// The flags to go back to when it closes.
    outer_flags: Flags,
    /// Its number, if it captures.
    capture: Option<u32>,
    alternatives: Vec<Piece>,
    sequence: Vec<Piece>,
}

struct Parser<'a> {
    whole: &'a [u8],
    rest: &'a [u8],
    flags: Flags,
    open: Vec<Group>,
    names: Vec<Option<Str>>,
}

impl<'a> Parser<'a> {
    fn parse(&mut self) -> Result<Piece, Error> {
        let mut last_repeat: Option<&[u8]> = None;
        while let Some(byte) = self.rest.first() {
            let before = self.rest;
            let mut repeat = None;
            match byte {
                b'(' => self.open_group()?,
                b'|' => {
                    self.rest = &self.rest[1..];
                    let group = self.group();
                    let sequence = Piece::sequence(std::mem::take(&mut group.sequence));
                    group.alternatives.push(sequence);
                }
                b')' => {
                    self.rest = &self.rest[1..];
                    self.close_group()?;
                }
                b'^' => self.look(
                    1,
                    if self.flags.multi_line {
                        Look::StartLF
                    } else {
                        Look::Start
                    },
                ),
                b'$' => self.look(
                    1,
                    if self.flags.multi_line {
                        Look::EndLF
                    } else {
                        Look::End
                    },
                ),
                b'.' => {
                    self.rest = &self.rest[1..];
                    let any = if self.flags.dot_newline {
                        class::of_ranges(&[('\0', char::MAX)])
                    } else {
                        class::of_ranges(&[('\0', '\t'), ('\u{b}', char::MAX)])
                    };
                    self.push(Piece::class(any));
                }
                b'[' => {
                    let class = self.bracket_class()?;
                    self.push(Piece::class(class));
                }
                b'*' | b'+' | b'?' | b'{' => {
                    if self.repetition(before, last_repeat)? {
                        repeat = Some(before);
                    } else {
                        self.rest = &self.rest[1..];
                        self.literal('{');
                    }
                }
                b'\\' => self.backslash()?,
                _ => {
                    let c = self.next_rune()?;
                    self.literal(c);
                }
            }
            last_repeat = repeat;
        }
        let group = self.open.pop().unwrap_or_default();
        if !self.open.is_empty() {
            return Err(Fault::MissingParen.at(self.whole));
        }
        let (_, _, whole) = group.close();
        self.check(&whole)?;
        Ok(whole)
    }

    fn group(&mut self) -> &mut Group {
        self.open
            .last_mut()
            .expect("the outermost group stays open to the end")
    }

    fn push(&mut self, piece: Piece) {
        self.group().sequence.push(piece);
    }

    fn look(&mut self, length: usize, look: Look) {
        self.rest = &self.rest[length..];
        self.push(Piece::leaf(Hir::look(look)));
    }

    fn literal(&mut self, c: char) {
        let piece = if self.flags.fold_case {
            Piece::class(class::folded(class::of_ranges(&[(c, c)]), true))
        } else {
            Piece::leaf(Hir::literal(c.encode_utf8(&mut [0; 4]).as_bytes()))
        };
        self.push(piece);
    }

    fn next_rune(&mut self) -> Result<char, Error> {
        match decode_rune(self.rest) {
            (None, 1..) => Err(Fault::Utf8.at(self.rest)),
            // At the end Go goes on with the rune for an error, which matches nothing it looks for.
            (rune, size) => {
                self.rest = &self.rest[size..];
                Ok(rune.unwrap_or('\u{fffd}'))
            }
        }
    }

    /// The text from a point up to where the parser is now.
    fn since(&self, start: &'a [u8]) -> &'a [u8] {
        &start[..start.len() - self.rest.len()]
    }

    fn check(&self, piece: &Piece) -> Result<(), Error> {
        match piece.limit_passed() {
            Some(fault) => Err(fault.at(self.whole)),
            None => Ok(()),
        }
    }

    fn close_group(&mut self) -> Result<(), Error> {
        if self.open.len() < 2 {
            return Err(Fault::UnexpectedParen.at(self.whole));
        }
        let group = self.open.pop().unwrap_or_default();
        let (flags, capture, mut piece) = group.close();
        self.flags = flags;
        if let Some(index) = capture {
            piece = piece.captured(index);
        }
        self.check(&piece)?;
        self.push(piece);
        Ok(())
    }

    fn open_group(&mut self) -> Result<(), Error> {
        let start = self.rest;
        if start.get(1) != Some(&b'?') {
            self.rest = &start[1..];
            self.begin(self.flags, Some(None));
            return Ok(());
        }
        let named = if start.len() > 4 && start[2..].starts_with(b"P<") {
            Some(4)
        } else if start.len() > 3 && start[2] == b'<' {
            Some(3)
        } else {
            None
        };
        match named {
            Some(name_at) => self.open_named(start, name_at),
            None => self.flags_or_group(start),
        }
    }

    /// Starts a group that will restore these flags; a capturing one with its name, if any.
    fn begin(&mut self, outer_flags: Flags, capture: Option<Option<Str>>) {
        let capture = capture.map(|name| {
            self.names.push(name);
            // A name takes bytes of the expression, so there are fewer than 2^32.
            (self.names.len() - 1) as u32
        });
        self.open.push(Group {
            outer_flags,
            capture,
            ..Group::default()
        });
    }

    fn open_named(&mut self, start: &'a [u8], name_at: usize) -> Result<(), Error> {
        let Some(end) = memchr::memchr(b'>', start) else {
            check_utf8(start)?;
            return Err(Fault::NamedCapture.at(start));
        };
        let name = &start[name_at..end.max(name_at)];
        check_utf8(name)?;
        if name.is_empty() || !name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_') {
            return Err(Fault::NamedCapture.at(&start[..=end]));
        }
        self.rest = &start[end + 1..];
        self.begin(self.flags, Some(Some(name.into())));
        Ok(())
    }

    /// `(?flags)` and `(?flags:`
    fn flags_or_group(&mut self, start: &'a [u8]) -> Result<(), Error> {
        self.rest = &start[2..];
        let mut flags = self.flags;
        let (mut on, mut any_after_sign) = (true, false);
        while !self.rest.is_empty() {
            let c = self.next_rune()?;
            match c {
                'i' => flags.fold_case = on,
                'm' => flags.multi_line = on,
                's' => flags.dot_newline = on,
                'U' => flags.ungreedy = on,
                '-' if on => {
                    on = false;
                    any_after_sign = false;
                    continue;
                }
                ':' | ')' if on || any_after_sign => {
                    if c == ':' {
                        self.begin(self.flags, None);
                    }
                    self.flags = flags;
                    return Ok(());
                }
                _ => break,
            }
            any_after_sign = true;
        }
        Err(Fault::PerlSyntax.at(self.since(start)))
    }

    /// Reads a repetition operator and applies it; `false` if a `{` starts none.
    fn repetition(&mut self, start: &'a [u8], last: Option<&'a [u8]>) -> Result<bool, Error> {
        let count = match start[0] {
            b'*' => Count {
                min: 0,
                max: None,
                braces: false,
            },
            b'+' => Count {
                min: 1,
                max: None,
                braces: false,
            },
            b'?' => Count {
                min: 0,
                max: Some(1),
                braces: false,
            },
            _ => {
                let Some((min, max, length)) = piece::braces(start) else {
                    return Ok(false);
                };
                self.rest = &start[length..];
                let valid = |n: u32| n <= piece::MAX_REPEAT;
                if !valid(min) || max.is_some_and(|max| !valid(max) || min > max) {
                    return Err(Fault::RepeatSize.at(self.since(start)));
                }
                Count {
                    min,
                    max,
                    braces: true,
                }
            }
        };
        if !count.braces {
            self.rest = &start[1..];
        }
        let mut greedy = !self.flags.ungreedy;
        if self.rest.first() == Some(&b'?') {
            self.rest = &self.rest[1..];
            greedy = !greedy;
        }
        if let Some(last) = last {
            return Err(Fault::RepeatOperator.at(self.since(last)));
        }
        let Some(piece) = self.group().sequence.pop() else {
            return Err(Fault::MissingRepeatArgument.at(self.since(start)));
        };
        let repeated = piece.repeated(&count, greedy);
        self.check(&repeated)?;
        if count.braces && repeated.copies > piece::MAX_REPEAT {
            return Err(Fault::RepeatSize.at(self.since(start)));
        }
        self.push(repeated);
        Ok(true)
    }
}

impl Group {
    /// Flags to go back to, number, and content.
    fn close(mut self) -> (Flags, Option<u32>, Piece) {
        let last = Piece::sequence(self.sequence);
        let content = if self.alternatives.is_empty() {
            last
        } else {
            self.alternatives.push(last);
            Piece::alternatives(self.alternatives)
        };
        (self.outer_flags, self.capture, content)
    }
}

fn check_utf8(text: &[u8]) -> Result<(), Error> {
    match std::str::from_utf8(text) {
        Ok(_) => Ok(()),
        Err(e) => Err(Fault::Utf8.at(&text[e.valid_up_to()..])),
    }
}
