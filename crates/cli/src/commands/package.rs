//! `windlass package`: pack charts into archives.

use windlass_chart::{dependencies, path};
use windlass_value::Heap;
use windlass_version::Version;

use super::dependency;
use super::flags::CHART_ACCESS;
use crate::command::{Command, Flag, Invocation};
use crate::error::{Failure, Outcome, io_failure};
use crate::input::local;
use crate::session::Session;
use crate::store;

pub(super) static COMMAND: Command = Command {
    name: "package",
    arguments: "[CHART_PATH] [...]",
    short: "pack chart directories into archives",
    long: "Packs each chart directory into NAME-VERSION.tgz, as chart repositories and registries\n\
           hold them. SOURCE_DATE_EPOCH gives everything in it one age, so that the same files make\n\
           the same archive.",
    flags: &[CHART_ACCESS, FLAGS],
    run: Some(run),
    ..Command::DEFAULT
};

const FLAGS: &[Flag] = &[
    Flag::text("app-version", "give the chart this appVersion"),
    Flag::switch(
        "dependency-update",
        "bring charts/ up to date with Chart.yaml first",
    )
    .short('u'),
    Flag::text("destination", "directory to write the archive into")
        .short('d')
        .default("."),
    Flag::text("key", "name of the key to sign with"),
    Flag::text("keyring", "keyring that has the key"),
    Flag::text(
        "passphrase-file",
        "file with the key's passphrase, `-` for standard input",
    ),
    Flag::switch("sign", "sign the archive with an OpenPGP key"),
    Flag::text("version", "give the chart this version"),
];

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    if invocation.args.is_empty() {
        return Err(Failure::new(
            "need at least one argument, the path to the chart",
        ));
    }
    let epoch = store::epoch(session)?;
    check_signing(session, invocation)?;
    for chart in &invocation.args {
        std::fs::metadata(chart).map_err(|e| io_failure("stat", chart, &e))?;
        let directory = local::absolute(chart, session);
        if invocation.flags.on("dependency-update") {
            dependency::update_quietly(&directory, epoch, session)?;
        }
        let packed = pack(&directory, epoch, session, invocation)?;
        session.print(format!(
            "Successfully packaged chart and saved it to: {packed}\n"
        ))?;
    }
    Ok(())
}

fn check_signing(session: &Session<'_>, invocation: &Invocation) -> Outcome {
    let flags = &invocation.flags;
    if !flags.on("sign") {
        return Ok(());
    }
    if flags.text("key").is_empty() {
        return Err(Failure::new("--key is required for signing a package"));
    }
    Err(Failure::new(format!(
        "--sign needs OpenPGP signatures, which this version of {} cannot make yet; \
         nothing was packaged",
        session.program
    )))
}

/// Packs one chart; gives the archive's path.
fn pack(
    directory: &str,
    epoch: Option<i64>,
    session: &mut Session<'_>,
    invocation: &Invocation,
) -> Result<String, Failure> {
    let flags = &invocation.flags;
    let mut heap = Heap::new();
    let mut chart = local::load_directory(directory, &mut heap, session)?;
    if session.compat.detects_charts_first() && chart.metadata.api_version == "v3" {
        return Err(Failure::new("invalid chart apiVersion"));
    }
    let version = flags.text("version");
    if !version.is_empty() {
        version.clone_into(&mut chart.metadata.version);
    }
    Version::parse(&chart.metadata.version).map_err(|e| Failure::new(e.to_string()))?;
    let app_version = flags.text("app-version");
    if !app_version.is_empty() {
        app_version.clone_into(&mut chart.metadata.app_version);
    }
    store::stamp(&mut chart, epoch);
    dependencies::check(&chart, session.compat).map_err(|e| Failure::new(e.to_string()))?;
    let destination = match flags.text("destination") {
        "." => local::absolute(".", session),
        given => given.to_owned(),
    };
    store::archive(&chart, &heap, &path_or_empty(&destination), session)
        .map_err(|e| e.context("failed to save"))
}

/// An empty destination is the working directory, by a relative path.
fn path_or_empty(destination: &str) -> String {
    match destination {
        "" => String::new(),
        given => path::clean(given),
    }
}
