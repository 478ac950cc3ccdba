//! `regex`: expressions of RE2's syntax, whole and damaged, and all functions that take one.
//!
//! The functions without `must` panic where an expression does not parse, which a template reports
//! as their error; so both kinds show the parser's words.

use serde_json::json;

use super::exec;
use super::family::{Family, Question};
use crate::oracle::random::Random;

/// The family.
pub(super) const FAMILY: Family = Family::new(
    "regex",
    "RE2 syntax and semantics through all regex functions",
    generate,
    exec::answer,
);

const LITERALS: &[&str] = &[
    "a", "b", "o", "x", "1", " ", "-", "é", "k", "{", "}", "]", "\n", "K", "ſ", "ab", "中",
    "\u{0}", "_", ",", "ß", "İ", "#",
];
const ESCAPES: &[&str] = &[
    "\\w",
    "\\d",
    "\\s",
    "\\W",
    "\\D",
    "\\S",
    "\\b",
    "\\B",
    "^",
    "$",
    "\\z",
    "\\A",
    "\\pL",
    "\\p{Lu}",
    "\\PN",
    "\\p{Greek}",
    "\\p{^Han}",
    "\\P{Ll}",
    "\\p{Any}",
    "\\pZ",
    "\\.",
    "\\Qa.b\\E",
    "\\x41",
    "\\x{e9}",
    "\\012",
    "\\n",
    "\\t",
    "\\-",
    "\\/",
    "\\a",
    "\\f",
    "\\r",
    "\\v",
    "\\Q*\\E+",
    "\\x{10FFFF}",
    "\\p{Latin}",
    "\\p{Cyrillic}",
    "\\p{L}",
    "\\101",
    "\\0",
    "\\é",
    "\\_",
];
const MODES: &[&str] = &[
    "(?i)", "(?s)", "(?m)", "(?-i)", "(?U)", "(?im)", "(?s-m)", "(?i-s:b)", "(?)",
];
const CLASSES: &[&str] = &[
    "[abc]",
    "[^a]",
    "[a-z]",
    "[A-Z0-9_]",
    "[[:alpha:]]",
    "[[:^space:]]",
    "[\\w-]",
    "[]a]",
    "[^]a]",
    "[a-]",
    "[-a]",
    "[\\d\\s]",
    "[^\\n]",
    "[\\p{L}x]",
    "[é-ü]",
    "[[:word:]]",
    "[\\x00-\\x{10FFFF}]",
    "[[:punct:][:digit:]]",
    "[^\\w]",
    "[\\-\\]]",
    "[a^]",
    "[^^]",
    "[\\pL\\PL]",
    "[[:ascii:]]",
    "[k]",
    "[^\\x00-\\x{10FFFF}]",
    "[.]",
    "[*+?]",
    "[ſ]",
    "[\\D\\d]",
    "[[:blank:]]",
    "[[:xdigit:]]",
    "[[:cntrl:][:graph:]]",
    "[[a]",
    "[\\Q]\\E]",
];
const REPEATS: &[&str] = &[
    "*", "+", "?", "*?", "+?", "??", "{2}", "{1,}", "{0,2}", "{2}?", "{0}", "{1,3}", "{,2}",
    "{01}", "{2,}?", "{ 1}", "{a}",
];
const GROUPS: &[&str] = &[
    "(", "(", "(?:", "(?P<n>", "(?<m>", "(?i:", "(?s-i:", "(?P<w2>",
];
/// What no expression may hold, here or at all.
const WRONG: &[&str] = &[
    "(",
    ")",
    "[",
    "[a",
    "*",
    "**",
    "a**",
    "+*",
    "?+",
    "{2}{3}",
    "[z-a]",
    "[[:foo:]]",
    "\\",
    "\\q",
    "\\1",
    "\\8",
    "\\C",
    "\\Z",
    "\\G",
    "\\p",
    "\\p{",
    "\\p{Foo}",
    "\\pX",
    "\\x",
    "\\x{",
    "\\x{110000}",
    "\\xg",
    "(?P<n",
    "(?P<>a)",
    "(?P<1>a)",
    "(?P<n>a)(?P<n>b)",
    "(?=a)",
    "(?!a)",
    "(?<=a)",
    "(?<!a)",
    "(?>a)",
    "(?z)",
    "(?i",
    "(?-)",
    "(?i-)",
    "(?P=n)",
    "(?#c)",
    "{1001}",
    "a{1001}",
    "a{2,1}",
    "(a{1000}){1000}",
    "((a{100}){100}){100}",
    "[a-\\d]",
    "[\\d-z]",
    "x{1000}{2}",
    "\\Q\\E*",
    "[[:alpha:]-z]",
    "[a-z-9]",
    "(?P<é>a)",
    "(?Px)",
    "(?",
    "(?:",
    "\\pN{3,1}",
    "a{99999999999}",
    "[]",
    "[^]",
    "[\\q]",
    "|*",
    "^*",
    "(|a)*",
    "$+?+",
    "\\b+",
    "(?i)(?",
    "()*",
    "(?s).{2,1000}.{999}",
    "++",
    "[[:^alpha]]",
    "\\u0041",
    "\\k<n>",
    "(?&n)",
    "(?P>n)",
    "\\K",
    "\\h",
    "\\R",
    "\\X",
    "\\N{x}",
];
const TEXTS: &[&str] = &[
    "",
    "a",
    "abc",
    "aaa",
    "foo bar baz",
    "a1b22c333",
    "éaéb",
    "ABCabc",
    "line1\nline2\nline3",
    "kKK\u{212a}",
    "sSſ",
    "  ",
    "x-y_z",
    "中文abc",
    "a.b*c",
    "aXbXc",
    "oo\no",
    "ababab",
    "a\u{0}b",
    "{}[]()",
    "1,2,,3",
    "ßẞß",
    "foo\r\nbar",
    "😀a😀",
    "_a_",
    "abcabcabc xyz",
    "\u{fffd}",
    "IİıI",
    "Straße",
    "ab\nab",
    "\t\u{b}\u{a0} ",
];
const REPLACEMENTS: &[&str] = &[
    "", "X", "$1", "${1}", "$0", "$n", "${n}x", "$1x", "$$", "$", "${", "${}", "$2-$1", "é$1",
    "\\1", "$9", "${1", "$w2", "$n_", "${n}_", "$-", "$é", "${1x}", "$01", "[$0]", "$1$2$3",
];
const COUNTS: &[&str] = &["-1", "-1", "0", "1", "2", "3", "100", "-5"];

