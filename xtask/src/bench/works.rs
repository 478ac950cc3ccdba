//! Work that the corpus has no chart for, and what one of its charts takes with its definitions.
//!
//! | work | compared |
//! |---|---|
//! | kube-prometheus-stack with `--include-crds` | time, memory |
//! | an umbrella of 100 subcharts | with its parts rendered one by one |
//! | `lint` of a chart with 63 dependencies | time |
//! | 2,000 calls of `tpl` with 50 texts | time |
//! | what `helm create` makes | instructions, counted by callgrind |

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::program::{Program, plain};
use crate::cost::Cost;

const UMBRELLA: usize = 100;
const DEPENDENCIES: usize = 63;

/// Measures all of it and prints a table.
///
/// # Errors
/// A chart that cannot be made, or a program that fails.
pub(super) fn measure([_, helm, ours]: &[Program; 3], work: &Path, runs: usize) -> Result<()> {
    let pair = Pair {
        helm,
        ours,
        work,
        runs: runs.max(1),
    };
    println!("\n| work | helm4 | windlass | ratio | goal |\n|---|---|---|---|---|");
    pair.stack()?;
    pair.umbrella()?;
    pair.lint()?;
    pair.tpl()?;
    pair.instructions()
}

/// Helm 4 and us, in turn.
struct Pair<'p> {
    helm: &'p Program,
    ours: &'p Program,
    work: &'p Path,
    runs: usize,
}

impl Pair<'_> {
    fn stack(&self) -> Result<()> {
        let name = "prometheus-community-kube-prometheus-stack";
        if !self.work.join(name).is_dir() {
            super::unpack(self.work, &[name.to_owned()])?;
        }
        let chart = format!("./{name}");
        let (helm, ours) = self.both(&["template", "rel", &chart, "--include-crds"])?;
        row(
            "kube-prometheus-stack, `--include-crds`",
            &times(&helm, &ours, "15x"),
        );
        row(
            "the same: peak memory",
            &[
                format!("{:.0} MiB", helm.mib()),
                format!("{:.0} MiB", ours.mib()),
                format!("1/{:.1}", helm.mib() / ours.mib()),
                "1/6, at most 15 MiB".to_owned(),
            ],
        );
        Ok(())
    }

    fn umbrella(&self) -> Result<()> {
        let parts = parent(self.work, "umbrella", UMBRELLA)?;
        let (helm, ours) = self.both(&["template", "rel", "./umbrella"])?;
        row(
            &format!("umbrella of {UMBRELLA} subcharts"),
            &times(&helm, &ours, ""),
        );
        let (mut helm_parts, mut our_parts) = (0.0, 0.0);
        for part in &parts {
            let (helm, ours) = self.both(&["template", "rel", part])?;
            helm_parts += helm.ms();
            our_parts += ours.ms();
        }
        row(
            "the same: share of its parts rendered one by one",
            &[
                format!("{:.2} of {helm_parts:.0} ms", helm.ms() / helm_parts),
                format!("{:.2} of {our_parts:.0} ms", ours.ms() / our_parts),
                String::new(),
                "at most 1.2".to_owned(),
            ],
        );
        Ok(())
    }

    fn lint(&self) -> Result<()> {
        parent(self.work, "many", DEPENDENCIES)?;
        let (helm, ours) = self.both(&["lint", "./many"])?;
        row(
            &format!("`lint` with {DEPENDENCIES} dependencies"),
            &times(&helm, &ours, "under 1 s"),
        );
        Ok(())
    }

    fn tpl(&self) -> Result<()> {
        let mut values = String::from("texts:\n");
        for text in 0..50 {
            writeln!(
                values,
                "- 'name-{text}: {{{{ .Release.Name }}}}-{{{{ .Values.suffix | default \"x\" | quote }}}} {{{{ if .Values.on }}}}on{{{{ else }}}}off{{{{ end }}}}'"
            )?;
        }
        let template = "{{ range $i := until 2000 }}\n{{ tpl (index $.Values.texts (mod $i 50)) $ }}\n{{ end }}\n";
        chart(self.work, "texts", "", &values, template)?;
        let (helm, ours) = self.both(&["template", "rel", "./texts"])?;
        row("2,000 `tpl` calls of 50 texts", &times(&helm, &ours, "50x"));
        Ok(())
    }

    fn instructions(&self) -> Result<()> {
        let mut create = Command::new(&self.helm.path);
        plain(&mut create, self.work);
        let created = create.args(["create", "created"]).status()?;
        ensure!(created.success(), "helm create fails");
        let [helm, ours] = [self.helm, self.ours].map(|program| counted(program, self.work));
        let (helm, ours) = (helm?, ours?);
        row(
            "instructions for what `helm create` makes",
            &[
                format!("{:.1} M", helm as f64 / 1e6),
                format!("{:.1} M", ours as f64 / 1e6),
                format!("1/{:.0}", helm as f64 / ours as f64),
                "1/25".to_owned(),
            ],
        );
        Ok(())
    }

    /// Medians of both, in turn.
    fn both(&self, args: &[&str]) -> Result<(Cost, Cost)> {
        let mut costs = [const { Vec::new() }; 2];
        for _ in 0..self.runs {
            for (program, costs) in [self.helm, self.ours].into_iter().zip(&mut costs) {
                let cost = program.run(self.work, args)?;
                costs.push(cost.with_context(|| format!("{} {args:?} fails", program.label))?);
            }
        }
        let [helm, ours] = costs.map(Cost::median);
        Ok((helm, ours))
    }
}

