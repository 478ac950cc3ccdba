//! Tokens to trees: control structures and definitions. Pipelines are in [`pipeline`].
//!
//! Messages give the line of the token last *read*, which may be one the parser only looked at;
//! so the order in which tokens are read, looked at and put back here is part of the behaviour.
//! Each definition counts its own variables, loops and look-ahead, as Go's trees do.

mod pipeline;

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use windlass_value::Str;
use windlass_value::fmt::quote;

use crate::builtin;
use crate::error::{Error, ErrorKind, Spot};
use crate::function::Functions;
use crate::stack;
use crate::syntax::lexer::{Kind, Lexer, Span, Token};
use crate::syntax::node::{Branch, BranchKind, Children, Node, NodeId, Source};
use crate::syntax::number::Number;
use crate::syntax::quote::{SYNTAX, unquote};
use crate::syntax::rune::is_blank;

/// How deep parentheses may nest in one definition; Go's figure.
const MAX_PARENS: u32 = 10_000;

/// How deep control structures may nest; Go has no limit but its memory.
const MAX_NESTING: u32 = 10_000;

/// A parsed text and the definitions in it, its own body among them.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) source: Source,
    /// Names and root lists, in the order of the definitions.
    pub(crate) trees: Vec<(Str, NodeId)>,
}

/// Parses a text under a name.
///
/// # Errors
/// Go's `template: NAME:LINE: …`.
pub(crate) fn parse(name: &Str, text: &Str, functions: &Functions) -> Result<Parsed, Error> {
    let is_function = |name: &str| functions.get(name).is_some();
    if u32::try_from(text.len()).is_err() {
        let text = format!("template: {}:1: text of 4 GiB or more", name.to_text());
        return Err(Error::layer(ErrorKind::Limit("bytes"), text, None));
    }
    let mut parser = Parser {
        lexer: Lexer::new(text, is_function("break"), is_function("continue")),
        text,
        name,
        functions,
        nodes: Vec::new(),
        children: Vec::new(),
        pending: Vec::new(),
        identifiers: Vec::new(),
        numbers: Vec::new(),
        trees: Trees::default(),
        state: State::new(),
        nesting: 0,
    };
    let root = parser.top_level()?;
    parser.add_tree(name.clone(), root)?;
    Ok(Parsed {
        trees: parser.trees.list,
        source: Source {
            name: name.clone(),
            text: text.clone(),
            nodes: parser.nodes,
            children: parser.children,
            identifiers: parser.identifiers,
            numbers: parser.numbers,
        },
    })
}

/// Whether a tree holds nothing but white space (comments leave no nodes).
pub(crate) fn is_empty(
    nodes: &[(u32, Node)],
    children: &[NodeId],
    text: &[u8],
    root: NodeId,
) -> bool {
    let blank = |node: &NodeId| match nodes[node.0 as usize].1 {
        Node::Text(span) => is_blank(span.of(text)),
        _ => false,
    };
    match nodes[root.0 as usize].1 {
        Node::List(list) => list.of(children).iter().all(blank),
        _ => false,
    }
}

type Result<T, E = Error> = std::result::Result<T, E>;

/// What one definition's parse keeps to itself.
struct State<'t> {
    /// The token last read, and those put back, the next one last.
    tokens: [Token; 3],
    put_back: usize,
    variables: Variables<'t>,
    range_depth: u32,
    parens: u32,
    /// The line on which the action being read starts; 0 outside actions.
    action_line: u32,
}

impl State<'_> {
    fn new() -> Self {
        Self {
            tokens: [Token::NONE; 3],
            put_back: 0,
            variables: Variables::default(),
            range_depth: 0,
            parens: 0,
            action_line: 0,
        }
    }
}

/// The variables in scope beside `$`: a stack, and how often each name is on it. Most definitions
/// have none, and then nothing is allocated.
#[derive(Default)]
struct Variables<'t> {
    stack: Vec<&'t [u8]>,
    count: FxHashMap<&'t [u8], u32>,
}

impl<'t> Variables<'t> {
    fn push(&mut self, name: &'t [u8]) {
        self.stack.push(name);
        *self.count.entry(name).or_default() += 1;
    }

    fn contains(&self, name: &[u8]) -> bool {
        name == b"$" || self.count.get(name).is_some_and(|n| *n > 0)
    }

    fn truncate(&mut self, len: usize) {
        while self.stack.len() > len {
            if let Some(name) = self.stack.pop()
                && let Some(n) = self.count.get_mut(name)
            {
                *n -= 1;
            }
        }
    }
}

