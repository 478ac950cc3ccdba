//! Tokens as a tree. Macros (`has`, `all`, `map`, …) are told apart here; nesting is bounded.

use crate::Error;
use crate::lex::{Token, tokens};
use crate::value::Value;

/// How deep expressions may nest: far deeper than any rule, and no strain on the stack.
const DEPTH: usize = 100;

#[derive(Clone, Debug)]
pub(crate) enum Expr {
    Literal(Value),
    Name(String),
    /// `of.field`, or `of.?field`.
    Member {
        of: Box<Expr>,
        field: String,
        optional: bool,
    },
    /// `has(of.field)`
    Has {
        of: Box<Expr>,
        field: String,
    },
    /// `of[index]`, or `of[?index]`.
    Item {
        of: Box<Expr>,
        index: Box<Expr>,
        optional: bool,
    },
    Call {
        target: Option<Box<Expr>>,
        name: String,
        arguments: Vec<Expr>,
    },
    List(Vec<Expr>),
    Map(Vec<(Expr, Expr)>),
    Unary(&'static str, Box<Expr>),
    Binary(&'static str, Box<Expr>, Box<Expr>),
    Either(Box<Expr>, Box<Expr>, Box<Expr>),
    Fold(Box<Fold>),
    /// `cel.bind(name, value, body)`
    Bind(String, Box<Expr>, Box<Expr>),
}

/// A macro over the items of a list or the keys of a map.
#[derive(Clone, Debug)]
pub(crate) struct Fold {
    pub(crate) form: Form,
    pub(crate) over: Expr,
    /// One name for the item, or two for its place and itself.
    pub(crate) names: Vec<String>,
    pub(crate) filter: Option<Expr>,
    pub(crate) body: Expr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    All,
    Exists,
    One,
    Map,
    Filter,
}

impl Expr {
    pub(crate) fn mentions(&self, name: &str) -> bool {
        let within = |expr: &Expr| expr.mentions(name);
        match self {
            Self::Literal(_) => false,
            Self::Name(own) => own == name,
            Self::Member { of, .. } | Self::Has { of, .. } => within(of),
            Self::Item { of, index, .. } => within(of) || within(index),
            Self::Call {
                target, arguments, ..
            } => target.as_deref().is_some_and(within) || arguments.iter().any(within),
            Self::List(items) => items.iter().any(within),
            Self::Map(members) => members.iter().any(|(k, v)| within(k) || within(v)),
            Self::Unary(_, of) => within(of),
            Self::Binary(_, one, two) => within(one) || within(two),
            Self::Either(one, two, three) => within(one) || within(two) || within(three),
            Self::Fold(fold) => {
                let bound = fold.names.iter().any(|own| own == name);
                let filter = fold.filter.as_ref().is_some_and(within);
                within(&fold.over) || (!bound && (filter || within(&fold.body)))
            }
            Self::Bind(own, value, body) => within(value) || (own != name && within(body)),
        }
    }
}

pub(crate) fn expression(text: &str) -> Result<Expr, Error> {
    let mut parser = Parser {
        tokens: tokens(text)?,
        at: 0,
        depth: 0,
    };
    let root = parser.ternary()?;
    match parser.tokens.get(parser.at) {
        None => Ok(root),
        Some(token) => Err(unexpected(token)),
    }
}

fn unexpected(token: &Token) -> Error {
    Error::Syntax(format!("unexpected {token:?}"))
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    /// Takes a sign if it is the next token.
    fn sign(&mut self, sign: &str) -> bool {
        let there = matches!(self.peek(), Some(Token::Sign(next)) if *next == sign);
        self.at += usize::from(there);
        there
    }

    fn expect(&mut self, sign: &str) -> Result<(), Error> {
        if self.sign(sign) {
            return Ok(());
        }
        Err(self.peek().map_or_else(
            || Error::Syntax(format!("missing '{sign}' at '<EOF>'")),
            unexpected,
        ))
    }

    fn ternary(&mut self) -> Result<Expr, Error> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(Error::Syntax(
                "expression recursion limit exceeded".to_owned(),
            ));
        }
        let condition = self.binary(0)?;
        let made = if self.sign("?") {
            let yes = self.binary(0)?;
            self.expect(":")?;
            let no = self.ternary()?;
            Expr::Either(Box::new(condition), Box::new(yes), Box::new(no))
        } else {
            condition
        };
        self.depth -= 1;
        Ok(made)
    }

