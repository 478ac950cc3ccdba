//! Compiled expressions, and searching with them in any bytes.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::OnceLock;

use regex_automata::Input;
use regex_automata::meta::{BuildError, Config, Regex};
use regex_automata::util::primitives::NonMaxUsize;
use regex_syntax::hir::{Hir, HirKind};
use windlass_value::Str;
use windlass_value::fmt::{decode_rune, runes};

use crate::error::{Error, Fault};
use crate::{ascii, syntax, template, walk};

/// A compiled expression.
///
/// Classes such as `.` and `[^/]` take a third of a millisecond and half a megabyte to compile for
/// all of Unicode. Nearly all strings are ASCII, for which an expression without the rest of
/// Unicode finds the same. So either form is compiled when the first string asks for it.
#[derive(Debug, Clone)]
pub struct Regexp {
    text: Str,
    hir: Hir,
    /// The levels of the tree.
    height: u32,
    /// How far beyond a match a search may look.
    look_ahead: usize,
    ascii: OnceLock<Regex>,
    full: OnceLock<Regex>,
    /// The names of the groups, the whole match first; `None` for those without.
    names: Vec<Option<Str>>,
}

/// Bytes a compiled expression may take; Go's own limit is as far from any real expression.
const SIZE_LIMIT: usize = 32 << 20;

/// Bytes an expression may be written in. A tree takes a hundred times as much before its size is known;
/// what is longer would hardly stay below [`SIZE_LIMIT`].
const MAX_TEXT: usize = 512 << 10;

/// Native stack that compiling takes for each level of a tree, also without optimization.
const LEVEL_BYTES: usize = 4 << 10;

/// Expressions kept per thread. A chart has a few dozens.
const KEPT: usize = 512;

/// Bytes that expressions kept per thread may take together.
const KEPT_BYTES: usize = 32 << 20;

/// What a search is about to use. Who lets strangers write expressions says no at some point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// Memory for the result.
    Bytes(usize),
    /// Time, in units of some ten nanoseconds.
    Steps(u64),
}

thread_local! {
    static COMPILED: RefCell<HashMap<Str, Rc<Regexp>>> = RefCell::default();
}

