//! Random strings, numbers and UUIDs, out of the host's random bytes.

use windlass_template::{Context, Error, Function};
use windlass_value::Value;
use windlass_value::fmt::runes;
use windlass_value::func::Param::{Int, String};

use crate::call::{Out, fixed, int, reserve_string, string};

/// The functions of the family.
pub const FUNCTIONS: &[Function] = &[
    fixed("randAlphaNum", &[Int], |ctx, args| {
        of_characters(ctx, args, |b| b.is_ascii_alphanumeric())
    }),
    fixed("randAlpha", &[Int], |ctx, args| {
        of_characters(ctx, args, |b| b.is_ascii_alphabetic())
    }),
    fixed("randNumeric", &[Int], |ctx, args| {
        of_characters(ctx, args, |b| b.is_ascii_digit())
    }),
    fixed("randAscii", &[Int], |ctx, args| {
        of_characters(ctx, args, |b| (32..127).contains(b))
    }),
    fixed("randInt", &[Int, Int], rand_int),
    fixed("uuidv4", &[], uuid),
    fixed("shuffle", &[String], shuffle),
];

/// That many characters, each equally likely; none for a negative count.
fn of_characters(ctx: &mut dyn Context, args: &[Value], wanted: fn(&u8) -> bool) -> Out {
    let count = usize::try_from(int(args, 0)?).unwrap_or(0);
    reserve_string(ctx, count)?;
    let mut out = Vec::with_capacity(count);
    let mut buffer = [0; 64];
    while out.len() < count {
        ctx.host().fill_random(&mut buffer);
        // Seven bits make each character as likely as every other one.
        let fitting = buffer.iter().map(|b| b & 0x7f).filter(wanted);
        out.extend(fitting.take(count - out.len()));
    }
    Ok(Value::str(out))
}

/// From `min` up to before `max`.
fn rand_int(ctx: &mut dyn Context, args: &[Value]) -> Out {
    let (min, max) = (int(args, 0)?, int(args, 1)?);
    match u64::try_from(max.wrapping_sub(min)) {
        Ok(width @ 1..) => Ok(Value::int(min.wrapping_add(below(ctx, width) as i64))),
        _ => Err(Error::message("invalid argument to Intn")),
    }
}

/// A random UUID of version 4.
fn uuid(ctx: &mut dyn Context, _: &[Value]) -> Out {
    let mut bytes = [0; 16];
    ctx.host().fill_random(&mut bytes);
    let version_and_variant = 0x4000_8000_0000_0000_0000;
    let random_bits = !0xf000_c000_0000_0000_0000;
    let number = u128::from_be_bytes(bytes) & random_bits | version_and_variant;
    let hex = format!("{number:032x}");
    let groups = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    Ok(groups.join("-").into())
}

fn shuffle(ctx: &mut dyn Context, args: &[Value]) -> Out {
    const STEPS: usize = 8;
    let s = string(args, 0)?;
    ctx.work((s.len() * STEPS) as u64)?;
    ctx.reserve(s.len() * size_of::<char>())?;
    let mut characters: Vec<char> = runes(s).map(|(_, c)| c).collect();
    for i in (1..characters.len()).rev() {
        let j = below(ctx, i as u64 + 1) as usize;
        characters.swap(i, j);
    }
    Ok(characters
        .into_iter()
        .collect::<std::string::String>()
        .into())
}

/// A number less than `limit`, which is at least 1 and at most 2^63, each equally likely.
fn below(ctx: &mut dyn Context, limit: u64) -> u64 {
    let mask = limit.next_power_of_two() - 1;
    loop {
        let mut bytes = [0; 8];
        ctx.host().fill_random(&mut bytes);
        let number = u64::from_le_bytes(bytes) & mask;
        if number < limit {
            return number;
        }
    }
}
