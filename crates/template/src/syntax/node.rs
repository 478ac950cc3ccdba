//! The tree of a parsed text: nodes in one arena, addressed by number, and their texts.
//!
//! Go prints a node back as source in the `at <…>` of its messages. [`Source::node_text`] does so;
//! nothing is printed unless there is an error.

use windlass_value::Str;
use windlass_value::fmt::quote;

use crate::stack;
use crate::syntax::lexer::Span;
use crate::syntax::number::Number;
use crate::syntax::quote::unquote;

/// The number of a node in its [`Source`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(pub(crate) u32);

/// A run of identifiers in [`Source::identifiers`]: the `a`, `b` and `c` of `.a.b.c`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Path {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// A run of nodes in [`Source::children`]. One list for all nodes spares each its own allocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Children {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

impl Children {
    /// The nodes of the run.
    pub(crate) fn of(self, children: &[NodeId]) -> &[NodeId] {
        &children[self.start as usize..(self.start + self.len) as usize]
    }
}

/// Which control structure a [`Branch`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BranchKind {
    If,
    Range,
    With,
}

impl BranchKind {
    /// The keyword, which is also what messages call the context.
    pub(crate) fn keyword(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::Range => "range",
            Self::With => "with",
        }
    }
}

/// `if`, `range` or `with`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Branch {
    pub(crate) kind: BranchKind,
    pub(crate) pipe: NodeId,
    pub(crate) list: NodeId,
    pub(crate) else_list: Option<NodeId>,
}

/// Commands joined by `|`, and the variables that take the result.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pipe {
    /// `=` and not `:=`
    pub(crate) assign: bool,
    /// How many of the parts are [`Node::Variable`]s, at most two. The others are
    /// [`Node::Command`]s, at least one.
    pub(crate) declared: u8,
    pub(crate) parts: Children,
}

/// A node. Small, since a chart has some ten thousand of them; what is seldom or large lies
/// elsewhere in the [`Source`].
#[derive(Debug, Clone, Copy)]
pub(crate) enum Node {
    Text(Span),
    Action(NodeId),
    Bool(bool),
    Break,
    Branch(Branch),
    /// A function or a parenthesised pipeline followed by fields.
    Chain {
        node: NodeId,
        fields: Path,
    },
    /// An operand and its arguments.
    Command(Children),
    Continue,
    Dot,
    Field(Path),
    Identifier(Span),
    List(Children),
    Nil,
    /// A number's spelling, and its index in [`Source::numbers`].
    Number(Span, u32),
    Pipe(Pipe),
    /// A string's spelling, quotes included; it is well formed.
    String(Span),
    Template {
        /// The spelling of the name.
        name: Span,
        pipe: Option<NodeId>,
    },
    /// A variable, dollar sign included, and the fields after it.
    Variable(Span, Path),
}

/// One parsed text: what all definitions in it share.
#[derive(Debug)]
pub(crate) struct Source {
    /// The name it was parsed under, which is what messages call the file.
    pub(crate) name: Str,
    pub(crate) text: Str,
    pub(crate) nodes: Vec<(u32, Node)>,
    pub(crate) children: Vec<NodeId>,
    pub(crate) identifiers: Vec<Span>,
    pub(crate) numbers: Vec<Number>,
}

