//! What goes wrong on purpose, and the log of requests by which tests count.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Method};

/// How many requests the log keeps: the last ones.
const KEPT: usize = 10_000;

/// One request, as the log has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The HTTP method.
    pub method: Method,
    /// The path.
    pub path: String,
    /// The query, as it was sent.
    pub query: String,
    /// What the server calls it: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`,
    /// `deletecollection`.
    pub verb: &'static str,
    /// Whether it would change something: neither a read, nor a dry run, nor a review.
    pub is_write: bool,
    /// The program that asked.
    pub user_agent: String,
}

impl Call {
    pub(super) fn of(parts: &http::request::Parts) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        let path = parts.uri.path();
        let has = |flag: &str| query.split('&').any(|pair| pair == flag);
        let one = names_object(path);
        let verb = match parts.method {
            Method::GET | Method::HEAD if has("watch=true") || has("watch=1") => "watch",
            Method::GET | Method::HEAD if one => "get",
            Method::GET | Method::HEAD => "list",
            Method::POST => "create",
            Method::PUT => "update",
            Method::PATCH => "patch",
            Method::DELETE if one => "delete",
            Method::DELETE => "deletecollection",
            _ => "",
        };
        let read = matches!(verb, "get" | "list" | "watch" | "");
        let review =
            path.contains("/authorization.k8s.io/") || path.contains("/authentication.k8s.io/");
        Self {
            method: parts.method.clone(),
            path: path.to_owned(),
            query: query.to_owned(),
            verb,
            is_write: !read && !review && !has("dryRun=All"),
            user_agent: agent(&parts.headers),
        }
    }
}

fn agent(headers: &HeaderMap) -> String {
    let value = headers.get(http::header::USER_AGENT);
    let text = value.and_then(|value| value.to_str().ok());
    text.unwrap_or_default().to_owned()
}

/// Whether a path goes down to one object.
fn names_object(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let rest = match parts.as_slice() {
        ["api", _, rest @ ..] | ["apis", _, _, rest @ ..] => rest,
        _ => return true,
    };
    match rest {
        ["namespaces", _, rest @ ..] if !rest.is_empty() => rest.len() != 1,
        _ => rest.len() != 1,
    }
}

/// What a request meets.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Effect {
    /// It is refused with this code and these seconds to wait; nothing was done.
    Refuse(u16, Option<u64>),
    /// The connection breaks before anything was done.
    Reset,
    /// It is done, but the connection breaks before the answer.
    ResetAfter,
    /// It is done after a while.
    Delay(Duration),
    /// It is never answered.
    Hang,
}

impl Effect {
    /// A refusal with this code.
    #[must_use]
    pub fn status(code: u16) -> Self {
        Self::Refuse(code, None)
    }
}

type Matcher = Arc<dyn Fn(&Call) -> bool + Send + Sync>;

/// Which requests meet what.
#[derive(Clone)]
pub struct Rule {
    matches: Matcher,
    /// From which match on, counted from one.
    from: u64,
    /// For how many matches; `None` for all that follow.
    times: Option<u64>,
    effect: Effect,
    seen: u64,
}

impl Rule {
    /// Requests for which this holds.
    #[must_use]
    pub fn when(matches: impl Fn(&Call) -> bool + Send + Sync + 'static) -> Self {
        Self {
            matches: Arc::new(matches),
            from: 1,
            times: None,
            effect: Effect::status(500),
            seen: 0,
        }
    }

    /// All requests.
    #[must_use]
    pub fn requests() -> Self {
        Self::when(|_| true)
    }

    /// Requests that change something.
    #[must_use]
    pub fn writes() -> Self {
        Self::when(|call| call.is_write)
    }

    /// Only the `n`th that matches, counted from one.
    #[must_use]
    pub fn nth(mut self, n: u64) -> Self {
        self.from = n;
        self.times = Some(1);
        self
    }

    /// Only the first `n` that match.
    #[must_use]
    pub fn first(mut self, n: u64) -> Self {
        self.from = 1;
        self.times = Some(n);
        self
    }

    /// What they meet; a refusal with 500 if nothing is said.
    #[must_use]
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    fn meets(&mut self, call: &Call) -> Option<Effect> {
        if !(self.matches)(call) {
            return None;
        }
        self.seen += 1;
        let until = self.times.map(|times| self.from + times);
        let now = self.seen >= self.from && until.is_none_or(|until| self.seen < until);
        now.then(|| self.effect.clone())
    }
}

/// The rules, and what was asked so far.
#[derive(Default)]
pub(super) struct Faults {
    rules: Vec<Rule>,
    calls: VecDeque<Call>,
}

impl Faults {
    pub(super) fn add(&mut self, rule: Rule) {
        self.rules.push(rule);
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        self.calls.iter().cloned().collect()
    }

    pub(super) fn forget(&mut self) {
        self.calls.clear();
    }

    /// Writes the request down, and says what it meets, if anything. Every rule counts it.
    pub(super) fn meet(&mut self, call: Call) -> Option<Effect> {
        let met: Vec<Effect> = self
            .rules
            .iter_mut()
            .filter_map(|rule| rule.meets(&call))
            .collect();
        if self.calls.len() == KEPT {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
        met.into_iter().next()
    }
}
