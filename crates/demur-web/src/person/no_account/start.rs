//! The first page: an address, to which a code goes.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::app::{App, Shared};
use crate::guard::Visitor;
use crate::person::code::is_address;
use crate::site::frame::{Frame, html};
use crate::site::limits::{Limit, take, take_from};
use crate::site::problem::Problem;

use super::{START, desk};

#[derive(Template)]
#[template(path = "person/no_account/start.html")]
struct Page {
    frame: Frame,
    email: String,
    error: Option<String>,
}

/// The form for an address.
#[derive(Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    email: String,
}

/// Shows it.
pub(super) async fn show(State(app): State<Shared>, visitor: Visitor) -> Response {
    page(&app, &visitor, String::new(), None)
}

/// The page, for somebody whose code or form is of no use any more.
pub(super) fn anew(app: &App, visitor: &Visitor) -> Response {
    page(app, visitor, String::new(), Some("form-code-invalid"))
}

fn page(app: &App, visitor: &Visitor, email: String, error: Option<&str>) -> Response {
    // The form is sent to another address than the page has.
    let frame = Frame::new(app, visitor, "form-title", &[]).at(START);
    let error = error.map(|id| frame.t(id));
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    html(status, &Page { frame, email, error })
}

/// Sends a code.
pub(super) async fn send(
    State(app): State<Shared>,
    visitor: Visitor,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(Sent { email }) = sent.map_err(|_| Problem::Unreadable)?;
    let email = email.trim();
    if !is_address(email) {
        return Ok(page(&app, &visitor, email.to_owned(), Some("form-email-invalid")));
    }
    send_to(&app, &visitor, email).await
}

/// Sends a code to an address, and leads to the page that takes it.
pub(super) async fn send_to(
    app: &Shared,
    visitor: &Visitor,
    email: &str,
) -> Result<Response, Problem> {
    take_from(app, Limit::Asks, visitor.address).await?;
    take(app, Limit::Codes, &email.to_lowercase()).await?;
    let (email, language) = (email.to_owned(), visitor.language);
    let lasts = app.settings.times.code;
    let ticket = app.registry.act(move |act| desk::ask(act, &email, language, lasts)).await?;
    Ok(visitor.go(&format!("{START}/code/{}", desk::written(&ticket))))
}
