//! Tar entries as Go's `archive/tar` reads them: USTAR, PAX, GNU long names, old V7 headers.
//!
//! Not here: what names a chart may have, and files with holes.

use super::Error;
use super::gzip::Stream;

const BLOCK: usize = 512;
/// How much is passed over at once.
const STEP: usize = 16 * 1024;
/// The largest extended header Go takes.
const MAX_EXTENDED: usize = 1024 * 1024;

/// One entry of an archive, without its data.
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    pub(super) kind: u8,
    pub(super) mode: i64,
    /// The size the header says; what has no data says something too.
    pub(super) size: u64,
    /// How many bytes of data follow.
    pub(super) length: usize,
    /// Nanoseconds since the Unix epoch.
    pub(super) modified: i128,
}

pub(super) const EXTENDED: u8 = b'x';
pub(super) const GLOBAL: u8 = b'g';
pub(super) const SPARSE: u8 = b'S';
const GNU_NAME: u8 = b'L';
const GNU_LINK: u8 = b'K';
const DIRECTORY: u8 = b'5';

impl Entry {
    /// Whether it is a directory, by its type or by its mode.
    pub(super) fn is_directory(&self) -> bool {
        const KIND: i64 = !0o7777;
        const DIRECTORY_MODE: i64 = 0o40000;
        self.kind == DIRECTORY || (self.mode & 0xFFFF_FFFF) & KIND == DIRECTORY_MODE
    }
}

/// Walks over the entries of an archive.
pub(super) struct Reader<'i> {
    pub(super) source: Stream<'i>,
    /// Whether the two blocks that mark the end were met, so that nobody read further.
    pub(super) marked_end: bool,
    /// How much data of the last entry was not passed over yet.
    ahead: usize,
}

/// The fields of a header block that matter here.
struct Header {
    name: Vec<u8>,
    kind: u8,
    mode: i64,
    size: i64,
    modified: i128,
}

/// What extended headers say about the next entry.
#[derive(Default)]
struct Overrides {
    records: Vec<(Vec<u8>, Vec<u8>)>,
    gnu_name: Vec<u8>,
}

impl<'i> Reader<'i> {
    pub(super) fn new(source: Stream<'i>) -> Self {
        Self {
            source,
            marked_end: false,
            ahead: 0,
        }
    }

    /// The next entry; `None` at the end of the archive. Where the data itself ends, that is
    /// [`Error::Truncated`] inside an entry, and otherwise simply the end.
    pub(super) fn next(&mut self) -> Result<Option<Entry>, Error> {
        self.pass_data()?;
        let mut overrides = Overrides::default();
        loop {
            let Some(block) = self.header_block()? else {
                return Ok(None);
            };
            let header = Header::parse(&block)?;
            match header.kind {
                EXTENDED => overrides.records = records(&self.extended(&header)?)?,
                GNU_NAME => overrides.gnu_name = until_nul(&self.extended(&header)?).to_vec(),
                GNU_LINK => {
                    self.extended(&header)?;
                }
                GLOBAL => {
                    records(&self.extended(&header)?)?;
                    return Ok(Some(Entry {
                        name: header.name,
                        kind: GLOBAL,
                        mode: 0,
                        size: 0,
                        length: 0,
                        modified: 0,
                    }));
                }
                _ => return self.entry(header, &overrides).map(Some),
            }
        }
    }

    fn entry(&mut self, mut header: Header, overrides: &Overrides) -> Result<Entry, Error> {
        header.apply(&overrides.records)?;
        if !overrides.gnu_name.is_empty() {
            header.name.clone_from(&overrides.gnu_name);
        }
        if header.kind == 0 {
            header.kind = if header.name.ends_with(b"/") {
                DIRECTORY
            } else {
                b'0'
            };
        }
        let size = u64::try_from(header.size).map_err(|_| Error::TarHeader)?;
        let length = if has_no_data(header.kind) { 0 } else { size };
        self.ahead = usize::try_from(length).unwrap_or(usize::MAX);
        Ok(Entry {
            name: header.name,
            kind: header.kind,
            mode: header.mode,
            size,
            length: self.ahead,
            modified: header.modified,
        })
    }

    /// The data of the last entry. Who asks has found its length to be bearable.
    ///
    /// # Errors
    /// [`Error::Truncated`] if the archive ends before it does.
    pub(super) fn data(&mut self) -> Result<&[u8], Error> {
        match self.source.peek(self.ahead) {
            data if data.len() < self.ahead => Err(Error::Truncated),
            data => Ok(data),
        }
    }

