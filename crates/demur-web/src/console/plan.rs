//! The first step of a decision: the form, and the letter that it brings, as it will go out. Nothing is done
//! yet.

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use demur_core::deadline;
use demur_register::{Extension, Proposal, Refusal};
use jiff::Timestamp;
use serde::Deserialize;

use super::dossier::Dossier;
use super::preview::{self, Plan};
use super::{Bar, number, refusal, signed_in, to_case, words};
use crate::app::{App, Shared};
use crate::guard::Visitor;
use crate::site::frame::html;
use crate::site::problem::Problem;

/// What the forms send; each step takes what it needs.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    pub(super) act: String,
    pub(super) reasons: String,
    pub(super) months: String,
    pub(super) grounds: String,
    pub(super) authority: String,
    pub(super) court_route: String,
    /// Of what kind the grounds are, for the public figures.
    pub(super) ground: String,
    /// Which of the case's letters.
    pub(super) position: u64,
}

/// What is wrong with a form.
#[derive(Clone, Debug, Default)]
pub(super) struct Wrong(pub(super) Vec<(&'static str, String)>);

impl Wrong {
    /// What is wrong with one field.
    pub(super) fn of(&self, field: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| *name == field);
        found.map(|(_, text)| text.as_str())
    }

    pub(super) fn status(&self) -> StatusCode {
        if self.0.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }
}

#[derive(Template)]
#[template(path = "console/extend.html")]
struct ExtendPage {
    bar: Bar,
    case: String,
    due: String,
    /// Months, and the day that they lead to.
    choices: Vec<(u8, String, bool)>,
    /// Why it is not possible.
    impossible: Option<String>,
    reasons: String,
    language: String,
    language_code: &'static str,
    wrong: Wrong,
}

#[derive(Template)]
#[template(path = "console/preview.html")]
struct PreviewPage {
    bar: Bar,
    case: String,
    act: &'static str,
    /// Where the second step goes.
    action: &'static str,
    button: &'static str,
    hint: Option<&'static str>,
    subject: String,
    letter: String,
    language: String,
    language_code: &'static str,
    to: Option<String>,
    fields: Vec<(&'static str, String)>,
}

/// The form for more time.
pub(super) async fn extension(
    State(app): State<Shared>,
    Path(case): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let dossier = Dossier::open(&app, number(&case)?, signed_in(&visitor)?).await?;
    let sent = Sent { months: "1".into(), ..Sent::default() };
    extend_page(&app, &visitor, &dossier, &sent, Wrong::default()).await
}

async fn extend_page(
    app: &App,
    visitor: &Visitor,
    dossier: &Dossier,
    sent: &Sent,
    wrong: Wrong,
) -> Result<Response, Problem> {
    let case = dossier.number().to_string();
    let bar = Bar::new(app, visitor, "case", format!("More time for case {case}")).await?;
    let choice = |months: u8| {
        let by = deadline::Extension::try_from(months);
        let due = by.and_then(|by| dossier.may_extend(by, app.now()));
        due.map(|due| (months, words::day(due.due), sent.months == months.to_string()))
    };
    let choices: Result<Vec<_>, _> = [1, 2].into_iter().map(choice).collect();
    let status = wrong.status();
    let page = ExtendPage {
        bar,
        case,
        due: words::day(dossier.first_due().due),
        impossible: match &choices {
            _ if !dossier.is_open() => Some("The case is decided.".to_owned()),
            Err(why) => Some(format!("Not possible: {why}.")),
            Ok(_) => None,
        },
        choices: choices.unwrap_or_default(),
        reasons: sent.reasons.clone(),
        language: words::language(dossier.language),
        language_code: dossier.language.code(),
        wrong,
    };
    Ok(html(status, &page))
}

/// Shows the letter that a step brings, and takes no step.
pub(super) async fn preview(
    State(app): State<Shared>,
    Path(case): Path<String>,
    visitor: Visitor,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(sent) = sent.map_err(|_| Problem::Unreadable)?;
    let (case, by) = (number(&case)?, signed_in(&visitor)?);
    let dossier = Dossier::open(&app, case, by.clone()).await?;
    if !dossier.is_open() {
        return Ok(to_case(case, "moved"));
    }
    let now = app.now();
    let plan = match plan(&dossier, &sent, &by, now) {
        Ok(plan) => plan,
        Err(wrong) => return again(&app, &visitor, &dossier, &sent, wrong).await,
    };
    let composed = match preview::letter(&app, &dossier, &plan, &by, now) {
        Ok(composed) => composed,
        Err(lacks) => {
            let field = if sent.act == "extend" { "reasons" } else { "authority" };
            let wrong = Wrong(vec![(field, format!("The letter is not complete: {lacks}."))]);
            return again(&app, &visitor, &dossier, &sent, wrong).await;
        }
    };
    let (action, title, button) = match &plan {
        Plan::Approve => ("approve", "Approve", "Approve and send"),
        Plan::Extend(_) => ("extend", "Extend", "Extend and send"),
        Plan::Refuse(_) if sent.act == "confirm" => ("refuse", "Refuse", "Confirm and send"),
        Plan::Refuse(_) if dossier.needs_two() => ("refuse", "Refuse", "Propose the refusal"),
        Plan::Refuse(_) => ("refuse", "Refuse", "Refuse and send"),
    };
    let act = if sent.act == "confirm" { "confirm" } else { action };
    let bar = Bar::new(&app, &visitor, "case", format!("{title} case {case}")).await?;
    let page = PreviewPage {
        bar,
        case: case.to_string(),
        act,
        action,
        button,
        hint: hint(&dossier, &plan, act),
        subject: composed.subject.clone(),
        letter: composed.for_page(),
        language: words::language(dossier.language),
        language_code: dossier.language.code(),
        to: dossier.address().map(str::to_owned),
        fields: fields(&plan, &sent),
    };
    Ok(html(StatusCode::OK, &page))
}

/// What a reviewer should know before the second step.
fn hint(dossier: &Dossier, plan: &Plan, action: &str) -> Option<&'static str> {
    match plan {
        Plan::Approve if dossier.is_to_be_found() && dossier.found.is_empty() => Some(
            "Nothing was found for this case yet. Approving it takes nothing out of use: enter the \
             records or the account first.",
        ),
        Plan::Approve if dossier.waiting_refusal().is_some() => {
            Some("A refusal waits for its letter. Approving takes it back.")
        }
        Plan::Refuse(_) if action == "refuse" && dossier.needs_two() => Some(
            "Nothing is sent now. Another reviewer must confirm the refusal; their name will then stand \
             in the letter in place of yours.",
        ),
        Plan::Refuse(_) => {
            Some("The restriction holds until the letter went out. Then the refusal takes effect.")
        }
        _ => None,
    }
}

/// What the second step sends again.
fn fields(plan: &Plan, sent: &Sent) -> Vec<(&'static str, String)> {
    match plan {
        Plan::Approve => Vec::new(),
        Plan::Extend(extension) => {
            vec![("reasons", extension.reasons.clone()), ("months", sent.months.clone())]
        }
        // What is confirmed is the proposal as it stands in the register; this says which one was seen.
        Plan::Refuse(refusal) => vec![
            ("grounds", refusal.grounds.clone()),
            ("authority", refusal.authority.clone()),
            ("court_route", refusal.court_route.clone()),
            ("ground", refusal.ground.map_or_else(String::new, |ground| ground.name().to_owned())),
        ],
    }
}

async fn again(
    app: &App,
    visitor: &Visitor,
    dossier: &Dossier,
    sent: &Sent,
    wrong: Wrong,
) -> Result<Response, Problem> {
    match sent.act.as_str() {
        "extend" => extend_page(app, visitor, dossier, sent, wrong).await,
        "refuse" => refusal::page(app, visitor, dossier, sent, None, wrong).await,
        _ => Ok(to_case(dossier.number(), "moved")),
    }
}

/// What a form asks for, or what is wrong with it.
fn plan(dossier: &Dossier, sent: &Sent, by: &str, now: Timestamp) -> Result<Plan, Wrong> {
    match sent.act.as_str() {
        "approve" => Ok(Plan::Approve),
        "extend" => extended(dossier, sent, by, now).map(Plan::Extend),
        "refuse" => refusal::refused(sent, by).map(Plan::Refuse),
        "confirm" => confirmed(dossier, by).map(Plan::Refuse).ok_or_else(Wrong::default),
        _ => Err(Wrong::default()),
    }
}

pub(super) fn extended(
    dossier: &Dossier,
    sent: &Sent,
    by: &str,
    now: Timestamp,
) -> Result<Extension, Wrong> {
    let reasons = sent.reasons.trim().to_owned();
    let mut wrong = Vec::new();
    if reasons.is_empty() {
        wrong.push(("reasons", "Write the reasons; the person reads them.".to_owned()));
    }
    let months = sent.months.parse::<u8>().unwrap_or_default();
    let by_months = deadline::Extension::try_from(months);
    match by_months.and_then(|by| dossier.may_extend(by, now)) {
        Ok(until) if wrong.is_empty() => Ok(Extension {
            by: by.to_owned(),
            reasons,
            first_deadline: dossier.first_due().due,
            until: until.due,
        }),
        Ok(_) => Err(Wrong(wrong)),
        Err(why) => {
            wrong.push(("months", format!("Not possible: {why}.")));
            Err(Wrong(wrong))
        }
    }
}

/// The refusal that another reviewer proposed, as `by` confirms it.
pub(super) fn confirmed(dossier: &Dossier, by: &str) -> Option<Refusal> {
    let Proposal { refusal, .. } = dossier.case.proposal()?;
    let other = !demur_register::is_same_reviewer(&refusal.by, by);
    (other && dossier.needs_two()).then(|| Refusal { by: by.to_owned(), ..refusal })
}