    fn binary(&mut self, level: usize) -> Result<Expr, Error> {
        const LEVELS: [&[&str]; 5] = [
            &["||"],
            &["&&"],
            &["<=", ">=", "<", ">", "==", "!=", "in"],
            &["+", "-"],
            &["*", "/", "%"],
        ];
        let Some(operators) = LEVELS.get(level) else {
            return self.unary();
        };
        let mut left = self.binary(level + 1)?;
        // A chain is as deep a tree as it is long.
        for _ in 0..=DEPTH {
            let Some(operator) = operators.iter().find(|operator| match self.peek() {
                Some(Token::Sign(next)) => next == *operator,
                Some(Token::Name(next)) => next == *operator,
                _ => false,
            }) else {
                return Ok(left);
            };
            self.at += 1;
            let right = self.binary(level + 1)?;
            left = Expr::Binary(operator, Box::new(left), Box::new(right));
        }
        Err(Error::Syntax(
            "expression recursion limit exceeded".to_owned(),
        ))
    }

    fn unary(&mut self) -> Result<Expr, Error> {
        let mut signs = Vec::new();
        while signs.len() <= DEPTH {
            if self.sign("!") {
                signs.push("!");
            } else if self.sign("-") {
                signs.push("-");
            } else {
                break;
            }
        }
        let mut made = match (signs.last(), self.peek()) {
            (Some(&"-"), Some(Token::Least)) => {
                self.at += 1;
                signs.pop();
                Expr::Literal(Value::Int(i64::MIN))
            }
            _ => self.member()?,
        };
        for sign in signs.into_iter().rev() {
            made = Expr::Unary(sign, Box::new(made));
        }
        Ok(made)
    }

    fn member(&mut self) -> Result<Expr, Error> {
        let mut made = self.primary()?;
        for _ in 0..=DEPTH {
            let of = Box::new(made);
            made = if self.sign(".?") {
                let field = self.name()?;
                Expr::Member {
                    of,
                    field,
                    optional: true,
                }
            } else if self.sign(".") {
                let field = self.name()?;
                if self.sign("(") {
                    let arguments = self.list(")")?;
                    called(Some(*of), field, arguments)?
                } else {
                    Expr::Member {
                        of,
                        field,
                        optional: false,
                    }
                }
            } else if self.sign("[?") {
                let index = Box::new(self.ternary()?);
                self.expect("]")?;
                Expr::Item {
                    of,
                    index,
                    optional: true,
                }
            } else if self.sign("[") {
                let index = Box::new(self.ternary()?);
                self.expect("]")?;
                Expr::Item {
                    of,
                    index,
                    optional: false,
                }
            } else {
                return Ok(*of);
            };
        }
        Err(Error::Syntax(
            "expression recursion limit exceeded".to_owned(),
        ))
    }

    fn name(&mut self) -> Result<String, Error> {
        match self.peek() {
            Some(Token::Name(name)) => {
                let name = name.clone();
                self.at += 1;
                Ok(name)
            }
            Some(other) => Err(unexpected(other)),
            None => Err(Error::Syntax("missing IDENTIFIER at '<EOF>'".to_owned())),
        }
    }

    /// Expressions with commas between them, up to a sign.
    fn list(&mut self, end: &str) -> Result<Vec<Expr>, Error> {
        let mut items = Vec::new();
        while !self.sign(end) {
            items.push(self.ternary()?);
            if !self.sign(",") {
                self.expect(end)?;
                break;
            }
        }
        Ok(items)
    }

