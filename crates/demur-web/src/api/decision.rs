//! Decisions that are made in another system and entered here.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use demur_core::authority;
use demur_core::objection::Effect;
use demur_core::purpose::Refusals;
use demur_register::{Act, CaseId, CaseSummary, Error, Refusal};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::acts;
use crate::api::body::Body;
use crate::api::key::Caller;
use crate::api::objections::case_id;
use crate::api::once::{Once, Reply};
use crate::api::problem::{ApiProblem, FieldError, Kind, ProblemDetails};
use crate::api::view::Status;
use crate::app::{App, Shared};

/// A decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decision {
    /// Which.
    decision: Which,
    /// Who decided. A refusal needs the name of a person, whom its letter names (Art. 22); without it,
    /// an approval is entered under the name of the key.
    #[serde(default)]
    by: Option<String>,
    /// The compelling grounds, in the person's language (Art. 21(1)). A refusal needs them.
    #[serde(default)]
    grounds: Option<String>,
    /// The person's country (ISO 3166-1 alpha-2), which says which authority is competent (Art. 77).
    /// Without it, that of the account facts.
    #[serde(default)]
    #[schema(example = "IE")]
    country: Option<String>,
    /// The competent authority, where the country does not say it.
    #[serde(default)]
    authority: Option<String>,
    /// The way to the courts (Art. 79), where the usual sentence does not fit.
    #[serde(default)]
    court_route: Option<String>,
}

/// The decisions there are.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Which {
    /// The data is not used any more.
    Approve,
    /// The data may be used, once the person was told why.
    Refuse,
}

/// What became of a decision.
#[derive(Serialize, ToSchema)]
pub(crate) struct DecisionAnswer {
    /// The case.
    case: String,
    /// What became of the decision.
    outcome: Outcome,
    /// Where the case stands now.
    status: Status,
}

/// What became of a decision.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// It is entered, and in force.
    Approved,
    /// The refusal waits for its letter: the restriction holds until the person was told (Art. 18(3)).
    PendingLetter,
}

/// Decides a case.
///
/// An approval is in force when this answers. A refusal takes effect once its letter has gone out.
#[utoipa::path(
    post,
    path = "/api/v1/objections/{case}/decision",
    tag = "Decisions",
    operation_id = "decideObjection",
    security(("key" = ["decisions:write"])),
    params(
        ("case" = String, Path, description = "The number of the case", example = "7K3M-QZ4P-W2XC"),
        ("Idempotency-Key" = Option<String>, Header, description = super::IDEMPOTENCY),
    ),
    request_body = Decision,
    responses(
        (status = 200, description = "The case is approved", body = DecisionAnswer),
        (status = 202, description = "The refusal waits for its letter", body = DecisionAnswer),
        (status = 404, description = "There is no such case", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 409, description = "The case is decided already, or its purpose takes no refusal from here", body = ProblemDetails, content_type = "application/problem+json"),
        super::NotAdmitted, super::NotAccepted,
    ),
)]
pub(crate) async fn decide(
    State(app): State<Shared>,
    caller: Caller,
    once: Once,
    Path(case): Path<String>,
    body: Body<Decision>,
) -> Result<Response, ApiProblem> {
    let case = case_id(&case)?;
    let known = app.registry.read(move |register| register.case(&case)).await?;
    let Some(known) = known.map(|known| known.summary) else {
        return Err(ApiProblem::new(Kind::NotFound, "there is no such case"));
    };
    let number = case.to_string();
    let request: [&[u8]; 3] = [b"decide", number.as_bytes(), &body.bytes];
    match body.said.decision {
        Which::Approve => {
            let by = approver(&body.said, &caller)?;
            let work = move |act: &mut Act<'_, '_>| approve(act, case, &by);
            once.act(&app, &caller, &request, work).await
        }
        Which::Refuse => {
            let refusal = refusal(&app, &known, body.said)?;
            let work = move |act: &mut Act<'_, '_>| refuse(act, case, &refusal);
            once.act(&app, &caller, &request, work).await
        }
    }
}

