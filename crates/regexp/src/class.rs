//! Character classes: Perl's, POSIX's and Unicode's, by name.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

/// A class of inclusive ranges.
pub(super) fn of_ranges(ranges: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(
        ranges
            .iter()
            .map(|(lo, hi)| ClassUnicodeRange::new(*lo, *hi)),
    )
}

/// The class from one code point to another; surrogates, which no text has, are left out.
pub(super) fn of_code_points(lo: u32, hi: u32) -> ClassUnicode {
    let lo = char::from_u32(lo).unwrap_or('\u{e000}');
    let hi = char::from_u32(hi).unwrap_or('\u{d7ff}');
    if lo <= hi {
        of_ranges(&[(lo, hi)])
    } else {
        ClassUnicode::empty()
    }
}

/// Adds what differs from the class's characters only in case, if so wished.
pub(super) fn folded(mut class: ClassUnicode, fold: bool) -> ClassUnicode {
    if fold {
        // It fails only without case tables, and they are compiled in.
        let _ = class.try_case_fold_simple();
    }
    class
}

/// The class of `\d`, `\s`, `\w` and their capitals: ASCII only, and `\s` without `\v`.
pub(super) fn perl(letter: u8, fold: bool) -> Option<ClassUnicode> {
    let ranges: &[(char, char)] = match letter.to_ascii_lowercase() {
        b'd' => &[('0', '9')],
        b's' => &[('\t', '\n'), ('\u{c}', '\r'), (' ', ' ')],
        b'w' => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        _ => return None,
    };
    let mut class = folded(of_ranges(ranges), fold);
    if letter.is_ascii_uppercase() {
        class.negate();
    }
    Some(class)
}

/// The class of a POSIX name like `[:alpha:]` or `[:^alpha:]`.
pub(super) fn posix(name: &[u8], fold: bool) -> Option<ClassUnicode> {
    let inner = name.strip_prefix(b"[:")?.strip_suffix(b":]")?;
    let positive = inner.strip_prefix(b"^");
    let ranges: &[(char, char)] = match positive.unwrap_or(inner) {
        b"alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        b"alpha" => &[('A', 'Z'), ('a', 'z')],
        b"ascii" => &[('\0', '\u{7f}')],
        b"blank" => &[('\t', '\t'), (' ', ' ')],
        b"cntrl" => &[('\0', '\u{1f}'), ('\u{7f}', '\u{7f}')],
        b"digit" => &[('0', '9')],
        b"graph" => &[('!', '~')],
        b"lower" => &[('a', 'z')],
        b"print" => &[(' ', '~')],
        b"punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        b"space" => &[('\t', '\r'), (' ', ' ')],
        b"upper" => &[('A', 'Z')],
        b"word" => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        b"xdigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => return None,
    };
    let mut class = folded(of_ranges(ranges), fold);
    if positive.is_some() {
        class.negate();
    }
    Some(class)
}

/// The class of a name in `\p{…}`, compared as Go does: case, `_`, `-` and spaces are ignored.
///
/// Go looks scripts up under the name without its underscores, so that it finds none of the scripts
/// with several words; neither does this.
pub(super) fn unicode(name: &str, fold: bool) -> Option<ClassUnicode> {
    let name = canonical(name);
    let class = match name.as_str() {
        "Any" => of_ranges(&[('\0', char::MAX)]),
        "Ascii" => of_ranges(&[('\0', '\u{7f}')]),
        "Assigned" => table(r"\P{gc=Cn}")?,
        // No text has surrogates.
        "Cs" | "Surrogate" => ClassUnicode::empty(),
        "Lc" | "Casedletter" => table(r"[\p{gc=Lu}\p{gc=Ll}\p{gc=Lt}]")?,
        name if CATEGORIES.contains(&name) || CATEGORY_NAMES.contains(&name) => {
            table(&format!(r"\p{{gc={name}}}"))?
        }
        name if SCRIPTS.binary_search(&name).is_ok() => table(&format!(r"\p{{sc={name}}}"))?,
        _ => return None,
    };
    Some(folded(class, fold))
}

/// The name with a leading capital and no separators.
fn canonical(name: &str) -> String {
    let mut letters = name.chars().filter(|c| !matches!(c, '_' | '-' | ' '));
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    first
        .into_iter()
        .chain(letters.map(|c| c.to_ascii_lowercase()))
        .collect()
}

