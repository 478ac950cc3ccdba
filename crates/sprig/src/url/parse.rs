//! Reading a URL, with Go's errors.

use memchr::{memchr, memrchr};
use windlass_value::fmt::quote;

use super::address;
use super::escape::{Part, unescape};
use super::{Url, User};

impl Url {
    /// Reads a URL or a relative reference.
    pub(super) fn parse(text: &[u8]) -> Result<Self, String> {
        let error = |about: &[u8], e: String| format!("parse {}: {e}", quote(about));
        let (main, fragment) = cut(text, b'#');
        let mut url = Self::parse_main(main).map_err(|e| error(main, e))?;
        url.fragment =
            unescape(fragment.unwrap_or_default(), Part::Fragment).map_err(|e| error(text, e))?;
        Ok(url)
    }

    /// Reads what stands before the fragment.
    pub(super) fn parse_main(text: &[u8]) -> Result<Self, String> {
        if text.iter().any(u8::is_ascii_control) {
            return Err("net/url: invalid control character in URL".into());
        }
        let mut url = Self::default();
        if text == b"*" {
            url.path = text.to_vec();
            return Ok(url);
        }
        let (scheme, rest) = scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (rest, query) = cut(rest, b'?');
        url.query = query.unwrap_or_default().to_vec();
        if !rest.starts_with(b"/") {
            if !scheme.is_empty() {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if cut(rest, b'/').0.contains(&b':') {
                return Err("first path segment in URL cannot contain colon".into());
            }
        }
        let mut path = rest;
        if (!scheme.is_empty() || !rest.starts_with(b"///"))
            && let Some(authority) = rest.strip_prefix(b"//")
        {
            let end = memchr(b'/', authority).unwrap_or(authority.len());
            path = &authority[end..];
            url.parse_authority(&authority[..end])?;
        }
        url.path = unescape(path, Part::Path)?;
        Ok(url)
    }

    fn parse_authority(&mut self, authority: &[u8]) -> Result<(), String> {
        let at = memrchr(b'@', authority);
        self.host = host(&self.scheme, &authority[at.map_or(0, |at| at + 1)..])?;
        let Some(at) = at else { return Ok(()) };
        let userinfo = &authority[..at];
        let plain = |b: &u8| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(b);
        if !userinfo.iter().all(plain) {
            return Err("net/url: invalid userinfo".into());
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
fn scheme(text: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (i, byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if i > 0 => {}
            b':' if i == 0 => return Err("missing protocol scheme".into()),
            b':' => return Ok((&text[..i], &text[i + 1..])),
            _ => break,
        }
    }
    Ok((b"", text))
}

/// A host and perhaps a port, decoded.
fn host(scheme: &[u8], text: &[u8]) -> Result<Vec<u8>, String> {
    match memrchr(b'[', text) {
        Some(0) => return bracketed(text),
        Some(_) => return Err("invalid IP-literal".into()),
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
fn bracketed(text: &[u8]) -> Result<Vec<u8>, String> {
    let Some(close) = memrchr(b']', text) else {
        return Err("missing ']' in host".into());
    };
    let port = &text[close + 1..];
    check_port(port)?;
    let port = unescape(port, Part::Host)?;
    let inner = &text[1..close];
    let name = match memchr::memmem::find(inner, b"%25") {
        Some(zone) => {
            let address = unescape(&inner[..zone], Part::Host)?;
            [address, unescape(&inner[zone..], Part::Zone)?].concat()
        }
        None => unescape(inner, Part::Host)?,
    };
    match address::check(&name) {
        Err(e) => Err(format!("invalid host: {e}")),
        Ok(address::Version::V4) => Err("invalid IP-literal".into()),
        Ok(address::Version::V6) => Ok([b"[", name.as_slice(), b"]", &port].concat()),
    }
}

fn check_port(text: &[u8]) -> Result<(), String> {
    if is_optional_port(text) {
        return Ok(());
    }
    Err(format!("invalid port {} after host", quote(text)))
}

/// Nothing, or a colon and perhaps digits.
pub(super) fn is_optional_port(text: &[u8]) -> bool {
    text.split_first()
        .is_none_or(|(colon, digits)| *colon == b':' && digits.iter().all(u8::is_ascii_digit))
}
