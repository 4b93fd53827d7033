//! The second step of a decision: what was seen is done, and its letter laid on the desk in the same act.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use demur_register::{Act, CaseId, Error, Refusal};

use super::dossier::Dossier;
use super::plan::{Sent, confirmed, extended};
use super::{case, number, refusal, signed_in, to_case};
use crate::acts;
use crate::app::Shared;
use crate::guard::Visitor;
use crate::registry::Failed;
use crate::site::problem::Problem;

/// A reviewer takes a case.
pub(super) async fn review(
    State(app): State<Shared>,
    Path(case): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let (case, by) = (number(&case)?, signed_in(&visitor)?);
    act(&app, case, "review", move |act| act.start_review(&case, &by)).await
}

/// Approves, with the letter.
pub(super) async fn approve(
    State(app): State<Shared>,
    Path(case): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let (case, by) = (number(&case)?, signed_in(&visitor)?);
    act(&app, case, "approved", move |act| {
        let account = act.about(&case)?.account;
        acts::approve(act, case, account.as_ref(), &by)
    })
    .await
}

/// Extends, with the letter.
pub(super) async fn extend(
    State(app): State<Shared>,
    Path(case): Path<String>,
    visitor: Visitor,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(sent) = sent.map_err(|_| Problem::Unreadable)?;
    let (case, by) = (number(&case)?, signed_in(&visitor)?);
    let dossier = Dossier::read(&app, case).await?;
    let Ok(extension) = extended(&dossier, &sent, &by, app.now()) else {
        return Ok(to_case(case, "moved"));
    };
    act(&app, case, "extended", move |act| {
        let account = act.about(&case)?.account;
        acts::extend(act, case, account.as_ref(), &extension)
    })
    .await
}

/// Has a refusal sent; or proposes it, where two reviewers are asked for.
pub(super) async fn refuse(
    State(app): State<Shared>,
    Path(case): Path<String>,
    visitor: Visitor,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(sent) = sent.map_err(|_| Problem::Unreadable)?;
    let (case, by) = (number(&case)?, signed_in(&visitor)?);
    let dossier = Dossier::read(&app, case).await?;
    let Ok(typed) = refusal::refused(&sent, &by) else { return Ok(to_case(case, "moved")) };
    if sent.act != "confirm" && dossier.needs_two() {
        return act(&app, case, "proposed", move |act| act.propose_refusal(&case, &typed)).await;
    }
    let refusal =
        if sent.act == "confirm" { confirmed(&dossier, &by) } else { Some(typed.clone()) };
    // A proposal that was replaced after it was shown is not confirmed unseen.
    let is_seen = |refusal: &Refusal| refusal::cleaned(refusal) == typed;
    let Some(refusal) = refusal.filter(is_seen) else {
        return Ok(to_case(case, "moved"));
    };
    act(&app, case, "refused", move |act| {
        let account = act.about(&case)?.account;
        acts::send_refusal(act, case, account.as_ref(), &refusal)
    })
    .await
}

/// Takes a refusal back whose letter has not gone out.
pub(super) async fn take_back(
    State(app): State<Shared>,
    Path(case): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let (case, by) = (number(&case)?, signed_in(&visitor)?);
    act(&app, case, "taken-back", move |act| {
        act.view(&case, &by)?;
        acts::take_back_refusal(act, case).map(drop)
    })
    .await
}

/// Notes that a person was told otherwise whom no mail reaches.
pub(super) async fn told(
    State(app): State<Shared>,
    Path(case): Path<String>,
    visitor: Visitor,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(sent) = sent.map_err(|_| Problem::Unreadable)?;
    let (case, by) = (number(&case)?, signed_in(&visitor)?);
    let dossier = Dossier::read(&app, case).await?;
    let letter = dossier.waiting.iter().find(|letter| letter.position == sent.position);
    let why = letter.and_then(|letter| Some((letter.letter, letter.stuck?)));
    if !why.is_some_and(|(letter, why)| case::can_be_told(letter, why)) {
        return Ok(to_case(case, "moved"));
    }
    act(&app, case, "told", move |act| {
        acts::told_otherwise(act, case, sent.position, &by).map(drop)
    })
    .await
}

/// Has a letter tried again that was given up.
pub(super) async fn once_more(
    State(app): State<Shared>,
    Path(case): Path<String>,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(sent) = sent.map_err(|_| Problem::Unreadable)?;
    let case = number(&case)?;
    act(&app, case, "again", move |act| acts::send_again(act, case, sent.position).map(drop)).await
}

/// Runs an act of a case and goes back to it. Where the case has moved on, it says so.
async fn act<F>(app: &Shared, case: CaseId, done: &'static str, act: F) -> Result<Response, Problem>
where
    F: FnOnce(&mut Act<'_, '_>) -> Result<(), Error> + Send + 'static,
{
    match app.registry.act(act).await {
        Ok(()) => Ok(to_case(case, done)),
        Err(Failed::Refused(Error::NoSuchCase(_))) => Err(Problem::NotFound),
        Err(Failed::Refused(
            Error::Transition { .. } | Error::Invalid(_) | Error::RefusalsForbidden(_),
        )) => Ok(to_case(case, "moved")),
        Err(failed) => Err(failed.into()),
    }
}
