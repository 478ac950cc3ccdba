//! Walking values with [`Node`]s, and printing what is found.

use windlass_value::{Heap, UintKind, Value, fmt, json};

use super::{Node, Slice, compare};

/// Prints what the nodes select; nothing if a part of them finds nothing.
pub(super) fn print(heap: &Heap, data: &Value, nodes: &[Node]) -> Vec<u8> {
    let mut walk = Walk {
        heap,
        begin: 0,
        within: 0,
        end: 0,
        ended_at: None,
        steps: 0,
    };
    let mut out = Vec::new();
    if let Ok(groups) = walk.template(std::slice::from_ref(data), nodes, 0) {
        for group in groups {
            if print_group(heap, &group, &mut out).is_err() {
                break;
            }
        }
    }
    out
}

/// The template asks for something that is not there, or that cannot be done.
#[derive(Debug)]
struct NotFound {
    /// Whether there is a value nevertheless, as far as a filter for existence goes: client-go hands
    /// out what it had when it failed, and such filters do not look at the failure.
    exists: bool,
}

impl NotFound {
    const NOTHING: Self = Self { exists: false };
    const SOMETHING: Self = Self { exists: true };
}

type Found = Result<Vec<Value>, NotFound>;

/// How many values one template may touch: nested ranges over large lists multiply.
const MAX_STEPS: usize = 10_000_000;

struct Walk<'h> {
    heap: &'h Heap,
    /// Ranges that have been named and not been started.
    begin: usize,
    /// Ranges that are being run.
    within: usize,
    /// Ends that have been met and not been used.
    end: usize,
    /// Where the last used end stands.
    ended_at: Option<usize>,
    steps: usize,
}