#[derive(Default)]
struct Trees {
    list: Vec<(Str, NodeId)>,
    index: FxHashMap<Str, usize>,
}

/// What an action turns out to be: a node, or the end of the list it stands in.
enum Action {
    Node(NodeId),
    End,
    Else,
}

impl Action {
    /// How messages print an end.
    fn text(&self) -> &'static str {
        match self {
            Self::Node(_) => "",
            Self::End => "{{end}}",
            Self::Else => "{{else}}",
        }
    }
}

struct Parser<'t> {
    lexer: Lexer<'t>,
    text: &'t [u8],
    name: &'t Str,
    functions: &'t Functions,
    nodes: Vec<(u32, Node)>,
    children: Vec<NodeId>,
    /// The children of nodes that are still being read, those of the innermost last.
    pending: Vec<NodeId>,
    identifiers: Vec<Span>,
    numbers: Vec<Number>,
    trees: Trees,
    state: State<'t>,
    nesting: u32,
}

// === Tokens ===

impl<'t> Parser<'t> {
    /// The token put back last, or else the next of the text.
    #[inline]
    fn next(&mut self) -> Token {
        let state = &mut self.state;
        if state.put_back == 0 {
            self.read();
            return self.state.tokens[0];
        }
        state.put_back -= 1;
        state.tokens[state.put_back]
    }

    /// Reads a token from the text.
    #[inline(never)]
    fn read(&mut self) {
        self.state.tokens[0] = self.lexer.next_token();
    }

    fn back_up(&mut self) {
        self.state.put_back += 1;
    }

    /// Puts back a token before the one last read.
    fn back_up_2(&mut self, token: Token) {
        self.state.tokens[1] = token;
        self.state.put_back = 2;
    }

    /// Puts back two tokens before the one last read.
    fn back_up_3(&mut self, first: Token, second: Token) {
        self.state.tokens[1] = second;
        self.state.tokens[2] = first;
        self.state.put_back = 3;
    }

    #[inline]
    fn peek(&mut self) -> Token {
        if self.state.put_back == 0 {
            self.read();
            self.state.put_back = 1;
        }
        self.state.tokens[self.state.put_back - 1]
    }

    fn next_non_space(&mut self) -> Token {
        let token = self.peek_non_space();
        self.state.put_back -= 1;
        token
    }

    fn peek_non_space(&mut self) -> Token {
        loop {
            let token = self.peek();
            if token.kind != Kind::Space {
                return token;
            }
            self.state.put_back -= 1;
        }
    }

    fn bytes(&self, span: Span) -> &'t [u8] {
        span.of(self.text)
    }

    /// An error at the line of the token last read.
    fn error(&self, message: impl std::fmt::Display) -> Error {
        let line = self.state.tokens[0].line;
        let text = format!("template: {}:{line}: {message}", self.name.to_text());
        let spot = Spot {
            file: self.name.to_text().into_owned(),
            text: self.text.into(),
            offset: self.state.tokens[0].span.start as usize,
        };
        Error::layer(ErrorKind::Parse(spot), text, None)
    }

    /// The complaint about a token that does not fit.
    fn unexpected(&self, token: Token, context: &str) -> Error {
        if token.kind != Kind::Error {
            return self.error(format_args!(
                "unexpected {} in {context}",
                self.token_text(token)
            ));
        }
        let message = self.lexer.error();
        let started = self.state.action_line;
        if started == 0 || started == token.line {
            return self.error(message);
        }
        let within = if message.ends_with(" action") {
            ""
        } else {
            " in action"
        };
        let name = self.name.to_text();
        self.error(format_args!(
            "{message}{within} started at {name}:{started}"
        ))
    }

    fn token_text(&self, token: Token) -> String {
        let bytes = self.bytes(token.span);
        if token.kind == Kind::Eof {
            return "EOF".to_owned();
        }
        if token.kind.is_keyword() {
            return format!("<{}>", String::from_utf8_lossy(bytes));
        }
        if bytes.len() <= 10 {
            return quote(bytes);
        }
        // Ten runes, not bytes; an invalid byte is a rune.
        let cut = windlass_value::fmt::runes(bytes)
            .nth(10)
            .map_or(bytes.len(), |(i, _)| i);
        format!("{}...", quote(&bytes[..cut]))
    }

    fn expect(&mut self, kinds: &[Kind], context: &str) -> Result<Token> {
        let token = self.next_non_space();
        if kinds.contains(&token.kind) {
            Ok(token)
        } else {
            Err(self.unexpected(token, context))
        }
    }

    fn add(&mut self, position: u32, node: Node) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push((position, node));
        id
    }

    /// Ends a run of children: takes what is pending from a mark on.
    fn children_from(&mut self, mark: usize) -> Children {
        let run = Children {
            start: u32::try_from(self.children.len()).unwrap_or(u32::MAX),
            len: u32::try_from(self.pending.len() - mark).unwrap_or(u32::MAX),
        };
        self.children.extend_from_slice(&self.pending[mark..]);
        self.pending.truncate(mark);
        run
    }

    fn is_function(&self, name: &[u8]) -> bool {
        std::str::from_utf8(name)
            .is_ok_and(|name| self.functions.get(name).is_some() || builtin::is_builtin(name))
    }
}

