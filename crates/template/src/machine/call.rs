//! Calls: arguments checked against what is declared, functions and methods run.

use std::sync::Arc;

use smallvec::SmallVec;
use windlass_value::func::{Method, Param};
use windlass_value::{Elem, Heap, IntKind, List, ListType, MapType, Str, UintKind, Value};

use crate::compiler::{cannot_be_nil, count_error};
use crate::error::Error;
use crate::machine::field::Found;
use crate::machine::{Fault, Result, Running, method_literal, size_of_text};
use crate::operand::Operand;
use crate::program::{CallSite, Callee, MethodSite, Op, Start};
use crate::session::Session;
use crate::syntax::node::NodeId;

/// What a function's call counts beside its own instruction, being that much slower.
const CALL_STEPS: u64 = 15;

/// A method found, waiting for its arguments.
pub(super) struct Pending {
    method: &'static Method,
    receiver: Value,
}

/// Arguments of a call; most calls have few.
type Arguments = SmallVec<[Value; 6]>;

/// Go's complaint about a wrong number of a method's arguments, or about its results.
pub(super) fn check_count(method: &Method, written: usize, all: usize) -> Result<()> {
    match count_error(method.name, &method.signature, written, all) {
        Some(message) => Err(message.into()),
        None => method
            .refusal
            .map_or(Ok(()), |why| Err(why.to_owned().into())),
    }
}

