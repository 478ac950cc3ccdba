//! Trees to programs: control structures here, expressions in [`expression`], variables in
//! [`scope`].
//!
//! Functions are resolved, constants built and variables numbered here. What Go finds wrong only
//! when it gets there (a wrong number of arguments, a literal of the wrong type) becomes an
//! instruction that fails, so that it is only an error if it is reached.

mod expression;
mod scope;

use std::sync::{Arc, OnceLock};

use windlass_value::Str;
use windlass_value::func::Param;

use crate::function::Functions;
use crate::program::{Op, Program, RangeSite, Target, Template, TemplateSite};
use crate::stack;
use crate::syntax::node::{Branch, BranchKind, Node, NodeId, Source};
use crate::syntax::parser::{Parsed, is_empty};

pub(crate) use expression::{cannot_be_nil, count_error};
use scope::Scope;

/// The definitions of a parsed text, each to be compiled when it first runs: a chart defines far
/// more than it uses.
pub(crate) fn definitions(parsed: Parsed) -> Vec<Arc<Template>> {
    let Parsed { source, trees } = parsed;
    let source = Arc::new(source);
    trees
        .into_iter()
        .map(|(name, root)| {
            Arc::new(Template {
                empty: is_empty(&source.nodes, &source.children, &source.text, root),
                root,
                program: OnceLock::new(),
                source: Arc::clone(&source),
                name,
            })
        })
        .collect()
}

impl Template {
    /// The program, compiled if this is its first use.
    pub(crate) fn program(&self, functions: &Functions) -> &Arc<Program> {
        self.program
            .get_or_init(|| Arc::new(compile(&self.source, functions, self.root)))
    }
}

fn compile(source: &Source, functions: &Functions, root: NodeId) -> Program {
    let mut compiler = Compiler {
        source,
        functions,
        program: Program::default(),
        scope: Scope::new(),
        loops: Vec::new(),
        withs: 0,
        conditional: false,
    };
    compiler.list(root);
    compiler.emit(Op::Return);
    compiler.program.slots = compiler.scope.most();
    compiler.program
}

/// A loop being compiled, or the `else` of one.
struct Loop {
    /// Where `continue` goes; `None` in an `else`, whose `continue` is the outer loop's. Its
    /// `break`, though, leaves only the `range` it belongs to, since Go catches it there.
    next: Option<Target>,
    /// Jumps of `break`, to be aimed at the end.
    breaks: Vec<usize>,
    /// How many `with`s surround the loop.
    withs: u32,
}

struct Compiler<'s> {
    source: &'s Source,
    functions: &'s Functions,
    program: Program,
    scope: Scope<'s>,
    loops: Vec<Loop>,
    withs: u32,
    /// Whether what is being compiled may be jumped over within its scope.
    conditional: bool,
}

