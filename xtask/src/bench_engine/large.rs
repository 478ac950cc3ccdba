//! A release of 5,000 objects, for what it takes of our memory. Helm, which sends so many requests by its own
//! limits for a quarter of an hour, is left out.

use std::fmt::Write as _;
use std::fs;

use anyhow::Result;

use super::{Bench, print_ours};

/// Objects of the chart, and every which of them is a Deployment instead of a ConfigMap.
const OBJECTS: usize = 5_000;
const DEPLOYMENTS: usize = 10;
/// Objects in one template.
const BATCH: usize = 100;

impl Bench {
    /// Install, unchanged upgrade, and an upgrade that changes one object.
    pub(super) fn large(&self) -> Result<()> {
        let chart = self.large_chart()?;
        let (program, namespace) = (
            &self.programs[1],
            format!("bench-large-{}", std::process::id()),
        );
        self.kubectl(&["create", "namespace", &namespace])?;
        let install = self.time(program, &["install", "bench", &chart], &namespace)?;
        print_ours(&format!("install {OBJECTS} objects"), vec![install]);
        let mut unchanged = Vec::new();
        let mut changed = Vec::new();
        for run in 0..self.runs {
            unchanged.push(self.time(
                program,
                &["upgrade", "bench", &chart, "--reuse-values"],
                &namespace,
            )?);
            let change = format!("change={run}");
            let args = ["upgrade", "bench", &chart, "--set", &change];
            changed.push(self.time(program, &args, &namespace)?);
        }
        print_ours(
            &format!("unchanged upgrade of {OBJECTS} objects"),
            unchanged,
        );
        print_ours(
            &format!("upgrade of {OBJECTS} objects with one changed"),
            changed,
        );
        self.kubectl(&["delete", "namespace", &namespace, "--wait=false"])?;
        Ok(())
    }

    fn large_chart(&self) -> Result<String> {
        let folder = self.folder.join("large");
        fs::create_dir_all(folder.join("templates"))?;
        fs::write(
            folder.join("Chart.yaml"),
            "apiVersion: v2\nname: large\nversion: 1.2.3\nappVersion: \"4\"\n",
        )?;
        for batch in 0..OBJECTS / BATCH {
            let mut text = String::new();
            for number in batch * BATCH..(batch + 1) * BATCH {
                text.push_str(&object(number)?);
            }
            fs::write(folder.join(format!("templates/batch-{batch}.yaml")), text)?;
        }
        Ok(folder.to_string_lossy().into_owned())
    }
}

fn object(number: usize) -> Result<String> {
    let mut text = String::from("---\n");
    let metadata = format!(
        "metadata:\n  name: {{{{ .Release.Name }}}}-{number}\n  labels:\n    app.kubernetes.io/name: large\n    \
         app.kubernetes.io/instance: {{{{ .Release.Name }}}}\n    number: \"{number}\"\n"
    );
    if number.is_multiple_of(DEPLOYMENTS) {
        write!(
            text,
            "apiVersion: apps/v1\nkind: Deployment\n{metadata}spec:\n  replicas: 0\n  selector:\n    matchLabels:\n      \
             number: \"{number}\"\n  template:\n    metadata:\n      labels:\n        number: \"{number}\"\n    spec:\n      \
             containers:\n        - name: main\n          image: example.com/main:{number}\n          args: [\"--number\", \
             \"{number}\"]\n          ports:\n            - name: http\n              containerPort: 8080\n          env:\n            \
             - name: NUMBER\n              value: \"{number}\"\n          resources:\n            requests:\n              \
             cpu: 100m\n              memory: 64Mi\n"
        )?;
    } else {
        write!(
            text,
            "apiVersion: v1\nkind: ConfigMap\n{metadata}data:\n  number: \"{number}\"\n  settings.yaml: |\n    colour: \
             blue\n    depth: {number}\n    list: [1, 2, 3]\n"
        )?;
    }
    if number == 1 {
        text.push_str("  change: {{ .Values.change | default \"none\" | quote }}\n");
    }
    Ok(text)
}
