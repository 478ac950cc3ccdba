//! From a template's text to [`Node`]s.

use super::{Node, Slice, SyntaxError};

/// Parses a whole template.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, SyntaxError> {
    parse_within(text, 0)
}

/// Unions, filters and quoted keys hold templates of their own; this is how deep they may.
const MAX_DEPTH: usize = 64;

fn parse_within(text: &str, depth: usize) -> Result<Vec<Node>, SyntaxError> {
    if depth > MAX_DEPTH {
        return failed("expressions are nested too deeply");
    }
    let mut parser = Parser {
        input: text,
        position: 0,
        start: 0,
        depth,
    };
    let mut root = Vec::new();
    while parser.text(&mut root) {
        let mut nodes = Vec::new();
        while parser.action(&mut nodes)? {}
        root.push(Node::List(nodes));
    }
    Ok(root)
}

fn failed<T>(text: impl Into<String>) -> Result<T, SyntaxError> {
    Err(SyntaxError(text.into()))
}

struct Parser<'t> {
    input: &'t str,
    position: usize,
    /// Where the piece being read begins.
    start: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        &self.input[self.position..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.position += c.len_utf8();
        Some(c)
    }

    /// The piece read so far; the next one begins behind it.
    fn take(&mut self) -> &'t str {
        let piece = &self.input[self.start..self.position];
        self.start = self.position;
        piece
    }

    fn skip(&mut self, bytes: usize) {
        self.position += bytes;
        self.start = self.position;
    }

    /// Reads text up to the next brace; false at the end.
    fn text(&mut self, root: &mut Vec<Node>) -> bool {
        let brace = self.rest().find('{');
        self.position = brace.map_or(self.input.len(), |at| self.position + at);
        if self.position > self.start {
            root.push(Node::Text(self.take().to_owned()));
        }
        if brace.is_some() {
            self.skip(1);
        }
        brace.is_some()
    }

    /// Reads one part within braces; false behind the closing one.
    fn action(&mut self, nodes: &mut Vec<Node>) -> Result<bool, SyntaxError> {
        if self.rest().starts_with('}') {
            self.skip(1);
            return Ok(false);
        }
        if self.rest().starts_with("[?(") {
            return self.filter(nodes).map(|()| true);
        }
        if self.rest().starts_with("..") {
            return self.recursive(nodes).map(|()| true);
        }
        match self.next() {
            None | Some('\r' | '\n') => return failed("unclosed action"),
            Some(' ' | '@' | '$') => {
                self.take();
            }
            Some('[') => self.array(nodes)?,
            Some(quote @ ('"' | '\'')) => self.quoted(nodes, quote)?,
            Some('.') => self.field(nodes),
            Some(c) if c == '+' || c == '-' || is_digit(c) => {
                self.position = self.start;
                self.number(nodes)?;
            }
            Some(c) if is_alphanumeric(c) => self.identifier(nodes),
            Some(c) => {
                return failed(format!("unrecognized character in action: {}", describe(c)));
            }
        }
        Ok(true)
    }

    fn identifier(&mut self, nodes: &mut Vec<Node>) {
        while self.peek().is_some_and(|c| !is_terminator(c)) {
            self.next();
        }
        nodes.push(match self.take() {
            "true" => Node::Bool(true),
            "false" => Node::Bool(false),
            name => Node::Identifier(name.to_owned()),
        });
    }

    fn recursive(&mut self, nodes: &mut Vec<Node>) -> Result<(), SyntaxError> {
        if nodes.last() == Some(&Node::Recursive) {
            return failed("invalid multiple recursive descent");
        }
        self.skip("..".len());
        nodes.push(Node::Recursive);
        if self.peek().is_some_and(is_alphanumeric) {
            self.field(nodes);
        }
        Ok(())
    }

    fn number(&mut self, nodes: &mut Vec<Node>) -> Result<(), SyntaxError> {
        if matches!(self.peek(), Some('+' | '-')) {
            self.next();
        }
        while self.peek().is_some_and(|c| c == '.' || is_digit(c)) {
            self.next();
        }
        let text = self.take();
        if let Ok(n) = text.parse::<i64>() {
            nodes.push(Node::Int(n));
            return Ok(());
        }
        match text.parse::<f64>() {
            Ok(x) if x.is_finite() => {
                nodes.push(Node::Float(x));
                Ok(())
            }
            _ => failed(format!("cannot parse number {text}")),
        }
    }

    /// `[…]` other than a filter: indexes, a slice, a quoted key, or several of these.
    fn array(&mut self, nodes: &mut Vec<Node>) -> Result<(), SyntaxError> {
        loop {
            match self.next() {
                None | Some('\n') => return failed("unterminated array"),
                Some(']') => break,
                Some(_) => {}
            }
        }
        let text = self.take();
        let text = match &text[1..text.len() - 1] {
            "*" => ":",
            text => text,
        };
        if text.contains(',') {
            let members = text
                .split(',')
                .map(|member| self.inner(&format!("[{}]", member.trim_matches(' '))));
            nodes.push(Node::Union(members.collect::<Result<_, _>>()?));
            return Ok(());
        }
        if let Some(key) = quoted_key(text) {
            nodes.extend(self.inner(&format!(".{key}"))?);
            return Ok(());
        }
        nodes.push(Node::Array(slice(text)?));
        Ok(())
    }

    /// Parses what would stand within one pair of braces.
    fn inner(&self, text: &str) -> Result<Vec<Node>, SyntaxError> {
        let mut root = parse_within(&format!("{{{text}}}"), self.depth + 1)?;
        match root.swap_remove(0) {
            Node::List(nodes) => Ok(nodes),
            other => Ok(vec![other]),
        }
    }

    fn filter(&mut self, nodes: &mut Vec<Node>) -> Result<(), SyntaxError> {
        self.skip("[?(".len());
        let (mut opened, mut closed) = (None, false);
        loop {
            match self.next() {
                None | Some('\n') => return failed("unterminated filter"),
                Some(quote @ ('"' | '\'')) => match opened {
                    None => opened = Some(quote),
                    Some(open) if open == quote && !self.escaped() => closed = true,
                    Some(_) => {}
                },
                // A parenthesis within quotes is text.
                Some(')') if opened.is_some() == closed => break,
                Some(_) => {}
            }
        }
        if self.next() != Some(']') {
            return failed("unclosed array expect ]");
        }
        let text = self.take();
        let text = &text[..text.len() - ")]".len()];
        nodes.push(match comparison(text) {
            Some((left, operator, right)) => Node::Filter {
                left: self.inner(left)?,
                right: self.inner(right)?,
                operator: operator.to_owned(),
            },
            None => Node::Filter {
                left: self.inner(text)?,
                right: Vec::new(),
                operator: "exists".to_owned(),
            },
        });
        Ok(())
    }

    /// Whether a backslash stands before the character just read.
    fn escaped(&self) -> bool {
        self.position >= 2 && self.input.as_bytes()[self.position - 2] == b'\\'
    }

    fn quoted(&mut self, nodes: &mut Vec<Node>, quote: char) -> Result<(), SyntaxError> {
        loop {
            match self.next() {
                None | Some('\n') => return failed("unterminated quoted string"),
                Some(c) if c == quote && !self.escaped() => break,
                Some(_) => {}
            }
        }
        let literal = self.take();
        match unquote(literal, quote) {
            Some(text) => {
                nodes.push(Node::Text(text));
                Ok(())
            }
            None => failed(format!("unquote string {literal} error invalid syntax")),
        }
    }

    fn field(&mut self, nodes: &mut Vec<Node>) {
        self.take();
        while let Some(c) = self.peek().filter(|c| !is_terminator(*c)) {
            self.next();
            if c == '\\' {
                self.next();
            }
        }
        nodes.push(match self.take() {
            "*" => Node::Wildcard,
            name => Node::Field(name.replace('\\', "")),
        });
    }
}

