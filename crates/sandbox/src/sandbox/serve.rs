//! The sandbox on a socket, for `kubectl`, `helm` and whoever else speaks HTTP.

use std::net::SocketAddr;
use std::time::Duration;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::{Error, Sandbox};

/// How often a state that has moved is saved as a whole, which empties the journal.
const SAVED_EVERY: Duration = Duration::from_secs(10);

/// A sandbox that listens.
pub struct Server {
    sandbox: Sandbox,
    listener: TcpListener,
    address: SocketAddr,
}

impl Sandbox {
    /// Listens at an address: plain HTTP/1.1, and HTTP/2 by prior knowledge. Whoever can reach the
    /// address may do everything: give a loopback address.
    ///
    /// # Errors
    /// When the address cannot be had.
    pub async fn listen(&self, address: SocketAddr) -> std::io::Result<Server> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Server {
            sandbox: self.clone(),
            listener,
            address,
        })
    }
}

impl Server {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A kubeconfig that leads here.
    #[must_use]
    pub fn kubeconfig(&self) -> String {
        format!(
            "apiVersion: v1\nkind: Config\nclusters:\n- name: sandbox\n  cluster:\n    server: http://{}\n\
             users:\n- name: sandbox\n  user:\n    token: sandbox\n\
             contexts:\n- name: sandbox\n  context:\n    cluster: sandbox\n    user: sandbox\n\
             current-context: sandbox\n",
            self.address
        )
    }

    /// Notes the address beside the sandbox's file, so that others who want it learn where it is.
    ///
    /// # Errors
    /// When the note cannot be written.
    pub fn announce(&self) -> Result<(), Error> {
        match &self.sandbox.inner.store {
            Some(store) => store.serves(&format!("http://{}", self.address)),
            None => Ok(()),
        }
    }

    /// Answers until `until` is over, then breaks what is open and saves. Between requests the cluster
    /// lives on: deadlines pass when someone looks. A sandbox with a file is saved soon after it moved.
    ///
    /// # Errors
    /// When the file cannot be written at the end.
    pub async fn run(self, until: impl Future<Output = ()>) -> Result<(), Error> {
        let mut open = JoinSet::new();
        let mut moved = self.sandbox.inner.moved.subscribe();
        let mut clock = tokio::time::interval(SAVED_EVERY);
        let mut until = std::pin::pin!(until);
        loop {
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                () = &mut until => break,
                Some(_) = open.join_next() => continue,
                _ = clock.tick() => {
                    if moved.has_changed().unwrap_or(false) {
                        moved.mark_unchanged();
                        let sandbox = self.sandbox.clone();
                        // The last save, at the end, tells what is wrong.
                        open.spawn_blocking(move || drop(sandbox.save()));
                    }
                    continue;
                }
            };
            // A connection that breaks while it is accepted is the client's affair.
            let Ok((stream, _)) = accepted else { continue };
            let service = self.sandbox.service();
            open.spawn(async move {
                let service = hyper::service::service_fn(move |request| {
                    tower_service::Service::call(&mut service.clone(), request)
                });
                let builder = auto::Builder::new(TokioExecutor::new());
                // A client that goes away is no failure of ours.
                let _ = builder
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
        open.shutdown().await;
        self.sandbox.save()
    }
}