// === Definitions and control structures ===

impl Parser<'_> {
    /// The whole text: text, actions and definitions.
    fn top_level(&mut self) -> Result<NodeId> {
        let position = self.peek().span.start;
        loop {
            let token = self.peek();
            if token.kind == Kind::Eof {
                let list = self.children_from(0);
                return Ok(self.add(position, Node::List(list)));
            }
            if token.kind == Kind::LeftDelim {
                let delimiter = self.next();
                if self.next_non_space().kind == Kind::Define {
                    self.definition()?;
                    continue;
                }
                self.back_up_2(delimiter);
            }
            match self.text_or_action()? {
                Action::Node(node) => self.pending.push(node),
                end => return Err(self.error(format_args!("unexpected {}", end.text()))),
            }
        }
    }

    fn definition(&mut self) -> Result<()> {
        const CONTEXT: &str = "define clause";
        let outer = std::mem::replace(&mut self.state, State::new());
        let token = self.expect(&[Kind::String, Kind::RawString], CONTEXT)?;
        let name = Str::from(&*self.unquoted(token)?);
        self.expect(&[Kind::RightDelim], CONTEXT)?;
        self.named_body(name, CONTEXT)?;
        self.state = outer;
        Ok(())
    }

    /// The body of a definition or block, up to its end.
    fn named_body(&mut self, name: Str, context: &str) -> Result<()> {
        let (root, end) = self.item_list()?;
        if !matches!(end, Action::End) {
            return Err(self.error(format_args!("unexpected {} in {context}", end.text())));
        }
        self.add_tree(name, root)
    }

    /// Adds a definition; one text may define a name twice only if one body is empty.
    fn add_tree(&mut self, name: Str, root: NodeId) -> Result<()> {
        let Some(&index) = self.trees.index.get(&name) else {
            self.trees.index.insert(name.clone(), self.trees.list.len());
            self.trees.list.push((name, root));
            return Ok(());
        };
        let old = self.trees.list[index].1;
        if self.is_empty(old) {
            self.trees.list[index].1 = root;
        } else if !self.is_empty(root) {
            let name = quote(&name);
            return Err(self.error(format_args!(
                "template: multiple definition of template {name}"
            )));
        }
        Ok(())
    }

    fn is_empty(&self, root: NodeId) -> bool {
        is_empty(&self.nodes, &self.children, self.text, root)
    }

    /// Nodes up to an `end` or `else`, which is read and given back.
    fn item_list(&mut self) -> Result<(NodeId, Action)> {
        let position = self.peek_non_space().span.start;
        let mark = self.pending.len();
        while self.peek_non_space().kind != Kind::Eof {
            match self.text_or_action()? {
                Action::Node(node) => self.pending.push(node),
                end => {
                    let list = self.children_from(mark);
                    return Ok((self.add(position, Node::List(list)), end));
                }
            }
        }
        Err(self.error("unexpected EOF"))
    }

    fn text_or_action(&mut self) -> Result<Action> {
        let token = self.next_non_space();
        match token.kind {
            Kind::Text => Ok(Action::Node(
                self.add(token.span.start, Node::Text(token.span)),
            )),
            Kind::LeftDelim => {
                self.state.action_line = token.line;
                let action = stack::with_room(|| self.action())?;
                self.state.action_line = 0;
                Ok(action)
            }
            _ => Err(self.unexpected(token, "input")),
        }
    }

    fn action(&mut self) -> Result<Action> {
        let token = self.next_non_space();
        let node = match token.kind {
            Kind::Block => self.block()?,
            Kind::Break => self.loop_exit(token, Node::Break, "{{break}}")?,
            Kind::Continue => self.loop_exit(token, Node::Continue, "{{continue}}")?,
            Kind::Else => return self.else_clause(),
            Kind::End => {
                self.expect(&[Kind::RightDelim], "end")?;
                return Ok(Action::End);
            }
            Kind::If => self.branch(BranchKind::If)?,
            Kind::Range => self.branch(BranchKind::Range)?,
            Kind::With => self.branch(BranchKind::With)?,
            Kind::Template => self.template()?,
            _ => {
                self.back_up();
                let position = self.peek().span.start;
                let pipe = self.pipeline("command", Kind::RightDelim)?;
                self.add(position, Node::Action(pipe))
            }
        };
        Ok(Action::Node(node))
    }

    fn loop_exit(&mut self, token: Token, node: Node, text: &str) -> Result<NodeId> {
        self.expect(&[Kind::RightDelim], text)?;
        if self.state.range_depth == 0 {
            return Err(self.error(format_args!("{text} outside {{{{range}}}}")));
        }
        Ok(self.add(token.span.start, node))
    }

    /// `else`, or the first half of `else if` and `else with`.
    fn else_clause(&mut self) -> Result<Action> {
        if !matches!(self.peek_non_space().kind, Kind::If | Kind::With) {
            self.expect(&[Kind::RightDelim], "else")?;
        }
        Ok(Action::Else)
    }

    fn branch(&mut self, kind: BranchKind) -> Result<NodeId> {
        let context = kind.keyword();
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(self.error("max nesting depth exceeded"));
        }
        let variables = self.state.variables.stack.len();
        let pipe = self.pipeline(context, Kind::RightDelim)?;
        let is_range = u32::from(kind == BranchKind::Range);
        self.state.range_depth += is_range;
        let (list, end) = self.item_list()?;
        self.state.range_depth -= is_range;
        let else_list = match end {
            Action::Else => Some(self.else_list(kind)?),
            _ => None,
        };
        self.state.variables.truncate(variables);
        self.nesting -= 1;
        let position = self.nodes[pipe.0 as usize].0;
        Ok(self.add(
            position,
            Node::Branch(Branch {
                kind,
                pipe,
                list,
                else_list,
            }),
        ))
    }

    /// What follows an `else`. `else if` (in an `if`) and `else with` (in a `with`) are a branch
    /// alone in the list, and share the `end`.
    fn else_list(&mut self, kind: BranchKind) -> Result<NodeId> {
        let next = self.peek();
        let chained = matches!(
            (kind, next.kind),
            (BranchKind::If, Kind::If) | (BranchKind::With, Kind::With)
        );
        if chained {
            self.next();
            let branch = stack::with_room(|| self.branch(kind))?;
            let mark = self.pending.len();
            self.pending.push(branch);
            let list = self.children_from(mark);
            return Ok(self.add(next.span.start, Node::List(list)));
        }
        let (list, end) = self.item_list()?;
        match end {
            Action::End => Ok(list),
            other => Err(self.error(format_args!("expected end; found {}", other.text()))),
        }
    }

    fn block(&mut self) -> Result<NodeId> {
        const CONTEXT: &str = "block clause";
        let token = self.next_non_space();
        let name = self.template_name(token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, Kind::RightDelim)?;
        self.nesting += 1;
        if self.nesting > MAX_NESTING {
            return Err(self.error("max nesting depth exceeded"));
        }
        let outer = std::mem::replace(&mut self.state, State::new());
        let (root, end) = self.item_list()?;
        let inner = std::mem::replace(&mut self.state, outer);
        if !matches!(end, Action::End) {
            return Err(self.error(format_args!("unexpected {} in {CONTEXT}", end.text())));
        }
        let outer = std::mem::replace(&mut self.state, inner);
        self.add_tree(name, root)?;
        self.state = outer;
        self.nesting -= 1;
        let (name, pipe) = (token.span, Some(pipe));
        Ok(self.add(token.span.start, Node::Template { name, pipe }))
    }

    fn template(&mut self) -> Result<NodeId> {
        const CONTEXT: &str = "template clause";
        let token = self.next_non_space();
        self.template_name(token, CONTEXT)?;
        let name = token.span;
        let mut pipe = None;
        if self.next_non_space().kind != Kind::RightDelim {
            self.back_up();
            pipe = Some(self.pipeline(CONTEXT, Kind::RightDelim)?);
        }
        Ok(self.add(token.span.start, Node::Template { name, pipe }))
    }

    fn template_name(&mut self, token: Token, context: &str) -> Result<Str> {
        match token.kind {
            Kind::String | Kind::RawString => Ok(Str::from(&*self.unquoted(token)?)),
            _ => Err(self.unexpected(token, context)),
        }
    }

    fn unquoted(&self, token: Token) -> Result<Cow<'_, [u8]>> {
        unquote(self.bytes(token.span)).ok_or_else(|| self.error(SYNTAX))
    }
}
