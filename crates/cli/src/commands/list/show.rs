//! Printing a list of releases.

use windlass_release::{Json, Release};

use crate::command::Flags;
use crate::error::Outcome;
use crate::release_view::{Format, Line, Palette, app_version, chart_name, json_line, yaml_of};
use crate::session::Session;
use crate::table;

const HEAD: [&str; 7] = [
    "NAME",
    "NAMESPACE",
    "REVISION",
    "UPDATED",
    "STATUS",
    "CHART",
    "APP VERSION",
];

pub(super) fn print(session: &mut Session<'_>, flags: &Flags, releases: &[Release]) -> Outcome {
    let format = Format::of(flags);
    let text = match format {
        Format::Table if flags.on("short") => {
            releases.iter().map(|r| format!("{}\n", r.name)).collect()
        }
        Format::Table => table(session, flags, releases),
        Format::Json | Format::Yaml => {
            let items = releases.iter().map(|release| match flags.on("short") {
                true => serde_json::Value::from(release.name.as_str()).to_string(),
                false => element(release, flags.text("time-format")),
            });
            let list = Json::from_go(format!("[{}]", items.collect::<Vec<_>>().join(",")));
            match format {
                Format::Yaml => yaml_of(&list)?,
                _ => json_line(&list),
            }
        }
    };
    session.print(text)
}

fn table(session: &Session<'_>, flags: &Flags, releases: &[Release]) -> String {
    let palette = Palette::of(session);
    let layout = flags.text("time-format");
    let head = HEAD.map(|text| palette.header(text)).to_vec();
    let rows = releases.iter().map(|release| {
        vec![
            release.name.clone(),
            palette.namespace(&release.namespace),
            release.version.to_string(),
            updated(release, layout),
            palette.status(&release.info.status),
            chart_name(release),
            app_version(release),
        ]
    });
    let head = (!flags.on("no-headers")).then_some(head);
    let lines: Vec<Vec<String>> = head.into_iter().chain(rows).collect();
    format!("{}\n", table::layout(&lines, 0))
}

fn element(release: &Release, layout: &str) -> String {
    let mut line = Line::new();
    line.text("name", &release.name);
    line.text("namespace", &release.namespace);
    line.text("revision", &release.version.to_string());
    line.text("updated", &updated(release, layout));
    line.text("status", release.info.status.as_str());
    line.text("chart", &chart_name(release));
    line.text("app_version", &app_version(release));
    line.finish()
}

fn updated(release: &Release, layout: &str) -> String {
    let time = &release.info.last_deployed;
    match layout {
        _ if time.is_zero() => "-".to_owned(),
        "" => time.to_string(),
        layout => String::from_utf8_lossy(&time.format(layout.as_bytes())).into_owned(),
    }
}
