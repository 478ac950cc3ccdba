//! Breaking a text into lines of a width counted in bytes.

use memchr::{memchr, memrchr};
use windlass_template::{Context, Error};
use windlass_value::Value;

use crate::call::{Out, int, reserve_string, string};

pub(super) fn wrap(ctx: &mut dyn Context, args: &[Value]) -> Out {
    Ok(Value::str(wrapped(
        ctx,
        string(args, 1)?,
        int(args, 0)?,
        b"\n",
        false,
    )?))
}

pub(super) fn wrap_with(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let separator = match string(args, 1)?.as_bytes() {
        b"" => b"\n",
        given => given,
    };
    Ok(Value::str(wrapped(
        ctx,
        string(args, 2)?,
        int(args, 0)?,
        separator,
        true,
    )?))
}

/// Breaks at the last space that fits; a word that is too long is cut only if `cut_words`.
/// Spaces at the start of a line are dropped, those at its end are not.
fn wrapped(
    ctx: &mut dyn Context,
    s: &[u8],
    width: i64,
    separator: &[u8],
    cut_words: bool,
) -> Result<Vec<u8>, Error> {
    let width = usize::try_from(width.max(1)).unwrap_or(usize::MAX);
    reserve_string(ctx, (s.len() / width).saturating_mul(separator.len()))?;
    let mut out = Vec::with_capacity(s.len());
    let mut rest = s;
    while rest.len() > width {
        if rest[0] == b' ' {
            rest = &rest[1..];
            continue;
        }
        if let Some(space) = memrchr(b' ', &rest[..=width]) {
            out.extend_from_slice(&rest[..space]);
            rest = &rest[space + 1..];
        } else if cut_words {
            out.extend_from_slice(&rest[..width]);
            rest = &rest[width..];
        } else if let Some(space) = memchr(b' ', &rest[width..]) {
            out.extend_from_slice(&rest[..width + space]);
            rest = &rest[width + space + 1..];
        } else {
            break;
        }
        out.extend_from_slice(separator);
    }
    out.extend_from_slice(rest);
    Ok(out)
}
