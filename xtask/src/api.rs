//! A server's API for judges: plain requests, one connection each, where starting `kubectl` for each would take
//! most of a suite's time. The sandbox speaks HTTP itself; a real server does through one `kubectl proxy`.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::cluster::pause;
use crate::peers;

/// How long a server may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server; its proxy ends with the value.
pub(crate) struct Api {
    address: SocketAddr,
    proxy: Option<Child>,
}

impl Api {
    /// The server of a kubeconfig.
    ///
    /// # Errors
    /// If that cannot be read, or `kubectl` has not been built.
    pub(crate) fn of(kubeconfig: &Path) -> Result<Self> {
        let config = fs::read_to_string(kubeconfig)?;
        let plain = config.split("server: http://").nth(1);
        if let Some(address) = plain.and_then(|rest| rest.split_whitespace().next()) {
            let address = address.parse().with_context(|| address.to_owned())?;
            return Ok(Self {
                address,
                proxy: None,
            });
        }
        let mut proxy = Command::new(peers::path("kubectl")?)
            .args(["proxy", "--port=0"])
            .env("KUBECONFIG", kubeconfig)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            // It complains of clients that leave, and clients that leave are what some suites are about.
            .stderr(Stdio::null())
            .spawn()?;
        let mut line = String::new();
        let said = proxy.stdout.take().context("it is piped")?;
        BufReader::new(said).read_line(&mut line)?;
        let address = line.trim().rsplit(' ').next().unwrap_or_default();
        Ok(Self {
            address: address.parse().with_context(|| line.clone())?,
            proxy: Some(proxy),
        })
    }

    /// Where the server is without encryption and credentials.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// An object, if it is there.
    pub(crate) fn get(&self, path: &str) -> Result<Option<Value>> {
        let (status, answer) = self.send("GET", path, None)?;
        ensure!(
            matches!(status, 200 | 404),
            "GET {path}: {status}: {answer}"
        );
        Ok((status == 200).then_some(answer))
    }

    /// The objects of a list, with their kinds; none where the kind is not there.
    pub(crate) fn list(&self, path: &str) -> Result<Vec<Value>> {
        let Some(mut list) = self.get(path)? else {
            return Ok(Vec::new());
        };
        let version = list["apiVersion"].clone();
        let kind = list["kind"].as_str().context("a list has a kind")?;
        let kind = kind.strip_suffix("List").unwrap_or(kind).to_owned();
        let Value::Array(mut items) = list["items"].take() else {
            return Ok(Vec::new());
        };
        for item in &mut items {
            item["apiVersion"] = version.clone();
            item["kind"] = kind.clone().into();
        }
        Ok(items)
    }

    /// Makes a namespace.
    pub(crate) fn create_namespace(&self, name: &str) -> Result<()> {
        let namespace =
            json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}});
        let (status, answer) = self.send("POST", "/api/v1/namespaces", Some(&namespace))?;
        ensure!(status == 201, "namespace {name}: {status}: {answer}");
        Ok(())
    }

    /// Begins to delete a namespace.
    pub(crate) fn delete_namespace(&self, name: &str) -> Result<()> {
        self.delete(&format!("/api/v1/namespaces/{name}"))
    }

    /// Begins to delete an object, which need not be there.
    pub(crate) fn delete(&self, path: &str) -> Result<()> {
        let (status, answer) = self.send("DELETE", path, None)?;
        // 409: it is going away already.
        ensure!(
            matches!(status, 200 | 202 | 404 | 409),
            "DELETE {path}: {status}: {answer}"
        );
        Ok(())
    }

    /// A server that is busy is asked again: it was while it takes in a new definition of a kind.
    fn send(&self, method: &str, path: &str, body: Option<&Value>) -> Result<(u16, Value)> {
        let start = Instant::now();
        loop {
            let (status, answer) = self.ask(method, path, body)?;
            if status != 429 || start.elapsed() > PATIENCE {
                return Ok((status, answer));
            }
            pause();
        }
    }

    /// HTTP/1.0: the answer ends with the connection.
    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<(u16, Value)> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(self.address)?;
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: {}\r\nUser-Agent: judge\r\nAccept: application/json\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        parsed(&answer).with_context(|| format!("{method} {path}"))
    }
}

/// The status of an answer, and its body.
fn parsed(answer: &[u8]) -> Result<(u16, Value)> {
    let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
    let (head, body) = answer.split_at(end.context("an answer has a head")?);
    let head = String::from_utf8_lossy(head);
    let status = head.split(' ').nth(1).context("an answer has a status")?;
    // Of a path that is not served yet servers say so without JSON.
    let text = || Value::String(String::from_utf8_lossy(&body[4..]).into_owned());
    let body = serde_json::from_slice(&body[4..]).unwrap_or_else(|_| text());
    Ok((status.parse()?, body))
}

impl Drop for Api {
    fn drop(&mut self) {
        if let Some(proxy) = &mut self.proxy {
            let _ = proxy.kill();
            let _ = proxy.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_answer_has_a_status_and_a_body() {
        let answer = b"HTTP/1.0 404 Not Found\r\nA: b\r\n\r\n{\"kind\":\"Status\"}";
        assert_eq!(parsed(answer).unwrap(), (404, json!({"kind": "Status"})));
        let plain = b"HTTP/1.0 404 Not Found\r\n\r\n404 page";
        assert_eq!(parsed(plain).unwrap(), (404, json!("404 page")));
        assert!(parsed(b"HTTP/1.0 200 OK\r\n").is_err());
    }
}
