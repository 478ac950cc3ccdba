//! Flow collections.

use super::{Next, Parser, State};
use crate::error::Result;
use crate::event::{Event, EventKind, Properties};

impl<'a> Parser<'a> {
    pub(super) fn flow_sequence_entry(&mut self, first: bool) -> Result<Event<'a>> {
        if first {
            self.take()?;
        }
        if !first && self.peek()? != Next::FlowSequenceEnd {
            if self.peek()? != Next::FlowEntry {
                return self.unexpected("did not find expected ',' or ']'");
            }
            self.take()?;
        }
        match self.peek()? {
            Next::Key => {
                self.state = State::FlowSequenceEntryMappingKey;
                self.take_as(EventKind::MappingStart(Properties::default()))
            }
            Next::FlowSequenceEnd => {
                self.pop_state();
                self.take_as(EventKind::SequenceEnd)
            }
            _ => {
                self.states.push(State::FlowSequenceEntry);
                self.node(false, false)
            }
        }
    }

    /// A mapping of one pair without braces: `[a: b]`.
    pub(super) fn flow_sequence_entry_mapping_key(&mut self) -> Result<Event<'a>> {
        match self.peek()? {
            Next::Value | Next::FlowEntry | Next::FlowSequenceEnd => {
                // libyaml takes the token although it is not part of the key.
                let mark = self.take()?;
                Ok(self.empty_scalar(mark, State::FlowSequenceEntryMappingValue))
            }
            _ => {
                self.states.push(State::FlowSequenceEntryMappingValue);
                self.node(false, false)
            }
        }
    }

    pub(super) fn flow_sequence_entry_mapping_value(&mut self) -> Result<Event<'a>> {
        let (mark, _) = self.marks()?;
        if self.peek()? == Next::Value {
            self.take()?;
            match self.peek()? {
                // The mark stays that of the value's indicator.
                Next::FlowEntry | Next::FlowSequenceEnd => {}
                _ => {
                    self.states.push(State::FlowSequenceEntryMappingEnd);
                    return self.node(false, false);
                }
            }
        }
        Ok(self.empty_scalar(mark, State::FlowSequenceEntryMappingEnd))
    }

    pub(super) fn flow_sequence_entry_mapping_end(&mut self) -> Result<Event<'a>> {
        self.state = State::FlowSequenceEntry;
        self.before_next(EventKind::MappingEnd)
    }

    pub(super) fn flow_mapping_key(&mut self, first: bool) -> Result<Event<'a>> {
        if first {
            self.take()?;
        }
        if !first && self.peek()? != Next::FlowMappingEnd {
            if self.peek()? != Next::FlowEntry {
                return self.unexpected("did not find expected ',' or '}'");
            }
            self.take()?;
        }
        match self.peek()? {
            Next::Key => {
                self.take()?;
                self.flow_mapping_part(State::FlowMappingValue)
            }
            Next::FlowMappingEnd => {
                self.pop_state();
                self.take_as(EventKind::MappingEnd)
            }
            _ => {
                self.states.push(State::FlowMappingEmptyValue);
                self.node(false, false)
            }
        }
    }

    pub(super) fn flow_mapping_value(&mut self, empty: bool) -> Result<Event<'a>> {
        let is_value = self.peek()? == Next::Value;
        if !empty && is_value {
            self.take()?;
            return match self.peek()? {
                Next::FlowEntry | Next::FlowMappingEnd => self.empty_flow_value(),
                _ => {
                    self.states.push(State::FlowMappingKey);
                    self.node(false, false)
                }
            };
        }
        self.empty_flow_value()
    }

    fn empty_flow_value(&mut self) -> Result<Event<'a>> {
        let (mark, _) = self.marks()?;
        Ok(self.empty_scalar(mark, State::FlowMappingKey))
    }

    fn flow_mapping_part(&mut self, then: State) -> Result<Event<'a>> {
        match self.peek()? {
            Next::Value | Next::FlowEntry | Next::FlowMappingEnd => {
                let (mark, _) = self.marks()?;
                Ok(self.empty_scalar(mark, then))
            }
            _ => {
                self.states.push(then);
                self.node(false, false)
            }
        }
    }
}
