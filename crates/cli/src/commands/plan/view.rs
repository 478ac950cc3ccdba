//! A plan for people: object by object with reason, impact and difference; totals at the end.

use std::fmt::Write as _;

use windlass_diff::{Line, Side, lines};
use windlass_engine::Planned;
use windlass_plan::plan::forecast::{Fate, Forecast, Foreseen};
use windlass_plan::plan::impact::{Loss, Pods};
use windlass_plan::plan::{Action, Operation, Plan, Reason};

use super::sides;
use crate::command::Flags;
use crate::commands::diff::flags::context;
use crate::commands::diff::paint::Paint;
use crate::commands::diff::print;
use crate::error::Outcome;
use crate::explain::safe;
use crate::session::Session;

const ASKS_TO_STAY: &str = "it asks to be kept";

/// How far what belongs to an object is moved to the right.
const INDENT: &str = "    ";

pub(super) fn print(
    planned: &Planned,
    file: Option<&str>,
    flags: &Flags,
    session: &mut Session<'_>,
) -> Outcome {
    let view = View {
        paint: Paint::of(flags, session),
        context: context(flags, session),
        shows_secrets: flags.on("show-secrets"),
    };
    let mut text = view.heading(&planned.kept.plan);
    for found in &planned.forecast.objects {
        text.push_str(&view.object(found, planned.kept.plan.action));
    }
    text.push_str(&view.kept(&planned.kept.plan));
    text.push_str(&view.steps(&planned.kept.plan));
    text.push_str(&view.totals(&planned.kept.plan, &planned.forecast));
    if let Some(file) = file {
        let program = &session.program;
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "The plan is in {file}. To carry it out: {program} apply {file}"
        );
    }
    session.print(text)
}

struct View {
    paint: Paint,
    context: Option<usize>,
    shows_secrets: bool,
}

impl View {
    fn heading(&self, plan: &Plan) -> String {
        let release = &plan.release;
        let (name, namespace) = (&release.name, &release.namespace);
        let what = match plan.action {
            Action::Install => format!("install {name} in namespace {namespace}"),
            Action::Upgrade => format!(
                "upgrade {name} in namespace {namespace} to revision {}",
                release.revision
            ),
            Action::Rollback => format!(
                "roll back {name} in namespace {namespace}, as revision {}",
                release.revision
            ),
            Action::Uninstall => format!("uninstall {name} from namespace {namespace}"),
            Action::Test => format!("test {name} in namespace {namespace}"),
        };
        format!("{}\n\n", self.paint.heading(&format!("Plan: {what}")))
    }

    /// An object; nothing where nothing becomes of it.
    fn object(&self, found: &Foreseen, action: Action) -> String {
        if found.fate == Fate::Nothing && found.refusal.is_none() {
            return String::new();
        }
        let mut text = format!("{}\n", self.title(found));
        let mut say = |line: String| {
            for line in line.lines() {
                // Writing to a text cannot fail.
                let _ = writeln!(text, "{INDENT}{line}");
            }
        };
        say(self.paint.faint(match (action, found.reason) {
            (Action::Uninstall, Reason::Removed) => "it goes with the release",
            _ => reason(found),
        }));
        if let Some(refusal) = &found.refusal {
            let message = safe(refusal.message.trim_end());
            say(self.paint.alarm(&format!("the server refuses: {message}")));
            if refusal.is_immutable {
                let kind = found.object.mapping.kind.to_lowercase();
                let name = &found.object.name;
                say(self.paint.notice(&format!(
                    "--recreate {kind}/{name} deletes it and creates it anew"
                )));
            }
        }
        if found
            .refusal
            .as_ref()
            .is_some_and(|refusal| refusal.is_conflict)
        {
            say(self
                .paint
                .notice("--force-conflicts takes the fields from whoever has them"));
        }
        if let Some(why) = &found.unchecked {
            let why = safe(why.trim_end());
            say(self
                .paint
                .notice(&format!("not checked by the server: {why}")));
        }
        if let Some(loss) = found.impact().loss {
            say(self.paint.alarm(lost(loss)));
        }
        text.push_str(&self.difference(found));
        text.push('\n');
        text
    }

    fn title(&self, found: &Foreseen) -> String {
        let object = named(found);
        if found.refusal.is_some() {
            return self.paint.alarm(&format!("!   {object}: refused"));
        }
        let (sign, word) = match found.fate {
            Fate::Create => ("+  ", "create"),
            Fate::Update => ("~  ", "update"),
            Fate::Replace => ("-/+", "replace (delete, then create)"),
            Fate::Delete => ("-  ", "delete"),
            Fate::Keep => ("=  ", "keep"),
            _ => ("   ", "no change"),
        };
        let pods = found.impact().pods.and_then(become_of_pods);
        let pods = pods.map(|pods| format!(", {pods}")).unwrap_or_default();
        let title = format!("{sign} {object}: {word}{pods}");
        match found.fate {
            Fate::Create => self.paint.good(&title),
            Fate::Delete | Fate::Replace => self.paint.alarm(&title),
            Fate::Update => self.paint.notice(&title),
            _ => title,
        }
    }

    /// What will be different. What is deleted is not shown: it is there to be looked at.
    fn difference(&self, found: &Foreseen) -> String {
        if matches!(found.fate, Fate::Delete | Fate::Keep) || found.after.is_none() {
            return String::new();
        }
        let (before, after) = sides::texts(found, self.shows_secrets);
        let all = match before.is_empty() {
            true => {
                let new = |text: &str| Line {
                    side: Side::New,
                    text: text.to_owned(),
                };
                after.trim_end().lines().map(new).collect()
            }
            false => lines(before.trim_end(), after.trim_end()),
        };
        // What is in the cluster may not write to the terminal.
        let all: Vec<Line> = all
            .into_iter()
            .map(|line| Line {
                text: safe(&line.text),
                ..line
            })
            .collect();
        let shown = print::lines(&all, self.context, self.paint);
        shown
            .lines()
            .map(|line| format!("{INDENT}{line}\n"))
            .collect()
    }

