//! Go's `text/template`, exactly: lexer, parser, compiler, virtual machine, builtin functions.
//!
//! Data goes `text → lexer → parser (tree) → compiler (program) → machine`. A [`Templates`] set
//! holds compiled definitions by name; a [`Session`] runs them over a [`windlass_value::Heap`]
//! under [`Limits`]. Functions are plain Rust functions with a Go
//! [`windlass_value::func::Signature`] ([`Function`]); they reach heap, host and machine through
//! [`Context`]. What the outside world gives (clock, randomness) comes in through [`Host`].
//!
//! Not here: any function beyond Go's builtins (see `windlass-sprig` and `windlass-render`).

mod builtin;
mod compiler;
mod error;
mod function;
mod limits;
mod literal;
mod machine;
mod operand;
mod program;
mod session;
mod stack;
mod syntax;
mod templates;

pub use error::{Error, ErrorKind, Frame, Spot};
pub use function::{Body, Context, Function, Functions, Host};
pub use limits::Limits;
pub use session::Session;
pub use templates::{MissingKey, Options, Templates};
