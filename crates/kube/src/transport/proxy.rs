//! Proxies: which one a request goes through, and how a connection is asked of it.

use std::net::IpAddr;
use std::sync::Arc;

use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_rustls::TlsConnector;
use windlass_url::Url;
use windlass_value::base64;

use super::dial::connect;
use super::stream::Duplex;
use super::tls;
use crate::ConnectOptions;

/// The longest answer of a proxy that is read.
const LONGEST_ANSWER: usize = 16 * 1024;

/// The proxies that a kubeconfig or the environment name.
pub(super) struct Proxies {
    fixed: Option<Url>,
    https: Option<Url>,
    http: Option<Url>,
    exceptions: Vec<String>,
}

impl Proxies {
    pub(super) fn new(fixed: Option<&Url>, options: &ConnectOptions) -> Self {
        let either = |upper: &str, lower: &str| {
            let told = options.variable(upper);
            if told.is_empty() {
                options.variable(lower).to_owned()
            } else {
                told.to_owned()
            }
        };
        let exceptions = either("NO_PROXY", "no_proxy");
        Self {
            fixed: fixed.cloned(),
            https: parse(&either("HTTPS_PROXY", "https_proxy")),
            http: parse(&either("HTTP_PROXY", "http_proxy")),
            exceptions: exceptions
                .split(',')
                .map(|rule| rule.trim().to_lowercase())
                .filter(|rule| !rule.is_empty())
                .collect(),
        }
    }

    /// The proxy for a server. Where the environment names it, exceptions count, and nothing local goes
    /// through one.
    pub(super) fn for_target(&self, secure: bool, host: &str, port: u16) -> Option<Url> {
        if let Some(fixed) = &self.fixed {
            return Some(fixed.clone());
        }
        let proxy = if secure { &self.https } else { &self.http };
        let proxy = proxy.as_ref()?;
        let local = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if local || self.is_excepted(&host.to_lowercase(), port) {
            return None;
        }
        Some(proxy.clone())
    }

    fn is_excepted(&self, host: &str, port: u16) -> bool {
        self.exceptions.iter().any(|rule| matches(rule, host, port))
    }
}

/// A proxy of the environment; without a scheme it is an HTTP one.
fn parse(text: &str) -> Option<Url> {
    if text.is_empty() {
        return None;
    }
    match Url::parse(text.as_bytes()) {
        Ok(url) if !url.scheme.is_empty() && !url.host.is_empty() => Some(url),
        _ => Url::parse(format!("http://{text}").as_bytes()).ok(),
    }
}

/// Whether an entry of `NO_PROXY` is about a host.
fn matches(rule: &str, host: &str, port: u16) -> bool {
    if rule == "*" {
        return true;
    }
    if let Some((network, bits)) = rule.split_once('/')
        && let (Ok(network), Ok(bits), Ok(ip)) = (network.parse(), bits.parse(), host.parse())
    {
        return within(network, bits, ip);
    }
    let (rule, wanted) = match rule.rsplit_once(':') {
        Some((name, digits)) if !name.contains(':') || name.ends_with(']') => {
            (name, digits.parse::<u16>().ok())
        }
        _ => (rule, None),
    };
    if wanted.is_some_and(|wanted| wanted != port) {
        return false;
    }
    let rule = rule.trim_start_matches('[').trim_end_matches(']');
    if let (Ok(rule), Ok(ip)) = (rule.parse::<IpAddr>(), host.parse::<IpAddr>()) {
        return rule == ip;
    }
    let rule = rule.strip_prefix('*').unwrap_or(rule);
    match rule.strip_prefix('.') {
        Some(_) => host.ends_with(rule),
        None => host == rule || host.ends_with(&format!(".{rule}")),
    }
}

fn within(network: IpAddr, bits: u32, ip: IpAddr) -> bool {
    let (ours, theirs, width) = match (network, ip) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u128::from(a.to_bits()), u128::from(b.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits(), b.to_bits(), 128),
        _ => return false,
    };
    let free = width - bits.min(width);
    ours.checked_shr(free) == theirs.checked_shr(free)
}

