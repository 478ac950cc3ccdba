#![allow(clippy::unwrap_used, clippy::panic)]

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use super::*;
use crate::MemoryStore;

/// The memory store never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("the memory store waited"),
    }
}

fn revision(name: &str, version: i64, status: Status) -> Release {
    let mut release = Release {
        name: name.into(),
        version,
        ..Release::default()
    };
    release.info.status = status;
    release
}

fn versions(history: &History<'_>) -> Vec<i64> {
    let all = now(history.of("a")).unwrap();
    all.iter().map(|r| r.version).collect()
}

#[test]
fn room_is_made_without_losing_the_deployed_revision() {
    let store = MemoryStore::default();
    let history = History::new(&store, 3);
    now(history.create(&revision("a", 1, Status::Deployed))).unwrap();
    for version in 2..=6 {
        now(history.create(&revision("a", version, Status::Failed))).unwrap();
    }
    assert_eq!(versions(&history), [1, 5, 6]);
    assert_eq!(now(history.deployed("a")).unwrap().version, 1);
    assert_eq!(now(history.last("a")).unwrap().version, 6);
}

#[test]
fn without_a_deployed_revision_the_oldest_go() {
    let store = MemoryStore::default();
    let unlimited = History::new(&store, 0);
    for version in 1..=5 {
        now(unlimited.create(&revision("a", version, Status::Failed))).unwrap();
    }
    let history = History::new(&store, 2);
    now(history.create(&revision("a", 6, Status::PendingUpgrade))).unwrap();
    assert_eq!(versions(&history), [5, 6]);
}

#[test]
fn a_revision_is_created_once() {
    let store = MemoryStore::default();
    let history = History::new(&store, 0);
    let first = revision("a", 1, Status::Deployed);
    now(history.create(&first)).unwrap();
    let again = now(history.create(&first)).unwrap_err();
    assert!(matches!(again, StoreError::AlreadyExists));
    assert_eq!(again.text(), "release: already exists");
}

#[test]
fn what_is_missing_is_said_in_helms_words() {
    let store = MemoryStore::default();
    let history = History::new(&store, 0);
    assert_eq!(
        now(history.get("a", 1)).unwrap_err().text(),
        "release: not found"
    );
    assert_eq!(
        now(history.last("a")).unwrap_err().text(),
        "release: not found"
    );
    assert_eq!(
        now(history.deployed("a")).unwrap_err().text(),
        "\"a\" has no deployed releases"
    );
}

#[test]
fn a_list_shows_the_newest_of_each() {
    let all = vec![
        revision("b", 1, Status::Superseded),
        revision("a", 2, Status::Failed),
        revision("b", 2, Status::Deployed),
        revision("a", 1, Status::Deployed),
    ];
    let shown: Vec<_> = latest(all)
        .iter()
        .map(|r| (r.name.clone(), r.version))
        .collect();
    assert_eq!(shown, [("b".to_owned(), 2), ("a".to_owned(), 2)]);
}
