//! `control`: control flow, scoping, trimming, and templates within templates.
//!
//! Programs are made by a grammar that knows which variables and templates there are, then often
//! damaged: a character left out or put in gives the parser something to complain of.

use serde_json::json;

use super::exec;
use super::family::{Family, Question};
use crate::oracle::random::Random;

/// The family.
pub(super) const FAMILY: Family = Family::new(
    "control",
    "control flow, scoping, trimming, define, template, block, tpl, include, break, continue",
    generate,
    exec::answer,
);

const VALUES: &str = r#"{"s":"text","n":3,"f":1.5,"t":true,"z":0,"nil":null,"l":[1,"a",null,2.5],"e":[],"em":{},"m":{"a":1,"b":"two","n":{"x":{"y":"deep"}},"l":["p","q"]},"ms":[{"k":1},{"k":2}]}"#;

const ATOMS: &[&str] = &[
    ".s",
    ".n",
    ".f",
    ".t",
    ".z",
    ".nil",
    ".l",
    ".e",
    ".em",
    ".m",
    ".m.a",
    ".m.n.x",
    ".m.n.x.y",
    ".m.zz",
    ".m.zz.y",
    ".s.x",
    ".missing",
    ".missing.x",
    ".ms",
    "$",
    ".",
    "$.s",
    "$.m.b",
    "$x",
    "$y",
    "$x.a",
    "$z",
    "nil",
    "true",
    "false",
    "1",
    "0",
    "-3",
    "2.5",
    "\"str\"",
    "`raw`",
    "'c'",
    "(list 1 2)",
    "(dict \"a\" 1)",
    ".k",
    ".a",
    "(.m)",
    "(.m).a",
    "(index .l 1)",
    "$.nil.x",
    ".m.a.b",
    "(list).x",
    "0x1F",
    "1e3",
    ".Values",
];
const FUNCTIONS: &[&str] = &[
    "upper",
    "quote",
    "default \"d\"",
    "list",
    "len",
    "not",
    "print",
    "printf \"%v\"",
    "and",
    "or",
    "eq",
    "ne",
    "lt",
    "gt",
    "le",
    "ge",
    "index",
    "slice",
    "toJson",
    "toYaml",
    "add 1",
    "empty",
    "ternary 1 2",
    "fail",
    "required \"r\"",
    "include \"t\"",
    "include \"u\"",
    "include .s",
    "tpl",
    "tpl \"{{ . }}\"",
    "tpl \"{{ template `t` . }}\"",
    "typeOf",
    "html",
    "until",
    "dict \"k\"",
    "first",
    "coalesce",
    "nope",
    "int",
    "trunc 2",
    "call",
    "and true",
    "or false",
    "hasKey .m",
    "range",
    "keys | len",
    "without .l",
    "kindOf",
    "tpl \"{{ $x }}\"",
    "tpl \"{{ define `t` }}T{{ end }}{{ include `t` . }}\"",
];
/// What succeeds nearly anywhere.
const SENSE: &[&str] = &[
    "$x",
    "$y",
    ".",
    "\"s\" | upper",
    "len \"é\"",
    "printf \"%v\" $x",
    "default \"d\" $y",
    "eq 1 1",
    "and $x $y",
    "or $x 0",
    "not $y",
    "list $x 1",
    "dict \"a\" $x",
    "toJson .",
    "include \"u\" $x",
    "include \"u\" 1",
    "tpl \"[{{ . }}]\" $y",
    "typeOf .",
    "print $x",
    "ternary 1 2 true",
    "empty $y",
    "true",
    "false",
    "0",
    "1.5",
    "\"\"",
    "(list)",
    "(dict)",
    "(dict \"k\" (dict \"a\" 2)).k.a",
    "coalesce $y $x",
    "$",
    "kindOf $y",
    "include \"t\" .",
    "tpl \"{{ $x := 1 }}{{ $x }}{{ template `u` . }}\" .",
    "tpl \"{{ define `u` }}U{{ end }}{{ include `u` . }}\" 1",
    "until 2",
    "gt 2 1",
    "ne \"a\" \"b\"",
    "lt 1.5 2.5",
    "html \"<\"",
    "index (list 1 2) 1",
    "slice \"abc\" 1 2",
    "int64 5 | add 1",
    "(split \",\" \"a,b\")._0",
    "quote $x | trunc 3",
    "1 | and true",
    "println $y",
];
const TEXTS: &[&str] = &[
    "text",
    " ",
    "\n",
    " a\n",
    "é",
    "\t",
    "  \n  ",
    "\r\n",
    "-",
    "{",
    "}",
    "a: b\n",
    "\u{a0}",
    "}}",
    "{ {",
    "{{/* c */}}",
    "{{- /* c */ -}}",
    "{{/* a\nb */}}",
    "<no value>",
    "\u{b}",
    " \u{85}",
];
const RANGED: &[&str] = &[
    ".l",
    ".m",
    ".e",
    ".em",
    ".n",
    ".s",
    ".nil",
    ".ms",
    "3",
    "0",
    "-1",
    ".m.l",
    "(list 1 nil \"a\")",
    "(dict \"b\" 1 \"a\" 2)",
    ".f",
    "(until 2)",
    "(split \",\" \"a,b\")",
    "(int64 2)",
    ".t",
    "$x",
    "nil",
    "(list)",
    "$.l",
    "\"abc\"",
    "(list 1 2 | first)",
];

