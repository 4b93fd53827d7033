//! Figures for Prometheus, in its text format.
//!
//! They are read from this machine itself, or with a key. No label is about a person.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::extract::State;
use axum::http::Method;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use demur_register::Register;
use demur_register::desk::Drawer;
use jiff::Timestamp;

use crate::api::problem::ApiProblem;
use crate::app::Shared;
use crate::ops::tally::Tally;
use crate::registry::Work;

/// Bounds for seconds.
pub(crate) const SECONDS: &[f64] =
    &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// What waits for someone or something, so that its age says whether it is stuck.
const WAITING: [Drawer; 3] = [Drawer::Letter, Drawer::Mail, Drawer::Delivery];

/// Counts of requests.
#[derive(Default)]
pub(crate) struct Metrics(Mutex<Requests>);

#[derive(Default)]
struct Requests {
    /// By method, template and first digit of the status.
    answers: BTreeMap<(&'static str, String, u16), u64>,
    /// By template.
    seconds: BTreeMap<String, Tally>,
}

impl Metrics {
    /// Counts a request.
    pub(crate) fn request(&self, method: &'static str, route: &str, status: u16, took: Duration) {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.answers.entry((method, route.to_owned(), status / 100)).or_default() += 1;
        let seconds = requests.seconds.entry(route.to_owned());
        seconds.or_insert_with(|| Tally::new(SECONDS)).add(took.as_secs_f64());
    }

    fn write(&self, text: &mut Text) {
        let requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        text.head("demur_http_requests_total", "counter", "Requests answered.");
        for ((method, route, class), count) in &requests.answers {
            let labels = format!("method=\"{method}\",route=\"{route}\",status=\"{class}xx\"");
            text.line("demur_http_requests_total", &labels, *count);
        }
        let name = "demur_http_request_duration_seconds";
        text.head(name, "histogram", "Time to an answer.");
        for (route, tally) in &requests.seconds {
            tally.write(&mut text.0, name, &format!("route=\"{route}\","));
        }
    }
}

/// A method as a label: what anybody may make up is all the same.
pub(crate) fn method(method: &Method) -> &'static str {
    let known = [
        (Method::GET, "GET"),
        (Method::HEAD, "HEAD"),
        (Method::POST, "POST"),
        (Method::PUT, "PUT"),
        (Method::DELETE, "DELETE"),
        (Method::OPTIONS, "OPTIONS"),
        (Method::PATCH, "PATCH"),
    ];
    known.into_iter().find(|(known, _)| known == method).map_or("other", |(_, name)| name)
}

/// All figures.
pub(crate) async fn show(State(app): State<Shared>) -> Result<Response, ApiProblem> {
    let mut text = Text::default();
    text.head("demur_build_info", "gauge", "The version that runs.");
    text.line("demur_build_info", concat!("version=\"", env!("CARGO_PKG_VERSION"), "\""), 1);
    app.metrics.write(&mut text);
    write_work(&app.registry.work(), &mut text);
    let now = app.now();
    let text = app
        .registry
        .read(move |register| {
            write_register(register, now, &mut text)?;
            Ok(text.0)
        })
        .await?;
    Ok(([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}

fn write_work(work: &Work, text: &mut Text) {
    let name = "demur_register_batch_acts";
    text.head(name, "histogram", "Acts made durable in one transaction.");
    work.acts.write(&mut text.0, name, "");
    let name = "demur_register_batch_duration_seconds";
    text.head(name, "histogram", "Time of a transaction.");
    work.seconds.write(&mut text.0, name, "");
    let name = "demur_register_batches_failed_total";
    text.head(name, "counter", "Transactions that were not committed.");
    text.line(name, "", work.failed);
}

fn write_register(
    register: &Register,
    now: Timestamp,
    text: &mut Text,
) -> Result<(), demur_register::Error> {
    text.head("demur_register_events", "gauge", "Length of the log.");
    text.line("demur_register_events", "", register.size()?);
    text.head("demur_cases", "gauge", "Objections in the register.");
    for (purpose, status, count) in register.count_cases()? {
        let labels = format!("purpose=\"{}\",status=\"{status}\"", escaped(&purpose));
        text.line("demur_cases", &labels, count);
    }
    write_sets(register, now, text)?;
    text.head("demur_desk_items", "gauge", "Items on the desk.");
    for drawer in Drawer::ALL {
        let labels = format!("drawer=\"{}\"", drawer.name());
        text.line("demur_desk_items", &labels, register.count_items(drawer)?);
    }
    let name = "demur_desk_overdue_seconds";
    text.head(name, "gauge", "How long the item that is due longest has waited.");
    for drawer in WAITING {
        let first = register.items_due(drawer, now, 1)?.into_iter().next();
        let waited = first.map_or(0, |item| now.duration_since(item.due).as_secs());
        text.line(name, &format!("drawer=\"{}\"", drawer.name()), waited);
    }
    Ok(())
}

/// What each training set that still exists lacks, and how long the oldest of that has waited: the figure by
/// which all of this is to be measured.
fn write_sets(
    register: &Register,
    now: Timestamp,
    text: &mut Text,
) -> Result<(), demur_register::Error> {
    let name = "demur_set_objections_lacking";
    text.head(name, "gauge", "Objections in force that the newest version of a set does not know.");
    let mut oldest: Option<Timestamp> = None;
    for set in register.training_sets()?.into_iter().filter(|set| set.gone.is_none()) {
        let set = set.committed;
        let behind = register.behind(&set.set)?;
        let labels = format!("set=\"{}\",purpose=\"{}\"", escaped(&set.set), escaped(&set.purpose));
        text.line(name, &labels, behind.objections);
        oldest = [oldest, behind.oldest].into_iter().flatten().min();
    }
    let name = "demur_oldest_objection_not_in_force_seconds";
    text.head(name, "gauge", "How long the oldest objection has waited that some set lacks.");
    text.line(name, "", oldest.map_or(0, |oldest| now.duration_since(oldest).as_secs().max(0)));
    Ok(())
}

/// A label's value.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// The text as it grows.
#[derive(Default)]
struct Text(String);

impl Text {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let _ = if labels.is_empty() {
            writeln!(self.0, "{name} {value}")
        } else {
            writeln!(self.0, "{name}{{{labels}}} {value}")
        };
    }
}
