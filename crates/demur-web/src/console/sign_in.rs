//! Signing in to the console, and out of it.

use askama::Template;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::Bar;
use crate::app::{App, Shared};
use crate::guard::{self, Visitor, Who};
use crate::site::frame::html;
use crate::site::limits::{Limit, take, take_from};
use crate::site::problem::Problem;
use crate::staff;

#[derive(Template)]
#[template(path = "console/sign_in.html")]
struct Page {
    bar: Bar,
    /// Whether staff may also sign in where they work.
    elsewhere: bool,
    name: String,
    failed: bool,
}

/// The page for staff who came from elsewhere and may not in.
#[derive(Template)]
#[template(path = "console/sign_in_failed.html")]
struct Failed {
    bar: Bar,
    text: &'static str,
}

#[derive(Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
}

fn page(app: &App, name: String, failed: bool) -> Page {
    let elsewhere = app.settings.oidc_staff.is_some();
    Page { bar: Bar::outside("Sign in to the console"), elsewhere, name, failed }
}

/// Says that signing in elsewhere did not work.
pub(crate) fn failed(status: StatusCode, title: &str, text: &'static str) -> Response {
    html(status, &Failed { bar: Bar::outside(title), text })
}

pub(super) async fn show(State(app): State<Shared>, visitor: Visitor) -> Response {
    if visitor.staff().is_some() {
        return guard::see_other("/console");
    }
    html(StatusCode::OK, &page(&app, String::new(), false))
}

/// One answer for a wrong password and for a name that nobody has.
pub(super) async fn act(
    State(app): State<Shared>,
    visitor: Visitor,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    take_from(&app, Limit::Guesses, visitor.address).await?;
    take(&app, Limit::SignIns, &sent.name.trim().to_lowercase()).await?;
    let Some(account) = staff::recognise(&app, &sent.name, sent.password).await? else {
        return Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &page(&app, sent.name, true)));
    };
    if let Some(session) = &visitor.session {
        guard::sign_out(&app, session).await?;
    }
    let who = Who::Staff { name: account.name, role: account.role };
    let cookie = guard::sign_in(&app, who).await?;
    Ok(guard::with_cookie(guard::see_other("/console"), cookie))
}

pub(super) async fn out(State(app): State<Shared>, visitor: Visitor) -> Result<Response, Problem> {
    let to = guard::see_other("/console/sign-in");
    let Some(session) = &visitor.session else { return Ok(to) };
    let cookie = guard::sign_out(&app, session).await?;
    Ok(guard::with_cookie(to, cookie))
}
