//! The privacy centre: what is used and for what, where the person stands, and objecting.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use demur_core::objection::{Scope, Scopes};
use demur_register::CaseId;
use serde::Deserialize;

use crate::app::Shared;
use crate::directory::Person;
use crate::guard::Visitor;
use crate::person::held::{self, CaseView, Held};
use crate::person::object::Typed;
use crate::person::signal::{self, Mark};
use crate::person::used::{Choice, Used, choices};
use crate::person::{identify, person, zone};
use crate::settings::PurposeSettings;
use crate::site::frame::{Frame, html};
use crate::site::problem::Problem;

/// How many items one form may name.
pub(super) const ITEMS: usize = 20;

#[derive(Template)]
#[template(path = "person/privacy.html")]
struct Page {
    frame: Frame,
    happened: Vec<String>,
    errors: Vec<(String, String)>,
    purposes: Vec<Section>,
    /// That it is about all their accounts, where that needs saying.
    accounts: Option<String>,
}

/// One purpose.
struct Section {
    used: Used,
    cases: Vec<CaseView>,
    signal: Option<String>,
    choices: Vec<Choice>,
    typed: Typed,
}

/// What has just happened, as the address says after a form was sent.
#[derive(Default, Deserialize)]
pub(super) struct Asked {
    /// The cases that were opened, parted by commas.
    done: Option<String>,
    /// The case that was withdrawn.
    withdrawn: Option<String>,
    /// Nothing was changed.
    left: Option<String>,
    /// A one-time address that was used before, or is too old.
    pub(super) expired: Option<String>,
}

/// Shows it, or the ways of saying who one is.
pub(super) async fn show(
    State(app): State<Shared>,
    visitor: Visitor,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Problem> {
    let asked = asked.map(|Query(asked)| asked).unwrap_or_default();
    let Some(account) = visitor.account().cloned() else {
        return identify::page(&app, &visitor, &asked, None);
    };
    let person = person(&app, &account);
    if visitor.signal {
        signal::heed(&app, &person).await?;
    }
    page(&app, &visitor, &person, &asked, None).await
}

/// The page of a person, with what they typed where it could not be taken.
pub(super) async fn page(
    app: &Shared,
    visitor: &Visitor,
    person: &Person,
    asked: &Asked,
    typed: Option<Typed>,
) -> Result<Response, Problem> {
    let cases = held::cases(app, person).await?;
    let marks = if visitor.signal { signal::marks(app, person).await? } else { Vec::new() };
    let frame = Frame::new(app, visitor, "privacy-title", &[]).at("/privacy");
    let happened = happened(app, &frame, &cases, asked)?;
    let mut purposes = Vec::new();
    let mut errors = Vec::new();
    for settings in &app.settings.purposes {
        let own = typed.as_ref().filter(|typed| typed.purpose == settings.purpose.id);
        let typed = own.cloned().unwrap_or_default();
        let section = section(app, &frame, settings, &cases, &marks, typed)?;
        errors.extend(section.typed.errors(&frame, purposes.len()));
        purposes.push(section);
    }
    let count = person.accounts.len().max(1) as u64;
    let says = count > 1 || !cases.is_empty();
    let accounts = says.then(|| frame.text("privacy-accounts", &[("count", count.into())]));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(html(status, &Page { frame, happened, errors, purposes, accounts }))
}

fn section(
    app: &Shared,
    frame: &Frame,
    settings: &PurposeSettings,
    cases: &[Held],
    marks: &[Mark],
    typed: Typed,
) -> Result<Section, Problem> {
    let id = &settings.purpose.id;
    let covered = held::covered(cases, id);
    let offered = held::left(Scope::ALL.into_iter().collect(), covered);
    // What others published is theirs as well: it is chosen, not presumed.
    let chosen = typed.scopes.unwrap_or_else(|| held::left(Scopes::OWN, covered));
    let of_purpose = || cases.iter().filter(|held| held.summary.purpose == *id);
    let views: Result<Vec<_>, _> =
        of_purpose().map(|held| CaseView::of(app, frame, settings, held)).collect();
    let signal = marks.iter().find(|mark| mark.purpose == *id).and_then(|mark| {
        let objects = of_purpose()
            .any(|held| Some(held.summary.case) == mark.case && held::is_in_force(&held.summary));
        match (objects, held::left(Scopes::OWN, covered).is_empty()) {
            (true, _) => Some(frame.t("privacy-state-signal")),
            (false, false) => Some(frame.t("privacy-signal-noted")),
            (false, true) => None,
        }
    });
    Ok(Section {
        used: Used::of(app, frame, settings)?,
        cases: views?,
        signal,
        choices: choices(frame, offered, chosen),
        typed,
    })
}

/// What has just happened, of the person's own cases only: anybody can write an address.
fn happened(
    app: &Shared,
    frame: &Frame,
    cases: &[Held],
    asked: &Asked,
) -> Result<Vec<String>, Problem> {
    let find = |number: &str| {
        let number: CaseId = number.parse().ok()?;
        cases.iter().find(|held| held.summary.case == number)
    };
    let mut said = Vec::new();
    for held in asked.done.iter().flat_map(|numbers| numbers.split(',')).filter_map(find) {
        let Some(settings) = app.settings.purpose(&held.summary.purpose) else { continue };
        let date = zone(settings)?.to_datetime(held.summary.received_at).date();
        let number = held.summary.case.to_string();
        said.push(frame.text("link-done", &[("date", date.into()), ("case", (&number).into())]));
    }
    if !said.is_empty() {
        said.insert(0, frame.t("link-done-title"));
    }
    let withdrawn = asked.withdrawn.as_deref().and_then(find);
    if withdrawn.is_some_and(|held| !held::is_in_force(&held.summary)) {
        said.push(frame.t("privacy-withdrawn"));
    }
    if asked.left.is_some() {
        said.push(frame.t("link-left-title"));
    }
    Ok(said)
}
