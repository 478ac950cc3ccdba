//! The document while it grows: tables by number, so that a path can lead into any of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use windlass_value::{Heap, List, ListType, MapId, MapType, Value};

/// The number of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TableId(usize);

/// What a key leads to.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Scalar(Value),
    Array(Vec<Node>),
    Table(TableId),
    /// An array of tables; never empty.
    Tables(Vec<TableId>),
}

pub(super) type Table = BTreeMap<Vec<u8>, Node>;

/// All tables of a document, those of inline tables included.
#[derive(Debug)]
pub(super) struct Tree {
    tables: Vec<Table>,
}

impl Tree {
    pub(super) const ROOT: TableId = TableId(0);

    pub(super) fn new() -> Self {
        Self {
            tables: vec![Table::new()],
        }
    }

    pub(super) fn add_table(&mut self) -> TableId {
        self.tables.push(Table::new());
        TableId(self.tables.len() - 1)
    }

    pub(super) fn table(&self, id: TableId) -> &Table {
        &self.tables[id.0]
    }

    pub(super) fn table_mut(&mut self, id: TableId) -> &mut Table {
        &mut self.tables[id.0]
    }

    /// The table a node stands for when a path leads through it: of an array, the last.
    pub(super) fn within(node: &Node) -> Option<TableId> {
        match node {
            Node::Table(id) => Some(*id),
            Node::Tables(ids) => ids.last().copied(),
            _ => None,
        }
    }

    /// The document as values. The depth is bounded by the parser.
    pub(super) fn into_value(self, heap: &mut Heap) -> Value {
        let made = vec![None; self.tables.len()];
        Builder {
            tree: self,
            made,
            heap,
        }
        .table(Self::ROOT)
    }
}

struct Builder<'h> {
    tree: Tree,
    /// The map of each table that has one: should two keys lead to a table, they share it.
    made: Vec<Option<MapId>>,
    heap: &'h mut Heap,
}

impl Builder<'_> {
    fn table(&mut self, id: TableId) -> Value {
        if let Some(map) = self.made[id.0] {
            return Value::Map(map);
        }
        let table = std::mem::take(self.tree.table_mut(id));
        let entries = table
            .into_iter()
            .map(|(key, node)| (key.into(), self.node(node)))
            .collect();
        let map = self.heap.map_from(MapType::Any, entries);
        self.made[id.0] = Some(map);
        Value::Map(map)
    }

    fn node(&mut self, node: Node) -> Value {
        match node {
            Node::Scalar(value) => value,
            Node::Table(id) => self.table(id),
            Node::Array(nodes) => {
                Value::list(nodes.into_iter().map(|node| self.node(node)).collect())
            }
            Node::Tables(ids) => {
                let tables = ids.into_iter().map(|id| self.table(id)).collect();
                Value::List(Arc::new(List::new(ListType::MAPS, tables)))
            }
        }
    }
}
