//! `aliasing`: maps that are changed in place, reached along every path there is.
//!
//! A program holds maps in variables, in each other, in lists, behind `with`, `range`, `include` and
//! `tpl`, changes some of them and prints all: a copy where Helm shares, or the reverse, shows.

use serde_json::json;

use super::exec;
use super::family::{Family, Question};
use crate::oracle::random::Random;

/// The family.
pub(super) const FAMILY: Family = Family::new(
    "aliasing",
    "set, unset, merge, mergeOverwrite, deepCopy and their kin through every path to a map",
    generate,
    exec::answer,
);

const VALUES: &str = r#"{"a":{"x":1,"n":{"p":"q","l":[{"i":1},2]}},"b":{"x":2,"y":null,"n":{"r":false}},"c":{},"l":[{"k":"v"},[{"z":0}],"s"],"s":"t","nil":null,"num":7}"#;

/// Ways to a map that things are put into; `$1` is one of them, `V` all values.
const HOLDERS: &[&str] = &[
    "V.a",
    "V.a.n",
    "V",
    "$1",
    "$1",
    "(index V \"a\")",
    "(get V \"a\")",
    "(dig \"a\" \"n\" (dict) V)",
    "(index V.a.n.l 0)",
];
/// Ways to a map that is put into others; `$2` is one of them. None of these ever holds a holder, and
/// hardly one itself: Helm dies of a map within itself.
const HELD: &[&str] = &[
    "V.b",
    "V.c",
    "V.b.n",
    "(index V.l 0)",
    "$2",
    "$2",
    "(get V \"b\")",
    "(index V.l 1 0)",
    "(pluck \"n\" V.b | first)",
    "(get V \"c\")",
];
/// What gives the very map `M` it is given, or a part of it, or a copy.
const DETOURS: &[&str] = &[
    "M",
    "M",
    "M",
    "M",
    "(last (list 1 M))",
    "(default M V.nil)",
    "(coalesce V.nil M)",
    "(ternary M 1 true)",
    "(list M | concat (list 1) | last)",
    "(dict \"w\" M).w",
    "(set (dict) \"m\" M).m",
    "(deepCopy M)",
    "(pick M \"x\" \"n\")",
    "(omit M \"x\")",
    "(index (values (dict \"o\" M)) 0)",
    "(reverse (list M 1) | first)",
    "(append (list 1) M | last)",
    "(uniq (list M M) | first)",
    "(index (chunk 1 (list M)) 0 0)",
    "(without (list M 2) 2 | first)",
    "(compact (list nil M) | first)",
    "(slice (list 1 M) 1 | first)",
    "(fromJson (toJson M))",
    "(fromYaml (toYaml M))",
    "(mustDeepCopy M)",
    "(tuple M | first)",
    "(and true M)",
    "(or M 1)",
    "(initial (list M 2) | first)",
    "(prepend (list 2) M | first)",
    "(rest (list 1 M) | first)",
    "(get (dict \"k\" M) \"k\")",
    "(merge (dict) M)",
    "(mergeOverwrite (dict \"x\" 0) M)",
    "(index (list M) 0)",
    "(required \"r\" M)",
    "(merge M (dict))",
    "(dig \"q\" M (dict))",
];
/// What is no map, for errors' sake.
const OTHERS: &[&str] = &[
    "V.s",
    "V.nil",
    "V.l",
    "V.num",
    "V.a.x",
    "V.none",
    "nil",
    "(list V.b)",
    "1",
    "V.a.n.l",
    "V.b.y",
];
/// Keys that no way to a holder goes through.
const ASIDE: &[&str] = &["x", "new", "l", "é", "p", "r"];
const KEYS: &[&str] = &["x", "y", "n", "p", "new", "a", "l", "", "é", "r"];
const SCALARS: &[&str] = &[
    "1",
    "\"s\"",
    "nil",
    "true",
    "(list 1)",
    "(dict)",
    "0",
    "(dict \"p\" 5)",
    "V.num",
    "1.5",
];

fn generate(random: &mut Random, _case: u64) -> Question {
    let rendered = random.percent(50);
    let mut maker = Maker { random };
    let mut text = format!(
        "{{{{ $1 := {} }}}}{{{{ $2 := {} }}}}",
        maker.start(&[
            "V.a",
            "V.a.n",
            "(dict \"n\" (deepCopy V.b))",
            "(dict)",
            "(dict \"x\" (list V.c))"
        ]),
        maker.start(&[
            "V.b",
            "V.c",
            "(index V.l 0)",
            "(dict \"k\" (dict))",
            "V.b.n"
        ])
    );
    for _ in 0..maker.random.pick(&[1, 2, 2, 3, 4]) {
        text += &maker.step(2);
    }
    text += &maker.shown();
    let partial = format!(
        "{{{{ define \"p\" }}}}{{{{ $1 := . }}}}{{{{ $2 := dict \"k\" (dict) }}}}{}{{{{ end }}}}",
        maker.step(0).replace('V', ".")
    );
    let root = if rendered { "$.Values" } else { "$" };
    // Variables cannot begin with a digit.
    let finish = |text: String, root: &str| {
        text.replace('V', root)
            .replace("$1", "$m")
            .replace("$2", "$o")
            .replace("..", ".")
    };
    let (text, partial) = (finish(text, root), finish(partial, "$"));
    let values: serde_json::Value = serde_json::from_str(VALUES).unwrap_or_default();
    if rendered {
        return json!({
            "op": "render_text", "template": text, "values": values,
            "templates": {"_p.tpl": partial, "z.yaml": "{{ toJson .Values }}"},
        })
        .into();
    }
    let text = text
        .replace("include \"p\"", "set (dict) \"p\"")
        .replace('V', "$");
    json!({"op": "exec", "template": text, "data": values, "missingkey": "zero"}).into()
}

