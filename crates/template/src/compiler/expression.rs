//! Pipelines, commands and arguments to instructions that leave one operand on the stack.
//!
//! A command of a pipeline finds the value of the one before it on top of the stack (it is
//! "piped") and takes it as its last argument.

use windlass_value::Value;
use windlass_value::func::{Param, Signature};

use crate::builtin;
use crate::compiler::scope::Meaning;
use crate::compiler::{Compiler, index};
use crate::function::Function;
use crate::literal;
use crate::program::{CallSite, Callee, MethodSite, Op, Start};
use crate::stack;
use crate::syntax::node::{Node, NodeId, Path, Pipe};

/// What stands at a command's head, with what follows it.
#[derive(Clone, Copy)]
struct Operands<'a> {
    /// The head and the arguments; empty where Go passes none.
    all: &'a [NodeId],
    piped: bool,
}

impl<'a> Operands<'a> {
    const NONE: Self = Self {
        all: &[],
        piped: false,
    };

    fn args(self) -> &'a [NodeId] {
        self.all.get(1..).unwrap_or_default()
    }

    fn has_any(self) -> bool {
        self.piped || self.all.len() > 1
    }

    fn count(self) -> usize {
        self.args().len() + usize::from(self.piped)
    }
}

impl<'s> Compiler<'s> {
    /// A pipeline; its value stays on the stack. Gives whether it declares or assigns variables,
    /// in which case an action does not print it.
    pub(super) fn pipeline(&mut self, id: NodeId) -> bool {
        let source = self.source;
        let Node::Pipe(pipe) = source.node(id) else {
            return false;
        };
        let (variables, commands) = source.parts(pipe);
        for (i, command) in commands.iter().enumerate() {
            stack::with_room(|| self.command(id, *command, i > 0));
        }
        for variable in variables {
            self.store(pipe, *variable);
        }
        !variables.is_empty()
    }

    fn store(&mut self, pipe: &Pipe, variable: NodeId) {
        let name = self.variable_name(variable);
        if !pipe.assign {
            let slot = self.scope.declare(name, self.conditional);
            self.emit(Op::Store { slot });
            return;
        }
        match self.scope.resolve(name) {
            Meaning::Slot(slot) => {
                self.emit(Op::Store { slot });
            }
            Meaning::FirstSet(slots) => {
                let site = self.candidates(slots);
                self.emit(Op::StoreIfSet { site });
            }
            Meaning::Undefined => self.fail(undefined(name)),
        }
    }

    fn candidates(&mut self, slots: Vec<u32>) -> u32 {
        self.program.candidates.push(slots);
        index(self.program.candidates.len() - 1)
    }

    fn command(&mut self, pipe: NodeId, id: NodeId, piped: bool) {
        let source = self.source;
        let Node::Command(args) = source.node(id) else {
            return;
        };
        let args = source.children(*args);
        let Some(&first) = args.first() else { return };
        let operands = Operands { all: args, piped };
        match source.node(first) {
            Node::Field(path) => self.field(first, *path, operands),
            Node::Chain { node, fields } => self.chain(first, *node, *fields, operands),
            Node::Identifier(_) => self.function(first, id, operands),
            Node::Pipe(_) => {
                if operands.has_any() {
                    let message = self.not_a_function(first);
                    // Nothing else has been evaluated yet in the first command.
                    if piped {
                        self.fail(message);
                    } else {
                        self.fail_at(pipe, message);
                    }
                    return;
                }
                self.pipeline(first);
            }
            Node::Variable(_, path) => self.variable(first, *path, operands),
            _ if operands.has_any() => {
                let message = self.not_a_function(first);
                self.fail_at(first, message);
            }
            Node::Dot => {
                self.emit(Op::Dot { node: first });
            }
            Node::Nil => self.fail_at(first, "nil is not a command".to_owned()),
            _ => self.constant(first, literal::ideal(source, first)),
        }
    }

    fn not_a_function(&self, node: NodeId) -> String {
        let text = self.source.node_text(node);
        format!("can't give argument to non-function {text}")
    }

    fn constant(&mut self, node: NodeId, value: Result<Value, String>) {
        match value {
            Ok(value) => {
                self.program.constants.push(value);
                let index = index(self.program.constants.len() - 1);
                self.emit(Op::Constant { node, index });
            }
            Err(message) => self.fail_at(node, message),
        }
    }

    fn field(&mut self, node: NodeId, path: Path, operands: Operands<'_>) {
        if operands.has_any() {
            self.method(node, path, Start::Dot, operands);
        } else {
            self.emit(Op::Field { node, path });
        }
    }

