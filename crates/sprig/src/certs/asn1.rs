//! Reading DER as Go's `encoding/asn1` does, with its messages.

use super::der;

/// What is wrong with a text, in Go's words.
type Fault = String;

fn syntax(what: &str) -> Fault {
    format!("asn1: syntax error: {what}")
}

fn structure(what: &str) -> Fault {
    format!("asn1: structure error: {what}")
}

/// The tag and length before a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Header {
    class: u8,
    tag: u32,
    compound: bool,
    length: usize,
}

/// Options of a field, as Go prints them when tags do not match.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Options {
    pub(super) optional: bool,
    pub(super) explicit: Option<u32>,
}

/// The elements of a content, one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..]
    }

    /// A structure's fields; Go names its type in the message.
    pub(super) fn structure(&mut self, ty: &str) -> Result<Reader<'a>, Fault> {
        self.content(der::SEQUENCE, ty, Options::default())
            .map(|c| Reader::new(c.unwrap_or(b"")))
    }

    /// A number that fits in an `int`.
    pub(super) fn int(&mut self) -> Result<i64, Fault> {
        let content = self.required(der::INTEGER, "int")?;
        check_integer(content)?;
        if content.len() > 8 {
            return Err(structure("integer too large"));
        }
        let sign = if content[0] & 0x80 == 0 { 0 } else { -1 };
        Ok(content.iter().fold(sign, |n, b| n << 8 | i64::from(*b)))
    }

    /// A number of any size, as its content.
    pub(super) fn big_int(&mut self) -> Result<&'a [u8], Fault> {
        let content = self.required(der::INTEGER, "")?;
        check_integer(content).map(|()| content)
    }

    /// A number of any size that may be missing.
    pub(super) fn optional_big_int(&mut self) -> Result<Option<&'a [u8]>, Fault> {
        let options = Options {
            optional: true,
            explicit: None,
        };
        let content = self.content(der::INTEGER, "", options)?;
        content.map_or(Ok(()), check_integer).map(|()| content)
    }

    pub(super) fn octets(&mut self) -> Result<&'a [u8], Fault> {
        self.required(der::OCTET_STRING, "")
    }

    /// An object identifier, as its content.
    pub(super) fn object_id(&mut self, options: Options) -> Result<Option<&'a [u8]>, Fault> {
        let content = self.content(der::OBJECT_ID, "ObjectIdentifier", options)?;
        content.map_or(Ok(()), check_object_id).map(|()| content)
    }

    pub(super) fn bit_string(&mut self, options: Options) -> Result<Option<&'a [u8]>, Fault> {
        let content = self.content(der::BIT_STRING, "BitString", options)?;
        content.map_or(Ok(()), check_bit_string).map(|()| content)
    }

    /// Any element, whole; `None` at the end.
    pub(super) fn any(&mut self) -> Result<Option<&'a [u8]>, Fault> {
        if self.rest().is_empty() {
            return Ok(None);
        }
        let start = self.at;
        let header = self.header()?;
        self.take(header.length)?;
        Ok(Some(&self.bytes[start..self.at]))
    }

    fn required(&mut self, tag: u8, ty: &str) -> Result<&'a [u8], Fault> {
        self.content(tag, ty, Options::default())
            .map(Option::unwrap_or_default)
    }

    /// The content of an element of a tag; `None` if it may be missing and is.
    fn content(&mut self, tag: u8, ty: &str, options: Options) -> Result<Option<&'a [u8]>, Fault> {
        let start = self.at;
        if self.rest().is_empty() {
            return if options.optional {
                Ok(None)
            } else {
                Err(syntax("sequence truncated"))
            };
        }
        let mut header = self.header()?;
        if let Some(number) = options.explicit {
            if self.rest().is_empty() {
                return Err(structure("explicit tag has no child"));
            }
            let matches = header.class == 2 && header.tag == number;
            if matches && header.compound && header.length > 0 {
                header = self.header()?;
            } else if matches && header.length == 0 {
                return Err(structure("zero length explicit tag was not an asn1.Flag"));
            } else {
                self.at = start;
                return Ok(None);
            }
        }
        let (expected, compound) = (u32::from(tag & 0x1f), tag & 0x20 != 0);
        if header.class != 0 || header.tag != expected || header.compound != compound {
            if options.optional {
                self.at = start;
                return Ok(None);
            }
            return Err(self.mismatch(expected, header, ty));
        }
        self.take(header.length).map(Some)
    }

    fn mismatch(&self, expected: u32, found: Header, ty: &str) -> Fault {
        let Header {
            class,
            tag,
            compound,
            length,
        } = found;
        structure(&format!(
            "tags don't match ({expected} vs {{class:{class} tag:{tag} length:{length} \
             isCompound:{compound}}}) {{optional:false explicit:false application:false \
             private:false defaultValue:<nil> tag:<nil> stringType:0 timeType:0 set:false \
             omitEmpty:false}} {ty} @{}",
            self.at
        ))
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], Fault> {
        let content = self
            .rest()
            .get(..len)
            .ok_or_else(|| syntax("data truncated"))?;
        self.at += len;
        Ok(content)
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        let byte = self
            .rest()
            .first()
            .ok_or_else(|| syntax("truncated tag or length"))?;
        self.at += 1;
        Ok(*byte)
    }

    fn header(&mut self) -> Result<Header, Fault> {
        let first = self.byte()?;
        let mut tag = u32::from(first & 0x1f);
        if tag == 0x1f {
            let (number, len) = base128(self.rest())?;
            self.at += len;
            tag = number;
            if tag < 0x1f {
                return Err(syntax("non-minimal tag"));
            }
        }
        let length = self.length()?;
        Ok(Header {
            class: first >> 6,
            tag,
            compound: first & 0x20 != 0,
            length,
        })
    }

    fn length(&mut self) -> Result<usize, Fault> {
        let first = self.byte()?;
        if first & 0x80 == 0 {
            return Ok(usize::from(first));
        }
        if first == 0x80 {
            return Err(syntax("indefinite length found (not DER)"));
        }
        let mut length = 0;
        for _ in 0..first & 0x7f {
            let byte = self.byte()?;
            if length >= 1 << 23 {
                return Err(structure("length too large"));
            }
            length = length << 8 | usize::from(byte);
            if length == 0 {
                return Err(structure("superfluous leading zeros in length"));
            }
        }
        if length < 0x80 {
            Err(structure("non-minimal length"))
        } else {
            Ok(length)
        }
    }
}