    /// The next block that is no end mark. Two blocks of zeros, or one at the very end, are the end.
    fn header_block(&mut self) -> Result<Option<[u8; BLOCK]>, Error> {
        let Some(block) = self.block()? else {
            return Ok(None);
        };
        if block.iter().any(|&b| b != 0) {
            return Ok(Some(block));
        }
        match self.block()? {
            Some(second) if second.iter().any(|&b| b != 0) => Err(Error::TarHeader),
            Some(_) => {
                self.marked_end = true;
                Ok(None)
            }
            None => Ok(None),
        }
    }

    fn block(&mut self) -> Result<Option<[u8; BLOCK]>, Error> {
        let found = self.source.peek(BLOCK);
        if found.is_empty() {
            return Ok(None);
        }
        let block = *found.first_chunk().ok_or(Error::Truncated)?;
        self.source.consume(BLOCK);
        Ok(Some(block))
    }

    /// The data of an extended header.
    fn extended(&mut self, header: &Header) -> Result<Vec<u8>, Error> {
        let length = usize::try_from(header.size).map_err(|_| Error::TarHeader)?;
        let found = self.source.peek(length.min(MAX_EXTENDED + 1));
        if found.len() > MAX_EXTENDED {
            return Err(Error::TarField);
        }
        if found.len() < length {
            return Err(Error::Truncated);
        }
        let data = found.to_vec();
        self.ahead = length;
        self.pass_data()?;
        Ok(data)
    }

    /// Passes over the data of the last entry; what fills its last block may be missing.
    fn pass_data(&mut self) -> Result<(), Error> {
        let length = std::mem::take(&mut self.ahead);
        if self.pass(length) < length {
            return Err(Error::Truncated);
        }
        self.pass(length.wrapping_neg() % BLOCK);
        Ok(())
    }

    /// Passes over so many bytes, or as many as there are; how many there were.
    fn pass(&mut self, length: usize) -> usize {
        let mut passed = 0;
        while passed < length {
            match self.source.peek((length - passed).min(STEP)).len() {
                0 => break,
                found => {
                    self.source.consume(found);
                    passed += found;
                }
            }
        }
        passed
    }
}

fn has_no_data(kind: u8) -> bool {
    (b'1'..=b'6').contains(&kind)
}

impl Header {
    fn parse(block: &[u8; BLOCK]) -> Result<Self, Error> {
        check_sum(block)?;
        let mut header = Self {
            name: until_nul(&block[..100]).to_vec(),
            kind: block[156],
            mode: number(&block[100..108])?,
            size: number(&block[124..136])?,
            modified: i128::from(number(&block[136..148])?) * 1_000_000_000,
        };
        number(&block[108..116])?;
        number(&block[116..124])?;
        let ustar = &block[257..263] == b"ustar\0";
        let gnu = &block[257..265] == b"ustar  \0";
        if ustar || gnu {
            number(&block[329..337])?;
            number(&block[337..345])?;
        }
        let prefix = match (ustar, gnu) {
            (true, _) if &block[508..] == b"tar\0" => {
                number(&block[476..488])?;
                number(&block[488..500])?;
                until_nul(&block[345..476])
            }
            (true, _) => until_nul(&block[345..500]),
            (_, true) => gnu_prefix(block),
            _ => &[],
        };
        if !prefix.is_empty() {
            header.name = [prefix, b"/", &header.name].concat();
        }
        if header.size < 0 && !has_no_data(header.kind) {
            return Err(Error::TarHeader);
        }
        Ok(header)
    }

