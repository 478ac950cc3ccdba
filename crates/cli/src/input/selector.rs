//! Label selectors, as Kubernetes reads them: `a=b,c!=d,e in (f,g),!h`.

use std::collections::BTreeMap;

/// What labels must be like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Selector(Vec<Requirement>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Requirement {
    key: String,
    test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Exists,
    Absent,
    In(Vec<String>),
    NotIn(Vec<String>),
    Greater(i64),
    Less(i64),
}

impl Selector {
    /// Reads a selector.
    ///
    /// # Errors
    /// What is wrong with it, in Kubernetes' words.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser {
            tokens: tokens(text),
            at: 0,
        };
        parser.selector().map(Self)
    }

    /// Whether labels are like that.
    pub(crate) fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        self.0.iter().all(|r| r.test.passes(labels.get(&r.key)))
    }
}

impl Test {
    fn passes(&self, value: Option<&String>) -> bool {
        let number = || value.and_then(|v| v.parse::<i64>().ok());
        match self {
            Self::Exists => value.is_some(),
            Self::Absent => value.is_none(),
            Self::In(wanted) => value.is_some_and(|v| wanted.contains(v)),
            Self::NotIn(refused) => value.is_none_or(|v| !refused.contains(v)),
            Self::Greater(than) => number().is_some_and(|n| n > *than),
            Self::Less(than) => number().is_some_and(|n| n < *than),
        }
    }
}

/// A piece of a selector: its text, and whether it is a name.
#[derive(Debug, Clone)]
struct Token<'a> {
    text: &'a str,
    is_name: bool,
}

const SYMBOLS: [&str; 9] = ["==", "!=", "=", "!", "(", ")", ",", ">", "<"];

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut rest = text.trim_start();
    let mut found = Vec::new();
    while !rest.is_empty() {
        let symbol = SYMBOLS.iter().find(|s| rest.starts_with(**s));
        let length = match symbol {
            Some(symbol) => symbol.len(),
            None => rest
                .find(|c: char| "=!(),><".contains(c) || c.is_ascii_whitespace())
                .unwrap_or(rest.len()),
        };
        found.push(Token {
            text: &rest[..length],
            is_name: symbol.is_none(),
        });
        rest = rest[length..].trim_start();
    }
    found
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
}

const OPERATORS: &str = "in, notin, =, ==, !=, gt, lt";

impl<'a> Parser<'a> {
    /// The next piece: empty at the end.
    fn peek(&self) -> (&'a str, bool) {
        self.tokens
            .get(self.at)
            .map_or(("", false), |t| (t.text, t.is_name))
    }

    fn next(&mut self) -> (&'a str, bool) {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn selector(&mut self) -> Result<Vec<Requirement>, String> {
        let mut all = Vec::new();
        loop {
            match self.peek() {
                ("", _) => return Ok(all),
                (text, false) if text != "!" => {
                    return Err(format!(
                        "found '{text}', expected: !, identifier, or 'end of string'"
                    ));
                }
                _ => {}
            }
            let one = self.requirement();
            all.push(one.map_err(|e| format!("unable to parse requirement: {e}"))?);
            match self.next() {
                ("", _) => return Ok(all),
                (",", _) => {
                    let (text, is_name) = self.peek();
                    if !is_name && text != "!" {
                        return Err(format!("found '{text}', expected: identifier after ','"));
                    }
                }
                (text, _) => {
                    return Err(format!("found '{text}', expected: ',' or 'end of string'"));
                }
            }
        }
    }

    fn requirement(&mut self) -> Result<Requirement, String> {
        let mut first = self.next();
        let is_absent = first.0 == "!" && !first.1;
        if is_absent {
            first = self.next();
        }
        let (key, is_name) = first;
        if !is_name {
            return Err(format!("found '{key}', expected: identifier"));
        }
        let key = key.to_owned();
        if is_absent {
            let test = Test::Absent;
            return Ok(Requirement { key, test });
        }
        if matches!(self.peek(), ("" | ",", false)) {
            let test = Test::Exists;
            return Ok(Requirement { key, test });
        }
        let test = match self.next().0 {
            "=" | "==" => Test::In(vec![self.value()?]),
            "!=" => Test::NotIn(vec![self.value()?]),
            "in" => Test::In(self.values()?),
            "notin" => Test::NotIn(self.values()?),
            ">" => Test::Greater(self.number()?),
            "<" => Test::Less(self.number()?),
            other => return Err(format!("found '{other}', expected: {OPERATORS}")),
        };
        Ok(Requirement { key, test })
    }

    fn value(&mut self) -> Result<String, String> {
        if matches!(self.peek(), ("" | ",", false)) {
            return Ok(String::new());
        }
        match self.next() {
            (text, true) => Ok(text.to_owned()),
            (text, false) => Err(format!("found '{text}', expected: identifier")),
        }
    }

    fn number(&mut self) -> Result<i64, String> {
        let value = self.value()?;
        value.parse().map_err(|_| {
            format!(
                "values[0]: Invalid value: \"{value}\": for 'Gt', 'Lt' operators, the value must be \
                 an integer"
            )
        })
    }

    fn values(&mut self) -> Result<Vec<String>, String> {
        match self.next() {
            ("(", _) => {}
            (text, _) => return Err(format!("found '{text}' expected: '('")),
        }
        let mut all = Vec::new();
        loop {
            match self.next() {
                (text, true) => {
                    all.push(text.to_owned());
                    match self.next() {
                        (",", _) => {}
                        (")", _) => return Ok(all),
                        (text, _) => return Err(format!("found '{text}', expected: ',' or ')'")),
                    }
                }
                (")", _) => {
                    all.push(String::new());
                    return Ok(all);
                }
                (",", _) => all.push(String::new()),
                (text, _) => return Err(format!("found '{text}', expected: ',', or identifier")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn labels() -> BTreeMap<String, String> {
        let all = [("app", "web"), ("tier", "front"), ("n", "5")];
        all.map(|(k, v)| (k.to_owned(), v.to_owned())).into()
    }

    #[test]
    fn labels_are_chosen_as_kubernetes_chooses() {
        for (text, matches) in [
            ("", true),
            ("app", true),
            ("!app", false),
            ("!gone", true),
            ("app=web,tier==front", true),
            ("app != web", false),
            ("gone!=x", true),
            ("app in (web, api)", true),
            ("tier notin (back)", true),
            ("gone in (x)", false),
            ("n>4,n<6", true),
            ("app=", false),
        ] {
            assert_eq!(
                Selector::parse(text).unwrap().matches(&labels()),
                matches,
                "{text}"
            );
        }
    }

    /// Expected texts: `helm list --selector`.
    #[test]
    fn mistakes_are_told_in_kubernetes_words() {
        for (text, message) in [
            ("a=b=c", "found '=', expected: ',' or 'end of string'"),
            (
                "=b",
                "found '=', expected: !, identifier, or 'end of string'",
            ),
            ("a,", "found '', expected: identifier after ','"),
            (
                "a in b",
                "unable to parse requirement: found 'b' expected: '('",
            ),
            (
                "a b",
                "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
            ),
        ] {
            assert_eq!(Selector::parse(text).unwrap_err(), message);
        }
    }
}
