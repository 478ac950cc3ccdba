//! Programs that give credentials: client-go's exec plugins, versions v1 and v1beta1.

use std::io::{ErrorKind, IsTerminal};
use std::path::Path;
use std::process::Stdio;

use http::HeaderValue;
use k8s_openapi::jiff::Timestamp;
use serde_json::{Value, json};
use tokio::process::Command;
use tokio::sync::Mutex;
use windlass_value::base64;

use super::bearer;
use super::certificate::Certificate;
use crate::kubeconfig::{Access, Exec, check_type_meta, to_json};
use crate::os;
use crate::transport::certified_key;

const GROUP: &str = "client.authentication.k8s.io";
const NOT_INSTALLED: &str = "\n\nIt looks like you are trying to use a client-go credential plugin that is not installed.\n\n\
    To learn more about this feature, consult the documentation available at:\n      \
    https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins";

/// A program and what it gave.
pub(super) struct Plugin {
    exec: Exec,
    version: &'static str,
    cluster: Value,
    certificate: Certificate,
    given: Mutex<Option<Given>>,
}

#[derive(Clone)]
struct Given {
    bearer: Option<HeaderValue>,
    expires: Option<Timestamp>,
}

impl Plugin {
    pub(super) fn new(
        exec: &Exec,
        access: &Access,
        certificate: Certificate,
    ) -> Result<Self, String> {
        let version = match exec.api_version.as_str() {
            "client.authentication.k8s.io/v1" => "v1",
            "client.authentication.k8s.io/v1beta1" => "v1beta1",
            other => return Err(format!("exec plugin: invalid apiVersion \"{other}\"")),
        };
        Ok(Self {
            exec: exec.clone(),
            version,
            cluster: cluster(access)?,
            certificate,
            given: Mutex::new(None),
        })
    }

    /// What to send; the program runs where nothing is known, or no more.
    pub(super) async fn bearer(&self) -> Result<Option<HeaderValue>, String> {
        let mut given = self.given.lock().await;
        let now = Timestamp::now();
        if let Some(known) = &*given
            && known.expires.is_none_or(|at| now <= at)
        {
            return Ok(known.bearer.clone());
        }
        let fresh = self.run().await?;
        let bearer = fresh.bearer.clone();
        *given = Some(fresh);
        Ok(bearer)
    }

    pub(super) async fn forget(&self) {
        *self.given.lock().await = None;
    }

    async fn run(&self) -> Result<Given, String> {
        let interactive = self
            .is_interactive()
            .map_err(|words| format!("exec plugin cannot support interactive mode: {words}"))?;
        let output = self.command(interactive).output().await;
        let output = output.map_err(|error| self.not_run(&error))?;
        if !output.status.success() {
            let code = output.status.code().unwrap_or(-1);
            let command = &self.exec.command;
            return Err(format!(
                "exec: executable {command} failed with exit code {code}"
            ));
        }
        self.read(&output.stdout)
    }

