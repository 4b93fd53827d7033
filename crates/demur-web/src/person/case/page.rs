//! The page itself.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use demur_core::objection::{Effect, Status};
use demur_notice::{format, letter, messages};
use demur_register::HistoryEntry;
use demur_register::event::{By, Route, What};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::letters::{self, covers};
use crate::site::frame::{Frame, html};
use crate::site::problem::Problem;
use crate::term::Term;

use super::complain::{Complain, complain};
use super::open::Opened;
use super::recipients::{Recipients, recipients};
use super::sets::{Sets, sets};
use super::steps::LONGEST;

#[derive(Template)]
#[template(path = "person/case/page.html")]
struct Page {
    frame: Frame,
    again_at: String,
    withdraw_at: String,
    receipt_at: String,
    status: String,
    about: String,
    facts: Facts,
    decision: Vec<String>,
    decision_letter: Option<String>,
    stays: Vec<String>,
    sets: Option<Sets>,
    letters: Vec<Shown>,
    recipients: Recipients,
    complain: Complain,
    withdraw: Option<String>,
    again: Option<Again>,
    too_long: String,
}

/// What a case is, in short.
struct Facts {
    purpose: String,
    received: String,
    due: Option<(String, String)>,
    restricted: Option<String>,
    covers: Vec<String>,
    wrote: Vec<String>,
}

/// A letter in the list.
struct Shown {
    title: String,
    date: String,
    address: String,
}

/// The form for another review.
#[derive(Default)]
pub(super) struct Again {
    pub(super) text: String,
    pub(super) is_too_long: bool,
}

/// Shows it.
pub(super) async fn show(opened: Opened) -> Result<Response, Problem> {
    page(&opened, StatusCode::OK, Again::default())
}

/// The page, with the form for another review as it was typed.
pub(super) fn page(opened: &Opened, status: StatusCode, again: Again) -> Result<Response, Problem> {
    let Opened { case, purpose, .. } = opened;
    let number = ("case", (&opened.number).into());
    let frame = Frame::new(&opened.app, &opened.visitor, "case-title", &[number]).at(&opened.base);
    let effect = case.summary.status.effect();
    let title = &purpose.text(frame.language).title;
    let letters = list(opened, &frame);
    let covered = covers(case);
    let page = Page {
        status: frame.t(messages::status_id(case.summary.status)),
        about: frame.t(&about(opened)),
        facts: facts(opened, &frame),
        decision: decision(opened, &frame),
        decision_letter: decided(opened).and_then(|(entry, _)| address(opened, &frame, entry)),
        stays: if effect == Effect::None {
            Vec::new()
        } else {
            letter::stays(frame.language, &covered, &purpose.purpose.third_party)
        },
        sets: sets(opened, &frame),
        recipients: recipients(opened, &frame),
        complain: complain(opened, &frame),
        withdraw: (effect != Effect::None)
            .then(|| frame.text("privacy-withdraw", &[("purpose", title.into())])),
        again: (effect == Effect::None).then_some(again),
        too_long: frame.text("form-too-long", &[("count", (LONGEST as u64).into())]),
        again_at: frame.to(&format!("{}/again", opened.base)),
        withdraw_at: frame.to(&format!("{}/withdraw", opened.base)),
        receipt_at: format!("{}/receipt.json", opened.base),
        letters,
        frame,
    };
    Ok(html(status, &page))
}

/// What the status means for this case. Nobody is told that data is not used while somebody still has to
/// find out which data is meant.
fn about(opened: &Opened) -> String {
    let status = opened.case.summary.status;
    let found = covers(&opened.case).is_to_be_found();
    match (found, status) {
        (true, Status::Received | Status::UnderReview) => "status-searching-about".to_owned(),
        (true, Status::Approved) => "status-searched-about".to_owned(),
        _ => format!("{}-about", messages::status_id(status)),
    }
}

fn facts(opened: &Opened, frame: &Frame) -> Facts {
    let Opened { case, purpose, zone, .. } = opened;
    let term = Term::of(case, case.history.len(), &purpose.purpose, zone);
    let is_open = case.summary.status.effect() == Effect::Restricted;
    let label = if term.extended.is_some() { "case-due-extended" } else { "case-due" };
    let due = || (frame.t(label), format::date(frame.language, term.due()));
    let covered = covers(case);
    let is_restricted = is_open && !covered.is_to_be_found();
    Facts {
        purpose: purpose.text(frame.language).title.clone(),
        received: shown(frame, day(opened, case.summary.received_at)),
        due: is_open.then(due),
        restricted: is_restricted
            .then(|| in_force_since(opened))
            .flatten()
            .map(|at| shown(frame, day(opened, at))),
        covers: covered_by(opened, frame, &covered),
        wrote: wrote(opened).flat_map(str::lines).map(str::to_owned).collect(),
    }
}