struct Maker<'r> {
    random: &'r mut Random,
}

impl Maker<'_> {
    fn start(&mut self, from: &[&'static str]) -> &'static str {
        self.random.pick(from)
    }

    fn map(&mut self, from: &[&'static str]) -> String {
        if self.random.percent(9) {
            return self.random.pick(OTHERS).to_owned();
        }
        let map = self.random.pick(from);
        self.random.pick(DETOURS).replace('M', map)
    }

    fn holder(&mut self) -> String {
        self.map(HOLDERS)
    }

    fn held(&mut self) -> String {
        self.map(HELD)
    }

    /// Any map, to read or to put a scalar into.
    fn any(&mut self) -> String {
        match self.random.below(7) {
            0..=2 => self.holder(),
            3..=5 => self.held(),
            _ => self
                .random
                .pick(&["$1.n", "$1.x", "V.a.new", "$2.n", "V.new"])
                .to_owned(),
        }
    }

    /// A key and what is put there.
    fn entry(&mut self) -> String {
        if self.random.percent(50) {
            format!("{} {}", self.key(), self.random.pick(SCALARS))
        } else {
            format!("\"{}\" {}", self.random.pick(ASIDE), self.held())
        }
    }

    fn key(&mut self) -> String {
        format!("\"{}\"", self.random.pick(KEYS))
    }

    /// A change, a binding, or either within a block.
    fn step(&mut self, depth: usize) -> String {
        let change = self.change();
        let inner = match self.random.below(10) {
            0..=3 => format!("{{{{ $_ := {change} }}}}"),
            4 => format!("{{{{ {change} }}}}"),
            5 => format!("{{{{ $1 = {} }}}}", self.holder()),
            6 => format!("{{{{ $2 = {} }}}}", self.held()),
            7 => format!("{{{{ include \"p\" {} }}}}", self.any()),
            8 => format!(
                "{{{{ tpl \"{{{{ set . `t` 1 | len }}}}\" {} }}}}",
                self.any()
            ),
            _ => format!("{{{{ {change} | toJson }}}}"),
        };
        if depth == 0 {
            return inner;
        }
        match self.random.below(6) {
            0 => format!(
                "{{{{ with {} }}}}{}{{{{ set . \"w\" 1 | len }}}}{{{{ end }}}}",
                self.any(),
                self.step(depth - 1)
            ),
            1 => format!(
                "{{{{ range $k, $2 := {} }}}}{}{{{{ end }}}}",
                self.held(),
                self.step(depth - 1)
            ),
            2 => format!(
                "{{{{ range {} }}}}{}{{{{ end }}}}",
                self.any(),
                self.step(depth - 1)
            ),
            _ => inner,
        }
    }

    fn change(&mut self) -> String {
        // A scalar or a copy may go anywhere, a map only into a holder.
        let any = self.any();
        match self.random.below(13) {
            0..=2 => format!("set {} {}", self.holder(), self.entry()),
            3 => format!("unset {any} {}", self.key()),
            4 => format!("merge {} {}", self.holder(), self.held()),
            5 => format!("mergeOverwrite {} {}", self.holder(), self.held()),
            6 => format!(
                "mustMerge {} {} {}",
                self.holder(),
                self.held(),
                self.held()
            ),
            7 => format!(
                "mustMergeOverwrite {} {} {}",
                self.holder(),
                self.held(),
                self.held()
            ),
            8 => format!("merge (deepCopy {any}) {}", self.any()),
            9 => format!("{} | merge {}", self.held(), self.holder()),
            10 => format!(
                "{} {any} {}",
                self.random.pick(&["pick", "omit", "hasKey", "get"]),
                self.key()
            ),
            11 => format!("set {any} {} {}", self.key(), self.random.pick(SCALARS)),
            _ => format!(
                "set {} \"{}\" (list {} {})",
                self.holder(),
                self.random.pick(ASIDE),
                self.held(),
                self.held()
            ),
        }
    }

    /// All maps, and which of them are one.
    fn shown(&mut self) -> String {
        let mut text = "|{{ toJson V }}|{{ $1 | toJson }}|{{ $2 | toJson }}".to_owned();
        if self.random.percent(50) {
            text += "{{ $_ := set $1 \"mark\" 1 }}|{{ toJson V }}|{{ toJson $2 }}";
        }
        if self.random.percent(30) {
            text += "|{{ $1 }}|{{ deepEqual $1 $2 }}|{{ typeOf $1 }} {{ typeOf V.a }}";
        }
        text
    }
}
