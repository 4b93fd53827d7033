//! Keys of the programming interface: what software shows instead of a session.
//!
//! A key is 32 random bytes that are shown once. What stays is its place on the desk, which is a keyed
//! digest of it, with its name and what it may do. Every request looks there, so a revoked key stops at
//! once.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::time::Duration;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{AUTHORIZATION, FORWARDED};
use axum::http::request::Parts;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use demur_register::desk::{Drawer, Item, ItemKey};
use demur_register::{Error, Register};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::api::problem::{ApiProblem, Kind};
use crate::app::{App, Shared};
use crate::guard::after;
use crate::site::client;
use crate::site::limits::{Limit, take_from};

/// What a key begins with, so that scanners find one that was published by mistake.
const PREFIX: &str = "demur_";
/// How many keys are listed; nobody keeps an overview of more.
const MOST: usize = 10_000;
/// The longest name of a key.
const LONGEST: usize = 100;

/// One thing that a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum KeyScope {
    /// Submit and withdraw objections.
    ObjectionsWrite,
    /// See how a case stands.
    ObjectionsRead,
    /// Decide cases.
    DecisionsWrite,
    /// Ask what holds for accounts.
    AccountsCheck,
    /// Hand signed-in people over to the privacy centre.
    PeopleHandover,
    /// Fetch snapshots.
    SnapshotsRead,
    /// Read the metrics from another machine.
    MetricsRead,
}

impl KeyScope {
    /// All of them.
    pub const ALL: [KeyScope; 7] = [
        KeyScope::ObjectionsWrite,
        KeyScope::ObjectionsRead,
        KeyScope::DecisionsWrite,
        KeyScope::AccountsCheck,
        KeyScope::PeopleHandover,
        KeyScope::SnapshotsRead,
        KeyScope::MetricsRead,
    ];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            KeyScope::ObjectionsWrite => "objections:write",
            KeyScope::ObjectionsRead => "objections:read",
            KeyScope::DecisionsWrite => "decisions:write",
            KeyScope::AccountsCheck => "accounts:check",
            KeyScope::PeopleHandover => "people:handover",
            KeyScope::SnapshotsRead => "snapshots:read",
            KeyScope::MetricsRead => "metrics:read",
        }
    }
}

impl fmt::Display for KeyScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for KeyScope {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        KeyScope::ALL.into_iter().find(|scope| scope.name() == text).ok_or_else(|| {
            let names = KeyScope::ALL.map(KeyScope::name).join(", ");
            format!("\"{text}\" is not a scope of a key; scopes are {names}")
        })
    }
}

/// A key as the desk holds it.
#[derive(Serialize, Deserialize)]
struct Stored {
    name: String,
    scopes: Vec<String>,
    created: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<Timestamp>,
}

/// A key that exists; what it is, nobody can say any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    /// Its name.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<KeyScope>,
    /// When it was made.
    pub created: Timestamp,
    /// From when on it is void; never, where there is no such moment.
    pub expires: Option<Timestamp>,
    place: ItemKey,
}

/// Makes a key and returns it: the only time that anybody sees it.
///
/// # Errors
/// Where the name is empty, too long or taken, where the key could do nothing, or where the register
/// cannot be written.
pub fn add(
    register: &mut Register,
    name: &str,
    scopes: &[KeyScope],
    lasts: Option<Duration>,
    at: Timestamp,
) -> Result<String, Error> {
    let invalid = |why: String| Err(Error::Invalid(why));
    if name.trim().is_empty() || name.len() > LONGEST || name.chars().any(char::is_control) {
        return invalid(format!("a key needs a name of up to {LONGEST} characters"));
    }
    if scopes.is_empty() {
        return invalid("a key without a scope can do nothing; name at least one".into());
    }
    if list(register)?.iter().any(|known| known.name == name) {
        return invalid(format!("there is a key named \"{name}\" already; revoke it first"));
    }
    let expires = lasts.map(|lasts| after(at, lasts));
    let mut names: Vec<String> = scopes.iter().map(ToString::to_string).collect();
    names.sort();
    names.dedup();
    let stored = Stored { name: name.to_owned(), scopes: names, created: at, expires };
    let text = serde_json::to_string(&stored).unwrap_or_default();
    let secret = register.act(at, |act| {
        let secret: [u8; 32] = act.random();
        act.put(Drawer::ApiKey, &secret, expires.unwrap_or(Timestamp::MAX), None, &text)?;
        Ok(secret)
    })?;
    Ok(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(secret)))
}