fn times(helm: &Cost, ours: &Cost, goal: &str) -> [String; 4] {
    [
        format!("{:.1} ms", helm.ms()),
        format!("{:.1} ms", ours.ms()),
        format!("{:.1}x", helm.ms() / ours.ms()),
        goal.to_owned(),
    ]
}

fn row(work: &str, cells: &[String; 4]) {
    println!("| {work} | {} |", cells.join(" | "));
}

/// A chart whose subcharts are in charts/; the paths of these.
fn parent(work: &Path, name: &str, subcharts: usize) -> Result<Vec<String>> {
    let template = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Chart.Name }}\n";
    let mut dependencies = String::from("dependencies:\n");
    for index in 0..subcharts {
        write!(
            dependencies,
            "- name: part-{index}\n  version: 1.0.0\n  condition: part-{index}.enabled\n"
        )?;
    }
    chart(
        work,
        name,
        &dependencies,
        "global:\n  domain: example.org\n",
        template,
    )?;
    (0..subcharts)
        .map(|index| {
            let part = format!("{name}/charts/part-{index}");
            workload(work, &part, &format!("part-{index}"))?;
            Ok(format!("./{part}"))
        })
        .collect()
}

/// A subchart with a helper, a Deployment and a Service.
fn workload(work: &Path, folder: &str, name: &str) -> Result<()> {
    let values = "replicas: 2\nimage:\n  repository: registry.example/app\n  tag: \"1\"\nresources:\n  limits:\n    memory: 128Mi\n";
    let template = r#"{{- define "NAME.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-{{ .Chart.Name }}
  labels: {{- include "NAME.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {{- include "NAME.labels" . | nindent 6 }}
  template:
    metadata:
      labels: {{- include "NAME.labels" . | nindent 8 }}
    spec:
      containers:
      - name: app
        image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
        {{- with .Values.resources }}
        resources: {{- toYaml . | nindent 10 }}
        {{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}-{{ .Chart.Name }}
spec:
  selector: {{- include "NAME.labels" . | nindent 4 }}
  ports:
  - port: 80
"#;
    let template = template.replace("NAME", name);
    chart(work, folder, "", values, &template)
}

fn chart(work: &Path, folder: &str, more: &str, values: &str, template: &str) -> Result<()> {
    let name = Path::new(folder)
        .file_name()
        .context("a folder with a name")?;
    let root = work.join(folder);
    fs::create_dir_all(root.join("templates"))?;
    let name = name.to_string_lossy();
    fs::write(
        root.join("Chart.yaml"),
        format!(
            "apiVersion: v2\nname: {name}\nversion: 1.0.0\nicon: https://example.org/icon.png\n{more}"
        ),
    )?;
    fs::write(root.join("values.yaml"), values)?;
    fs::write(root.join("templates/all.yaml"), template)?;
    Ok(())
}

/// How many instructions a program takes to render what `helm create` makes.
fn counted(program: &Program, work: &Path) -> Result<u64> {
    let mut command = Command::new("valgrind");
    plain(&mut command, work);
    // Go's scheduler sends itself signals, of which this version of callgrind dies.
    let output = command
        .env("GODEBUG", "asyncpreemptoff=1")
        // Threads that wait for work count as work otherwise.
        .env("GOMAXPROCS", "1")
        .env("PATH", "/usr/bin:/bin")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(&program.path)
        .args(["template", "rel", "./created"])
        .stderr(Stdio::piped())
        .output()
        .context("SKIPPED: valgrind is not there")?;
    let said = String::from_utf8_lossy(&output.stderr);
    said.lines()
        .find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok())
        .with_context(|| format!("callgrind counts nothing for {}: {said}", program.label))
}
