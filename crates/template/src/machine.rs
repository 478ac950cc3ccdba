//! The machine: runs programs over a [`Session`]'s heap.
//!
//! `template` actions do not recurse here: callers wait on a stack of frames. Only functions that
//! execute templates nest this loop, under the session's control. A failing instruction gives a
//! [`Fault`] without place; [`Session::run`] alone adds the place, as the error leaves the loop.

mod call;
mod field;
mod range;

use std::sync::Arc;

use windlass_value::fmt::{append_value, quote};
use windlass_value::{Str, Value};

use crate::error::{Error, ErrorKind, Frame as Place, Spot};
use crate::literal;
use crate::operand::{Operand, Shape};
use crate::program::{Op, Program, Template};
use crate::session::Session;
use crate::syntax::node::NodeId;

use call::Pending;
use range::Walk;

/// The stacks and counters of a session's executions.
pub(crate) struct Machine {
    pub(crate) out: Vec<u8>,
    /// Bytes charged, heap not counted.
    pub(crate) spent: usize,
    /// What is left of the steps until the clock is looked at, and what is left after those.
    steps: u64,
    reserve: u64,
    operands: Vec<Operand>,
    variables: Vec<Operand>,
    /// Dots to go back to, one for each `with` and `range` being in.
    dots: Vec<Operand>,
    walks: Vec<Walk>,
    frames: Vec<Frame>,
    pending: Vec<Pending>,
    /// Templates found and about to be run.
    found: Vec<Arc<Template>>,
    /// The current node: where Go would place an error.
    node: NodeId,
}

/// Steps between two looks at the clock: less than a millisecond.
const SLICE: u64 = 1 << 16;

impl Machine {
    pub(crate) fn new(steps: u64) -> Self {
        Self {
            out: Vec::new(),
            spent: 0,
            steps: steps.min(SLICE),
            reserve: steps.saturating_sub(SLICE),
            operands: Vec::new(),
            variables: Vec::new(),
            dots: Vec::new(),
            walks: Vec::new(),
            frames: Vec::new(),
            pending: Vec::new(),
            found: Vec::new(),
            node: NodeId(0),
        }
    }

    fn heights(&self) -> Heights {
        Heights {
            operands: self.operands.len(),
            variables: self.variables.len(),
            dots: self.dots.len(),
            walks: self.walks.len(),
            frames: self.frames.len(),
            pending: self.pending.len(),
            found: self.found.len(),
            node: self.node,
        }
    }

    fn reset(&mut self, to: &Heights) {
        self.operands.truncate(to.operands);
        self.variables.truncate(to.variables);
        self.dots.truncate(to.dots);
        self.walks.truncate(to.walks);
        self.frames.truncate(to.frames);
        self.pending.truncate(to.pending);
        self.found.truncate(to.found);
        self.node = to.node;
    }

    /// Counts steps of those that need no look at the clock, if they suffice.
    pub(crate) fn try_steps(&mut self, steps: u64) -> bool {
        let left = self.steps.checked_sub(steps);
        self.steps = left.unwrap_or(self.steps);
        left.is_some()
    }

    /// Counts steps unless they are too many, then none are left; else there is a new slice.
    pub(crate) fn try_reserve(&mut self, steps: u64) -> bool {
        let left = self.steps.saturating_add(self.reserve).checked_sub(steps);
        self.reserve = left.unwrap_or(0);
        self.steps = self.reserve.min(SLICE);
        self.reserve -= self.steps;
        left.is_some()
    }

    /// Counts steps, of which some may be too many; the next instruction notices.
    fn take_steps(&mut self, steps: u64) {
        let beyond = steps.saturating_sub(self.steps);
        self.steps = self.steps.saturating_sub(steps);
        self.reserve = self.reserve.saturating_sub(beyond);
    }

    fn pop(&mut self) -> Operand {
        self.operands.pop().unwrap_or(Operand::INVALID)
    }
}

/// How high the stacks were when an execution began.
struct Heights {
    operands: usize,
    variables: usize,
    dots: usize,
    walks: usize,
    frames: usize,
    pending: usize,
    found: usize,
    node: NodeId,
}

/// A template that waits for another to end.
struct Frame {
    template: Arc<Template>,
    program: Arc<Program>,
    pc: usize,
    base: usize,
    dot: Operand,
    node: NodeId,
}