fn generate(random: &mut Random, _case: u64) -> Question {
    let wild = random.percent(38);
    let mut maker = Maker {
        random,
        left: 40,
        wild,
    };
    let mut text = String::new();
    if !wild || maker.random.percent(70) {
        text += maker.random.pick(&[
            "{{ $x := .m }}{{ $y := 1 }}",
            "{{ $x := .nil }}{{ $y := .l }}",
            "{{- $x := \"q\" -}}{{ $y := .s }}",
        ]);
    }
    if maker.random.percent(40) {
        text += &maker.define();
    }
    let count = maker.random.pick(&[1, 1, 2, 3]);
    text += &maker.body(3, count);
    let partial = format!(
        "{{{{ define \"t\" }}}}{}{{{{ end }}}}\n{{{{- define \"u\" -}}}} [{{{{ . }}}}] {{{{- end }}}}",
        maker.body(1, 1)
    );
    let random = maker.random;
    let text = if wild { damage(random, text) } else { text };
    let values: serde_json::Value = serde_json::from_str(VALUES).unwrap_or_default();
    if random.percent(50) {
        let root = "{{- with .Values }}".to_owned();
        // Half of the time below `with`, so that paths reach the values.
        let text = if random.percent(60) {
            format!("{root}{text}{{{{ end }}}}")
        } else {
            text
        };
        return json!({
            "op": "render_text", "template": text, "values": values, "templates": {"_p.tpl": partial},
            "strict": random.percent(20),
        })
        .into();
    }
    json!({
        "op": "exec", "name": "main", "template": text, "data": values, "templates": {"p": partial},
        "missingkey": random.pick(&["zero", "default", "error"]),
    })
    .into()
}

/// Leaves out or puts in a few characters.
fn damage(random: &mut Random, text: String) -> String {
    const ODD: &[char] = &[
        '{', '}', '(', ')', '|', '.', '$', '"', '`', '\'', '=', ':', ',', '-', '+', ' ', '\n',
        '\t', 'é', '@', '#', '0', 'x', '1', 'e', 'i', 'p', '_', '/', '*', '\\', '\u{0}', '\u{a0}',
        '!', '&', '%',
    ];
    if !random.percent(50) {
        return text;
    }
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..random.pick(&[1, 1, 1, 2, 3]) {
        let at = random.below(chars.len().max(1));
        match random.below(10) {
            0..=3 if at < chars.len() => drop(chars.remove(at)),
            4..=7 => chars.insert(at.min(chars.len()), random.pick(ODD)),
            8 => chars.truncate(at),
            _ if at < chars.len() => chars[at] = random.pick(ODD),
            _ => {}
        }
    }
    chars.into_iter().collect()
}

/// Makes programs; each statement costs of what is left.
struct Maker<'r> {
    random: &'r mut Random,
    left: usize,
    /// Anything goes; otherwise most of what is said makes sense.
    wild: bool,
}

