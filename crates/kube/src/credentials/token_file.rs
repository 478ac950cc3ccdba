//! A token in a file that somebody else keeps fresh, as a pod's kubelet does.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use http::HeaderValue;
use tokio::sync::Mutex;

use super::bearer;
use crate::os;

/// How long a token counts as read.
const FRESH: Duration = Duration::from_secs(60);

/// The token of a file, read again every minute.
pub(super) struct TokenFile {
    path: PathBuf,
    /// The token and when it was read; nothing instead of the latter where it has to be read again.
    known: Mutex<Option<(String, Option<Instant>)>>,
}

impl TokenFile {
    /// A file, and the token that was read from it.
    pub(super) fn new(path: &str, token: &str) -> Self {
        let known = (!token.is_empty()).then(|| (token.to_owned(), Some(Instant::now())));
        Self {
            path: path.into(),
            known: Mutex::new(known),
        }
    }

    /// The token. Where it cannot be read again, the one before goes on being used: volumes of tokens
    /// vanish for moments while they are exchanged.
    pub(super) async fn bearer(&self) -> Result<HeaderValue, String> {
        let mut known = self.known.lock().await;
        if let Some((token, Some(read))) = &*known
            && read.elapsed() < FRESH
        {
            return bearer(token);
        }
        match (self.read(), &*known) {
            (Ok(token), _) => {
                let value = bearer(&token);
                *known = Some((token, Some(Instant::now())));
                value
            }
            (Err(_), Some((token, _))) => bearer(token),
            (Err(words), None) => Err(words),
        }
    }

    /// Reads it again next time, however fresh it is.
    pub(super) async fn forget(&self) {
        if let Some((_, read)) = &mut *self.known.lock().await {
            *read = None;
        }
    }

    fn read(&self) -> Result<String, String> {
        let path = self.path.display();
        let read = os::read(&self.path)
            .map_err(|(_, words)| format!("failed to read token file \"{path}\": {words}"))?;
        let token = String::from_utf8_lossy(&read).trim().to_owned();
        if token.is_empty() {
            return Err(format!("read empty token from file \"{path}\""));
        }
        Ok(token)
    }
}
