//! Templates that look at the scope from all sides, and change it.

use crate::oracle::random::Random;

/// Partials; charts share their names, the last one parsed wins.
pub(super) fn partials(random: &mut Random, chart: &str) -> String {
    let mut text = format!("{{{{- define \"{chart}.p\" -}}}}\nfrom-{chart}\n{{{{- end }}}}\n");
    for name in ["shared", "deep", "change"] {
        if !random.percent(85) {
            continue;
        }
        let body = match name {
            "shared" => format!(
                "{{{{ .Chart.Name }}}}-{chart}-{{{{ {} | toJson }}}}",
                look(random)
            ),
            "deep" => "{{ include \"shared\" . }}/{{ .Template.Name }}".to_owned(),
            _ => statement(random, &[]),
        };
        text += &format!("{{{{- define \"{name}\" -}}}}\n{body}\n{{{{- end }}}}\n");
    }
    text
}

/// A manifest, or several.
pub(super) fn manifest(random: &mut Random, chart: &str, below: &[&str]) -> String {
    let mut text = String::new();
    for at in 0..1 + random.below(2) {
        if at > 0 {
            text += "---\n";
        }
        let kind = random.pick(&["ConfigMap", "Service", "Secret", "Widget", "Namespace"]);
        text += &format!("apiVersion: v1\nkind: {kind}\nmetadata:\n  name: {chart}-{at}\n");
        if random.percent(15) {
            let hook = random.pick(&["pre-install", "test", "post-upgrade,pre-install", "nope"]);
            text += &format!(
                "  annotations:\n    helm.sh/hook: {hook}\n    helm.sh/hook-weight: \"{}\"\n",
                random.below(3)
            );
        }
        text += "data:\n";
        for n in 0..1 + random.below(5) {
            if random.percent(40) {
                text += &statement(random, below);
                text.push('\n');
            } else {
                text += &format!("  k{n}: {}\n", shown(random, below));
            }
        }
        if random.percent(50) {
            text += "  values: {{ .Values | toJson }}\n";
        }
    }
    text
}

/// Expressions that hardly fail, those about values first.
const PATHS: &[&str] = &[
    ".Values",
    ".Values.a",
    ".Values.b",
    ".Values.c",
    "(.Values.a).b",
    ".Values.global",
    "(.Values.global).a",
    ".Values.alpha",
    ".Values.one",
    ".Values.list",
    ".Values.name",
    ".Values.enabled",
    ".Values.tags",
    "$.Values.b",
    "(index .Values \"x-y\")",
    ".Values.exports",
    "(.Values.alpha).global",
    "(.Values.alpha).a",
    "(get (default dict .Values.global) \"b\")",
    ".Chart",
    ".Chart.Name",
    ".Chart.AppVersion",
    ".Chart.Annotations",
    ".Chart.Dependencies",
    ".Chart.IsRoot",
    ".Chart.Maintainers",
    ".Chart.Keywords",
    ".Release",
    ".Release.Name",
    ".Release.IsUpgrade",
    ".Template",
    ".Template.Name",
    ".Template.BasePath",
    ".Capabilities.KubeVersion.Version",
    ".Capabilities.HelmVersion.Version",
    ".Subcharts",
    ".Subcharts.alpha",
    "(.Subcharts.beta).Values",
    "((.Subcharts.alpha).Values).a",
    "((.Subcharts.one).Chart).Name",
    ".Files",
    "(.Files.Get \"data.txt\")",
    "(.Files.Lines \"data.txt\")",
    "(.Files.Glob \"**\")",
    "(.Files.Glob \"conf/*\").AsConfig",
    "$",
    ".",
];

/// How many of them are about values.
const VALUES: usize = 19;

/// Expressions that fail where a table is missing.
const ROUGH: &[&str] = &[
    ".Values.a.b",
    ".Values.global.a.b",
    ".Values.alpha.global.a",
    ".Subcharts.one.Chart.Name",
    ".Chart.Nope",
    ".Values.list.a",
    "(index .Values.list 1)",
];

