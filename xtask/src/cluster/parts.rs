//! The files and flags of each part of a cluster.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Ports on loopback that nobody held a moment ago.
pub(super) struct Ports {
    etcd: u16,
    etcd_peer: u16,
    api: u16,
    kwok: u16,
}

impl Ports {
    pub(super) fn free() -> Result<Self> {
        // All are held until all are known, lest one be given twice.
        let held = (0..4)
            .map(|_| TcpListener::bind("127.0.0.1:0"))
            .collect::<Result<Vec<_>, _>>()?;
        let port = |i: usize| Ok::<_, std::io::Error>(held[i].local_addr()?.port());
        Ok(Self {
            etcd: port(0)?,
            etcd_peer: port(1)?,
            api: port(2)?,
            kwok: port(3)?,
        })
    }
}

/// What every container says, in the format of a container runtime's log files.
const POD_LOG: &str = "\
2026-01-01T00:00:00.000000000Z stdout F first line
2026-01-01T00:00:00.000000000Z stderr F second line
";

/// Keys, certificates, tokens, kubeconfigs, and what the cluster holds at first.
pub(super) fn write_files(folder: &Path, ports: &Ports, users: &[&str]) -> Result<()> {
    openssl(folder, "genrsa -out sa.key 2048")?;
    openssl(folder, "rsa -in sa.key -pubout -out sa.pub")?;
    openssl(
        folder,
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=windlass-test-authority \
         -keyout ca.key -out ca.crt",
    )?;
    openssl(
        folder,
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=windlass-test -CA ca.crt -CAkey ca.key \
         -addext basicConstraints=critical,CA:FALSE \
         -addext subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:kubernetes.default.svc \
         -keyout tls.key -out tls.crt",
    )?;
    let mut tokens = String::new();
    for user in users {
        let group = if *user == "admin" {
            ",system:masters"
        } else {
            ""
        };
        tokens += &format!("{user},{user},{user}{group}\n");
        fs::write(
            folder.join(format!("kubeconfig.{user}")),
            kubeconfig(folder, ports.api, user),
        )?;
    }
    fs::write(folder.join("tokens.csv"), tokens)?;
    fs::copy(folder.join("kubeconfig.admin"), folder.join("kubeconfig"))?;
    fs::write(folder.join("pod.log"), POD_LOG)?;
    fs::write(folder.join("objects.yaml"), include_str!("objects.yaml"))?;
    let logs = folder.join("pod.log");
    let stages = include_str!("stages.yaml").replace("LOGS_FILE", &logs.to_string_lossy());
    fs::write(folder.join("stages.yaml"), stages)?;
    Ok(())
}

fn openssl(folder: &Path, flags: &str) -> Result<()> {
    let output = Command::new("openssl")
        .args(flags.split_whitespace())
        .current_dir(folder)
        .output()
        .context("openssl makes the cluster's keys")?;
    ensure!(
        output.status.success(),
        "openssl {flags}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

fn kubeconfig(folder: &Path, port: u16, user: &str) -> String {
    let authority = folder.join("ca.crt");
    format!(
        "apiVersion: v1
kind: Config
clusters:
- name: test
  cluster:
    server: https://127.0.0.1:{port}
    certificate-authority: {}
users:
- name: {user}
  user:
    token: {user}
contexts:
- name: test
  context:
    cluster: test
    user: {user}
current-context: test
",
        authority.display()
    )
}

fn flags(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

pub(super) fn etcd(folder: &Path, ports: &Ports) -> Vec<String> {
    let (client, peer) = (ports.etcd, ports.etcd_peer);
    let mut flags = flags(&format!(
        "--unsafe-no-fsync --log-level=warn \
         --listen-client-urls=http://127.0.0.1:{client} --advertise-client-urls=http://127.0.0.1:{client} \
         --listen-peer-urls=http://127.0.0.1:{peer} --initial-advertise-peer-urls=http://127.0.0.1:{peer} \
         --initial-cluster=default=http://127.0.0.1:{peer}"
    ));
    flags.push(format!("--data-dir={}", folder.join("etcd").display()));
    flags
}

pub(super) fn api_server(folder: &Path, ports: &Ports) -> Vec<String> {
    let (etcd, api) = (ports.etcd, ports.api);
    let mut flags = flags(&format!(
        "--etcd-servers=http://127.0.0.1:{etcd} --secure-port={api} --bind-address=127.0.0.1 \
         --service-account-issuer=https://kubernetes.default.svc --authorization-mode=RBAC \
         --service-cluster-ip-range=10.96.0.0/16 --disable-admission-plugins=ServiceAccount \
         --allow-privileged=true --kubelet-preferred-address-types=InternalIP --profiling=false"
    ));
    for (flag, file) in [
        ("tls-cert-file", "tls.crt"),
        ("tls-private-key-file", "tls.key"),
        ("service-account-key-file", "sa.pub"),
        ("service-account-signing-key-file", "sa.key"),
        ("token-auth-file", "tokens.csv"),
    ] {
        flags.push(format!("--{flag}={}", folder.join(file).display()));
    }
    flags
}

/// Node lifecycle stays on, or the node would keep its taint; a busy machine's late heartbeats are no reason for a new one.
/// Claims get their volumes from the controller manager itself (the class `standard` of `objects.yaml`).
pub(super) fn controller_manager(folder: &Path) -> Vec<String> {
    let mut flags = flags(
        "--leader-elect=false --secure-port=0 --profiling=false --node-monitor-grace-period=600s \
         --enable-hostpath-provisioner --controllers=*,-nodeipam,-route,-service-lb-controller",
    );
    flags.push(format!(
        "--kubeconfig={}",
        folder.join("kubeconfig").display()
    ));
    let key = folder.join("sa.key");
    flags.push(format!(
        "--service-account-private-key-file={}",
        key.display()
    ));
    flags
}

pub(super) fn scheduler(folder: &Path) -> Vec<String> {
    let mut flags = flags("--leader-elect=false --secure-port=0 --profiling=false");
    flags.push(format!(
        "--kubeconfig={}",
        folder.join("kubeconfig").display()
    ));
    flags
}

pub(super) fn kwok(folder: &Path, ports: &Ports, stages: &Path) -> Result<Vec<String>> {
    let port = ports.kwok;
    let mut flags = flags(&format!(
        "--manage-all-nodes=true --node-ip=127.0.0.1 --node-port={port} \
         --server-address=127.0.0.1:{port}"
    ));
    flags.push(format!(
        "--kubeconfig={}",
        folder.join("kubeconfig").display()
    ));
    flags.push(format!(
        "--tls-cert-file={}",
        folder.join("tls.crt").display()
    ));
    flags.push(format!(
        "--tls-private-key-file={}",
        folder.join("tls.key").display()
    ));
    for set in ["node/fast", "node/heartbeat-with-lease", "pod/fast"] {
        for entry in fs::read_dir(stages.join(set))? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.ends_with(".yaml") && name != "kustomization.yaml" {
                flags.push(format!("--config={}", path.display()));
            }
        }
    }
    flags.push(format!("--config={}", folder.join("stages.yaml").display()));
    Ok(flags)
}
