//! Records of releases in Secrets and ConfigMaps, against the sandbox.

use std::sync::Arc;

use windlass_chart::compat::Compat;
use windlass_kube::Storage;
use windlass_release::object::Kind;
use windlass_release::{Detail, Release, ReleaseStore, StoreError};
use windlass_sandbox::Sandbox;

use crate::cluster::client;

fn release(name: &str, version: i64) -> Release {
    Release {
        name: name.to_owned(),
        namespace: "default".to_owned(),
        version,
        ..Release::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_kept_as_helms_drivers_keep_them() {
    for kind in [Kind::Secret, Kind::ConfigMap] {
        let sandbox = Sandbox::in_memory();
        let store = Storage::new(client(&sandbox), kind, "default", Compat::default());
        let store = store.with_now(Arc::new(|| 1_700_000_000));
        assert!(matches!(store.get("a", 1).await, Err(StoreError::NotFound)));
        for version in 1..=3 {
            store.create(&release("a", version)).await.unwrap();
        }
        store.create(&release("b", 1)).await.unwrap();
        let twice = store.create(&release("a", 2)).await;
        assert!(matches!(twice, Err(StoreError::AlreadyExists)));
        assert_eq!(store.get("a", 2).await.unwrap().version, 2);
        assert_eq!(store.list(Detail::Summary).await.unwrap().len(), 4);
        let found = store
            .query(&[("owner", "helm"), ("name", "a")])
            .await
            .unwrap();
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].labels["createdAt"], "1700000000");
        let none = store.query(&[("name", "c")]).await;
        assert!(matches!(none, Err(StoreError::NotFound)));
        let invalid = store.query(&[("name", "-x")]).await.unwrap_err().text();
        assert!(
            invalid.starts_with("invalid label value: \"-x\": a valid label must be"),
            "{invalid}"
        );
        store.update(&release("a", 3)).await.unwrap();
        assert_eq!(store.delete("a", 1).await.unwrap().version, 1);
        assert!(matches!(
            store.delete("a", 1).await,
            Err(StoreError::NotFound)
        ));
        // Nothing but what Helm asks for: no watch, no patch.
        let verbs: std::collections::BTreeSet<String> = sandbox
            .calls()
            .iter()
            .map(|call| call.verb.to_owned())
            .collect();
        assert!(
            !verbs.contains("watch") && !verbs.contains("patch"),
            "{verbs:?}"
        );
    }
}
