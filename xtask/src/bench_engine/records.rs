//! Records in bulk, for lists and histories: copies of one that a program made, under other names and
//! revisions, as that program would have written them.

use std::fs;
use std::io::{Read as _, Write as _};

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::{Bench, print};

/// How many releases `list` finds, and in how many namespaces.
const RELEASES: usize = 2_000;
const NAMESPACES: usize = 10;
/// How many revisions `history` finds.
const REVISIONS: usize = 200;
/// Noise in the chart, for a record of 90 KB: packing takes a quarter off it, Base64 puts a third on.
const NOISE: usize = 88_000;
/// Records in one file for kubectl.
const BATCH: usize = 100;

/// Who wrote the records.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Writer {
    Helm,
    Ours,
    /// Either, in turn.
    Both,
}

impl Writer {
    fn words(self) -> &'static str {
        match self {
            Self::Helm => "Helm's own",
            Self::Ours => "ours",
            Self::Both => "mixed",
        }
    }

    /// The program that writes the record of a number.
    fn program(self, number: usize) -> usize {
        match self {
            Self::Helm => 0,
            Self::Ours => 1,
            Self::Both => number % 2,
        }
    }
}

impl Bench {
    /// `list -A` over many releases.
    pub(super) fn list(&self, writer: Writer) -> Result<()> {
        let chart = self.heavy_chart()?;
        let mut namespaces = Vec::new();
        for i in 0..NAMESPACES {
            let namespace = format!("bench-list-{}-{i}", std::process::id());
            self.kubectl(&["create", "namespace", &namespace])?;
            let models = self.models(&chart, &namespace)?;
            let copies = (0..RELEASES / NAMESPACES)
                .map(|n| copy(&models[writer.program(n)], &format!("release-{n}"), 1));
            self.store(&copies.collect::<Result<Vec<_>>>()?)?;
            namespaces.push(namespace);
        }
        let work = format!("list -A, {RELEASES} releases of 90 KB, {}", writer.words());
        self.question(
            &work,
            &["list", "--all-namespaces", "--max", "0"],
            "default",
        )?;
        let delete = ["delete", "namespace"];
        let names: Vec<&str> = namespaces.iter().map(String::as_str).collect();
        self.kubectl(&[delete.as_slice(), &names].concat())?;
        Ok(())
    }

    /// `status` and `history` of a release with many revisions.
    pub(super) fn revisions(&self, writer: Writer) -> Result<()> {
        let chart = self.heavy_chart()?;
        let namespace = format!("bench-history-{}", std::process::id());
        self.kubectl(&["create", "namespace", &namespace])?;
        let models = self.models(&chart, &namespace)?;
        let copies = (1..=REVISIONS).map(|n| copy(&models[writer.program(n)], "release", n));
        self.store(&copies.collect::<Result<Vec<_>>>()?)?;
        for verb in ["status", "history"] {
            let work = format!("{verb}, {REVISIONS} revisions, {}", writer.words());
            self.question(&work, &[verb, "release"], &namespace)?;
        }
        self.kubectl(&["delete", "namespace", &namespace])?;
        Ok(())
    }

    /// Measures a command that changes nothing.
    fn question(&self, work: &str, args: &[&str], namespace: &str) -> Result<()> {
        let mut costs = [const { Vec::new() }; 2];
        for _ in 0..self.runs.max(5) {
            for (i, program) in self.programs.iter().enumerate() {
                costs[i].push(self.time(program, args, namespace)?);
            }
        }
        print(work, costs);
        Ok(())
    }

    /// A chart whose record has 90 KB.
    fn heavy_chart(&self) -> Result<String> {
        let folder = self.folder.join("heavy");
        fs::create_dir_all(folder.join("templates"))?;
        fs::write(
            folder.join("Chart.yaml"),
            "apiVersion: v2\nname: heavy\nversion: 1.2.3\nappVersion: \"4\"\n",
        )?;
        fs::write(
            folder.join("templates/config.yaml"),
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n",
        )?;
        fs::write(folder.join("noise.txt"), noise(NOISE))?;
        Ok(folder.to_string_lossy().into_owned())
    }

    /// A record by each program.
    fn models(&self, chart: &str, namespace: &str) -> Result<[Value; 2]> {
        let mut models = [Value::Null, Value::Null];
        for (i, program) in self.programs.iter().enumerate() {
            let name = format!("model-{i}");
            self.time(program, &["install", &name, chart], namespace)?;
            let secret = format!("sh.helm.release.v1.{name}.v1");
            let text = self.kubectl(&["get", "secret", &secret, "-n", namespace, "-o", "json"])?;
            models[i] = serde_json::from_str(&text)?;
        }
        Ok(models)
    }

    fn store(&self, records: &[Value]) -> Result<()> {
        let file = self.folder.join("records.json");
        for batch in records.chunks(BATCH) {
            let list = json!({"apiVersion": "v1", "kind": "List", "items": batch});
            fs::write(&file, list.to_string())?;
            self.kubectl(&["create", "-f", &file.to_string_lossy()])?;
        }
        Ok(())
    }
}

/// Text of 64 letters that does not shrink beyond the quarter that they leave unused.
fn noise(length: usize) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut state = 1_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        char::from(LETTERS[(state >> 58) as usize])
    };
    (0..length).map(|_| next()).collect()
}

/// A record under another name and revision; its fields in the order in which they were.
fn copy(model: &Value, name: &str, revision: usize) -> Result<Value> {
    let data = model["data"]["release"]
        .as_str()
        .context("a record's data")?;
    let mut json = String::new();
    let packed = STANDARD.decode(STANDARD.decode(data)?)?;
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut json)?;
    let was = model["metadata"]["labels"]["name"]
        .as_str()
        .context("a record's name")?;
    let json = json.replacen(
        &format!(r#"{{"name":"{was}""#),
        &format!(r#"{{"name":"{name}""#),
        1,
    );
    let json = json.replacen(r#","version":1,"#, &format!(r#","version":{revision},"#), 1);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(json.as_bytes())?;
    let packed = STANDARD.encode(STANDARD.encode(encoder.finish()?));
    let mut metadata = json!({
        "name": format!("sh.helm.release.v1.{name}.v{revision}"),
        "namespace": model["metadata"]["namespace"],
        "labels": model["metadata"]["labels"],
        "annotations": model["metadata"]["annotations"],
    });
    metadata["labels"]["name"] = name.into();
    metadata["labels"]["version"] = revision.to_string().into();
    Ok(json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "type": model["type"],
        "metadata": metadata,
        "data": {"release": packed},
    }))
}
