//! Glob patterns of `.Files.Glob`, as the `gobwas/glob` package reads them with `/` as separator.
//!
//! `*` and `?` stop at a separator, `**` does not; `[a-z]`, `[!abc]`, `{a,b}` and `\` are known.
//! Matching runs all alternatives side by side, so no pattern takes more than pattern × name steps.

/// A compiled pattern.
#[derive(Debug)]
pub(crate) struct Glob {
    program: Vec<Op>,
}

#[derive(Debug)]
enum Op {
    Char(char),
    /// One character that is no separator.
    Single,
    Class {
        chars: Class,
        not: bool,
    },
    /// Goes on at either place.
    Split(usize, usize),
    Jump(usize),
    Accept,
}

#[derive(Debug)]
enum Class {
    Range(char, char),
    List(Vec<char>),
}

#[derive(Debug)]
enum Node {
    Op(Op),
    Star { crosses_separators: bool },
    AnyOf(Vec<Vec<Node>>),
}

const SEPARATOR: char = '/';

impl Glob {
    /// Compiles a pattern; `None` where `gobwas/glob` refuses it.
    pub(crate) fn compile(pattern: &str) -> Option<Self> {
        let nodes = Parser {
            rest: pattern.chars().collect(),
            at: 0,
        }
        .pattern()?;
        let mut program = Vec::new();
        emit(&nodes, &mut program);
        program.push(Op::Accept);
        Some(Self { program })
    }

    /// Whether the whole name matches.
    pub(crate) fn matches(&self, name: &str) -> bool {
        let mut now = Threads::new(self.program.len());
        let mut next = Threads::new(self.program.len());
        now.add(&self.program, 0);
        for c in name.chars() {
            for &at in &now.list {
                let goes_on = match &self.program[at] {
                    Op::Char(wanted) => c == *wanted,
                    Op::Single => c != SEPARATOR,
                    Op::Class {
                        chars: Class::Range(lo, hi),
                        not,
                    } => (*lo <= c && c <= *hi) != *not,
                    Op::Class {
                        chars: Class::List(list),
                        not,
                    } => list.contains(&c) != *not,
                    Op::Split(..) | Op::Jump(_) | Op::Accept => false,
                };
                if goes_on {
                    next.add(&self.program, at + 1);
                }
            }
            std::mem::swap(&mut now, &mut next);
            next.clear();
        }
        now.list
            .iter()
            .any(|&at| matches!(self.program[at], Op::Accept))
    }
}

/// The places of the program that are alive, each once.
struct Threads {
    list: Vec<usize>,
    seen: Vec<bool>,
}

impl Threads {
    fn new(len: usize) -> Self {
        Self {
            list: Vec::new(),
            seen: vec![false; len],
        }
    }

    fn clear(&mut self) {
        self.list.clear();
        self.seen.fill(false);
    }

    fn add(&mut self, program: &[Op], at: usize) {
        let mut pending = vec![at];
        while let Some(at) = pending.pop() {
            if std::mem::replace(&mut self.seen[at], true) {
                continue;
            }
            match program[at] {
                Op::Split(a, b) => pending.extend([b, a]),
                Op::Jump(to) => pending.push(to),
                _ => self.list.push(at),
            }
        }
    }
}

fn emit(nodes: &[Node], program: &mut Vec<Op>) {
    for node in nodes {
        match node {
            Node::Op(Op::Char(c)) => program.push(Op::Char(*c)),
            Node::Op(Op::Class { chars, not }) => {
                let chars = match chars {
                    Class::Range(lo, hi) => Class::Range(*lo, *hi),
                    Class::List(list) => Class::List(list.clone()),
                };
                program.push(Op::Class { chars, not: *not });
            }
            Node::Op(_) => program.push(Op::Single),
            Node::Star { crosses_separators } => {
                let start = program.len();
                program.push(Op::Split(start + 1, start + 3));
                program.push(if *crosses_separators {
                    Op::Class {
                        chars: Class::List(Vec::new()),
                        not: true,
                    }
                } else {
                    Op::Single
                });
                program.push(Op::Jump(start));
            }
            Node::AnyOf(alternatives) => emit_any_of(alternatives, program),
        }
    }
}

