//! Compiled expressions, and searching with them in any bytes.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use regex_automata::Input;
use regex_automata::meta::{BuildError, Cache, Config, Regex};
use regex_automata::util::primitives::NonMaxUsize;
use regex_syntax::hir::Hir;
use windlass_value::Str;
use windlass_value::fmt::{decode_rune, runes};

use super::{ascii, syntax};

/// A compiled expression.
///
/// Classes such as `.` and `[^/]` take a third of a millisecond and half a megabyte to compile for
/// all of Unicode. Nearly all strings are ASCII, for which an expression without the rest of
/// Unicode finds the same.
pub(super) struct Program {
    hir: Hir,
    ascii: OnceCell<Engine>,
    full: OnceCell<Engine>,
    /// The names of the groups, the whole match first; `None` for those without.
    names: Vec<Option<Str>>,
    empty: bool,
}

/// Bytes a compiled expression may take; Go's own limit is as far from any real expression.
const SIZE_LIMIT: usize = 32 << 20;

/// Expressions kept per thread. A chart has a few dozens.
const KEPT: usize = 512;

/// What searches.
struct Engine {
    regex: Regex,
    cache: RefCell<Cache>,
}

impl Engine {
    fn build(hir: &Hir) -> Result<Self, BuildError> {
        // Strings in charts are short: what pays off only over long ones is left out, since
        // building it takes longer than the searches.
        let config = Config::new()
            .utf8_empty(true)
            .nfa_size_limit(Some(SIZE_LIMIT))
            .hybrid(false)
            .dfa(false)
            .auto_prefilter(false);
        let regex = Regex::builder().configure(config).build_from_hir(hir)?;
        let cache = RefCell::new(regex.create_cache());
        Ok(Self { regex, cache })
    }
}

thread_local! {
    static PROGRAMS: RefCell<HashMap<Str, Rc<Program>>> = RefCell::default();
}

/// The compiled form of an expression, from the thread's cache if it is there.
///
/// # Errors
/// Go's text for what is wrong with it.
pub(super) fn cached(text: &Str) -> Result<Rc<Program>, String> {
    if let Some(known) = PROGRAMS.with_borrow(|programs| programs.get(text).cloned()) {
        return Ok(known);
    }
    let program = Rc::new(Program::compile(text)?);
    PROGRAMS.with_borrow_mut(|programs| {
        if programs.len() >= KEPT {
            programs.clear();
        }
        programs.insert(text.clone(), program.clone());
    });
    Ok(program)
}

impl Program {
    fn compile(text: &Str) -> Result<Self, String> {
        let parsed = syntax::parse(text)?;
        let program = Self {
            ascii: OnceCell::new(),
            full: OnceCell::new(),
            names: parsed.names,
            empty: text.is_empty(),
            hir: parsed.hir,
        };
        if !ascii::surely_fits(&program.hir, SIZE_LIMIT) {
            let engine = Engine::build(&program.hir).map_err(|e| refused(&e, text))?;
            program.full.get_or_init(|| engine);
        }
        Ok(program)
    }

    /// What searches in strings of one kind.
    fn engine(&self, is_ascii: bool) -> &Engine {
        const FITS: &str = "an expression that might be too large was compiled at once";
        if is_ascii {
            self.ascii
                .get_or_init(|| Engine::build(&ascii::restrict(&self.hir)).expect(FITS))
        } else {
            self.full
                .get_or_init(|| Engine::build(&self.hir).expect(FITS))
        }
    }

    /// Whether the expression's text is empty.
    pub(super) fn is_empty(&self) -> bool {
        self.empty
    }

    /// Number of groups, the whole match counted.
    pub(super) fn groups(&self) -> usize {
        self.names.len()
    }

    /// The groups of a name.
    pub(super) fn groups_named<'a>(&'a self, name: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
        let named = self.names.iter().enumerate();
        named
            .filter(move |(_, n)| n.as_ref().is_some_and(|n| n.as_bytes() == name))
            .map(|(i, _)| i)
    }

    /// Prepares searching in a string.
    pub(super) fn searcher<'a>(&'a self, s: &'a Str) -> Searcher<'a> {
        let repaired = if s.as_str().is_some() {
            None
        } else {
            Some(Repaired::new(s))
        };
        Searcher {
            engine: self.engine(s.is_ascii()),
            s,
            repaired,
        }
    }
}

fn refused(error: &BuildError, text: &Str) -> String {
    debug_assert!(
        error.size_limit().is_some(),
        "a parsed expression compiles: {error}"
    );
    syntax::error("expression too large", text)
}

/// A string to search in.
pub(super) struct Searcher<'a> {
    engine: &'a Engine,
    s: &'a [u8],
    repaired: Option<Repaired>,
}

impl Searcher<'_> {
    /// The first match that starts at an offset or later, with that many groups.
    pub(super) fn find(&self, from: usize, groups: usize) -> Option<Groups> {
        let mut slots = vec![None; groups * 2];
        let (haystack, from) = match &self.repaired {
            None => (self.s, from),
            Some(repaired) => (repaired.text.as_bytes(), repaired.inside(from)),
        };
        let input = Input::new(haystack).range(from..);
        let mut cache = self.engine.cache.borrow_mut();
        self.engine
            .regex
            .search_slots_with(&mut cache, &input, &mut slots)?;
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
pub(super) struct Groups(Vec<Option<usize>>);

impl Groups {
    /// Where a group matched, if it took part.
    pub(super) fn range(&self, group: usize) -> Option<Range<usize>> {
        match self.0.get(group.checked_mul(2)?..)? {
            [Some(start), Some(end), ..] => Some(*start..*end),
            _ => None,
        }
    }

    /// The text of a group; empty if it took no part.
    pub(super) fn text<'a>(&self, s: &'a [u8], group: usize) -> &'a [u8] {
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