impl Regexp {
    /// Compiles an expression.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(text: &Str) -> Result<Self, Error> {
        if text.len() > MAX_TEXT {
            return Err(Fault::Large.at(text));
        }
        let parsed = syntax::parse(text)?;
        let mut regexp = Self {
            text: text.clone(),
            hir: parsed.hir,
            height: parsed.height,
            look_ahead: 0,
            ascii: OnceLock::new(),
            full: OnceLock::new(),
            names: parsed.names,
        };
        regexp.look_ahead = regexp.with_room(|| look_ahead(&regexp.hir));
        if !regexp.with_room(|| ascii::surely_fits(&regexp.hir, SIZE_LIMIT)) {
            let full = regexp.with_room(|| build(&regexp.hir));
            let full = full.map_err(|e| refused(&e, text))?;
            regexp.full.get_or_init(|| full);
        }
        Ok(regexp)
    }

    /// Does what recurses over the tree, with stack enough.
    fn with_room<R>(&self, f: impl FnOnce() -> R) -> R {
        let room = self.height as usize * LEVEL_BYTES;
        stacker::maybe_grow(room, room, f)
    }

    /// What searches in strings of one kind.
    fn engine(&self, is_ascii: bool) -> &Regex {
        const FITS: &str = "an expression that might be too large was compiled at once";
        if is_ascii {
            let build = || self.with_room(|| build(&ascii::restrict(&self.hir)));
            self.ascii.get_or_init(|| build().expect(FITS))
        } else {
            let build = || self.with_room(|| build(&self.hir));
            self.full.get_or_init(|| build().expect(FITS))
        }
    }

    /// The compiled form of an expression, if the thread has it.
    #[must_use]
    pub fn known(text: &Str) -> Option<Rc<Self>> {
        COMPILED.with_borrow(|compiled| compiled.get(text).cloned())
    }

    /// The steps that compiling this counted.
    #[must_use]
    pub fn compiled_steps(&self) -> u64 {
        const BYTES_A_STEP: usize = 2;
        (self.size() / BYTES_A_STEP) as u64
    }

    /// The steps that one search through all of a string counts, besides what compiling for it does:
    /// at each byte every state may be looked at.
    #[must_use]
    pub fn search_steps(&self, s: &[u8]) -> u64 {
        const STATE_BYTES: usize = 64;
        const LOOKS_A_STEP: usize = 6;
        let before = self.compiled_steps();
        let states = 1 + self.engine(s.is_ascii()).memory_usage() / STATE_BYTES;
        let search = s.len().saturating_mul(states) / LOOKS_A_STEP;
        (self.compiled_steps() - before).saturating_add(search as u64)
    }

    /// The steps that finding one more match counts, where so many bytes are left.
    pub(crate) fn match_steps(&self, left: usize) -> u64 {
        const MATCH: usize = 8;
        (MATCH + self.look_ahead.min(left)) as u64
    }

    /// Bytes that what is compiled takes.
    fn size(&self) -> usize {
        let engines = [self.ascii.get(), self.full.get()];
        engines.into_iter().flatten().map(Regex::memory_usage).sum()
    }

    /// The compiled form of an expression, which the thread keeps.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn cached(text: &Str) -> Result<Rc<Self>, Error> {
        if let Some(known) = Self::known(text) {
            return Ok(known);
        }
        let regexp = Rc::new(Self::new(text)?);
        COMPILED.with_borrow_mut(|compiled| {
            let bytes: usize = compiled.values().map(|regexp| regexp.size()).sum();
            if compiled.len() >= KEPT || bytes > KEPT_BYTES {
                compiled.clear();
            }
            compiled.insert(text.clone(), Rc::clone(&regexp));
        });
        Ok(regexp)
    }

    /// The expression as written.
    #[must_use]
    pub fn text(&self) -> &Str {
        &self.text
    }

    /// Whether there is a match anywhere.
    #[must_use]
    pub fn is_match(&self, s: &[u8]) -> bool {
        self.searcher(s).is_match()
    }

    /// The place of the first match.
    #[must_use]
    pub fn find(&self, s: &[u8]) -> Option<Range<usize>> {
        self.searcher(s).find(0, 1)?.range(0)
    }

    /// The places of at most `limit` matches, of all if it is negative.
    ///
    /// # Errors
    /// What `pay` says.
    pub fn find_all<E>(
        &self,
        s: &[u8],
        limit: i64,
        pay: impl FnMut(Cost) -> Result<(), E>,
    ) -> Result<Vec<Range<usize>>, E> {
        walk::all(self, s, limit, pay)
    }

    /// Go's `Split`, for a limit that is not zero: the parts between the matches, at most `limit`
    /// if it is positive.
    ///
    /// # Errors
    /// What `pay` says.
    pub fn split<'s, E>(
        &self,
        s: &'s [u8],
        limit: i64,
        pay: impl FnMut(Cost) -> Result<(), E>,
    ) -> Result<Vec<&'s [u8]>, E> {
        walk::split(self, s, limit, pay)
    }

    /// Every match replaced, references to groups in the replacement (`$1`, `${name}`) expanded;
    /// `None` if there is no match. `pay` is asked as the result grows.
    ///
    /// # Errors
    /// What `pay` says.
    pub fn replace_all<E>(
        &self,
        s: &[u8],
        replacement: &[u8],
        pay: impl FnMut(Cost) -> Result<(), E>,
    ) -> Result<Option<Vec<u8>>, E> {
        let parts = template::parse(replacement);
        let groups = template::groups_needed(&parts, self);
        let length = |found: &Groups| {
            let mut length = 0_usize;
            template::expand(&parts, self, s, found, |text| {
                length = length.saturating_add(text.len());
            });
            length
        };
        let steps = template::steps(&parts, self);
        walk::replace(self, s, groups, steps, pay, length, |out, found| {
            template::expand(&parts, self, s, found, |text| out.extend_from_slice(text));
        })
    }

    /// As [`Self::replace_all`], the replacement taken as it is.
    ///
    /// # Errors
    /// What `pay` says.
    pub fn replace_all_literal<E>(
        &self,
        s: &[u8],
        replacement: &[u8],
        pay: impl FnMut(Cost) -> Result<(), E>,
    ) -> Result<Option<Vec<u8>>, E> {
        walk::replace(
            self,
            s,
            1,
            1,
            pay,
            |_| replacement.len(),
            |out, _| {
                out.extend_from_slice(replacement);
            },
        )
    }

    /// Number of groups, the whole match counted.
    pub(crate) fn groups(&self) -> usize {
        self.names.len()
    }

    /// The groups of a name.
    pub(crate) fn groups_named<'a>(&'a self, name: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
        let named = self.names.iter().enumerate();
        named
            .filter(move |(_, n)| n.as_ref().is_some_and(|n| n.as_bytes() == name))
            .map(|(i, _)| i)
    }

    /// Bytes that a search through a string takes beside it: one that is not UTF-8 is repaired first.
    #[must_use]
    pub fn search_bytes(s: &[u8]) -> usize {
        const REPAIRED: usize = char::REPLACEMENT_CHARACTER.len_utf8() * (1 + size_of::<usize>());
        match std::str::from_utf8(s) {
            Ok(_) => 0,
            Err(_) => s.len().saturating_mul(REPAIRED),
        }
    }

    /// Prepares searching in a string.
    pub(crate) fn searcher<'a>(&'a self, s: &'a [u8]) -> Searcher<'a> {
        let repaired = match std::str::from_utf8(s) {
            Ok(_) => None,
            Err(_) => Some(Repaired::new(s)),
        };
        Searcher {
            engine: self.engine(s.is_ascii()),
            s,
            repaired,
        }
    }
}

