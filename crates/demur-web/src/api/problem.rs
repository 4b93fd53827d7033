//! When the programming interface cannot do what it was asked: problem details (RFC 9457).

use axum::extract::Path;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use demur_register::Error;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::registry::Failed;
use crate::site::problem::{Problem, UNAVAILABLE_FOR};

/// The sorts of problem. Their names are part of the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Unauthorised,
    Forbidden,
    NotFound,
    Method,
    TooLarge,
    MediaType,
    Unreadable,
    Invalid,
    CaseState,
    RefusalsForbidden,
    KeyReused,
    Range,
    TooMany,
    NoSnapshot,
    Unavailable,
    Internal,
}

impl Kind {
    const ALL: [Kind; 16] = [
        Kind::Unauthorised,
        Kind::Forbidden,
        Kind::NotFound,
        Kind::Method,
        Kind::TooLarge,
        Kind::MediaType,
        Kind::Unreadable,
        Kind::Invalid,
        Kind::CaseState,
        Kind::RefusalsForbidden,
        Kind::KeyReused,
        Kind::Range,
        Kind::TooMany,
        Kind::NoSnapshot,
        Kind::Unavailable,
        Kind::Internal,
    ];

    fn status(self) -> StatusCode {
        self.about().0
    }

    /// Status, name, title, and what to do about it.
    fn about(self) -> (StatusCode, &'static str, &'static str, &'static str) {
        match self {
            Kind::Unauthorised => (
                StatusCode::UNAUTHORIZED,
                "unauthorised",
                "A key is needed",
                "The request shows no key, or one that is unknown, expired or revoked. Send the \
                 header `Authorization: Bearer` with a key.",
            ),
            Kind::Forbidden => (
                StatusCode::FORBIDDEN,
                "forbidden",
                "The key may not do this",
                "The key is right, and lacks the scope that this address asks for.",
            ),
            Kind::NotFound => (
                StatusCode::NOT_FOUND,
                "not-found",
                "There is nothing here",
                "No such address, case or purpose.",
            ),
            Kind::Method => (
                StatusCode::METHOD_NOT_ALLOWED,
                "method-not-allowed",
                "The address is asked in another way",
                "The address exists, and does not take this method.",
            ),
            Kind::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "too-large",
                "The body is too large",
                "A body has at most 4 MiB. Divide the request.",
            ),
            Kind::MediaType => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
                "The body is not JSON",
                "Send the body as `Content-Type: application/json`.",
            ),
            Kind::Unreadable => (
                StatusCode::BAD_REQUEST,
                "unreadable",
                "The request cannot be read",
                "The body is no JSON text, or a header is malformed.",
            ),
            Kind::Invalid => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid",
                "The request says something that cannot be",
                "The body is JSON, and a field of it is missing, unknown or wrong. `errors` names \
                 each with a JSON pointer.",
            ),
            Kind::CaseState => (
                StatusCode::CONFLICT,
                "case-state",
                "The case has moved on",
                "Where the case stands does not allow this step. Look at the case.",
            ),
            Kind::RefusalsForbidden => (
                StatusCode::CONFLICT,
                "refusals-forbidden",
                "This purpose takes no refusal from here",
                "The purpose forbids refusals, or asks for a second reviewer, who confirms in the \
                 console.",
            ),
            Kind::KeyReused => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency-key-reused",
                "The idempotency key belongs to another request",
                "The same `Idempotency-Key` came with another request within 24 hours. Take a new \
                 one for each request, and the same one only to repeat it.",
            ),
            Kind::Range => (
                StatusCode::RANGE_NOT_SATISFIABLE,
                "range-not-satisfiable",
                "The file is not that long",
                "The range begins behind the end of the file.",
            ),
            Kind::TooMany => (
                StatusCode::TOO_MANY_REQUESTS,
                "too-many-requests",
                "Too many attempts",
                "Too many wrong keys came from this address of the net. Wait as long as \
                 `Retry-After` says.",
            ),
            Kind::NoSnapshot => (
                StatusCode::SERVICE_UNAVAILABLE,
                "no-snapshot",
                "There is no snapshot yet",
                "The purpose exists, and no snapshot of it was compiled, or it cannot be read. Try \
                 again later, and judge nothing without one.",
            ),
            Kind::Unavailable => (
                StatusCode::SERVICE_UNAVAILABLE,
                "unavailable",
                "The register is not available",
                "Whether anything was written is not known. Try again later, with the same \
                 `Idempotency-Key`.",
            ),
            Kind::Internal => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "internal",
                "Something is wrong here",
                "The fault is on this side, and the log has more of it.",
            ),
        }
    }
}