    /// Objects that stay, of which the server was not asked anything.
    fn kept(&self, plan: &Plan) -> String {
        let mut text = String::new();
        for (kind, name) in plan.kept() {
            let title = safe(&format!("=   {kind} {name}: keep"));
            let reason = self.paint.faint(ASKS_TO_STAY);
            // Writing to a text cannot fail.
            let _ = writeln!(text, "{title}\n{INDENT}{reason}\n");
        }
        text
    }

    /// What happens besides.
    fn steps(&self, plan: &Plan) -> String {
        let mut text = String::new();
        for step in &plan.steps {
            let line = match &step.operation {
                Operation::CreateNamespace { name } => {
                    format!("creates namespace {name} where it is not there")
                }
                Operation::Hook {
                    moment, kind, name, ..
                } => format!("runs hook {kind} {name} ({moment})"),
                Operation::Wait { .. } => "waits until everything is ready".to_owned(),
                Operation::Await { steps, .. } => format!(
                    "waits for {} that others depend on",
                    counted(steps.len(), "object")
                ),
                Operation::WaitGone { .. } => "waits until everything is gone".to_owned(),
                Operation::Purge { revisions } => {
                    format!(
                        "deletes {} of the release",
                        counted(revisions.len(), "record")
                    )
                }
                _ => continue,
            };
            // Writing to a text cannot fail.
            let _ = writeln!(text, "*   {line}");
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text
    }

    fn totals(&self, plan: &Plan, forecast: &Forecast) -> String {
        let count = |fate| forecast.count(fate);
        let refused = forecast.refused().count();
        let mut parts = vec![
            format!("{} to create", count(Fate::Create)),
            format!("{} to update", count(Fate::Update)),
            format!("{} to delete", count(Fate::Delete)),
        ];
        let mut more = |count: usize, word: &str| {
            if count > 0 {
                parts.push(format!("{count} {word}"));
            }
        };
        more(count(Fate::Replace), "to replace");
        more(count(Fate::Keep) + plan.kept().count(), "to keep");
        more(count(Fate::Nothing), "unchanged");
        more(refused, "refused");
        let restarts = forecast
            .objects
            .iter()
            .filter(|found| restarts(found))
            .count();
        let losses = forecast
            .objects
            .iter()
            .filter(|f| f.impact().loss.is_some());
        let losses = losses.count();
        let mut text = match forecast.changes() {
            true => format!("{}.\n", parts.join(", ")),
            false => format!("No changes: {}.\n", parts.join(", ")),
        };
        if restarts > 0 {
            let line = format!("Pods of {} restart.", counted(restarts, "workload"));
            text.push_str(&format!("{}\n", self.paint.notice(&line)));
        }
        if losses > 0 {
            let line = format!("{} may lose data.", counted(losses, "deletion"));
            text.push_str(&format!("{}\n", self.paint.alarm(&line)));
        }
        text
    }
}

fn named(found: &Foreseen) -> String {
    let object = &found.object;
    if object.name.is_empty() {
        return format!("{} with a generated name", object.mapping.kind);
    }
    safe(&object.to_string())
}

fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

/// Whether pods restart.
fn restarts(found: &Foreseen) -> bool {
    matches!(
        found.impact().pods,
        Some(Pods::RestartInTurn | Pods::RestartAtOnce)
    )
}

fn become_of_pods(pods: Pods) -> Option<String> {
    Some(match pods {
        Pods::RestartInTurn => "restarts its pods, a few at a time".to_owned(),
        Pods::RestartAtOnce => "restarts its pods, all at once".to_owned(),
        Pods::RestartWhenDeleted => "its pods change when they are deleted".to_owned(),
        Pods::Scale { from, to } => format!("scales from {from} to {to} pods"),
        Pods::Stop => "its pods end".to_owned(),
        Pods::Adopted => "its pods stay and are adopted".to_owned(),
        _ => return None,
    })
}

fn lost(loss: Loss) -> &'static str {
    match loss {
        Loss::Volume => "its data is lost where the storage class reclaims volumes by deletion",
        Loss::Claims => "its claims go with it, and their data: it asks for that",
        Loss::CustomResources => "all objects of its kind go with it",
        Loss::Namespace => "all that is in it goes with it",
        _ => "data may be lost",
    }
}

fn reason(found: &Foreseen) -> &'static str {
    match (found.reason, &found.live) {
        (Reason::New, _) => "it is new in the release",
        (Reason::Adopted, _) => "it is new in the release, and there as the release's already",
        (Reason::TakenOver, _) => "it is somebody else's, and taken over",
        (Reason::Changed, None) => "it was deleted in the cluster, and its manifest changed",
        (Reason::Changed, Some(_)) => "its manifest changed",
        (Reason::Same, None) => "it was deleted in the cluster",
        (Reason::Same, Some(_)) => {
            "it was changed in the cluster: what the release says is restored"
        }
        (Reason::Generated, _) => "the server makes up its name, so each revision has a new one",
        (Reason::Removed, _) => "it is no longer in the release",
        (Reason::KeepPolicy, _) => ASKS_TO_STAY,
        (Reason::NotOwned, _) => "it is not the release's",
        (Reason::Unverifiable, _) => "whose it is cannot be found out",
        _ => "",
    }
}
