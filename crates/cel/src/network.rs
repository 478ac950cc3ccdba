//! URLs, addresses and networks, as far as rules ask for them.

use std::net::IpAddr;

use crate::value::Value;

/// An address as Kubernetes takes it: no zone, no four bytes in six.
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    let found: IpAddr = text.parse().ok()?;
    let mapped = matches!(found, IpAddr::V6(six) if six.to_ipv4_mapped().is_some());
    (!mapped).then_some(found)
}

/// An address and the length of its network's prefix.
pub(crate) fn network(text: &str) -> Option<(IpAddr, u8)> {
    let (base, length) = text.split_once('/')?;
    let base = address(base)?;
    let plain = length.len() == 1 || !length.starts_with('0');
    let length: u8 = length.parse().ok().filter(|_| plain)?;
    (length <= bits(base)).then_some((base, length))
}

fn bits(of: IpAddr) -> u8 {
    if of.is_ipv4() { 32 } else { 128 }
}

/// Whether a network holds all of another one.
pub(crate) fn contains((base, length): (IpAddr, u8), (inner, inner_length): (IpAddr, u8)) -> bool {
    let number = |of: IpAddr| match of {
        IpAddr::V4(four) => u128::from(u32::from(four)) << 96,
        IpAddr::V6(six) => u128::from(six),
    };
    let mask = u128::MAX.checked_shl(128 - u32::from(length)).unwrap_or(0);
    base.is_ipv4() == inner.is_ipv4()
        && inner_length >= length
        && number(base) & mask == number(inner) & mask
}

/// The parts of a URL.
pub(crate) struct Url<'a> {
    pub(crate) scheme: &'a str,
    pub(crate) host: &'a str,
    pub(crate) path: &'a str,
}

/// A URL with a scheme and a host, or an absolute path.
pub(crate) fn url(text: &str) -> Option<Url<'_>> {
    let odd = |c: char| c.is_control() || c == ' ';
    if text.contains(odd) {
        return None;
    }
    let text = text.split_once('#').map_or(text, |(before, _)| before);
    let before = text.split_once('?').map_or(text, |(before, _)| before);
    if before.starts_with('/') {
        let (scheme, host) = ("", "");
        return Some(Url {
            scheme,
            host,
            path: before,
        });
    }
    let (scheme, rest) = before.split_once("://")?;
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let end = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    named.then_some(Url { scheme, host, path })
}

impl Url<'_> {
    /// The host without brackets, and its port.
    pub(crate) fn host_and_port(&self) -> (&str, &str) {
        let port_at = self.host.rfind(':').filter(|at| {
            // Colons within brackets belong to an address.
            self.host[*at..].find(']').is_none()
        });
        let (host, port) = match port_at {
            Some(at) => (&self.host[..at], &self.host[at + 1..]),
            None => (self.host, ""),
        };
        (host.trim_start_matches('[').trim_end_matches(']'), port)
    }
}

/// A method of an address, a network or a URL.
pub(crate) fn method(name: &str, of: &Value, arguments: &[Value]) -> Option<Value> {
    match (of, name, arguments) {
        (Value::Address(of, None), _, []) => Some(match name {
            "family" => Value::Int(if of.is_ipv4() { 4 } else { 6 }),
            "isLoopback" => Value::Bool(of.is_loopback()),
            "isUnspecified" => Value::Bool(of.is_unspecified()),
            "string" => Value::text(&of.to_string()),
            _ => return None,
        }),
        (Value::Address(_, Some(length)), "prefixLength", []) => Some(Value::Int((*length).into())),
        (Value::Address(base, Some(_)), "ip", []) => Some(Value::Address(*base, None)),
        (Value::Address(base, Some(length)), "containsIP" | "containsCIDR", [inner]) => {
            let inner = match inner {
                Value::Address(inner, inner_length) => {
                    Some((*inner, inner_length.unwrap_or_else(|| bits(*inner))))
                }
                Value::String(text) => {
                    network(text).or_else(|| address(text).map(|inner| (inner, bits(inner))))
                }
                _ => None,
            };
            Some(Value::Bool(contains((*base, *length), inner?)))
        }
        (Value::Url(text), _, []) => {
            let url = url(text)?;
            let part = match name {
                "getScheme" => url.scheme,
                "getHost" => url.host,
                "getHostname" => url.host_and_port().0,
                "getPort" => url.host_and_port().1,
                "getEscapedPath" => url.path,
                "string" => return Some(Value::String(text.clone())),
                _ => return None,
            };
            Some(Value::text(part))
        }
        _ => None,
    }
}
