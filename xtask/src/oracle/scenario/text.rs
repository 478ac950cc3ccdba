//! Templates that look at the scope from all sides, and change it.

use crate::oracle::random::Random;

/// Partials; charts share their names, the last one parsed wins.
pub(super) fn partials(random: &mut Random, chart: &str) -> String {
    let mut text = format!("{{{{- define \"{chart}.p\" -}}}}\nfrom-{chart}\n{{{{- end }}}}\n");
    for name in ["shared", "deep", "change"] {
        if !random.percent(60) {
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

const PATHS: &[&str] = &[
    ".Values",
    ".Values.a",
    ".Values.b",
    ".Values.c",
    ".Values.a.b",
    ".Values.global",
    ".Values.global.a",
    ".Values.alpha",
    ".Values.one",
    ".Values.list",
    ".Values.name",
    ".Values.enabled",
    ".Values.tags",
    "(.Values.a).b",
    "(.Values.global).a",
    "$.Values.b",
    "(index .Values \"x-y\")",
    ".Values.exports",
    ".Values.alpha.global",
    ".Chart",
    ".Chart.Name",
    ".Chart.AppVersion",
    ".Chart.Annotations",
    ".Chart.Dependencies",
    ".Chart.IsRoot",
    ".Chart.Maintainers",
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
    ".Subcharts.beta.Values",
    "((.Subcharts.alpha).Values).a",
    ".Subcharts.one.Chart.Name",
    ".Files",
    "(.Files.Get \"data.txt\")",
    "(.Files.Lines \"data.txt\")",
    "(.Files.Glob \"**\")",
    "(.Files.Glob \"conf/*\").AsConfig",
    "$",
    ".",
];

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
    "len",
    "default \"d\" | toJson",
    "empty",
    "deepCopy | toJson",
    "toString | quote",
    "int",
    "squote",
    "toPrettyJson | quote",
    "fromJson | toJson",
    "toYaml | fromYaml | toJson",
    "keys | sortAlpha | toJson",
    "values | len",
    "list | toJson",
    "first | toJson",
    "has \"a\"",
    "ternary \"y\" \"n\"",
    "b64enc",
    "sha256sum",
    "printf \"%+v\" | quote",
    "printf \"%#v\" | quote",
    "printf \"%q\"",
    "html | quote",
    "not",
    "upper",
    "join \",\"",
];

fn look(random: &mut Random) -> &'static str {
    // Values are what charts look at most.
    if random.percent(60) {
        random.pick(&PATHS[..19])
    } else {
        random.pick(PATHS)
    }
}

fn shown(random: &mut Random, below: &[&str]) -> String {
    match random.below(14) {
        0 => format!(
            "{{{{ include \"{}\" . | toJson }}}}",
            partial(random, below)
        ),
        1 => format!("{{{{ tpl ({} | toJson) . | quote }}}}", look(random)),
        2 => format!(
            "{{{{ tpl {} . | quote }}}}",
            [
                "\"{{ .Values.a }}\"",
                "(.Files.Get \"data.txt\")",
                ".Values.name",
                "(toString .Values.b)",
                "\"{{ set .Values \\\"t\\\" 1 | len }}{{ include \\\"shared\\\" . }}\""
            ][random.below(5)]
        ),
        3 => format!("{{{{ template \"{}\" . }}}}", partial(random, below)),
        4 => format!(
            "{{{{ dig \"a\" \"b\" \"none\" ({}) | toJson }}}}",
            look(random)
        ),
        5 => format!("{{{{ hasKey {} \"a\" }}}}", look(random)),
        6 => format!("{{{{ eq ({}) ({}) }}}}", look(random), look(random)),
        7 => format!("{{{{ pick {} \"a\" \"b\" | toJson }}}}", look(random)),
        8 => format!("{{{{ required \"need it\" {} | toJson }}}}", look(random)),
        9 => format!(
            "{{{{ coalesce {} {} \"end\" | toJson }}}}",
            look(random),
            look(random)
        ),
        _ => format!("{{{{ {} | {} }}}}", look(random), random.pick(PIPES)),
    }
}

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
        ".Chart",
        ".Release",
        ".Template",
        ".Subcharts",
        ".Capabilities",
        "$",
        ".Files",
        "(.Values.a | default dict)",
        "(deepCopy .Values)",
        ".Values.alpha",
        "(.Subcharts.alpha | default dict).Values",
    ]);
    let key = random.pick(&[
        "a", "b", "c", "new", "Name", "global", "enabled", "alpha", "Values",
    ]);
    match random.below(12) {
        0..3 => format!("{{{{- $_ := set {map} \"{key}\" {} }}}}", operand(random)),
        3 => format!("{{{{- $_ := unset {map} \"{key}\" }}}}"),
        4 => format!("{{{{- $_ := merge {map} {} }}}}", operand(random)),
        5 => format!("{{{{- $_ := mergeOverwrite {map} {} }}}}", operand(random)),
        6 => format!(
            "{{{{- range $k, $v := {} }}}}\n  {{{{ $k | toString | quote }}}}: {{{{ $v | toJson }}}}\n{{{{- else }}}}\n  none: 1\n{{{{- end }}}}",
            look(random)
        ),
        7 => format!(
            "{{{{- with {} }}}}\n  w: {{{{ . | toJson }}}}\n{{{{- $_ := set $.Values \"{key}\" . }}}}\n{{{{- end }}}}",
            look(random)
        ),
        8 => format!(
            "{{{{- if {} }}}}\n  yes: {}\n{{{{- else if {} }}}}\n  maybe: 1\n{{{{- end }}}}",
            look(random),
            shown(random, below),
            look(random)
        ),
        9 => format!(
            "{{{{- $m := {} }}}}\n{{{{- $_ := set {map} \"{key}\" $m }}}}\n{{{{- $m = list }}}}",
            operand(random)
        ),
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
