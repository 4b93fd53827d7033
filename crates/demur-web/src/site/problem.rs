//! When a page cannot be shown.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use demur_notice::messages::Arg;

use crate::api;
use crate::api::problem::ApiProblem;
use crate::app::Shared;
use crate::guard::Visitor;
use crate::registry::Failed;
use crate::site::frame::{Frame, html};

/// Why a page cannot be shown. Handlers return it; [`render`] makes a page of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// There is nothing here, or nothing that this visitor may know of.
    NotFound,
    /// It is there, and not for this visitor.
    Forbidden,
    /// The address is right, the method is not.
    Method,
    /// The form is from another site or another time.
    Stale,
    /// What was sent cannot be read.
    Unreadable,
    /// It was tried too often.
    TooMany {
        /// How long to wait.
        seconds: u64,
    },
    /// The register is not available.
    Unavailable,
    /// Something is wrong here.
    Internal,
}

/// After how many seconds it is worth asking a register again that was not available.
pub(crate) const UNAVAILABLE_FOR: u64 = 5;

impl Problem {
    fn status(&self) -> StatusCode {
        match self {
            Problem::NotFound => StatusCode::NOT_FOUND,
            Problem::Forbidden | Problem::Stale => StatusCode::FORBIDDEN,
            Problem::Method => StatusCode::METHOD_NOT_ALLOWED,
            Problem::Unreadable => StatusCode::BAD_REQUEST,
            Problem::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Problem::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Problem::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What the messages about it are called.
    fn id(&self) -> &'static str {
        match self {
            Problem::NotFound => "error-404",
            Problem::Forbidden => "error-403",
            Problem::Method => "error-405",
            Problem::Stale | Problem::Unreadable => "error-expired",
            Problem::TooMany { .. } => "error-429",
            Problem::Unavailable => "error-503",
            Problem::Internal => "error-500",
        }
    }
}

impl From<Failed> for Problem {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Refused(error) => {
                tracing::error!(%error, "the register refused");
                Problem::Internal
            }
            Failed::Unavailable(why) => {
                tracing::error!(why, "the register is not available");
                Problem::Unavailable
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        let wait = match self {
            Problem::TooMany { seconds } => Some(seconds),
            Problem::Unavailable => Some(UNAVAILABLE_FOR),
            _ => None,
        };
        if let Some(seconds) = wait {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(askama::Template)]
#[template(path = "problem.html")]
struct Page {
    frame: Frame,
    text: String,
}

/// Makes a page in the visitor's language of every problem, and problem details for software.
pub(crate) async fn render(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let visitor = Visitor::stranger(&app, &parts);
    let response = next.run(Request::from_parts(parts, body)).await;
    let to_machine = response.extensions().get::<ApiProblem>().is_some();
    if to_machine || visitor.path.starts_with("/api/") {
        return api::problem::render(&app, &visitor.path, response);
    }
    let bare = response.status() == StatusCode::METHOD_NOT_ALLOWED;
    let problem = response.extensions().get::<Problem>().cloned();
    let Some(problem) = problem.or(bare.then_some(Problem::Method)) else { return response };
    let frame = Frame::new(&app, &visitor, &format!("{}-title", problem.id()), &[]);
    let seconds = if let Problem::TooMany { seconds } = problem { seconds } else { 0 };
    let args: [(&str, Arg<'_>); 2] =
        [("seconds", seconds.into()), ("contact", (&app.settings.contact).into())];
    let text = frame.text(problem.id(), &args);
    let mut page = html(problem.status(), &Page { frame, text });
    if let Some(wait) = response.headers().get(RETRY_AFTER) {
        page.headers_mut().insert(RETRY_AFTER, wait.clone());
    }
    page
}
