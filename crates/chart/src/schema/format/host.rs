//! `hostname`, `ipv4` and `ipv6`.

use windlass_url::parse_address;
use windlass_value::fmt::atoi;

use super::fail;
use crate::schema::quote::quote_rune;

pub(super) fn ipv4(text: &str) -> Result<(), String> {
    if text.split('.').count() != 4 {
        return fail("expected four decimals");
    }
    for group in text.split('.') {
        if group.len() > 1 && group.starts_with('0') {
            return fail("leading zeros");
        }
        let n = atoi(group.as_bytes()).map_err(|e| e.to_string())?;
        if !(0..=255).contains(&n) {
            return fail("decimal must be between 0 and 255");
        }
    }
    Ok(())
}

pub(super) fn ipv6(text: &str) -> Result<(), String> {
    if !text.contains(':') {
        return fail("missing colon");
    }
    let address = parse_address(text.as_bytes()).map_err(|e| e.to_string())?;
    if address.has_zone {
        return fail("zone id is not a part of ipv6 address");
    }
    Ok(())
}

pub(super) fn hostname(text: &str) -> Result<(), String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.len() > 253 {
        return fail("more than 253 characters long");
    }
    for label in text.split('.') {
        if label.is_empty() || label.len() > 63 {
            return fail("label must be 1 to 63 characters long");
        }
        if label.starts_with('-') {
            return fail("label starts with hyphen");
        }
        if label.ends_with('-') {
            return fail("label ends with hyphen");
        }
        if let Some(c) = label
            .chars()
            .find(|c| !c.is_ascii_alphanumeric() && *c != '-')
        {
            return Err(format!("invalid character {}", quote_rune(c)));
        }
    }
    Ok(())
}
