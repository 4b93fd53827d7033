//! One case: what is known of it, what became of it, what can be done.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use demur_core::deadline::Extension;
use demur_core::purpose::Refusals;
use demur_register::event::{Letter, What};
use demur_register::{HistoryEntry, is_same_reviewer};
use serde::Deserialize;

use super::dossier::Dossier;
use super::queue::urgency_class;
use super::{Bar, number, signed_in, words};
use crate::acts::{Stuck, WaitingLetter};
use crate::app::{App, Shared};
use crate::guard::Visitor;
use crate::site::frame::html;
use crate::site::problem::Problem;

/// How many looks are listed, the latest.
const LOOKS: usize = 200;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    done: String,
}

#[derive(Template)]
#[template(path = "console/case.html")]
pub(super) struct Page {
    bar: Bar,
    case: String,
    done: Option<&'static str>,
    /// What was wrong with the form for what was found, and what was typed there.
    pub(super) found_error: Option<String>,
    pub(super) typed: (String, String),
    facts: Vec<(&'static str, Vec<String>)>,
    status: &'static str,
    is_open: bool,
    due: String,
    urgency: &'static str,
    urgency_class: &'static str,
    language: String,
    language_code: &'static str,
    said: Option<String>,
    contact: Option<Contact>,
    found_for: Option<String>,
    found: Vec<String>,
    is_to_be_found: bool,
    has_address: bool,
    may_start: bool,
    /// Why the time to answer cannot be extended; `None` where it can.
    no_extension: Option<String>,
    refusals: Refusals,
    proposal: Option<Proposed>,
    waits_for_letter: bool,
    letters: Vec<Sent>,
    recipients: Vec<Told>,
    zone: String,
    history: Vec<Line>,
    looks: Vec<Line>,
}

/// Someone without an account.
struct Contact {
    email: String,
    route: &'static str,
}

struct Proposed {
    by: String,
    at: String,
    grounds: String,
    is_own: bool,
}

/// A letter, sent or not.
struct Sent {
    what: &'static str,
    state: String,
    /// Where a person has to do something.
    stuck: Option<u64>,
    can_be_told: bool,
}

struct Told {
    name: String,
    told: Vec<String>,
}

/// One event.
struct Line {
    at: String,
    what: String,
    by: String,
    details: Vec<(&'static str, String)>,
}

pub(super) async fn show(
    State(app): State<Shared>,
    Path(case): Path<String>,
    visitor: Visitor,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(Asked { done }) = asked.map_err(|_| Problem::NotFound)?;
    let dossier = Dossier::open(&app, number(&case)?, signed_in(&visitor)?).await?;
    let page = page(&app, &visitor, &dossier, &done).await?;
    Ok(html(StatusCode::OK, &page))
}

/// The page of a case.
pub(super) async fn page(
    app: &App,
    visitor: &Visitor,
    dossier: &Dossier,
    done: &str,
) -> Result<Page, Problem> {
    let case = dossier.number().to_string();
    let bar = Bar::new(app, visitor, "case", format!("Case {case}")).await?;
    let now = app.now();
    let urgency = dossier.urgency(now);
    let is_open = dossier.is_open();
    let looks = |entry: &&HistoryEntry| matches!(entry.what, What::CaseViewed(_));
    let history = dossier.case.history.iter();
    let (views, history): (Vec<_>, Vec<_>) = history.partition(looks);
    let said = dossier.case.grounds.clone();
    Ok(Page {
        done: done_words(done),
        found_error: None,
        typed: Default::default(),
        facts: facts(dossier),
        status: words::status(dossier.case.summary.status),
        is_open,
        due: words::day(dossier.due().due),
        urgency: words::urgency(urgency),
        urgency_class: urgency_class(urgency),
        language: words::language(dossier.language),
        language_code: dossier.language.code(),
        found_for: said.as_deref().and_then(super::found::original),
        said,
        contact: dossier.case.contact.as_ref().map(|contact| Contact {
            email: contact.email.clone(),
            route: words::route(contact.route),
        }),
        found: dossier.found.clone(),
        is_to_be_found: dossier.is_to_be_found(),
        has_address: dossier.address().is_some(),
        may_start: dossier.case.summary.status == demur_core::objection::Status::Received,
        no_extension: dossier.may_extend(Extension::OneMonth, now).err().map(|why| why.to_string()),
        refusals: dossier.purpose.purpose.refusals,
        proposal: proposed(dossier, &bar.name),
        waits_for_letter: dossier.waiting_refusal().is_some(),
        letters: letters(dossier),
        recipients: recipients(app, dossier),
        zone: dossier.purpose.purpose.time_zone.clone(),
        history: history.into_iter().map(|entry| line(dossier, entry)).collect(),
        looks: views.into_iter().rev().take(LOOKS).map(|entry| line(dossier, entry)).collect(),
        bar,
        case,
    })
}

fn done_words(done: &str) -> Option<&'static str> {
    Some(match done {
        "approved" => "The case is approved. The letter is on its way.",
        "extended" => "The time to answer is extended. The letter is on its way.",
        "refused" => {
            "The refusal waits for its letter. The restriction holds until the person was told."
        }
        "proposed" => "The refusal is proposed. Another reviewer must confirm it.",
        "review" => "The review has started.",
        "taken-back" => "The refusal is taken back. The case is open as before.",
        "told" => "It is noted that the person was told otherwise.",
        "again" => "The letter will be tried again.",
        "found" => "Cases were opened for what was found.",
        "moved" => "Nothing was changed: the case has moved on meanwhile.",
        _ => return None,
    })
}

fn facts(dossier: &Dossier) -> Vec<(&'static str, Vec<String>)> {
    let summary = &dossier.case.summary;
    let moment = |at| words::moment(at, &dossier.zone);
    let mut facts = vec![
        ("Purpose", vec![dossier.purpose.purpose.title.clone()]),
        ("Covers", vec![words::covers(summary.scopes, summary.names_record)]),
    ];
    facts.extend(dossier.case.record.iter().map(|record| ("Record", vec![record.to_string()])));
    facts.push(("Received", vec![moment(summary.received_at)]));
    if summary.due_from != summary.received_at {
        facts.push(("Opened again", vec![moment(summary.due_from)]));
    }
    facts.push(("Arrived by", vec![words::source(dossier.case.source).to_owned()]));
    let accounts = dossier.accounts();
    if !accounts.is_empty() {
        facts.push((if accounts.len() > 1 { "Accounts" } else { "Account" }, accounts));
    }
    let known = |text: Option<&str>| vec![text.unwrap_or("unknown").to_owned()];
    facts.push(("Lives in", known(dossier.country())));
    facts.push(("Letters go to", known(dossier.address())));
    facts
}

fn proposed(dossier: &Dossier, name: &str) -> Option<Proposed> {
    let proposal = dossier.case.proposal().filter(|_| dossier.is_open())?;
    Some(Proposed {
        at: words::moment(proposal.at, &dossier.zone),
        is_own: is_same_reviewer(&proposal.refusal.by, name),
        by: proposal.refusal.by,
        grounds: proposal.refusal.grounds,
    })
}

fn letters(dossier: &Dossier) -> Vec<Sent> {
    let sent = dossier.case.history.iter().filter_map(|entry| match &entry.what {
        What::LetterSent { letter, .. } => {
            let state = format!("sent on {}", words::moment(entry.at, &dossier.zone));
            Some(Sent { what: words::letter(*letter), state, stuck: None, can_be_told: false })
        }
        _ => None,
    });
    let waiting = dossier.waiting.iter().map(|letter| Sent {
        what: words::letter(letter.letter),
        state: waiting_state(letter),
        stuck: letter.stuck.map(|_| letter.position),
        can_be_told: letter.stuck.is_some_and(|why| can_be_told(letter.letter, why)),
    });
    sent.chain(waiting).collect()
}

fn waiting_state(letter: &WaitingLetter) -> String {
    match (letter.stuck, letter.attempts) {
        (Some(why), _) => format!("not sent: {}", stuck(why)),
        (None, 0) => "waits to be sent".to_owned(),
        (None, 1) => "tried once, will be tried again".to_owned(),
        (None, tries) => format!("tried {tries} times, will be tried again"),
    }
}

/// Why a letter was given up.
pub(super) fn stuck(why: Stuck) -> &'static str {
    match why {
        Stuck::NoAddress => "there is no address to write to",
        Stuck::BadAddress => "the address is not one",
        Stuck::Refused => "the person’s mail server does not take it",
        Stuck::TooLong => "it was tried for four days",
        Stuck::Incomplete => "it lacks a part: no supervisory authority is known, or no reasons",
        Stuck::RefusalsForbidden => "the purpose no longer allows refusals",
    }
}

