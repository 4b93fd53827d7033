//! Opening a case for whoever asks: by a personal link, or for a person who is signed in.

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use demur_core::id::AccountId;
use demur_core::purpose::Purpose;
use demur_notice::Language;
use demur_register::{Case, CaseId, Link, LinkKind, LinkState, Run, TrainingSet};
use jiff::tz::TimeZone;

use crate::app::{App, Shared};
use crate::directory::Person;
use crate::guard::Visitor;
use crate::letters::Writing;
use crate::person::{case_address, link, zone};
use crate::settings::PurposeSettings;
use crate::site::limits::{Limit, take_from};
use crate::site::problem::Problem;

/// A case that the visitor may see.
pub(super) struct Opened {
    pub(super) app: Shared,
    pub(super) visitor: Visitor,
    pub(super) case: Case,
    /// Its number, as people write it.
    pub(super) number: String,
    /// The address of its page, without a slash at its end.
    pub(super) base: String,
    /// The link by which it was opened; whatever changes the case looks once more that it holds.
    pub(super) link: Option<Link>,
    pub(super) purpose: PurposeSettings,
    pub(super) zone: TimeZone,
    /// Where the person lives, as far as is known.
    pub(super) country: Option<String>,
    /// Every training set of the purpose, oldest first.
    pub(super) sets: Vec<TrainingSet>,
    /// Every training run, oldest first.
    pub(super) runs: Vec<Run>,
}

/// What the register says of a case.
struct Known {
    state: LinkState,
    case: Option<Case>,
    purpose: Option<Purpose>,
    sets: Vec<TrainingSet>,
    runs: Vec<Run>,
}

impl FromRequestParts<Shared> for Opened {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Response> {
        let visitor =
            Visitor::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        let parameters = RawPathParams::from_request_parts(parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        let parameter =
            |name| parameters.iter().find(|(key, _)| *key == name).map(|(_, value)| value);
        match (parameter("token"), parameter("case")) {
            (Some(token), _) => by_link(app, visitor, token).await,
            (None, Some(number)) => by_account(app, visitor, number).await,
            (None, None) => Err(Problem::NotFound.into_response()),
        }
    }
}

async fn by_link(app: &Shared, visitor: Visitor, token: &str) -> Result<Opened, Response> {
    let link = app.links.open(token);
    let Some(link @ Link { kind: LinkKind::Case(case), .. }) = link else {
        // Whoever tries tokens out is slowed down.
        let taken = take_from(app, Limit::Guesses, visitor.address).await;
        taken.map_err(IntoResponse::into_response)?;
        return Err(link::invalid(app, &visitor));
    };
    let known = know(app, case, Some(link.clone())).await.map_err(IntoResponse::into_response)?;
    match known {
        Known { state: LinkState::Valid, case: Some(_), .. } => {
            let base = format!("/c/{token}");
            open(app, visitor, known, base, Some(link)).map_err(IntoResponse::into_response)
        }
        _ => Err(link::invalid(app, &visitor)),
    }
}

async fn by_account(app: &Shared, visitor: Visitor, number: &str) -> Result<Opened, Response> {
    let found = match (number.parse::<CaseId>(), visitor.account().cloned()) {
        (Ok(case), Some(account)) => by_number(app, visitor, case, &account).await,
        _ => Err(Problem::NotFound),
    };
    found.map_err(IntoResponse::into_response)
}

/// Another person's case is answered as one that does not exist.
async fn by_number(
    app: &Shared,
    visitor: Visitor,
    case: CaseId,
    account: &AccountId,
) -> Result<Opened, Problem> {
    let known = know(app, case, None).await?;
    let of = known.case.as_ref().and_then(|case| case.summary.account.clone());
    let of = of.ok_or(Problem::NotFound)?;
    let accounts = app.directory.person(account).map(|person| person.accounts);
    if of != *account && !accounts.unwrap_or_default().contains(&of) {
        return Err(Problem::NotFound);
    }
    open(app, visitor, known, format!("/privacy/case/{case}"), None)
}

async fn know(app: &Shared, case: CaseId, link: Option<Link>) -> Result<Known, Problem> {
    let now = app.now();
    let known = app.registry.read(move |register| {
        let state = match &link {
            Some(link) => register.link_state(link, now)?,
            None => LinkState::Valid,
        };
        let case = register.case(&case)?.filter(|_| state == LinkState::Valid);
        let Some(case) = case else {
            let (sets, runs) = (Vec::new(), Vec::new());
            return Ok(Known { state, case: None, purpose: None, sets, runs });
        };
        let id = &case.summary.purpose;
        let purpose = register.latest_purpose(id)?;
        let mut sets = register.training_sets()?;
        sets.retain(|set| set.committed.purpose == *id);
        let runs = register.runs()?;
        Ok(Known { state, case: Some(case), purpose, sets, runs })
    });
    Ok(known.await?)
}

fn open(
    app: &Shared,
    visitor: Visitor,
    known: Known,
    base: String,
    link: Option<Link>,
) -> Result<Opened, Problem> {
    let Known { case, purpose, sets, runs, .. } = known;
    let case = case.ok_or(Problem::NotFound)?;
    // A purpose that is no longer configured still has its cases.
    let purpose = match (app.settings.purpose(&case.summary.purpose), purpose) {
        (Some(settings), _) => settings.clone(),
        (None, Some(purpose)) => PurposeSettings::of_record(purpose),
        (None, None) => return Err(Problem::Internal),
    };
    let person = person_of(app, &case);
    let contact = case.contact.as_ref();
    let language = person.as_ref().and_then(|person| person.language);
    let language = language.or_else(|| Language::from_locale(&contact?.language));
    Ok(Opened {
        app: app.clone(),
        visitor: visitor.speaking(language),
        number: case.summary.case.to_string(),
        base,
        link,
        zone: zone(&purpose)?,
        purpose,
        country: person.and_then(|person| person.country),
        sets,
        runs,
        case,
    })
}

fn person_of(app: &App, case: &Case) -> Option<Person> {
    case.summary.account.as_ref().and_then(|account| app.directory.person(account))
}

impl Opened {
    /// Who writes the letters of this case, in the language of the page.
    pub(super) fn writing<'a>(&'a self, link: &'a str) -> Writing<'a> {
        Writing {
            settings: &self.app.settings,
            purpose: &self.purpose,
            zone: &self.zone,
            case: &self.case,
            number: &self.number,
            language: self.visitor.language,
            country: self.country.as_deref(),
            link,
        }
    }

    /// The personal address of the page, whole.
    pub(super) fn address(&self) -> String {
        let path = case_address(&self.app, self.case.summary.case);
        format!("{}{path}", self.app.settings.url)
    }
}
