//! A URL as text, and parts of it.

use std::fmt;

use crate::escape::{Part, escape, is_escaped, unescape};
use crate::parse::is_optional_port;
use crate::{Url, User};

impl User {
    /// `name[:password]`, encoded.
    #[must_use]
    pub fn encoded(&self) -> Vec<u8> {
        let mut out = escape(&self.name, Part::User);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend(escape(password, Part::User));
        }
        out
    }
}

impl Url {
    /// The host without port and brackets.
    #[must_use]
    pub fn hostname(&self) -> &[u8] {
        let mut host = self.host.as_slice();
        if let Some(colon) = memchr::memrchr(b':', host)
            && is_optional_port(&host[colon..])
        {
            host = &host[..colon];
        }
        let inner = host.strip_prefix(b"[").and_then(|h| h.strip_suffix(b"]"));
        inner.unwrap_or(host)
    }

    /// The whole URL: Go's `String`.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend_from_slice(&self.scheme);
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.write_authority_and_path(&mut out);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        if self.force_query || !self.query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend(escape(&self.fragment, Part::Fragment));
        }
        out
    }

    fn write_authority_and_path(&self, out: &mut Vec<u8>) {
        let nobody = self.host.is_empty() && self.user.is_none();
        let omitted = nobody && (self.omit_host || self.scheme.is_empty() || self.path.is_empty());
        if !omitted {
            out.extend_from_slice(b"//");
            if let Some(user) = &self.user {
                out.extend(user.encoded());
                out.push(b'@');
            }
            out.extend(escape(&self.host, Part::Host));
        }
        let path = self.escaped_path();
        if !path.is_empty() && path[0] != b'/' && !self.host.is_empty() {
            out.push(b'/');
        }
        let segment = path.split(|b| *b == b'/').next().unwrap_or_default();
        if out.is_empty() && segment.contains(&b':') {
            // A first segment with a colon would be read as a scheme.
            out.extend_from_slice(b"./");
        }
        out.extend(path);
    }

    /// The path as it was written if that fits it, escaped anew otherwise.
    pub(crate) fn escaped_path(&self) -> Vec<u8> {
        let raw = &self.raw_path;
        if !raw.is_empty()
            && is_escaped(raw)
            && unescape(raw, Part::Path).is_ok_and(|path| path == self.path)
        {
            return raw.clone();
        }
        match self.path.as_slice() {
            b"*" => b"*".to_vec(),
            path => escape(path, Part::Path),
        }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.to_bytes()))
    }
}
