//! Percent encoding: which bytes may stand for themselves depends on the part of the URL.

use crate::error::Reason;

/// A part of a URL, as far as encoding goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Path,
    /// One segment of a path.
    Segment,
    Host,
    /// The zone of an IPv6 address.
    Zone,
    User,
    Fragment,
}

impl Part {
    /// Whether a byte must be encoded in this part.
    fn must_escape(self, byte: u8) -> bool {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => false,
            b'$' | b'&' | b'+' | b'=' => false,
            b',' | b';' => self == Self::Segment,
            b':' => self == Self::User,
            b'/' => !matches!(self, Self::Path | Self::Fragment),
            b'@' => !matches!(self, Self::Path | Self::Segment | Self::Fragment),
            b'?' => self != Self::Fragment,
            b'!' | b'(' | b')' | b'*' => matches!(self, Self::Path | Self::Segment | Self::User),
            b'\'' | b'[' | b']' | b'<' | b'>' | b'"' => !matches!(self, Self::Host | Self::Zone),
            _ => true,
        }
    }
}

/// Encodes what must be.
pub(crate) fn escape(text: &[u8], part: Part) -> Vec<u8> {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        if part.must_escape(*byte) {
            let (high, low) = (usize::from(byte >> 4), usize::from(byte & 15));
            out.extend([b'%', HEX[high], HEX[low]]);
        } else {
            out.push(*byte);
        }
    }
    out
}

/// Whether a path is encoded in some valid way.
pub(crate) fn is_escaped(path: &[u8]) -> bool {
    let sound = |b: &u8| b"!$&'()*+,;=:@[]%".contains(b) || !Part::Path.must_escape(*b);
    path.iter().all(sound)
}

/// Decodes; an error for what is no encoding, or one that the part does not allow.
pub(crate) fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, Reason> {
    let in_host = matches!(part, Part::Host | Part::Zone);
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        if *byte == b'%' {
            let value = hex_pair(after).ok_or_else(|| invalid(&rest[..rest.len().min(3)]))?;
            let allowed = match part {
                _ if value == b'%' => true,
                Part::Host => value >= 0x80,
                Part::Zone => value == b' ' || !Part::Host.must_escape(value),
                _ => true,
            };
            if !allowed {
                return Err(invalid(&rest[..3]));
            }
            out.push(value);
            rest = &rest[3..];
            continue;
        }
        if in_host && byte.is_ascii() && part.must_escape(*byte) {
            return Err(Reason::HostCharacter(*byte));
        }
        out.push(*byte);
        rest = after;
    }
    Ok(out)
}

fn invalid(text: &[u8]) -> Reason {
    Reason::Escape(text.into())
}

fn hex_pair(text: &[u8]) -> Option<u8> {
    let digit = |b: &u8| char::from(*b).to_digit(16);
    let (high, low) = (text.first().and_then(digit)?, text.get(1).and_then(digit)?);
    // Two digits make a byte.
    Some((high * 16 + low) as u8)
}