    fn is_interactive(&self) -> Result<bool, &'static str> {
        let terminal = std::io::stdin().is_terminal();
        match self.exec.interactive_mode.as_str() {
            "Never" => Ok(false),
            "Always" if !terminal => Err("standard input is not a terminal"),
            "Always" => Ok(true),
            _ => Ok(terminal),
        }
    }

    fn command(&self, interactive: bool) -> Command {
        let mut spec = json!({ "interactive": interactive });
        if self.exec.provide_cluster_info {
            spec["cluster"] = self.cluster.clone();
        }
        let info = json!({
            "kind": "ExecCredential",
            "apiVersion": format!("{GROUP}/{}", self.version),
            "spec": spec,
        });
        let mut command = Command::new(&self.exec.command);
        command
            .args(&self.exec.args)
            .envs(self.exec.env.iter().map(|(name, value)| (name, value)))
            .env("KUBERNETES_EXEC_INFO", format!("{info}\n"))
            .stdin(if interactive {
                Stdio::inherit()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true);
        command
    }

    fn not_run(&self, error: &std::io::Error) -> String {
        let command = &self.exec.command;
        let is_path = command.contains(std::path::MAIN_SEPARATOR);
        if is_path || error.kind() != ErrorKind::NotFound {
            return format!(
                "exec: {}",
                os::failed("fork/exec", Path::new(command), error)
            );
        }
        let mut words = format!("exec: executable {command} not found{NOT_INSTALLED}");
        if !self.exec.install_hint.is_empty() {
            words.push_str("\n\n");
            words.push_str(&self.exec.install_hint);
        }
        words
    }

    fn read(&self, output: &[u8]) -> Result<Given, String> {
        let unread = |words: String| format!("decoding stdout: {words}");
        let object = to_json(output).map_err(unread)?;
        check_type_meta(&object).map_err(unread)?;
        let said = object["apiVersion"].as_str().unwrap_or_default();
        let kind = object["kind"].as_str().unwrap_or_default();
        if !kind.is_empty() && kind != "ExecCredential" {
            return Err(unread(format!(
                "no kind \"{kind}\" is registered for version \"{said}\" in scheme \"pkg/runtime/scheme.go:111\""
            )));
        }
        let wanted = format!("{GROUP}/{}", self.version);
        if said != wanted {
            let said = match said {
                "" => "client.authentication.k8s.io/__internal",
                said => said,
            };
            return Err(format!(
                "exec plugin is configured to use API version {wanted}, plugin returned version {said}"
            ));
        }
        self.take(&object["status"])
    }

    fn take(&self, status: &Value) -> Result<Given, String> {
        if status.is_null() {
            return Err("exec plugin didn't return a status field".to_owned());
        }
        let text = |key: &str| status[key].as_str().unwrap_or_default();
        let token = text("token");
        let chain = text("clientCertificateData");
        let key = text("clientKeyData");
        if token.is_empty() && chain.is_empty() && key.is_empty() {
            return Err("exec plugin didn't return a token or cert/key pair".to_owned());
        }
        if chain.is_empty() != key.is_empty() {
            return Err("exec plugin returned only certificate or key, not both".to_owned());
        }
        if !chain.is_empty() {
            let pair = certified_key(chain.as_bytes(), key.as_bytes())
                .map_err(|words| format!("failed parsing client key/certificate: {words}"))?;
            self.certificate.show(Some(pair));
        }
        let expires =
            match text("expirationTimestamp") {
                "" => None,
                at => Some(at.parse().map_err(|_| {
                    format!("decoding stdout: parsing time \"{at}\": not in RFC 3339")
                })?),
            };
        let bearer = match token {
            "" => None,
            token => Some(bearer(token)?),
        };
        Ok(Given { bearer, expires })
    }
}

/// What a plugin that asks for it hears of the cluster.
fn cluster(access: &Access) -> Result<Value, String> {
    let mut cluster = json!({ "server": access.server });
    if !access.tls_server_name.is_empty() {
        cluster["tls-server-name"] = access.tls_server_name.clone().into();
    }
    if access.insecure {
        cluster["insecure-skip-tls-verify"] = true.into();
    }
    let authorities = if access.ca_data.is_empty() && !access.ca_file.is_empty() {
        os::read(Path::new(&access.ca_file)).map_err(|(_, words)| words)?
    } else {
        access.ca_data.clone()
    };
    if !authorities.is_empty() {
        let text = String::from_utf8_lossy(&base64::encode(&authorities)).into_owned();
        cluster["certificate-authority-data"] = text.into();
    }
    if let Some(proxy) = &access.proxy {
        cluster["proxy-url"] = proxy.to_string().into();
    }
    if access.disable_compression {
        cluster["disable-compression"] = true.into();
    }
    cluster["config"] = access.identity.exec_config.clone().unwrap_or(Value::Null);
    Ok(cluster)
}
