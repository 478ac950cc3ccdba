//! What a server serves: asked for once, remembered between runs, and never taken on trust.
//!
//! Servers since Kubernetes 1.27 tell all of it in two documents that carry entity tags. What was remembered
//! is therefore asked for again under its tag at the start of each run, and the answer is two empty ones.
//! Older servers are asked list by list; what they said counts for six hours, unless a kind is missed.

mod aggregated;
mod cache;
mod catalog;
mod listed;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Mutex;
use windlass_plan::cluster::{Error, Mapping, Result, Version};

use crate::client::Client;
use crate::request::Request;
use cache::Cache;
pub(crate) use catalog::Catalog;

/// What is known of a server's kinds.
pub(crate) struct Discovery {
    cache: Option<Cache>,
    known: Mutex<Option<Arc<Catalog>>>,
    /// Whether what is known has to be asked for again before it counts.
    doubted: AtomicBool,
}

impl Discovery {
    /// Nothing is known yet but what the folder remembers of the server.
    pub(crate) fn new(folder: Option<&Path>, server: &str) -> Self {
        Self {
            cache: folder.map(|folder| Cache::new(folder, server)),
            known: Mutex::new(None),
            doubted: AtomicBool::new(false),
        }
    }

    /// What is known is asked for again before it counts.
    pub(crate) fn doubt(&self) {
        self.doubted.store(true, Ordering::Release);
    }
}

/// What a use of a catalog takes as fresh enough.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// What an old server said within hours.
    Remembered,
    /// What the server said in this run.
    Confirmed,
    /// What the server says now.
    Now,
}

impl Client {
    /// `/version`
    pub(crate) async fn server_version(&self) -> Result<Version> {
        let request = Request {
            raw: true,
            ..Request::get("/version")
        };
        let (_, body) = self.whole(&request).await?;
        let told: serde_json::Value =
            serde_json::from_slice(&body).map_err(|error| Error::Answer {
                message: format!("unable to parse the server version: {error}"),
            })?;
        let text = |key: &str| told[key].as_str().unwrap_or_default().to_owned();
        Ok(Version {
            git_version: text("gitVersion"),
            major: text("major"),
            minor: text("minor"),
        })
    }

    /// All versions and kinds that are served.
    pub(crate) async fn served_versions(&self) -> Result<Vec<String>> {
        Ok(self.catalog(Need::Confirmed).await?.api_versions())
    }

    /// How a kind is served.
    pub(crate) async fn served_kind(&self, api_version: &str, kind: &str) -> Result<Mapping> {
        let known = self.catalog(Need::Remembered).await?;
        if let Some(mapping) = known.mapping(api_version, kind) {
            return Ok(mapping);
        }
        let fresh = self.catalog(Need::Now).await?;
        if let Some(mapping) = fresh.mapping(api_version, kind) {
            return Ok(mapping);
        }
        let unknown = Error::NoMatch {
            api_version: api_version.to_owned(),
            kind: kind.to_owned(),
        };
        match fresh.doubt(api_version) {
            // That nobody answers for a kind does not say that there is none.
            Some(why) => Err(Error::Answer {
                message: format!(
                    "unable to retrieve the complete list of server APIs: {api_version}: {why} \
                     (looking for kind \"{kind}\")"
                ),
            }),
            None => Err(unknown),
        }
    }

    async fn catalog(&self, need: Need) -> Result<Arc<Catalog>> {
        let discovery = &self.shared.discovery;
        let mut known = discovery.known.lock().await;
        let doubted = discovery.doubted.swap(false, Ordering::AcqRel);
        let need = if doubted { Need::Now } else { need };
        if let Some(catalog) = &*known
            && need != Need::Now
            && (catalog.confirmed || need == Need::Remembered)
        {
            return Ok(catalog.clone());
        }
        let remembered = match known.take() {
            Some(catalog) => Some(catalog),
            None => discovery.cache.as_ref().and_then(Cache::read).map(Arc::new),
        };
        let found = self.ask(remembered, need).await;
        if let Err(error) = &found {
            discovery.doubted.fetch_or(doubted, Ordering::AcqRel);
            return Err(error.clone());
        }
        let catalog = found?;
        *known = Some(catalog.clone());
        Ok(catalog)
    }

    /// Asks the server, and says so to who asks next.
    async fn ask(&self, remembered: Option<Arc<Catalog>>, need: Need) -> Result<Arc<Catalog>> {
        if need == Need::Remembered
            && let Some(catalog) = &remembered
            && !catalog.is_tagged()
            && catalog.is_recent()
        {
            return Ok(catalog.clone());
        }
        let catalog = self.fetch_catalog(remembered.as_deref()).await?;
        // What is not known in full is not remembered: the next run asks again.
        if let Some(cache) = &self.shared.discovery.cache
            && catalog.silent.is_empty()
        {
            cache.write(&catalog);
        }
        Ok(Arc::new(catalog))
    }
}
