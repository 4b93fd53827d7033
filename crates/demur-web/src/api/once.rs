//! Requests that are repeated: the same key with the same request gets the same answer, and nothing
//! happens twice.
//!
//! The answer is kept in the transaction of the act that it answers. So a crash keeps both or neither,
//! and of two requests at the same time one acts and the other hears its answer.

use axum::extract::FromRequestParts;
use axum::http::header::LOCATION;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use demur_register::desk::Drawer;
use demur_register::{Act, Error};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::api::key::Caller;
use crate::api::problem::{ApiProblem, Kind};
use crate::app::Shared;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The longest key.
const LONGEST: usize = 255;
/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// An answer of an act: JSON, and perhaps where to find what was made.
#[derive(Serialize, Deserialize)]
pub(crate) struct Reply {
    status: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    body: String,
}

impl Reply {
    /// An answer with this body.
    pub(crate) fn new(status: StatusCode, body: &impl Serialize) -> Self {
        let body = serde_json::to_string(body).unwrap_or_default();
        Reply { status: status.as_u16(), location: None, body }
    }

    /// The same, saying where to find what was made.
    pub(crate) fn at(self, location: String) -> Self {
        Reply { location: Some(location), ..self }
    }

    fn respond(self, replayed: bool) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let json = [("content-type", "application/json")];
        let mut response = (status, json, self.body).into_response();
        let headers = response.headers_mut();
        if let Some(location) = self.location.and_then(|to| HeaderValue::from_str(&to).ok()) {
            headers.insert(LOCATION, location);
        }
        if replayed {
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}

/// The header of a request that must not act twice.
#[derive(Clone)]
pub(crate) struct Once(Option<String>);

impl<S: Sync> FromRequestParts<S> for Once {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiProblem> {
        let mut sent = parts.headers.get_all(HEADER).iter();
        let Some(value) = sent.next() else { return Ok(Once(None)) };
        let key = value.to_str().ok().filter(|key| (1..=LONGEST).contains(&key.len()));
        match (key, sent.next()) {
            (Some(key), None) => Ok(Once(Some(key.to_owned()))),
            _ => Err(ApiProblem::new(
                Kind::Unreadable,
                format!("send one Idempotency-Key, of 1 to {LONGEST} printable ASCII characters"),
            )),
        }
    }
}

/// What came of an act.
enum Outcome {
    Done(Reply),
    Replayed(Reply),
    Reused,
}

impl Once {
    /// Runs an act, unless the same request was answered before. `request` is all that makes it this
    /// request.
    pub(crate) async fn act<F>(
        self,
        app: &Shared,
        caller: &Caller,
        request: &[&[u8]],
        work: F,
    ) -> Result<Response, ApiProblem>
    where
        F: FnOnce(&mut Act<'_, '_>) -> Result<Reply, Error> + Send + 'static,
    {
        // Each key of the interface has its own idempotency keys.
        let name = self.0.map(|key| [caller.name.as_bytes(), b"\0", key.as_bytes()].concat());
        let print = print(request);
        let outcome = app
            .registry
            .act(move |act| match name {
                Some(name) => once(act, &name, &print, work),
                None => work(act).map(Outcome::Done),
            })
            .await?;
        match outcome {
            Outcome::Done(reply) => Ok(reply.respond(false)),
            Outcome::Replayed(reply) => Ok(reply.respond(true)),
            Outcome::Reused => Err(ApiProblem::of(Kind::KeyReused)),
        }
    }
}

/// An answer as the desk keeps it.
#[derive(Serialize, Deserialize)]
struct Kept {
    print: String,
    reply: Reply,
}

fn once(
    act: &mut Act<'_, '_>,
    name: &[u8],
    print: &str,
    work: impl FnOnce(&mut Act<'_, '_>) -> Result<Reply, Error>,
) -> Result<Outcome, Error> {
    let now = act.at();
    // Old answers go as new ones come.
    act.lapse(Drawer::Answer, now)?;
    if let Some(item) = act.item(Drawer::Answer, name)? {
        let kept: Option<Kept> = serde_json::from_str(&item.text).ok();
        return Ok(match kept.filter(|kept| kept.print == print) {
            Some(kept) => Outcome::Replayed(kept.reply),
            None => Outcome::Reused,
        });
    }
    let kept = Kept { print: print.to_owned(), reply: work(act)? };
    let text = serde_json::to_string(&kept).unwrap_or_default();
    let due = now.checked_add(KEPT).unwrap_or(now);
    act.put(Drawer::Answer, name, due, None, &text)?;
    Ok(Outcome::Done(kept.reply))
}

/// A digest of the parts of a request, each preceded by its length.
fn print(request: &[&[u8]]) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in request {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().to_hex().to_string()
}
