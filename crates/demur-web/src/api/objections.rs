//! Objections of people, submitted, seen and withdrawn by software that acts for them (Art. 21(5)).

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use demur_core::id::{AccountId, RecordId};
use demur_core::objection::Scopes;
use demur_register::desk::Drawer;
use demur_register::event::Source;
use demur_register::{CaseId, NewObjection};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::acts;
use crate::api::body::Body;
use crate::api::covered::CoveredSet;
use crate::api::key::Caller;
use crate::api::once::{Once, Reply};
use crate::api::problem::{ApiProblem, FieldError, Kind, ProblemDetails};
use crate::api::view::{CaseView, Scope, Status, due_on};
use crate::app::{App, Shared};

/// The longest statement of grounds, in characters.
const LONGEST_GROUNDS: usize = 20_000;
/// The longest id, in bytes.
const LONGEST_ID: usize = 1024;

/// An objection to be submitted. It names an account, a record, or both.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Submission {
    /// The purpose objected to.
    #[schema(example = "assistant-training")]
    purpose: String,
    /// Who objects, as the platform writes its account ids.
    #[serde(default)]
    #[schema(max_length = 1024)]
    account: Option<String>,
    /// The one record objected to.
    #[serde(default)]
    #[schema(max_length = 1024)]
    record: Option<String>,
    /// What it covers. Without it, and without a record, all that is the person's own: public content
    /// and AI conversations.
    #[serde(default)]
    scopes: Option<Vec<Scope>>,
    /// What the person says; never required.
    #[serde(default)]
    #[schema(max_length = 20_000)]
    grounds: Option<String>,
    /// When it arrived (RFC 3339), not in the future. Without it, now.
    #[serde(default)]
    #[schema(format = DateTime)]
    received_at: Option<String>,
}

/// What became of an objection that was submitted.
#[derive(Serialize, ToSchema)]
pub(crate) struct SubmissionAnswer {
    /// Its case.
    #[schema(example = "7K3M-QZ4P-W2XC")]
    case: String,
    /// Whether the case is new. An open objection of the same content is not doubled.
    is_new: bool,
    /// Where it stands. The data is out of every build from now on, whichever it is.
    status: Status,
    /// The last day for an answer; absent where a rule approved it at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date, nullable = false)]
    due_on: Option<String>,
}

/// What became of a withdrawal.
#[derive(Serialize, ToSchema)]
pub(crate) struct WithdrawalAnswer {
    /// The case.
    case: String,
    /// Where it stands.
    status: Status,
}

/// Submits an objection.
///
/// It is in force, and durable, before this answers. The person gets the letter that says so.
#[utoipa::path(
    post,
    path = "/api/v1/objections",
    tag = "Objections",
    operation_id = "submitObjection",
    security(("key" = ["objections:write"])),
    params(("Idempotency-Key" = Option<String>, Header, description = super::IDEMPOTENCY)),
    request_body = Submission,
    responses(
        (status = 201, description = "A case was opened", body = SubmissionAnswer, headers(("Location", description = "Where the case is seen"))),
        (status = 200, description = "An open case of the same content exists", body = SubmissionAnswer),
        super::NotAdmitted, super::NotAccepted,
    ),
)]
pub(crate) async fn submit(
    State(app): State<Shared>,
    caller: Caller,
    once: Once,
    body: Body<Submission>,
) -> Result<Response, ApiProblem> {
    let new = check(&app, body.said)?;
    let purpose = app.settings.purpose(&new.purpose).map(|known| known.purpose.clone());
    let work = move |act: &mut demur_register::Act<'_, '_>| {
        let submitted = acts::submit(act, new)?;
        let summary = act.summary(&submitted.case)?;
        let case = submitted.case.to_string();
        let location = format!("/api/v1/objections/{case}");
        let answer = SubmissionAnswer {
            case,
            is_new: submitted.is_new,
            status: submitted.status.into(),
            due_on: summary.and_then(|summary| due_on(&summary, purpose.as_ref())),
        };
        let status = if submitted.is_new { StatusCode::CREATED } else { StatusCode::OK };
        Ok(Reply::new(status, &answer).at(location))
    };
    once.act(&app, &caller, &[b"submit", &body.bytes], work).await
}