/// What takes anything.
const PIPES: &[&str] = &[
    "toJson",
    "toJson",
    "toJson",
    "toYaml | quote",
    "quote",
    "printf \"%v\" | quote",
    "printf \"%T\"",
    "kindOf",
    "typeOf",
    "default \"d\" | toJson",
    "empty",
    "default dict | deepCopy | toJson",
    "toString | quote",
    "int",
    "squote",
    "toPrettyJson | quote",
    "list | toJson",
    "toYaml | fromYaml | toJson",
    "toJson | fromJson | toJson",
    "toJson | b64enc",
    "toJson | sha256sum",
    "printf \"%+v\" | quote",
    "printf \"%#v\" | quote",
    "printf \"%q\" | quote",
    "html | quote",
    "not",
    "join \",\" | quote",
    "default 1 | toToml | quote",
    "deepEqual .Values",
];

/// What takes some things only.
const PICKY: &[&str] = &[
    "len",
    "fromJson | toJson",
    "keys | sortAlpha | toJson",
    "values | len",
    "first | toJson",
    "has \"a\"",
    "ternary \"y\" \"n\"",
    "upper",
    "trunc 3",
    "deepCopy | toJson",
    "toToml | quote",
];

fn look(random: &mut Random) -> &'static str {
    if random.percent(2) {
        return random.pick(ROUGH);
    }
    // Values are what charts look at most.
    let values = random.percent(60);
    random.pick(if values { &PATHS[..VALUES] } else { PATHS })
}

/// Runs only where both are tables, more often than not.
fn guarded(random: &mut Random, map: &str, other: &str, then: &str) -> String {
    if random.percent(4) {
        return then.to_owned();
    }
    format!("{{{{- if and (kindIs \"map\" {map}) (kindIs \"map\" {other}) }}}}{then}{{{{- end }}}}")
}

fn shown(random: &mut Random, below: &[&str]) -> String {
    let (it, other) = (look(random), look(random));
    let table = |then: String| format!("{{{{ if kindIs \"map\" {it} }}}}{then}{{{{ end }}}}");
    match random.below(14) {
        0 => format!(
            "{{{{ include \"{}\" . | toJson }}}}",
            partial(random, below)
        ),
        1 => format!("{{{{ tpl ({it} | toJson) . | quote }}}}"),
        2 => format!("{{{{ tpl {} . | quote }}}}", random.pick(TEXTS)),
        3 => format!(
            "{{{{ include \"{}\" . | trim | quote }}}}",
            partial(random, below)
        ),
        4 => table(format!(
            "{{{{ dig \"a\" \"b\" \"none\" (merge (dict) {it}) | toJson }}}}"
        )),
        5 => table(format!("{{{{ hasKey {it} \"a\" }}}}{{{{ len {it} }}}}")),
        6 => format!("{{{{ eq ({it} | toJson) ({other} | toJson) }}}}"),
        7 => table(format!(
            "{{{{ list (omit {it} \"a\" \"b\") (pick {it} \"a\") | toJson }}}}"
        )),
        8 => format!("{{{{ required \"need it\" ({it} | toJson) | quote }}}}"),
        9 => format!("{{{{ coalesce {it} {other} \"end\" | toJson }}}}"),
        10 if random.percent(20) => format!("{{{{ {it} | {} }}}}", random.pick(PICKY)),
        _ => format!("{{{{ {it} | {} }}}}", random.pick(PIPES)),
    }
}

/// What `tpl` is given.
const TEXTS: &[&str] = &[
    "\"{{ .Values.a }}\"",
    "(.Files.Get \"data.txt\")",
    "(toString .Values.name)",
    "(toString .Values.b)",
    "\"{{ $_ := set .Values \\\"t\\\" 1 }}{{ include \\\"shared\\\" . }}\"",
    "\"{{ define \\\"shared\\\" }}mine{{ end }}{{ include \\\"shared\\\" . }}\"",
    "\"{{ .Template.Name }} {{ tpl \\\"{{ .Chart.Name }}\\\" $ }}\"",
];

fn partial(random: &mut Random, below: &[&str]) -> String {
    match below {
        [] => random
            .pick(&["shared", "deep", "change", "top.p"])
            .to_owned(),
        below if random.percent(30) => format!("{}.p", random.pick(below)),
        _ => random
            .pick(&["shared", "deep", "change", "top.p"])
            .to_owned(),
    }
}