impl Source {
    /// A node.
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize].1
    }

    /// A run of nodes.
    pub(crate) fn children(&self, children: Children) -> &[NodeId] {
        children.of(&self.children)
    }

    /// The variables and the commands of a pipeline.
    pub(crate) fn parts(&self, pipe: &Pipe) -> (&[NodeId], &[NodeId]) {
        self.children(pipe.parts).split_at(pipe.declared.into())
    }

    /// The bytes of a span.
    pub(crate) fn bytes(&self, span: Span) -> &[u8] {
        span.of(&self.text)
    }

    /// What a string literal means.
    pub(crate) fn string(&self, span: Span) -> Str {
        // The parser takes no literal that does not read.
        Str::from(&*unquote(self.bytes(span)).unwrap_or_default())
    }

    /// The identifiers of a path.
    pub(crate) fn path(&self, path: Path) -> &[Span] {
        &self.identifiers[path.start as usize..(path.start + path.len) as usize]
    }

    /// Line from 1 and column in bytes from 0 of a node. On the first line Go's column is the
    /// offset, elsewhere the distance from the line's start.
    pub(crate) fn location(&self, id: NodeId) -> (u32, u32) {
        let position = self.nodes[id.0 as usize].0 as usize;
        let before = &self.text[..position];
        let line = 1 + memchr::memchr_iter(b'\n', before).count();
        let column = memchr::memrchr(b'\n', before).map_or(position, |i| position - i - 1);
        let fit = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        (fit(line), fit(column))
    }

    /// The byte at which a node is, as Go places it.
    pub(crate) fn offset(&self, id: NodeId) -> usize {
        self.nodes[id.0 as usize].0 as usize
    }

    /// The node printed as source.
    pub(crate) fn node_text(&self, id: NodeId) -> String {
        let mut out = Vec::new();
        self.write(&mut out, id);
        String::from_utf8_lossy(&out).into_owned()
    }

    fn write(&self, out: &mut Vec<u8>, id: NodeId) {
        stack::with_room(|| self.write_node(out, id));
    }

    fn write_node(&self, out: &mut Vec<u8>, id: NodeId) {
        match self.node(id) {
            Node::Text(span)
            | Node::Identifier(span)
            | Node::Number(span, _)
            | Node::String(span) => out.extend_from_slice(self.bytes(*span)),
            Node::Action(pipe) => {
                out.extend_from_slice(b"{{");
                self.write(out, *pipe);
                out.extend_from_slice(b"}}");
            }
            Node::Bool(b) => out.extend_from_slice(if *b { b"true" } else { b"false" }),
            Node::Break => out.extend_from_slice(b"{{break}}"),
            Node::Continue => out.extend_from_slice(b"{{continue}}"),
            Node::Branch(branch) => self.write_branch(out, branch),
            Node::Chain { node, fields } => {
                self.write_operand(out, *node);
                self.write_path(out, *fields);
            }
            Node::Command(args) => {
                for (i, arg) in self.children(*args).iter().enumerate() {
                    if i > 0 {
                        out.push(b' ');
                    }
                    self.write_operand(out, *arg);
                }
            }
            Node::Dot => out.push(b'.'),
            Node::Field(path) => self.write_path(out, *path),
            Node::List(nodes) => {
                for node in self.children(*nodes) {
                    self.write(out, *node);
                }
            }
            Node::Nil => out.extend_from_slice(b"nil"),
            Node::Pipe(pipe) => self.write_pipe(out, pipe),
            Node::Template { name, pipe } => {
                out.extend_from_slice(b"{{template ");
                out.extend_from_slice(quote(&self.string(*name)).as_bytes());
                if let Some(pipe) = pipe {
                    out.push(b' ');
                    self.write(out, *pipe);
                }
                out.extend_from_slice(b"}}");
            }
            Node::Variable(name, fields) => {
                out.extend_from_slice(self.bytes(*name));
                self.write_path(out, *fields);
            }
        }
    }

    /// A pipeline among operands stands in parentheses.
    fn write_operand(&self, out: &mut Vec<u8>, id: NodeId) {
        if matches!(self.node(id), Node::Pipe(_)) {
            out.push(b'(');
            self.write(out, id);
            out.push(b')');
        } else {
            self.write(out, id);
        }
    }

    fn write_path(&self, out: &mut Vec<u8>, path: Path) {
        for span in self.path(path) {
            out.push(b'.');
            out.extend_from_slice(self.bytes(*span));
        }
    }

    fn write_pipe(&self, out: &mut Vec<u8>, pipe: &Pipe) {
        let (variables, commands) = self.parts(pipe);
        for (i, variable) in variables.iter().enumerate() {
            if i > 0 {
                out.extend_from_slice(b", ");
            }
            self.write(out, *variable);
        }
        if !variables.is_empty() {
            out.extend_from_slice(if pipe.assign { b" = " } else { b" := " });
        }
        for (i, command) in commands.iter().enumerate() {
            if i > 0 {
                out.extend_from_slice(b" | ");
            }
            self.write(out, *command);
        }
    }

    fn write_branch(&self, out: &mut Vec<u8>, branch: &Branch) {
        out.extend_from_slice(b"{{");
        out.extend_from_slice(branch.kind.keyword().as_bytes());
        out.push(b' ');
        self.write(out, branch.pipe);
        out.extend_from_slice(b"}}");
        self.write(out, branch.list);
        if let Some(list) = branch.else_list {
            out.extend_from_slice(b"{{else}}");
            self.write(out, list);
        }
        out.extend_from_slice(b"{{end}}");
    }
}
