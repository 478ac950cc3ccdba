//! A [`Renderer`] off the async threads, where it may compute for long and ask the cluster
//! synchronously.

use crate::error::Error;
use crate::renderer::{RenderFailure, Renderer};

/// Keeps a renderer between its uses.
pub(crate) struct Drawing {
    /// `None` only while it is at work elsewhere.
    renderer: Option<Box<dyn Renderer>>,
}

impl Drawing {
    pub(crate) fn new(renderer: Box<dyn Renderer>) -> Self {
        Self {
            renderer: Some(renderer),
        }
    }

    /// Has the renderer do something, on a thread that may block.
    pub(crate) async fn run<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut dyn Renderer) -> T + Send + 'static,
    ) -> Result<T, Error> {
        let lost = || {
            Error::Render(RenderFailure {
                message: "the chart is still being rendered elsewhere".to_owned(),
                manifest: None,
            })
        };
        let mut renderer = self.renderer.take().ok_or_else(lost)?;
        let done = tokio::task::spawn_blocking(move || {
            let result = work(&mut *renderer);
            (renderer, result)
        });
        match done.await {
            Ok((renderer, result)) => {
                self.renderer = Some(renderer);
                Ok(result)
            }
            // A panic goes on where it would have gone on without threads.
            Err(error) => match error.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => Err(Error::Cancelled),
            },
        }
    }

    /// The same for what may fail.
    pub(crate) async fn attempt<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut dyn Renderer) -> Result<T, RenderFailure> + Send + 'static,
    ) -> Result<T, Error> {
        self.run(work).await?.map_err(Error::Render)
    }
}
