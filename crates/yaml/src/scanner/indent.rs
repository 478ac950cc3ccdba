//! Indentation made explicit: tokens for the start and the end of block collections.

use super::token::{Token, TokenKind};
use super::{MAX_DEPTH, Mark, Result, Scanner};

impl<'a> Scanner<'a> {
    /// Opens a block collection at the column of a mark, unless there is one at it already. Its
    /// token goes before the token of the given number, or to the end.
    pub(super) fn open_block(
        &mut self,
        kind: TokenKind<'a>,
        mark: Mark,
        number: Option<usize>,
    ) -> Result<()> {
        let column = mark.column as i32;
        if self.flow_level > 0 || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        if self.indents.len() > MAX_DEPTH {
            return Err(self.too_deep());
        }
        self.insert(kind, mark, number.unwrap_or(usize::MAX));
        Ok(())
    }

    /// Closes all block collections that are indented more than this.
    pub(super) fn close_blocks(&mut self, column: i32) {
        if self.flow_level > 0 {
            return;
        }
        while self.indent > column {
            let mark = self.cursor.mark();
            self.queue.push_back(Token {
                kind: TokenKind::BlockEnd,
                start: mark,
                end: mark,
            });
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }
}
