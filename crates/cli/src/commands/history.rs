//! `windlass history`: the revisions of a release.

use windlass_chart::compat::Compat;
use windlass_release::{History, Json, Release, name};

use super::flags::OUTPUT;
use crate::cluster::Connection;
use crate::command::{Command, Count, Flag, FlagKind, Invocation};
use crate::error::{Failure, Outcome};
use crate::release_view::{
    ANSIC, Format, Line, NotRead, app_version, chart_name, json_line, read, yaml_of,
};
use crate::session::Session;
use crate::table;

pub(super) static COMMAND: Command = Command {
    name: "history",
    aliases: &["hist"],
    arguments: "RELEASE_NAME",
    short: "list a release's revisions",
    long: "Lists the revisions of a release, the newest last.",
    count: Count::Exactly(1),
    flags: &[OUTPUT, FLAGS],
    run: Some(run),
    ..Command::DEFAULT
};

const FLAGS: &[Flag] = &[
    Flag::of("max", FlagKind::Int, "how many revisions to list").default("256"),
    Flag::switch(
        "show-rollback-revision",
        "show the revision that each one brought back",
    ),
];

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let flags = &invocation.flags;
    let mut connection = Connection::open(flags, session)?;
    let store = connection.store();
    let release = invocation.args.first().map_or("", String::as_str);
    let all = read(session, &mut connection, async {
        name::validate(release)
            .map_err(|_| NotRead::Text(format!("release name is invalid: {release}")))?;
        Ok(History::new(&*store, 0).outline(release).await?)
    })?;
    let most = flags.text("max").parse::<usize>().unwrap_or(0);
    let shown = &all[all.len().saturating_sub(most)..];
    let text = match Format::of(flags) {
        Format::Table => table(shown, flags.on("show-rollback-revision")),
        Format::Json => json_line(&list(shown, session.compat, "JSON")?),
        Format::Yaml => yaml_of(&list(shown, session.compat, "YAML")?)?,
    };
    session.print(text)
}

fn table(releases: &[Release], shows_rollback: bool) -> String {
    let head = [
        "REVISION",
        "UPDATED",
        "STATUS",
        "CHART",
        "APP VERSION",
        "ROLLBACK",
        "DESCRIPTION",
    ];
    let rows = releases.iter().map(|release| {
        let info = &release.info;
        let rollback = match info.rollback_revision {
            revision if revision > 0 => revision.to_string(),
            _ => String::new(),
        };
        [
            release.version.to_string(),
            String::from_utf8_lossy(&info.last_deployed.format(ANSIC)).into_owned(),
            info.status.to_string(),
            chart_name(release),
            app_version(release),
            rollback,
            info.description.clone(),
        ]
    });
    let lines = std::iter::once(head.map(str::to_owned)).chain(rows);
    let lines: Vec<Vec<String>> = lines
        .map(|line| {
            let mut line = line.to_vec();
            if !shows_rollback {
                line.remove(5);
            }
            line
        })
        .collect();
    format!("{}\n", table::layout(&lines, 0))
}

fn list(releases: &[Release], compat: Compat, format: &str) -> Result<Json, Failure> {
    let items = releases.iter().map(|release| {
        element(release, compat)
            .map_err(|e| Failure::new(format!("unable to write {format} output: {e}")))
    });
    let items: Vec<String> = items.collect::<Result<_, _>>()?;
    Ok(Json::from_go(format!("[{}]", items.join(","))))
}

fn element(release: &Release, compat: Compat) -> Result<String, &'static str> {
    let info = &release.info;
    let mut line = Line::new();
    line.raw("revision", &release.version.to_string());
    if !info.last_deployed.is_zero() {
        line.text("updated", &info.last_deployed.to_rfc3339()?);
    } else if !compat.omits_zero_times() {
        line.text("updated", "");
    }
    line.text("status", info.status.as_str());
    line.text("chart", &chart_name(release));
    line.text("app_version", &app_version(release));
    if info.rollback_revision != 0 && compat.records_apply_method() {
        line.raw("rollback_revision", &info.rollback_revision.to_string());
    }
    line.text("description", &info.description);
    Ok(line.finish())
}
