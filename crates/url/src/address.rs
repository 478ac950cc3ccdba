//! IP addresses as Go's `net/netip` reads them, with its messages.

use std::fmt;

use windlass_value::fmt::quote;

/// What is of interest in an address: is it of version 4, and has it a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// Whether it is of version 4.
    pub is_v4: bool,
    /// Whether a zone follows it.
    pub has_zone: bool,
}

/// Why a text is no address, and perhaps the part of it that is at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct AddressError {
    text: Box<[u8]>,
    message: &'static str,
    at: Box<[u8]>,
}

impl fmt::Display for AddressError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ParseAddr({}): {}", quote(&self.text), self.message)?;
        if self.at.is_empty() {
            return Ok(());
        }
        write!(f, " (at {})", quote(&self.at))
    }
}

/// Reads an address of either version: Go's `netip.ParseAddr`.
///
/// # Errors
/// What is wrong with it.
pub fn parse_address(text: &[u8]) -> Result<Address, AddressError> {
    let reader = Reader { whole: text };
    match text.iter().find(|c| b".:%".contains(c)) {
        Some(b'.') => {
            reader.v4(text)?;
            Ok(Address {
                is_v4: true,
                has_zone: false,
            })
        }
        Some(b':') => reader.v6(),
        Some(_) => reader.fail("missing IPv6 address", b""),
        None => reader.fail("unable to parse IP", b""),
    }
}

struct Reader<'a> {
    whole: &'a [u8],
}

impl Reader<'_> {
    fn fail<T>(&self, message: &'static str, at: &[u8]) -> Result<T, AddressError> {
        Err(AddressError {
            text: self.whole.into(),
            message,
            at: at.into(),
        })
    }

    /// Checks four decimals.
    fn v4(&self, text: &[u8]) -> Result<(), AddressError> {
        let (mut value, mut digits, mut field) = (0u32, 0, 0);
        for (i, &c) in text.iter().enumerate() {
            match c {
                b'0'..=b'9' => {
                    if digits == 1 && value == 0 {
                        return self.fail("IPv4 field has octet with leading zero", b"");
                    }
                    value = value * 10 + u32::from(c - b'0');
                    digits += 1;
                    if value > 255 {
                        return self.fail("IPv4 field has value >255", b"");
                    }
                }
                b'.' if i == 0 || i == text.len() - 1 || text[i - 1] == b'.' => {
                    return self.fail("IPv4 field must have at least one digit", &text[i..]);
                }
                b'.' if field == 3 => return self.fail("IPv4 address too long", b""),
                b'.' => {
                    field += 1;
                    (value, digits) = (0, 0);
                }
                _ => return self.fail("unexpected character", &text[i..]),
            }
        }
        if field < 3 {
            self.fail("IPv4 address too short", b"")
        } else {
            Ok(())
        }
    }

    fn v6(&self) -> Result<Address, AddressError> {
        let mut text = self.whole;
        let mut has_zone = false;
        if let Some(percent) = text.iter().position(|c| *c == b'%') {
            has_zone = true;
            if percent + 1 == text.len() {
                return self.fail("zone must be a non-empty string", b"");
            }
            text = &text[..percent];
        }
        let found = Address {
            is_v4: false,
            has_zone,
        };
        let mut gap = text.starts_with(b"::");
        if gap {
            text = &text[2..];
            if text.is_empty() {
                return Ok(found);
            }
        }
        // Counts bytes of the address, two to a group.
        let mut filled = 0;
        while filled < 16 {
            let len = self.group(text)?;
            if text.get(len) == Some(&b'.') {
                self.check_embedded(text, filled, gap)?;
                self.v4(text)?;
                text = b"";
                filled += 4;
                break;
            }
            filled += 2;
            text = &text[len..];
            if text.is_empty() {
                break;
            }
            text = self.colon(text)?;
            if text[0] == b':' {
                if gap {
                    return self.fail("multiple :: in address", text);
                }
                gap = true;
                text = &text[1..];
                if text.is_empty() {
                    break;
                }
            }
        }
        match (text.is_empty(), filled < 16, gap) {
            (false, ..) => self.fail("trailing garbage after address", text),
            (_, true, false) => self.fail("address string too short", b""),
            (_, false, true) => self.fail("the :: must expand to at least one field of zeros", b""),
            _ => Ok(found),
        }
    }

    /// Checks the hexadecimal digits of a group and counts them.
    fn group(&self, text: &[u8]) -> Result<usize, AddressError> {
        let len = text.iter().take_while(|c| c.is_ascii_hexdigit()).count();
        match len {
            0 => self.fail(
                "each colon-separated field must have at least one digit",
                text,
            ),
            1..=4 => Ok(len),
            _ => self.fail("each group must have 4 or less digits", text),
        }
    }

    fn check_embedded(&self, text: &[u8], filled: usize, gap: bool) -> Result<(), AddressError> {
        if !gap && filled != 12 {
            let message = "embedded IPv4 address must replace the final 2 fields of the address";
            return self.fail(message, text);
        }
        if filled + 4 > 16 {
            let message = "too many hex fields to fit an embedded IPv4 at the end of the address";
            return self.fail(message, text);
        }
        Ok(())
    }

    /// Passes the colon after a group.
    fn colon<'b>(&self, text: &'b [u8]) -> Result<&'b [u8], AddressError> {
        match text {
            [b':'] => self.fail("colon must be followed by more characters", text),
            [b':', rest @ ..] => Ok(rest),
            _ => self.fail("unexpected character, want colon", text),
        }
    }
}
