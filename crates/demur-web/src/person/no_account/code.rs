//! The second page: the code from the mail.

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use crate::app::Shared;
use crate::guard::Visitor;
use crate::site::frame::{Frame, html};
use crate::site::limits::{Limit, take_from};
use crate::site::problem::Problem;

use super::desk::Asked;
use super::{START, desk, start};

#[derive(Template)]
#[template(path = "person/no_account/code.html")]
struct Page {
    frame: Frame,
    address: String,
    again: String,
    sent: String,
    to: String,
    error: Option<String>,
}

/// The form for a code.
#[derive(Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    code: String,
}

/// Shows the form.
pub(super) async fn show(
    State(app): State<Shared>,
    Path(ticket): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    match asked(&app, &ticket).await? {
        Some(asked) => Ok(page(&app, &visitor, &ticket, &asked, false)),
        None => Ok(start::anew(&app, &visitor)),
    }
}

/// Takes a code.
pub(super) async fn enter(
    State(app): State<Shared>,
    Path(ticket): Path<String>,
    visitor: Visitor,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(Sent { code }) = sent.map_err(|_| Problem::Unreadable)?;
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let opened = match desk::read(&ticket) {
        Some(ticket) => app.registry.act(move |act| desk::enter(act, &ticket, &code)).await?,
        None => None,
    };
    if let Some(opened) = opened {
        return Ok(visitor.go(&format!("{START}/form/{}", desk::written(&opened))));
    }
    take_from(&app, Limit::Guesses, visitor.address).await?;
    match asked(&app, &ticket).await? {
        Some(asked) => Ok(page(&app, &visitor, &ticket, &asked, true)),
        None => Ok(start::anew(&app, &visitor)),
    }
}

/// Sends another code to the same address.
pub(super) async fn again(
    State(app): State<Shared>,
    Path(ticket): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    match asked(&app, &ticket).await? {
        Some(asked) => start::send_to(&app, &visitor, &asked.email).await,
        None => Ok(start::anew(&app, &visitor)),
    }
}

async fn asked(app: &Shared, ticket: &str) -> Result<Option<Asked>, Problem> {
    let Some(ticket) = desk::read(ticket) else { return Ok(None) };
    let now = app.now();
    Ok(app.registry.read(move |register| desk::asked(register, &ticket, now)).await?)
}

fn page(app: &Shared, visitor: &Visitor, ticket: &str, asked: &Asked, wrong: bool) -> Response {
    let base = format!("{START}/code/{ticket}");
    let frame = Frame::new(app, visitor, "privacy-code-title", &[]);
    let minutes = app.settings.times.code.as_secs() / 60;
    let page = Page {
        sent: frame.text("form-code-sent", &[("minutes", minutes.into())]),
        to: frame.text("form-code-to", &[("email", (&asked.email).into())]),
        error: wrong.then(|| frame.t("form-code-invalid")),
        address: frame.to(&base),
        again: frame.to(&format!("{base}/again")),
        frame,
    };
    html(if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, &page)
}
