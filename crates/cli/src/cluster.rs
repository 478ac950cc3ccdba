//! The composition: from flags and environment to a connected cluster and the store of its releases.
//!
//! A command that needs a cluster calls [`Connection::open`], which starts the only async runtime there is;
//! commands that need none never come here. `options` reads flags and environment, `sandbox` opens the
//! embedded cluster, `driver` chooses where releases are kept, `memory` is the driver of that name.

mod clock;
mod driver;
mod holder;
mod memory;
mod nowhere;
mod options;
pub(crate) mod sandbox;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Runtime;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use windlass_engine::Engine;
use windlass_engine::journal::ClusterJournal;
use windlass_kube::{Client, Lookup};
use windlass_plan::Journal;
use windlass_release::ReleaseStore;
use windlass_sandbox::Sandbox;

use crate::command::Flags;
use crate::commands::release::renderer::Lookups;
use crate::error::Failure;
use crate::session::Session;
use crate::telling::{self, Heard, Teller};
pub(crate) use clock::now;
use nowhere::Nowhere;
pub(crate) use options::{connect_options, is_sandboxed, namespace};

/// The field manager of everything that is written.
const FIELD_MANAGER: &str = "helm";

/// How often what is drawn on a terminal is drawn anew.
const REDRAW: Duration = Duration::from_secs(1);

/// How a shell sees a program that was ended by Ctrl-C.
const INTERRUPTED: i32 = 130;

/// A cluster, who speaks to it, and where its releases are kept.
pub(crate) struct Connection {
    runtime: Runtime,
    /// Who speaks to it, or why nobody can.
    client: Result<Client, String>,
    /// The embedded cluster, where it is in this process: to be saved.
    sandbox: Option<Sandbox>,
    store: Arc<dyn ReleaseStore>,
    namespace: String,
    /// Whether what Helm left pending counts as interrupted.
    auto_recover: bool,
    /// Whether what charts and objects say of their order is kept.
    ordering: bool,
    teller: Teller,
    heard: Heard,
    cancel: CancellationToken,
}

/// Has the system give memory in small pages from here on. Huge ones make a render a little faster and its memory half as
/// much again; what talks to a server waits for that most of the time, on several threads with memory of
/// their own.
fn small_pages() {
    #[cfg(target_os = "linux")]
    // Where it cannot be, it takes more memory.
    let _stays = rustix::thread::disable_transparent_huge_pages(true);
}

impl Connection {
    /// Finds the cluster that flags and environment mean. Nothing is sent yet, and a kubeconfig that
    /// leads nowhere is told of where the cluster is first asked for something.
    ///
    /// # Errors
    /// A sandbox that cannot be had, an unknown driver.
    pub(crate) fn open(flags: &Flags, session: &Session<'_>) -> Result<Self, Failure> {
        let namespace = namespace(flags, session);
        Self::open_in(flags, namespace, session)
    }

