//! Reading a URL, with Go's errors.

use memchr::{memchr, memrchr};

use crate::address::parse_address;
use crate::error::{Error, Reason};
use crate::escape::{Part, escape, unescape};
use crate::{Url, User};

impl Url {
    /// Reads a URL or a relative reference: Go's `url.Parse`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let error = |about: &[u8], reason| Error {
            text: about.into(),
            reason,
        };
        let (main, fragment) = cut(text, b'#');
        let mut url = Self::parse_main(main).map_err(|e| error(main, e))?;
        url.fragment =
            unescape(fragment.unwrap_or_default(), Part::Fragment).map_err(|e| error(text, e))?;
        Ok(url)
    }

    /// Reads what stands before the fragment.
    pub(crate) fn parse_main(text: &[u8]) -> Result<Self, Reason> {
        if text.iter().any(u8::is_ascii_control) {
            return Err(Reason::ControlCharacter);
        }
        let mut url = Self::default();
        if text == b"*" {
            url.path = text.to_vec();
            return Ok(url);
        }
        let (scheme, rest) = scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (rest, query) = cut(rest, b'?');
        url.force_query = query == Some(b"");
        url.query = query.unwrap_or_default().to_vec();
        if !rest.starts_with(b"/") {
            if !scheme.is_empty() {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if cut(rest, b'/').0.contains(&b':') {
                return Err(Reason::ColonInFirstSegment);
            }
        }
        let mut path = rest;
        if (!scheme.is_empty() || !rest.starts_with(b"///"))
            && let Some(authority) = rest.strip_prefix(b"//")
        {
            let end = memchr(b'/', authority).unwrap_or(authority.len());
            path = &authority[end..];
            url.parse_authority(&authority[..end])?;
        } else {
            url.omit_host = !scheme.is_empty() && rest.starts_with(b"/");
        }
        url.set_path(path)?;
        Ok(url)
    }

    /// Sets the path to one that is escaped.
    pub(crate) fn set_path(&mut self, text: &[u8]) -> Result<(), Reason> {
        self.path = unescape(text, Part::Path)?;
        self.raw_path.clear();
        if escape(&self.path, Part::Path) != text {
            self.raw_path.extend_from_slice(text);
        }
        Ok(())
    }

    fn parse_authority(&mut self, authority: &[u8]) -> Result<(), Reason> {
        let at = memrchr(b'@', authority);
        self.host = host(&self.scheme, &authority[at.map_or(0, |at| at + 1)..])?;
        let Some(at) = at else { return Ok(()) };
        let userinfo = &authority[..at];
        let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(b);
        if !userinfo.iter().all(plain) {
            return Err(Reason::UserInfo);
        }
        let (name, password) = cut(userinfo, b':');
        let name = unescape(name, Part::User)?;
        let password = password.map(|p| unescape(p, Part::User)).transpose()?;
        self.user = Some(User { name, password });
        Ok(())
    }
}

/// What stands before and after the first such byte.
fn cut(text: &[u8], byte: u8) -> (&[u8], Option<&[u8]>) {
    match memchr(byte, text) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

/// The scheme, if there is one, and the rest.
fn scheme(text: &[u8]) -> Result<(&[u8], &[u8]), Reason> {
    for (i, byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if i > 0 => {}
            b':' if i == 0 => return Err(Reason::MissingScheme),
            b':' => return Ok((&text[..i], &text[i + 1..])),
            _ => break,
        }
    }
    Ok((b"", text))
}

/// A host and perhaps a port, decoded.
fn host(scheme: &[u8], text: &[u8]) -> Result<Vec<u8>, Reason> {
    match memrchr(b'[', text) {
        Some(0) => return bracketed(text),
        Some(_) => return Err(Reason::IpLiteral),
        None => {}
    }
    if let Some(first) = memchr(b':', text) {
        // Some databases list several hosts with ports; only HTTP is strict.
        let strict = matches!(scheme, b"http" | b"https");
        let last = memrchr(b':', text).unwrap_or(first);
        check_port(&text[if strict { first } else { last }..])?;
    }
    unescape(text, Part::Host)
}

/// An IPv6 address in brackets and perhaps a port.
fn bracketed(text: &[u8]) -> Result<Vec<u8>, Reason> {
    let Some(close) = memrchr(b']', text) else {
        return Err(Reason::MissingBracket);
    };
    let port = &text[close + 1..];
    check_port(port)?;
    let inner = &text[1..close];
    let name = match memchr::memmem::find(inner, b"%25") {
        Some(zone) => {
            let address = unescape(&inner[..zone], Part::Host)?;
            [address, unescape(&inner[zone..], Part::Zone)?].concat()
        }
        None => unescape(inner, Part::Host)?,
    };
    if parse_address(&name).map_err(Reason::Address)?.is_v4 {
        return Err(Reason::IpLiteral);
    }
    Ok([b"[", name.as_slice(), b"]", port].concat())
}

fn check_port(text: &[u8]) -> Result<(), Reason> {
    if is_optional_port(text) {
        return Ok(());
    }
    Err(Reason::Port(text.into()))
}

/// Nothing, or a colon and perhaps digits.
pub(crate) fn is_optional_port(text: &[u8]) -> bool {
    text.split_first()
        .is_none_or(|(colon, digits)| *colon == b':' && digits.iter().all(u8::is_ascii_digit))
}