/// A key in single quotes that holds none.
fn quoted_key(text: &str) -> Option<&str> {
    let key = text.strip_prefix('\'')?.strip_suffix('\'')?;
    (!key.contains('\'')).then_some(key)
}

/// Takes `left OPERATOR right` apart; the operator is any run of `!<>=`.
fn comparison(text: &str) -> Option<(&str, &str, &str)> {
    const SIGNS: [char; 4] = ['!', '<', '>', '='];
    let at = text.find(SIGNS).filter(|at| *at > 0)?;
    let (left, rest) = text.split_at(at);
    let mut end = rest.find(|c| !SIGNS.contains(&c)).unwrap_or(rest.len());
    if end == rest.len() {
        // Something has to be left for the right side.
        end -= 1;
    }
    let (operator, right) = rest.split_at(end);
    (!operator.is_empty() && !right.is_empty()).then_some((left, operator, right))
}

/// `start:end:step`, each a number or nothing.
fn slice(text: &str) -> Result<Slice, SyntaxError> {
    let parts: Vec<&str> = text.split(':').collect();
    let is_index = |part: &&str| {
        let digits = part.strip_prefix('-').unwrap_or(part);
        digits.bytes().all(|b| b.is_ascii_digit())
    };
    if parts.len() > 3 || !parts.iter().all(is_index) {
        return failed(format!("invalid array index {text}"));
    }
    let mut numbers = [None; 3];
    for (number, part) in numbers.iter_mut().zip(&parts) {
        if !part.is_empty() {
            let Ok(n) = part.parse::<i64>() else {
                return failed(format!("array index {part} is not a number"));
            };
            *number = Some(n);
        }
    }
    let single = parts.len() == 1;
    Ok(Slice {
        start: numbers[0],
        end: if single {
            Some(numbers[0].unwrap_or_default().wrapping_add(1))
        } else {
            numbers[1]
        },
        step: numbers[2],
        single,
    })
}

