//! Go's `text/template`, exactly: lexer, parser, compiler, virtual machine, builtin functions.
//!
//! Data goes `text → lexer → parser (tree) → compiler (program) → machine`. A [`Templates`] set
//! holds compiled definitions by name; [`Templates::execute`] runs one of them over a
//! [`windlass_value::Heap`] under [`Limits`]. Functions are plain Rust functions with a Go
//! [`windlass_value::func::Signature`] ([`Function`]); they reach heap, host and machine through
//! [`Context`]. What the outside world gives (clock, randomness) comes in through [`Host`].
//!
//! Not here: any function beyond Go's builtins (see `windlass-sprig` and `windlass-render`).

mod error;
mod function;
mod limits;

pub use error::{Error, ErrorKind, Frame};
pub use function::{Body, Context, Function, Functions, Host};
pub use limits::Limits;
