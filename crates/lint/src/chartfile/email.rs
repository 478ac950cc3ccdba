//! Whether a text is an e-mail address, under the rules of the checker that Helm uses.
//!
//! They follow RFC 5322 from afar: a local part of dotted atoms or in quotes, and a domain that ends
//! in letters. Some corners are odd, and charts' addresses are judged by them all the same.

/// Whether this is an e-mail address.
pub(super) fn is_email(text: &str) -> bool {
    let plain = text.split_once('@').is_some_and(|(local, domain)| {
        local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.chars().all(is_atom))
            && is_domain(domain)
    });
    plain || is_quoted_address(text)
}

/// Characters beyond ASCII that may stand wherever letters may.
fn is_extended(c: char) -> bool {
    matches!(c, '\u{a0}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{ffef}')
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || is_extended(c)
}

fn is_alphanumeric(c: char) -> bool {
    is_letter(c) || c.is_ascii_digit()
}

fn is_atom(c: char) -> bool {
    is_alphanumeric(c) || "!#$%&'*+-/=?^_`{|}~".contains(c)
}

/// Labels, a dot, a last label without digits at its ends; perhaps a dot more.
fn is_domain(text: &str) -> bool {
    let text = text.strip_suffix('.').unwrap_or(text);
    let Some((labels, last)) = text.rsplit_once('.') else {
        return false;
    };
    enclosed(labels, is_alphanumeric, |c| {
        is_alphanumeric(c) || "-._~".contains(c)
    }) && enclosed(last, is_letter, |c| is_alphanumeric(c) || "-_~".contains(c))
}

/// Whether a text begins and ends with the one and consists of the other.
fn enclosed(text: &str, ends: fn(char) -> bool, inside: fn(char) -> bool) -> bool {
    let mut chars = text.chars();
    let (first, last) = (text.chars().next(), text.chars().next_back());
    first.is_some_and(ends) && last.is_some_and(ends) && chars.all(inside)
}

// === Local parts in quotes ===

/// Where in a quoted local part one may be; several at a time, so a set.
///
/// The checker repeats the opening quote with each character: `"a"b"` is a local part, `"ab"` is
/// none, and a single quote is enough.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Places(u16);

impl Places {
    /// Before a quote, an opening or the closing one.
    const START: u16 = 1;
    /// After an opening quote.
    const QUOTE: u16 = 1 << 1;
    /// After a parenthesis, which lets nearly anything follow.
    const PARENTHESIS: u16 = 1 << 2;
    /// After the closing quote.
    const END: u16 = 1 << 3;
    /// In blanks before a character; the three places after it follow.
    const INNER: u16 = 1 << 4;
    /// In blanks before the closing quote; likewise.
    const FINAL: u16 = 1 << 8;

    fn has(self, place: u16) -> bool {
        self.0 & place != 0
    }

    fn step(self, c: char) -> Self {
        let mut next = self.blanks(Self::QUOTE, Self::INNER, c);
        next |= self.blanks(Self::START, Self::FINAL, c);
        if self.has(Self::QUOTE | Self::INNER | Self::INNER << FOLDED) {
            next |= if is_quotable(c) { Self::START } else { 0 };
            next |= if c == '(' { Self::PARENTHESIS } else { 0 };
        }
        if self.has(Self::PARENTHESIS) && matches!(c, '\x01'..='\x09' | '\x0b'..='\x7f') {
            next |= Self::START;
        }
        if c == '"' {
            next |= if self.has(Self::START) {
                Self::QUOTE
            } else {
                0
            };
            let may_end = Self::START | Self::FINAL | Self::FINAL << FOLDED;
            next |= if self.has(may_end) { Self::END } else { 0 };
        }
        Self(next)
    }

    /// Blanks, among them perhaps one line break that blanks follow.
    fn blanks(self, before: u16, blanks: u16, c: char) -> u16 {
        let is_blank = matches!(c, ' ' | '\t');
        let mut next = 0;
        if self.has(before | blanks) {
            next |= if is_blank { blanks } else { 0 };
            next |= if c == '\r' { blanks << 1 } else { 0 };
        }
        if self.has(blanks << 1) && c == '\n' {
            next |= blanks << 2;
        }
        if self.has(blanks << 2 | blanks << FOLDED) && is_blank {
            next |= blanks << FOLDED;
        }
        next
    }
}

/// How far from blanks the place lies that is in the blanks of a folded line; after a carriage return
/// and after the line break lie between.
const FOLDED: u16 = 3;

fn is_quotable(c: char) -> bool {
    matches!(
        c,
        '\x01'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '!' | '#'..='[' | ']'..='\x7f'
    ) || is_extended(c)
}

fn is_quoted_address(text: &str) -> bool {
    let mut places = Places(Places::START);
    for (at, c) in text.char_indices() {
        if places.has(Places::END) && c == '@' && is_domain(&text[at + 1..]) {
            return true;
        }
        places = places.step(c);
        if places.0 == 0 {
            return false;
        }
    }
    false
}