fn approve(act: &mut Act<'_, '_>, case: CaseId, by: &str) -> Result<Reply, Error> {
    let known = act.summary(&case)?.ok_or(Error::NoSuchCase(case))?;
    acts::approve(act, case, known.account.as_ref(), by)?;
    let answer = DecisionAnswer {
        case: case.to_string(),
        outcome: Outcome::Approved,
        status: Status::Approved,
    };
    Ok(Reply::new(StatusCode::OK, &answer))
}

fn refuse(act: &mut Act<'_, '_>, case: CaseId, refusal: &Refusal) -> Result<Reply, Error> {
    let known = act.summary(&case)?.ok_or(Error::NoSuchCase(case))?;
    let transition =
        |hint| Error::Transition { case, status: known.status, since: known.changed_at, hint };
    if known.status.effect() != Effect::Restricted {
        return Err(transition("only an open case can be refused"));
    }
    if acts::is_refusal_waiting(act, case)? {
        return Err(transition("a refusal waits for its letter already"));
    }
    acts::send_refusal(act, case, known.account.as_ref(), refusal)?;
    let answer = DecisionAnswer {
        case: case.to_string(),
        outcome: Outcome::PendingLetter,
        status: known.status.into(),
    };
    Ok(Reply::new(StatusCode::ACCEPTED, &answer))
}

/// Who approves. What only a refusal has is not silently passed over.
fn approver(said: &Decision, caller: &Caller) -> Result<String, ApiProblem> {
    let only_refusals = [
        ("grounds", &said.grounds),
        ("country", &said.country),
        ("authority", &said.authority),
        ("court_route", &said.court_route),
    ];
    let errors: Vec<FieldError> = only_refusals
        .into_iter()
        .filter(|(_, said)| said.is_some())
        .map(|(name, _)| field(name, "only a refusal has this"))
        .collect();
    if !errors.is_empty() {
        return Err(ApiProblem::fields(errors));
    }
    let named = filled(said.by.clone());
    Ok(named.unwrap_or_else(|| format!("the key “{}”", caller.name)))
}

/// A refusal with all its parts, or everything that is missing.
fn refusal(app: &App, known: &CaseSummary, said: Decision) -> Result<Refusal, ApiProblem> {
    let purpose = app.settings.purpose(&known.purpose).map(|known| &known.purpose);
    if purpose.is_none_or(|purpose| purpose.refusals != Refusals::Allowed) {
        return Err(ApiProblem::of(Kind::RefusalsForbidden));
    }
    let person = known.account.as_ref().and_then(|account| app.directory.person(account));
    let country = said.country.or(person.and_then(|person| person.country)).unwrap_or_default();
    let authority = filled(said.authority).or_else(|| {
        authority::for_country(&country)
            .map(|found| format!("{} ({}), {}", found.name, found.english, found.web))
    });
    let court_route = filled(said.court_route)
        .unwrap_or_else(|| authority::court_route(&country).english.to_owned());
    match (filled(said.by), filled(said.grounds), authority) {
        (Some(by), Some(grounds), Some(authority)) => {
            Ok(Refusal { by, grounds, authority, court_route, ground: None })
        }
        (by, grounds, authority) => {
            let missing = [
                (by.is_none(), "by", "a refusal needs the name of the person who decided it"),
                (grounds.is_none(), "grounds", "a refusal needs its compelling grounds"),
                (authority.is_none(), "authority", NO_AUTHORITY),
            ];
            let missing = missing.into_iter().filter(|(is_missing, ..)| *is_missing);
            let errors = missing.map(|(_, name, detail)| field(name, detail)).collect();
            Err(ApiProblem::fields(errors))
        }
    }
}

const NO_AUTHORITY: &str = "no supervisory authority is known for the person's country; name the \
                            country in `country`, or the authority here";

fn field(name: &str, detail: &str) -> FieldError {
    FieldError { pointer: format!("#/{name}"), detail: detail.to_owned() }
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