/// Go's `strconv.Unquote`, with single quotes for strings too.
fn unquote(literal: &str, quote: char) -> Option<String> {
    let inner = &literal[1..literal.len() - 1];
    if !inner.contains('\\') {
        return Some(inner.to_owned());
    }
    let mut bytes = Vec::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c == quote {
            return None;
        }
        if c != '\\' {
            push(&mut bytes, c);
            continue;
        }
        match chars.next()? {
            'a' => bytes.push(7),
            'b' => bytes.push(8),
            'f' => bytes.push(12),
            'n' => bytes.push(b'\n'),
            'r' => bytes.push(b'\r'),
            't' => bytes.push(b'\t'),
            'v' => bytes.push(11),
            '\\' => bytes.push(b'\\'),
            'x' => bytes.push(u8::try_from(digits(&mut chars, 2, 16, 0)?).ok()?),
            'u' => push(&mut bytes, char::from_u32(digits(&mut chars, 4, 16, 0)?)?),
            'U' => push(&mut bytes, char::from_u32(digits(&mut chars, 8, 16, 0)?)?),
            c @ '0'..='7' => {
                let first = c.to_digit(8)?;
                bytes.push(u8::try_from(digits(&mut chars, 2, 8, first)?).ok()?);
            }
            c if c == quote => push(&mut bytes, c),
            _ => return None,
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn push(bytes: &mut Vec<u8>, c: char) {
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

fn digits(chars: &mut std::str::Chars<'_>, count: usize, base: u32, first: u32) -> Option<u32> {
    (0..count).try_fold(first, |n, _| {
        n.checked_mul(base)?
            .checked_add(chars.next()?.to_digit(base)?)
    })
}

fn is_terminator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}'
    )
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

fn is_alphanumeric(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Go's `%#U`: `U+007C '|'`.
fn describe(c: char) -> String {
    if c.is_control() {
        format!("U+{:04X}", u32::from(c))
    } else {
        format!("U+{:04X} '{c}'", u32::from(c))
    }
}