impl Maker<'_> {
    fn body(&mut self, depth: usize, count: usize) -> String {
        (0..count).map(|_| self.statement(depth)).collect()
    }

    /// An action with its brackets, trimming or not.
    fn action(&mut self, inner: &str) -> String {
        let open = self
            .random
            .pick(&["{{ ", "{{ ", "{{ ", "{{ ", "{{- ", "{{", "{{-\n", "{{ \t"]);
        let close = self
            .random
            .pick(&[" }}", " }}", " }}", " }}", " -}}", "}}", "\n-}}", "\t }}"]);
        format!("{open}{inner}{close}")
    }

    fn statement(&mut self, depth: usize) -> String {
        if self.left == 0 {
            return String::new();
        }
        self.left -= 1;
        match self.random.below(100) {
            0..=16 => self.random.pick(TEXTS).to_owned(),
            17..=44 => {
                let inner = self.pipeline(2);
                self.action(&inner)
            }
            _ if depth == 0 => self.declaration(),
            45..=58 => self.branch(depth),
            59..=76 => self.range(depth),
            77..=83 => {
                let name = self.name();
                let argument = if self.random.percent(70) {
                    self.argument(1)
                } else {
                    String::new()
                };
                self.action(&format!("template {name} {argument}"))
            }
            84..=87 => {
                let (name, argument) = (self.name(), self.argument(1));
                let head = self.action(&format!("block {name} {argument}"));
                head + &self.body(depth - 1, 1) + "{{ end }}"
            }
            88..=90 => self.define(),
            91..=93 if self.wild => {
                let word = self.random.pick(&["break", "continue"]);
                self.action(word)
            }
            _ => self.declaration(),
        }
    }

    fn declaration(&mut self) -> String {
        let target = self.random.pick(&[
            "$x := ",
            "$y := ",
            "$z := ",
            "$x = ",
            "$y = ",
            "$z = ",
            "$x, $y := ",
            "$ = ",
        ]);
        let inner = format!("{target}{}", self.pipeline(1));
        self.action(&inner)
    }

    fn define(&mut self) -> String {
        let name = self.name();
        let head = self.action(&format!("define {name}"));
        head + &self.body(1, 1)
            + self
                .random
                .pick(&["{{ end }}", "{{- end -}}", "{{ end }}\n", "{{ end }}", ""])
    }

    fn name(&mut self) -> &'static str {
        self.random.pick(&[
            "\"t\"",
            "\"u\"",
            "\"t\"",
            "\"u\"",
            "\"v\"",
            "`t`",
            "\"\"",
            "\"none\"",
            "\"w x\"",
            ".s",
            "\"gotpl\"",
        ])
    }

    fn branch(&mut self, depth: usize) -> String {
        let word = self.random.pick(&["if", "with"]);
        let head = format!("{word} {}", self.condition());
        let mut text = self.action(&head) + &self.body(depth - 1, 1);
        while self.random.percent(25) {
            let word = self.random.pick(&["if", "if", "with", ""]);
            let head = format!("else {word} {}", self.condition());
            text += &self.action(&head);
            text += &self.body(depth - 1, 1);
        }
        if self.random.percent(40) {
            text += &self.action("else");
            text += &self.body(depth - 1, 1);
        }
        text + &self.action("end")
    }

    fn condition(&mut self) -> String {
        let target = self.random.pick(&["", "", "", "$x := ", "$w := ", "$x = "]);
        format!("{target}{}", self.pipeline(1))
    }

    fn range(&mut self, depth: usize) -> String {
        let target = self.random.pick(&[
            "",
            "",
            "$x := ",
            "$i, $x := ",
            "$i, $x = ",
            "$x, $y = ",
            "$x = ",
            "$i, $v := ",
            "$a, $b, $c := ",
        ]);
        let over = if !self.wild && self.random.percent(95) {
            self.random
                .pick(&[
                    "(list 1 nil \"a\")",
                    "(dict \"b\" 1 \"a\" 2)",
                    "(until 2)",
                    "3",
                    "(list)",
                    "(dict)",
                    "0",
                    "(split \",\" \"a,b\")",
                    "(list 1 2)",
                ])
                .to_owned()
        } else if self.random.percent(85) {
            self.random.pick(RANGED).to_owned()
        } else {
            self.pipeline(1)
        };
        let mut text = self.action(&format!("range {target}{over}"));
        let count = self.random.pick(&[1, 1, 2]);
        text += &self.body(depth - 1, count);
        if self.random.percent(30) {
            let word = self.random.pick(&[
                "break",
                "continue",
                "if eq . 1 }}{{ break }}{{ end",
                "if . }}{{ continue }}{{ end",
            ]);
            text += &self.action(word);
            text += &self.body(depth - 1, 1);
        }
        if self.random.percent(30) {
            text += &self.action("else");
            text += &self.body(depth - 1, 1);
        }
        text + &self.action("end")
    }

    fn pipeline(&mut self, depth: usize) -> String {
        if !self.wild && self.random.percent(97) {
            return self.random.pick(SENSE).to_owned();
        }
        let count = self.random.pick(&[1, 1, 1, 1, 2, 2, 3]);
        let commands: Vec<String> = (0..count).map(|at| self.command(depth, at == 0)).collect();
        commands.join(self.random.pick(&[" | ", " | ", "|", " |\n"]))
    }

    fn command(&mut self, depth: usize, first: bool) -> String {
        if first && self.random.percent(50) {
            return self.argument(depth);
        }
        let mut text = self.random.pick(FUNCTIONS).to_owned();
        let count = if first {
            self.random.pick(&[0, 1, 1, 1, 2, 2])
        } else {
            self.random.pick(&[0, 0, 0, 1])
        };
        for _ in 0..count {
            text.push(' ');
            text += &self.argument(depth);
        }
        text
    }

    fn argument(&mut self, depth: usize) -> String {
        if !self.wild && self.random.percent(97) {
            return self
                .random
                .pick(&[
                    "$",
                    ".",
                    "$x",
                    "1",
                    "(list 1 2)",
                    "(dict \"a\" 1)",
                    "\"s\"",
                    "nil",
                ])
                .to_owned();
        }
        if depth > 0 && self.random.percent(28) {
            let inner = self.pipeline(depth - 1);
            let path = self.random.pick(&["", "", "", "", ".a", ".x.y", ".k"]);
            return format!("({inner}){path}");
        }
        self.random.pick(ATOMS).to_owned()
    }
}
