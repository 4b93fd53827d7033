//! People sign in where they have their account, and are back in the privacy centre.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use demur_core::id::AccountId;

use super::attempt::{Door, over};
use super::claims;
use super::provider::{Failure, Provider};
use super::way::{Back, confirmed, leave};
use crate::app::{App, Shared};
use crate::guard::{self, Visitor, Who, see_other, with_cookie};
use crate::site::frame::{Frame, html, in_language};
use crate::site::limits::{Limit, take_from};
use crate::site::problem::Problem;

/// Where it begins.
pub(crate) const START: &str = "/privacy/sign-in";
/// Where the provider sends people back to.
pub(super) const BACK: &str = "/privacy/sign-in/callback";
const DOOR: Door = Door::People;

/// Why somebody is not signed in.
enum Unidentified {
    By(Failure),
    /// They are confirmed, and have no account here.
    Unknown,
}

impl From<Failure> for Unidentified {
    fn from(failure: Failure) -> Self {
        Unidentified::By(failure)
    }
}

/// Sends people to the provider.
pub(super) async fn start(
    State(app): State<Shared>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let provider = app.providers.people.as_ref().ok_or(Problem::NotFound)?;
    if visitor.account().is_some() {
        return Ok(see_other("/privacy"));
    }
    match leave(&app, provider, &visitor, DOOR).await? {
        Ok(response) => Ok(response),
        Err(failure) => Ok(page(&app, &visitor, &Unidentified::By(failure))),
    }
}

/// Signs in whoever comes back.
pub(super) async fn back(
    State(app): State<Shared>,
    visitor: Visitor,
    headers: HeaderMap,
    sent: Result<Query<Back>, QueryRejection>,
) -> Result<Response, Problem> {
    let provider = app.providers.people.as_ref().ok_or(Problem::NotFound)?;
    if visitor.account().is_some() {
        // The same address again: they are where they wanted to be.
        return Ok(over(&app, DOOR, see_other("/privacy")));
    }
    let sent = sent.map(|Query(sent)| sent).unwrap_or_default();
    let visitor = sent.speaking(visitor);
    let claim = app.settings.oidc_people.as_ref().map(|oidc| oidc.account_claim.as_str());
    let response = match identify(&app, provider, &headers, sent, claim.unwrap_or("sub")).await {
        Ok(account) => {
            if let Some(session) = &visitor.session {
                guard::sign_out(&app, session).await?;
            }
            let cookie = guard::sign_in(&app, Who::Person(account)).await?;
            let chosen = visitor.chose_language.then_some(visitor.language);
            with_cookie(see_other(&in_language("/privacy", chosen)), cookie)
        }
        Err(unidentified) => {
            take_from(&app, Limit::Guesses, visitor.address).await?;
            page(&app, &visitor, &unidentified)
        }
    };
    Ok(over(&app, DOOR, response))
}

async fn identify(
    app: &Shared,
    provider: &Provider,
    headers: &HeaderMap,
    sent: Back,
    claim: &str,
) -> Result<AccountId, Unidentified> {
    let claims = confirmed(app, provider, headers, sent, DOOR, &[claim]).await?;
    let account = claims::text(&claims, claim).and_then(|text| app.directory.parse(&text));
    let account = account.filter(|account| app.directory.person(account).is_some());
    account.ok_or(Unidentified::Unknown)
}

#[derive(Template)]
#[template(path = "oidc/person.html")]
struct Page {
    frame: Frame,
    text: String,
    again: bool,
}

/// Says that it did not work, and what works.
fn page(app: &App, visitor: &Visitor, why: &Unidentified) -> Response {
    let (status, title, text) = match why {
        Unidentified::By(Failure::Down(_)) => {
            (StatusCode::SERVICE_UNAVAILABLE, "sign-in-failed-title", "sign-in-down")
        }
        Unidentified::By(Failure::Unconfirmed(_)) => {
            (StatusCode::FORBIDDEN, "sign-in-failed-title", "sign-in-failed")
        }
        Unidentified::Unknown => {
            (StatusCode::FORBIDDEN, "sign-in-unknown-title", "sign-in-unknown")
        }
    };
    // Nobody comes back twice with the same code: other languages lead to where it begins.
    let mut visitor = visitor.clone();
    visitor.path = "/privacy".to_owned();
    let frame = Frame::new(app, &visitor, title, &[]);
    let text = frame.t(text);
    html(status, &Page { frame, text, again: matches!(why, Unidentified::By(_)) })
}
