//! Whether a text is an e-mail address, under the rules of the checker that Helm uses.
//!
//! They follow RFC 5322 from afar: a local part of dotted atoms or in quotes, and a domain that ends
//! in letters. Some corners are odd, and charts' addresses are judged by them all the same.

/// Whether this is an e-mail address.
pub(super) fn is_email(text: &str) -> bool {
    match text.strip_prefix('"') {
        Some(quoted) => is_quoted_address(quoted),
        None => text.split_once('@').is_some_and(|(local, domain)| {
            local
                .split('.')
                .all(|atom| !atom.is_empty() && atom.chars().all(is_atom))
                && is_domain(domain)
        }),
    }
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
#[derive(Clone, Copy, PartialEq, Eq)]
struct Places(u8);

impl Places {
    const CONTENT: u8 = 1;
    /// In blanks that may still be followed by a line break.
    const BLANKS: u8 = 2;
    /// After a carriage return.
    const RETURN: u8 = 4;
    /// At the start of a folded line, where a blank must stand.
    const FOLDED: u8 = 8;
    /// In the blanks of a folded line.
    const INDENT: u8 = 16;
    /// After a parenthesis, which lets nearly anything follow.
    const PARENTHESIS: u8 = 32;
    /// After the closing quote.
    const END: u8 = 64;

    fn has(self, place: u8) -> bool {
        self.0 & place != 0
    }

    fn step(self, c: char) -> Self {
        let mut next = 0;
        let blank = matches!(c, ' ' | '\t');
        if self.has(Self::CONTENT | Self::BLANKS) {
            next |= if blank { Self::BLANKS } else { 0 };
            next |= if c == '\r' { Self::RETURN } else { 0 };
        }
        if self.has(Self::RETURN) && c == '\n' {
            next |= Self::FOLDED;
        }
        if self.has(Self::FOLDED | Self::INDENT) && blank {
            next |= Self::INDENT;
        }
        if self.has(Self::CONTENT | Self::BLANKS | Self::INDENT) {
            next |= if is_quotable(c) { Self::CONTENT } else { 0 };
            next |= if c == '(' { Self::PARENTHESIS } else { 0 };
            next |= if c == '"' { Self::END } else { 0 };
        }
        if self.has(Self::PARENTHESIS) && matches!(c, '\x01'..='\x09' | '\x0b'..='\x7f') {
            next |= Self::CONTENT;
        }
        Self(next)
    }
}

fn is_quotable(c: char) -> bool {
    matches!(
        c,
        '\x01'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '!' | '#'..='[' | ']'..='\x7f'
    ) || is_extended(c)
}

/// The rest of an address after its opening quote.
fn is_quoted_address(text: &str) -> bool {
    let mut places = Places(Places::CONTENT);
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