/// Whether somebody else can tell the person instead: not where the letter itself is at fault.
pub(super) fn can_be_told(letter: Letter, why: Stuck) -> bool {
    let at_fault = matches!(why, Stuck::Incomplete | Stuck::RefusalsForbidden);
    !(at_fault && letter == Letter::Refusal)
}

fn recipients(app: &App, dossier: &Dossier) -> Vec<Told> {
    let told = |id: &str| {
        let news = dossier.case.history.iter().filter_map(|entry| match &entry.what {
            What::RecipientTold { recipient, news, .. } if recipient == id => {
                let at = words::moment(entry.at, &dossier.zone);
                Some(format!("{} ({at})", words::news(*news)))
            }
            _ => None,
        });
        news.collect()
    };
    let purpose = &dossier.case.summary.purpose;
    let recipients = app.settings.recipients_of(purpose);
    recipients.map(|r| Told { name: r.name.clone(), told: told(&r.id) }).collect()
}

fn line(dossier: &Dossier, entry: &HistoryEntry) -> Line {
    let personal = entry.personal.as_ref();
    let name = personal.and_then(|personal| personal.by.clone());
    let arrival = matches!(entry.what, What::ObjectionReceived(_));
    let mut details = Vec::new();
    if let Some(said) = personal.filter(|_| !arrival) {
        let parts = [
            ("Grounds", &said.grounds),
            ("Authority", &said.authority),
            ("Court", &said.court_route),
        ];
        details.extend(parts.into_iter().filter_map(|(name, text)| Some((name, text.clone()?))));
    }
    Line {
        at: words::moment(entry.at, &dossier.zone),
        what: words::event(&entry.what),
        by: name.unwrap_or_else(|| words::by(entry.what.by()).to_owned()),
        details,
    }
}
