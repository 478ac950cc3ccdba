//! `windlass sandbox serve`: the embedded cluster on loopback, for kubectl, helm and whoever speaks to
//! API servers.

use std::fs;
use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use tokio::signal::unix::{SignalKind, signal};
use windlass_sandbox::Server;

use crate::cluster::sandbox::{failure, kubeconfig_file};
use crate::command::{Command, Count, Flag, FlagKind, Invocation};
use crate::error::{Failure, Outcome, io_failure, io_reason};
use crate::session::Session;

pub(super) static COMMAND: Command = Command {
    name: "serve",
    short: "serve it on loopback until Ctrl-C",
    long: "Serves the embedded cluster on loopback until Ctrl-C and writes a kubeconfig that leads there.\n\n\
           Commands with --sandbox find it while it is served.",
    count: Count::None,
    flags: &[&[Flag::of(
        "port",
        FlagKind::Uint,
        "port to listen at, 0 for any that is free",
    )
    .default("0")]],
    run: Some(run),
    ..Command::DEFAULT
};

fn run(session: &mut Session<'_>, invocation: &Invocation) -> Outcome {
    let port = invocation.flags.text("port");
    let port: u16 = port
        .parse()
        .map_err(|_| Failure::new(format!("--port must be at most 65535, got {port}")))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Failure::new(format!("starting the runtime: {e}")))?;
    runtime.block_on(serve(port, session))
}

async fn serve(port: u16, session: &mut Session<'_>) -> Outcome {
    let sandbox = super::held(session).await?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let server = sandbox
        .listen(address)
        .await
        .map_err(|e| Failure::new(format!("listen {address}: {}", io_reason(&e))))?;
    server.announce().map_err(|e| failure(&e))?;
    let kubeconfig = kubeconfig_file(session);
    write_kubeconfig(&kubeconfig, &server)?;
    session.print(format!(
        "Serving the sandbox at http://{}; Ctrl-C ends it.\n\n  export KUBECONFIG={}\n",
        server.address(),
        kubeconfig.display()
    ))?;
    session.flush()?;
    let served = server.run(ended()).await;
    // A kubeconfig that leads nowhere would only puzzle.
    let _ = fs::remove_file(&kubeconfig);
    served.map_err(|e| failure(&e))
}

fn write_kubeconfig(path: &Path, server: &Server) -> Outcome {
    use std::os::unix::fs::OpenOptionsExt;
    let failed = |e: &std::io::Error| io_failure("open", &path.to_string_lossy(), e);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|e| failed(&e))?;
    }
    let mut options = fs::OpenOptions::new();
    options.create(true).write(true).truncate(true).mode(0o600);
    let mut file = options.open(path).map_err(|e| failed(&e))?;
    file.write_all(server.kubeconfig().as_bytes())
        .map_err(|e| failed(&e))
}

/// Over when the user or the system ends the program.
async fn ended() {
    let (Ok(mut interrupt), Ok(mut terminate)) = (
        signal(SignalKind::interrupt()),
        signal(SignalKind::terminate()),
    ) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
