//! The files of `crds/`: created before anything else, one after the other, and waited for.

use std::time::Duration;

use windlass_plan::cluster::Object;

use super::Install;
use crate::apply::{self, Create};
use crate::engine::Engine;
use crate::error::Error;
use crate::event::Level;
use crate::foreseen;
use crate::objects::{Check, Target, build};
use crate::options::{Strategy, Waiting};
use crate::renderer::Definitions;
use crate::wait::Waiter;

const TIMEOUT: Duration = Duration::from_mins(1);

/// Says that a dry run leaves definitions out.
pub(super) fn warn_of_dry_run(engine: &Engine) {
    const MESSAGE: &str = "This chart or one of its subcharts contains CRDs. Rendering may fail or \
                           contain inaccuracies.";
    if engine.compat.warns_of_definitions() {
        engine.log(Level::Warn, MESSAGE, Vec::new());
    } else {
        engine.log(Level::Debug, format!("WARNING: {MESSAGE}"), Vec::new());
    }
}

/// Creates definitions; those that are there already are left as they are where the client applies.
/// Afterwards their kinds are known.
pub(super) async fn install(
    engine: &Engine,
    options: &Install,
    files: &[Definitions],
) -> Result<(), Error> {
    let mut created = Vec::new();
    for file in files {
        let named = |cause| Error::Definitions {
            file: file.name.clone(),
            cause: Box::new(cause),
        };
        if let Some(targets) = create(engine, options, file).await.map_err(named)? {
            created.extend(targets);
        }
    }
    if created.is_empty() {
        return Ok(());
    }
    // Definitions are waited for whatever else is: what comes next uses them.
    let strategy = match options.waiting.strategy {
        Strategy::HookOnly => Strategy::Watcher,
        other => other,
    };
    let waiting = Waiting {
        strategy,
        jobs: false,
        timeout: TIMEOUT,
        ..options.waiting
    };
    let waiter = Waiter::new(engine, waiting);
    waiter.ready(&created).await.map_err(Error::Wait)?;
    until_told(engine, &created).await;
    Ok(())
}

/// Waits until discovery tells of the defined kinds. A server establishes a definition a moment before
/// it lists it, and templates ask the list. One that never does is for the templates to find out.
async fn until_told(engine: &Engine, created: &[Target]) {
    const FIRST_PAUSE: Duration = Duration::from_millis(20);
    const PATIENCE: Duration = Duration::from_secs(10);
    let defined: Vec<String> = created.iter().flat_map(|t| kinds(&t.object)).collect();
    let (mut pause, mut waited) = (FIRST_PAUSE, Duration::ZERO);
    loop {
        engine.cluster.forget_mappings();
        let told = engine.cluster.api_versions().await.unwrap_or_default();
        let all = defined.iter().all(|kind| told.contains(kind));
        if all || waited >= PATIENCE || engine.cancel.is_cancelled() {
            return;
        }
        engine.cluster.sleep(pause).await;
        waited += pause;
        pause = (pause * 2).min(Duration::from_secs(1));
    }
}

/// The `group/version/Kind`s that a definition has served.
fn kinds(definition: &Object) -> Vec<String> {
    let kinds = foreseen::kinds(definition).into_iter();
    kinds
        .map(|mapping| format!("{}/{}", mapping.api_version(), mapping.kind))
        .collect()
}

/// The objects of definitions, as they are in the files.
pub(super) async fn objects(engine: &Engine, files: &[Definitions]) -> Result<Vec<Target>, Error> {
    let mut all = Vec::new();
    for file in files {
        let built = build(&*engine.cluster, &file.text, &engine.namespace, Check::None).await;
        all.extend(built.map_err(|cause| Error::Definitions {
            file: file.name.clone(),
            cause: Box::new(Error::Objects(cause)),
        })?);
    }
    Ok(all)
}

/// Creates the definitions of a file; none where they are there.
async fn create(
    engine: &Engine,
    options: &Install,
    file: &Definitions,
) -> Result<Option<Vec<Target>>, Error> {
    let built = build(&*engine.cluster, &file.text, &engine.namespace, Check::None).await;
    let mut targets = built.map_err(Error::Objects)?;
    if targets.is_empty() && engine.compat.names_empty_definitions() {
        return Err(Error::NoDefinitions);
    }
    let how = Create {
        server_side: options.server_side,
        force_conflicts: options.force_conflicts,
        ..Create::default()
    };
    match apply::create(engine, &mut targets, how).await {
        Ok(()) => Ok(Some(targets)),
        Err(error) if error.is_already_exists() => {
            let fields = vec![("crd", file.name.clone())];
            engine.log(Level::Debug, "CRD is already present. Skipping", fields);
            Ok(None)
        }
        Err(error) => Err(Error::Apply(error)),
    }
}
