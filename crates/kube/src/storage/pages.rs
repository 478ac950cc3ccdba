//! Lists page after page: one is read while the next is on its way.

use std::sync::Arc;

use bytes::Bytes;
use tokio::task::{JoinHandle, spawn_blocking};
use windlass_plan::cluster::{Error, Result, Selection};

use super::{Storage, stored};
use crate::list::select;
use crate::request::Request;

/// How large pages are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    /// The objects of the first.
    pub(super) first: usize,
    /// About the bytes of those that follow.
    pub(super) bytes: usize,
}

/// No page has more objects.
const MOST: usize = 2000;

impl Storage {
    /// A request for objects with these labels, in such a form.
    pub(super) fn list_of(&self, labels: &str, accept: &'static str) -> Request {
        let selection = Selection {
            namespace: (!self.namespace.is_empty()).then(|| self.namespace.clone()),
            labels: labels.to_owned(),
            fields: String::new(),
        };
        let mut request = select(&self.mapping(), &selection);
        (request.accept, request.plain) = (accept, true);
        request
    }

    /// What is read from the pages of a list, on a thread that may compute for long. Where the server forgets the list
    /// half-way, it is begun anew, at once.
    pub(super) async fn pages<T: Send + 'static>(
        &self,
        list: &Request,
        size: Size,
        read: impl Fn(&[u8]) -> Result<Vec<T>> + Send + Sync + 'static,
    ) -> Result<Vec<T>> {
        let read = Arc::new(read);
        let mut found = Vec::new();
        let mut reading: Option<JoinHandle<Result<Vec<T>>>> = None;
        let (mut from, mut limit) = (String::new(), size.first);
        loop {
            let limited = if limit == 0 {
                String::new()
            } else {
                limit.to_string()
            };
            let request = list
                .clone()
                .with("limit", limited)
                .with("continue", from.as_str());
            let body = match self.client.whole(&request).await {
                Ok((_, body)) => body,
                Err(error) if error.is_expired() && !from.is_empty() => {
                    (found, reading, from, limit) = (Vec::new(), None, String::new(), 0);
                    continue;
                }
                Err(error) => return Err(error),
            };
            from = stored::next_page(&body)?;
            limit = size.after(limit, &body);
            if let Some(reading) = reading.take() {
                found.extend(ended(reading).await?);
            }
            let read = Arc::clone(&read);
            reading = Some(spawn_blocking(move || read(&body)));
            if from.is_empty() {
                break;
            }
        }
        if let Some(reading) = reading {
            found.extend(ended(reading).await?);
        }
        Ok(found)
    }
}

impl Size {
    /// The objects of the page after one of so many.
    fn after(self, objects: usize, body: &Bytes) -> usize {
        let each = body.len() / objects.max(1);
        (self.bytes / each.max(1)).clamp(1, MOST)
    }
}

/// What came of reading.
async fn ended<T>(reading: JoinHandle<Result<Vec<T>>>) -> Result<Vec<T>> {
    match reading.await {
        Ok(found) => found,
        // A panic in there is a bug that must be seen as one.
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(stopped) => Err(Error::Answer {
                message: stopped.to_string(),
            }),
        },
    }
}
