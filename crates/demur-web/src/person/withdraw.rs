//! Taking an objection back, after a page that says what that means (Art. 18(3)).

use askama::Template;
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use demur_register::{CaseId, Error};
use serde::Deserialize;

use crate::acts;
use crate::app::Shared;
use crate::guard::Visitor;
use crate::person::held::{self, Held};
use crate::person::person;
use crate::registry::Failed;
use crate::site::frame::{Frame, html};
use crate::site::problem::Problem;

#[derive(Template)]
#[template(path = "person/withdraw.html")]
struct Page {
    frame: Frame,
    text: String,
    number: String,
    covers: Vec<String>,
}

/// Which case.
#[derive(Deserialize)]
pub(super) struct Named {
    case: String,
    /// The other button.
    #[serde(default)]
    leave: Option<String>,
}

/// Asks whether that is meant.
pub(super) async fn show(
    State(app): State<Shared>,
    visitor: Visitor,
    named: Result<Query<Named>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(named) = named.map_err(|_| Problem::NotFound)?;
    let held = find(&app, &visitor, &named.case).await?;
    if !held::is_in_force(&held.summary) {
        return Ok(visitor.go("/privacy"));
    }
    let settings = app.settings.purpose(&held.summary.purpose).ok_or(Problem::NotFound)?;
    let address = format!("/privacy/withdraw?case={}", held.summary.case);
    let frame = Frame::new(&app, &visitor, "action-withdraw", &[]).at(&address);
    let purpose = &settings.text(frame.language).title;
    let text = frame.text("privacy-withdraw", &[("purpose", purpose.into())]);
    let (number, covers) = (held.summary.case.to_string(), held::covers(&frame, &held));
    Ok(html(StatusCode::OK, &Page { frame, text, number, covers }))
}

/// Takes it back, or leaves it.
pub(super) async fn act(
    State(app): State<Shared>,
    visitor: Visitor,
    named: Result<Form<Named>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(named) = named.map_err(|_| Problem::Unreadable)?;
    let held = find(&app, &visitor, &named.case).await?;
    if named.leave.is_some() {
        return Ok(visitor.go("/privacy?left=1"));
    }
    let (case, account) = (held.summary.case, held.summary.account);
    let done = format!("/privacy?withdrawn={case}");
    let withdrawn = app.registry.act(move |act| acts::withdraw(act, case, account.as_ref())).await;
    match withdrawn {
        // Who clicks twice has withdrawn once.
        Ok(()) | Err(Failed::Refused(Error::Transition { .. })) => Ok(visitor.go(&done)),
        Err(failed) => Err(failed.into()),
    }
}

/// A case of the person who is signed in; any other does not exist for them.
async fn find(app: &Shared, visitor: &Visitor, number: &str) -> Result<Held, Problem> {
    let account = visitor.account().ok_or(Problem::Forbidden)?;
    let number: CaseId = number.parse().map_err(|_| Problem::NotFound)?;
    held::own(app, &person(app, account), number).await?.ok_or(Problem::NotFound)
}
