//! What there is to call, and which results can be shown.

use std::sync::LazyLock;

use windlass_chart::compat::Compat;
use windlass_render::functions;
use windlass_value::func::Param;

/// How a function's result is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// As it is.
    Whole,
    /// Only its type: it is random, or tells the time.
    Type,
    /// As sorted texts: it has the order of a Go map.
    Sorted,
}

/// A function to be called.
pub(super) struct Subject {
    pub(super) name: &'static str,
    pub(super) params: &'static [Param],
    pub(super) rest: Option<Param>,
    pub(super) shown: Shown,
    /// Helm binds it within a render only.
    pub(super) within: bool,
    /// It takes long where it succeeds.
    pub(super) slow: bool,
    /// It makes as many things as a number says: huge numbers would take all memory.
    pub(super) counts: bool,
}

const ANY: Param = Param::Any;

/// The functions of Go's templates with their parameters.
const BUILTINS: &[(&str, &[Param], Option<Param>)] = &[
    ("and", &[ANY], Some(ANY)),
    ("or", &[ANY], Some(ANY)),
    ("not", &[ANY], None),
    ("call", &[ANY], Some(ANY)),
    ("html", &[], Some(ANY)),
    ("js", &[], Some(ANY)),
    ("urlquery", &[], Some(ANY)),
    ("index", &[ANY], Some(ANY)),
    ("len", &[ANY], None),
    ("print", &[], Some(ANY)),
    ("println", &[], Some(ANY)),
    ("printf", &[Param::String], Some(ANY)),
    ("eq", &[ANY, ANY], Some(ANY)),
    ("ne", &[ANY, ANY], None),
    ("lt", &[ANY, ANY], None),
    ("le", &[ANY, ANY], None),
    ("gt", &[ANY, ANY], None),
    ("ge", &[ANY, ANY], None),
];

const RANDOM: &[&str] = &[
    "bcrypt",
    "encryptAES",
    "genCA",
    "genCAWithKey",
    "genPrivateKey",
    "genSelfSignedCert",
    "genSelfSignedCertWithKey",
    "genSignedCert",
    "genSignedCertWithKey",
    "htpasswd",
    "randAlpha",
    "randAlphaNum",
    "randAscii",
    "randBytes",
    "randInt",
    "randNumeric",
    "shuffle",
    "uuidv4",
];
/// The present counts where the argument is no time.
const CLOCK: &[&str] = &[
    "ago",
    "date",
    "dateInZone",
    "date_in_zone",
    "durationRound",
    "htmlDate",
    "htmlDateInZone",
    "now",
];
const UNORDERED: &[&str] = &["keys", "values"];
const WITHIN: &[&str] = &[
    "include",
    "tpl",
    "required",
    "fail",
    "lookup",
    "getHostByName",
];
const SLOW: &[&str] = &[
    "bcrypt",
    "derivePassword",
    "genCA",
    "genCAWithKey",
    "genSelfSignedCert",
    "genSelfSignedCertWithKey",
    "genSignedCert",
    "genSignedCertWithKey",
    "htpasswd",
];
const COUNTS: &[&str] = &[
    "until",
    "untilStep",
    "seq",
    "indent",
    "nindent",
    "repeat",
    "randAlpha",
    "randAlphaNum",
    "randAscii",
    "randBytes",
    "randNumeric",
];

/// All functions of Helm 4, which has those of Helm 3, in the order of their names.
pub(super) fn subjects() -> &'static [Subject] {
    static ALL: LazyLock<Vec<Subject>> = LazyLock::new(collect);
    &ALL
}

fn collect() -> Vec<Subject> {
    let known = functions(Compat::Helm4);
    let mut all: Vec<Subject> = known
        .names()
        .filter_map(|name| known.get(name))
        .map(|f| subject(f.name, f.signature.params, f.signature.variadic))
        .collect();
    all.extend(
        BUILTINS
            .iter()
            .map(|(name, params, rest)| subject(name, params, *rest)),
    );
    all.sort_by_key(|subject| subject.name);
    all
}

fn subject(name: &'static str, params: &'static [Param], rest: Option<Param>) -> Subject {
    let among = |names: &[&str]| names.contains(&name);
    Subject {
        name,
        params,
        rest,
        shown: if among(RANDOM) || among(CLOCK) {
            Shown::Type
        } else if among(UNORDERED) {
            Shown::Sorted
        } else {
            Shown::Whole
        },
        within: among(WITHIN),
        slow: among(SLOW),
        counts: among(COUNTS),
    }
}

/// Whether a number has more digits than memory has room for things.
pub(super) fn is_huge(text: &str) -> bool {
    let mut run = 0;
    text.bytes().any(|byte| {
        run = if byte.is_ascii_digit() { run + 1 } else { 0 };
        run > 6
    })
}
