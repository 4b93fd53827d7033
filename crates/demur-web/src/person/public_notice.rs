//! The public notice of a purpose (Art. 13, 14): for everybody, with an account or without.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use demur_core::purpose::Purpose;
use demur_notice::messages::{self, Arg};

use crate::app::Shared;
use crate::guard::Visitor;
use crate::site::frame::{Frame, html};
use crate::site::problem::Problem;

#[derive(Template)]
#[template(path = "person/notice.html")]
struct Page {
    frame: Frame,
    advised: String,
    minors: Option<String>,
    title: String,
    controller: String,
    contact: String,
    interest: Option<String>,
    starts: String,
    kinds: Vec<String>,
    recipients: Vec<String>,
    transfers: Option<String>,
    retention: Option<String>,
    documents: Vec<Document>,
}

/// A document that the law asks for.
struct Document {
    name: String,
    /// Where it lies, as the configuration says it.
    place: String,
    /// Whether that is an address of the web.
    is_link: bool,
}

/// Shows it.
pub(super) async fn show(
    State(app): State<Shared>,
    Path(purpose): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let settings = app.settings.purpose(&purpose).ok_or(Problem::NotFound)?;
    let (purpose, text) = (&settings.purpose, settings.text(visitor.language));
    let title = text.title.clone();
    let args: [(&str, Arg<'_>); 1] = [("purpose", (&title).into())];
    let frame = Frame::new(&app, &visitor, "public-title", &args);
    let today = super::zone(settings)?.to_datetime(app.now()).date();
    let advised = if today >= purpose.starts_on {
        frame.text("privacy-later", &[("starts", purpose.starts_on.into())])
    } else {
        frame.text("privacy-advised", &[("date", purpose.object_by.into())])
    };
    let age = u64::from(purpose.minimum_age);
    let stated = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let page = Page {
        advised,
        minors: (age > 0).then(|| frame.text("notice-minors", &[("age", age.into())])),
        controller: purpose.controller.clone(),
        contact: app.settings.contact.clone(),
        interest: stated(&text.interest),
        starts: demur_notice::format::date(frame.language, purpose.starts_on),
        kinds: purpose.content.keys().map(|kind| messages::kind(frame.language, kind)).collect(),
        recipients: app.settings.recipients_of(&purpose.id).map(|r| r.name.clone()).collect(),
        transfers: stated(&text.transfers),
        retention: stated(&text.retention),
        documents: documents(purpose, &frame),
        title,
        frame,
    };
    Ok(html(StatusCode::OK, &page))
}

fn documents(purpose: &Purpose, frame: &Frame) -> Vec<Document> {
    let references = &purpose.references;
    [
        ("public-document-interest", &references.interest),
        ("public-document-necessity", &references.necessity),
        ("public-document-balancing", &references.balancing_test),
        ("public-document-dpia", &references.dpia),
    ]
    .into_iter()
    .map(|(id, place)| Document {
        name: frame.t(id),
        is_link: place.starts_with("https://") || place.starts_with("http://"),
        place: place.clone(),
    })
    .collect()
}