/// Everything that is wrong with a submission, at once.
fn check(app: &App, said: Submission) -> Result<NewObjection, ApiProblem> {
    let mut errors = Vec::new();
    let mut wrong = |field: &str, detail: String| {
        errors.push(FieldError { pointer: format!("#/{field}"), detail });
    };
    let now = app.now();
    if app.settings.purpose(&said.purpose).is_none() {
        wrong("purpose", "there is no such purpose".into());
    }
    let account = said.account.as_deref().and_then(|text| {
        let account = account(app, text);
        if account.is_none() {
            wrong("account", NO_ACCOUNT.into());
        }
        account
    });
    if said.record.as_ref().is_some_and(|id| id.is_empty() || id.len() > LONGEST_ID) {
        wrong("record", format!("a record id has 1 to {LONGEST_ID} bytes"));
    }
    if said.account.is_none() && said.record.is_none() {
        wrong("account", "name an account, a record, or both".into());
    }
    let scopes = match (&said.scopes, &said.record) {
        (Some(scopes), _) => Scope::set(scopes),
        (None, Some(_)) => Scopes::NONE,
        (None, None) => Scopes::OWN,
    };
    if scopes.is_empty() && said.record.is_none() {
        wrong("scopes", "name at least one scope, or leave `scopes` out".into());
    }
    if said.account.is_none() && said.record.is_some() && !scopes.is_empty() {
        wrong("scopes", "scopes are about a person's data; name the account as well".into());
    }
    if said.grounds.as_ref().is_some_and(|text| text.chars().count() > LONGEST_GROUNDS) {
        wrong("grounds", format!("at most {LONGEST_GROUNDS} characters"));
    }
    let received_at = match said.received_at.as_deref().map(str::parse::<Timestamp>) {
        None => now,
        Some(Ok(at)) if at <= now => at,
        Some(Ok(_)) => {
            wrong("received_at", "this lies in the future".into());
            now
        }
        Some(Err(_)) => {
            wrong("received_at", "write a moment as in 2026-05-27T10:00:00Z (RFC 3339)".into());
            now
        }
    };
    if !errors.is_empty() {
        return Err(ApiProblem::fields(errors));
    }
    Ok(NewObjection {
        account,
        record: said.record.map(RecordId),
        purpose: said.purpose,
        scopes,
        received_at,
        grounds: said.grounds.filter(|text| !text.trim().is_empty()),
        contact: None,
        source: Source::Agent,
    })
}

/// What is said of an id that cannot be one of the platform's.
pub(crate) const NO_ACCOUNT: &str = "this is not how the platform writes account ids";

/// An account id as the platform writes it.
pub(crate) fn account(app: &App, text: &str) -> Option<AccountId> {
    let fits = (1..=LONGEST_ID).contains(&text.len());
    fits.then(|| app.directory.parse(text)).flatten()
}

/// A case number of an address.
pub(crate) fn case_id(text: &str) -> Result<CaseId, ApiProblem> {
    text.parse().map_err(|_| ApiProblem::new(Kind::NotFound, "this is not a case number"))
}

/// Says how a case stands: not whose it is, nor what was said in it.
#[utoipa::path(
    get,
    path = "/api/v1/objections/{case}",
    tag = "Objections",
    operation_id = "showObjection",
    security(("key" = ["objections:read"])),
    params(("case" = String, Path, description = "The number of the case", example = "7K3M-QZ4P-W2XC")),
    responses(
        (status = 200, description = "How the case stands", body = CaseView),
        (status = 404, description = "There is no such case", body = ProblemDetails, content_type = "application/problem+json"),
        super::NotAdmitted,
    ),
)]
pub(crate) async fn show(
    State(app): State<Shared>,
    _: Caller,
    Path(case): Path<String>,
) -> Result<Json<CaseView>, ApiProblem> {
    let case = case_id(&case)?;
    let found = app
        .registry
        .read(move |register| {
            let Some(found) = register.case(&case)? else { return Ok(None) };
            let waits =
                register.item(Drawer::Letter, &acts::refusal_name(&case.to_string()))?.is_some();
            let sets = CoveredSet::of_case(&found, &register.training_sets()?, &register.runs()?);
            Ok(Some((found, waits, sets)))
        })
        .await?;
    let Some((found, waits, sets)) = found else {
        return Err(ApiProblem::new(Kind::NotFound, "there is no such case"));
    };
    let purpose = app.settings.purpose(&found.summary.purpose).map(|known| &known.purpose);
    Ok(Json(CaseView::of(&found, purpose, waits, sets)))
}

/// Takes an objection back, as its person wishes.
#[utoipa::path(
    post,
    path = "/api/v1/objections/{case}/withdraw",
    tag = "Objections",
    operation_id = "withdrawObjection",
    security(("key" = ["objections:write"])),
    params(
        ("case" = String, Path, description = "The number of the case", example = "7K3M-QZ4P-W2XC"),
        ("Idempotency-Key" = Option<String>, Header, description = super::IDEMPOTENCY),
    ),
    responses(
        (status = 200, description = "The objection is withdrawn; its data may be used again", body = WithdrawalAnswer),
        (status = 404, description = "There is no such case", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "The case is withdrawn already", body = ProblemDetails, content_type = "application/problem+json"),
        super::NotAdmitted,
    ),
)]
pub(crate) async fn withdraw(
    State(app): State<Shared>,
    caller: Caller,
    once: Once,
    Path(case): Path<String>,
) -> Result<Response, ApiProblem> {
    let case = case_id(&case)?;
    let number = case.to_string();
    let work = move |act: &mut demur_register::Act<'_, '_>| {
        let known = act.summary(&case)?.ok_or(demur_register::Error::NoSuchCase(case))?;
        acts::withdraw(act, case, known.account.as_ref())?;
        let answer = WithdrawalAnswer { case: case.to_string(), status: Status::Withdrawn };
        Ok(Reply::new(StatusCode::OK, &answer))
    };
    once.act(&app, &caller, &[b"withdraw", number.as_bytes()], work).await
}
