//! How each request says who sends it: tokens, files of tokens that are read again, passwords, programs, and
//! whom the sender acts for.

mod certificate;
mod exec;
mod token_file;

use http::{HeaderMap, HeaderName, HeaderValue};
use windlass_value::base64;

pub(crate) use certificate::Certificate;
use exec::Plugin;
use token_file::TokenFile;

use crate::kubeconfig::{Access, AuthProvider, Identity, Impersonate};

/// What is put on requests.
pub(crate) struct Credentials {
    source: Source,
    acting_for: HeaderMap,
}

enum Source {
    /// The certificate of the connection, or nothing.
    None,
    Fixed(HeaderValue),
    File(TokenFile),
    Plugin(Box<Plugin>),
}

impl Credentials {
    /// Those of nobody: for servers in the process.
    pub(crate) fn none() -> Self {
        Self {
            source: Source::None,
            acting_for: HeaderMap::new(),
        }
    }

    /// Those of a kubeconfig, and the certificate that connections show.
    pub(crate) fn new(access: &Access) -> Result<(Self, Certificate), String> {
        let identity = &access.identity;
        let certificate = Certificate::of(identity)?;
        let source = source(access, identity, &certificate)?;
        let acting_for = acting_for(&access.impersonate)?;
        let credentials = Self { source, acting_for };
        Ok((credentials, certificate))
    }

    /// Puts on a request who sends it. Nothing is sent where that cannot be found out.
    pub(crate) async fn sign(&self, headers: &mut HeaderMap) -> Result<(), String> {
        let authorization = match &self.source {
            Source::None => None,
            Source::Fixed(value) => Some(value.clone()),
            Source::File(file) => Some(file.bearer().await?),
            Source::Plugin(plugin) => plugin
                .bearer()
                .await
                .map_err(|words| format!("getting credentials: {words}"))?,
        };
        if let Some(value) = authorization {
            headers.insert(http::header::AUTHORIZATION, value);
        }
        headers.extend(self.acting_for.clone());
        Ok(())
    }

    /// Hears that the server did not accept what it was told; a program is asked and a file read anew for
    /// the next request. Whether there is any of these.
    pub(crate) async fn refused(&self) -> bool {
        match &self.source {
            Source::Plugin(plugin) => plugin.forget().await,
            Source::File(file) => file.forget().await,
            Source::None | Source::Fixed(_) => return false,
        }
        true
    }
}

fn source(access: &Access, identity: &Identity, shown: &Certificate) -> Result<Source, String> {
    let has_token = !identity.token.is_empty() || !identity.token_file.is_empty();
    let has_basic = !identity.username.is_empty();
    if let Some(provider) = &identity.auth_provider {
        return from_provider(provider);
    }
    if has_token && has_basic {
        return Err("username/password or bearer token may be set, but not both".to_owned());
    }
    if !identity.token_file.is_empty() {
        return Ok(Source::File(TokenFile::new(
            &identity.token_file,
            &identity.token,
        )));
    }
    if has_token {
        return bearer(&identity.token).map(Source::Fixed);
    }
    if has_basic {
        let pair = format!("{}:{}", identity.username, identity.password);
        let mut text = b"Basic ".to_vec();
        base64::append(&mut text, pair.as_bytes());
        return header(&text).map(Source::Fixed);
    }
    match &identity.exec {
        Some(exec) if shown.is_none() => {
            Plugin::new(exec, access, shown.clone()).map(|it| Source::Plugin(Box::new(it)))
        }
        _ => Ok(Source::None),
    }
}

/// `Bearer`, and the token as a file may give it, with blanks around it.
fn bearer(token: &str) -> Result<HeaderValue, String> {
    header(format!("Bearer {}", token.trim()).as_bytes())
}

fn header(text: &[u8]) -> Result<HeaderValue, String> {
    let mut value = HeaderValue::from_bytes(text)
        .map_err(|_| "net/http: invalid header field value for \"Authorization\"".to_owned())?;
    value.set_sensitive(true);
    Ok(value)
}

/// Providers were taken out of client-go, but for one.
fn from_provider(provider: &AuthProvider) -> Result<Source, String> {
    match provider.name.as_str() {
        "gcp" => Err("The gcp auth plugin has been removed.\n\
             Please use the \"gke-gcloud-auth-plugin\" kubectl/client-go credential plugin instead.\n\
             See https://cloud.google.com/blog/products/containers-kubernetes/kubectl-auth-changes-in-gke for further details"
            .to_owned()),
        "azure" => Err("The azure auth plugin has been removed.\n\
             Please use the https://github.com/Azure/kubelogin kubectl/client-go credential plugin instead.\n\
             See https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins for further details"
            .to_owned()),
        "oidc" => match provider.config.get("id-token") {
            Some(token) if !token.is_empty() => bearer(token).map(Source::Fixed),
            _ => Err("No valid id-token, and cannot refresh without refresh-token".to_owned()),
        },
        other => Err(format!("no Auth Provider found for name \"{other}\"")),
    }
}

fn acting_for(who: &Impersonate) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    if who.user.is_empty() {
        return Ok(headers);
    }
    let mut add = |name: &str, value: &str| {
        let value = HeaderValue::from_str(value);
        match (HeaderName::try_from(name), value) {
            (Ok(name), Ok(value)) => {
                headers.append(name, value);
                Ok(())
            }
            _ => Err(format!(
                "net/http: invalid header field value for \"{name}\""
            )),
        }
    };
    add("Impersonate-User", &who.user)?;
    if !who.uid.is_empty() {
        add("Impersonate-Uid", &who.uid)?;
    }
    for group in &who.groups {
        add("Impersonate-Group", group)?;
    }
    for (key, values) in &who.extra {
        let name = format!("Impersonate-Extra-{}", escape_key(key));
        for value in values {
            add(&name, value)?;
        }
    }
    Ok(headers)
}

/// A key as the name of a header: what may not stand in one is escaped as in a URL.
fn escape_key(key: &str) -> String {
    let mut out = String::new();
    for byte in key.bytes() {
        let plain = byte.is_ascii_alphanumeric() || b"!#$&'*+-.^_`|~".contains(&byte);
        if plain {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