impl Session<'_> {
    pub(super) fn call_op(&mut self, running: &mut Running, op: Op) -> Result<()> {
        match op {
            Op::Check { param } => {
                let param = running.program.params[param as usize];
                self.check_top(param)
            }
            Op::Call { site } => self.call_function(&running.program.calls[site as usize]),
            Op::CallBuiltin { site } => self.call_builtin(&running.program.calls[site as usize]),
            Op::CallValue { site } => self.call_value(&running.program.calls[site as usize]),
            Op::FindMethod { site } => self.find_method(running, site),
            Op::CheckMethodArgument { index } => {
                let param = self.pending_param(index);
                self.check_top(param)
            }
            Op::MethodLiteral { node, index } => {
                self.machine.node = node;
                let param = self.pending_param(index);
                if matches!(
                    running.template.source.node(node),
                    crate::syntax::node::Node::Nil
                ) {
                    return self.push_nil(param);
                }
                let value = method_literal(running, node, param)?;
                self.machine.operands.push(Operand::plain(value));
                Ok(())
            }
            Op::CallMethod { site } => self.call_pending(&running.program.methods[site as usize]),
            _ => Ok(()),
        }
    }

    fn push_nil(&mut self, param: Param) -> Result<()> {
        if let Some(message) = cannot_be_nil(param) {
            return Err(message.into());
        }
        self.machine.operands.push(Operand::INVALID);
        self.check_top(param)
    }

    fn pending_param(&self, index: u32) -> Param {
        let pending = self.machine.pending.last();
        pending
            .and_then(|p| p.method.signature.param(index as usize))
            .unwrap_or(Param::Any)
    }

    fn check_top(&mut self, param: Param) -> Result<()> {
        let mut top = self.machine.pop();
        check(self.heap, &mut top, param)?;
        self.machine.operands.push(top);
        Ok(())
    }

    /// Takes a call's arguments off the stack. The piped one lies beneath the others, comes last
    /// and has yet to be checked, for which its parameter is given.
    fn take_arguments(&mut self, args: u32, piped: bool, last: Option<Param>) -> Result<Arguments> {
        let from = self.machine.operands.len() - args as usize;
        let mut taken: Arguments = self
            .machine
            .operands
            .drain(from..)
            .map(|operand| operand.value)
            .collect();
        if piped {
            let mut operand = Operand::plain(self.machine.pop().value);
            check(self.heap, &mut operand, last.unwrap_or(Param::Any))?;
            taken.push(operand.value);
        }
        Ok(taken)
    }

    fn call_function(&mut self, site: &CallSite) -> Result<()> {
        let Callee::Function(function) = site.callee else {
            return Ok(());
        };
        if site.args == 0 {
            self.machine.node = site.name;
        }
        let last = function.signature.param(site.args as usize);
        let args = self.take_arguments(site.args, site.piped, last)?;
        let size: u64 = args.iter().map(steps_for).sum();
        self.machine.take_steps(CALL_STEPS + size);
        match (function.body)(self, &args) {
            Ok(value) => self.push_result(value, &args),
            Err(error) => Err(calling(function.name, site.node, error)),
        }
    }

    /// Pushes what a call gave, and charges a text that is not one of its arguments.
    fn push_result(&mut self, value: Value, args: &[Value]) -> Result<()> {
        self.machine.take_steps(steps_for(&value));
        if let Some(text) = size_of_text(&value) {
            let given = |arg: &Value| size_of_text(arg).is_some_and(|a| a.same(text));
            if !args.iter().any(given) {
                self.spend(text.len())?;
            }
        } else {
            self.spend(size_of_list(&value))?;
        }
        self.machine.operands.push(Operand::plain(value));
        Ok(())
    }

    /// Calls a builtin that looks at operands; all its parameters take anything.
    fn call_builtin(&mut self, site: &CallSite) -> Result<()> {
        let Callee::Builtin(function) = site.callee else {
            return Ok(());
        };
        if site.args == 0 {
            self.machine.node = site.name;
        }
        let operands = &mut self.machine.operands;
        let from = operands.len() - site.args as usize;
        let mut args: SmallVec<[Operand; 4]> = operands.drain(from..).collect();
        if site.piped {
            args.push(Operand::plain(self.machine.pop().value));
        }
        let size: u64 = args.iter().map(|a| steps_for(&a.value)).sum();
        self.machine.take_steps(size);
        let value = (function.body)(self.heap, &args)
            .map_err(|error| calling(function.name, site.node, error))?;
        self.push_result(value, &[])
    }

    /// `call`, which always fails: no value of ours is a function.
    fn call_value(&mut self, site: &CallSite) -> Result<()> {
        if site.args == 0 {
            self.machine.node = site.name;
        }
        let args = self.take_arguments(site.args, site.piped, None)?;
        let callee = args.first().unwrap_or(&Value::Nil);
        let type_name = callee.type_name(self.heap);
        let text = match (&site.callee, callee) {
            (_, Value::Nil) => "call of nil".to_owned(),
            (Callee::Value(Some(name)), _) => format!("non-function {name} of type {type_name}"),
            (_, Value::Str(s)) => format!("non-function {} of type string", s.to_text()),
            _ => format!("non-function <{type_name} Value> of type {type_name}"),
        };
        Err(calling("call", site.node, Error::message(text)))
    }

    fn find_method(&mut self, running: &mut Running, site: u32) -> Result<()> {
        let (template, program) = (Arc::clone(&running.template), Arc::clone(&running.program));
        let site = &program.methods[site as usize];
        let source = &template.source;
        let start = match site.start {
            Start::Dot => {
                self.machine.node = site.node;
                running.dot.clone()
            }
            Start::Top => self.machine.pop(),
        };
        let mut way = site.path;
        way.len -= 1;
        let receiver = self.follow(source, &start, way, site.node)?;
        let Some(name) = source.path(site.path).last() else {
            return Ok(());
        };
        match self.find(&receiver, source.bytes(*name), true)? {
            Found::Method(method) => {
                let written = site.args as usize;
                check_count(method, written, written + usize::from(site.piped))?;
                self.machine.pending.push(Pending {
                    method,
                    receiver: receiver.value,
                });
            }
            Found::Value(value) => {
                if site.piped {
                    self.machine.pop();
                }
                self.machine.operands.push(value);
                running.pc = site.after as usize;
            }
        }
        Ok(())
    }

    fn call_pending(&mut self, site: &MethodSite) -> Result<()> {
        let Some(Pending { method, receiver }) = self.machine.pending.pop() else {
            return Ok(());
        };
        let last = method.signature.param(site.args as usize);
        let args = self.take_arguments(site.args, site.piped, last)?;
        let result = self.call_method(method, &receiver, &args, site.node)?;
        self.machine.operands.push(result);
        Ok(())
    }

    pub(super) fn call_method(
        &mut self,
        method: &'static Method,
        receiver: &Value,
        args: &[Value],
        node: NodeId,
    ) -> Result<Operand> {
        match (method.body)(self.heap, receiver, args) {
            Ok(Value::Nil) => Ok(Operand::boxed(Value::Nil)),
            Ok(value) => {
                self.machine.take_steps(steps_for(&value));
                let size = size_of_text(&value).map_or(0, |text| text.len());
                self.spend(size)?;
                Ok(Operand::plain(value))
            }
            Err(error) => Err(calling(method.name, node, error.into())),
        }
    }
}

