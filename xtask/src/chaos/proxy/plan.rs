//! What becomes of each request: drawn from a seed.

use std::time::Duration;

use hyper::{Method, Uri};

use crate::oracle::random::Random;

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The server refuses it and has not done it.
    Refusal { code: u16, retry_after: Option<u32> },
    /// A watch is told that it has missed too much.
    Gone,
    /// The answer takes its time.
    Slow(Duration),
    /// The connection breaks, and the server never sees it.
    BreakBefore { resets: bool },
    /// The connection breaks when the server has done it.
    BreakAfter { resets: bool },
    /// The server tells its kinds as old ones do: group by group.
    OldDiscovery,
}

/// What becomes of the requests of a run.
pub(crate) struct Plan {
    random: Random,
    /// Of a hundred requests so many fail, until all faults are used up.
    percent: usize,
    left: usize,
    /// From this request on nobody is let in.
    expires_at: Option<usize>,
    /// A group that is down.
    down: Option<&'static str>,
    seen: usize,
    done: Vec<String>,
}

/// Groups that the charts need, and one that they do not.
const GROUPS: [&str; 3] = ["apps", "batch", "storage.k8s.io"];

impl Plan {
    /// The plan of a run. One in eight has a group that is down, one in eight a token that expires.
    pub(crate) fn new(seed: u64, name: &str) -> Self {
        let mut random = Random::new(seed, name, 1);
        let kind = random.below(8);
        let expires_at = (kind == 0).then(|| random.below(40));
        let down = (kind == 1).then(|| random.pick(&GROUPS));
        Self {
            percent: 3 + random.below(30),
            left: 1 + random.below(10),
            expires_at,
            down,
            seen: 0,
            done: Vec::new(),
            random,
        }
    }

    /// What it did so far.
    pub(crate) fn done(&self) -> &[String] {
        &self.done
    }

    /// What becomes of the next request.
    pub(crate) fn next(&mut self, method: &Method, uri: &Uri) -> Option<Fault> {
        self.seen += 1;
        let fault = self.draw(method, uri)?;
        let (number, path) = (self.seen, uri.path());
        if fault != Fault::OldDiscovery {
            self.done
                .push(format!("{number} {method} {path}: {fault:?}"));
        }
        Some(fault)
    }

    fn draw(&mut self, method: &Method, uri: &Uri) -> Option<Fault> {
        let refusal = |code, retry_after| Some(Fault::Refusal { code, retry_after });
        if self.expires_at.is_some_and(|at| self.seen > at) {
            return refusal(401, None);
        }
        if let Some(group) = self.down {
            if uri.path() == "/apis" || uri.path() == "/api" {
                return Some(Fault::OldDiscovery);
            }
            let path = uri.path().strip_prefix("/apis/").unwrap_or_default();
            if path.split('/').next() == Some(group) {
                return refusal(503, None);
            }
        }
        if self.left == 0 || !self.random.percent(self.percent) {
            return None;
        }
        self.left -= 1;
        let watches = uri
            .query()
            .is_some_and(|query| query.contains("watch=true"));
        let writes = method != Method::GET;
        let resets = self.random.percent(50);
        match self.random.below(9) {
            0 => refusal(429, Some(1)),
            1 => refusal(500, None),
            2 => refusal(503, None),
            3 => Some(Fault::BreakBefore { resets }),
            4 | 5 => Some(Fault::BreakAfter { resets }),
            6 => {
                let time = 200 + self.random.below(3000);
                Some(Fault::Slow(Duration::from_millis(time.try_into().ok()?)))
            }
            7 if writes => refusal(409, None),
            _ if watches => Some(Fault::Gone),
            _ => refusal(503, Some(1)),
        }
    }
}
