#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{access, namespace};
use crate::ConnectOptions;
use crate::credentials::Credentials;

/// A folder with files, gone with its owner.
struct Folder(PathBuf);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("windlass-kubeconfig-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        for (name, text) in files {
            std::fs::write(path.join(name), text).unwrap();
        }
        Self(path)
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn options(listed: &str) -> ConnectOptions {
    ConnectOptions {
        environment: BTreeMap::from([("KUBECONFIG".to_owned(), listed.to_owned())]),
        ..ConnectOptions::default()
    }
}

/// What is wrong with a kubeconfig; the folder's name is left out of it.
fn wrong(text: &str) -> String {
    let folder = Folder::new(&[("k", text)]);
    let found = access(&options(&folder.file("k")));
    let words = match found {
        Err(words) => words,
        Ok(access) => match Credentials::new(&access) {
            Err(words) => words,
            Ok(_) => "nothing".to_owned(),
        },
    };
    words.replace(&format!("{}/", folder.0.display()), "")
}

const CLUSTER: &str = "contexts: [{name: c, context: {cluster: c, user: u}}]\ncurrent-context: c\n\
    clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]\n";

/// Recorded from Helm 4.3.1, without `kubernetes cluster unreachable: `.
const FILES: &[(&str, &str)] = &[
    (
        "a: [b\n",
        "error loading config file \"k\": yaml: line 1: did not find expected ',' or ']'",
    ),
    (
        "foo\n",
        "error loading config file \"k\": couldn't get version/kind; json parse error: json: cannot unmarshal string \
         into Go value of type struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \
         \"json:\\\"kind,omitempty\\\"\" }",
    ),
    (
        "clusters: foo\n",
        "error loading config file \"k\": json: cannot unmarshal string into Go struct field Config.clusters of type \
         []v1.NamedCluster",
    ),
    (
        "kind: Foo\napiVersion: v1\n",
        "error loading config file \"k\": no kind \"Foo\" is registered for version \"v1\" in scheme \
         \"pkg/runtime/scheme.go:111\"",
    ),
    (
        "apiVersion: 5",
        "error loading config file \"k\": couldn't get version/kind; json parse error: json: cannot unmarshal number \
         into Go struct field .apiVersion of type string",
    ),
    (
        "clusters: [{name: c, cluster: {certificate-authority-data: '!!!'}}]",
        "error loading config file \"k\": illegal base64 data at input byte 0",
    ),
    (
        "clusters: [{name: c, cluster: {server: 5}}]",
        "error loading config file \"k\": json: cannot unmarshal number into Go struct field \
         Cluster.clusters.cluster.server of type string",
    ),
    (
        "clusters: [{name: c, cluster: 5}]",
        "error loading config file \"k\": json: cannot unmarshal number into Go struct field \
         NamedCluster.clusters.cluster of type v1.Cluster",
    ),
    (
        "current-context: [1]",
        "error loading config file \"k\": json: cannot unmarshal array into Go struct field Config.current-context of \
         type string",
    ),
    (
        "users: [{name: c, user: {exec: {args: x}}}]",
        "error loading config file \"k\": json: cannot unmarshal string into Go struct field \
         ExecConfig.users.user.exec.args of type []string",
    ),
    (
        "users: [{name: c, user: {client-certificate-data: 5}}]",
        "error loading config file \"k\": json: cannot unmarshal number into Go struct field \
         AuthInfo.users.user.client-certificate-data of type []uint8",
    ),
    (
        "users: [{name: c, user: {as-user-extra: {x: y}}}]",
        "error loading config file \"k\": json: cannot unmarshal bool into Go struct field \
         AuthInfo.users.user.as-user-extra of type []string",
    ),
    (
        "current-context: nope",
        "invalid configuration: context was not found for specified context: nope",
    ),
];

/// Users at a cluster, recorded likewise.
const USERS: &[(&str, &str)] = &[
    (
        "token: a, username: b",
        "invalid configuration: more than one authentication method found for u; found [token basicAuth], only one is allowed",
    ),
    (
        "client-certificate-data: YQ==",
        "invalid configuration: client-key-data or client-key must be specified for u to use the clientCert \
         authentication method.",
    ),
    (
        "client-certificate-data: YQ==, client-key-data: YQ==",
        "tls: failed to find any PEM data in certificate input",
    ),
    (
        "client-certificate: a, client-key: b",
        "invalid configuration: [unable to read client-cert a for u due to open a: no such file or directory, unable to \
         read client-key b for u due to open b: no such file or directory]",
    ),
    (
        "tokenFile: /nonexist",
        "open /nonexist: no such file or directory",
    ),
    (
        "exec: {command: x}",
        "invalid configuration: [apiVersion must be specified for u to use exec authentication plugin, interactiveMode \
         must be specified for u to use exec authentication plugin]",
    ),
    (
        "exec: {command: sh, apiVersion: foo/v1, interactiveMode: Never}",
        "exec plugin: invalid apiVersion \"foo/v1\"",
    ),
    (
        "auth-provider: {name: foo}",
        "no Auth Provider found for name \"foo\"",
    ),
    (
        "as-groups: [x]",
        "invalid configuration: requesting uid, groups or user-extra for u without impersonating a user",
    ),
    ("token: a", "nothing"),
];

