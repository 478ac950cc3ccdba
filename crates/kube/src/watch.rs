//! Streams: watches, and logs of pods.

use bytes::{Buf, Bytes, BytesMut};
use futures_core::stream::BoxStream;
use futures_util::{Stream, StreamExt, stream};
use http::Method;
use http_body_util::BodyExt;
use kube::client::Body;
use serde_json::Value;
use windlass_plan::cluster::{Error, LogOptions, Mapping, Result, Selection, Status, WatchEvent};

use crate::client::Client;
use crate::list::select;
use crate::request::Request;
use crate::transport;

impl Client {
    /// The changes of a selection's objects.
    pub(crate) async fn events(
        &self,
        mapping: &Mapping,
        selection: &Selection,
        resource_version: &str,
    ) -> Result<BoxStream<'static, Result<WatchEvent>>> {
        let request = Request {
            streams: true,
            ..select(mapping, selection)
        };
        let request = request
            .with("watch", "true")
            .with("allowWatchBookmarks", "true")
            .with("resourceVersion", resource_version);
        let body = self.stream(&request).await?;
        let events = lines(body).map(|line| line.and_then(|line| event(&line)));
        Ok(until_error(events).boxed())
    }

    /// What a container of a pod prints.
    pub(crate) async fn log(
        &self,
        namespace: &str,
        pod: &str,
        options: &LogOptions,
    ) -> Result<BoxStream<'static, Result<Bytes>>> {
        let pods = Mapping {
            group: String::new(),
            version: "v1".to_owned(),
            kind: "Pod".to_owned(),
            plural: "pods".to_owned(),
            namespaced: true,
        };
        let truth = |truth: bool| if truth { "true" } else { "" };
        let request = Request {
            streams: true,
            ..Request::about(Method::GET, &pods, namespace, pod)
        };
        let request = request
            .below("log")
            .with("container", options.container.as_str())
            .with("follow", truth(options.follow))
            .with("previous", truth(options.previous))
            .with(
                "tailLines",
                options.tail_lines.map_or(String::new(), |n| n.to_string()),
            );
        Ok(pieces(self.stream(&request).await?).boxed())
    }
}

/// A body as it comes. A connection that breaks in the middle is an error.
fn pieces(body: Body) -> impl Stream<Item = Result<Bytes>> + Send {
    body.into_data_stream().map(|piece| {
        piece.map_err(|error| Error::Unreachable {
            message: transport::words(&error),
        })
    })
}

/// A body line by line. A connection that ends in the middle of a line ends the stream.
fn lines(body: Body) -> impl Stream<Item = Result<Bytes>> + Send {
    let start = (Box::pin(pieces(body)), BytesMut::new(), 0_usize);
    stream::unfold(start, |(mut pieces, mut held, mut searched)| async move {
        loop {
            if let Some(at) = held[searched..].iter().position(|byte| *byte == b'\n') {
                let mut line = held.split_to(searched + at + 1);
                line.truncate(line.len() - 1);
                return Some((Ok(line.freeze()), (pieces, held, 0)));
            }
            searched = held.len();
            match pieces.next().await {
                Some(Ok(piece)) => held.extend_from_slice(piece.chunk()),
                Some(Err(error)) => {
                    held.clear();
                    return Some((Err(error), (pieces, held, 0)));
                }
                None => return None,
            }
        }
    })
}

/// An error is the last that a stream has to say.
fn until_error<T: Send>(
    stream: impl Stream<Item = Result<T>> + Send,
) -> impl Stream<Item = Result<T>> + Send {
    let ended = stream.scan(false, |ended, item| {
        let next = (!*ended).then_some(item);
        *ended = next.as_ref().is_some_and(Result::is_err);
        std::future::ready(next)
    });
    ended.fuse()
}

fn event(line: &[u8]) -> Result<WatchEvent> {
    let mut told: Value = serde_json::from_slice(line).map_err(|error| Error::Answer {
        message: format!("unable to decode an event from the watch stream: {error}"),
    })?;
    let object = told["object"].take();
    match told["type"].as_str().unwrap_or_default() {
        "ADDED" => Ok(WatchEvent::Added(object)),
        "MODIFIED" => Ok(WatchEvent::Modified(object)),
        "DELETED" => Ok(WatchEvent::Deleted(object)),
        "BOOKMARK" => {
            let version = object["metadata"]["resourceVersion"].as_str();
            Ok(WatchEvent::Bookmark(version.unwrap_or_default().to_owned()))
        }
        "ERROR" => Err(Error::Refused(Box::new(Status::from_object(&object)))),
        other => Err(Error::Answer {
            message: format!("unable to decode watch event: unknown type \"{other}\""),
        }),
    }
}