fn generate(random: &mut Random, _case: u64) -> Question {
    let expression = expression(random);
    let text = text(random);
    let count = random.pick(COUNTS);
    let must = random.percent(50);
    let name = |plain: &str| match plain.split_at(1) {
        (first, rest) if must => format!("must{}{rest}", first.to_uppercase()),
        _ => plain.to_owned(),
    };
    let call = match random.below(12) {
        0 | 1 => format!("{} .e .s", name("regexMatch")),
        2 | 3 => format!("{} .e .s", name("regexFind")),
        4..=6 => format!("{} .e .s {count}", name("regexFindAll")),
        7 | 8 => format!("{} .e .s .r", name("regexReplaceAll")),
        9 => format!("{} .e .s .r", name("regexReplaceAllLiteral")),
        10 => format!("{} .e .s {count}", name("regexSplit")),
        _ => "regexQuoteMeta .e".to_owned(),
    };
    let replacement = random.pick(REPLACEMENTS);
    json!({
        "op": "exec", "template": format!("{{{{ {call} | toRawJson }}}}"),
        "data": {"e": expression, "s": text, "r": replacement},
    })
    .into()
}

fn text(random: &mut Random) -> String {
    let count = random.pick(&[1, 1, 2, 3]);
    (0..count).map(|_| random.pick(TEXTS)).collect()
}

fn expression(random: &mut Random) -> String {
    let mut left = 14;
    let mut text = sequence(random, 0, &mut left);
    if random.percent(48) {
        let marks: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let at = random.pick(&marks[..]).min(text.len());
        text.insert_str(at, random.pick(WRONG));
    } else if random.percent(14) {
        let mut chars: Vec<char> = text.chars().collect();
        let at = random.below(chars.len());
        match random.below(3) {
            0 if !chars.is_empty() => drop(chars.remove(at)),
            1 => chars.truncate(at),
            _ => chars.insert(
                at,
                random.pick(&['\\', '(', ')', '[', ']', '{', '*', '?', '^', '-', ':', '<']),
            ),
        }
        text = chars.into_iter().collect();
    }
    text
}

fn sequence(random: &mut Random, depth: usize, left: &mut usize) -> String {
    let mut text = String::new();
    for _ in 0..random.pick(&[1, 1, 2, 3, 4]) {
        if *left == 0 {
            break;
        }
        *left -= 1;
        match random.below(20) {
            0..=5 => text += random.pick(LITERALS),
            6 | 7 => text.push('.'),
            8..=10 => text += random.pick(ESCAPES),
            11..=13 => text += random.pick(CLASSES),
            14 if random.percent(40) => text += random.pick(MODES),
            15..=17 if depth < 3 => {
                text += random.pick(GROUPS);
                text += &sequence(random, depth + 1, left);
                text.push(')');
            }
            18 => {
                text.push('|');
                continue;
            }
            _ => text.push('a'),
        }
        if random.percent(32) {
            text += random.pick(REPEATS);
        }
    }
    if text.is_empty() {
        "a".to_owned()
    } else {
        text
    }
}
