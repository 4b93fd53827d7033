//! What a person does on the case page: withdraw, or have a closed case looked at again.

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::response::Response;
use demur_core::objection::Effect;
use demur_register::event::By;
use demur_register::{Act, Error, LinkState};
use serde::Deserialize;

use crate::acts;
use crate::registry::Failed;
use crate::site::frame::{Frame, html};
use crate::site::problem::Problem;

use super::open::Opened;
use super::page::{self, Again};

/// The longest text that a person adds.
pub(super) const LONGEST: usize = 4000;

#[derive(Template)]
#[template(path = "person/case/withdraw.html")]
struct Page {
    frame: Frame,
    text: String,
    back: String,
}

/// What the form for another review sends.
#[derive(Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    text: String,
}

/// Asks whether to withdraw.
pub(super) async fn ask(opened: Opened) -> Response {
    if opened.case.summary.status.effect() == Effect::None {
        return opened.visitor.go(&opened.base);
    }
    let frame = Frame::new(&opened.app, &opened.visitor, "action-withdraw", &[]);
    let title = &opened.purpose.text(frame.language).title;
    let text = frame.text("privacy-withdraw", &[("purpose", title.into())]);
    html(StatusCode::OK, &Page { back: frame.to(&opened.base), frame, text })
}

/// Withdraws, and leads back to the case.
pub(super) async fn withdraw(opened: Opened) -> Result<Response, Problem> {
    let (case, account) = (opened.case.summary.case, opened.case.summary.account.clone());
    take(&opened, move |act| acts::withdraw(act, case, account.as_ref())).await
}

/// Opens the case again, and leads back to it. Nobody has to give a reason.
pub(super) async fn again(
    opened: Opened,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(Sent { text }) = sent.map_err(|_| Problem::Unreadable)?;
    let text = text.trim().to_owned();
    if text.chars().count() > LONGEST {
        let again = Again { text, is_too_long: true };
        return page::page(&opened, StatusCode::UNPROCESSABLE_ENTITY, again);
    }
    let (case, account) = (opened.case.summary.case, opened.case.summary.account.clone());
    take(&opened, move |act| {
        let grounds = (!text.is_empty()).then_some(text.as_str());
        acts::reopen(act, case, account.as_ref(), By::Person, grounds)
    })
    .await
}

/// Takes a step in the case. One that was taken before, by a second click, is no error.
async fn take(
    opened: &Opened,
    step: impl FnOnce(&mut Act<'_, '_>) -> Result<(), Error> + Send + 'static,
) -> Result<Response, Problem> {
    let (link, now) = (opened.link.clone(), opened.app.now());
    let done = opened.app.registry.act(move |act| {
        // The link may have been revoked while the page was open.
        if let Some(link) = &link
            && act.link_state(link, now)? != LinkState::Valid
        {
            return Ok(());
        }
        step(act)
    });
    match done.await {
        Ok(()) | Err(Failed::Refused(Error::Transition { .. })) => {
            Ok(opened.visitor.go(&opened.base))
        }
        Err(error) => Err(error.into()),
    }
}
