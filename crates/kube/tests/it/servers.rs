//! Small servers on loopback: each answers every request with the same few bytes, or with the next of several.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// A server, and the heads of the requests that it got.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) heads: Arc<Mutex<Vec<String>>>,
}

/// An answer with a body of JSON.
pub(crate) fn answer(status: &str, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{headers}\r\n{body}",
        body.len()
    )
}

pub(crate) fn data(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

pub(crate) fn path(name: &str) -> String {
    format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// How a server shows who it is, and whether it asks the same of clients.
pub(crate) fn acceptor(name: &str, asks: bool) -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let chain = CertificateDer::pem_slice_iter(&data(&format!("{name}.pem")))
        .map(Result::unwrap)
        .collect();
    let key = PrivateKeyDer::from_pem_slice(&data(&format!("{name}.key"))).unwrap();
    let builder = rustls::ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = if asks {
        let mut roots = rustls::RootCertStore::empty();
        let authority = data("ca.pem");
        let known = CertificateDer::pem_slice_iter(&authority).map(Result::unwrap);
        roots.add_parsable_certificates(known);
        let verifier =
            rustls::server::WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
        builder.with_client_cert_verifier(verifier.build().unwrap())
    } else {
        builder.with_no_client_auth()
    };
    TlsAcceptor::from(Arc::new(builder.with_single_cert(chain, key).unwrap()))
}

/// Serves these answers in turn, the last one for ever. An empty one ends the connection instead.
pub(crate) async fn serve(tls: Option<TlsAcceptor>, answers: Vec<String>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heads: Arc<Mutex<Vec<String>>> = Arc::default();
    let seen = heads.clone();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let (seen, answers, tls) = (seen.clone(), answers.clone(), tls.clone());
            tokio::spawn(async move {
                match tls {
                    None => talk(socket, &seen, &answers).await,
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(socket).await {
                            talk(stream, &seen, &answers).await;
                        }
                    }
                }
            });
        }
    });
    Server { address, heads }
}

/// Serves the answer of the first path that a request's begins with.
pub(crate) async fn serve_by_path(answers: &[(&str, String)]) -> Server {
    let answers = answers
        .iter()
        .map(|(path, answer)| ((*path).to_owned(), answer.clone()));
    let answers: Arc<Vec<(String, String)>> = Arc::new(answers.collect());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let answers = Arc::clone(&answers);
            tokio::spawn(async move {
                let mut held = Vec::new();
                while !held.ends_with(b"\r\n\r\n") {
                    match socket.read_buf(&mut held).await {
                        Ok(0) | Err(_) => return,
                        Ok(_) => {}
                    }
                }
                let head = String::from_utf8_lossy(&held).into_owned();
                let path = head.split(' ').nth(1).unwrap();
                let found = answers
                    .iter()
                    .find(|(start, _)| path.starts_with(start.as_str()));
                // Each connection is for one request.
                socket.write_all(found.unwrap().1.as_bytes()).await.unwrap();
            });
        }
    });
    let heads = Arc::default();
    Server { address, heads }
}

/// The type of a TLS record with which a client begins.
const TLS_HANDSHAKE: u8 = 0x16;

async fn talk<T: AsyncRead + AsyncWrite + Unpin>(
    mut io: T,
    seen: &Mutex<Vec<String>>,
    answers: &[String],
) {
    let mut held = Vec::new();
    // What is still to come of a request's body.
    let mut body = 0;
    loop {
        let here = body.min(held.len());
        held.drain(..here);
        body -= here;
        while body == 0
            && let Some(end) = held.windows(4).position(|four| four == b"\r\n\r\n")
        {
            let head: Vec<u8> = held.drain(..end + 4).collect();
            let length = String::from_utf8_lossy(&head).to_lowercase();
            let length = length.split("content-length: ").nth(1);
            body = length.map_or(0, |it| it.split("\r\n").next().unwrap().parse().unwrap());
            let here = body.min(held.len());
            held.drain(..here);
            body -= here;
            let answer = {
                let mut seen = seen.lock().unwrap();
                seen.push(String::from_utf8_lossy(&head).into_owned());
                answers[(seen.len() - 1).min(answers.len() - 1)].clone()
            };
            if answer.is_empty() {
                return;
            }
            if io.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
        }
        match io.read_buf(&mut held).await {
            Ok(0) | Err(_) => return,
            // A client that wants TLS is told in plain text that this is none, as servers do.
            Ok(_) if held.starts_with(&[TLS_HANDSHAKE]) => {
                let _ = io.write_all(b"HTTP/1.0 400 Bad Request\r\n\r\n").await;
                return;
            }
            Ok(_) => {}
        }
    }
}
