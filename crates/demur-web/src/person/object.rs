//! Objecting in the privacy centre: by scope, or to single items.

use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::response::Response;
use demur_core::id::RecordId;
use demur_core::objection::{Scope, Scopes};
use demur_register::NewObjection;
use demur_register::event::Source;
use serde::Deserialize;

use crate::acts;
use crate::app::Shared;
use crate::directory::Person;
use crate::guard::Visitor;
use crate::person::centre::{self, Asked, ITEMS};
use crate::person::held::{self, Held};
use crate::person::person;
use crate::site::frame::Frame;
use crate::site::problem::Problem;

/// The longest line that can name an item.
const LONGEST: usize = 2000;

/// What the forms send.
#[derive(Default, Deserialize)]
pub(super) struct Sent {
    purpose: String,
    #[serde(default)]
    leave: Option<String>,
    #[serde(default)]
    public_content: Option<String>,
    #[serde(default)]
    ai_interactions: Option<String>,
    #[serde(default)]
    third_party: Option<String>,
    /// The form for single items, one on each line.
    #[serde(default)]
    items: Option<String>,
    #[serde(default)]
    grounds: String,
}

/// What was typed and could not be taken.
#[derive(Clone, Default)]
pub(super) struct Typed {
    /// The purpose whose form it was.
    pub(super) purpose: String,
    /// The scopes that were ticked; `None` where it was the form for items.
    pub(super) scopes: Option<Scopes>,
    /// The items.
    pub(super) items: String,
    /// The grounds.
    pub(super) grounds: String,
    /// What is wrong.
    wrong: Option<Wrong>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrong {
    NoScope,
    NoItem,
    Items,
}

impl Typed {
    /// What is wrong with the scopes.
    pub(super) fn scopes_error(&self, frame: &Frame) -> Option<String> {
        (self.wrong? == Wrong::NoScope).then(|| frame.t("privacy-choose"))
    }

    /// What is wrong with the items.
    pub(super) fn items_error(&self, frame: &Frame) -> Option<String> {
        match self.wrong? {
            Wrong::NoScope => None,
            Wrong::NoItem => Some(frame.t("privacy-record-missing")),
            Wrong::Items => {
                Some(frame.text("privacy-items-check", &[("count", (ITEMS as u64).into())]))
            }
        }
    }

    /// All of it, each with the address of its field in the form of the `at`-th purpose.
    pub(super) fn errors(&self, frame: &Frame, at: usize) -> Vec<(String, String)> {
        let scopes = self.scopes_error(frame).map(|text| (format!("#scopes-{at}"), text));
        let items = self.items_error(frame).map(|text| (format!("#items-{at}"), text));
        scopes.into_iter().chain(items).collect()
    }
}

impl Sent {
    fn scopes(&self) -> Scopes {
        [
            (Scope::PublicContent, &self.public_content),
            (Scope::AiInteractions, &self.ai_interactions),
            (Scope::ThirdParty, &self.third_party),
        ]
        .into_iter()
        .filter_map(|(scope, sent)| sent.as_ref().map(|_| scope))
        .collect()
    }
}

/// Objects, or leaves everything as it is.
pub(super) async fn act(
    State(app): State<Shared>,
    visitor: Visitor,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(sent) = sent.map_err(|_| Problem::Unreadable)?;
    let account = visitor.account().ok_or(Problem::Forbidden)?;
    if app.settings.purpose(&sent.purpose).is_none() {
        return Err(Problem::NotFound);
    }
    if sent.leave.is_some() {
        return Ok(visitor.go("/privacy?left=1"));
    }
    let person = person(&app, account);
    let cases = held::cases(&app, &person).await?;
    let asked = match &sent.items {
        Some(items) => by_item(&app, &person, &cases, &sent, items),
        None => by_scope(&app, &person, &cases, &sent),
    };
    let new = match asked {
        Ok(new) => new,
        Err(typed) => {
            return centre::page(&app, &visitor, &person, &Asked::default(), Some(typed)).await;
        }
    };
    let submitted = app
        .registry
        .act(move |act| {
            let submit = |new| acts::submit(act, new).map(|done| done.case.to_string());
            new.into_iter().map(submit).collect::<Result<Vec<String>, _>>()
        })
        .await?;
    Ok(visitor.go(&format!("/privacy?done={}", submitted.join(","))))
}

/// One objection to what is ticked, as far as it is not covered already.
fn by_scope(
    app: &Shared,
    person: &Person,
    cases: &[Held],
    sent: &Sent,
) -> Result<Vec<NewObjection>, Typed> {
    let chosen = sent.scopes();
    if chosen.is_empty() {
        return Err(Typed {
            purpose: sent.purpose.clone(),
            scopes: Some(chosen),
            grounds: sent.grounds.clone(),
            wrong: Some(Wrong::NoScope),
            ..Typed::default()
        });
    }
    let scopes = held::left(chosen, held::covered(cases, &sent.purpose));
    if scopes.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![objection(app, person, sent, scopes, None, said(&sent.grounds))])
}

/// One objection for each item that is named. What stands on a line is kept as it was written where
/// the record's id is only a part of it.
fn by_item(
    app: &Shared,
    person: &Person,
    cases: &[Held],
    sent: &Sent,
    items: &str,
) -> Result<Vec<NewObjection>, Typed> {
    let wrong = |wrong| Typed {
        purpose: sent.purpose.clone(),
        items: items.to_owned(),
        grounds: sent.grounds.clone(),
        wrong: Some(wrong),
        ..Typed::default()
    };
    let lines: Vec<&str> = items.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        return Err(wrong(Wrong::NoItem));
    }
    if lines.len() > ITEMS || lines.iter().any(|line| line.len() > LONGEST) {
        return Err(wrong(Wrong::Items));
    }
    let in_force = |record: &RecordId| {
        cases.iter().any(|held| {
            held.summary.purpose == sent.purpose
                && held.record.as_ref() == Some(record)
                && held::is_in_force(&held.summary)
        })
    };
    let mut new: Vec<NewObjection> = Vec::new();
    for line in lines {
        let record = app.settings.record(line);
        if in_force(&record) || new.iter().any(|other| other.record.as_ref() == Some(&record)) {
            continue;
        }
        let written = (record.0 != line).then_some(line);
        let grounds = said(&sent.grounds);
        let said = match (written, grounds) {
            (Some(line), Some(grounds)) => Some(format!("{line}\n\n{grounds}")),
            (Some(line), None) => Some(line.to_owned()),
            (None, grounds) => grounds,
        };
        new.push(objection(app, person, sent, Scopes::NONE, Some(record), said));
    }
    Ok(new)
}

fn objection(
    app: &Shared,
    person: &Person,
    sent: &Sent,
    scopes: Scopes,
    record: Option<RecordId>,
    grounds: Option<String>,
) -> NewObjection {
    NewObjection {
        account: Some(person.account.clone()),
        record,
        purpose: sent.purpose.clone(),
        scopes,
        received_at: app.now(),
        grounds,
        contact: None,
        source: Source::PrivacyCentre,
    }
}

fn said(grounds: &str) -> Option<String> {
    let grounds = grounds.trim();
    (!grounds.is_empty()).then(|| grounds.to_owned())
}