/// Every key, by name.
///
/// # Errors
/// Where the register cannot be read.
pub fn list(register: &Register) -> Result<Vec<KnownKey>, Error> {
    let items = register.items_due(Drawer::ApiKey, Timestamp::MAX, MOST)?;
    let mut known: Vec<KnownKey> = items.into_iter().filter_map(KnownKey::read).collect();
    known.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(known)
}

/// Makes a key void, from this moment on; says whether there was one of that name.
///
/// # Errors
/// Where the register cannot be written.
pub fn revoke(register: &mut Register, name: &str, at: Timestamp) -> Result<bool, Error> {
    let Some(known) = list(register)?.into_iter().find(|known| known.name == name) else {
        return Ok(false);
    };
    register.act(at, |act| act.remove(&known.place))
}

impl KnownKey {
    fn read(item: Item) -> Option<Self> {
        let Stored { name, scopes, created, expires } = serde_json::from_str(&item.text).ok()?;
        // A scope that this program does not know admits to nothing.
        let scopes = scopes.iter().filter_map(|scope| scope.parse().ok()).collect();
        Some(KnownKey { name, scopes, created, expires, place: item.key })
    }
}

/// The software that sent a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The name of its key.
    pub(crate) name: String,
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiProblem> {
        // The guard puts it there before any handler runs.
        parts.extensions.get::<Caller>().cloned().ok_or_else(|| ApiProblem::of(Kind::Internal))
    }
}

/// Lets through whoever shows a key of this scope.
pub(crate) async fn admit(
    app: &Shared,
    scope: KeyScope,
    request: &Parts,
) -> Result<Caller, ApiProblem> {
    if scope == KeyScope::MetricsRead && is_local(request) {
        return Ok(Caller { name: "this machine".into() });
    }
    let Some(shown) = request.headers.get(AUTHORIZATION) else {
        return Err(ApiProblem::new(Kind::Unauthorised, NO_KEY));
    };
    let known = match secret(shown.to_str().unwrap_or_default()) {
        Some(secret) => app.registry.read(move |r| r.item(Drawer::ApiKey, &secret)).await?,
        None => None,
    };
    let known = known.filter(|item| item.due > app.now()).and_then(KnownKey::read);
    let Some(known) = known else { return Err(guessed(app, request).await) };
    if !known.scopes.contains(&scope) {
        let detail = format!("this key does not have the scope {scope}");
        return Err(ApiProblem::new(Kind::Forbidden, detail));
    }
    Ok(Caller { name: known.name })
}

const NO_KEY: &str = "send a key: Authorization: Bearer demur_…";

/// Whoever tries keys out is slowed down.
async fn guessed(app: &App, request: &Parts) -> ApiProblem {
    let address = client::address(&request.extensions, &request.headers, app.settings.proxies);
    match take_from(app, Limit::Guesses, address).await {
        Err(problem) => problem.into(),
        Ok(()) => ApiProblem::new(Kind::Unauthorised, "this key is unknown, expired or revoked"),
    }
}

fn secret(shown: &str) -> Option<[u8; 32]> {
    let (scheme, key) = shown.split_once(' ')?;
    let key = key.trim().strip_prefix(PREFIX)?;
    let is_bearer = scheme.eq_ignore_ascii_case("bearer");
    is_bearer.then(|| URL_SAFE_NO_PAD.decode(key).ok()?.try_into().ok())?
}

/// Whether a request comes from this very machine and was not passed on by a proxy on it.
fn is_local(request: &Parts) -> bool {
    let peer = request.extensions.get::<ConnectInfo<SocketAddr>>();
    let passed_on = [FORWARDED.as_str(), "x-forwarded-for", "x-real-ip", "via"];
    peer.is_some_and(|peer| peer.0.ip().to_canonical().is_loopback())
        && !passed_on.iter().any(|name| request.headers.contains_key(*name))
}
