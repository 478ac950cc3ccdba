//! The files of `crds/`: created before anything else, and waited for.
//!
//! They are created side by side, which a server does with half the work: it puts together what it says of all kinds
//! once, not once for each. Where one fails, others may be there that Helm had not come to yet.

use std::time::Duration;

use serde_json::json;
use windlass_plan::cluster::Object;

use super::Install;
use crate::apply::{self, Create, level};
use crate::engine::Engine;
use crate::error::Error;
use crate::event::Level;
use crate::foreseen;
use crate::objects::{Check, Target, build};
use crate::options::{Strategy, Waiting};
use crate::renderer::Definitions;
use crate::wait::Waiter;

const TIMEOUT: Duration = Duration::from_mins(1);

/// How long definitions most often take at most, and how long discovery takes behind them.
const SOON: Duration = Duration::from_secs(5);
const LATER: Duration = Duration::from_secs(10);

/// So many files are created, and held, at once.
const AT_ONCE: usize = 6;

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
    let calls = files.iter().map(|file| create(engine, options, file));
    let results = level::run(calls.collect(), AT_ONCE).await;
    let (mut created, mut kinds) = (Vec::new(), Vec::new());
    for (file, result) in files.iter().zip(results) {
        if let Some(made) = result.map_err(|cause| named(file, cause))? {
            created.extend(made.targets);
            kinds.extend(made.kinds);
        }
    }
    // Of established definitions the server tells, which is learnt for less than by looking at each.
    if until_told(engine, &kinds, SOON).await {
        created.retain(|target| !is_definition(target));
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
    until_told(engine, &kinds, LATER).await;
    Ok(())
}

fn is_definition(target: &Target) -> bool {
    let mapping = &target.at.mapping;
    mapping.is("apiextensions.k8s.io", "CustomResourceDefinition")
}

/// Waits for so long until discovery tells of the defined kinds, and says whether it does. A server establishes a
/// definition a moment before it lists it, and templates ask the list. One that never does is for the templates to
/// find out.
async fn until_told(engine: &Engine, defined: &[String], patience: Duration) -> bool {
    const FIRST_PAUSE: Duration = Duration::from_millis(20);
    let (mut pause, mut waited) = (FIRST_PAUSE, Duration::ZERO);
    loop {
        engine.cluster.forget_mappings();
        let told = engine.cluster.api_versions().await.unwrap_or_default();
        let all = defined.iter().all(|kind| told.contains(kind));
        if all || waited >= patience || engine.cancel.is_cancelled() {
            return all;
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
        all.extend(built.map_err(|cause| named(file, Error::Objects(cause)))?);
    }
    Ok(all)
}

fn named(file: &Definitions, cause: Error) -> Error {
    Error::Definitions {
        file: file.name.clone(),
        cause: Box::new(cause),
    }
}

/// What was created of a file.
struct Made {
    /// The definitions, of which no more is held than what they are: some have a megabyte each.
    targets: Vec<Target>,
    /// The kinds that they define.
    kinds: Vec<String>,
}

/// Creates the definitions of a file; none where they are there.
async fn create(
    engine: &Engine,
    options: &Install,
    file: &Definitions,
) -> Result<Option<Made>, Error> {
    let built = build(&*engine.cluster, &file.text, &engine.namespace, Check::None).await;
    let mut targets = built.map_err(Error::Objects)?;
    if targets.is_empty() && engine.compat.names_empty_definitions() {
        return Err(Error::NoDefinitions);
    }
    let kinds = targets.iter().flat_map(|t| kinds(&t.object)).collect();
    let how = Create {
        server_side: options.server_side,
        force_conflicts: options.force_conflicts,
        brief: true,
        ..Create::default()
    };
    match apply::create(engine, &mut targets, how).await {
        Ok(()) => {
            for target in &mut targets {
                target.object = json!({
                    "apiVersion": target.at.mapping.api_version(),
                    "kind": target.at.mapping.kind,
                    "metadata": { "name": target.at.name },
                });
            }
            Ok(Some(Made { targets, kinds }))
        }
        Err(error) if error.is_already_exists() => {
            let fields = vec![("crd", file.name.clone())];
            engine.log(Level::Debug, "CRD is already present. Skipping", fields);
            Ok(None)
        }
        Err(error) => Err(Error::Apply(error)),
    }
}
