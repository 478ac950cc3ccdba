//! How connections fail, in the words of Helm 4.3.1; who servers are told it is.

use std::collections::BTreeMap;

use windlass_kube::{ConnectOptions, connect};
use windlass_plan::cluster::{Cluster, Error, Selection};

use crate::servers::{Server, acceptor, answer, path, serve};

const VERSION: &str = r#"{"major":"1","minor":"36","gitVersion":"v1.36.3"}"#;

pub(crate) fn to(server: &str) -> ConnectOptions {
    ConnectOptions {
        api_server: server.to_owned(),
        environment: BTreeMap::from([("KUBECONFIG".to_owned(), "/nonexist".to_owned())]),
        ..ConnectOptions::default()
    }
}

async fn version(options: &ConnectOptions) -> Result<String, Error> {
    let client = connect(options).await?;
    Ok(client.version().await?.git_version)
}

async fn failure(options: &ConnectOptions) -> String {
    version(options).await.unwrap_err().to_string()
}

async fn secure(certificate: &str, asks: bool) -> (Server, ConnectOptions) {
    let server = serve(
        Some(acceptor(certificate, asks)),
        vec![answer("200 OK", "", VERSION)],
    )
    .await;
    let mut options = to(&format!("https://{}", server.address));
    options.ca_file = path("ca.pem");
    (server, options)
}

#[tokio::test]
async fn servers_that_are_not_there() {
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    for (server, words) in [
        (
            format!("https://{address}"),
            format!(
                "Get \"https://{address}/version\": dial tcp {address}: connect: connection refused"
            ),
        ),
        (
            address.to_string(),
            format!(
                "Get \"http://{address}/version\": dial tcp {address}: connect: connection refused"
            ),
        ),
        (
            ":::bad".to_owned(),
            "parse \"http://:::bad\": invalid port \":::bad\" after host".to_owned(),
        ),
    ] {
        assert_eq!(failure(&to(&server)).await, words);
    }
    let mut through = to("https://192.0.2.1");
    through
        .environment
        .insert("HTTPS_PROXY".to_owned(), format!("http://{address}"));
    assert_eq!(
        failure(&through).await,
        format!(
            "Get \"https://192.0.2.1/version\": proxyconnect tcp: dial tcp {address}: connect: connection refused"
        )
    );
}

#[tokio::test]
async fn certificates_are_checked() {
    let (server, mut options) = secure("server", false).await;
    assert_eq!(version(&options).await.unwrap(), "v1.36.3");
    let head = format!(
        "Get \"https://{}/version\": tls: failed to verify certificate: x509: ",
        server.address
    );
    options.tls_server_name = "foo.bar".to_owned();
    assert_eq!(
        failure(&options).await,
        format!("{head}certificate is valid for localhost, api.test, not foo.bar")
    );
    options.tls_server_name = "api.test".to_owned();
    assert_eq!(version(&options).await.unwrap(), "v1.36.3");
    options.ca_file = path("self.pem");
    assert_eq!(
        failure(&options).await,
        format!("{head}certificate signed by unknown authority")
    );
    options.ca_file.clear();
    options.insecure_skip_tls_verify = true;
    assert_eq!(version(&options).await.unwrap(), "v1.36.3");
    let (server, options) = secure("expired", false).await;
    let words = failure(&options).await;
    let head = format!(
        "Get \"https://{}/version\": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: \
         current time ",
        server.address
    );
    assert!(
        words.starts_with(&head) && words.ends_with(" is after 2020-01-02T00:00:00Z"),
        "{words}"
    );
    // An authority that serves itself, as servers do that were set up by hand.
    let (_server, mut options) = secure("self", false).await;
    options.ca_file = path("self.pem");
    assert_eq!(version(&options).await.unwrap(), "v1.36.3");
}

#[tokio::test]
async fn clients_show_their_certificate() {
    let (server, options) = secure("server", true).await;
    let words = failure(&options).await;
    assert!(
        words.ends_with("remote error: tls: certificate required"),
        "{words}"
    );
    let kubeconfig = std::env::temp_dir().join(format!("windlass-client-{}", std::process::id()));
    let text = format!(
        "contexts: [{{name: c, context: {{cluster: c, user: u}}}}]\ncurrent-context: c\n\
         clusters: [{{name: c, cluster: {{server: 'https://{}', certificate-authority: {}}}}}]\n\
         users: [{{name: u, user: {{client-certificate: {}, client-key: {}}}}}]\n",
        server.address,
        path("ca.pem"),
        path("client.pem"),
        path("client.key"),
    );
    std::fs::write(&kubeconfig, text).unwrap();
    let options = ConnectOptions {
        kubeconfig: Some(kubeconfig.clone()),
        ..ConnectOptions::default()
    };
    assert_eq!(version(&options).await.unwrap(), "v1.36.3");
    std::fs::remove_file(kubeconfig).unwrap();
}

#[tokio::test]
async fn speaking_past_each_other() {
    let plain = serve(None, vec![answer("200 OK", "", VERSION)]).await;
    let words = failure(&to(&format!("https://{}", plain.address))).await;
    assert_eq!(
        words,
        format!(
            "Get \"https://{}/version\": http: server gave HTTP response to HTTPS client",
            plain.address
        )
    );
    let refused = serve(
        None,
        vec![answer(
            "400 Bad Request",
            "",
            "Client sent an HTTP request to an HTTPS server.",
        )],
    )
    .await;
    assert_eq!(
        failure(&to(&refused.address.to_string())).await,
        "the server rejected our request for an unknown reason"
    );
}