    fn primary(&mut self) -> Result<Expr, Error> {
        let Some(token) = self.peek().cloned() else {
            return Err(Error::Syntax("mismatched input '<EOF>'".to_owned()));
        };
        self.at += 1;
        let literal = match token {
            Token::Int(int) => Value::Int(int),
            Token::Uint(uint) => Value::Uint(uint),
            Token::Double(double) => Value::Double(double),
            Token::Text(text) => Value::text(&text),
            Token::Bytes(bytes) => Value::Bytes(bytes.into()),
            Token::Sign("(") => {
                let inner = self.ternary()?;
                self.expect(")")?;
                return Ok(inner);
            }
            Token::Sign("[") => return self.list("]").map(Expr::List),
            Token::Sign("{") => return self.map(),
            // A leading dot means the outermost name.
            Token::Sign(".") => return self.name().map(Expr::Name),
            Token::Name(name) => match name.as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                "null" => Value::Null,
                _ if self.sign("(") => {
                    let arguments = self.list(")")?;
                    return called(None, name, arguments);
                }
                _ => return Ok(Expr::Name(name)),
            },
            other => return Err(unexpected(&other)),
        };
        Ok(Expr::Literal(literal))
    }

    fn map(&mut self) -> Result<Expr, Error> {
        let mut members = Vec::new();
        while !self.sign("}") {
            let key = self.ternary()?;
            self.expect(":")?;
            members.push((key, self.ternary()?));
            if !self.sign(",") {
                self.expect("}")?;
                break;
            }
        }
        Ok(Expr::Map(members))
    }
}

/// A call, unless it is a macro.
fn called(target: Option<Expr>, name: String, mut arguments: Vec<Expr>) -> Result<Expr, Error> {
    if target.is_none() && name == "has" {
        return match (arguments.pop(), arguments.is_empty()) {
            (Some(Expr::Member { of, field, .. }), true) => Ok(Expr::Has { of, field }),
            _ => Err(Error::Syntax("invalid argument to has() macro".to_owned())),
        };
    }
    let Some(over) = target else {
        return Ok(Expr::Call {
            target: None,
            name,
            arguments,
        });
    };
    if matches!(&over, Expr::Name(own) if own == "cel") && name == "bind" && arguments.len() == 3 {
        let (body, value) = (arguments.pop(), arguments.pop());
        if let (Some(Expr::Name(own)), Some(value), Some(body)) = (arguments.pop(), value, body) {
            return Ok(Expr::Bind(own, Box::new(value), Box::new(body)));
        }
        return Err(Error::Syntax("invalid argument to bind() macro".to_owned()));
    }
    let (form, most) = match name.as_str() {
        "all" => (Form::All, 1),
        "exists" => (Form::Exists, 1),
        "exists_one" | "existsOne" => (Form::One, 1),
        "map" => (Form::Map, 2),
        "filter" => (Form::Filter, 1),
        _ => {
            let target = Some(Box::new(over));
            return Ok(Expr::Call {
                target,
                name,
                arguments,
            });
        }
    };
    fold(form, most, over, arguments)
}

fn fold(form: Form, most: usize, over: Expr, mut arguments: Vec<Expr>) -> Result<Expr, Error> {
    let wrong = || Error::Syntax("argument must be a simple name".to_owned());
    let body = arguments.pop().ok_or_else(wrong)?;
    let names = arguments.iter().map_while(|argument| match argument {
        Expr::Name(name) => Some(name.clone()),
        _ => None,
    });
    // `map(x, condition, value)`, where the condition may be a name too.
    let bound = if most == 2 { 1 } else { arguments.len().min(2) };
    let names: Vec<String> = names.take(bound).collect();
    if names.is_empty() {
        return Err(wrong());
    }
    let filter = arguments.split_off(names.len()).pop();
    if names.len() + usize::from(filter.is_some()) > 2 || (filter.is_some() && most == 1) {
        return Err(wrong());
    }
    Ok(Expr::Fold(Box::new(Fold {
        form,
        over,
        names,
        filter,
        body,
    })))
}
