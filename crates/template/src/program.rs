//! What the compiler makes and the machine runs: a flat program for each definition.
//!
//! Instructions work on a stack of operands. An instruction that carries a node makes it the
//! current one, which is where Go would place an error that happens next; places are worked out
//! from the node only when there is an error.

use std::sync::{Arc, OnceLock};

use windlass_value::func::Param;
use windlass_value::{Str, Value};

use crate::builtin::OperandFunction;
use crate::function::Function;
use crate::syntax::lexer::Span;
use crate::syntax::node::{NodeId, Path, Source};

/// A definition, compiled when it first runs.
#[derive(Debug)]
pub(crate) struct Template {
    pub(crate) name: Str,
    pub(crate) source: Arc<Source>,
    /// Nothing but white space: it does not replace an earlier definition.
    pub(crate) empty: bool,
    pub(crate) root: NodeId,
    pub(crate) program: OnceLock<Arc<Program>>,
}

/// Index of an instruction.
pub(crate) type Target = u32;

/// One instruction. "Top" is the top of the operand stack.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Op {
    /// Writes a stretch of the source.
    Text(Span),
    /// Makes a node current.
    At {
        node: NodeId,
    },
    /// Pushes a constant.
    Constant {
        node: NodeId,
        index: u32,
    },
    /// Pushes no value at all.
    Invalid {
        node: NodeId,
    },
    /// Pushes the dot.
    Dot {
        node: NodeId,
    },
    /// Pushes what a path leads to from the dot.
    Field {
        node: NodeId,
        path: Path,
    },
    /// Replaces the top by what a path leads to from it. The node is where a method's own error
    /// belongs; it does not become current otherwise.
    Chain {
        node: NodeId,
        path: Path,
    },
    /// Pushes a variable.
    Variable {
        node: NodeId,
        slot: u32,
    },
    /// Pushes what a path leads to from a variable.
    VariableField {
        slot: u16,
        node: NodeId,
        path: Path,
    },
    /// Pushes the innermost of some variables of one name that has been declared.
    VariableIfSet {
        node: NodeId,
        site: u32,
    },
    /// Forgets that the top was held by an interface.
    Unbox,
    /// Says that a nil on top is held by an interface.
    BoxNil,
    /// Copies the top into a variable.
    Store {
        slot: u32,
    },
    /// Moves the top into a variable.
    Set {
        slot: u32,
    },
    /// Copies the top into the innermost of some variables that has been declared.
    StoreIfSet {
        site: u32,
    },
    /// Makes a variable undeclared.
    Unset {
        slot: u32,
    },
    /// Drops the top.
    Drop,
    /// Drops what is beneath the top.
    DropBeneath,
    /// Checks the top as an argument for a parameter's type, and converts it.
    Check {
        param: u32,
    },
    /// Calls a function.
    Call {
        site: u32,
    },
    /// Calls a builtin that looks at operands.
    CallBuiltin {
        site: u32,
    },
    /// Calls the builtin `call`.
    CallValue {
        site: u32,
    },
    /// Finds what a path with arguments leads to: a method to be called, or the end of it.
    FindMethod {
        site: u32,
    },
    /// Checks the top as an argument of the method found.
    CheckMethodArgument {
        index: u32,
    },
    /// Pushes a literal as an argument of the method found.
    MethodLiteral {
        node: NodeId,
        index: u32,
    },
    /// Calls the method found.
    CallMethod {
        site: u32,
    },
    Jump(Target),
    /// Drops the top and jumps if it was false.
    JumpIfFalse(Target),
    /// Jumps if the top's truth is as said, otherwise drops it.
    JumpIfTruth {
        truth: bool,
        target: Target,
    },
    /// Writes the top and drops it.
    Print,
    /// Makes the top the dot, or drops it and jumps if it is false.
    With {
        otherwise: Target,
    },
    /// Restores as many earlier dots.
    RestoreDot {
        count: u32,
    },
    /// Begins to walk the top, or jumps if there is nothing to walk.
    Range {
        site: u32,
    },
    /// Takes the next element, or ends the walk and jumps.
    Next {
        site: u32,
    },
    /// Ends the walk.
    EndRange,
    /// Finds a template to be run.
    FindTemplate {
        site: u32,
    },
    /// Runs the template found over the top.
    RunTemplate,
    /// Fails, at the current node.
    Fail {
        message: u32,
    },
    /// Fails, at a node.
    FailAt {
        node: NodeId,
        message: u32,
    },
    /// Ends the definition.
    Return,
}

/// The call of a function.
#[derive(Debug)]
pub(crate) struct CallSite {
    /// The function; for `call`, the name by which messages call what it is given.
    pub(crate) callee: Callee,
    /// Arguments other than the one from the pipeline.
    pub(crate) args: u32,
    /// Whether an argument from the pipeline lies beneath the others.
    pub(crate) piped: bool,
    /// The function's name, current when there are no arguments that would be.
    pub(crate) name: NodeId,
    /// Where the function's own error belongs.
    pub(crate) node: NodeId,
}

/// What is called.
#[derive(Debug)]
pub(crate) enum Callee {
    Function(&'static Function),
    Builtin(&'static OperandFunction),
    /// `call`, and the source text of its first argument if that is not the pipeline's.
    Value(Option<String>),
}

/// A path that ends in a method call with arguments.
#[derive(Debug)]
pub(crate) struct MethodSite {
    pub(crate) node: NodeId,
    pub(crate) path: Path,
    pub(crate) start: Start,
    pub(crate) args: u32,
    pub(crate) piped: bool,
    /// Where to go on when there was nothing to call the method on.
    pub(crate) after: Target,
}

/// Where a path starts.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Start {
    Dot,
    /// The top of the stack, put there by the instructions before.
    Top,
}

/// A `range`.
#[derive(Debug)]
pub(crate) struct RangeSite {
    /// For each declared variable, the slots it may mean, innermost first.
    pub(crate) variables: Vec<Vec<u32>>,
    /// Where to go when there is nothing to walk.
    pub(crate) otherwise: Target,
    /// Where to go when all is walked.
    pub(crate) end: Target,
}

/// A `template` action.
#[derive(Debug)]
pub(crate) struct TemplateSite {
    pub(crate) node: NodeId,
    pub(crate) name: Str,
}

/// Instructions and the tables they index.
#[derive(Debug, Default)]
pub(crate) struct Program {
    pub(crate) ops: Vec<Op>,
    pub(crate) constants: Vec<Value>,
    pub(crate) params: Vec<Param>,
    pub(crate) calls: Vec<CallSite>,
    pub(crate) methods: Vec<MethodSite>,
    pub(crate) ranges: Vec<RangeSite>,
    pub(crate) templates: Vec<TemplateSite>,
    pub(crate) messages: Vec<String>,
    /// The slots a variable may mean, innermost first.
    pub(crate) candidates: Vec<Vec<u32>>,
    /// How many variables are alive at once at most.
    pub(crate) slots: u32,
}
