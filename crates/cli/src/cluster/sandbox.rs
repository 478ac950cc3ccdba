//! The embedded cluster: opened in this process, or met on loopback where another one serves it.

use std::path::PathBuf;
use std::time::Duration;

use windlass_kube::{Client, ConnectOptions};
use windlass_sandbox::{Error, Sandbox};

use crate::error::Failure;
use crate::session::Session;
use crate::settings::Paths;

/// How long another command may hold the sandbox before we give up, and how often we look.
const PATIENCE: Duration = Duration::from_secs(30);
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// The file that holds the embedded cluster.
pub(crate) fn state_file(session: &Session<'_>) -> PathBuf {
    Paths::new(session)
        .windlass_data()
        .join("sandbox")
        .join("state.json")
}

/// The kubeconfig that leads to a sandbox that is served.
pub(crate) fn kubeconfig_file(session: &Session<'_>) -> PathBuf {
    state_file(session).with_file_name("kubeconfig")
}

/// Where the embedded cluster was found.
pub(crate) enum Found {
    /// In this process.
    Here(Sandbox),
    /// Another process serves it at this address.
    Served(String),
}

/// Opens the embedded cluster. Where another command has it, that one is waited for.
///
/// # Errors
/// A file that cannot be used, or that another command holds for long.
pub(crate) async fn find(session: &Session<'_>) -> Result<Found, Failure> {
    if let Some(sandbox) = &session.sandbox {
        return Ok(Found::Here(sandbox.clone()));
    }
    let path = state_file(session);
    let mut waited = Duration::ZERO;
    loop {
        match Sandbox::open(&path) {
            Ok(sandbox) => return Ok(Found::Here(sandbox)),
            Err(error) => match address(&error) {
                Some(address) => return Ok(Found::Served(address)),
                None if matches!(error, Error::Locked { .. }) && waited < PATIENCE => {}
                None => return Err(failure(&error)),
            },
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
        waited += BETWEEN_LOOKS;
    }
}

/// A client of the embedded cluster, and the cluster if it is in this process.
///
/// # Errors
/// As [`find`].
pub(super) async fn client(
    options: &ConnectOptions,
    session: &Session<'_>,
) -> Result<(Client, Option<Sandbox>), Failure> {
    match find(session).await? {
        Found::Here(sandbox) => {
            let client = Client::from_service(sandbox.service(), options);
            Ok((client, Some(sandbox)))
        }
        Found::Served(address) => {
            let options = ConnectOptions {
                namespace: options.namespace.clone(),
                api_server: address,
                user_agent: options.user_agent.clone(),
                on_warning: options.on_warning.clone(),
                ..ConnectOptions::default()
            };
            let connected = windlass_kube::connect(&options).await;
            let client = connected.map_err(|e| super::unreachable(&e, session))?;
            Ok((client, None))
        }
    }
}

/// Where the process that holds the sandbox serves it, if it does.
fn address(error: &Error) -> Option<String> {
    let Error::Locked { holder, .. } = error else {
        return None;
    };
    holder.address.clone()
}

/// What went wrong with the sandbox's file.
pub(crate) fn failure(error: &Error) -> Failure {
    let text = windlass_engine::error::text(error);
    Failure::new(match error {
        Error::Locked { .. } => {
            format!("{text}; end that process, or let it finish, and try again")
        }
        _ => text,
    })
}
