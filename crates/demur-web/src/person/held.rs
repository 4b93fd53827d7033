//! What a person has said so far: the cases of all their accounts.

use demur_core::deadline;
use demur_core::id::{AccountId, RecordId};
use demur_core::objection::{Effect, Scopes, Status};
use demur_notice::format;
use demur_notice::messages::{scope, status_id};
use demur_register::{CaseFilter, CaseId, CaseSummary};
use jiff::tz::TimeZone;

use crate::app::{App, Shared};
use crate::directory::Person;
use crate::registry::Failed;
use crate::settings::PurposeSettings;
use crate::site::frame::Frame;
use crate::site::problem::Problem;

/// How many cases of one account are looked at.
const CASES: usize = 1000;
/// How many a page lists.
const LISTED: usize = 200;

/// A case of a person.
#[derive(Clone)]
pub(super) struct Held {
    /// What the register lists of it.
    pub(super) summary: CaseSummary,
    /// The record that it names.
    pub(super) record: Option<RecordId>,
}

/// The cases of a person: those of scopes before those of single records, the newest first.
pub(super) async fn cases(app: &Shared, person: &Person) -> Result<Vec<Held>, Failed> {
    let accounts = person.accounts.clone();
    app.registry
        .read(move |register| {
            let mut all = Vec::new();
            for account in accounts {
                let filter = CaseFilter { account: Some(account), ..CaseFilter::default() };
                all.extend(register.cases(&filter, CASES)?);
            }
            let newest_first = |case: &CaseSummary| std::cmp::Reverse(case.received_at);
            all.sort_by_key(|case| (case.names_record, newest_first(case)));
            all.truncate(LISTED);
            let open = |summary: CaseSummary| {
                let whole = if summary.names_record { register.case(&summary.case)? } else { None };
                Ok(Held { summary, record: whole.and_then(|case| case.record) })
            };
            all.into_iter().map(open).collect()
        })
        .await
}

/// The case of that number, if it is the person's own.
pub(super) async fn own(
    app: &Shared,
    person: &Person,
    case: CaseId,
) -> Result<Option<Held>, Failed> {
    let case = app.registry.read(move |register| register.case(&case)).await?;
    let is_own = |account: &AccountId| person.accounts.contains(account);
    let own = case.filter(|case| case.summary.account.as_ref().is_some_and(is_own));
    Ok(own.map(|case| Held { summary: case.summary, record: case.record }))
}

/// Whether it keeps data out: undecided or approved.
pub(super) fn is_in_force(case: &CaseSummary) -> bool {
    case.status.effect() != Effect::None
}

/// What the cases in force cover of a purpose, apart from single records.
pub(super) fn covered(cases: &[Held], purpose: &str) -> Scopes {
    cases
        .iter()
        .map(|held| &held.summary)
        .filter(|case| case.purpose == purpose && !case.names_record && is_in_force(case))
        .flat_map(|case| case.scopes.iter())
        .collect()
}

/// What of `wanted` is not covered yet.
pub(super) fn left(wanted: Scopes, covered: Scopes) -> Scopes {
    wanted.iter().filter(|scope| !covered.contains(*scope)).collect()
}

/// A case as a page lists it.
pub(super) struct CaseView {
    /// Its number.
    pub(super) number: String,
    /// Where it stands.
    pub(super) status: String,
    /// What that means.
    pub(super) about: String,
    /// What it covers.
    pub(super) covers: Vec<String>,
    /// When it came and so on, each with its name.
    pub(super) facts: Vec<(String, String)>,
    /// The address of its page.
    pub(super) address: String,
    /// The address at which it is withdrawn; `None` where there is nothing left to withdraw.
    pub(super) withdraw: Option<String>,
}

impl CaseView {
    pub(super) fn of(
        app: &App,
        frame: &Frame,
        settings: &PurposeSettings,
        held: &Held,
    ) -> Result<Self, Problem> {
        let case = &held.summary;
        let zone = super::zone(settings)?;
        let status = status_id(case.status);
        Ok(CaseView {
            number: case.case.to_string(),
            status: frame.t(status),
            about: frame.t(&format!("{status}-about")),
            covers: covers(frame, held),
            facts: facts(frame, settings, &zone, case),
            address: frame.to(&super::case_address(app, case.case)),
            withdraw: is_in_force(case)
                .then(|| frame.to(&format!("/privacy/withdraw?case={}", case.case))),
        })
    }
}

fn facts(
    frame: &Frame,
    settings: &PurposeSettings,
    zone: &TimeZone,
    case: &CaseSummary,
) -> Vec<(String, String)> {
    let date = |day| format::date(frame.language, day);
    let received = date(zone.to_datetime(case.received_at).date());
    let mut facts = vec![(frame.t("case-received"), received)];
    if matches!(case.status, Status::Received | Status::UnderReview) {
        let country = settings.purpose.holidays.as_deref();
        let (id, day) = match case.extended_until {
            Some(until) => ("case-due-extended", until),
            None => ("case-due", deadline::due(case.received_at, zone, country).due),
        };
        facts.push((frame.t(id), date(day)));
    }
    facts
}

/// What a case covers, in words.
pub(super) fn covers(frame: &Frame, held: &Held) -> Vec<String> {
    let record =
        held.record.as_ref().map(|record| format!("{} · {record}", frame.t("scope-record")));
    held.summary.scopes.iter().map(|s| scope(frame.language, s)).chain(record).collect()
}
