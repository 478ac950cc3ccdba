//! Answers that go on: each waits until the state moves, or until the next deadline comes due.

use std::collections::VecDeque;

use bytes::Bytes;
use futures_util::stream;
use http::header::{CONTENT_TYPE, HeaderValue};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};

use super::Sandbox;
use super::service::Body;
use crate::clock::Moment;
use crate::http::{Follow, Watch};
use crate::state::State;

/// What has something to say from time to time.
trait Source: Send + 'static {
    /// What is new.
    fn next(&mut self, state: &State) -> Vec<Bytes>;
    /// Whether that was all.
    fn is_over(&self) -> bool;
    /// When to ask again even if nothing was written.
    fn wakes_at(&self) -> Option<Moment>;
}

impl Source for Watch {
    fn next(&mut self, state: &State) -> Vec<Bytes> {
        self.frames(state)
    }

    fn is_over(&self) -> bool {
        Watch::is_over(self)
    }

    fn wakes_at(&self) -> Option<Moment> {
        Watch::wakes_at(self)
    }
}

struct Lines {
    follow: Follow,
    over: bool,
    now: Moment,
}

impl Source for Lines {
    fn next(&mut self, state: &State) -> Vec<Bytes> {
        let (text, over) = self.follow.next(state);
        self.over = over;
        self.now = state.now();
        let text = Bytes::from(text);
        Some(text)
            .filter(|text| !text.is_empty())
            .into_iter()
            .collect()
    }

    fn is_over(&self) -> bool {
        self.over
    }

    fn wakes_at(&self) -> Option<Moment> {
        // Printing is no write: nothing tells of it.
        Some(self.now.plus(std::time::Duration::from_millis(500)))
    }
}

pub(super) fn watch(sandbox: Sandbox, watch: Watch) -> http::Response<Body> {
    respond(sandbox, watch, "application/json")
}

pub(super) fn follow(sandbox: Sandbox, follow: Follow) -> http::Response<Body> {
    let lines = Lines {
        follow,
        over: false,
        now: sandbox.now(),
    };
    respond(sandbox, lines, "text/plain")
}

fn respond(sandbox: Sandbox, source: impl Source, media: &'static str) -> http::Response<Body> {
    let moved = sandbox.inner.moved.subscribe();
    let listener = Listener {
        sandbox,
        moved,
        source,
        ready: VecDeque::new(),
    };
    let frames = stream::unfold(listener, |mut listener| async move {
        let frame = listener.frame().await?;
        Some((Ok::<_, std::io::Error>(Frame::data(frame)), listener))
    });
    let mut response = http::Response::new(StreamBody::new(frames).boxed_unsync());
    let media = HeaderValue::from_static(media);
    response.headers_mut().insert(CONTENT_TYPE, media);
    response
}

struct Listener<S> {
    sandbox: Sandbox,
    moved: tokio::sync::watch::Receiver<u64>,
    source: S,
    ready: VecDeque<Bytes>,
}

impl<S: Source> Listener<S> {
    /// The next frame; `None` when no more will come. Dropping the future loses nothing.
    async fn frame(&mut self) -> Option<Bytes> {
        loop {
            if let Some(frame) = self.ready.pop_front() {
                return Some(frame);
            }
            if self.source.is_over() {
                return None;
            }
            self.moved.mark_unchanged();
            let source = &mut self.source;
            let (frames, deadline) = self
                .sandbox
                .look(|state| (source.next(state), state.work.next_deadline()));
            self.ready.extend(frames);
            if !self.ready.is_empty() || self.source.is_over() {
                continue;
            }
            let wake = [deadline, self.source.wakes_at()]
                .into_iter()
                .flatten()
                .min();
            let wait = wake.map(|wake| wake.since(self.sandbox.now()));
            tokio::select! {
                moved = self.moved.changed() => if moved.is_err() { return None },
                () = sleep(wait) => {}
            }
        }
    }
}

async fn sleep(duration: Option<std::time::Duration>) {
    match duration {
        Some(duration) => tokio::time::sleep(duration).await,
        None => std::future::pending().await,
    }
}
