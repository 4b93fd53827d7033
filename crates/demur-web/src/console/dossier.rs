//! All that a page about one case takes, read at once.

use demur_core::deadline::{self, Due, SOON, Urgency};
use demur_core::objection::Effect;
use demur_core::purpose::{Purpose, Refusals};
use demur_notice::Language;
use demur_register::desk::Drawer;
use demur_register::{Case, CaseId, Error, Register};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::acts::{self, WaitingLetter};
use crate::app::Shared;
use crate::directory::Person;
use crate::registry::Failed;
use crate::settings::PurposeSettings;
use crate::site::problem::Problem;

/// A case, its purpose, and how its person is reached.
pub(super) struct Dossier {
    pub(super) case: Case,
    pub(super) purpose: PurposeSettings,
    pub(super) zone: TimeZone,
    /// The person, as far as the platform knows one.
    person: Option<Person>,
    /// The language of the person's letters.
    pub(super) language: Language,
    /// Letters that have not gone out yet.
    pub(super) waiting: Vec<WaitingLetter>,
    /// Cases of what a reviewer found for this one.
    pub(super) found: Vec<String>,
}

/// What the register says of it.
struct Found {
    case: Case,
    purpose: Option<Purpose>,
    waiting: Vec<WaitingLetter>,
    found_for: Vec<String>,
}

fn collect(register: &Register, case: CaseId) -> Result<Option<Found>, Error> {
    let Some(case) = register.case(&case)? else { return Ok(None) };
    let found = register.item(Drawer::Bookmark, &super::found::name(case.summary.case))?;
    let found = found.and_then(|item| serde_json::from_str(&item.text).ok());
    Ok(Some(Found {
        waiting: acts::waiting_letters(register, &case)?,
        purpose: register.latest_purpose(&case.summary.purpose)?,
        found_for: found.unwrap_or_default(),
        case,
    }))
}

impl Dossier {
    /// Notes that `by` looks at a case, and opens it.
    pub(super) async fn open(app: &Shared, case: CaseId, by: String) -> Result<Self, Problem> {
        match app.registry.act(move |act| act.view(&case, &by)).await {
            Err(Failed::Refused(Error::NoSuchCase(_))) => Err(Problem::NotFound),
            Err(failed) => Err(failed.into()),
            Ok(()) => Dossier::read(app, case).await,
        }
    }

    /// Opens a case to act on it; nothing of it is shown.
    pub(super) async fn read(app: &Shared, case: CaseId) -> Result<Self, Problem> {
        let found = app.registry.read(move |register| collect(register, case)).await?;
        let Found { case, purpose: recorded, waiting, found_for } =
            found.ok_or(Problem::NotFound)?;
        let known = app.settings.purpose(&case.summary.purpose).cloned();
        let purpose =
            known.or(recorded.map(PurposeSettings::of_record)).ok_or(Problem::Internal)?;
        let person = case.summary.account.as_ref().and_then(|a| app.directory.person(a));
        let written = case.contact.as_ref().and_then(|c| Language::from_locale(&c.language));
        let language = person.as_ref().and_then(|person| person.language).or(written);
        Ok(Dossier {
            zone: purpose.zone(),
            language: language.unwrap_or(Language::ENGLISH),
            case,
            purpose,
            person,
            waiting,
            found: found_for,
        })
    }

    pub(super) fn number(&self) -> CaseId {
        self.case.summary.case
    }

    pub(super) fn is_open(&self) -> bool {
        self.case.summary.status.effect() == Effect::Restricted
    }

    /// Where the person lives, as far as is known.
    pub(super) fn country(&self) -> Option<&str> {
        self.person.as_ref()?.country.as_deref()
    }

    /// Where the person's letters go.
    pub(super) fn address(&self) -> Option<&str> {
        let known = self.person.as_ref().and_then(|person| person.email.as_deref());
        known.or(self.case.contact.as_ref().map(|contact| contact.email.as_str()))
    }

    /// Every account of the person.
    pub(super) fn accounts(&self) -> Vec<String> {
        let own = self.case.summary.account.iter();
        let known = self.person.iter().flat_map(|person| &person.accounts);
        let mut all: Vec<String> = own.chain(known).map(ToString::to_string).collect();
        let mut seen = std::collections::HashSet::new();
        all.retain(|account| seen.insert(account.clone()));
        all
    }

    /// Whether a second reviewer must confirm a refusal.
    pub(super) fn needs_two(&self) -> bool {
        self.purpose.purpose.refusals == Refusals::TwoReviewers
    }

    /// Whether a reviewer must first find what is meant, so that approving changes nothing by itself.
    pub(super) fn is_to_be_found(&self) -> bool {
        crate::letters::covers(&self.case).is_to_be_found()
    }

    /// A refusal that waits for its letter.
    pub(super) fn waiting_refusal(&self) -> Option<&WaitingLetter> {
        self.waiting.iter().find(|letter| letter.refusal.is_some())
    }

    /// The time to answer, had nobody extended it.
    pub(super) fn first_due(&self) -> Due {
        deadline::due(self.case.summary.due_from, &self.zone, self.holidays())
    }

    /// The time to answer.
    pub(super) fn due(&self) -> Due {
        let summary = &self.case.summary;
        let (from, until) = (summary.due_from, summary.extended_until);
        deadline::answer_by(from, until, &self.zone, self.holidays())
    }

    pub(super) fn urgency(&self, now: Timestamp) -> Urgency {
        Urgency::of(now, &self.due(), &self.zone, SOON)
    }

    /// The new time to answer, or why it cannot be extended.
    pub(super) fn may_extend(
        &self,
        by: deadline::Extension,
        now: Timestamp,
    ) -> Result<Due, deadline::NoExtension> {
        let summary = &self.case.summary;
        let already = summary.extended_until.is_some();
        deadline::may_extend(now, summary.due_from, by, already, &self.zone, self.holidays())
    }

    fn holidays(&self) -> Option<&str> {
        self.purpose.purpose.holidays.as_deref()
    }
}
