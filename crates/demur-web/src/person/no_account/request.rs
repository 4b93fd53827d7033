//! The third page: what the objection is about. And the last: its numbers.

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use demur_core::deadline;
use demur_notice::messages::Arg;
use jiff::civil::Date;

use crate::acts;
use crate::app::{App, Shared};
use crate::guard::Visitor;
use crate::person::{case_address, zone};
use crate::site::frame::{Frame, html};
use crate::site::problem::Problem;

use super::desk::{Confirmed, Ticket};
use super::form::{CHOICES, Filled, Wrong};
use super::objections::objections;
use super::{START, desk, limit, start};

/// How many choices stand before those that lead to a person.
const OWN_CHOICES: usize = 3;

#[derive(Template)]
#[template(path = "person/no_account/form.html")]
struct Page {
    frame: Frame,
    address: String,
    read_by: String,
    limit: Option<String>,
    errors: Vec<(&'static str, String)>,
    purposes: Vec<(String, String, bool)>,
    choices: Vec<Choice>,
    routes: Vec<Choice>,
    filled: Filled,
}

struct Choice {
    value: &'static str,
    label: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "person/no_account/done.html")]
struct Done {
    frame: Frame,
    text: String,
    cases: Vec<(String, String, Option<String>)>,
    more: String,
}

impl Page {
    /// What is wrong with a field.
    fn error(&self, field: &str) -> Option<&String> {
        self.errors.iter().find(|(of, _)| *of == field).map(|(_, error)| error)
    }
}

/// Shows the form.
pub(super) async fn show(
    State(app): State<Shared>,
    Path(ticket): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    match confirmed(&app, &ticket).await? {
        Some(_) => page(&app, &visitor, &ticket, Filled::default(), Said::Nothing),
        None => Ok(start::anew(&app, &visitor)),
    }
}

/// Takes the form. Sent twice, it brings one objection for each thing.
pub(super) async fn send(
    State(app): State<Shared>,
    Path(ticket): Path<String>,
    visitor: Visitor,
    sent: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(pairs) = sent.map_err(|_| Problem::Unreadable)?;
    let filled = Filled::read(pairs);
    let Some((number, confirmed)) = confirmed(&app, &ticket).await? else {
        return Ok(start::anew(&app, &visitor));
    };
    let wrong = filled.wrong(&app.settings);
    let about = match (filled.about(), wrong.is_empty()) {
        (Some(about), true) => about,
        _ => return page(&app, &visitor, &ticket, filled, Said::Wrong(wrong)),
    };
    let (now, today) = (app.now(), today(&app)?);
    let all = objections(&app, &filled, about, &confirmed.email, visitor.language, now);
    let is_taken = app
        .registry
        .act(move |act| {
            if !limit::has_room(act, &confirmed.email, today)? {
                return Ok(false);
            }
            let records: Vec<_> =
                all.iter().map(|new| new.record.as_ref().map(|record| record.0.clone())).collect();
            let submitted = acts::submit_all(act, all)?;
            let new = submitted.iter().filter(|one| one.is_new).count();
            let cases = submitted.iter().map(|one| one.case.to_string());
            let done = cases.zip(records).collect();
            limit::count(act, &confirmed.email, today, new)?;
            desk::note(act, &number, Confirmed { done, ..confirmed })?;
            Ok(true)
        })
        .await?;
    if !is_taken {
        return page(&app, &visitor, &ticket, filled, Said::Limit);
    }
    Ok(visitor.go(&format!("{START}/done/{ticket}")))
}

/// Shows the numbers.
pub(super) async fn done(
    State(app): State<Shared>,
    Path(ticket): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let Some((_, Confirmed { done, .. })) = confirmed(&app, &ticket).await? else {
        return Ok(start::anew(&app, &visitor));
    };
    let form = format!("{START}/form/{ticket}");
    let Some((first, _)) = done.first() else { return Ok(visitor.go(&form)) };
    let frame = Frame::new(&app, &visitor, "form-done-title", &[]);
    let due = ("due", due(&app)?.into());
    let text = match done.len() {
        1 => frame.text("form-done", &[("case", first.into()), due]),
        many => frame.text("form-done-many", &[("count", (many as u64).into()), due]),
    };
    let cases = done.into_iter().filter_map(|(case, record)| {
        let address = frame.to(&case_address(&app, case.parse().ok()?));
        let item =
            record.map(|record| frame.text("letter-record", &[("record", (&record).into())]));
        Some((case, address, item))
    });
    let page = Done { cases: cases.collect(), text, more: frame.to(&form), frame };
    Ok(html(StatusCode::OK, &page))
}

/// What the form says beside itself.
enum Said {
    Nothing,
    Wrong(Vec<Wrong>),
    Limit,
}

fn page(
    app: &App,
    visitor: &Visitor,
    ticket: &str,
    filled: Filled,
    said: Said,
) -> Result<Response, Problem> {
    let frame = Frame::new(app, visitor, "form-title", &[]);
    let status = match &said {
        Said::Nothing => StatusCode::OK,
        Said::Wrong(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Said::Limit => StatusCode::TOO_MANY_REQUESTS,
    };
    let limit = matches!(said, Said::Limit)
        .then(|| frame.text("form-limit", &[("contact", (&app.settings.contact).into())]));
    let wrong = if let Said::Wrong(wrong) = said { wrong } else { Vec::new() };
    let errors = wrong
        .into_iter()
        .map(|(field, id, count)| (field, frame.text(id, &[("count", count.into())])));
    let args: [(&str, Arg<'_>); 2] =
        [("controller", app.settings.controller().into()), ("due", due(app)?.into())];
    let mut choices: Vec<Choice> = CHOICES
        .iter()
        .map(|(value, _, id)| Choice { value, label: frame.t(id), chosen: filled.about == *value })
        .collect();
    let routes = choices.split_off(OWN_CHOICES);
    // At first all are chosen: whoever objects means what there is.
    let is_chosen = |id: &String| filled.about.is_empty() || filled.purposes.contains(id);
    let purposes = app.settings.purposes.iter().map(|purpose| {
        let id = purpose.purpose.id.clone();
        let chosen = is_chosen(&id);
        (id, purpose.text(frame.language).title.clone(), chosen)
    });
    let page = Page {
        address: frame.to(&format!("{START}/form/{ticket}")),
        read_by: frame.text("route-intro", &args),
        limit,
        errors: errors.collect(),
        purposes: purposes.collect(),
        choices,
        routes,
        filled,
        frame,
    };
    Ok(html(status, &page))
}

async fn confirmed(app: &Shared, ticket: &str) -> Result<Option<(Ticket, Confirmed)>, Problem> {
    let Some(ticket) = desk::read(ticket) else { return Ok(None) };
    let now = app.now();
    let found = app.registry.read(move |register| desk::confirmed(register, &ticket, now)).await?;
    Ok(found.map(|confirmed| (ticket, confirmed)))
}

/// The last day on which any of the purposes answers what arrives now.
fn due(app: &App) -> Result<Date, Problem> {
    let mut last = None;
    for settings in &app.settings.purposes {
        let holidays = settings.purpose.holidays.as_deref();
        let due = deadline::due(app.now(), &zone(settings)?, holidays).due;
        last = last.max(Some(due));
    }
    last.ok_or(Problem::NotFound)
}

fn today(app: &App) -> Result<Date, Problem> {
    let first = app.settings.purposes.first().ok_or(Problem::NotFound)?;
    Ok(zone(first)?.to_datetime(app.now()).date())
}