fn covered_by(opened: &Opened, frame: &Frame, covered: &letter::Covers<'_>) -> Vec<String> {
    let scopes = covered.scopes.iter().map(|scope| messages::scope(frame.language, scope));
    let mut all: Vec<String> = scopes.collect();
    if let Some(record) = covered.record {
        all.push(frame.text("letter-record", &[("record", record.into())]));
    }
    if let (true, Some(contact)) = (all.is_empty(), &opened.case.contact) {
        all.push(frame.t(route_id(contact.route)));
    }
    all
}

/// The id of what leads someone to an objection without an account.
fn route_id(route: Route) -> &'static str {
    match route {
        Route::Items => "form-about-items",
        Route::Mentions => "form-about-mentions",
        Route::Guardian => "route-guardian",
        Route::Heir => "route-heir",
        Route::LockedOut => "route-locked-out",
        Route::PageAuthor => "route-page-author",
        Route::Output => "route-output",
        Route::Other => "route-other",
    }
}

/// What the person wrote, at first and later.
fn wrote(opened: &Opened) -> impl Iterator<Item = &str> {
    opened.case.history.iter().filter_map(|entry| match entry.what {
        What::ObjectionReceived(_) | What::ObjectionReopened(_) => {
            entry.personal.as_ref()?.grounds.as_deref()
        }
        _ => None,
    })
}

/// Since when the log has held the objection that is in force now.
fn in_force_since(opened: &Opened) -> Option<Timestamp> {
    let opens = |entry: &&HistoryEntry| {
        matches!(entry.what, What::ObjectionReceived(_) | What::ObjectionReopened(_))
    };
    opened.case.history.iter().rfind(opens).map(|entry| entry.at)
}

/// The decision that holds: its place in the history, and who took it.
fn decided(opened: &Opened) -> Option<(usize, By)> {
    let status = opened.case.summary.status;
    if !matches!(status, Status::Approved | Status::Refused) {
        return None;
    }
    let history = &opened.case.history;
    let entry = history.iter().rposition(|entry| entry.what.status() == Some(status))?;
    Some((entry, history[entry].what.by()?))
}

fn decision(opened: &Opened, frame: &Frame) -> Vec<String> {
    let Some((entry, by)) = decided(opened) else {
        let is_open = opened.case.summary.status.effect() == Effect::Restricted;
        return is_open.then(|| frame.t("case-decision-none")).into_iter().collect();
    };
    let entry = &opened.case.history[entry];
    let reviewer = entry.personal.as_ref().and_then(|personal| personal.by.as_deref());
    let date = ("date", day(opened, entry.at).into());
    match (&entry.what, reviewer) {
        (What::ObjectionRefused(_), reviewer) => {
            let reviewer = ("reviewer", reviewer.unwrap_or("–").into());
            vec![frame.text("case-decision-refused", &[date, reviewer])]
        }
        (_, Some(reviewer)) => {
            vec![frame.text("case-decision-approved-by", &[date, ("reviewer", reviewer.into())])]
        }
        (_, None) => {
            let approved = frame.text("case-decision-approved", &[date]);
            let rule = (by == By::Rule).then(|| frame.t("case-decision-rule"));
            std::iter::once(approved).chain(rule).collect()
        }
    }
}

fn list(opened: &Opened, frame: &Frame) -> Vec<Shown> {
    let all = letters::all(&opened.case);
    let shown = all.iter().enumerate().map(|(at, told)| {
        let entry = &opened.case.history[told.entry];
        Shown {
            title: frame.t(title_id(told.letter)),
            date: shown(frame, day(opened, entry.at)),
            address: frame.to(&format!("{}/letter/{}", opened.base, at + 1)),
        }
    });
    shown.collect()
}

/// The address of the letter about an event.
fn address(opened: &Opened, frame: &Frame, entry: usize) -> Option<String> {
    let at = letters::all(&opened.case).iter().position(|told| told.entry == entry)?;
    Some(frame.to(&format!("{}/letter/{}", opened.base, at + 1)))
}

fn title_id(letter: demur_register::event::Letter) -> &'static str {
    use demur_register::event::Letter;
    match letter {
        Letter::Receipt => "letter-receipt-title",
        Letter::Approval => "letter-approval-title",
        Letter::Refusal => "letter-refusal-title",
        Letter::Extension => "letter-extension-title",
        Letter::Withdrawal => "letter-withdrawal-title",
        Letter::Lifting => "letter-lifting-title",
    }
}

fn day(opened: &Opened, at: Timestamp) -> Date {
    opened.zone.to_datetime(at).date()
}

fn shown(frame: &Frame, date: Date) -> String {
    format::date(frame.language, date)
}