    /// The same for releases of a namespace, whichever the flags mean.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(crate) fn open_at(
        flags: &Flags,
        namespace: String,
        session: &Session<'_>,
    ) -> Result<Self, Failure> {
        Self::open_in(flags, namespace, session)
    }

    /// The same for releases of all namespaces.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(crate) fn open_everywhere(flags: &Flags, session: &Session<'_>) -> Result<Self, Failure> {
        Self::open_in(flags, String::new(), session)
    }

    /// The embedded cluster, whatever the flags say, for releases of all namespaces.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub(crate) fn open_sandbox(flags: &Flags, session: &Session<'_>) -> Result<Self, Failure> {
        Self::connect(flags, String::new(), true, session)
    }

    fn open_in(flags: &Flags, namespace: String, session: &Session<'_>) -> Result<Self, Failure> {
        Self::connect(flags, namespace, is_sandboxed(flags, session), session)
    }

    fn connect(
        flags: &Flags,
        namespace: String,
        sandboxed: bool,
        session: &Session<'_>,
    ) -> Result<Self, Failure> {
        small_pages();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|e| Failure::new(format!("starting the runtime: {e}")))?;
        let (teller, heard) = Teller::channel();
        let mut options = connect_options(flags, session);
        let warned = teller.clone();
        options.on_warning = Some(Arc::new(move |warning: &str| warned.warn(warning)));
        let in_memory = memory::is_meant(session);
        let (client, sandbox) = if in_memory {
            let passing = memory::cluster(&namespace);
            // Its queue needs the runtime around it.
            let _inside = runtime.enter();
            let client = Client::from_service(passing.service(), &options);
            (Ok(client), Some(passing))
        } else if sandboxed {
            let (client, sandbox) = runtime.block_on(sandbox::client(&options, session))?;
            (Ok(client), sandbox)
        } else {
            let connected = runtime.block_on(windlass_kube::connect(&options));
            (connected.map_err(|e| e.to_string()), None)
        };
        let store = match in_memory {
            true => runtime.block_on(memory::store(&namespace, session))?,
            false => driver::store(client.as_ref().ok(), &namespace, session)?,
        };
        Ok(Self {
            runtime,
            client,
            sandbox,
            store,
            namespace,
            auto_recover: flags.on("auto-recover")
                || session.variable("WINDLASS_AUTO_RECOVER") == Some("true"),
            ordering: !flags.on("no-ordering"),
            teller,
            heard,
            cancel: CancellationToken::new(),
        })
    }

    /// The namespace that is meant; empty for all.
    pub(crate) fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Where another process serves the embedded cluster, if one does.
    pub(crate) fn served_at(&self) -> Option<&str> {
        let client = self.client.as_ref().ok()?;
        self.sandbox.is_none().then(|| client.server())
    }

    /// The records of releases.
    pub(crate) fn store(&self) -> Arc<dyn ReleaseStore> {
        Arc::clone(&self.store)
    }

    /// The cluster.
    pub(crate) fn cluster(&self) -> Arc<dyn windlass_plan::Cluster> {
        match &self.client {
            Ok(client) => Arc::new(client.clone()),
            Err(message) => Arc::new(Nowhere {
                message: message.clone(),
            }),
        }
    }

    /// Where other threads tell what they do.
    pub(crate) fn teller(&self) -> Teller {
        self.teller.clone()
    }

    /// Makes what `lookup` asks through.
    pub(crate) fn lookups(&self) -> Lookups {
        let (client, runtime) = (self.client.clone().ok(), self.runtime.handle().clone());
        Box::new(move || {
            let client = client.clone()?;
            Some(Box::new(Lookup::new(client, runtime.clone())))
        })
    }

    /// The engine over this cluster.
    pub(crate) fn engine(&self, session: &Session<'_>) -> Engine {
        let cluster = self.cluster();
        let journal = driver::kind(session).map(|kind| {
            let manager = FIELD_MANAGER.to_owned();
            Arc::new(ClusterJournal::new(Arc::clone(&cluster), kind, manager)) as Arc<dyn Journal>
        });
        Engine {
            cluster,
            store: self.store(),
            journal,
            holder: holder::name(),
            holders: Arc::new(holder::Local),
            auto_recover: self.auto_recover,
            ordering: self.ordering,
            clock: Arc::new(clock::SystemClock),
            events: Arc::new(self.teller()),
            compat: session.compat,
            field_manager: FIELD_MANAGER.to_owned(),
            namespace: self.namespace.clone(),
            cancel: self.cancel.clone(),
        }
    }

    /// Runs something to its end and prints what it tells on the way. Ctrl-C and SIGTERM are passed on to
    /// the engine, which ends in order; a second one ends the program.
    pub(crate) fn run<T>(
        &mut self,
        session: &mut Session<'_>,
        cancelled: Option<&str>,
        act: impl Future<Output = T>,
    ) -> T {
        let Self {
            runtime,
            heard,
            cancel,
            ..
        } = self;
        let outcome = runtime.block_on(async {
            let mut signals = Signals::new();
            tokio::pin!(act);
            loop {
                tokio::select! {
                    biased;
                    Some(told) = heard.recv() => telling::print(told, session),
                    outcome = &mut act => break outcome,
                    () = signals.next() => stop(cancel, cancelled, session),
                    () = tokio::time::sleep(REDRAW) => session.redraw(),
                }
            }
        });
        while let Ok(told) = heard.try_recv() {
            telling::print(told, session);
        }
        if let Some(Err(unsaved)) = self.sandbox.as_ref().map(Sandbox::save) {
            session.fail_late(sandbox::failure(&unsaved));
        }
        outcome
    }
}

/// The first signal asks the engine to end, the second does not ask.
fn stop(cancel: &CancellationToken, line: Option<&str>, session: &mut Session<'_>) {
    if cancel.is_cancelled() {
        let _ = session.flush();
        std::process::exit(INTERRUPTED);
    }
    if let Some(line) = line {
        // Where nobody reads it, the end is still in order.
        let _ = session.print(line).and_then(|()| session.flush());
    }
    cancel.cancel();
}

/// What asks the program to end. Where signals cannot be listened to, they end it as ever.
struct Signals {
    interrupt: Option<Signal>,
    terminate: Option<Signal>,
}

impl Signals {
    fn new() -> Self {
        Self {
            interrupt: signal(SignalKind::interrupt()).ok(),
            terminate: signal(SignalKind::terminate()).ok(),
        }
    }

    async fn next(&mut self) {
        tokio::select! {
            () = received(self.interrupt.as_mut()) => {}
            () = received(self.terminate.as_mut()) => {}
        }
    }
}

async fn received(signal: Option<&mut Signal>) {
    match signal {
        Some(signal) => {
            signal.recv().await;
        }
        None => std::future::pending().await,
    }
}

/// C11: how the Helms word that no cluster can be had.
pub(crate) fn unreachable(error: &windlass_plan::cluster::Error, session: &Session<'_>) -> Failure {
    let kubernetes = if session.compat.starts_errors_lower_case() {
        "kubernetes"
    } else {
        "Kubernetes"
    };
    Failure::new(format!("{kubernetes} cluster unreachable: {error}"))
}
