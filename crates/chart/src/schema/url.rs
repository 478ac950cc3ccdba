//! URLs as Go's `net/url` reads, resolves and prints them.
//!
//! Schemas name each other by URL, and what counts as the same name follows from Go's way of
//! normalizing; the formats `uri` and `uri-reference` show its messages.

mod escape;
mod ip;

use std::fmt;

use super::quote::quote;
use escape::{Mode, escape, is_escaped, unescape};
pub(super) use ip::parse_address;

/// A URL in its parts. Fragments are split off before a text gets here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Url {
    pub(super) scheme: String,
    pub(super) opaque: String,
    user: Option<(Vec<u8>, Option<Vec<u8>>)>,
    pub(super) host: Vec<u8>,
    path: Vec<u8>,
    /// The path as written, where that is not its default escaping.
    pub(super) raw_path: String,
    query: String,
    force_query: bool,
    omit_host: bool,
}

/// Why a text is no URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UrlError {
    text: String,
    reason: String,
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "parse {}: {}", quote(&self.text), self.reason)
    }
}

/// Go's `url.PathUnescape`.
pub(super) fn path_unescape(text: &str) -> Result<Vec<u8>, String> {
    unescape(text.as_bytes(), Mode::Segment)
}

/// Go's `url.PathEscape`, slashes left alone.
pub(super) fn escape_pointer(pointer: &str) -> String {
    let segments: Vec<_> = pointer
        .split('/')
        .map(|segment| escape(segment.as_bytes(), Mode::Segment))
        .collect();
    segments.join("/")
}

impl Url {
    /// Reads a URL, its fragment too, which is then left out.
    pub(super) fn parse(text: &str) -> Result<Self, UrlError> {
        let (head, fragment) = text.split_once('#').unwrap_or((text, ""));
        let error = |text: &str, reason| UrlError {
            text: text.to_owned(),
            reason,
        };
        let url = Self::parse_parts(head).map_err(|reason| error(head, reason))?;
        unescape(fragment.as_bytes(), Mode::Fragment).map_err(|reason| error(text, reason))?;
        Ok(url)
    }

    fn parse_parts(text: &str) -> Result<Self, String> {
        if text.bytes().any(|c| c < b' ' || c == 0x7f) {
            return Err("net/url: invalid control character in URL".to_owned());
        }
        let mut url = Self::default();
        if text == "*" {
            url.path = b"*".to_vec();
            return Ok(url);
        }
        let (scheme, mut rest) = split_scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        if rest.ends_with('?') && rest.matches('?').count() == 1 {
            url.force_query = true;
            rest = &rest[..rest.len() - 1];
        } else if let Some((before, query)) = rest.split_once('?') {
            url.query = query.to_owned();
            rest = before;
        }
        if !rest.starts_with('/') {
            if !url.scheme.is_empty() {
                url.opaque = rest.to_owned();
                return Ok(url);
            }
            if first_segment(rest).contains(':') {
                return Err("first path segment in URL cannot contain colon".to_owned());
            }
        }
        let has_scheme = !url.scheme.is_empty();
        match rest.strip_prefix("//") {
            Some(tail) if has_scheme || !tail.starts_with('/') => {
                let slash = tail.find('/').unwrap_or(tail.len());
                let (authority, path) = tail.split_at(slash);
                url.set_authority(authority)?;
                rest = path;
            }
            _ => url.omit_host = has_scheme && rest.starts_with('/'),
        }
        url.set_path(rest)?;
        Ok(url)
    }

    fn set_authority(&mut self, authority: &str) -> Result<(), String> {
        let Some((info, host)) = authority.rsplit_once('@') else {
            self.host = parse_host(&self.scheme, authority)?;
            return Ok(());
        };
        self.host = parse_host(&self.scheme, host)?;
        if !info.chars().all(is_user_char) {
            return Err("net/url: invalid userinfo".to_owned());
        }
        let (name, password) = match info.split_once(':') {
            Some((name, password)) => (name, Some(password)),
            None => (info, None),
        };
        let name = unescape(name.as_bytes(), Mode::User)?;
        let password = password
            .map(|p| unescape(p.as_bytes(), Mode::User))
            .transpose()?;
        self.user = Some((name, password));
        Ok(())
    }