/// What went wrong, the place left out.
pub(crate) enum Fault {
    /// Go's message.
    Message(String),
    /// A function or method returned an error; the place is this node.
    Call {
        name: String,
        node: NodeId,
        error: Error,
    },
    /// A limit was passed.
    Limit(Error),
}

impl From<String> for Box<Fault> {
    fn from(message: String) -> Self {
        Self::new(Fault::Message(message))
    }
}

impl From<&str> for Box<Fault> {
    fn from(message: &str) -> Self {
        Self::new(Fault::Message(message.to_owned()))
    }
}

pub(crate) type Result<T, E = Box<Fault>> = std::result::Result<T, E>;

/// The template being run: its program counter, its variables' base, its dot.
struct Running {
    template: Arc<Template>,
    program: Arc<Program>,
    pc: usize,
    base: usize,
    dot: Operand,
}

impl Session<'_> {
    /// Runs a template, writing to the machine's output.
    pub(crate) fn run(&mut self, template: Arc<Template>, data: Operand) -> Result<(), Error> {
        let heights = self.machine.heights();
        let mut running = self.enter(template, data);
        let result = match self.run_loop(&mut running, heights.frames) {
            Ok(()) => Ok(()),
            Err(fault) => Err(self.located(&running.template, *fault)),
        };
        self.machine.reset(&heights);
        result
    }

    fn enter(&mut self, template: Arc<Template>, dot: Operand) -> Running {
        let program = Arc::clone(template.program(self.templates.functions()));
        let variables = &mut self.machine.variables;
        let base = variables.len();
        variables.push(dot.clone());
        variables.resize(base + program.slots as usize, Operand::UNSET);
        Running {
            template,
            program,
            pc: 0,
            base,
            dot,
        }
    }

    fn located(&self, template: &Template, fault: Fault) -> Error {
        let (node, message, inner) = match fault {
            Fault::Message(message) => (self.machine.node, message, None),
            Fault::Limit(error) => (self.machine.node, error.text().to_owned(), Some(error)),
            Fault::Call { name, node, error } => {
                // A passed limit ends all; to wrap it at each level would only repeat places.
                let limit = |e: &Error| matches!(e.kind(), ErrorKind::Limit(_));
                if matches!(error.kind(), ErrorKind::Exec(_)) && error.chain().any(limit) {
                    return error;
                }
                (node, format!("error calling {name}: "), Some(error))
            }
        };
        let source = &template.source;
        // A passed limit has no text in Go, so that its place may be told in short.
        let limited = inner.as_ref().is_some_and(|error| error.limit().is_some());
        let (line, column) = source.location(node);
        let place = Place {
            file: source.name.to_text().into_owned(),
            line,
            column: Some(column),
            executing: template.name.to_text().into_owned(),
            context: if limited {
                clipped(source.node_text(node))
            } else {
                source.node_text(node)
            },
            spot: Spot {
                file: source.name.to_text().into_owned(),
                text: source.text.clone(),
                offset: source.offset(node),
            },
        };
        let prefix = format!(
            "template: {}:{line}:{column}: executing {} at <{}>: {message}",
            place.file,
            quote(&template.name),
            place.context,
        );
        match inner {
            Some(error) if message.ends_with(": ") => {
                Error::prefixed(ErrorKind::Exec(place), prefix, error)
            }
            inner => Error::layer(ErrorKind::Exec(place), prefix, inner),
        }
    }

    fn step(&mut self) -> Result<()> {
        match self.machine.steps.checked_sub(1) {
            Some(left) => {
                self.machine.steps = left;
                Ok(())
            }
            None => self
                .slow_work(1)
                .map_err(|error| Box::new(Fault::Limit(error))),
        }
    }

    fn spend(&mut self, bytes: usize) -> Result<()> {
        self.charge(bytes)
            .map_err(|error| Box::new(Fault::Limit(error)))
    }

    fn run_loop(&mut self, running: &mut Running, bottom: usize) -> Result<()> {
        loop {
            self.step()?;
            let op = running.program.ops[running.pc];
            running.pc += 1;
            match op {
                Op::Text(span) => {
                    let bytes = span.of(&running.template.source.text);
                    self.machine.out.extend_from_slice(bytes);
                    self.spend(bytes.len())?;
                }
                Op::Print => self.print()?,
                Op::Jump(target) => running.pc = target as usize,
                Op::JumpIfFalse(target) => {
                    if !self.machine.pop().value.truth(self.heap) {
                        running.pc = target as usize;
                    }
                }
                Op::JumpIfTruth { truth, target } => {
                    let top = self.machine.operands.last();
                    if top.is_some_and(|v| v.value.truth(self.heap)) == truth {
                        running.pc = target as usize;
                    } else {
                        self.machine.pop();
                    }
                }
                Op::With { otherwise } => self.with(running, otherwise),
                Op::RestoreDot { count } => {
                    for _ in 0..count {
                        running.dot = self.machine.dots.pop().unwrap_or(Operand::INVALID);
                    }
                }
                Op::Range { site } => self.range(running, site)?,
                Op::Next { site } => self.next(running, site),
                Op::EndRange => self.end_range(running),
                Op::FindTemplate { site } => self.find_template(running, site, bottom)?,
                Op::RunTemplate => self.run_template(running),
                Op::Return => {
                    if self.machine.frames.len() == bottom {
                        return Ok(());
                    }
                    self.leave(running);
                }
                Op::Fail { message } => return Err(message_of(running, message)),
                Op::FailAt { node, message } => {
                    self.machine.node = node;
                    return Err(message_of(running, message));
                }
                Op::FindMethod { .. }
                | Op::CheckMethodArgument { .. }
                | Op::MethodLiteral { .. }
                | Op::CallMethod { .. }
                | Op::Check { .. }
                | Op::Call { .. }
                | Op::CallBuiltin { .. }
                | Op::CallValue { .. } => self.call_op(running, op)?,
                _ => self.operand_op(running, op)?,
            }
        }
    }

    /// The instructions that only push, drop or move operands.
    fn operand_op(&mut self, running: &Running, op: Op) -> Result<()> {
        let base = running.base;
        match op {
            Op::At { node } => self.machine.node = node,
            Op::Constant { node, index } => {
                self.machine.node = node;
                let value = running.program.constants[index as usize].clone();
                self.machine.operands.push(Operand::plain(value));
            }
            Op::Invalid { node } => {
                self.machine.node = node;
                self.machine.operands.push(Operand::INVALID);
            }
            Op::Dot { node } => {
                self.machine.node = node;
                self.machine.operands.push(running.dot.clone());
            }
            Op::Field { node, path } => {
                self.machine.node = node;
                let found = self.follow(&running.template.source, &running.dot, path, node)?;
                self.machine.operands.push(found);
            }
            Op::VariableField { slot, node, path } => {
                self.machine.node = node;
                let start = self.machine.variables[base + usize::from(slot)].clone();
                let found = self.follow(&running.template.source, &start, path, node)?;
                self.machine.operands.push(found);
            }
            Op::Chain { node, path } => {
                let start = self.machine.pop();
                let found = self.follow(&running.template.source, &start, path, node)?;
                self.machine.operands.push(found);
            }
            Op::Variable { node, slot } => {
                self.machine.node = node;
                let value = self.machine.variables[base + slot as usize].clone();
                self.machine.operands.push(value);
            }
            Op::VariableIfSet { node, site } => {
                self.machine.node = node;
                let slot = self.first_set(running, site)?;
                let value = self.machine.variables[slot].clone();
                self.machine.operands.push(value);
            }
            Op::Unbox => self.shape_top(Shape::Plain),
            Op::BoxNil => self.box_nil(),
            Op::Set { slot } => {
                let value = self.machine.pop().value;
                self.machine.variables[base + slot as usize] = Operand::plain(value);
            }
            Op::Store { slot } => self.store(base + slot as usize),
            Op::StoreIfSet { site } => {
                let slot = self.first_set(running, site)?;
                self.store(slot);
            }
            Op::Unset { slot } => {
                self.machine.variables[base + slot as usize] = Operand::UNSET;
            }
            Op::Drop => {
                self.machine.pop();
            }
            Op::DropBeneath => {
                let top = self.machine.pop();
                self.machine.pop();
                self.machine.operands.push(top);
            }
            _ => {}
        }
        Ok(())
    }

    fn shape_top(&mut self, shape: Shape) {
        if let Some(top) = self.machine.operands.last_mut() {
            top.shape = shape;
        }
    }

    fn box_nil(&mut self) {
        if let Some(top) = self.machine.operands.last_mut()
            && top.value.is_nil()
        {
            top.shape = Shape::Boxed;
        }
    }

    fn store(&mut self, slot: usize) {
        if let Some(top) = self.machine.operands.last() {
            self.machine.variables[slot] = Operand::plain(top.value.clone());
        }
    }

    /// The innermost of a site's variables that has been declared.
    fn first_set(&self, running: &Running, site: u32) -> Result<usize> {
        let slots = &running.program.candidates[site as usize];
        slots
            .iter()
            .map(|slot| running.base + *slot as usize)
            .find(|slot| self.machine.variables[*slot].shape != Shape::Unset)
            .ok_or_else(|| {
                let text = running.template.source.node_text(self.machine.node);
                let name = text.split('.').next().unwrap_or_default();
                format!("undefined variable: {name}").into()
            })
    }

    fn print(&mut self) -> Result<()> {
        let value = self.machine.pop().value;
        if let Value::Str(s) = &value {
            // Asked first: a string is shared, its copies in the output are not.
            self.spend(s.len())?;
            self.machine.out.extend_from_slice(s);
            return Ok(());
        }
        let before = self.machine.out.len();
        match &value {
            Value::Nil => self.machine.out.extend_from_slice(b"<no value>"),
            other => append_value(&mut self.machine.out, self.heap, other),
        }
        self.spend(self.machine.out.len() - before)
    }

    fn with(&mut self, running: &mut Running, otherwise: u32) {
        let value = self.machine.pop().value;
        if value.truth(self.heap) {
            let outer = std::mem::replace(&mut running.dot, Operand::plain(value));
            self.machine.dots.push(outer);
        } else {
            running.pc = otherwise as usize;
        }
    }

    fn find_template(&mut self, running: &Running, site: u32, bottom: usize) -> Result<()> {
        let site = &running.program.templates[site as usize];
        self.machine.node = site.node;
        let Some(template) = self.lookup(&site.name) else {
            return Err(format!("template {} not defined", quote(&site.name)).into());
        };
        let depth = self.machine.frames.len() - bottom;
        let most = self.limits.depth;
        if depth >= most as usize {
            return Err(format!("exceeded maximum template depth ({most})").into());
        }
        self.machine.found.push(template);
        Ok(())
    }

    fn run_template(&mut self, running: &mut Running) {
        let data = Operand::plain(self.machine.pop().value);
        let Some(template) = self.machine.found.pop() else {
            return;
        };
        let callee = self.enter(template, data);
        let caller = std::mem::replace(running, callee);
        self.machine.frames.push(Frame {
            template: caller.template,
            program: caller.program,
            pc: caller.pc,
            base: caller.base,
            dot: caller.dot,
            node: self.machine.node,
        });
    }

    /// Goes back to the template that waits.
    fn leave(&mut self, running: &mut Running) {
        self.machine.variables.truncate(running.base);
        if let Some(frame) = self.machine.frames.pop() {
            self.machine.node = frame.node;
            *running = Running {
                template: frame.template,
                program: frame.program,
                pc: frame.pc,
                base: frame.base,
                dot: frame.dot,
            };
        }
    }
}

fn message_of(running: &Running, message: u32) -> Box<Fault> {
    running.program.messages[message as usize].as_str().into()
}

/// The beginning of a node's text.
fn clipped(mut text: String) -> String {
    const MOST: usize = 200;
    if let Some((cut, _)) = text.char_indices().nth(MOST) {
        text.truncate(cut);
        text.push_str("...");
    }
    text
}

/// The value of a literal for a method's parameter.
fn method_literal(
    running: &Running,
    node: NodeId,
    param: windlass_value::func::Param,
) -> Result<Value> {
    Ok(literal::argument(&running.template.source, node, param)?)
}

/// The bytes of a value that would be new memory if a function made it.
fn size_of_text(value: &Value) -> Option<&Str> {
    match value {
        Value::Str(s) | Value::Bytes(s) => Some(s),
        _ => None,
    }
}
