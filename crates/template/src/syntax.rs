//! The syntax of templates: text to tokens ([`lexer`]), tokens to trees ([`parser`], [`node`]).
//!
//! Nothing here knows of values or execution. Positions are byte offsets into the text of one
//! parse; every node has one, since Go's messages give line and column of a node.

pub(crate) mod lexer;
pub(crate) mod node;
pub(crate) mod number;
pub(crate) mod parser;
pub(crate) mod quote;
pub(crate) mod rune;
