//! YAML as people write it, and as they should not.

use super::scalars::{NUMBERS, WORDS};
use crate::fuzz_diff::words;
use crate::oracle::random::Random;

/// What a scanner gives a meaning to.
const PIECES: &[&str] = &[
    "\n",
    "\n",
    "\n  ",
    "\n ",
    " ",
    " ",
    ":",
    ": ",
    ":\n",
    "- ",
    "-",
    "? ",
    "?",
    "{",
    "}",
    "[",
    "]",
    ",",
    ", ",
    "&a ",
    "*a",
    "&a",
    "*b ",
    "!",
    "!!str ",
    "!x ",
    "!<x> ",
    "!!",
    "|",
    ">",
    "|\n",
    ">-\n",
    "|2\n",
    "\"",
    "'",
    "\\",
    "#",
    " #",
    "%",
    "@",
    "`",
    "\t",
    "\r",
    "\r\n",
    "---",
    "---\n",
    "...\n",
    "a",
    "b",
    "a: ",
    "1",
    "~",
    "<<",
    "<<: ",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\u{a0}",
    "\u{0}",
    "\u{7f}",
    "\u{1b}",
    "é",
    "☃",
    "\u{1F600}",
    "\u{fffe}",
    "%YAML 1.1\n",
    "%TAG ! x\n",
    "=",
    "null",
    "''",
    "\"\"",
    "\\x41",
    "\\u263a",
    "  ",
    "\n\n",
    "\n\t",
    "- - ",
    "!!binary ",
    "!!map ",
    "!!seq ",
];

/// A stream, whole or broken.
pub(super) fn document(random: &mut Random) -> String {
    if random.percent(15) {
        return words::soup(random, PIECES, 14);
    }
    let mut text = words::pick(
        random,
        &[
            "",
            "",
            "",
            "",
            "",
            "",
            "---\n",
            "# c\n",
            "\n",
            "%YAML 1.1\n---\n",
            "%TAG !e! tag:x,2000:\n---\n",
            "--- ",
            "---  # c\n",
            "%X a\n---\n",
            "\u{feff}",
            "%YAML 1.2\n---\n",
            "%YAML 2.0\n---\n",
            "%TAG ! !x\n--- ",
        ],
    );
    let mut writer = Writer { random, anchors: 0 };
    let (step, depth) = (
        writer.random.pick(&[2, 2, 2, 4, 1, 3, 0]),
        writer.random.pick(&[1, 2, 3, 3]),
    );
    text += &writer.block(0, step, depth);
    text += random.pick(&[
        "",
        "",
        "",
        "",
        "",
        "\n",
        "...\n",
        "---\n",
        "---\na: b\n",
        "...\n---\n[",
        "# end",
        "\n\n  \n",
        "... x\n",
        "--- x\n",
    ]);
    if random.percent(40) {
        text = words::damaged(random, &text, PIECES);
    }
    match random.below(40) {
        0 => text.replace('\n', "\r\n"),
        1 => text.replace('\n', "\r"),
        2 => text.trim_end().to_owned(),
        _ => text,
    }
}

struct Writer<'r> {
    random: &'r mut Random,
    anchors: usize,
}

