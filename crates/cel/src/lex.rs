//! An expression's text as tokens.

use crate::Error;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    Int(i64),
    /// One more than the largest number: right behind a minus only.
    Least,
    Uint(u64),
    Double(f64),
    Text(String),
    Bytes(Vec<u8>),
    Name(String),
    /// An operator or a bracket.
    Sign(&'static str),
}

/// Longer ones first.
const SIGNS: [&str; 27] = [
    "&&", "||", "==", "!=", "<=", ">=", ".?", "[?", "<", ">", "+", "-", "*", "/", "%", "!", "?",
    ":", ",", ".", "(", ")", "[", "]", "{", "}", ";",
];

pub(crate) fn tokens(text: &str) -> Result<Vec<Token>, Error> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() {
            rest = &rest[first.len_utf8()..];
        } else if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if let Some((token, after)) = quoted(rest)? {
            found.push(token);
            rest = after;
        } else if first.is_ascii_digit() || starts_fraction(rest, &found) {
            let (token, after) = number(rest)?;
            found.push(token);
            rest = after;
        } else if first.is_ascii_alphabetic() || first == '_' {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
            let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
            found.push(Token::Name(name.to_owned()));
            rest = after;
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            found.push(Token::Sign(sign));
            rest = &rest[sign.len()..];
        } else {
            return Err(Error::Syntax(format!(
                "token recognition error at: '{first}'"
            )));
        }
    }
    Ok(found)
}

/// `.5`, where no member can be meant.
fn starts_fraction(rest: &str, before: &[Token]) -> bool {
    let digit = rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    let behind_value = matches!(
        before.last(),
        Some(Token::Name(_) | Token::Sign(")" | "]" | "}"))
    );
    rest.starts_with('.') && digit && !behind_value
}

fn number(text: &str) -> Result<(Token, &str), Error> {
    let wrong = |text: &str| Error::Syntax(format!("invalid number: {text}"));
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        let end = hex
            .find(|c: char| !c.is_ascii_hexdigit())
            .unwrap_or(hex.len());
        let (digits, after) = hex.split_at(end);
        let value = u64::from_str_radix(digits, 16).map_err(|_| wrong(digits))?;
        return whole(value, after).ok_or_else(|| wrong(digits));
    }
    let bytes = text.as_bytes();
    let digits = |from: usize| {
        bytes[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let mut end = digits(0);
    let mut double = false;
    if bytes.get(end) == Some(&b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
        double = true;
        end += 1 + digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let signed = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits((end + 1 + signed).min(bytes.len()));
        if exponent > 0 {
            double = true;
            end += 1 + signed + exponent;
        }
    }
    let (shown, after) = text.split_at(end);
    if double {
        let value = shown.parse().map_err(|_| wrong(shown))?;
        return Ok((Token::Double(value), after));
    }
    let value = shown.parse().map_err(|_| wrong(shown))?;
    whole(value, after).ok_or_else(|| wrong(shown))
}

fn whole(value: u64, after: &str) -> Option<(Token, &str)> {
    if let Some(after) = after.strip_prefix(['u', 'U']) {
        return Some((Token::Uint(value), after));
    }
    if value == i64::MIN.unsigned_abs() {
        return Some((Token::Least, after));
    }
    Some((Token::Int(i64::try_from(value).ok()?), after))
}

/// A text or bytes, with a prefix or without.
fn quoted(text: &str) -> Result<Option<(Token, &str)>, Error> {
    let prefix = text
        .bytes()
        .take_while(|b| matches!(b, b'r' | b'R' | b'b' | b'B'))
        .count();
    let (marks, body) = text.split_at(prefix.min(2));
    let Some(quote) = ["\"\"\"", "'''", "\"", "'"]
        .into_iter()
        .find(|quote| body.starts_with(quote))
    else {
        return Ok(None);
    };
    let raw = marks.contains(['r', 'R']);
    let body = &body[quote.len()..];
    let mut bytes = Vec::new();
    let mut rest = body;
    loop {
        if let Some(after) = rest.strip_prefix(quote) {
            let token = if marks.contains(['b', 'B']) {
                Token::Bytes(bytes)
            } else {
                let text = String::from_utf8(bytes);
                Token::Text(text.map_err(|_| Error::Syntax("invalid text".to_owned()))?)
            };
            return Ok(Some((token, after)));
        }
        let Some(next) = rest.chars().next() else {
            return Err(Error::Syntax("missing closing quote".to_owned()));
        };
        if next == '\\' && !raw {
            rest = escape(&rest[1..], &mut bytes)?;
        } else {
            bytes.extend_from_slice(&rest.as_bytes()[..next.len_utf8()]);
            rest = &rest[next.len_utf8()..];
        }
    }
}

/// What stands behind a backslash.
fn escape<'a>(text: &'a str, bytes: &mut Vec<u8>) -> Result<&'a str, Error> {
    let wrong = || Error::Syntax("invalid escape".to_owned());
    let mark = text.chars().next().ok_or_else(wrong)?;
    let simple = match mark {
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        'a' => Some('\u{7}'),
        'b' => Some('\u{8}'),
        'f' => Some('\u{c}'),
        'v' => Some('\u{b}'),
        '\\' | '"' | '\'' | '`' | '?' => Some(mark),
        _ => None,
    };
    if let Some(simple) = simple {
        bytes.extend_from_slice(simple.encode_utf8(&mut [0; 4]).as_bytes());
        return Ok(&text[mark.len_utf8()..]);
    }
    let (skip, length, radix) = match mark {
        'x' | 'X' => (1, 2, 16),
        'u' => (1, 4, 16),
        'U' => (1, 8, 16),
        '0'..='3' => (0, 3, 8),
        _ => return Err(wrong()),
    };
    let digits = text.get(skip..skip + length).ok_or_else(wrong)?;
    let code = u32::from_str_radix(digits, radix).map_err(|_| wrong())?;
    let code = char::from_u32(code).ok_or_else(wrong)?;
    bytes.extend_from_slice(code.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(&text[skip + length..])
}
