//! From a rendered chart to the record of a revision, and what actions do to records besides.

use windlass_release::{
    ApplyMethod, DeletePolicy, History, Hook, HookEvent, OutputLogPolicy, Release, Status,
    StoreError,
};

use crate::engine::Engine;
use crate::error::{Error, is_trouble, text};
use crate::event::Level;
use crate::faults::{self, Fault};
use crate::renderer::RenderedChart;

/// The hooks of a rendered chart as records hold them.
fn hooks(rendered: &[windlass_render::Hook]) -> Vec<Hook> {
    rendered.iter().map(hook).collect()
}

fn hook(rendered: &windlass_render::Hook) -> Hook {
    let mut hook = Hook::default();
    hook.name.clone_from(&rendered.name);
    hook.kind.clone_from(&rendered.kind);
    hook.path.clone_from(&rendered.path);
    hook.manifest.clone_from(&rendered.manifest);
    hook.weight = rendered.weight;
    let events = rendered.events.iter();
    hook.events = events.map(|event| HookEvent::from(event.name())).collect();
    let words = rendered.delete_policies.iter();
    hook.delete_policies = words
        .map(|word| DeletePolicy::from(word.as_str()))
        .collect();
    let words = rendered.output_log_policies.iter();
    hook.output_log_policies = words
        .map(|word| OutputLogPolicy::from(word.as_str()))
        .collect();
    hook
}

/// A record of a rendered chart, made now; whose it is and how it stands is to be filled in.
pub(crate) fn of(engine: &Engine, rendered: RenderedChart, server_side: bool) -> Release {
    let mut release = Release::default();
    release.info.last_deployed = engine.clock.now();
    release.info.notes = rendered.notes;
    release.hooks = hooks(&rendered.hooks);
    release.chart = Some(rendered.chart);
    release.config = rendered.config;
    release.manifest = rendered.manifest;
    release.order = rendered.order;
    release.apply_method = apply_method(engine, server_side);
    release.holder.clone_from(&engine.holder);
    release
}

/// How a revision says that its objects are applied; Helm 3 says nothing.
pub(crate) fn apply_method(engine: &Engine, server_side: bool) -> Option<ApplyMethod> {
    let method = match server_side {
        true => ApplyMethod::ServerSide,
        false => ApplyMethod::ClientSide,
    };
    engine.compat.records_apply_method().then_some(method)
}

/// The history of the engine's store, with so many revisions kept.
pub(crate) fn history(engine: &Engine, limit: i64) -> History<'_> {
    let limit = match faults::on(Fault::NoHistoryLimit) {
        true => 0,
        false => limit,
    };
    History::new(&*engine.store, limit)
}

/// Stores a revision again; that it cannot be stored is only told.
pub(crate) async fn note(engine: &Engine, release: &Release) {
    if let Err(error) = engine.store.update(release).await {
        tell_unstored(engine, release, &error);
    }
}

fn tell_unstored(engine: &Engine, release: &Release, error: &StoreError) {
    let (name, error) = (release.name.clone(), text(error));
    if engine.compat.logs_structured() {
        let fields = vec![
            ("name", name),
            ("revision", release.version.to_string()),
            ("error", error),
        ];
        engine.log(Level::Warn, "failed to update release", fields);
    } else {
        let message = format!("warning: Failed to update release {name}: {error}");
        engine.log(Level::Debug, message, Vec::new());
    }
}

/// Marks a revision as failed. Its holder stays on record where nothing is wrong with the release but
/// that it was not brought to an end: whoever comes next takes it up as one that was interrupted.
pub(crate) fn fail(release: &mut Release, description: String, error: &Error) {
    release.set_status(Status::Failed, description);
    if !error.leaves_open() {
        release.holder.clear();
    }
}

/// Marks all revisions that count as deployed as superseded.
pub(crate) async fn supersede(engine: &Engine, name: &str) -> Result<(), StoreError> {
    let deployed = match history(engine, 0).deployed_all(name).await {
        Ok(deployed) => deployed,
        Err(StoreError::NoDeployed(_)) => Vec::new(),
        Err(error) => return Err(error),
    };
    for mut release in deployed {
        let fields = vec![("version", release.version.to_string())];
        engine.log(Level::Debug, "superseding previous deployment", fields);
        supersede_one(engine, &mut release).await?;
    }
    Ok(())
}

/// Marks one revision as superseded. Where the server has trouble that is an error, lest two revisions be
/// deployed; else it is only told, as Helm does.
pub(crate) async fn supersede_one(
    engine: &Engine,
    release: &mut Release,
) -> Result<(), StoreError> {
    if !faults::on(Fault::ForgetSupersede) {
        release.info.status = Status::Superseded;
    }
    match engine.store.update(release).await {
        Err(error) if is_trouble(&error) => Err(error),
        Err(error) => {
            tell_unstored(engine, release, &error);
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// What is recorded of a revision in the end.
pub(crate) fn description(wanted: &str, usual: &str) -> String {
    match wanted {
        _ if faults::on(Fault::WrongDescription) => "Done".to_owned(),
        "" => usual.to_owned(),
        wanted => wanted.to_owned(),
    }
}