/// Something that leaves a trace elsewhere, or walks.
fn statement(random: &mut Random, below: &[&str]) -> String {
    let map = random.pick(&[
        ".Values",
        ".Values",
        ".Values.a",
        ".Values.global",
        ".Values.b",
        ".Release",
        ".Template",
        ".Subcharts",
        ".Subcharts.alpha",
        "$",
        "(.Values.a | default dict)",
        "(deepCopy .Values)",
        ".Values.alpha",
        "(.Subcharts.alpha | default dict).Values",
    ]);
    let key = random.pick(&[
        "a", "b", "c", "new", "Name", "global", "enabled", "alpha", "Values",
    ]);
    let other = operand(random);
    match random.below(12) {
        0..3 => {
            let value = stored(map, key, &other);
            let then = format!("{{{{- $_ := set {map} \"{key}\" {value} }}}}");
            guarded(random, map, map, &then)
        }
        3 => guarded(
            random,
            map,
            map,
            &format!("{{{{- $_ := unset {map} \"{key}\" }}}}"),
        ),
        4 | 5 => {
            let merge =
                random.pick(&["merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite"]);
            let then = format!("{{{{- $_ := {merge} {map} (deepCopy {other}) }}}}");
            guarded(random, map, &other, &then)
        }
        6 => format!(
            "{{{{- if kindIs \"map\" {it} }}}}{{{{- range $k, $v := {it} }}}}\n  {{{{ $k | quote }}}}: {{{{ $v | toJson }}}}\n{{{{- else }}}}\n  none: 1\n{{{{- end }}}}{{{{ end }}}}",
            it = look(random)
        ),
        7 => format!(
            "{{{{- with {} }}}}\n  w: {{{{ . | toJson }}}}\n{{{{- $_ := set $.Values \"{key}\" {} }}}}\n{{{{- end }}}}",
            look(random),
            copied(".")
        ),
        8 => format!(
            "{{{{- if {} }}}}\n  yes: {}\n{{{{- else if {} }}}}\n  maybe: 1\n{{{{- end }}}}",
            look(random),
            shown(random, below),
            look(random)
        ),
        9 => {
            let then = format!(
                "{{{{- $m := {} }}}}\n{{{{- $_ := set {map} \"{key}\" $m }}}}\n{{{{- $m = list }}}}",
                stored(map, key, &other)
            );
            guarded(random, map, map, &then)
        }
        10 => format!(
            "{{{{- include \"change\" {} }}}}",
            random.pick(&[
                ".",
                "$",
                "(dict \"Values\" .Values \"Chart\" .Chart)",
                "(merge (dict \"x\" 1) .)",
                "(deepCopy .)"
            ])
        ),
        _ => "{{- range .Subcharts }}\n{{- $_ := set .Values \"seen\" $.Chart.Name }}\n{{- end }}"
            .to_owned(),
    }
}

/// Maps in an order in which each may hold those behind it under the key `new`, without any ever holding itself, of which
/// Helm would find no end.
const ORDER: &[&str] = &[
    "$",
    ".Values",
    ".Values.a",
    ".Values.b",
    ".Values.global",
    ".Values.alpha",
];

/// A value to be put into a map: itself where that makes no circle, a copy otherwise.
fn stored(map: &str, key: &str, value: &str) -> String {
    let place = |it: &str| ORDER.iter().position(|known| *known == it);
    match (place(map), place(value)) {
        (Some(map), Some(value)) if key == "new" && map < value => ORDER[value].to_owned(),
        _ => copied(value),
    }
}

/// A copy of whatever there is; `deepCopy` fails for what is no table.
fn copied(value: &str) -> String {
    format!("(list {value} | toJson | fromJsonArray | first)")
}

fn operand(random: &mut Random) -> String {
    match random.below(8) {
        0 => "(dict)".into(),
        1 => "(dict \"a\" (dict \"b\" 1) \"n\" nil)".into(),
        2 => "(list 1 \"x\" nil)".into(),
        3 => "\"{{ .Chart.Name }}\"".into(),
        4 => "(fromYaml \"a: {b: 2}\\nc: null\\n\")".into(),
        5 => "(deepCopy .Values)".into(),
        _ => look(random).into(),
    }
}