#[test]
fn wrong_files_are_told_as_helm_tells_them() {
    for (text, words) in FILES {
        assert_eq!(wrong(text), *words, "{text}");
    }
}

#[test]
fn wrong_users_are_told_as_helm_tells_them() {
    for (user, words) in USERS {
        let text = format!("{CLUSTER}users: [{{name: u, user: {{{user}}}}}]");
        assert_eq!(wrong(&text), *words, "{user}");
    }
}

#[test]
fn wrong_clusters_are_told_as_helm_tells_them() {
    let head = "contexts: [{name: c, context: {cluster: c}}]\ncurrent-context: c\n";
    for (cluster, words) in [
        (
            "proxy-url: foo",
            "invalid configuration: invalid 'proxy-url' \"foo\" for cluster \"c\": unsupported scheme \"\", must be http, \
             https, or socks5",
        ),
        (
            "certificate-authority: foo/ca",
            "invalid configuration: unable to read certificate-authority foo/ca for c due to open foo/ca: no such file or \
             directory",
        ),
    ] {
        let cluster =
            format!("clusters: [{{name: c, cluster: {{server: 'https://h', {cluster}}}}}]");
        assert_eq!(wrong(&format!("{head}{cluster}")), words);
    }
}

#[test]
fn several_files_fail_together() {
    let folder = Folder::new(&[("a", "a: [b\n"), ("b", "clusters: foo\n")]);
    let listed = format!("{}:{}", folder.file("a"), folder.file("b"));
    let words = access(&options(&listed)).unwrap_err();
    assert!(
        words.starts_with("[error loading config file \""),
        "{words}"
    );
    assert!(words.ends_with("[]v1.NamedCluster]"), "{words}");
}

#[test]
fn the_first_file_wins() {
    let folder = Folder::new(&[
        (
            "a",
            "clusters: [{name: c, cluster: {server: 'https://one'}}]\n",
        ),
        (
            "b",
            "clusters: [{name: c, cluster: {server: 'https://two'}}, {name: d, cluster: {server: 'https://three'}}]\n\
             contexts: [{name: x, context: {cluster: c, namespace: shop}}, {name: other, context: {cluster: d}}]\n\
             current-context: x\n",
        ),
    ]);
    let listed = format!("{}:/nonexist:{}", folder.file("a"), folder.file("b"));
    let mut options = options(&listed);
    assert_eq!(access(&options).unwrap().server, "https://one");
    assert_eq!(namespace(&options), "shop");
    options.context = "other".to_owned();
    assert_eq!(access(&options).unwrap().server, "https://three");
    assert_eq!(namespace(&options), "default");
    options.namespace = "mine".to_owned();
    assert_eq!(namespace(&options), "mine");
    options.context = "z".to_owned();
    assert_eq!(
        access(&options).unwrap_err(),
        "context \"z\" does not exist"
    );
}

#[test]
fn a_file_that_a_flag_names_must_be_there() {
    let options = ConnectOptions {
        kubeconfig: Some("/nonexist".into()),
        ..ConnectOptions::default()
    };
    let words = access(&options).unwrap_err();
    assert_eq!(words, "stat /nonexist: no such file or directory");
}

#[test]
fn without_anything_it_is_the_old_local_port() {
    let found = access(&options("/nonexist")).unwrap();
    assert_eq!(found.server, "http://localhost:8080");
}

#[test]
fn flags_change_the_server_and_who_it_has_to_be() {
    let text = "contexts: [{name: c, context: {cluster: c}}]\ncurrent-context: c\n\
        clusters: [{name: c, cluster: {server: 'https://one/prefix/?q#f', tls-server-name: inner, certificate-authority-data: YQ==}}]\n";
    let folder = Folder::new(&[("k", text)]);
    let mut options = options(&folder.file("k"));
    let found = access(&options).unwrap();
    assert_eq!(
        (found.server.as_str(), found.tls_server_name.as_str()),
        ("https://one/prefix/", "inner")
    );
    options.insecure_skip_tls_verify = true;
    let found = access(&options).unwrap();
    assert!(found.insecure && found.ca_data.is_empty());
    options.api_server = "https://other".to_owned();
    let found = access(&options).unwrap();
    assert_eq!(
        (found.server.as_str(), found.tls_server_name.as_str()),
        ("https://other", "")
    );
}

#[test]
fn paths_start_at_the_folder_of_their_file() {
    let user = "users: [{name: u, user: {tokenFile: token}}]";
    let folder = Folder::new(&[("k", &format!("{CLUSTER}{user}")), ("token", " secret\n")]);
    let found = access(&options(&folder.file("k"))).unwrap();
    assert_eq!(found.identity.token_file, folder.file("token"));
    assert_eq!(found.identity.token, " secret\n");
}

#[test]
fn nothing_secret_is_shown_by_debug() {
    let user = "users: [{name: u, user: {token: hush}}]";
    let folder = Folder::new(&[("k", &format!("{CLUSTER}{user}"))]);
    let mut options = options(&folder.file("k"));
    let found = access(&options).unwrap();
    assert_eq!(found.identity.token, "hush");
    options.token = "hush".to_owned();
    assert!(!format!("{found:?}{options:?}").contains("hush"));
}
