//! Approving many cases with one confirmation, a letter each. Nothing is ever refused in bulk.
//!
//! What was confirmed is a job on the desk: which cases, and how far it has come. Each step of it approves
//! some cases and notes so in one transaction, so that a stop in between leaves nothing half done, and
//! whichever process next looks goes on with the job. Cases that arrived after the confirmation are not part of it.

use std::pin::pin;
use std::time::Duration;

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use demur_register::desk::Drawer;
use demur_register::{Act, CaseId, Error, Place, QueueFilter, Register};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::filter::Filter;
use super::queue::{PAGE, total};
use super::{Bar, signed_in, words};
use crate::acts;
use crate::app::{App, Shared};
use crate::guard::{self, Visitor};
use crate::lease;
use crate::registry::Failed;
use crate::site::frame::html;
use crate::site::problem::Problem;

/// Cases approved in one transaction: few enough that people's objections do not wait behind them.
const STEP: usize = 50;
/// Jobs that are remembered.
const REMEMBERED: usize = 50;
/// How often it is looked whether somebody left a job undone.
const PAUSE: Duration = Duration::from_secs(5);
/// Where they lie on the desk.
const NAME: &[u8] = b"bulk";

/// What was confirmed, and how far it has come.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Job {
    id: String,
    /// Who confirmed it.
    by: String,
    begun_at: Timestamp,
    done_at: Option<Timestamp>,
    /// Which cases: those that were ticked, or else all that a filter admits.
    cases: Vec<String>,
    filter: Filter,
    /// The log's size when it was confirmed.
    below: u64,
    total: u64,
    approved: u64,
    left: u64,
    /// The place in the queue behind which it goes on.
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "console/bulk.html")]
struct ConfirmPage {
    bar: Bar,
    count: String,
    one: bool,
    all: bool,
    described: Vec<(&'static str, String)>,
    fields: Vec<(&'static str, String)>,
    back: String,
}

#[derive(Template)]
#[template(path = "console/progress.html")]
struct ProgressPage {
    bar: Bar,
    id: String,
    by: String,
    begun: String,
    done: Option<String>,
    total: String,
    approved: String,
    left: u64,
    share: u64,
}

/// A form whose fields may come more than once.
type Fields = Vec<(String, String)>;

fn field<'f>(sent: &'f Fields, name: &str) -> &'f str {
    sent.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
}

/// The cases that were ticked, as many as a page shows.
fn ticked(sent: &Fields) -> Vec<CaseId> {
    let cases = sent.iter().filter(|(name, _)| name == "case");
    cases.filter_map(|(_, case)| case.parse().ok()).take(PAGE).collect()
}

fn filter(sent: &Fields) -> Filter {
    let of = |name| field(sent, name).to_owned();
    Filter {
        purpose: of("purpose"),
        status: of("status"),
        urgency: of("urgency"),
        source: of("source"),
        about: of("about"),
        ..Filter::default()
    }
}