/// An index into one of the program's tables.
fn index(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

impl<'s> Compiler<'s> {
    fn emit(&mut self, op: Op) -> usize {
        self.program.ops.push(op);
        self.program.ops.len() - 1
    }

    fn here(&self) -> Target {
        index(self.program.ops.len())
    }

    /// Aims a jump at the next instruction.
    fn land(&mut self, jump: usize) {
        let here = self.here();
        match &mut self.program.ops[jump] {
            Op::Jump(target)
            | Op::JumpIfFalse(target)
            | Op::JumpIfTruth { target, .. }
            | Op::With { otherwise: target } => *target = here,
            _ => {}
        }
    }

    fn message(&mut self, message: String) -> u32 {
        self.program.messages.push(message);
        index(self.program.messages.len() - 1)
    }

    fn fail(&mut self, message: String) {
        let message = self.message(message);
        self.emit(Op::Fail { message });
    }

    fn fail_at(&mut self, node: NodeId, message: String) {
        let message = self.message(message);
        self.emit(Op::FailAt { node, message });
    }

    fn param(&mut self, param: Param) -> u32 {
        let params = &mut self.program.params;
        let known = params.iter().position(|p| *p == param);
        index(known.unwrap_or_else(|| {
            params.push(param);
            params.len() - 1
        }))
    }

    fn list(&mut self, list: NodeId) {
        let source = self.source;
        if let Node::List(nodes) = source.node(list) {
            for node in source.children(*nodes) {
                self.statement(*node);
            }
        }
    }

    fn statement(&mut self, id: NodeId) {
        let source = self.source;
        match source.node(id) {
            Node::Text(span) => {
                self.emit(Op::Text(*span));
            }
            Node::Action(pipe) => self.action(*pipe),
            Node::Branch(branch) => stack::with_room(|| match branch.kind {
                BranchKind::If => self.if_branch(branch),
                BranchKind::With => self.with_branch(branch),
                BranchKind::Range => self.range(branch),
            }),
            Node::Break => self.break_loop(),
            Node::Continue => self.continue_loop(),
            Node::Template { name, pipe } => self.template(id, source.string(*name), *pipe),
            _ => {}
        }
    }

    fn action(&mut self, pipe: NodeId) {
        let declares = self.pipeline(pipe);
        if !declares {
            self.emit(Op::Print);
            return;
        }
        // The usual `$x := …` needs no copy.
        match self.program.ops.last_mut() {
            Some(last @ Op::Store { .. }) => {
                if let Op::Store { slot } = *last {
                    *last = Op::Set { slot };
                }
            }
            _ => {
                self.emit(Op::Drop);
            }
        }
    }

    fn if_branch(&mut self, branch: &Branch) {
        let outer = self.scope.mark();
        self.pipeline(branch.pipe);
        let otherwise = self.emit(Op::JumpIfFalse(0));
        self.scoped_list(branch.list);
        self.else_branch(branch, otherwise);
        self.scope.pop(outer);
    }

    fn with_branch(&mut self, branch: &Branch) {
        let outer = self.scope.mark();
        self.pipeline(branch.pipe);
        let otherwise = self.emit(Op::With { otherwise: 0 });
        self.withs += 1;
        self.scoped_list(branch.list);
        self.withs -= 1;
        self.emit(Op::RestoreDot { count: 1 });
        self.else_branch(branch, otherwise);
        self.scope.pop(outer);
    }

    /// A list whose variables end with it. Go's parser lets an `else` name variables of the list
    /// before it, which then turn out to be undefined.
    fn scoped_list(&mut self, list: NodeId) {
        let mark = self.scope.mark();
        self.list(list);
        self.scope.pop(mark);
    }

    fn else_branch(&mut self, branch: &Branch, otherwise: usize) {
        let Some(list) = branch.else_list else {
            self.land(otherwise);
            return;
        };
        let end = self.emit(Op::Jump(0));
        self.land(otherwise);
        self.scoped_list(list);
        self.land(end);
    }

    fn range(&mut self, branch: &Branch) {
        let outer = self.scope.mark();
        self.pipeline(branch.pipe);
        let variables = self.range_variables(branch.pipe);
        let site = index(self.program.ranges.len());
        self.program.ranges.push(RangeSite {
            variables,
            otherwise: 0,
            end: 0,
        });
        self.emit(Op::Range { site });
        let next = self.here();
        self.emit(Op::Next { site });
        let mut breaks = self.loop_part(Some(next), branch.list);
        self.emit(Op::Jump(next));
        self.program.ranges[site as usize].otherwise = self.here();
        if let Some(list) = branch.else_list {
            breaks.extend(self.loop_part(None, list));
        }
        self.program.ranges[site as usize].end = self.here();
        for jump in breaks {
            self.land(jump);
        }
        self.scope.pop(outer);
    }

    /// The body or the `else` of a range; gives the jumps of its `break`s.
    fn loop_part(&mut self, next: Option<Target>, list: NodeId) -> Vec<usize> {
        self.loops.push(Loop {
            next,
            breaks: Vec::new(),
            withs: self.withs,
        });
        self.scoped_list(list);
        self.loops.pop().map(|l| l.breaks).unwrap_or_default()
    }

    fn range_variables(&self, pipe: NodeId) -> Vec<Vec<u32>> {
        let Node::Pipe(pipe) = self.source.node(pipe) else {
            return Vec::new();
        };
        let (variables, _) = self.source.parts(pipe);
        variables
            .iter()
            .map(|variable| self.scope.slots(self.variable_name(*variable)))
            .collect()
    }

    fn variable_name(&self, variable: NodeId) -> &'s [u8] {
        match self.source.node(variable) {
            Node::Variable(name, _) => self.source.bytes(*name),
            _ => b"",
        }
    }

    /// Restores the dots of the `with`s between here and a place inside that many.
    fn leave_withs(&mut self, outside: u32) {
        let count = self.withs - outside;
        if count > 0 {
            self.emit(Op::RestoreDot { count });
        }
    }

    fn break_loop(&mut self) {
        let Some((withs, in_body)) = self.loops.last().map(|l| (l.withs, l.next.is_some())) else {
            return;
        };
        self.leave_withs(withs);
        if in_body {
            self.emit(Op::EndRange);
        }
        let jump = self.emit(Op::Jump(0));
        if let Some(innermost) = self.loops.last_mut() {
            innermost.breaks.push(jump);
        }
    }

    fn continue_loop(&mut self) {
        let running = self.loops.iter().rev();
        if let Some((next, withs)) = running.filter_map(|l| Some((l.next?, l.withs))).next() {
            self.leave_withs(withs);
            self.emit(Op::Jump(next));
        }
    }

    fn template(&mut self, node: NodeId, name: Str, pipe: Option<NodeId>) {
        let site = index(self.program.templates.len());
        self.program.templates.push(TemplateSite { node, name });
        self.emit(Op::FindTemplate { site });
        match pipe {
            Some(pipe) => {
                self.pipeline(pipe);
            }
            None => {
                self.emit(Op::Invalid { node });
            }
        }
        self.emit(Op::RunTemplate);
    }
}
