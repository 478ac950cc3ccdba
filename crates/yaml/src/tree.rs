//! [`Document`]: one document as a tree of nodes with their places in the text.
//!
//! This is the level for those who must say where something stands; values are made from it.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::error::{Error, Result};
use crate::event::{Bytes, Event, EventKind, Properties, ScalarStyle};
use crate::mark::Mark;
use crate::parser::Parser;

/// Number of a node in its [`Document`]; the root is 0.
pub type NodeId = u32;

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind<'a> {
    /// Text, a number and so on.
    Scalar {
        /// Its text without quotes and escapes.
        value: Bytes<'a>,
        /// How it was written.
        style: ScalarStyle,
        /// Whether the text decides about the type: plain and untagged, or tagged `!`.
        implicit: bool,
    },
    /// Another name for a node before it (or around it, which no value can have).
    Alias {
        /// The name after `*`.
        name: Bytes<'a>,
        /// What it stands for.
        target: NodeId,
    },
    /// A list; its children are the entries.
    Sequence,
    /// A mapping; its children are keys and values by turns.
    Mapping,
}

/// How many nodes a document may have. A node takes about a hundred bytes, its text as little as
/// two; the largest documents in public charts have some ten thousand.
const MAX_NODES: NodeId = 600_000;

/// How many bytes of text public charts have to a node, at the least.
const BYTES_A_NODE: usize = 24;

/// For how many nodes there is room from the start at most: a megabyte.
const MOST_EXPECTED: usize = 8192;

/// A node of a [`Document`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node<'a> {
    /// What it is.
    pub kind: NodeKind<'a>,
    /// Its full tag, if it has one.
    pub tag: Option<Bytes<'a>>,
    /// Where it begins.
    pub start: Mark,
    /// Where it ends; for a collection, where what ends it was seen.
    pub end: Mark,
    /// The number of the first node that is not inside of this one.
    after: NodeId,
}

/// A document: its nodes in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document<'a> {
    nodes: Vec<Node<'a>>,
}

impl<'a> Document<'a> {
    /// Reads the next document of a stream; none at the end. Room is made for those of so many bytes.
    pub(crate) fn read(parser: &mut Parser<'a>, bytes: usize) -> Result<Option<Self>> {
        let mut builder = Builder {
            // Growing by doubling would copy more than the text itself.
            nodes: Vec::with_capacity((bytes / BYTES_A_NODE).min(MOST_EXPECTED)),
            ..Builder::default()
        };
        loop {
            let event = parser.next_event()?;
            match event.kind {
                EventKind::StreamStart | EventKind::DocumentStart => {}
                EventKind::StreamEnd => return Ok(None),
                EventKind::DocumentEnd => {
                    return Ok(Some(Self {
                        nodes: builder.nodes,
                    }));
                }
                _ => builder.add(event)?,
            }
        }
    }

    /// How many nodes it has.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The root, which every document has.
    #[must_use]
    pub fn root(&self) -> NodeId {
        0
    }

    /// A node by its number.
    ///
    /// # Panics
    /// If the number is of another document and there is no such node in this one.
    #[must_use]
    pub fn node(&self, id: NodeId) -> &Node<'a> {
        &self.nodes[id as usize]
    }

    /// The children of a node; for a mapping, keys and values by turns.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let end = self.node(id).after;
        let first = (id + 1 < end).then_some(id + 1);
        std::iter::successors(first, move |&child| {
            let next = self.node(child).after;
            (next < end).then_some(next)
        })
    }

    /// The number after the last node inside of this one.
    pub(crate) fn after(&self, id: NodeId) -> NodeId {
        self.node(id).after
    }
}

/// Makes a document of events.
#[derive(Default)]
struct Builder<'a> {
    nodes: Vec<Node<'a>>,
    /// Collections that are not complete.
    open: Vec<NodeId>,
    anchors: HashMap<Bytes<'a>, NodeId>,
}

impl<'a> Builder<'a> {
    fn add(&mut self, event: Event<'a>) -> Result<()> {
        let (start, end) = (event.start, event.end);
        match event.kind {
            EventKind::Scalar {
                properties,
                value,
                style,
                implicit,
            } => {
                let kind = NodeKind::Scalar {
                    value,
                    style,
                    implicit,
                };
                self.push(kind, properties, start, end)?;
            }
            EventKind::Alias(name) => {
                let Some(&target) = self.anchors.get(&name) else {
                    let name = String::from_utf8_lossy(&name);
                    let message = format!("unknown anchor '{name}' referenced");
                    return Err(Error::yaml(message).at(start));
                };
                let kind = NodeKind::Alias { name, target };
                self.push(kind, Properties::default(), start, end)?;
            }
            EventKind::SequenceStart(properties) => {
                let id = self.push(NodeKind::Sequence, properties, start, end)?;
                self.open.push(id);
            }
            EventKind::MappingStart(properties) => {
                let id = self.push(NodeKind::Mapping, properties, start, end)?;
                self.open.push(id);
            }
            EventKind::SequenceEnd | EventKind::MappingEnd => {
                let after = self.next_id();
                if let Some(id) = self.open.pop() {
                    let node = &mut self.nodes[id as usize];
                    node.after = after;
                    node.end = end;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn push(
        &mut self,
        kind: NodeKind<'a>,
        properties: Properties<'a>,
        start: Mark,
        end: Mark,
    ) -> Result<NodeId> {
        let id = self.next_id();
        if id >= MAX_NODES {
            let message = format!("document has more than {MAX_NODES} values");
            return Err(Error::yaml(message).at(start));
        }
        if let Some(name) = properties.anchor {
            self.anchors.insert(name, id);
        }
        self.nodes.push(Node {
            kind,
            tag: properties.tag.filter(|t| !t.is_empty()),
            start,
            end,
            after: id + 1,
        });
        Ok(id)
    }

    fn next_id(&self) -> NodeId {
        NodeId::try_from(self.nodes.len()).unwrap_or(NodeId::MAX)
    }
}

impl Node<'_> {
    /// The text of a scalar.
    #[must_use]
    pub fn text(&self) -> Option<Cow<'_, str>> {
        match &self.kind {
            NodeKind::Scalar { value, .. } => Some(String::from_utf8_lossy(value)),
            _ => None,
        }
    }
}