fn emit_any_of(alternatives: &[Vec<Node>], program: &mut Vec<Op>) {
    let mut ends = Vec::new();
    for (i, alternative) in alternatives.iter().enumerate() {
        let split = program.len();
        let last = i + 1 == alternatives.len();
        if !last {
            program.push(Op::Split(split + 1, 0));
        }
        emit(alternative, program);
        if !last {
            ends.push(program.len());
            program.push(Op::Jump(0));
            let next = program.len();
            program[split] = Op::Split(split + 1, next);
        }
    }
    let end = program.len();
    for at in ends {
        program[at] = Op::Jump(end);
    }
}

struct Parser {
    rest: Vec<char>,
    at: usize,
}

impl Parser {
    /// The whole pattern. Alternatives left open at the end are closed there, as upstream does; an
    /// explicit stack keeps a hostile run of `{` from using ours.
    fn pattern(mut self) -> Option<Vec<Node>> {
        let mut open: Vec<(Vec<Node>, Vec<Vec<Node>>)> = Vec::new();
        let mut current = Vec::new();
        while let Some(c) = self.next() {
            match c {
                '{' => open.push((std::mem::take(&mut current), Vec::new())),
                ',' if !open.is_empty() => {
                    let done = std::mem::take(&mut current);
                    open.last_mut()?.1.push(done);
                }
                '}' if !open.is_empty() => current = close(&mut open, current)?,
                '[' => current.push(self.class()?),
                '?' => current.push(Node::Op(Op::Single)),
                '*' => {
                    let crosses_separators = self.rest.get(self.at) == Some(&'*');
                    self.at += usize::from(crosses_separators);
                    current.push(Node::Star { crosses_separators });
                }
                '\\' => current.extend(self.next().map(|c| Node::Op(Op::Char(c)))),
                c => current.push(Node::Op(Op::Char(c))),
            }
            if open.len() > 1_000 {
                return None;
            }
        }
        while !open.is_empty() {
            current = close(&mut open, current)?;
        }
        Some(current)
    }

    fn next(&mut self) -> Option<char> {
        let c = self.rest.get(self.at).copied();
        self.at += 1;
        c
    }

    /// After `[`: either `lo-hi` or a list of characters, up to `]`.
    fn class(&mut self) -> Option<Node> {
        let mut first = self.next()?;
        let not = first == '!';
        if not {
            first = self.next()?;
        }
        if self.rest.get(self.at) == Some(&'-') {
            self.at += 1;
            let hi = self.next()?;
            let closed = self.next()? == ']';
            return (closed && first <= hi).then_some(Node::Op(Op::Class {
                chars: Class::Range(first, hi),
                not,
            }));
        }
        let mut list = Vec::new();
        let mut c = first;
        while c != ']' {
            list.push(if c == '\\' { self.next()? } else { c });
            c = self.next()?;
        }
        (!list.is_empty()).then_some(Node::Op(Op::Class {
            chars: Class::List(list),
            not,
        }))
    }
}

fn close(open: &mut Vec<(Vec<Node>, Vec<Vec<Node>>)>, last: Vec<Node>) -> Option<Vec<Node>> {
    let (mut before, mut alternatives) = open.pop()?;
    alternatives.push(last);
    before.push(Node::AnyOf(alternatives));
    Some(before)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn check(pattern: &str, name: &str) -> bool {
        Glob::compile(pattern).unwrap().matches(name)
    }

    #[test]
    fn stars_stop_at_separators_unless_doubled() {
        assert!(check("a/*", "a/b"));
        assert!(!check("a/*", "a/b/c"));
        assert!(check("a/**", "a/b/c"));
        assert!(check("**.yaml", "x/y.yaml"));
        assert!(!check("*.yaml", "x/y.yaml"));
        assert!(check("a?c", "abc"));
        assert!(!check("a?c", "a/c"));
    }

    #[test]
    fn classes_and_alternatives() {
        assert!(check("[a-c]x", "bx"));
        assert!(!check("[!a-c]x", "bx"));
        assert!(check("[abc]", "c"));
        assert!(check("{a,b*}/c", "bcd/c"));
        assert!(check("{a,{b,c}}d", "cd"));
        assert!(check("\\*", "*"));
        assert!(!check("\\*", "a"));
        assert!(Glob::compile("[z-a]").is_none());
        assert!(Glob::compile("[").is_none());
    }

    #[test]
    fn a_hostile_pattern_takes_polynomial_time() {
        let pattern = "*a".repeat(200);
        assert!(!check(&pattern, &"a".repeat(150)));
    }
}