fn check_integer(content: &[u8]) -> Result<(), Fault> {
    match content {
        [] => Err(structure("empty integer")),
        [0, next, ..] if next & 0x80 == 0 => Err(structure("integer not minimally-encoded")),
        [0xff, next, ..] if next & 0x80 != 0 => Err(structure("integer not minimally-encoded")),
        _ => Ok(()),
    }
}

fn check_object_id(content: &[u8]) -> Result<(), Fault> {
    if content.is_empty() {
        return Err(syntax("zero length OBJECT IDENTIFIER"));
    }
    let mut rest = content;
    while !rest.is_empty() {
        rest = &rest[base128(rest)?.1..];
    }
    Ok(())
}

fn check_bit_string(content: &[u8]) -> Result<(), Fault> {
    match content {
        [] => Err(syntax("zero length BIT STRING")),
        [1..=255] | [8..=255, ..] => Err(syntax("invalid padding bits in BIT STRING")),
        [padding, .., last] if last & ((1 << padding) - 1) != 0 => {
            Err(syntax("invalid padding bits in BIT STRING"))
        }
        _ => Ok(()),
    }
}

/// A number in groups of seven bits, and the bytes it takes.
fn base128(bytes: &[u8]) -> Result<(u32, usize), Fault> {
    let mut n = 0_u64;
    for (i, byte) in bytes.iter().enumerate() {
        if i == 5 {
            return Err(structure("base 128 integer too large"));
        }
        if i == 0 && *byte == 0x80 {
            return Err(syntax("integer is not minimally encoded"));
        }
        n = n << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            let fits = i32::try_from(n).is_ok();
            return if fits {
                Ok((n as u32, i + 1))
            } else {
                Err(structure("base 128 integer too large"))
            };
        }
    }
    Err(syntax("truncated base 128 integer"))
}

/// The dotted form of an encoded object identifier.
pub(super) fn dotted(content: &[u8]) -> String {
    let mut numbers = Vec::new();
    let mut rest = content;
    while let Ok((n, len)) = base128(rest) {
        if numbers.is_empty() {
            let first = (n / 40).min(2);
            numbers.extend([first, n - 40 * first]);
        } else {
            numbers.push(n);
        }
        rest = &rest[len..];
    }
    numbers
        .iter()
        .map(u32::to_string)
        .collect::<Vec<_>>()
        .join(".")
}