/// Says how many cases it would be, and does nothing.
pub(super) async fn confirm(
    State(app): State<Shared>,
    visitor: Visitor,
    sent: Result<Form<Fields>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(sent) = sent.map_err(|_| Problem::Unreadable)?;
    let all = field(&sent, "which") == "all";
    let (filter, cases, now) = (filter(&sent), ticked(&sent), app.now());
    let query = filter.query();
    let (counts, below) = app
        .registry
        .read(move |register| Ok((register.queue_counts(&query, now)?, register.size()?)))
        .await?;
    let count = if all { total(&counts, &filter) } else { cases.len() as u64 };
    let back = filter.address();
    if count == 0 {
        return Ok(guard::see_other(&back));
    }
    let mut fields: Vec<(&'static str, String)> = vec![("id", new_id(&app).await?)];
    if all {
        fields.extend(filter.fields().map(|(name, value)| (name, value.to_owned())));
        fields.push(("below", below.to_string()));
    } else {
        fields.extend(cases.iter().map(|case| ("case", case.to_string())));
    }
    let selects = filter.selects(&app.settings);
    let described = selects.iter().filter(|_| all).filter_map(|select| {
        let chosen = select.entries.iter().find(|entry| entry.chosen && !entry.value.is_empty())?;
        Some((select.label, chosen.label.clone()))
    });
    let page = ConfirmPage {
        bar: Bar::new(&app, &visitor, "queue", "Approve many cases").await?,
        count: words::count(count),
        one: count == 1,
        all,
        described: described.collect(),
        fields,
        back,
    };
    Ok(html(StatusCode::OK, &page))
}

/// A name for the job, so that a form that is sent twice begins one.
async fn new_id(app: &App) -> Result<String, Problem> {
    Ok(app.registry.act(|act| Ok(hex::encode(act.random::<8>()))).await?)
}

/// Begins what was confirmed.
pub(super) async fn start(
    State(app): State<Shared>,
    visitor: Visitor,
    sent: Result<Form<Fields>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(sent) = sent.map_err(|_| Problem::Unreadable)?;
    let cases = ticked(&sent);
    let id = field(&sent, "id").to_owned();
    let below = field(&sent, "below").parse().unwrap_or(0);
    if id.is_empty() || (cases.is_empty() && below == 0) {
        return Err(Problem::Unreadable);
    }
    let (filter, now) = (filter(&sent), app.now());
    let query = QueueFilter { below: Some(below), ..filter.query() };
    let counts = app.registry.read(move |register| register.queue_counts(&query, now)).await?;
    let job = Job {
        id: id.clone(),
        by: signed_in(&visitor)?,
        begun_at: now,
        done_at: None,
        total: if cases.is_empty() { total(&counts, &filter) } else { cases.len() as u64 },
        cases: cases.iter().map(ToString::to_string).collect(),
        filter,
        below,
        approved: 0,
        left: 0,
        after: None,
    };
    let is_new = app.registry.act(move |act| remember(act, job)).await?;
    if is_new {
        tokio::spawn(work(app, id.clone()));
    }
    Ok(guard::see_other(&format!("/console/bulk/{id}")))
}

/// How far it has come.
pub(super) async fn progress(
    State(app): State<Shared>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let jobs = app.registry.read(known).await?;
    let job = jobs.into_iter().find(|job| job.id == id).ok_or(Problem::NotFound)?;
    let done = job.approved + job.left;
    let zone = app.settings.zone();
    let page = ProgressPage {
        bar: Bar::new(&app, &visitor, "queue", "Approving many cases").await?,
        id,
        by: job.by,
        begun: words::moment(job.begun_at, &zone),
        done: job.done_at.map(|at| words::moment(at, &zone)),
        approved: words::count(job.approved),
        left: job.left,
        share: (done * 100).checked_div(job.total).unwrap_or(100).min(100),
        total: words::count(job.total),
    };
    Ok(html(StatusCode::OK, &page))
}

/// Goes on with bulk approvals that nobody is at, until `stop` is done.
pub async fn run(app: std::sync::Arc<App>, stop: impl Future<Output = ()> + Send) {
    let mut stop = pin!(stop);
    loop {
        if let Err(error) = resume(std::sync::Arc::clone(&app)).await {
            tracing::error!(%error, "what is being approved in bulk could not be looked at");
        }
        tokio::select! {
            biased;
            () = &mut stop => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// Goes on with bulk approvals that a stop interrupted and that nobody is at.
///
/// # Errors
/// Where the register cannot be read.
pub async fn resume(app: std::sync::Arc<App>) -> Result<(), Failed> {
    let jobs = app.registry.read(known).await?;
    for job in jobs.into_iter().filter(|job| job.done_at.is_none()) {
        tokio::spawn(work(app.clone(), job.id));
    }
    Ok(())
}

/// Works on a job to its end, unless another process does.
async fn work(app: Shared, id: String) {
    let steps = async {
        while step(&app, &id).await? {}
        Ok::<(), Failed>(())
    };
    let done = lease::alone(&app, &format!("bulk approval {id}"), steps).await;
    if let Err(error) = done.and_then(|done| done.unwrap_or(Ok(()))) {
        // It stays on the desk, and somebody goes on with it.
        tracing::error!(%error, "approving many cases was interrupted");
    }
}

/// Takes some cases on; says whether there are more.
async fn step(app: &App, id: &str) -> Result<bool, Failed> {
    let jobs = app.registry.read(known).await?;
    let job = jobs.into_iter().find(|job| job.id == id && job.done_at.is_none());
    let Some(job) = job else { return Ok(false) };
    let (cases, after) = next(app, &job).await?;
    let (id, from) = (id.to_owned(), job.after);
    app.registry
        .act(move |act| {
            let mut jobs = on_desk(act)?;
            let is_open = |job: &&mut Job| job.id == id && job.done_at.is_none();
            let Some(job) = jobs.iter_mut().find(is_open) else { return Ok(false) };
            if job.after != from {
                // Another process took this step, having thought the lease its own.
                return Ok(true);
            }
            for case in &cases {
                *if approve(act, *case, &job.by)? { &mut job.approved } else { &mut job.left } += 1;
            }
            job.after = after.map(|place| place.to_string());
            let is_more = job.after.is_some();
            job.done_at = (!is_more).then(|| act.at());
            put(act, &jobs)?;
            Ok(is_more)
        })
        .await
}

/// The next cases, and the place behind the last where there are more.
async fn next(app: &App, job: &Job) -> Result<(Vec<CaseId>, Option<Place>), Failed> {
    if !job.cases.is_empty() {
        return Ok((job.cases.iter().filter_map(|case| case.parse().ok()).collect(), None));
    }
    let query = QueueFilter { below: Some(job.below), ..job.filter.query() };
    // Urgency is that of the confirmation, however long it takes.
    let (now, after) = (job.begun_at, job.after.as_ref().and_then(|place| place.parse().ok()));
    let found = app
        .registry
        .read(move |register| register.queue(&query, now, after.as_ref(), STEP))
        .await?;
    let last = found.last().map(|case| case.place).filter(|_| found.len() == STEP);
    Ok((found.into_iter().map(|case| case.case).collect(), last))
}

/// Approves one case, unless it was decided meanwhile or a person has to look at it: where nothing was
/// found yet of what somebody described, and where a refusal is under way.
fn approve(act: &mut Act<'_, '_>, case: CaseId, by: &str) -> Result<bool, Error> {
    let about = match act.about(&case) {
        Ok(about) => about,
        Err(Error::NoSuchCase(_)) => return Ok(false),
        Err(error) => return Err(error),
    };
    let is_found = match &about.record {
        Some(record) => !record.0.contains("://"),
        None => about.account.is_some(),
    };
    if !is_found || act.is_refusal_proposed(&case)? || acts::is_refusal_waiting(act, case)? {
        return Ok(false);
    }
    match acts::approve(act, case, about.account.as_ref(), by) {
        Ok(()) => Ok(true),
        Err(Error::Transition { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

fn known(register: &Register) -> Result<Vec<Job>, Error> {
    let item = register.item(Drawer::Bookmark, NAME)?;
    Ok(item.and_then(|item| serde_json::from_str(&item.text).ok()).unwrap_or_default())
}

fn on_desk(act: &Act<'_, '_>) -> Result<Vec<Job>, Error> {
    let item = act.item(Drawer::Bookmark, NAME)?;
    Ok(item.and_then(|item| serde_json::from_str(&item.text).ok()).unwrap_or_default())
}

/// Notes a job, unless it is known; forgets the oldest that are done.
fn remember(act: &mut Act<'_, '_>, job: Job) -> Result<bool, Error> {
    let mut jobs = on_desk(act)?;
    if jobs.iter().any(|known| known.id == job.id) {
        return Ok(false);
    }
    while jobs.len() >= REMEMBERED
        && let Some(oldest) = jobs.iter().position(|job| job.done_at.is_some())
    {
        jobs.remove(oldest);
    }
    jobs.push(job);
    put(act, &jobs)?;
    Ok(true)
}

fn put(act: &mut Act<'_, '_>, jobs: &[Job]) -> Result<(), Error> {
    let text = serde_json::to_string(jobs).unwrap_or_default();
    let at = act.at();
    act.put(Drawer::Bookmark, NAME, at, None, &text).map(drop)
}