    fn chain(&mut self, node: NodeId, start: NodeId, path: Path, operands: Operands<'_>) {
        match self.source.node(start) {
            Node::Identifier(_) => {
                self.function(start, start, Operands::NONE);
                self.emit(Op::BoxNil);
            }
            _ => {
                self.pipeline(start);
                self.emit(Op::Unbox);
            }
        }
        if operands.has_any() {
            self.method(node, path, Start::Top, operands);
        } else {
            self.emit(Op::Chain { node, path });
        }
    }

    fn variable(&mut self, node: NodeId, path: Path, operands: Operands<'_>) {
        let name = self.variable_name(node);
        let meaning = self.scope.resolve(name);
        if let (Meaning::Slot(slot), false) = (&meaning, operands.has_any())
            && let (Ok(slot), true) = (u16::try_from(*slot), path.len > 0)
        {
            self.emit(Op::VariableField { slot, node, path });
            return;
        }
        match meaning {
            Meaning::Slot(slot) => {
                self.emit(Op::Variable { node, slot });
            }
            Meaning::FirstSet(slots) => {
                let site = self.candidates(slots);
                self.emit(Op::VariableIfSet { node, site });
            }
            Meaning::Undefined => {
                self.fail_at(node, undefined(name));
                return;
            }
        }
        match (path.len, operands.has_any()) {
            (0, false) => {}
            (0, true) => {
                let message = self.not_a_function(node);
                self.fail_at(node, message);
            }
            (_, false) => {
                self.emit(Op::Chain { node, path });
            }
            (_, true) => self.method(node, path, Start::Top, operands),
        }
    }

    /// A path with arguments, which must end in a method.
    fn method(&mut self, node: NodeId, path: Path, start: Start, operands: Operands<'_>) {
        let site = index(self.program.methods.len());
        self.program.methods.push(MethodSite {
            node,
            path,
            start,
            args: index(operands.args().len()),
            piped: operands.piped,
            after: 0,
        });
        self.prepare_conditional(operands.args());
        self.emit(Op::FindMethod { site });
        let outer = std::mem::replace(&mut self.conditional, true);
        for (i, arg) in operands.args().iter().enumerate() {
            self.method_argument(*arg, index(i));
        }
        self.conditional = outer;
        self.emit(Op::CallMethod { site });
        self.program.methods[site as usize].after = self.here();
    }

    fn method_argument(&mut self, node: NodeId, index: u32) {
        match self.source.node(node) {
            Node::Bool(_) | Node::Number(..) | Node::String(_) | Node::Nil => {
                self.emit(Op::MethodLiteral { node, index });
            }
            _ => {
                self.operand(node);
                self.emit(Op::CheckMethodArgument { index });
            }
        }
    }

    /// A function called by name: `id` is the name's node, `call` the one its own errors belong to.
    fn function(&mut self, id: NodeId, call: NodeId, operands: Operands<'_>) {
        let source = self.source;
        let Node::Identifier(span) = source.node(id) else {
            return;
        };
        let name = std::str::from_utf8(source.bytes(*span)).unwrap_or_default();
        let Some(function) = self
            .functions
            .get(name)
            .or_else(|| builtin::function_named(name))
        else {
            self.special(id, call, name, operands);
            return;
        };
        if let Some(message) = wrong_count(name, &function.signature, operands) {
            self.fail_at(id, message);
            return;
        }
        self.arguments(function, operands);
        let site = self.call_site(id, call, Callee::Function(function), operands);
        self.emit(Op::Call { site });
    }

    fn arguments(&mut self, function: &Function, operands: Operands<'_>) {
        for (i, arg) in operands.args().iter().enumerate() {
            let param = function.signature.param(i).unwrap_or(Param::Any);
            self.argument(*arg, param);
        }
    }

    fn call_site(
        &mut self,
        name: NodeId,
        node: NodeId,
        callee: Callee,
        operands: Operands<'_>,
    ) -> u32 {
        self.program.calls.push(CallSite {
            callee,
            args: index(operands.args().len()),
            piped: operands.piped,
            name,
            node,
        });
        index(self.program.calls.len() - 1)
    }

    /// The builtins that are more than functions of values.
    fn special(&mut self, id: NodeId, call: NodeId, name: &str, operands: Operands<'_>) {
        let builtin = builtin::operand_function(name);
        let signature = match builtin {
            Some(function) => function.signature,
            None => Signature::variadic(&[Param::Reflect], Param::Reflect),
        };
        if let Some(message) = wrong_count(name, &signature, operands) {
            self.fail_at(id, message);
            return;
        }
        if name == "and" || name == "or" {
            if operands.args().is_empty() {
                self.emit(Op::At { node: id });
            }
            self.short_circuit(name == "or", operands);
            return;
        }
        for arg in operands.args() {
            self.argument(*arg, Param::Reflect);
        }
        if let Some(function) = builtin {
            let site = self.call_site(id, call, Callee::Builtin(function), operands);
            self.emit(Op::CallBuiltin { site });
            return;
        }
        let callee = operands.args().first().map(|a| self.source.node_text(*a));
        let site = self.call_site(id, call, Callee::Value(callee), operands);
        self.emit(Op::CallValue { site });
    }

