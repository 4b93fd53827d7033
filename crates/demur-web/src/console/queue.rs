//! What is open, by the day it falls due. The page shows no person's data.

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use demur_core::deadline::Urgency;
use demur_register::{OpenCase, QueueCounts};
use jiff::tz::TimeZone;

use super::filter::{Filter, Select};
use super::{Bar, words};
use crate::app::{App, Shared};
use crate::guard::Visitor;
use crate::settings::PurposeSettings;
use crate::site::frame::html;
use crate::site::problem::Problem;

/// Cases on a page.
pub(super) const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "console/queue.html")]
struct Page {
    bar: Bar,
    filter: Filter,
    selects: Vec<Select>,
    counts: Vec<Count>,
    rows: Vec<Row>,
    range: String,
    first: Option<String>,
    next: Option<String>,
    /// How many cases a bulk approval of all would take.
    all: String,
    several_purposes: bool,
}

/// A figure above the queue, and the queue that it counts.
struct Count {
    label: &'static str,
    class: &'static str,
    number: String,
    address: String,
    current: bool,
}

/// One line.
pub(super) struct Row {
    pub(super) case: String,
    pub(super) purpose: String,
    pub(super) covers: String,
    pub(super) received: String,
    pub(super) due: String,
    pub(super) urgency: &'static str,
    pub(super) urgency_class: &'static str,
    pub(super) is_extended: bool,
    pub(super) status: &'static str,
    pub(super) source: &'static str,
    pub(super) has_contact: bool,
}

pub(super) async fn show(
    State(app): State<Shared>,
    visitor: Visitor,
    filter: Result<Query<Filter>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(filter) = filter.map_err(|_| Problem::NotFound)?;
    let bar = Bar::new(&app, &visitor, "queue", "Open cases").await?;
    let (query, place, now) = (filter.query(), filter.place(), app.now());
    let (mut cases, counts) = app
        .registry
        .read(move |register| {
            // One more than is shown says whether there is another page.
            let cases = register.queue(&query, now, place.as_ref(), PAGE + 1)?;
            Ok((cases, register.queue_counts(&query, now)?))
        })
        .await?;
    let more = cases.len() > PAGE;
    cases.truncate(PAGE);
    let shown = cases.len() as u64;
    let skipped = if filter.place().is_some() { filter.skipped } else { 0 };
    let total = total(&counts, &filter);
    let last = cases.last().map(|case| case.place).filter(|_| more);
    let page = Page {
        bar,
        selects: filter.selects(&app.settings),
        counts: figures(&counts, &filter),
        range: range(skipped, shown, total),
        first: filter.place().map(|_| filter.pressing(&filter.urgency)),
        next: last.map(|place| filter.behind(&place, skipped + shown)),
        all: words::count(total),
        several_purposes: app.settings.purposes.len() > 1,
        rows: cases.iter().map(|case| row(&app, case)).collect(),
        filter,
    };
    Ok(html(StatusCode::OK, &page))
}

/// How many cases the filter admits, its urgency included.
pub(super) fn total(counts: &QueueCounts, filter: &Filter) -> u64 {
    match filter.query().urgency {
        None => counts.open,
        Some(Urgency::Overdue) => counts.overdue,
        Some(Urgency::DueSoon) => counts.due_soon,
        Some(Urgency::Open) => counts.open - counts.overdue - counts.due_soon,
    }
}

fn range(skipped: u64, shown: u64, total: u64) -> String {
    if shown == 0 {
        return String::new();
    }
    let [first, last, total] = [skipped + 1, skipped + shown, total].map(words::count);
    format!("{first} to {last} of {total}")
}

fn figures(counts: &QueueCounts, filter: &Filter) -> Vec<Count> {
    let of = |label, class, urgency: &'static str, number| Count {
        label,
        class,
        number: words::count(number),
        address: filter.pressing(urgency),
        current: filter.urgency == urgency,
    };
    vec![
        of("overdue", "overdue", "overdue", counts.overdue),
        of("due within 7 days", "soon", "due_soon", counts.due_soon),
        of("open in all", "open", "", counts.open),
    ]
}

pub(super) fn row(app: &App, case: &OpenCase) -> Row {
    let purpose = app.settings.purpose(&case.purpose);
    let zone = purpose.map_or(TimeZone::UTC, PurposeSettings::zone);
    Row {
        case: case.case.to_string(),
        purpose: purpose.map_or_else(|| case.purpose.clone(), |p| p.purpose.title.clone()),
        covers: words::covers(case.scopes, case.names_record),
        received: words::day(zone.to_datetime(case.received_at).date()),
        due: words::day(case.due),
        urgency: words::urgency(case.urgency),
        urgency_class: urgency_class(case.urgency),
        is_extended: case.is_extended,
        status: words::status(case.status),
        source: words::source(case.source),
        has_contact: case.has_contact,
    }
}

/// How a badge looks.
pub(super) fn urgency_class(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Overdue => "overdue",
        Urgency::DueSoon => "soon",
        Urgency::Open => "open",
    }
}
