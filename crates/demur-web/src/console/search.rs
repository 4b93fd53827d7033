//! Finding a case by its number, or by the account it is about.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use demur_core::id::AccountId;
use demur_register::{CaseFilter, CaseId, CaseSummary};
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::{Bar, signed_in, words};
use crate::app::Shared;
use crate::guard::{self, Visitor};
use crate::settings::PurposeSettings;
use crate::site::frame::html;
use crate::site::problem::Problem;

/// Cases listed of one account.
const MANY: usize = 100;
/// The longest text that is looked for.
const LONGEST: usize = 500;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "console/search.html")]
struct Page {
    bar: Bar,
    asked: String,
    /// What was found of an account; `None` before anything was asked.
    found: Option<Vec<Line>>,
}

struct Line {
    case: String,
    purpose: String,
    covers: String,
    received: String,
    status: &'static str,
}

/// A number leads to its case at once. An account leads to a list, and each case of it counts as looked at:
/// that somebody objected is data about them.
pub(super) async fn show(
    State(app): State<Shared>,
    visitor: Visitor,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(Asked { q }) = asked.map_err(|_| Problem::NotFound)?;
    let asked: String = q.trim().chars().take(LONGEST).collect();
    if let Ok(case) = asked.parse::<CaseId>() {
        let known = app.registry.read(move |register| register.has_case(&case)).await?;
        if known {
            return Ok(guard::see_other(&format!("/console/case/{case}")));
        }
    }
    let accounts = match asked.as_str() {
        "" => None,
        asked => Some(accounts(&app, asked)),
    };
    let found = match accounts {
        None => None,
        Some(accounts) => Some(look(&app, accounts, signed_in(&visitor)?).await?),
    };
    let bar = Bar::new(&app, &visitor, "search", "Search").await?;
    let line = |case: &CaseSummary| line(&app, case);
    let found = found.map(|cases| cases.iter().map(line).collect());
    Ok(html(StatusCode::OK, &Page { bar, asked, found }))
}

/// The account that was typed, and all others of its person.
fn accounts(app: &Shared, asked: &str) -> Vec<AccountId> {
    let Some(account) = app.directory.parse(asked) else { return Vec::new() };
    let mut all = app.directory.person(&account).map_or_else(Vec::new, |person| person.accounts);
    if !all.contains(&account) {
        all.insert(0, account);
    }
    all
}

async fn look(
    app: &Shared,
    accounts: Vec<AccountId>,
    by: String,
) -> Result<Vec<CaseSummary>, Problem> {
    let found = app
        .registry
        .read(move |register| {
            let mut found = Vec::new();
            for account in accounts {
                let filter = CaseFilter { account: Some(account), ..CaseFilter::default() };
                found.extend(register.cases(&filter, MANY - found.len())?);
            }
            Ok(found)
        })
        .await?;
    let numbers: Vec<CaseId> = found.iter().map(|case| case.case).collect();
    if !numbers.is_empty() {
        let view = move |act: &mut demur_register::Act<'_, '_>| {
            numbers.iter().try_for_each(|case| act.view(case, &by))
        };
        app.registry.act(view).await?;
    }
    Ok(found)
}

fn line(app: &Shared, case: &CaseSummary) -> Line {
    let purpose = app.settings.purpose(&case.purpose);
    let zone = purpose.map_or(TimeZone::UTC, PurposeSettings::zone);
    Line {
        case: case.case.to_string(),
        purpose: purpose.map_or_else(|| case.purpose.clone(), |p| p.purpose.title.clone()),
        covers: words::covers(case.scopes, case.names_record),
        received: words::day(zone.to_datetime(case.received_at).date()),
        status: words::status(case.status),
    }
}
