//! The record of processing (Art. 30).

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use demur_core::objection::Status;
use demur_core::purpose::{Allowed, LegalBasis, Purpose, Refusals, Review};

use super::{Bar, words};
use crate::app::{App, Shared};
use crate::guard::Visitor;
use crate::settings::PurposeSettings;
use crate::site::frame::html;
use crate::site::problem::Problem;

#[derive(Template)]
#[template(path = "console/record.html")]
struct RecordPage {
    bar: Bar,
    at: String,
    contact: String,
    purposes: Vec<Processing>,
}

/// One processing activity.
struct Processing {
    id: String,
    title: String,
    facts: Vec<(&'static str, Vec<String>)>,
    counts: Vec<(&'static str, String)>,
}

/// What Art. 30(1) asks for, to be read and printed.
pub(super) async fn record(
    State(app): State<Shared>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let bar = Bar::new(&app, &visitor, "record", "Record of processing").await?;
    let tally = app.registry.read(|register| register.tally()).await?;
    let zone = app.settings.zone();
    let page = RecordPage {
        bar,
        at: words::moment(app.now(), &zone),
        contact: app.settings.contact.clone(),
        purposes: app.settings.purposes.iter().map(|p| processing(&app, p, &tally)).collect(),
    };
    Ok(html(StatusCode::OK, &page))
}

fn processing(
    app: &App,
    settings: &PurposeSettings,
    tally: &[(String, Status, u64)],
) -> Processing {
    let purpose = &settings.purpose;
    let count = |status: Status| {
        let found = tally.iter().find(|(id, of, _)| *id == purpose.id && *of == status);
        (words::status(status), words::count(found.map_or(0, |(.., count)| *count)))
    };
    Processing {
        id: purpose.id.clone(),
        title: purpose.title.clone(),
        facts: facts(app, settings),
        counts: Status::ALL.map(count).to_vec(),
    }
}

fn facts(app: &App, settings: &PurposeSettings) -> Vec<(&'static str, Vec<String>)> {
    let purpose = &settings.purpose;
    let recipients: Vec<String> =
        app.settings.recipients_of(&purpose.id).map(|r| r.name.clone()).collect();
    let or = |text: &Option<String>| vec![text.clone().unwrap_or_else(|| "not stated".into())];
    let LegalBasis::LegitimateInterests = purpose.legal_basis;
    let references = &purpose.references;
    vec![
        ("Controller", vec![purpose.controller.clone()]),
        ("Legal basis", vec!["legitimate interests (Art. 6(1)(f) GDPR)".into()]),
        ("Interest pursued", or(&settings.text.interest)),
        (
            "Documents",
            vec![
                format!("interest: {}", references.interest),
                format!("necessity: {}", references.necessity),
                format!("balancing test: {}", references.balancing_test),
                format!("impact assessment: {}", references.dpia),
            ],
        ),
        (
            "Categories of data",
            purpose
                .content
                .iter()
                .map(|(kind, rule)| {
                    let visibility = allowed(&rule.visibility, "any visibility");
                    format!("{kind} ({visibility})")
                })
                .collect(),
        ),
        ("Data subjects", people(purpose)),
        ("Recipients", if recipients.is_empty() { vec!["none".into()] } else { recipients }),
        ("Transfers outside the EEA", or(&settings.text.transfers)),
        ("Kept for", or(&settings.text.retention)),
        ("Used from", vec![words::day(purpose.starts_on)]),
        ("Objecting advised by", vec![words::day(purpose.object_by)]),
        ("Objections", objections(purpose)),
        ("Version", vec![purpose.digest()]),
    ]
}

fn allowed(allowed: &Allowed, any: &str) -> String {
    match allowed {
        Allowed::Any => any.to_owned(),
        Allowed::Only(values) => values.join(", "),
    }
}

fn people(purpose: &Purpose) -> Vec<String> {
    let mut people = vec![
        format!("regions: {}", allowed(&purpose.regions, "any")),
        format!("account states: {}", allowed(&purpose.account_status, "any")),
    ];
    if purpose.minimum_age > 0 {
        people.push(format!("at least {} years old", purpose.minimum_age));
    }
    people
}

fn objections(purpose: &Purpose) -> Vec<String> {
    let review = match purpose.review {
        Review::Automatic => "to one’s own data: approved by rule at once",
        Review::Manual => "reviewed by a person",
    };
    let refusals = match purpose.refusals {
        Refusals::Allowed => "may be refused by a named reviewer, on compelling grounds",
        Refusals::TwoReviewers => "may be refused by two named reviewers, on compelling grounds",
        Refusals::Never => "are never refused",
    };
    vec![review.to_owned(), refusals.to_owned()]
}
