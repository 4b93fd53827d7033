//! What a reviewer found for someone who could only say in words what is meant: the records, or the account,
//! become cases of their own, in force from the day on which the person wrote.

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use demur_core::id::RecordId;
use demur_core::objection::Scopes;
use demur_register::desk::Drawer;
use demur_register::event::Source;
use demur_register::{Act, CaseId, Error, NewObjection};
use serde::Deserialize;

use super::dossier::Dossier;
use super::{case, number, signed_in, to_case};
use crate::acts;
use crate::app::Shared;
use crate::guard::Visitor;
use crate::site::frame::html;
use crate::site::problem::Problem;

/// How many records are taken at once.
const MANY: usize = 200;
/// The longest line that names one.
const LONGEST: usize = 2000;
/// What the grounds of such a case begin with.
const FOUND: &str = "found for ";

#[derive(Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    records: String,
    #[serde(default)]
    account: String,
}

/// Where the numbers of cases found for a case lie on the desk.
pub(super) fn name(case: CaseId) -> Vec<u8> {
    format!("found/{case}").into_bytes()
}

/// The case that another was found for, by its grounds.
pub(super) fn original(grounds: &str) -> Option<String> {
    let case: CaseId = grounds.strip_prefix(FOUND)?.parse().ok()?;
    Some(case.to_string())
}

pub(super) async fn add(
    State(app): State<Shared>,
    Path(case): Path<String>,
    visitor: Visitor,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(sent) = sent.map_err(|_| Problem::Unreadable)?;
    let (case, by) = (number(&case)?, signed_in(&visitor)?);
    let dossier = Dossier::read(&app, case).await?;
    if dossier.case.contact.is_none() || !dossier.is_open() {
        return Ok(to_case(case, "moved"));
    }
    let new = match objections(&app, &dossier, &sent) {
        Ok(new) => new,
        Err(error) => {
            let dossier = Dossier::open(&app, case, by).await?;
            let mut page = case::page(&app, &visitor, &dossier, "").await?;
            page.found_error = Some(error);
            page.typed = (sent.records, sent.account);
            return Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    app.registry.act(move |act| open(act, case, &by, new)).await?;
    Ok(to_case(case, "found"))
}

/// One objection for each record, and one for the account.
fn objections(app: &Shared, dossier: &Dossier, sent: &Sent) -> Result<Vec<NewObjection>, String> {
    let lines = sent.records.lines().map(str::trim).filter(|line| !line.is_empty());
    let records: Vec<RecordId> = lines.map(|line| app.settings.record(line)).collect();
    let account = match sent.account.trim() {
        "" => None,
        text => {
            let account = app.directory.parse(text);
            Some(account.ok_or("That is no account id of the platform.")?)
        }
    };
    if records.is_empty() && account.is_none() {
        return Err("Enter the ids of records, or an account.".to_owned());
    }
    if records.len() > MANY || records.iter().any(|record| record.0.len() > LONGEST) {
        return Err(format!("Enter at most {MANY} records, one on each line."));
    }
    if records.iter().any(|record| record.0.contains("://")) {
        return Err("Enter record ids; an address of a page names no record by itself.".to_owned());
    }
    let base = NewObjection {
        account: None,
        record: None,
        purpose: dossier.case.summary.purpose.clone(),
        scopes: Scopes::NONE,
        received_at: dossier.case.summary.received_at,
        grounds: Some(format!("{FOUND}{}", dossier.number())),
        contact: dossier.case.contact.clone(),
        source: Source::CommandLine,
    };
    let by_record = |record| NewObjection { record: Some(record), ..base.clone() };
    let mut new: Vec<NewObjection> = records.into_iter().map(by_record).collect();
    let scopes = dossier.case.summary.scopes;
    let scopes = if scopes.is_empty() { Scopes::OWN } else { scopes };
    // Whoever has the account hears of it there, should somebody else have written for them.
    new.extend(account.map(|account| NewObjection {
        account: Some(account),
        scopes,
        contact: None,
        ..base.clone()
    }));
    Ok(new)
}

/// Opens the cases and notes their numbers. The person has had a receipt for the case that they were
/// found for, so there is no other.
fn open(
    act: &mut Act<'_, '_>,
    case: CaseId,
    by: &str,
    new: Vec<NewObjection>,
) -> Result<(), Error> {
    act.view(&case, by)?;
    let known = act.item(Drawer::Bookmark, &name(case))?;
    let known = known.and_then(|item| serde_json::from_str(&item.text).ok());
    let mut all: Vec<String> = known.unwrap_or_default();
    for new in new {
        let found = acts::submit_found(act, new)?.case.to_string();
        if !all.contains(&found) {
            all.push(found);
        }
    }
    let text = serde_json::to_string(&all).unwrap_or_default();
    let at = act.at();
    act.put(Drawer::Bookmark, &name(case), at, None, &text).map(drop)
}
