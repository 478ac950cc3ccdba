//! [`Analysis`]: in which styles a scalar can be written without losing its text.

use crate::scanner::break_length;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Analysis {
    pub(super) multiline: bool,
    pub(super) plain_allowed: bool,
    pub(super) single_quoted_allowed: bool,
    pub(super) block_allowed: bool,
}

/// What was seen in a text.
#[derive(Default)]
struct Seen {
    indicators: bool,
    line_breaks: bool,
    special: bool,
    tabs: bool,
    outer_blank: bool,
    trailing_space: bool,
    break_space: bool,
    space_break: bool,
}

/// Bytes that mean nothing wherever they stand.
const SAFE: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 128 {
        let c = b as u8;
        table[b] =
            c.is_ascii_alphanumeric() || matches!(c, b'_' | b'.' | b'/' | b'=' | b'+' | b'$');
        b += 1;
    }
    table
};

impl Analysis {
    /// Looks at a text. `tabs_are_text` tells v3, which lets them stand in block scalars, from v2.
    pub(super) fn of(text: &[u8], tabs_are_text: bool) -> Self {
        if text.is_empty() {
            return Self {
                multiline: false,
                plain_allowed: true,
                single_quoted_allowed: true,
                block_allowed: false,
            };
        }
        let seen = Seen::look(text, tabs_are_text);
        let awkward = seen.space_break || seen.special;
        let quotable = !(seen.break_space || awkward || seen.tabs);
        Self {
            multiline: seen.line_breaks,
            plain_allowed: quotable && !(seen.outer_blank || seen.line_breaks || seen.indicators),
            single_quoted_allowed: quotable,
            block_allowed: !(seen.trailing_space || awkward),
        }
    }
}

impl Seen {
    fn look(text: &[u8], tabs_are_text: bool) -> Self {
        let mut seen = Self {
            indicators: text.starts_with(b"---") || text.starts_with(b"..."),
            ..Self::default()
        };
        let (mut after_space, mut after_break, mut after_blank) = (false, false, true);
        let mut i = 0;
        while let Some(&b) = text.get(i) {
            if SAFE[b as usize] {
                (after_space, after_break, after_blank) = (false, false, false);
                i += 1;
                continue;
            }
            let width = char_width(b);
            let line_break = break_length(text, i) > 0;
            let outer = i == 0 || i + width == text.len();
            seen.indicators |= is_indicator(text, i, after_blank);
            if b == b'\t' && tabs_are_text {
                seen.tabs = true;
            } else if !is_printable(&text[i..]) {
                seen.special = true;
            }
            if b == b' ' {
                seen.outer_blank |= outer;
                seen.trailing_space |= i + width == text.len();
                seen.break_space |= after_break;
            } else if line_break {
                seen.line_breaks = true;
                seen.outer_blank |= outer;
                seen.space_break |= after_space;
            }
            after_space = b == b' ';
            after_break = line_break;
            after_blank = b == b' ' || b == b'\t' || line_break;
            i += width;
        }
        seen
    }
}

/// Whether the character at `i` would mean something in a plain scalar.
fn is_indicator(text: &[u8], i: usize, after_blank: bool) -> bool {
    let before_blank = || matches!(text.get(i + 1), None | Some(b' ' | b'\t'));
    match text[i] {
        b'#' => after_blank,
        b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"'
        | b'%' | b'@' | b'`' => i == 0,
        b'?' | b'-' => i == 0 && before_blank(),
        b':' => before_blank(),
        _ => false,
    }
}

/// Length of the character that begins with a byte.
pub(super) fn char_width(lead: u8) -> usize {
    match lead {
        0x00..=0x7F => 1,
        0x80..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    }
}

/// Whether the first character can be written as it is. Go's emitters write none beyond U+FFFF so.
pub(super) fn is_printable(text: &[u8]) -> bool {
    match *text {
        [0x0A | 0x20..=0x7E, ..] => true,
        [0xC2, second, ..] => second >= 0xA0,
        [0xC3..=0xEC | 0xEE, ..] => true,
        [0xED, second, ..] => second < 0xA0,
        [0xEF, 0xBB, 0xBF, ..] | [0xEF, 0xBF, 0xBE | 0xBF, ..] => false,
        [0xEF, ..] => true,
        _ => false,
    }
}