/// Looks a class up in the tables of `regex-syntax`.
fn table(expression: &str) -> Option<ClassUnicode> {
    match regex_syntax::parse(expression).ok()?.into_kind() {
        HirKind::Class(Class::Unicode(class)) => Some(class),
        _ => None,
    }
}

/// The categories, surrogates and cased letters apart.
const CATEGORIES: &[&str] = &[
    "C", "Cc", "Cf", "Cn", "Co", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N",
    "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So",
    "Z", "Zl", "Zp", "Zs",
];

/// Their long names in canonical form.
const CATEGORY_NAMES: &[&str] = &[
    "Closepunctuation",
    "Cntrl",
    "Combiningmark",
    "Connectorpunctuation",
    "Control",
    "Currencysymbol",
    "Dashpunctuation",
    "Decimalnumber",
    "Digit",
    "Enclosingmark",
    "Finalpunctuation",
    "Format",
    "Initialpunctuation",
    "Letter",
    "Letternumber",
    "Lineseparator",
    "Lowercaseletter",
    "Mark",
    "Mathsymbol",
    "Modifierletter",
    "Modifiersymbol",
    "Nonspacingmark",
    "Number",
    "Openpunctuation",
    "Other",
    "Otherletter",
    "Othernumber",
    "Otherpunctuation",
    "Othersymbol",
    "Paragraphseparator",
    "Privateuse",
    "Punct",
    "Punctuation",
    "Separator",
    "Spaceseparator",
    "Spacingmark",
    "Symbol",
    "Titlecaseletter",
    "Unassigned",
    "Uppercaseletter",
];

/// The scripts of Unicode 15 whose name is one word.
const SCRIPTS: &[&str] = &[
    "Adlam",
    "Ahom",
    "Arabic",
    "Armenian",
    "Avestan",
    "Balinese",
    "Bamum",
    "Batak",
    "Bengali",
    "Bhaiksuki",
    "Bopomofo",
    "Brahmi",
    "Braille",
    "Buginese",
    "Buhid",
    "Carian",
    "Chakma",
    "Cham",
    "Cherokee",
    "Chorasmian",
    "Common",
    "Coptic",
    "Cuneiform",
    "Cypriot",
    "Cyrillic",
    "Deseret",
    "Devanagari",
    "Dogra",
    "Duployan",
    "Elbasan",
    "Elymaic",
    "Ethiopic",
    "Georgian",
    "Glagolitic",
    "Gothic",
    "Grantha",
    "Greek",
    "Gujarati",
    "Gurmukhi",
    "Han",
    "Hangul",
    "Hanunoo",
    "Hatran",
    "Hebrew",
    "Hiragana",
    "Inherited",
    "Javanese",
    "Kaithi",
    "Kannada",
    "Katakana",
    "Kawi",
    "Kharoshthi",
    "Khmer",
    "Khojki",
    "Khudawadi",
    "Lao",
    "Latin",
    "Lepcha",
    "Limbu",
    "Lisu",
    "Lycian",
    "Lydian",
    "Mahajani",
    "Makasar",
    "Malayalam",
    "Mandaic",
    "Manichaean",
    "Marchen",
    "Medefaidrin",
    "Miao",
    "Modi",
    "Mongolian",
    "Mro",
    "Multani",
    "Myanmar",
    "Nabataean",
    "Nandinagari",
    "Newa",
    "Nko",
    "Nushu",
    "Ogham",
    "Oriya",
    "Osage",
    "Osmanya",
    "Palmyrene",
    "Phoenician",
    "Rejang",
    "Runic",
    "Samaritan",
    "Saurashtra",
    "Sharada",
    "Shavian",
    "Siddham",
    "Sinhala",
    "Sogdian",
    "Soyombo",
    "Sundanese",
    "Syriac",
    "Tagalog",
    "Tagbanwa",
    "Takri",
    "Tamil",
    "Tangsa",
    "Tangut",
    "Telugu",
    "Thaana",
    "Thai",
    "Tibetan",
    "Tifinagh",
    "Tirhuta",
    "Toto",
    "Ugaritic",
    "Vai",
    "Vithkuqi",
    "Wancho",
    "Yezidi",
    "Yi",
];