    /// `and` and `or`: the first argument whose truth decides, or the last. The piped argument is
    /// the last one, and lies beneath the others all the while.
    fn short_circuit(&mut self, decisive: bool, operands: Operands<'_>) {
        let args = operands.args();
        self.prepare_conditional(args);
        let outer = self.conditional;
        let mut decided = Vec::new();
        for (i, arg) in args.iter().enumerate() {
            self.argument(*arg, Param::Reflect);
            if operands.piped || i + 1 < args.len() {
                let truth = decisive;
                decided.push(self.emit(Op::JumpIfTruth { truth, target: 0 }));
            }
            self.conditional = true;
        }
        self.conditional = outer;
        let end = operands.piped.then(|| self.emit(Op::Jump(0)));
        for jump in decided {
            self.land(jump);
        }
        if let Some(end) = end {
            self.emit(Op::DropBeneath);
            self.land(end);
        }
    }

    /// Makes the variables undeclared that arguments declare which may be jumped over: on an
    /// earlier round of a loop they may have been reached.
    fn prepare_conditional(&mut self, args: &[NodeId]) {
        let count: u32 = args.iter().map(|arg| self.declarations_in(*arg)).sum();
        for slot in self.scope.reserve(count) {
            self.emit(Op::Unset { slot });
        }
    }

    fn declarations_in(&self, id: NodeId) -> u32 {
        stack::with_room(|| match self.source.node(id) {
            Node::Pipe(pipe) => {
                let own = if pipe.assign { 0 } else { pipe.declared.into() };
                let (_, commands) = self.source.parts(pipe);
                let inner = commands.iter().map(|c| self.declarations_in(*c));
                own + inner.sum::<u32>()
            }
            Node::Command(args) => (self.source.children(*args).iter())
                .map(|a| self.declarations_in(*a))
                .sum(),
            Node::Chain { node, .. } => self.declarations_in(*node),
            _ => 0,
        })
    }

    /// An argument for a parameter of known type.
    fn argument(&mut self, node: NodeId, param: Param) {
        let source = self.source;
        match source.node(node) {
            Node::Bool(_) | Node::Number(..) | Node::String(_) => {
                self.constant(node, literal::argument(source, node, param));
                return;
            }
            Node::Nil => {
                self.emit(Op::Invalid { node });
                if let Some(message) = cannot_be_nil(param) {
                    self.fail_at(node, message);
                    return;
                }
            }
            _ => self.operand(node),
        }
        if !matches!(param, Param::Any | Param::Reflect) {
            let param = self.param(param);
            self.emit(Op::Check { param });
        }
    }

    /// An argument that is no literal.
    fn operand(&mut self, node: NodeId) {
        match self.source.node(node) {
            Node::Dot => {
                self.emit(Op::Dot { node });
            }
            Node::Field(path) => {
                let path = *path;
                self.emit(Op::Field { node, path });
            }
            Node::Variable(_, path) => self.variable(node, *path, Operands::NONE),
            Node::Pipe(_) => {
                self.pipeline(node);
                self.emit(Op::Unbox);
            }
            Node::Identifier(_) => {
                self.function(node, node, Operands::NONE);
                self.emit(Op::BoxNil);
            }
            Node::Chain {
                node: start,
                fields,
            } => {
                self.chain(node, *start, *fields, Operands::NONE);
            }
            _ => {}
        }
    }
}

fn undefined(name: &[u8]) -> String {
    format!("undefined variable: {}", String::from_utf8_lossy(name))
}

/// Go's complaint about `nil` for a type that has no nil.
pub(crate) fn cannot_be_nil(param: Param) -> Option<String> {
    let nilable = match param {
        Param::Any
        | Param::Reflect
        | Param::Bytes
        | Param::List
        | Param::Strings
        | Param::Map
        | Param::StringMap => true,
        Param::Named(name) => name.starts_with('*'),
        _ => false,
    };
    (!nilable).then(|| format!("cannot assign nil to {}", param.name()))
}

/// Go's complaint about a wrong number of arguments.
fn wrong_count(name: &str, signature: &Signature, operands: Operands<'_>) -> Option<String> {
    count_error(name, signature, operands.args().len(), operands.count())
}

/// As [`wrong_count`], from the number of written arguments and that of all.
pub(crate) fn count_error(
    name: &str,
    signature: &Signature,
    written: usize,
    all: usize,
) -> Option<String> {
    let want = signature.params.len();
    if signature.variadic.is_some() {
        (all < want)
            .then(|| format!("wrong number of args for {name}: want at least {want} got {written}"))
    } else {
        (all != want).then(|| format!("wrong number of args for {name}: want {want} got {all}"))
    }
}
