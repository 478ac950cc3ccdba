//! The Common Expression Language, as rules of custom resources (`x-kubernetes-validations`) use it.
//!
//! [`Program::compile`] reads an expression, [`Program::run`] evaluates it over named values, within a number of
//! steps, since rules come from charts. There is no type checker: what Kubernetes would refuse when a definition is
//! made fails here when the rule runs. Where to start: [`eval`] walks the tree that [`parse`] makes.
//!
//! Functions: the standard ones, and Kubernetes' libraries for strings, lists, regular expressions, quantities,
//! optional values, IP addresses and URLs as far as rules of charts use them. What is not known is
//! [`Error::Unknown`], so that a caller can tell a rule that fails from one that cannot be judged.

mod eval;
mod functions;
mod lex;
mod network;
mod parse;
mod quantity;
mod value;

use std::collections::BTreeMap;

pub use value::{Key, Value};

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// It cannot be read.
    #[error("Syntax error: {0}")]
    Syntax(String),
    /// A name or function that is not known here.
    #[error("undeclared reference to '{0}'")]
    Unknown(String),
    /// A member that is not there.
    #[error("no such key: {0}")]
    NoKey(String),
    /// An item that is not there.
    #[error("index out of bounds: {0}")]
    OutOfBounds(i64),
    /// Values of types that do not go together.
    #[error("no such overload")]
    Overload,
    /// A number that is too large.
    #[error("integer overflow")]
    Overflow,
    /// A division by zero.
    #[error("division by zero")]
    Zero,
    /// A text that cannot be read as what it is to be.
    #[error("{0}")]
    Malformed(String),
    /// It takes too long.
    #[error("operation cancelled: actual cost limit exceeded")]
    Spent,
}

/// An expression that was read.
#[derive(Clone, Debug)]
pub struct Program {
    root: parse::Expr,
}

impl Program {
    /// Reads an expression.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn compile(text: &str) -> Result<Self, Error> {
        parse::expression(text).map(|root| Self { root })
    }

    /// Whether a variable is mentioned that the expression does not bind itself.
    #[must_use]
    pub fn mentions(&self, name: &str) -> bool {
        self.root.mentions(name)
    }

    /// Evaluates it over these values; every step takes one from `steps`.
    ///
    /// # Errors
    /// When it has no value.
    pub fn run(&self, names: &BTreeMap<String, Value>, steps: &mut u64) -> Result<Value, Error> {
        eval::run(&self.root, names, steps)
    }
}
