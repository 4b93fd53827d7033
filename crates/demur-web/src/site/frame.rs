//! The frame around every page: language, title, where else to go.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use demur_notice::Language;
use demur_notice::messages::{self, Arg};

use crate::app::App;
use crate::guard::Visitor;
use crate::site::problem::Problem;

/// What the template `base.html` needs; every page has one.
pub(crate) struct Frame {
    /// The language of the page.
    pub(crate) language: Language,
    /// Its title, which is its first heading as well.
    pub(crate) title: String,
    /// How to reach data protection.
    pub(crate) contact: String,
    /// The other languages that the same page can be read in: address, tag, own name.
    pub(crate) languages: Vec<(String, &'static str, String)>,
    /// The purposes that have a public notice: address and title.
    pub(crate) notices: Vec<(String, String)>,
}

impl Frame {
    /// The frame of a page whose title is the message `title`.
    pub(crate) fn new(app: &App, visitor: &Visitor, title: &str, args: &[(&str, Arg<'_>)]) -> Self {
        let language = visitor.language;
        let others = Language::all().filter(|other| *other != language);
        Frame {
            language,
            title: messages::text(language, title, args),
            contact: app.settings.contact.clone(),
            languages: others
                .map(|l| (format!("{}?lang={}", visitor.path, l.code()), l.code(), l.endonym()))
                .collect(),
            notices: app
                .settings
                .purposes
                .iter()
                .map(|p| (format!("/notice/{}", p.purpose.id), p.text(language).title.clone()))
                .collect(),
        }
    }

    /// A message without variables.
    pub(crate) fn t(&self, id: &str) -> String {
        messages::text(self.language, id, &[])
    }

    /// A message with variables.
    pub(crate) fn text(&self, id: &str, args: &[(&str, Arg<'_>)]) -> String {
        messages::text(self.language, id, args)
    }
}

/// A page as an answer.
pub(crate) fn html(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            Problem::Internal.into_response()
        }
    }
}
