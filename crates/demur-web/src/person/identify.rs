//! How people say who they are. One way is enough, and who has gone it is not asked again (Art. 12(6)).

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use demur_core::id::AccountId;
use demur_register::desk::Drawer;
use demur_register::parse_account;

use crate::app::Shared;
use crate::guard::{self, Visitor, Who, with_cookie};
use crate::person::centre::Asked;
use crate::person::used::Used;
use crate::site::frame::{Frame, html};
use crate::site::limits::{Limit, take_from};
use crate::site::problem::Problem;

#[derive(Template)]
#[template(path = "person/identify.html")]
struct Page {
    frame: Frame,
    /// Where people sign in with their account, if a provider is configured.
    sign_in: Option<String>,
    expired: bool,
    email: String,
    error: Option<String>,
    purposes: Vec<Used>,
}

/// An e-mail address that is none, as it was typed.
pub(super) struct NoAddress(pub(super) String);

/// The privacy centre for somebody whom we do not know yet.
pub(super) fn page(
    app: &Shared,
    visitor: &Visitor,
    asked: &Asked,
    wrong: Option<NoAddress>,
) -> Result<Response, Problem> {
    let frame = Frame::new(app, visitor, "privacy-title", &[]).at("/privacy");
    let used: Result<Vec<_>, _> =
        app.settings.purposes.iter().map(|settings| Used::of(app, &frame, settings)).collect();
    let error = wrong.is_some().then(|| frame.t("form-email-invalid"));
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = Page {
        sign_in: app.settings.oidc_people.as_ref().map(|_| frame.to(crate::oidc::PEOPLE)),
        expired: asked.expired.is_some(),
        email: wrong.map(|NoAddress(typed)| typed).unwrap_or_default(),
        error,
        purposes: used?,
        frame,
    };
    Ok(html(status, &page))
}

/// Opens a session and leads to the privacy centre.
pub(super) async fn admit(
    app: &Shared,
    visitor: &Visitor,
    account: AccountId,
) -> Result<Response, Problem> {
    let cookie = guard::sign_in(app, Who::Person(account)).await?;
    Ok(with_cookie(visitor.go("/privacy"), cookie))
}

/// Takes a person over from the platform's app, which had a one-time address made for them and opens it
/// in its web view.
pub(super) async fn hand_over(
    State(app): State<Shared>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let token: Option<[u8; 32]> =
        URL_SAFE_NO_PAD.decode(&token).ok().and_then(|bytes| bytes.try_into().ok());
    let now = app.now();
    let account = match token {
        None => None,
        Some(token) => {
            app.registry
                .act(move |act| {
                    let Some(item) = act.item(Drawer::Handover, &token)? else { return Ok(None) };
                    act.remove(&item.key)?;
                    Ok(Some(item.text).filter(|_| item.due > now))
                })
                .await?
        }
    };
    match account.as_deref().and_then(parse_account) {
        Some(account) => admit(&app, &visitor, account).await,
        None => {
            take_from(&app, Limit::Guesses, visitor.address).await?;
            Ok(visitor.go("/privacy?expired=1"))
        }
    }
}

/// Ends the session.
pub(super) async fn sign_out(
    State(app): State<Shared>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let session = visitor.session.as_ref().ok_or(Problem::Forbidden)?;
    let cookie = guard::sign_out(&app, session).await?;
    Ok(with_cookie(visitor.go("/privacy"), cookie))
}
