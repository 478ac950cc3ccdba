//! [`Lab`]: a cluster of a test's own, embedded in this process, and the command run against it.
//!
//! The command runs in this process too, so that requests can be counted and refused.

use std::collections::HashMap;

use serde_json::{Value, json};
use windlass_kube::{Client, ConnectOptions};
use windlass_plan::cluster::{DeleteOptions, Patch, Write};
use windlass_plan::{Cluster, ObjectRef};
use windlass_sandbox::{Call, Sandbox};
use windlass_testkit::{Outcome, repository};

use super::room::Room;

/// A kind that no cluster has of itself: `Tree` of `wood.example/v1`.
pub(crate) const DEFINITION: &str = "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: trees.wood.example}
spec:
  group: wood.example
  scope: Namespaced
  names: {plural: trees, singular: tree, kind: Tree, listKind: TreeList}
  versions:
  - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}
";

/// A cluster and a room. Lines of commands may say `$CHARTS` for the repository's charts and `$WORK`
/// for the room; words may stand in single quotes.
pub(crate) struct Lab {
    pub(crate) sandbox: Sandbox,
    pub(crate) room: Room,
}

impl Lab {
    pub(crate) fn new() -> Self {
        Self::of(Sandbox::in_memory())
    }

    pub(crate) fn of(sandbox: Sandbox) -> Self {
        let room = Room::new();
        Self { sandbox, room }
    }

    /// Runs a command against the cluster, as the Helm that the first word names.
    pub(crate) fn run(&self, line: &str) -> Outcome {
        self.run_with(line, &[("WINDLASS_SANDBOX", "1")])
    }

    /// The same with the environment that finds the cluster.
    pub(crate) fn run_with(&self, line: &str, environment: &[(&str, &str)]) -> Outcome {
        let words = words(line).into_iter().map(|word| self.place(&word));
        let mut words = words.collect::<Vec<String>>().into_iter();
        let called = words.next().unwrap();
        let mut variables = HashMap::from([
            ("HOME".to_owned(), self.place("$WORK/../home")),
            ("TZ".to_owned(), "UTC".to_owned()),
            ("NO_COLOR".to_owned(), "1".to_owned()),
        ]);
        if called == "helm3" {
            variables.insert("WINDLASS_COMPAT".to_owned(), "helm3".to_owned());
        }
        let more = environment.iter();
        variables.extend(more.map(|(k, v)| ((*k).to_owned(), self.place(v))));
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let status = windlass_cli::run(
            &words.collect::<Vec<_>>(),
            windlass_cli::Surroundings {
                called,
                environment: variables,
                stdin: &mut std::io::empty(),
                stdout: &mut stdout,
                stderr: &mut stderr,
                is_watched: false,
                sandbox: Some(self.sandbox.clone()),
            },
        );
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            text.replace(self.room.path("").to_str().unwrap(), "$WORK/")
        };
        Outcome {
            status: i32::from(status),
            stdout: text(stdout),
            stderr: text(stderr),
        }
    }

    /// What a command that has to succeed prints.
    #[track_caller]
    pub(crate) fn does(&self, line: &str) -> String {
        let outcome = self.run(line);
        assert_eq!(outcome.status, 0, "{line}\n{}", outcome.stderr);
        outcome.stdout
    }

    /// What a command that has to fail says.
    #[track_caller]
    pub(crate) fn fails(&self, line: &str) -> String {
        let outcome = self.run(line);
        assert_eq!(outcome.status, 1, "{line}\n{}", outcome.stdout);
        outcome.stderr
    }

    /// The requests so far that would change something.
    pub(crate) fn writes(&self) -> Vec<String> {
        let calls = self.sandbox.calls();
        let writes = calls.iter().filter(|call| call.is_write);
        let line = |call: &Call| format!("{} {}", call.method, call.path);
        writes.map(line).collect()
    }

    /// An object as the cluster has it; null if it is not there.
    pub(crate) fn object(
        &self,
        api_version: &str,
        kind: &str,
        namespace: &str,
        name: &str,
    ) -> Value {
        let at = [api_version, kind, namespace, name];
        let got = self.ask(at, async |client, target| client.get(&target).await);
        match got {
            Ok(object) => object,
            Err(error) if error.is_not_found() => Value::Null,
            Err(error) => panic!("{error}"),
        }
    }

    /// Changes a field of an object as somebody else would.
    pub(crate) fn edit(
        &self,
        api_version: &str,
        kind: &str,
        namespace: &str,
        name: &str,
        path: &str,
        value: &str,
    ) {
        let at = [api_version, kind, namespace, name];
        let patch = Patch::Json(json!([{"op": "add", "path": path, "value": value}]));
        let write = somebody();
        let edited = self.ask(at, async |client, target| {
            client.patch(&target, &patch, &write).await
        });
        edited.unwrap();
    }

    /// Deletes an object as somebody else would.
    pub(crate) fn delete(&self, api_version: &str, kind: &str, namespace: &str, name: &str) {
        let at = [api_version, kind, namespace, name];
        let deleted = self.ask(at, async |client, target| {
            client.delete(&target, &DeleteOptions::default()).await
        });
        deleted.unwrap();
    }

    /// Creates an object as somebody else would: as one that was read, but another.
    pub(crate) fn create(
        &self,
        api_version: &str,
        kind: &str,
        namespace: &str,
        name: &str,
        object: &Value,
    ) {
        let at = [api_version, kind, namespace, name];
        let mut object = object.clone();
        for key in [
            "uid",
            "resourceVersion",
            "managedFields",
            "creationTimestamp",
        ] {
            object["metadata"].as_object_mut().unwrap().remove(key);
        }
        let write = somebody();
        let created = self.ask(at, async |client, target| {
            client.create(&target, &object, &write).await
        });
        created.unwrap();
    }

    /// Asks the cluster about an object: `apiVersion`, `kind`, namespace and name.
    fn ask<T>(&self, at: [&str; 4], question: impl AsyncFnOnce(Client, ObjectRef) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let [api_version, kind, namespace, name] = at;
        runtime.block_on(async {
            let service = self.sandbox.service();
            let client = Client::from_service(service, &ConnectOptions::default());
            let target = ObjectRef {
                mapping: client.mapping(api_version, kind).await.unwrap(),
                namespace: namespace.to_owned(),
                name: name.to_owned(),
            };
            question(client, target).await
        })
    }

    /// The status in the record of a revision.
    pub(crate) fn status(&self, namespace: &str, release: &str, revision: u32) -> String {
        let record = format!("sh.helm.release.v1.{release}.v{revision}");
        let record = self.object("v1", "Secret", namespace, &record);
        let status = record.pointer("/metadata/labels/status");
        status
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }

    fn place(&self, text: &str) -> String {
        let charts = repository().join("charts");
        text.replace("$CHARTS", charts.to_str().unwrap()).replace(
            "$WORK",
            self.room.path("").to_str().unwrap().trim_end_matches('/'),
        )
    }
}

/// How somebody else writes.
fn somebody() -> Write {
    Write {
        field_manager: "somebody".to_owned(),
        ..Write::default()
    }
}

/// Words between blanks; single quotes hold blanks together.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// What a chart called `demo` needs: `demo/Chart.yaml`, defaults and a template.
pub(crate) fn write_demo(room: &Room) {
    room.chart("demo");
    room.write("demo/values.yaml", "color: green\n");
    room.write(
        "demo/templates/config.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n\
         data:\n  color: {{ .Values.color | quote }}\n",
    );
    room.write(
        "demo/templates/NOTES.txt",
        "{{ .Release.Name }} is {{ .Values.color }}.\n",
    );
}