/// How many bytes beyond a match a search may read before it knows that this is one: all there are,
/// where a choice has a branch without bound (`a.*b|a`), and otherwise no more than a match is long.
fn look_ahead(hir: &Hir) -> usize {
    fn chooses(hir: &Hir) -> bool {
        let unbounded = |hir: &Hir| hir.properties().maximum_len().is_none();
        match hir.kind() {
            HirKind::Alternation(branches) => {
                branches.iter().any(unbounded) || branches.iter().any(chooses)
            }
            HirKind::Repetition(r) => unbounded(&r.sub) || chooses(&r.sub),
            HirKind::Capture(capture) => chooses(&capture.sub),
            HirKind::Concat(parts) => parts.iter().any(chooses),
            _ => false,
        }
    }
    if chooses(hir) {
        return usize::MAX;
    }
    hir.properties().maximum_len().unwrap_or(0)
}

fn build(hir: &Hir) -> Result<Regex, Box<BuildError>> {
    // Strings in charts are short: what pays off only over long ones is left out, since building it
    // takes longer than the searches.
    let config = Config::new()
        .utf8_empty(true)
        .nfa_size_limit(Some(SIZE_LIMIT))
        .hybrid(false)
        .dfa(false)
        .auto_prefilter(false);
    Regex::builder()
        .configure(config)
        .build_from_hir(hir)
        .map_err(Box::new)
}

fn refused(error: &BuildError, text: &[u8]) -> Error {
    debug_assert!(
        error.size_limit().is_some(),
        "a parsed expression compiles: {error}"
    );
    Fault::Large.at(text)
}

/// A string to search in.
pub(crate) struct Searcher<'a> {
    engine: &'a Regex,
    s: &'a [u8],
    repaired: Option<Repaired>,
}

impl Searcher<'_> {
    fn is_match(&self) -> bool {
        let haystack = self.repaired.as_ref().map_or(self.s, |r| r.text.as_bytes());
        self.engine.is_match(haystack)
    }

    /// The first match that starts at an offset or later, with that many groups.
    pub(crate) fn find(&self, from: usize, groups: usize) -> Option<Groups> {
        let mut slots = vec![None; groups * 2];
        let (haystack, from) = match &self.repaired {
            None => (self.s, from),
            Some(repaired) => (repaired.text.as_bytes(), repaired.inside(from)),
        };
        let input = Input::new(haystack).range(from..);
        self.engine.search_slots(&input, &mut slots)?;
        let outside = |slot: &Option<NonMaxUsize>| {
            let at = (*slot)?.get();
            Some(
                self.repaired
                    .as_ref()
                    .map_or(at, |repaired| repaired.outside[at]),
            )
        };
        Some(Groups(slots.iter().map(outside).collect()))
    }
}

/// The places of a match's groups: start and end in turn.
pub(crate) struct Groups(Vec<Option<usize>>);

impl Groups {
    /// Where a group matched, if it took part.
    pub(crate) fn range(&self, group: usize) -> Option<Range<usize>> {
        match self.0.get(group.checked_mul(2)?..)? {
            [Some(start), Some(end), ..] => Some(*start..*end),
            _ => None,
        }
    }

    /// The text of a group; empty if it took no part.
    pub(crate) fn text<'a>(&self, s: &'a [u8], group: usize) -> &'a [u8] {
        self.range(group).map_or(b"", |range| &s[range])
    }
}

/// A string with U+FFFD in place of each invalid byte, which is how Go sees it while it searches.
struct Repaired {
    text: String,
    /// For each offset in the text, the offset in the original.
    outside: Vec<usize>,
}

impl Repaired {
    fn new(s: &[u8]) -> Self {
        let text: String = runes(s).map(|(_, c)| c).collect();
        let mut outside = Vec::with_capacity(text.len() + 1);
        for (at, c) in runes(s) {
            let invalid = decode_rune(&s[at..]).0.is_none();
            let width = |i: usize| if invalid { usize::from(i > 0) } else { i };
            outside.extend((0..c.len_utf8()).map(|i| at + width(i)));
        }
        outside.push(s.len());
        Self { text, outside }
    }

    /// The offset in the text of an offset in the original.
    fn inside(&self, at: usize) -> usize {
        self.outside.partition_point(|outside| *outside < at)
    }
}