impl Writer<'_> {
    /// A node in lines of its own, so far to the right.
    fn block(&mut self, indent: usize, step: usize, depth: usize) -> String {
        let pad = " ".repeat(indent);
        match self.random.below(if depth == 0 { 3 } else { 12 }) {
            0 => format!("{pad}{}\n", self.flow(2)),
            1 => format!("{pad}{}\n", self.scalar()),
            2 => format!("{pad}{}", self.text_block(indent)),
            3..9 => self.mapping(&pad, indent, step, depth),
            _ => self.sequence(&pad, indent, step, depth),
        }
    }

    fn mapping(&mut self, pad: &str, indent: usize, step: usize, depth: usize) -> String {
        let mut text = String::new();
        for _ in 0..1 + self.random.below(4) {
            let stray = self
                .random
                .pick(&["", "", "", "", "", "", "", "", "", "", "", "", "", " "]);
            let key = self.key();
            text += &format!(
                "{pad}{stray}{key}{}",
                self.random
                    .pick(&[":", ":", ":", ":", ":", ":", " :", ":  "])
            );
            text += &self.entry(indent, step, depth);
            text += self
                .random
                .pick(&["", "", "", "", "", "\n", "# c\n", "  # c\n"]);
        }
        text
    }

    fn sequence(&mut self, pad: &str, indent: usize, step: usize, depth: usize) -> String {
        let mut text = String::new();
        for _ in 0..1 + self.random.below(4) {
            text += &format!("{pad}-");
            if self.random.percent(20) {
                // A compact mapping within.
                let inner = " ".repeat(indent + 2);
                let mapping = self.mapping(&inner, indent + 2, step, depth - 1);
                text += &format!(" {}", &mapping[inner.len()..]);
            } else {
                text += &self.entry(indent, step, depth);
            }
        }
        text
    }

    /// What follows a colon or a dash.
    fn entry(&mut self, indent: usize, step: usize, depth: usize) -> String {
        let properties = self.properties();
        match self.random.below(10) {
            0..5 => format!(
                " {properties}{}{}\n",
                self.scalar(),
                self.random.pick(&["", "", "", "", " # c", " "])
            ),
            5 => format!(" {properties}{}", self.text_block(indent)),
            6 => format!(" {properties}{}\n", self.flow(2)),
            7 => self
                .random
                .pick(&["\n", " \n", " *a\n", " *b\n", " # c\n", " *a1\n"])
                .to_owned(),
            _ => {
                let inner = indent + step.max(usize::from(self.random.percent(60)));
                format!(
                    " {properties}\n{}",
                    self.block(inner, step, depth.saturating_sub(1))
                )
            }
        }
    }

    fn properties(&mut self) -> String {
        match self.random.below(30) {
            0..3 => {
                self.anchors += 1;
                let name = self
                    .random
                    .pick(&["a", "a", "b", "a1", "a-b", "é", "a:", ""]);
                format!("&{name} ")
            }
            3 | 4 => format!("{} ", self.tag()),
            5 => format!("{} &a ", self.tag()),
            6 => format!("&b {} ", self.tag()),
            _ => String::new(),
        }
    }

    fn tag(&mut self) -> &'static str {
        self.random.pick(&[
            "!!str",
            "!!int",
            "!!float",
            "!!bool",
            "!!null",
            "!!map",
            "!!seq",
            "!!binary",
            "!!timestamp",
            "!!merge",
            "!!set",
            "!!omap",
            "!x",
            "!",
            "!<tag:yaml.org,2002:str>",
            "!<tag:yaml.org,2002:int>",
            "!<!x>",
            "!e!x",
            "!x!y",
            "!!",
            "!!nope",
            "!<",
            "!%41",
            "!a,b",
            "!<x",
            "!{}",
            "!!str,",
        ])
    }

    fn key(&mut self) -> String {
        match self.random.below(14) {
            0 => "<<".to_owned(),
            1 => self.scalar(),
            2 => words::pick(
                self.random,
                &[
                    "? a\n",
                    "*a ",
                    "&k a",
                    "!!str 1",
                    "[a]",
                    "{a: b}",
                    "? ",
                    "? |\n  x\n",
                    "*b",
                    "? [a]\n",
                    "- a",
                    "!!int a",
                    "&a 1",
                    "!!binary aGk=",
                ],
            ),
            3 => words::pick(
                self.random,
                &[
                    "1",
                    "01",
                    "1.0",
                    "1e3",
                    "true",
                    "yes",
                    "null",
                    "~",
                    "0x10",
                    ".inf",
                    "2024-01-02",
                    "\"\"",
                    "'a'",
                    "1_0",
                    "-0",
                    "y",
                    "0b1",
                    "1:30",
                    "18446744073709551616",
                    ".nan",
                ],
            ),
            _ => words::pick(
                self.random,
                &["a", "a", "b", "c", "d", "key", "a b", "x-y", "a.b/c", "é"],
            ),
        }
    }

    fn scalar(&mut self) -> String {
        match self.random.below(12) {
            0..3 => words::pick(self.random, NUMBERS),
            3 | 4 => words::pick(self.random, WORDS),
            5 => self.quoted(),
            6 => self.folded(),
            7 => words::pick(self.random, &["*a", "*b", "*a1", "*", "*a ", "*é"]),
            8 => format!("{} {}", self.tag(), words::pick(self.random, NUMBERS)),
            9 => format!("{} {}", self.tag(), words::pick(self.random, WORDS)),
            _ => words::pick(
                self.random,
                &[
                    "a", "b", "text", "a b c", "x:y", "x#y", "a, b", "-x", "?x", ":x", "a: b",
                    "- a", "a #b", "[", "{", "]", "@", "`", "%", "|", ">", "&", "!", "\"", "'",
                    "#", ",", "-", "?", ":", "<<", "=", "--- a", "...",
                ],
            ),
        }
    }

    fn quoted(&mut self) -> String {
        const WITHIN: &[&str] = &[
            "a",
            "b",
            " ",
            "  ",
            "\n",
            "\n\n",
            "\n  ",
            "\\n",
            "\\t",
            "\\\"",
            "\\\\",
            "\\/",
            "\\x41",
            "\\u263a",
            "\\U0001F600",
            "\\ud83d\\ude00",
            "\\ud800",
            "\\0",
            "\\a",
            "\\e",
            "\\_",
            "\\N",
            "\\L",
            "\\P",
            "\\ ",
            "\\\n",
            "\\q",
            "\\x4",
            "\\U00110000",
            "''",
            "#",
            ": ",
            "é",
            "\t",
            "\u{85}",
            "---",
            "\\z",
            "\n---\n",
            "1",
            "{",
            "%",
        ];
        let inner = words::soup(self.random, WITHIN, 5);
        match self.random.below(12) {
            0 => format!("\"{inner}"),
            1 => format!("'{inner}"),
            2..7 => format!("\"{inner}\""),
            7 => format!("\"{inner}\"x"),
            _ => format!("'{}'", inner.replace('\\', "")),
        }
    }

    /// A plain scalar over several lines.
    fn folded(&mut self) -> String {
        const WITHIN: &[&str] = &[
            "a",
            "b",
            " ",
            "\n  ",
            "\n\n  ",
            "\n ",
            "\n    ",
            " #",
            "#",
            ":",
            "- ",
            "\t",
            "c",
            "\n   \n  ",
        ];
        format!("a{}b", words::soup(self.random, WITHIN, 5))
    }

    fn text_block(&mut self, indent: usize) -> String {
        let head = self.random.pick(&[
            "|", ">", "|", ">", "|-", "|+", ">-", ">+", "|2", "|1", ">2-", "|+4", "|0", "|9",
            ">10", "|-+", "|x", "| #c", "|#c", "|\t", "> x",
        ]);
        let inner = indent + self.random.pick(&[2, 2, 2, 1, 3, 4, 0]);
        let mut text = format!("{head}\n");
        for _ in 0..self.random.below(5) {
            let more = self.random.pick(&[0, 0, 0, 0, 1, 2]);
            let line = self.random.pick(&[
                "text", "a b", "", "", " ", "# x", "- a", "k: v", "\tt", "é", "---", "{{ x }}",
                "...", "\"", "'a", "trail ", "   ",
            ]);
            text += &format!("{}{line}\n", " ".repeat(inner + more));
        }
        text + self.random.pick(&["", "", "", "\n", "\n\n", "  \n", " "])
    }

    fn flow(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.scalar();
        }
        let comma = self
            .random
            .pick(&[", ", ", ", ",", " , ", ",\n  ", ",, ", "\n, "]);
        let mut items = Vec::new();
        let is_map = self.random.percent(55);
        for _ in 0..self.random.below(4) {
            let properties = self.properties();
            let value = if self.random.percent(30) {
                self.flow(depth - 1)
            } else {
                self.scalar()
            };
            items.push(match self.random.below(12) {
                0 if is_map => self.key(),
                1 if is_map => format!("{}:{value}", self.key()),
                2 if is_map => format!("\"k\":{value}"),
                3 => format!("? {}: {value}", self.key()),
                4 if !is_map => format!("{}: {value}", self.key()),
                _ if is_map => format!("{}: {properties}{value}", self.key()),
                _ => format!("{properties}{value}"),
            });
        }
        let items = items.join(comma);
        let after = self
            .random
            .pick(&["", "", "", "", "", ",", " ", "\n", " # c\n", "x"]);
        let (open, close) = if is_map { ("{", "}") } else { ("[", "]") };
        let close = if self.random.percent(4) { "" } else { close };
        format!("{open}{items}{after}{close}")
    }
}
