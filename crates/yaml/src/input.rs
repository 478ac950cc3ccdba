//! [`Input`]: the bytes of a text, decoded and checked before they are scanned.
//!
//! YAML forbids most control characters, and libyaml's reader rejects them while it fills its
//! buffer, hence up to half a kilobyte before the scanner gets there. A text with a fault is
//! therefore scanned with a [`Window`], which fills up in the same steps; all others, which is to say
//! nearly all, are scanned without.

mod utf16;
mod window;

use std::borrow::Cow;

pub(crate) use window::Window;

use crate::error::{Error, Result};

/// Something that the reader rejects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Where the offending character begins in [`Input::text`].
    pub(crate) offset: usize,
    /// How many bytes of the source must be there before it is looked at.
    pub(crate) width: usize,
    pub(crate) problem: &'static str,
}

/// A text in UTF-8 without its byte order mark.
#[derive(Debug)]
pub(crate) struct Input<'a> {
    pub(crate) text: Cow<'a, [u8]>,
    /// For a text that must be read in libyaml's steps.
    pub(crate) window: Option<Box<Window>>,
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

impl<'a> Input<'a> {
    /// Decodes and checks a text.
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self> {
        if u32::try_from(bytes.len()).is_err() {
            return Err(Error::yaml("document is too large"));
        }
        Ok(match bytes {
            [0xFF, 0xFE, rest @ ..] => Self::utf16(rest, u16::from_le_bytes),
            [0xFE, 0xFF, rest @ ..] => Self::utf16(rest, u16::from_be_bytes),
            [0xEF, 0xBB, 0xBF, rest @ ..] => Self::utf8(rest, BOM.len()),
            _ => Self::utf8(bytes, 0),
        })
    }

    fn utf8(text: &'a [u8], skipped: usize) -> Self {
        let check = check(text);
        let window = check
            .needs_window()
            .then(|| Box::new(Window::utf8(text.len(), skipped, check.fault)));
        Self {
            text: Cow::Borrowed(text),
            window,
        }
    }

    fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Self {
        let (text, broken) = utf16::decode(bytes, unit);
        let mut check = check(text.as_bytes());
        let narrow = check.fault.map(|fault| Fault { width: 2, ..fault });
        check.fault = narrow.or(broken);
        let window = check
            .needs_window()
            .then(|| Box::new(Window::utf16(bytes.len(), check.fault)));
        Self {
            text: Cow::Owned(text.into_bytes()),
            window,
        }
    }
}

/// What a look at the whole text found.
struct Check {
    fault: Option<Fault>,
    /// Whether there is a byte order mark (a second one, if the text began with one).
    bom: bool,
}

impl Check {
    fn needs_window(&self) -> bool {
        self.fault.is_some() || self.bom
    }
}

fn check(text: &[u8]) -> Check {
    let (valid, broken) = match std::str::from_utf8(text) {
        Ok(_) => (text, None),
        Err(e) => {
            let at = e.valid_up_to();
            (&text[..at], Some(encoding_fault(text, at)))
        }
    };
    let mut bom = false;
    let mut i = 0;
    while let Some(skip) = suspect(&valid[i..]) {
        i += skip;
        match valid[i..] {
            [0xC2, 0x85 | 0xA0..=0xBF, ..] => i += 2,
            [0xEF, 0xBB, 0xBF, ..] => {
                bom = true;
                i += 3;
            }
            [0xEF, 0xBF, 0xBE..=0xBF, ..] => {
                return Check {
                    fault: Some(control(i, 3)),
                    bom,
                };
            }
            [0xEF, ..] => i += 3,
            [0xC2, ..] => {
                return Check {
                    fault: Some(control(i, 2)),
                    bom,
                };
            }
            _ => {
                return Check {
                    fault: Some(control(i, 1)),
                    bom,
                };
            }
        }
    }
    Check { fault: broken, bom }
}

/// Where the first suspect byte is. Looks at blocks first, for which the compiler has SIMD.
fn suspect(text: &[u8]) -> Option<usize> {
    const BLOCK: usize = 64;
    let odd = |b: &u8| (*b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r')) | (*b >= 0x7F);
    let harmless = |block: &&[u8]| !block.iter().fold(false, |found, b| found | odd(b));
    let mut rest = text;
    loop {
        let skipped = rest.chunks_exact(BLOCK).take_while(harmless).count() * BLOCK;
        rest = &rest[skipped..];
        let block = &rest[..rest.len().min(BLOCK)];
        let before = text.len() - rest.len();
        if let Some(i) = block.iter().position(|&b| SUSPECT[b as usize]) {
            return Some(before + i);
        }
        rest = &rest[block.len()..];
        if rest.is_empty() {
            return None;
        }
    }
}

fn control(offset: usize, width: usize) -> Fault {
    Fault {
        offset,
        width,
        problem: "control characters are not allowed",
    }
}

/// Bytes that begin (or are) a character that may be forbidden or a byte order mark.
const SUSPECT: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 0x20 {
        table[b] = !matches!(b as u8, b'\t' | b'\n' | b'\r');
        b += 1;
    }
    table[0x7F] = true;
    table[0xC2] = true;
    table[0xEF] = true;
    table
};

/// Says what libyaml dislikes about bytes that are not UTF-8.
fn encoding_fault(text: &[u8], offset: usize) -> Fault {
    let lead = text[offset];
    let width = match lead {
        0x00..=0x7F => 1,
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF7 => 4,
        _ => {
            return Fault {
                offset,
                width: 1,
                problem: "invalid leading UTF-8 octet",
            };
        }
    };
    let problem = match text.get(offset + 1..offset + width) {
        None => "incomplete UTF-8 octet sequence",
        Some(rest) if rest.iter().any(|b| b & 0xC0 != 0x80) => "invalid trailing UTF-8 octet",
        Some(rest) => {
            let first = u32::from(lead) & (0x7F >> width);
            let value = rest.iter().fold(first, |v, b| v << 6 | u32::from(b & 0x3F));
            let least = [0, 0, 0x80, 0x800, 0x1_0000][width];
            if value < least {
                "invalid length of a UTF-8 sequence"
            } else {
                "invalid Unicode character"
            }
        }
    };
    Fault {
        offset,
        width,
        problem,
    }
}
