//! Expressions without the Unicode that cannot matter to a string of ASCII.

use regex_syntax::hir::{
    Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition,
};

/// The expression with nothing but ASCII in its classes. On a string of ASCII it finds the same.
pub(crate) fn restrict(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Class(Class::Unicode(class)) => {
            let mut class = class.clone();
            class.intersect(&ClassUnicode::new([ClassUnicodeRange::new('\0', '\x7f')]));
            Hir::class(Class::Unicode(class))
        }
        HirKind::Repetition(repetition) => Hir::repetition(Repetition {
            sub: Box::new(restrict(&repetition.sub)),
            ..*repetition
        }),
        HirKind::Capture(capture) => Hir::capture(Capture {
            sub: Box::new(restrict(&capture.sub)),
            ..capture.clone()
        }),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(restrict).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(restrict).collect()),
        HirKind::Empty | HirKind::Literal(_) | HirKind::Look(_) | HirKind::Class(_) => hir.clone(),
    }
}

/// Whether a compiled expression certainly takes less than so many bytes. This only saves
/// compiling to find out.
pub(crate) fn surely_fits(hir: &Hir, bytes: usize) -> bool {
    cost(hir) < bytes
}

/// More bytes than an expression can take compiled, forwards and backwards.
fn cost(hir: &Hir) -> usize {
    /// A state, or a transition out of one.
    const UNIT: usize = 64;
    /// States that a range of characters takes: UTF-8 splits it into some ten sequences.
    const RANGE: usize = 40;
    let sum = |parts: &[Hir]| {
        let costs = parts.iter().map(|part| cost(part).saturating_add(UNIT));
        costs.fold(UNIT, usize::saturating_add)
    };
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => UNIT,
        HirKind::Literal(literal) => literal.0.len().saturating_mul(UNIT),
        HirKind::Class(Class::Unicode(class)) => UNIT * RANGE * (1 + class.ranges().len()),
        HirKind::Class(Class::Bytes(class)) => UNIT * (1 + class.ranges().len()),
        HirKind::Repetition(r) => {
            let times = r.max.unwrap_or(r.min).max(r.min).saturating_add(1) as usize;
            (cost(&r.sub).saturating_add(2 * UNIT)).saturating_mul(times)
        }
        HirKind::Capture(capture) => cost(&capture.sub).saturating_add(2 * UNIT),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => sum(parts),
    }
}