    fn set_path(&mut self, text: &str) -> Result<(), String> {
        self.path = unescape(text.as_bytes(), Mode::Path)?;
        self.raw_path.clear();
        if escape(&self.path, Mode::Path) != text {
            self.raw_path.push_str(text);
        }
        Ok(())
    }

    fn escaped_path(&self) -> String {
        if !self.raw_path.is_empty()
            && is_escaped(self.raw_path.as_bytes())
            && unescape(self.raw_path.as_bytes(), Mode::Path).as_deref() == Ok(&self.path)
        {
            return self.raw_path.clone();
        }
        if self.path == b"*" {
            return "*".to_owned();
        }
        escape(&self.path, Mode::Path)
    }

    /// Whether it has a scheme.
    pub(super) fn is_absolute(&self) -> bool {
        !self.scheme.is_empty()
    }

    /// The host without its port and brackets.
    pub(super) fn host_name(&self) -> String {
        let host = String::from_utf8_lossy(&self.host);
        let port = host.rfind(':').filter(|colon| is_port(&host[*colon..]));
        let name = &host[..port.unwrap_or(host.len())];
        let inner = name.strip_prefix('[').and_then(|n| n.strip_suffix(']'));
        inner.unwrap_or(name).to_owned()
    }

    /// What a reference means where this URL is the base.
    pub(super) fn resolve(&self, reference: &Self) -> Self {
        let mut url = reference.clone();
        if reference.scheme.is_empty() {
            url.scheme.clone_from(&self.scheme);
        }
        if !reference.scheme.is_empty() || !reference.host.is_empty() || reference.user.is_some() {
            url.replace_path(&resolve_path(&reference.escaped_path(), ""));
            return url;
        }
        if !reference.opaque.is_empty() {
            url.clear_authority();
            return url;
        }
        let no_path = reference.path.is_empty();
        if no_path && !reference.force_query && reference.query.is_empty() {
            url.query.clone_from(&self.query);
        }
        if no_path && !self.opaque.is_empty() {
            url.opaque.clone_from(&self.opaque);
            url.clear_authority();
            return url;
        }
        url.host.clone_from(&self.host);
        url.user.clone_from(&self.user);
        url.replace_path(&resolve_path(
            &self.escaped_path(),
            &reference.escaped_path(),
        ));
        url
    }

    /// Sets the path to one that comes escaped from a URL; it can be unescaped, or stays as it was.
    fn replace_path(&mut self, text: &str) {
        let _ = self.set_path(text);
    }

    fn clear_authority(&mut self) {
        self.user = None;
        self.host.clear();
        self.path.clear();
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        if !self.scheme.is_empty() {
            out.push_str(&self.scheme);
            out.push(':');
        }
        if self.opaque.is_empty() {
            self.write_authority(&mut out);
            let path = self.escaped_path();
            if !path.is_empty() && !path.starts_with('/') && !self.host.is_empty() {
                out.push('/');
            }
            if out.is_empty() && first_segment(&path).contains(':') {
                out.push_str("./");
            }
            out.push_str(&path);
        } else {
            out.push_str(&self.opaque);
        }
        if self.force_query || !self.query.is_empty() {
            out.push('?');
            out.push_str(&self.query);
        }
        f.write_str(&out)
    }
}

impl Url {
    fn write_authority(&self, out: &mut String) {
        let nothing = self.host.is_empty() && self.user.is_none();
        if nothing && (self.scheme.is_empty() || self.omit_host) {
            return;
        }
        if !nothing || !self.path.is_empty() {
            out.push_str("//");
        }
        if let Some((name, password)) = &self.user {
            out.push_str(&escape(name, Mode::User));
            if let Some(password) = password {
                out.push(':');
                out.push_str(&escape(password, Mode::User));
            }
            out.push('@');
        }
        out.push_str(&escape(&self.host, Mode::Host));
    }
}

fn first_segment(path: &str) -> &str {
    path.split('/').next().unwrap_or_default()
}

fn split_scheme(text: &str) -> Result<(&str, &str), String> {
    for (i, c) in text.bytes().enumerate() {
        match c {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if i > 0 => {}
            b':' if i == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => return Ok((&text[..i], &text[i + 1..])),
            _ => break,
        }
    }
    Ok(("", text))
}

fn is_user_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(c)
}

/// Whether a text is empty or a colon with digits after it.
fn is_port(text: &str) -> bool {
    text.is_empty()
        || text
            .strip_prefix(':')
            .is_some_and(|digits| digits.bytes().all(|c| c.is_ascii_digit()))
}

