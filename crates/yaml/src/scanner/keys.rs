//! Keys without `?`: where one may have begun, and whether it still can be one.
//!
//! A possible key is remembered for each flow level, by the number of its first token. It must end
//! on its line and within 1024 characters. In block context, where a line at the indentation of a
//! mapping can be nothing but a key, it is an error when no `:` comes.

use std::collections::VecDeque;

use super::cursor::Cursor;
use super::token::TokenKind;
use super::{Error, Mark, Result, Scanner};

/// Longest key without `?`, in characters.
const MAX_LENGTH: usize = 1024;

#[derive(Debug, Clone, Copy, Default)]
struct PossibleKey {
    possible: bool,
    required: bool,
    /// Number of the token that it begins with.
    number: usize,
    mark: Mark,
}

/// The possible keys of all flow levels, the innermost last.
#[derive(Debug)]
pub(super) struct Keys {
    levels: Vec<PossibleKey>,
    /// Level of the key that begins at a token number, ascending. An entry may outlive its key.
    by_number: VecDeque<(usize, usize)>,
}

impl Keys {
    pub(super) fn new() -> Self {
        Self {
            levels: vec![PossibleKey::default()],
            by_number: VecDeque::new(),
        }
    }

    /// The level whose key begins with the token of this number.
    pub(super) fn level_of(&mut self, number: usize) -> Option<usize> {
        while self.by_number.front().is_some_and(|&(n, _)| n < number) {
            self.by_number.pop_front();
        }
        match self.by_number.front() {
            Some(&(n, level)) if n == number && level < self.levels.len() => Some(level),
            _ => None,
        }
    }

    pub(super) fn open_level(&mut self, number: usize) {
        self.levels.push(PossibleKey {
            number,
            ..PossibleKey::default()
        });
    }

    /// Forgets the innermost level. Its number may be that of the collection itself, as in `[]`,
    /// whose own entry then goes: libyaml's way, which makes `[]: x` an odd thing.
    pub(super) fn close_level(&mut self) {
        if let Some(key) = self.levels.pop() {
            self.forget(key.number);
        }
    }

    fn save(&mut self, key: PossibleKey) {
        match self.by_number.back_mut() {
            Some(last) if last.0 == key.number => last.1 = self.levels.len() - 1,
            _ => self
                .by_number
                .push_back((key.number, self.levels.len() - 1)),
        }
        *self.current() = key;
    }

    fn forget(&mut self, number: usize) {
        if let Ok(i) = self.by_number.binary_search_by_key(&number, |e| e.0) {
            self.by_number.remove(i);
        }
    }

    fn current(&mut self) -> &mut PossibleKey {
        self.levels
            .last_mut()
            .expect("the block level is never closed")
    }
}

impl PossibleKey {
    fn is_stale(&self, cursor: &Cursor<'_>) -> bool {
        if self.mark.line < cursor.mark().line {
            return true;
        }
        let text = cursor.since(self.mark.offset as usize);
        text.len() > MAX_LENGTH
            && text
                .iter()
                .filter(|&&b| b & 0xC0 != 0x80)
                .take(MAX_LENGTH + 1)
                .count()
                > MAX_LENGTH
    }
}

impl<'a> Scanner<'a> {
    /// Whether the possible key of a level can still be one; it is forgotten if not.
    pub(super) fn key_is_valid(&mut self, level: usize) -> Result<bool> {
        let key = &mut self.keys.levels[level];
        if !key.possible {
            return Ok(false);
        }
        if key.is_stale(&self.cursor) {
            if key.required {
                return Err(self.no_colon());
            }
            key.possible = false;
        }
        Ok(self.keys.levels[level].possible)
    }

    /// Remembers that a key may begin here.
    pub(super) fn save_key(&mut self) -> Result<()> {
        if !self.key_allowed {
            return Ok(());
        }
        let key = PossibleKey {
            possible: true,
            required: self.flow_level == 0 && self.indent == self.cursor.column() as i32,
            number: self.next_number(),
            mark: self.cursor.mark(),
        };
        self.remove_key()?;
        self.keys.save(key);
        Ok(())
    }

    /// Gives up the possible key of the current level.
    pub(super) fn remove_key(&mut self) -> Result<()> {
        let key = self.keys.current();
        if key.possible {
            if key.required {
                return Err(self.no_colon());
            }
            key.possible = false;
            let number = key.number;
            self.keys.forget(number);
        }
        Ok(())
    }

    /// `?`
    pub(super) fn fetch_key(&mut self) -> Result<()> {
        if self.flow_level == 0 {
            if !self.key_allowed {
                return Err(self.error("mapping keys are not allowed in this context"));
            }
            self.open_block(TokenKind::BlockMappingStart, self.cursor.mark(), None)?;
        }
        self.remove_key()?;
        self.key_allowed = self.flow_level == 0;
        self.push_indicator(TokenKind::Key, 1);
        Ok(())
    }

    /// `:`
    pub(super) fn fetch_value(&mut self) -> Result<()> {
        let level = self.keys.levels.len() - 1;
        if self.key_is_valid(level)? {
            let key = self.keys.levels[level];
            self.insert(TokenKind::Key, key.mark, key.number);
            self.open_block(TokenKind::BlockMappingStart, key.mark, Some(key.number))?;
            self.keys.current().possible = false;
            self.keys.forget(key.number);
            // A key cannot follow a key on its line.
            self.key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.key_allowed {
                    return Err(self.error("mapping values are not allowed in this context"));
                }
                self.open_block(TokenKind::BlockMappingStart, self.cursor.mark(), None)?;
            }
            self.key_allowed = self.flow_level == 0;
        }
        self.push_indicator(TokenKind::Value, 1);
        Ok(())
    }

    fn no_colon(&self) -> Error {
        self.error("could not find expected ':'")
    }
}