#[tokio::test]
async fn refusals_are_told_as_client_go_tells_them() {
    let unauthorized = r#"{"kind":"Status","status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}"#;
    let server = serve(None, vec![answer("401 Unauthorized", "", unauthorized)]).await;
    let client = connect(&to(&server.address.to_string())).await.unwrap();
    // `/version` is not decoded, lists are.
    assert_eq!(
        client.version().await.unwrap_err().to_string(),
        "the server has asked for the client to provide credentials"
    );
    let secrets = windlass_plan::cluster::Mapping {
        group: String::new(),
        version: "v1".to_owned(),
        kind: "Secret".to_owned(),
        plural: "secrets".to_owned(),
        namespaced: true,
    };
    let selection = Selection {
        namespace: Some("bad/ns".to_owned()),
        ..Selection::default()
    };
    let error = client.list(&secrets, &selection).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid namespace \"bad/ns\": [may not contain '/']"
    );
    let error = client
        .list(&secrets, &Selection::default())
        .await
        .unwrap_err();
    assert_eq!(error.to_string(), "Unauthorized");
    let html = "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/html\r\ncontent-length: 4\r\n\r\nbusy";
    let server = serve(None, vec![html.to_owned()]).await;
    let client = connect(&to(&server.address.to_string())).await.unwrap();
    let error = client
        .list(&secrets, &Selection::default())
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the server is currently unable to handle the request (get secrets)"
    );
}

#[tokio::test]
async fn a_busy_server_is_asked_again_when_it_says_so() {
    let busy = answer("429 Too Many Requests", "retry-after: 0\r\n", "{}");
    let server = serve(
        None,
        vec![busy.clone(), busy, answer("200 OK", "", VERSION)],
    )
    .await;
    assert_eq!(
        version(&to(&server.address.to_string())).await.unwrap(),
        "v1.36.3"
    );
    assert_eq!(server.heads.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn warnings_are_passed_on() {
    let warning = "warning: 299 - \"v1beta1 is old\"\r\n";
    let server = serve(None, vec![answer("200 OK", warning, VERSION)]).await;
    let heard = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let mut options = to(&server.address.to_string());
    let told = heard.clone();
    options.on_warning = Some(std::sync::Arc::new(move |text: &str| {
        told.lock().unwrap().push(text.to_owned());
    }));
    version(&options).await.unwrap();
    assert_eq!(*heard.lock().unwrap(), ["v1beta1 is old"]);
}

#[tokio::test]
async fn programs_give_credentials() {
    let (server, _) = secure("server", false).await;
    let kubeconfig = |user: &str| {
        let file = std::env::temp_dir().join(format!("windlass-exec-{}", std::process::id()));
        let text = format!(
            "contexts: [{{name: c, context: {{cluster: c, user: u}}}}]\ncurrent-context: c\n\
             clusters: [{{name: c, cluster: {{server: 'https://{}', certificate-authority: {}}}}}]\n\
             users: [{{name: u, user: {{as: bob, as-groups: [x, z], exec: {{apiVersion: client.authentication.k8s.io/v1beta1, {user}}}}}}}]\n",
            server.address,
            path("ca.pem"),
        );
        std::fs::write(&file, text).unwrap();
        ConnectOptions {
            kubeconfig: Some(file),
            ..ConnectOptions::default()
        }
    };
    let head = format!(
        "Get \"https://{}/version\": getting credentials: ",
        server.address
    );
    for (user, words) in [
        (
            "command: sh, args: [-c, 'exit 3']",
            "exec: executable sh failed with exit code 3",
        ),
        (
            "command: sh, args: [-c, 'echo foo']",
            "decoding stdout: couldn't get version/kind; json parse error: json: cannot unmarshal string into Go value of \
             type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }",
        ),
        (
            "command: sh, args: [-c, 'echo {}']",
            "exec plugin is configured to use API version client.authentication.k8s.io/v1beta1, plugin returned version \
             client.authentication.k8s.io/__internal",
        ),
        (
            "command: nosuchcmd, installHint: do this",
            "exec: executable nosuchcmd not found\n\nIt looks like you are trying to use a client-go credential plugin that is \
             not installed.\n\nTo learn more about this feature, consult the documentation available at:\n      \
             https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins\n\ndo this",
        ),
    ] {
        assert_eq!(
            failure(&kubeconfig(user)).await,
            format!("{head}{words}"),
            "{user}"
        );
    }
    assert!(
        server.heads.lock().unwrap().is_empty(),
        "nothing is sent without credentials"
    );
    let script = "command: sh, args: [-c, 'echo \"{apiVersion: client.authentication.k8s.io/v1beta1, kind: ExecCredential, status: {token: $T}}\"'], env: [{name: T, value: hush}]";
    let options = kubeconfig(script);
    version(&options).await.unwrap();
    let heads = server.heads.lock().unwrap();
    let sent = heads[0].to_lowercase();
    for line in [
        "authorization: bearer hush",
        "impersonate-user: bob",
        "impersonate-group: x",
        "impersonate-group: z",
    ] {
        assert!(sent.contains(line), "{sent}");
    }
    std::fs::remove_file(options.kubeconfig.unwrap()).unwrap();
}