fn parse_host(scheme: &str, host: &str) -> Result<Vec<u8>, String> {
    match host.rfind('[') {
        Some(0) => return parse_bracketed(host),
        Some(_) => return Err("invalid IP-literal".to_owned()),
        None => {}
    }
    if let Some(mut colon) = host.find(':') {
        if scheme != "http" && scheme != "https" {
            colon = host.rfind(':').unwrap_or(colon);
        }
        check_port(&host[colon..])?;
    }
    unescape(host.as_bytes(), Mode::Host)
}

fn check_port(text: &str) -> Result<(), String> {
    if is_port(text) {
        return Ok(());
    }
    Err(format!("invalid port {} after host", quote(text)))
}

/// Reads a host like `[::1]:80`.
fn parse_bracketed(host: &str) -> Result<Vec<u8>, String> {
    let Some(close) = host.rfind(']') else {
        return Err("missing ']' in host".to_owned());
    };
    let port = &host[close + 1..];
    check_port(port)?;
    let inner = &host[1..close];
    let zone = inner.find("%25").unwrap_or(inner.len());
    let mut name = unescape(&inner.as_bytes()[..zone], Mode::Host)?;
    name.extend(unescape(&inner.as_bytes()[zone..], Mode::Zone)?);
    let address = parse_address(&name).map_err(|e| format!("invalid host: {e}"))?;
    if address.is_v4 {
        return Err("invalid IP-literal".to_owned());
    }
    let mut out = vec![b'['];
    out.extend(name);
    out.push(b']');
    out.extend_from_slice(port.as_bytes());
    Ok(out)
}

/// The path a relative one means below a base, dots resolved.
fn resolve_path(base: &str, reference: &str) -> String {
    let full = if reference.is_empty() {
        base.to_owned()
    } else if reference.starts_with('/') {
        reference.to_owned()
    } else {
        let dir = base.rfind('/').map_or(0, |slash| slash + 1);
        base[..dir].to_owned() + reference
    };
    if full.is_empty() {
        return full;
    }
    let mut out = String::from("/");
    let mut first = true;
    let mut last = "";
    for element in full.split('/') {
        last = element;
        match element {
            "." => first = false,
            ".." => {
                let parent = out[1..].rfind('/').map_or(1, |slash| slash + 1);
                out.truncate(parent);
                first = out.len() == 1;
            }
            _ => {
                if !first {
                    out.push('/');
                }
                out.push_str(element);
                first = false;
            }
        }
    }
    if matches!(last, "." | "..") {
        out.push('/');
    }
    if out[1..].starts_with('/') {
        out.remove(0);
    }
    out
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::Url;

    fn join(base: &str, reference: &str) -> String {
        Url::parse(base)
            .unwrap()
            .resolve(&Url::parse(reference).unwrap())
            .to_string()
    }

    #[test]
    fn references_are_resolved_against_a_base() {
        assert_eq!(join("http://a/b/c/d;p?q", "../g"), "http://a/b/g");
        assert_eq!(join("http://a/b/c/d;p?q", "?y"), "http://a/b/c/d;p?y");
        assert_eq!(join("http://a/b/c/d;p?q", "../../../../g"), "http://a/g");
        assert_eq!(
            join("file:///values.schema.json", "x.json"),
            "file:///x.json"
        );
        assert_eq!(
            join("file:///values.schema.json", ""),
            "file:///values.schema.json"
        );
        assert_eq!(join("http://a/b", "urn:x:y"), "urn:x:y");
        assert_eq!(join("http://a/b", "//c/%7e d"), "http://c/~%20d");
    }

    #[test]
    fn faults_have_gos_words() {
        let fault = |text: &str| Url::parse(text).unwrap_err().to_string();
        assert_eq!(fault(":x"), r#"parse ":x": missing protocol scheme"#);
        assert!(Url::parse("b:c/%zz").is_ok());
        assert_eq!(
            fault("1b:c/%zz"),
            r#"parse "1b:c/%zz": first path segment in URL cannot contain colon"#
        );
        assert_eq!(
            fault("http://a/%zz"),
            r#"parse "http://a/%zz": invalid URL escape "%zz""#
        );
        assert_eq!(
            fault("http://a b/"),
            r#"parse "http://a b/": invalid character " " in host name"#
        );
    }
}
