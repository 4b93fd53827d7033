//! What the interface tells of a case: how it stands, and nothing of whose it is or what was said.

use demur_core::deadline;
use demur_core::objection::{self, Effect, Scopes};
use demur_core::purpose::Purpose;
use demur_register::event::{By, What};
use demur_register::{Case, CaseSummary};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::covered::CoveredSet;

/// What an objection is about.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scope {
    /// What the person published.
    PublicContent,
    /// What the person said to the platform's AI.
    AiInteractions,
    /// What others published about the person.
    ThirdParty,
}

impl Scope {
    /// A set of scopes as a list.
    pub(crate) fn list(scopes: Scopes) -> Vec<Scope> {
        scopes.iter().map(Scope::from).collect()
    }

    /// A list of scopes as a set.
    pub(crate) fn set(list: &[Scope]) -> Scopes {
        list.iter().map(|scope| objection::Scope::from(*scope)).collect()
    }
}

impl From<objection::Scope> for Scope {
    fn from(scope: objection::Scope) -> Self {
        match scope {
            objection::Scope::PublicContent => Scope::PublicContent,
            objection::Scope::AiInteractions => Scope::AiInteractions,
            objection::Scope::ThirdParty => Scope::ThirdParty,
        }
    }
}

impl From<Scope> for objection::Scope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::PublicContent => objection::Scope::PublicContent,
            Scope::AiInteractions => objection::Scope::AiInteractions,
            Scope::ThirdParty => objection::Scope::ThirdParty,
        }
    }
}

/// Where a case stands.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// It arrived; the data is restricted.
    Received,
    /// A reviewer has it; the data is restricted.
    UnderReview,
    /// It is granted: the data is not used.
    Approved,
    /// It is not granted, and the person was told why.
    Refused,
    /// The person took it back.
    Withdrawn,
}

impl From<objection::Status> for Status {
    fn from(status: objection::Status) -> Self {
        match status {
            objection::Status::Received => Status::Received,
            objection::Status::UnderReview => Status::UnderReview,
            objection::Status::Approved => Status::Approved,
            objection::Status::Refused => Status::Refused,
            objection::Status::Withdrawn => Status::Withdrawn,
        }
    }
}

/// Who decided a case.
#[derive(Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Decider {
    /// A rule of the purpose; rules only grant.
    Rule,
    /// A named reviewer.
    Reviewer,
    /// The person, by taking the objection back.
    Person,
    /// Another system, whose records were imported.
    Import,
}

/// How a case stands.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseView {
    /// Its number.
    #[schema(example = "7K3M-QZ4P-W2XC")]
    case: String,
    /// The purpose objected to.
    purpose: String,
    /// What it covers; empty where it names a single record only.
    scopes: Vec<Scope>,
    /// Whether it names a single record.
    names_record: bool,
    /// Where it stands.
    status: Status,
    /// When it arrived.
    #[schema(format = DateTime)]
    received_at: String,
    /// Since when no build takes the data in; absent where builds may.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, nullable = false)]
    restricted_since: Option<String>,
    /// The last day for an answer; absent where it was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = Date, nullable = false)]
    due_on: Option<String>,
    /// When it was decided or withdrawn; absent where it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, nullable = false)]
    decided_at: Option<String>,
    /// Who did that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    decided_by: Option<Decider>,
    /// Whether a refusal takes effect as soon as its letter has gone out.
    pending_letter: bool,
    /// Training sets that were made while it was not in force, and what became of what it covers.
    training_sets: Vec<CoveredSet>,
}

impl CaseView {
    /// How a case stands.
    pub(crate) fn of(
        case: &Case,
        purpose: Option<&Purpose>,
        pending_letter: bool,
        training_sets: Vec<CoveredSet>,
    ) -> Self {
        let summary = &case.summary;
        let (mut restricted_since, mut decided) = (None, None);
        for entry in &case.history {
            let Some(status) = entry.what.status() else { continue };
            if status.effect() == Effect::None {
                restricted_since = None;
            } else {
                restricted_since = restricted_since.or(Some(entry.at.to_string()));
            }
            let is_open = status.effect() == Effect::Restricted;
            decided = (!is_open).then(|| (entry.at.to_string(), decider(&entry.what)));
        }
        let (decided_at, decided_by) = decided.unzip();
        CaseView {
            case: summary.case.to_string(),
            purpose: summary.purpose.clone(),
            scopes: Scope::list(summary.scopes),
            names_record: summary.names_record,
            status: summary.status.into(),
            received_at: summary.received_at.to_string(),
            restricted_since,
            due_on: due_on(summary, purpose),
            decided_at,
            decided_by: decided_by.flatten(),
            pending_letter,
            training_sets,
        }
    }
}

fn decider(what: &What) -> Option<Decider> {
    match what.by()? {
        By::Rule => Some(Decider::Rule),
        By::Reviewer => Some(Decider::Reviewer),
        By::Person => Some(Decider::Person),
        By::Import => Some(Decider::Import),
        By::Authority | By::Operator => None,
    }
}

/// The last day for an answer (Art. 12(3)); `None` where the case was answered.
pub(crate) fn due_on(summary: &CaseSummary, purpose: Option<&Purpose>) -> Option<String> {
    if summary.status.effect() != Effect::Restricted {
        return None;
    }
    let zone = purpose.and_then(|p| demur_core::day::Zone::named(&p.time_zone).ok());
    let zone = zone.map_or(TimeZone::UTC, |zone| zone.time_zone().clone());
    let holidays = purpose.and_then(|p| p.holidays.as_deref());
    let first = deadline::due(summary.received_at, &zone, holidays).due;
    Some(summary.extended_until.unwrap_or(first).to_string())
}
