//! [`Stream`]: a text as events or as trees, for those who must say where something stands.

use crate::error::Result;
use crate::event::{Event, EventKind};
use crate::input::Input;
use crate::parser::Parser;
use crate::tree::Document;

/// A text that can be read as YAML, any number of times.
#[derive(Debug)]
pub struct Stream<'a> {
    input: Input<'a>,
}

impl<'a> Stream<'a> {
    /// Takes a text, which may be in UTF-16.
    ///
    /// # Errors
    /// When the text is too large (4 GiB).
    pub fn new(text: &'a [u8]) -> Result<Self> {
        let input = Input::new(text)?;
        Ok(Self { input })
    }

    /// The events of all documents, up to the end of the stream or the first error.
    #[must_use]
    pub fn events(&self) -> Events<'_> {
        Events {
            parser: Parser::new(&self.input),
            ended: false,
        }
    }

    /// The documents as trees, up to the end of the stream or the first error.
    #[must_use]
    pub fn trees(&self) -> Trees<'_> {
        Trees {
            parser: Parser::new(&self.input),
            ended: false,
        }
    }
}

/// See [`Stream::events`].
#[derive(Debug)]
pub struct Events<'a> {
    parser: Parser<'a>,
    ended: bool,
}

impl<'a> Iterator for Events<'a> {
    type Item = Result<Event<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let event = self.parser.next_event();
        self.ended = match &event {
            Ok(event) => event.kind == EventKind::StreamEnd,
            Err(_) => true,
        };
        Some(event)
    }
}

/// See [`Stream::trees`].
#[derive(Debug)]
pub struct Trees<'a> {
    parser: Parser<'a>,
    ended: bool,
}

impl<'a> Iterator for Trees<'a> {
    type Item = Result<Document<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        // How many of the bytes are this one's nobody knows.
        let document = Document::read(&mut self.parser, 0);
        self.ended = !matches!(document, Ok(Some(_)));
        document.transpose()
    }
}
