//! watch: a cursor in the log of writes, and the frames between it and now.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::accept::Accept;
use super::shape::Show;
use super::{Answer, Request, read};
use crate::catalog::Kind;
use crate::clock::Moment;
use crate::select::Selection;
use crate::state::{Entry, Happening, State};
use crate::status::Status;

/// How long a quiet watch waits before it tells how far it has come, if it was asked to.
const BOOKMARK: Duration = Duration::from_secs(60);

/// A watch that goes on.
pub(crate) struct Watch {
    show: Show,
    selection: Selection,
    /// The last revision that was told.
    revision: u64,
    /// Frames that were made before the stream began.
    initial: Vec<Bytes>,
    columns_told: bool,
    bookmarks: bool,
    next_bookmark: Moment,
    until: Option<Moment>,
    over: bool,
}

/// `GET …?watch=true`, of a collection or (with `name`) of one object.
pub(super) fn watch(
    state: &State,
    request: &Request,
    kind: &Arc<Kind>,
    namespace: &str,
    name: Option<&str>,
) -> Result<Answer, Status> {
    let accept = Accept::of(request)?;
    let selection = Selection::of(request, kind, namespace, name)?;
    let given = request.param("resourceVersion").unwrap_or_default();
    let revision: u64 = match given {
        "" => 0,
        text => text
            .parse()
            .map_err(|_| Status::bad_request(format!("invalid resource version {text:?}")))?,
    };
    let timeout = request
        .param("timeoutSeconds")
        .and_then(|seconds| seconds.parse().ok())
        .filter(|seconds| *seconds > 0);
    let mut watch = Watch {
        show: read::show(state, request, kind, accept)?,
        selection,
        revision,
        initial: Vec::new(),
        columns_told: false,
        bookmarks: request.flag("allowWatchBookmarks"),
        next_bookmark: state.now().plus(BOOKMARK),
        until: timeout.map(|seconds| state.now().plus(Duration::from_secs(seconds))),
        over: false,
    };
    let initial = request.flag("sendInitialEvents");
    if revision == 0 || initial {
        watch.begin(state, initial);
    } else if revision > state.revision() {
        // The client knows of a state that is yet to come: wait for it.
        watch.revision = revision;
    }
    Ok(Answer::Watch(Box::new(watch)))
}

impl Watch {
    /// Tells what there is, as if it had all been added just now.
    fn begin(&mut self, state: &State, mark_end: bool) {
        let within = self.selection.namespace.clone();
        let resource = Arc::clone(&self.show.kind.resource);
        for object in state.list(&resource, within.as_deref()) {
            if self.selection.matches(object) {
                let frame = self.frame("ADDED", object);
                self.initial.push(frame);
            }
        }
        self.revision = state.revision();
        if mark_end && self.bookmarks {
            let object = self.show.bookmark(self.revision, true);
            self.initial.push(line("BOOKMARK", &object));
        }
    }

    /// The frames that are due by now, which may be none.
    pub(crate) fn frames(&mut self, state: &State) -> Vec<Bytes> {
        let mut frames = std::mem::take(&mut self.initial);
        self.show.now = state.now();
        let entries: Vec<Entry> = match state.log.after(self.revision) {
            Ok(entries) => entries
                .filter(|entry| *entry.resource == *self.show.kind.resource)
                .cloned()
                .collect(),
            Err(oldest) => {
                self.over = true;
                frames.push(line("ERROR", &expired(self.revision, oldest).to_json()));
                return frames;
            }
        };
        for entry in &entries {
            if let Some((happening, object)) = self.seen(entry) {
                frames.push(self.frame(happening, &object));
            }
        }
        self.revision = self.revision.max(state.revision());
        if self.bookmarks && state.now() >= self.next_bookmark {
            self.next_bookmark = state.now().plus(BOOKMARK);
            frames.push(line("BOOKMARK", &self.show.bookmark(self.revision, false)));
        }
        self.over |= self.until.is_some_and(|until| state.now() >= until);
        frames
    }

    /// Whether nothing more will come.
    pub(crate) fn is_over(&self) -> bool {
        self.over
    }

    /// When to look again even if nothing was written.
    pub(crate) fn wakes_at(&self) -> Option<Moment> {
        let bookmark = self.bookmarks.then_some(self.next_bookmark);
        [bookmark, self.until].into_iter().flatten().min()
    }

    /// What a write is to someone who sees only what the selection matches.
    fn seen(&self, entry: &Entry) -> Option<(&'static str, Arc<Value>)> {
        let matches = |object: &Value| self.selection.matches(object);
        let before = entry.previous.as_ref().is_some_and(|o| matches(o));
        let now = entry.happening != Happening::Deleted && matches(&entry.object);
        let happening = match (before, now) {
            (false, true) => "ADDED",
            (true, true) => "MODIFIED",
            (true, false) => "DELETED",
            (false, false) => return None,
        };
        if now || entry.happening == Happening::Deleted {
            return Some((happening, Arc::clone(&entry.object)));
        }
        // It goes out of sight as it was last seen, at the revision of the write that took it away.
        let mut last = Value::clone(entry.previous.as_ref()?);
        last["metadata"]["resourceVersion"] = entry.revision.to_string().into();
        Some((happening, Arc::new(last)))
    }

    fn frame(&mut self, happening: &str, object: &Value) -> Bytes {
        let shown = self.show.event(object, !self.columns_told);
        self.columns_told = true;
        line(happening, &shown)
    }
}

fn line(happening: &str, object: &Value) -> Bytes {
    let mut text = json!({"type": happening, "object": object}).to_string();
    text.push('\n');
    text.into()
}

fn expired(wanted: u64, oldest: u64) -> Status {
    Status::new(
        410,
        "Expired",
        format!("too old resource version: {wanted} ({oldest})"),
    )
}
