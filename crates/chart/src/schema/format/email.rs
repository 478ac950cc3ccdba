//! `email`.

use super::{fail, host};
use crate::schema::quote::quote_rune;

pub(super) fn email(text: &str) -> Result<(), String> {
    if text.len() > 254 {
        return fail("more than 255 characters long");
    }
    let Some((local, domain)) = text.rsplit_once('@') else {
        return fail("missing @");
    };
    if local.len() > 64 {
        return fail("local part more than 64 characters long");
    }
    if local.len() > 1 && local.starts_with('"') && local.ends_with('"') {
        if local[1..local.len() - 1].contains(['\\', '"']) {
            return fail("backslash and quote are not allowed within quoted local part");
        }
    } else {
        check_local(local)?;
    }
    if let Some(address) = domain.strip_prefix('[').and_then(|d| d.strip_suffix(']')) {
        return match address.strip_prefix("IPv6:") {
            Some(v6) => host::ipv6(v6).map_err(|e| format!("invalid ipv6 address: {e}")),
            None => host::ipv4(address).map_err(|e| format!("invalid ipv4 address: {e}")),
        };
    }
    host::hostname(domain).map_err(|e| format!("invalid domain: {e}"))
}

fn check_local(local: &str) -> Result<(), String> {
    if local.starts_with('.') {
        return fail("starts with dot");
    }
    if local.ends_with('.') {
        return fail("ends with dot");
    }
    if local.contains("..") {
        return fail("consecutive dots");
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(c);
    match local.chars().find(|c| !allowed(*c)) {
        Some(c) => Err(format!("invalid character {}", quote_rune(c))),
        None => Ok(()),
    }
}