/// What a list takes, if a function made it; one it only found is counted too, which is little.
fn size_of_list(value: &Value) -> usize {
    const LIST: usize = 80;
    match value {
        Value::List(list) => LIST + size_of::<Value>() * list.items.len(),
        _ => 0,
    }
}

/// What a function's work on a value counts: most read their arguments through, and write their
/// results.
fn steps_for(value: &Value) -> u64 {
    const BYTES_A_STEP: usize = 8;
    const STEPS_AN_ELEMENT: usize = 4;
    let steps = match value {
        Value::Str(s) | Value::Bytes(s) => s.len() / BYTES_A_STEP,
        Value::List(list) => list.items.len().saturating_mul(STEPS_AN_ELEMENT),
        _ => 0,
    };
    steps as u64
}

fn calling(name: &str, node: NodeId, error: Error) -> Box<Fault> {
    Box::new(Fault::Call {
        name: name.to_owned(),
        node,
        error,
    })
}

/// Checks an operand as an argument; a nil becomes the typed nil of the parameter.
fn check(heap: &mut Heap, operand: &mut Operand, param: Param) -> Result<()> {
    if matches!(param, Param::Any | Param::Reflect) {
        return Ok(());
    }
    if operand.is_invalid() {
        operand.value = typed_nil(heap, param)
            .ok_or_else(|| format!("invalid value; expected {}", param.name()))?;
        return Ok(());
    }
    if operand.is_nil_interface() || !assignable(heap, &operand.value, param) {
        let got = if operand.value.is_nil() {
            "interface {}"
        } else {
            operand.value.type_name(heap)
        };
        let want = param.name();
        return Err(format!("wrong type for value; expected {want}; got {got}").into());
    }
    Ok(())
}

fn typed_nil(heap: &mut Heap, param: Param) -> Option<Value> {
    Some(match param {
        Param::Any | Param::Reflect => Value::Nil,
        Param::Bytes => Value::Bytes(Str::default()),
        Param::List => Value::List(Arc::new(List::nil(ListType::ANY))),
        Param::Strings => Value::List(Arc::new(List::nil(ListType::STRINGS))),
        Param::Map => Value::Map(heap.new_nil_map(MapType::Any)),
        Param::StringMap => Value::Map(heap.new_nil_map(MapType::Strings)),
        Param::Named(name) if name.starts_with('*') => Value::Nil,
        _ => return None,
    })
}

/// Whether Go would assign the value to a parameter of the type: the same type, or one of the two
/// is unnamed and they are made alike.
fn assignable(heap: &Heap, value: &Value, param: Param) -> bool {
    match (param, value) {
        (Param::Any | Param::Reflect, _)
        | (Param::String, Value::Str(_))
        | (Param::Bool, Value::Bool(_))
        | (Param::Int, Value::Int(_, IntKind::Int))
        | (Param::Int64, Value::Int(_, IntKind::Int64))
        | (Param::Int32, Value::Int(_, IntKind::Int32))
        | (Param::Float64, Value::Float(_, windlass_value::FloatKind::Float64))
        | (Param::Uint8, Value::Uint(_, UintKind::Uint8))
        | (Param::Uint32, Value::Uint(_, UintKind::Uint32))
        | (Param::Bytes, Value::Bytes(_)) => true,
        (Param::List, Value::List(list)) => list.ty.elem == Elem::Any,
        (Param::Strings, Value::List(list)) => list.ty.elem == Elem::String,
        (Param::Map, Value::Map(id)) => heap.map_type(*id).elem() == Elem::Any,
        (Param::StringMap, Value::Map(id)) => heap.map_type(*id).elem() == Elem::String,
        (Param::Named(name) | Param::NamedInt64(name), value) => {
            let own = value.type_name(heap);
            own == name || own.strip_prefix('*') == Some(name)
        }
        _ => false,
    }
}
