//! What is told of a [`Finding`]: a line for records, diagnostics for people, data for programs.

use serde_json::{Value, json};
use windlass_diag::Diagnostic;
use windlass_readiness::hopeless::Diagnosis;

use super::diagnose::{Finding, LastLines, Trouble};

/// How many causes, warnings and objects are told.
const CAUSES: usize = 4;
const WARNINGS: usize = 4;

/// How long the line for records may get.
const LINE: usize = 200;

impl Finding {
    /// The first cause in one line: `Deployment/web: the image x:y cannot be pulled`.
    #[must_use]
    pub fn line(&self) -> Option<String> {
        let mut causes = self.troubles.iter().filter_map(|trouble| {
            let cause = trouble.causes.first()?;
            Some(format!("{}: {}", trouble.name(), cause.summary()))
        });
        Some(causes.next()?.chars().take(LINE).collect())
    }

    /// One diagnostic for each object, those whose cause is known first.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let (known, unknown): (Vec<&Trouble>, Vec<&Trouble>) =
            self.troubles.iter().partition(|t| !t.causes.is_empty());
        known
            .into_iter()
            .chain(unknown)
            .map(Trouble::diagnostic)
            .collect()
    }

    /// All of it, as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let troubles: Vec<Value> = self.troubles.iter().map(Trouble::to_json).collect();
        json!({"endedEarly": self.early, "objects": troubles})
    }
}

impl Trouble {
    /// `Deployment/web`
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.at.mapping.kind, self.at.name)
    }

    /// The trouble for people to read.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let name = self.name();
        let groups = alike(&self.causes);
        let mut told = match groups.first() {
            Some((cause, _)) => {
                let message = format!("{name} is not ready: {}", cause.summary());
                Diagnostic::error(cause.code(), message)
            }
            None => {
                let message = format!("{name} is not ready, and nothing tells why");
                Diagnostic::error("not-ready", message)
            }
        };
        if !self.seen.message.is_empty() {
            told = told.note(format!("{}: {}", self.seen.status, self.seen.message));
        }
        for (cause, count) in groups.iter().take(CAUSES) {
            told = told.note(place(cause, *count));
        }
        let skipped = self.warnings.len().saturating_sub(WARNINGS);
        for warning in self.warnings.iter().skip(skipped) {
            told = told.note(format!("event {warning}"));
        }
        for printed in &self.printed {
            told = told.note(last_lines(printed));
        }
        for unseen in &self.unseen {
            told = told.note(format!("not looked at: {unseen}"));
        }
        let mut remedies: Vec<&str> = Vec::new();
        for (cause, _) in groups.iter().take(CAUSES) {
            if !remedies.contains(&cause.remedy()) {
                remedies.push(cause.remedy());
            }
        }
        if remedies.is_empty() {
            remedies.push("look at the object's status and events; a longer timeout may do");
        }
        remedies.into_iter().fold(told, Diagnostic::help)
    }

    fn to_json(&self) -> Value {
        let causes = self.causes.iter().map(|cause| {
            let subject = &cause.subject;
            json!({
                "code": cause.code(),
                "summary": cause.summary(),
                "detail": cause.detail,
                "remedy": cause.remedy(),
                "kind": subject.kind,
                "namespace": subject.namespace,
                "name": subject.name,
                "container": subject.container,
            })
        });
        let logs = self.printed.iter().map(|printed| {
            json!({"pod": printed.pod, "container": printed.container, "lines": printed.lines})
        });
        let mapping = &self.at.mapping;
        json!({
            "apiVersion": mapping.api_version(),
            "kind": mapping.kind,
            "namespace": self.at.namespace,
            "name": self.at.name,
            "status": self.seen.status.as_str(),
            "message": self.seen.message,
            "causes": causes.collect::<Vec<Value>>(),
            "events": self.warnings,
            "logs": logs.collect::<Vec<Value>>(),
            "unseen": self.unseen,
        })
    }
}

/// Causes that differ only in the pod, the first of each and how many there are.
fn alike(causes: &[Diagnosis]) -> Vec<(&Diagnosis, usize)> {
    let mut groups: Vec<(&Diagnosis, usize)> = Vec::new();
    for cause in causes {
        let same = |(other, _): &&mut (&Diagnosis, usize)| {
            other.code() == cause.code() && other.subject.container == cause.subject.container
        };
        match groups.iter_mut().find(same) {
            Some((_, count)) => *count += 1,
            None => groups.push((cause, 1)),
        }
    }
    groups
}

/// Whose trouble it is, and what the cluster says of it.
fn place(cause: &Diagnosis, count: usize) -> String {
    let subject = &cause.subject;
    let container = match &subject.container {
        Some(container) => format!(", container {container}"),
        None => String::new(),
    };
    let others = match count {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let detail = match cause.detail.as_str() {
        "" => cause.summary(),
        detail => detail.to_owned(),
    };
    format!(
        "{}/{}{container}{others}: {detail}",
        subject.kind, subject.name
    )
}

fn last_lines(printed: &LastLines) -> String {
    let lines = printed.lines.join("\n");
    let LastLines { pod, container, .. } = printed;
    format!("{pod}, container {container}, printed last:\n{lines}")
}