    /// Takes over what a PAX header says.
    fn apply(&mut self, records: &[(Vec<u8>, Vec<u8>)]) -> Result<(), Error> {
        for (key, value) in records.iter().filter(|(_, value)| !value.is_empty()) {
            match key.as_slice() {
                b"path" => self.name.clone_from(value),
                b"size" => self.size = decimal(value)?,
                b"mtime" => self.modified = pax_time(value)?,
                b"uid" | b"gid" => {
                    decimal(value)?;
                }
                b"atime" | b"ctime" => {
                    pax_time(value)?;
                }
                b"GNU.sparse.map" | b"GNU.sparse.major" => {
                    self.kind = SPARSE;
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// Old Go programs wrote a prefix where GNU has times; it counts if those are no numbers.
fn gnu_prefix(block: &[u8; BLOCK]) -> &[u8] {
    let time = |field: &[u8]| field[0] == 0 || number(field).is_ok();
    if time(&block[345..357]) && time(&block[357..369]) {
        return &[];
    }
    let prefix = until_nul(&block[345..500]);
    if prefix.is_ascii() { prefix } else { &[] }
}

/// The sum of all bytes, the field of the sum itself taken for spaces; some add signed bytes.
fn check_sum(block: &[u8; BLOCK]) -> Result<(), Error> {
    let (mut unsigned, mut signed) = (0_i64, 0_i64);
    for (i, &byte) in block.iter().enumerate() {
        let byte = if (148..156).contains(&i) { b' ' } else { byte };
        unsigned += i64::from(byte);
        signed += i64::from(byte.cast_signed());
    }
    let said = octal(&block[148..156])?;
    if said == unsigned || said == signed {
        Ok(())
    } else {
        Err(Error::TarHeader)
    }
}

fn until_nul(field: &[u8]) -> &[u8] {
    field.split(|&b| b == 0).next().unwrap_or(field)
}

/// A number in octal digits or, with the first bit set, in two's complement.
fn number(field: &[u8]) -> Result<i64, Error> {
    let first = field[0];
    if first & 0x80 == 0 {
        return octal(field);
    }
    let inversion = if first & 0x40 == 0 { 0 } else { 0xFF };
    let mut x = 0_u64;
    for (i, &byte) in field.iter().enumerate() {
        let byte = byte ^ inversion;
        let byte = if i == 0 { byte & 0x7F } else { byte };
        if x >> 56 > 0 {
            return Err(Error::TarHeader);
        }
        x = x << 8 | u64::from(byte);
    }
    let x = i64::try_from(x).map_err(|_| Error::TarHeader)?;
    Ok(if inversion == 0 { x } else { !x })
}

fn octal(field: &[u8]) -> Result<i64, Error> {
    let blank = |b: &u8| matches!(b, b' ' | 0);
    let start = field.iter().take_while(|b| blank(b)).count();
    let end = field.len() - field[start..].iter().rev().take_while(|b| blank(b)).count();
    let digits = until_nul(&field[start..end.max(start)]);
    if digits.is_empty() {
        return Ok(0);
    }
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(Error::TarHeader);
    }
    let text = std::str::from_utf8(digits).map_err(|_| Error::TarHeader)?;
    u64::from_str_radix(text, 8)
        .map(u64::cast_signed)
        .map_err(|_| Error::TarHeader)
}

fn decimal(text: &[u8]) -> Result<i64, Error> {
    std::str::from_utf8(text)
        .ok()
        .and_then(|t| t.parse().ok())
        .ok_or(Error::TarHeader)
}

/// Seconds with a fraction, as nanoseconds.
fn pax_time(text: &[u8]) -> Result<i128, Error> {
    let mut parts = text.splitn(2, |&b| b == b'.');
    let whole = parts.next().unwrap_or_default();
    let fraction = parts.next().unwrap_or_default();
    let seconds = i128::from(decimal(whole)?) * 1_000_000_000;
    if !fraction.iter().all(u8::is_ascii_digit) {
        return Err(Error::TarHeader);
    }
    let digits = fraction.iter().chain(std::iter::repeat(&b'0')).take(9);
    let nanos = digits.fold(0, |n, &d| n * 10 + i128::from(d - b'0'));
    Ok(if whole.starts_with(b"-") {
        seconds - nanos
    } else {
        seconds + nanos
    })
}

type Record = (Vec<u8>, Vec<u8>);

/// Reads the records of a PAX header: `LENGTH KEY=VALUE\n`, the length counting itself.
fn records(mut data: &[u8]) -> Result<Vec<Record>, Error> {
    let mut found = Vec::new();
    while !data.is_empty() {
        let (record, rest) = record(data).ok_or(Error::TarHeader)?;
        found.push(record);
        data = rest;
    }
    Ok(found)
}

fn record(data: &[u8]) -> Option<(Record, &[u8])> {
    let space = data.iter().position(|&b| b == b' ')?;
    let length = usize::try_from(decimal(&data[..space]).ok()?).ok()?;
    if length < 5 || length > data.len() || length <= space + 1 {
        return None;
    }
    let text = data[space + 1..length].strip_suffix(b"\n")?;
    let equals = text.iter().position(|&b| b == b'=')?;
    let (key, value) = (&text[..equals], &text[equals + 1..]);
    let checked = match key {
        b"path" | b"linkpath" | b"uname" | b"gname" => value,
        key => key,
    };
    if key.is_empty() || checked.contains(&0) {
        return None;
    }
    Some(((key.to_vec(), value.to_vec()), &data[length..]))
}
