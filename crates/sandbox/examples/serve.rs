//! `serve [ADDRESS [FILE]]`: the sandbox on a socket, until its input ends or it is interrupted.
#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use windlass_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let sandbox = match arguments.next() {
        Some(path) => Sandbox::open(path)?,
        None => Sandbox::in_memory(),
    };
    let server = sandbox.listen(address.parse()?).await?;
    server.announce()?;
    print!("{}", server.kubeconfig());
    let interrupted = async {
        // Without a way to be interrupted it serves on.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    server.run(interrupted).await?;
    Ok(())
}