/// Why the interface did not do what it was asked. [`render`] writes it out.
#[derive(Clone, Debug)]
pub(crate) struct ApiProblem {
    kind: Kind,
    detail: Option<String>,
    errors: Vec<FieldError>,
    wait: Option<u64>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct FieldError {
    /// Where it stands, as a JSON pointer in the form of a fragment.
    #[schema(example = "#/scopes/0")]
    pub(crate) pointer: String,
    /// What is wrong with it.
    pub(crate) detail: String,
}

/// Problem details (RFC 9457).
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemDetails {
    /// The sort of problem: an address that explains it.
    #[schema(format = "uri", example = "https://privacy.example/api/v1/problems/invalid")]
    r#type: String,
    /// The same in words.
    title: &'static str,
    /// The status of the answer.
    status: u16,
    /// What is wrong with this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    detail: Option<String>,
    /// The address that was asked.
    #[schema(format = "uri-reference")]
    instance: String,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldError>,
}

impl ApiProblem {
    /// A problem of which there is nothing more to say.
    pub(crate) fn of(kind: Kind) -> Self {
        ApiProblem { kind, detail: None, errors: Vec::new(), wait: None }
    }

    /// A problem, and what it is this time.
    pub(crate) fn new(kind: Kind, detail: impl Into<String>) -> Self {
        ApiProblem { detail: Some(detail.into()), ..ApiProblem::of(kind) }
    }

    /// Fields that are wrong.
    pub(crate) fn fields(errors: Vec<FieldError>) -> Self {
        ApiProblem { errors, ..ApiProblem::of(Kind::Invalid) }
    }
}

impl From<Failed> for ApiProblem {
    fn from(failed: Failed) -> Self {
        let said = |kind, error: Error| ApiProblem::new(kind, error.to_string());
        match failed {
            Failed::Refused(error @ Error::NoSuchCase(_)) => said(Kind::NotFound, error),
            Failed::Refused(error @ Error::Transition { .. }) => said(Kind::CaseState, error),
            Failed::Refused(error @ Error::RefusalsForbidden(_)) => {
                said(Kind::RefusalsForbidden, error)
            }
            Failed::Refused(error @ Error::Invalid(_)) => said(Kind::Invalid, error),
            other => Problem::from(other).into(),
        }
    }
}

impl From<Problem> for ApiProblem {
    fn from(problem: Problem) -> Self {
        ApiProblem::of(match problem {
            Problem::NotFound => Kind::NotFound,
            Problem::Forbidden | Problem::Stale => Kind::Forbidden,
            Problem::Method => Kind::Method,
            Problem::Unreadable => Kind::Unreadable,
            Problem::TooMany { seconds } => {
                return ApiProblem { wait: Some(seconds), ..ApiProblem::of(Kind::TooMany) };
            }
            Problem::Unavailable => {
                return ApiProblem {
                    wait: Some(UNAVAILABLE_FOR),
                    ..ApiProblem::of(Kind::Unavailable)
                };
            }
            Problem::Internal => Kind::Internal,
        })
    }
}

impl IntoResponse for ApiProblem {
    fn into_response(self) -> Response {
        let mut response = self.kind.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes a problem out where an answer is one, whoever made it: a handler, the router or a limit.
pub(crate) fn render(app: &App, path: &str, response: Response) -> Response {
    let extensions = response.extensions();
    let known = extensions.get::<ApiProblem>().cloned();
    let known = known.or_else(|| extensions.get::<Problem>().cloned().map(ApiProblem::from));
    let status = response.status();
    let problem = match known {
        Some(problem) => problem,
        None if status.is_client_error() || status.is_server_error() => {
            let kind = Kind::ALL.into_iter().find(|kind| kind.status() == status);
            ApiProblem::of(kind.unwrap_or(Kind::Internal))
        }
        None => return response,
    };
    let (status, name, title, _) = problem.kind.about();
    let details = ProblemDetails {
        r#type: format!("{}/api/v1/problems/{name}", app.settings.url),
        title,
        status: status.as_u16(),
        detail: problem.detail,
        instance: path.to_owned(),
        errors: problem.errors,
    };
    let text = serde_json::to_string(&details).unwrap_or_default();
    let content = [(CONTENT_TYPE, "application/problem+json")];
    let mut rendered = (status, content, text).into_response();
    // What the router said about methods, and a handler about ranges, stays.
    for (name, value) in response.headers() {
        if name != CONTENT_TYPE && name.as_str() != "content-length" {
            rendered.headers_mut().insert(name, value.clone());
        }
    }
    if problem.kind == Kind::Unauthorised {
        let bearer = HeaderValue::from_static("Bearer realm=\"demur\"");
        rendered.headers_mut().insert(WWW_AUTHENTICATE, bearer);
    }
    if let Some(seconds) = problem.wait {
        rendered.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    rendered
}

/// Explains a sort of problem.
#[utoipa::path(
    get,
    path = "/api/v1/problems/{name}",
    tag = "About this interface",
    operation_id = "explainProblem",
    security(),
    params(("name" = String, Path, description = "The last part of a problem's `type`")),
    responses(
        (status = 200, description = "What it means, and what to do", content_type = "text/plain", body = String),
        (status = 404, description = "There is no such sort", body = ProblemDetails, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn explain(Path(name): Path<String>) -> Result<Response, ApiProblem> {
    let found = Kind::ALL.into_iter().map(Kind::about).find(|(_, known, ..)| *known == name);
    let Some((status, _, title, what)) = found else { return Err(ApiProblem::of(Kind::NotFound)) };
    let text = format!("{title} ({})\n\n{what}\n", status.as_u16());
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sort_has_a_name_of_its_own() {
        let mut names = Kind::ALL.map(|kind| kind.about().1).to_vec();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Kind::ALL.len());
    }
}
