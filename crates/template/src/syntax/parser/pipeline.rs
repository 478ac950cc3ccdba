//! Pipelines, commands and operands.

use windlass_value::fmt::quote;

use crate::stack;
use crate::syntax::lexer::{Kind, Span, Token};
use crate::syntax::node::{Node, NodeId, Path, Pipe};
use crate::syntax::number::Number;
use crate::syntax::parser::{MAX_PARENS, Parser, Result};

impl Parser<'_> {
    /// Declarations, then commands joined by `|`, up to and including the end token.
    pub(super) fn pipeline(&mut self, context: &str, end: Kind) -> Result<NodeId> {
        let position = self.peek_non_space().span.start;
        let mark = self.pending.len();
        let assign = self.declarations(context)?;
        let declared = self.pending.len() - mark;
        loop {
            let token = self.next_non_space();
            match token.kind {
                kind if kind == end => {
                    self.check_pipeline(mark + declared, context)?;
                    let pipe = Pipe {
                        assign,
                        // The parser has refused more than two.
                        declared: u8::try_from(declared).unwrap_or(u8::MAX),
                        parts: self.children_from(mark),
                    };
                    return Ok(self.add(position, Node::Pipe(pipe)));
                }
                Kind::Bool
                | Kind::CharConstant
                | Kind::Complex
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::Nil
                | Kind::RawString
                | Kind::String
                | Kind::Variable
                | Kind::LeftParen => {
                    self.back_up();
                    let command = self.command()?;
                    self.pending.push(command);
                }
                _ => return Err(self.unexpected(token, context)),
            }
        }
    }

    /// `$x :=`, `$x =`, or in a range `$x, $y :=`. Anything else that starts with a variable is an
    /// operand, for which up to three tokens are put back. The variables are left pending; gives
    /// whether they are assigned rather than declared.
    fn declarations(&mut self, context: &str) -> Result<bool> {
        let mark = self.pending.len();
        loop {
            let variable = self.peek_non_space();
            if variable.kind != Kind::Variable {
                return Ok(false);
            }
            self.next();
            let after = self.peek();
            let next = self.peek_non_space();
            match next.kind {
                Kind::Assign | Kind::Declare => {
                    self.next_non_space();
                    self.declare(variable);
                    return Ok(next.kind == Kind::Assign);
                }
                Kind::Char if self.bytes(next.span) == b"," => {
                    self.next_non_space();
                    self.declare(variable);
                    if context != "range" || self.pending.len() - mark >= 2 {
                        return Err(self.error(format_args!("too many declarations in {context}")));
                    }
                    let follower = self.peek_non_space().kind;
                    if !matches!(
                        follower,
                        Kind::Variable | Kind::RightDelim | Kind::RightParen
                    ) {
                        return Err(self.error("range can only initialize variables"));
                    }
                }
                _ if after.kind == Kind::Space => {
                    self.back_up_3(variable, after);
                    return Ok(false);
                }
                _ => {
                    self.back_up_2(variable);
                    return Ok(false);
                }
            }
        }
    }

    fn declare(&mut self, variable: Token) {
        let name = self.bytes(variable.span);
        let node = self.variable(variable);
        self.pending.push(node);
        self.state.variables.push(name);
    }

    fn variable(&mut self, token: Token) -> NodeId {
        let none = Path { start: 0, len: 0 };
        self.add(token.span.start, Node::Variable(token.span, none))
    }

    /// Only the first command of a pipeline may be a plain value. The commands are those pending
    /// from a mark on.
    fn check_pipeline(&self, mark: usize, context: &str) -> Result<()> {
        let commands = &self.pending[mark..];
        if commands.is_empty() {
            return Err(self.error(format_args!("missing value for {context}")));
        }
        for (i, command) in commands.iter().enumerate().skip(1) {
            let Node::Command(args) = self.nodes[command.0 as usize].1 else {
                continue;
            };
            let Some(first) = args.of(&self.children).first() else {
                continue;
            };
            if matches!(
                self.nodes[first.0 as usize].1,
                Node::Bool(_) | Node::Dot | Node::Nil | Node::Number(..) | Node::String(_)
            ) {
                let stage = i + 1;
                return Err(self.error(format_args!(
                    "non executable command in pipeline stage {stage}"
                )));
            }
        }
        Ok(())
    }

    /// Operands up to a `|`, which is read, or the end of the pipeline, which is not.
    fn command(&mut self) -> Result<NodeId> {
        let position = self.peek_non_space().span.start;
        let mark = self.pending.len();
        loop {
            self.peek_non_space();
            if let Some(operand) = self.operand()? {
                self.pending.push(operand);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => {}
                Kind::RightDelim | Kind::RightParen => {
                    self.back_up();
                    break;
                }
                Kind::Pipe => break,
                _ => return Err(self.unexpected(token, "operand")),
            }
        }
        if self.pending.len() == mark {
            return Err(self.error("empty command"));
        }
        let args = self.children_from(mark);
        Ok(self.add(position, Node::Command(args)))
    }

    /// A term and the fields chained to it.
    fn operand(&mut self) -> Result<Option<NodeId>> {
        let Some(term) = self.term()? else {
            return Ok(None);
        };
        let first = self.peek();
        if first.kind != Kind::Field {
            return Ok(Some(term));
        }
        let start = match self.nodes[term.0 as usize].1 {
            // The field's own identifier is the last one; what follows joins it.
            Node::Field(path) => path.start,
            _ => u32::try_from(self.identifiers.len()).unwrap_or(u32::MAX),
        };
        while self.peek().kind == Kind::Field {
            let span = without_dot(self.next().span);
            self.identifiers.push(span);
        }
        let end = u32::try_from(self.identifiers.len()).unwrap_or(u32::MAX);
        let fields = Path {
            start,
            len: end - start,
        };
        let node = match &self.nodes[term.0 as usize].1 {
            Node::Field(_) => Node::Field(fields),
            Node::Variable(name, _) => Node::Variable(*name, fields),
            Node::Bool(_) | Node::String(_) | Node::Number(..) | Node::Nil | Node::Dot => {
                let text = self.literal_text(term);
                return Err(self.error(format_args!("unexpected . after term {text}")));
            }
            _ => Node::Chain { node: term, fields },
        };
        // Go gives the whole chain the place of its first further field.
        Ok(Some(self.add(first.span.start, node)))
    }

    /// A literal as source, quoted once more.
    fn literal_text(&self, literal: NodeId) -> String {
        match &self.nodes[literal.0 as usize].1 {
            Node::Bool(b) => quote(if *b { b"true" } else { b"false" }),
            Node::String(span) | Node::Number(span, _) => quote(self.bytes(*span)),
            Node::Nil => quote(b"nil"),
            _ => quote(b"."),
        }
    }

    /// A literal, variable, field, function or parenthesised pipeline; `None` if the next token
    /// starts none of these.
    fn term(&mut self) -> Result<Option<NodeId>> {
        let token = self.next_non_space();
        let bytes = self.bytes(token.span);
        let node = match token.kind {
            Kind::Identifier => {
                if !self.is_function(bytes) {
                    let name = quote(bytes);
                    return Err(self.error(format_args!("function {name} not defined")));
                }
                Node::Identifier(token.span)
            }
            Kind::Dot => Node::Dot,
            Kind::Nil => Node::Nil,
            Kind::Variable => {
                if !self.state.variables.contains(bytes) {
                    let name = quote(bytes);
                    return Err(self.error(format_args!("undefined variable {name}")));
                }
                return Ok(Some(self.variable(token)));
            }
            Kind::Field => {
                let start = u32::try_from(self.identifiers.len()).unwrap_or(u32::MAX);
                self.identifiers.push(without_dot(token.span));
                Node::Field(Path { start, len: 1 })
            }
            Kind::Bool => Node::Bool(bytes == b"true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => {
                let number =
                    Number::parse(bytes, token.kind).map_err(|message| self.error(message))?;
                let index = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
                self.numbers.push(number);
                Node::Number(token.span, index)
            }
            Kind::LeftParen => return self.parenthesized().map(Some),
            Kind::String | Kind::RawString => {
                self.unquoted(token)?;
                Node::String(token.span)
            }
            _ => {
                self.back_up();
                return Ok(None);
            }
        };
        Ok(Some(self.add(token.span.start, node)))
    }

    fn parenthesized(&mut self) -> Result<NodeId> {
        if self.state.parens >= MAX_PARENS {
            return Err(self.error("max expression depth exceeded"));
        }
        self.state.parens += 1;
        let pipe = stack::with_room(|| self.pipeline("parenthesized pipeline", Kind::RightParen))?;
        self.state.parens -= 1;
        Ok(pipe)
    }
}

/// A field token without its dot.
fn without_dot(span: Span) -> Span {
    Span {
        start: span.start + 1,
        end: span.end,
    }
}
