//! The programming interface `/api/v1`: for the platform's own systems, and for software that objects
//! on people's behalf (Art. 21(5)).
//!
//! | module | what it holds |
//! |---|---|
//! | [`key`] | who may ask, and what for |
//! | `body`, `once`, `problem` | what comes in, what is repeated, what is wrong |
//! | `view` | what is told of a case |
//! | `objections`, `decision`, `accounts`, `handover`, `snapshots` | the endpoints |
//! | `document` | all of it as an OpenAPI document |

mod accounts;
pub(crate) mod body;
mod covered;
mod decision;
pub(crate) mod document;
mod handover;
pub mod key;
mod objections;
mod once;
pub(crate) mod problem;
mod snapshots;
mod view;

use axum::routing::{get, post};
use utoipa::IntoResponses;

use crate::api::key::KeyScope;
use crate::api::problem::ProblemDetails;
use crate::routes::{Access, Route, act, show};

/// What the document says of the header of requests that may be repeated.
const IDEMPOTENCY: &str = "Makes the request safe to repeat: the same key with the same request gets \
                           the same answer for 24 hours, and nothing happens twice";

/// The addresses.
pub(crate) fn routes() -> Vec<Route> {
    let key = Access::Key;
    vec![
        show("/api/v1/openapi.json", Access::Public, get(document::show)),
        show("/api/v1/problems/{name}", Access::Public, get(problem::explain)),
        act("/api/v1/objections", key(KeyScope::ObjectionsWrite), post(objections::submit)),
        show("/api/v1/objections/{case}", key(KeyScope::ObjectionsRead), get(objections::show)),
        act(
            "/api/v1/objections/{case}/withdraw",
            key(KeyScope::ObjectionsWrite),
            post(objections::withdraw),
        ),
        act(
            "/api/v1/objections/{case}/decision",
            key(KeyScope::DecisionsWrite),
            post(decision::decide),
        ),
        act("/api/v1/accounts/check", key(KeyScope::AccountsCheck), post(accounts::check)),
        act("/api/v1/handover", key(KeyScope::PeopleHandover), post(handover::make)),
        show("/api/v1/snapshots/{purpose}", key(KeyScope::SnapshotsRead), get(snapshots::fetch)),
    ]
}

/// What every address with a key may answer.
#[derive(IntoResponses)]
enum NotAdmitted {
    /// The key is missing, unknown, expired or revoked
    #[response(status = 401, content_type = "application/problem+json")]
    _Unauthorised(ProblemDetails),
    /// The key lacks the scope
    #[response(status = 403, content_type = "application/problem+json")]
    _Forbidden(ProblemDetails),
    /// Too many wrong keys came from the same address of the net
    #[response(status = 429, content_type = "application/problem+json")]
    _TooMany(ProblemDetails),
}

/// What every address that takes a body may answer.
#[derive(IntoResponses)]
enum NotAccepted {
    /// The body is no JSON text, or a header is malformed
    #[response(status = 400, content_type = "application/problem+json")]
    _Unreadable(ProblemDetails),
    /// The body is larger than 4 MiB
    #[response(status = 413, content_type = "application/problem+json")]
    _TooLarge(ProblemDetails),
    /// The body is not sent as JSON
    #[response(status = 415, content_type = "application/problem+json")]
    _MediaType(ProblemDetails),
    /// A field is missing, unknown or wrong
    #[response(status = 422, content_type = "application/problem+json")]
    _Invalid(ProblemDetails),
}