/// A connection to a host through a proxy.
pub(super) async fn tunnel(proxy: &Url, host: &str, port: u16) -> Result<Box<dyn Duplex>, String> {
    let scheme = String::from_utf8_lossy(&proxy.scheme).into_owned();
    let name = String::from_utf8_lossy(proxy.hostname()).into_owned();
    let told = String::from_utf8_lossy(&proxy.host).into_owned();
    let default = match scheme.as_str() {
        "https" => 443,
        "socks5" | "socks5h" => 1080,
        _ => 80,
    };
    let proxy_port = told
        .rsplit_once(':')
        .and_then(|(_, port)| port.parse().ok())
        .unwrap_or(default);
    let socket = connect(&name, proxy_port)
        .await
        .map_err(|words| format!("proxyconnect tcp: {words}"))?;
    match scheme.as_str() {
        "socks5" | "socks5h" => socks(socket, proxy, host, port)
            .await
            .map_err(|words| format!("proxyconnect tcp: {words}")),
        "https" => {
            let server = ServerName::try_from(name.clone()).map_err(|error| error.to_string())?;
            let config = Arc::new(tls::system()?);
            let secured = TlsConnector::from(config).connect(server, socket).await;
            let secured = secured.map_err(|error| {
                format!("proxyconnect tcp: {}", tls::handshake_words(&error, &name))
            })?;
            ask(secured, proxy, host, port).await
        }
        _ => ask(socket, proxy, host, port).await,
    }
}

fn target(host: &str, port: u16) -> String {
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

/// `CONNECT`
async fn ask<T: Duplex + 'static>(
    mut io: T,
    proxy: &Url,
    host: &str,
    port: u16,
) -> Result<Box<dyn Duplex>, String> {
    let target = target(host, port);
    let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n").into_bytes();
    if let Some(user) = &proxy.user {
        let password = user.password.as_deref().unwrap_or_default();
        let pair = [&user.name, b":".as_slice(), password].concat();
        request.extend_from_slice(b"Proxy-Authorization: Basic ");
        base64::append(&mut request, &pair);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    let lost = |error: std::io::Error| crate::os::reason(&error);
    io.write_all(&request).await.map_err(lost)?;
    io.flush().await.map_err(lost)?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        // Byte by byte: what follows the answer belongs to the server behind.
        match io.read_u8().await {
            Ok(byte) => answer.push(byte),
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                return Err("unexpected EOF".to_owned());
            }
            Err(error) => return Err(lost(error)),
        }
        if answer.len() > LONGEST_ANSWER {
            return Err("net/http: server response headers exceeded limit".to_owned());
        }
    }
    let text = String::from_utf8_lossy(&answer);
    let line = text.lines().next().unwrap_or_default();
    let status = line.split_once(' ').map_or("", |(_, status)| status);
    let (code, phrase) = status
        .split_once(' ')
        .unwrap_or((status, "unknown status code"));
    if code == "200" {
        return Ok(Box::new(io));
    }
    Err(phrase.to_owned())
}

/// SOCKS version 5: no authentication, or a user and a password.
async fn socks<T: Duplex + 'static>(
    mut io: T,
    proxy: &Url,
    host: &str,
    port: u16,
) -> Result<Box<dyn Duplex>, String> {
    let lost = |error: std::io::Error| crate::os::reason(&error);
    let methods: &[u8] = if proxy.user.is_some() {
        &[5, 2, 0, 2]
    } else {
        &[5, 1, 0]
    };
    io.write_all(methods).await.map_err(lost)?;
    let mut chosen = [0; 2];
    io.read_exact(&mut chosen).await.map_err(lost)?;
    match (chosen, &proxy.user) {
        ([5, 0], _) => {}
        ([5, 2], Some(user)) => {
            let password = user.password.as_deref().unwrap_or_default();
            let length = |text: &[u8]| {
                u8::try_from(text.len()).map_err(|_| "invalid username/password".to_owned())
            };
            let mut message = vec![1, length(&user.name)?];
            message.extend_from_slice(&user.name);
            message.push(length(password)?);
            message.extend_from_slice(password);
            io.write_all(&message).await.map_err(lost)?;
            io.read_exact(&mut chosen).await.map_err(lost)?;
            if chosen[1] != 0 {
                return Err("username/password authentication failed".to_owned());
            }
        }
        _ => return Err("no acceptable authentication methods".to_owned()),
    }
    let name = host.as_bytes();
    let length = u8::try_from(name.len()).map_err(|_| "FQDN too long".to_owned())?;
    let mut message = vec![5, 1, 0, 3, length];
    message.extend_from_slice(name);
    message.extend_from_slice(&port.to_be_bytes());
    io.write_all(&message).await.map_err(lost)?;
    let mut head = [0; 4];
    io.read_exact(&mut head).await.map_err(lost)?;
    if head[1] != 0 {
        return Err(socks_failure(head[1]));
    }
    let rest = match head[3] {
        1 => 4,
        4 => 16,
        _ => usize::from(io.read_u8().await.map_err(lost)?),
    };
    let mut bound = vec![0; rest + 2];
    io.read_exact(&mut bound).await.map_err(lost)?;
    Ok(Box::new(io))
}

fn socks_failure(code: u8) -> String {
    let words = match code {
        1 => "general SOCKS server failure",
        2 => "connection not allowed by ruleset",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "TTL expired",
        7 => "command not supported",
        8 => "address type not supported",
        other => return format!("unknown code: {other}"),
    };
    format!("unknown error {words}")
}