impl Walk<'_> {
    /// Runs a template's nodes from `from` on, up to the end of the range that it is in.
    fn template(
        &mut self,
        current: &[Value],
        nodes: &[Node],
        from: usize,
    ) -> Result<Vec<Vec<Value>>, NotFound> {
        let mut groups = Vec::new();
        let mut i = from;
        while let Some(node) = nodes.get(i) {
            let results = self.node(current, node)?;
            if self.end > 0 && self.end <= self.within {
                self.end -= 1;
                self.ended_at = Some(i);
                break;
            }
            if self.begin > 0 {
                self.begin -= 1;
                self.within += 1;
                if results.is_empty() {
                    // Nothing to range over; the end of the range still has to be found.
                    self.template(&[Value::Nil], nodes, i + 1)?;
                }
                for value in results {
                    groups.extend(self.template(&[value], nodes, i + 1)?);
                }
                self.within -= 1;
                if let Some(end) = self.ended_at.filter(|end| *end > i) {
                    i = end;
                }
            } else {
                groups.push(results);
            }
            i += 1;
        }
        Ok(groups)
    }

    fn list(&mut self, input: &[Value], nodes: &[Node]) -> Found {
        let mut current = input.to_vec();
        for node in nodes {
            current = self.node(&current, node)?;
        }
        Ok(current)
    }

    fn node(&mut self, input: &[Value], node: &Node) -> Found {
        self.steps += 1 + input.len();
        if self.steps > MAX_STEPS {
            return Err(NotFound::NOTHING);
        }
        let constant = |value: Value| Ok(vec![value; input.len()]);
        match node {
            Node::List(nodes) => self.list(input, nodes),
            Node::Text(text) => Ok(vec![Value::str(text.as_str())]),
            Node::Int(n) => constant(Value::int(*n)),
            Node::Float(x) => constant(Value::float(*x)),
            Node::Bool(b) => constant(Value::Bool(*b)),
            Node::Identifier(name) => self.identifier(input, name),
            Node::Field(name) => self.field(input, name),
            Node::Array(slice) => array(input, *slice),
            Node::Wildcard => Ok(input.iter().flat_map(|v| self.members(v)).collect()),
            Node::Recursive => {
                let mut found = Vec::new();
                self.descend(input, &mut found)?;
                Ok(found)
            }
            Node::Union(lists) => {
                let mut found = Vec::new();
                for nodes in lists {
                    let more = self.list(input, nodes);
                    found.extend(more.map_err(|_| NotFound::SOMETHING)?);
                }
                Ok(found)
            }
            Node::Filter {
                left,
                right,
                operator,
            } => self.filter(input, left, operator, right),
        }
    }

    fn identifier(&mut self, input: &[Value], name: &str) -> Found {
        match name {
            "range" => {
                self.begin += 1;
                Ok(input.to_vec())
            }
            "end" if self.within > 0 => {
                self.end += 1;
                Ok(Vec::new())
            }
            "end" => Err(NotFound::NOTHING),
            _ => Err(NotFound::SOMETHING),
        }
    }

    fn field(&self, input: &[Value], name: &str) -> Found {
        let found: Vec<Value> = input
            .iter()
            .filter_map(|value| self.heap.get(value.as_map()?, name.as_bytes()).cloned())
            .collect();
        if found.is_empty() && !input.is_empty() {
            return Err(NotFound::NOTHING);
        }
        Ok(found)
    }

    /// What is in a value: of a string its bytes.
    fn members(&self, value: &Value) -> Vec<Value> {
        match value {
            Value::Map(id) => {
                let entries = self.heap.map(*id).entries();
                entries.iter().map(|(_, v)| v.clone()).collect()
            }
            Value::List(list) => list.items.clone(),
            Value::Str(text) | Value::Bytes(text) => text
                .as_bytes()
                .iter()
                .map(|b| Value::Uint(u64::from(*b), UintKind::Uint8))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Every value that has members, itself first.
    fn descend(&mut self, input: &[Value], found: &mut Vec<Value>) -> Result<(), NotFound> {
        // What is still to be visited, the next one last. No recursion: values may be deep.
        let mut rest: Vec<Value> = input.iter().rev().cloned().collect();
        while let Some(value) = rest.pop() {
            let members = self.members(&value);
            self.steps += members.len();
            if self.steps > MAX_STEPS {
                return Err(NotFound::NOTHING);
            }
            if !members.is_empty() {
                found.push(value);
                rest.extend(members.into_iter().rev());
            }
        }
        Ok(())
    }

    fn filter(&mut self, input: &[Value], left: &[Node], operator: &str, right: &[Node]) -> Found {
        let mut found = Vec::new();
        for value in input {
            let items = value.as_list().ok_or(NotFound::SOMETHING)?;
            for item in items {
                let one = std::slice::from_ref(item);
                let lefts = self.list(one, left);
                if operator == "exists" {
                    if lefts.map_or_else(|e| e.exists, |l| !l.is_empty()) {
                        found.push(item.clone());
                    }
                    continue;
                }
                let Some(left) = at_most_one(lefts)? else {
                    continue;
                };
                let Some(right) = at_most_one(self.list(one, right))? else {
                    continue;
                };
                match compare::holds(operator, &left, &right) {
                    Ok(true) => found.push(item.clone()),
                    Ok(false) => {}
                    Err(_) => {
                        let exists = !found.is_empty();
                        return Err(NotFound { exists });
                    }
                }
            }
        }
        Ok(found)
    }
}

/// Only single values can be compared.
fn at_most_one(values: Found) -> Result<Option<Value>, NotFound> {
    let mut values = values.map_err(|_| NotFound::SOMETHING)?;
    if values.len() > 1 {
        return Err(NotFound::SOMETHING);
    }
    Ok(values.pop())
}

fn array(input: &[Value], slice: Slice) -> Found {
    let mut found = Vec::new();
    for value in input.iter().filter(|v| !v.is_nil()) {
        let items = value.as_list().ok_or(NotFound::SOMETHING)?;
        let length = i64::try_from(items.len()).map_err(|_| NotFound::SOMETHING)?;
        let mut start = slice.start.unwrap_or(0);
        let mut end = slice.end.unwrap_or(length);
        if start < 0 {
            start += length;
        }
        if end < 0 || (end == 0 && slice.single) {
            end += length;
        }
        if start == end {
            // An empty slice ends the search, whatever else there is to look at.
            return Ok(found);
        }
        if start < 0 || start >= length || end < 0 || end > length || start > end {
            return Err(NotFound::SOMETHING);
        }
        let step = match slice.step {
            Some(step) if step <= 0 => return Err(NotFound::SOMETHING),
            step => usize::try_from(step.unwrap_or(1)).unwrap_or(usize::MAX),
        };
        let index = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
        let chosen = items.get(index(start)..index(end)).unwrap_or_default();
        found.extend(chosen.iter().step_by(step).cloned());
    }
    Ok(found)
}

/// Prints values with a blank between them: maps and lists as JSON, anything else as Go prints it.
fn print_group(heap: &Heap, values: &[Value], out: &mut Vec<u8>) -> Result<(), NotFound> {
    for (i, value) in values.iter().enumerate() {
        match value {
            Value::Map(_) | Value::List(_) => {
                out.extend(json::marshal(heap, value).map_err(|_| NotFound::SOMETHING)?);
            }
            Value::Nil => out.extend_from_slice(b"null"),
            _ => fmt::append_value(out, heap, value),
        }
        if i + 1 < values.len() {
            out.push(b' ');
        }
    }
    Ok(())
}
