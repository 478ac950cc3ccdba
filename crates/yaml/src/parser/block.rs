//! Block collections.

use super::{Next, Parser, State};
use crate::error::Result;
use crate::event::{Event, EventKind};

impl<'a> Parser<'a> {
    pub(super) fn block_sequence_entry(&mut self, first: bool) -> Result<Event<'a>> {
        if first {
            self.take()?;
        }
        match self.peek()? {
            Next::BlockEntry => {
                let mark = self.take()?;
                match self.peek()? {
                    Next::BlockEntry | Next::BlockEnd => {
                        Ok(self.empty_scalar(mark, State::BlockSequenceEntry))
                    }
                    _ => {
                        self.states.push(State::BlockSequenceEntry);
                        self.node(true, false)
                    }
                }
            }
            Next::BlockEnd => {
                self.pop_state();
                self.take_as(EventKind::SequenceEnd)
            }
            _ => self.unexpected("did not find expected '-' indicator"),
        }
    }

    pub(super) fn indentless_sequence_entry(&mut self) -> Result<Event<'a>> {
        if self.peek()? != Next::BlockEntry {
            self.pop_state();
            return self.before_next(EventKind::SequenceEnd);
        }
        let mark = self.take()?;
        match self.peek()? {
            Next::BlockEntry | Next::Key | Next::Value | Next::BlockEnd => {
                Ok(self.empty_scalar(mark, State::IndentlessSequenceEntry))
            }
            _ => {
                self.states.push(State::IndentlessSequenceEntry);
                self.node(true, false)
            }
        }
    }

    pub(super) fn block_mapping_key(&mut self, first: bool) -> Result<Event<'a>> {
        if first {
            self.take()?;
        }
        match self.peek()? {
            Next::Key => self.block_mapping_part(State::BlockMappingValue),
            Next::BlockEnd => {
                self.pop_state();
                self.take_as(EventKind::MappingEnd)
            }
            _ => self.unexpected("did not find expected key"),
        }
    }

    pub(super) fn block_mapping_value(&mut self) -> Result<Event<'a>> {
        if self.peek()? == Next::Value {
            return self.block_mapping_part(State::BlockMappingKey);
        }
        let (mark, _) = self.marks()?;
        Ok(self.empty_scalar(mark, State::BlockMappingKey))
    }

    /// Takes the mark of a key or a value and parses what follows it, if anything.
    fn block_mapping_part(&mut self, then: State) -> Result<Event<'a>> {
        let mark = self.take()?;
        match self.peek()? {
            Next::Key | Next::Value | Next::BlockEnd => Ok(self.empty_scalar(mark, then)),
            _ => {
                self.states.push(then);
                self.node(true, true)
            }
        }
    }
}
