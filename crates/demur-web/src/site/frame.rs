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
    /// Who answers for all of the site's purposes; `None` where that differs.
    pub(crate) controller: Option<String>,
    /// Whether the address asks for the language; addresses in the page then do so too.
    chosen: bool,
    /// The other languages that the same page can be read in: address, tag, own name.
    pub(crate) languages: Vec<(String, &'static str, String)>,
    /// The purposes that have a public notice: address and title.
    pub(crate) notices: Vec<(String, String)>,
}

impl Frame {
    /// The frame of a page whose title is the message `title`.
    pub(crate) fn new(app: &App, visitor: &Visitor, title: &str, args: &[(&str, Arg<'_>)]) -> Self {
        let language = visitor.language;
        Frame {
            language,
            title: messages::text(language, title, args),
            contact: app.settings.contact.clone(),
            controller: controller(app),
            chosen: visitor.chose_language,
            languages: languages(language, &visitor.path),
            notices: app
                .settings
                .purposes
                .iter()
                .map(|p| (format!("/notice/{}", p.purpose.id), p.text(language).title.clone()))
                .collect(),
        }
    }

    /// The same frame around a page that is found again at another address than the one that was asked:
    /// what a form was sent to, or what needs more than its path.
    pub(crate) fn at(mut self, address: &str) -> Self {
        self.languages = languages(self.language, address);
        self
    }

    /// The address of another page of this site, in the language that this page was asked in.
    pub(crate) fn to(&self, path: &str) -> String {
        in_language(path, self.chosen.then_some(self.language))
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

/// An address that asks for a language where one was chosen, so that it stays the same throughout.
pub(crate) fn in_language(path: &str, chosen: Option<Language>) -> String {
    let Some(language) = chosen else { return path.to_owned() };
    let join = if path.contains('?') { '&' } else { '?' };
    format!("{path}{join}lang={}", language.code())
}

/// Where a page is found in every other language.
fn languages(own: Language, address: &str) -> Vec<(String, &'static str, String)> {
    // Two slashes at the start would lead to another site.
    let is_here = address.starts_with('/') && !address[1..].starts_with(['/', '\\']);
    let address = if is_here { address } else { "/" };
    Language::all()
        .filter(|other| *other != own)
        .map(|other| (in_language(address, Some(other)), other.code(), other.endonym()))
        .collect()
}

fn controller(app: &App) -> Option<String> {
    let mut all = app.settings.purposes.iter().map(|p| &p.purpose.controller);
    let first = all.next()?;
    all.all(|other| other == first).then(|| first.clone())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_lead_to_the_same_page_and_never_elsewhere() {
        let first = |address: &str| languages(Language::ENGLISH, address)[0].0.clone();
        assert_eq!(first("/privacy"), "/privacy?lang=de");
        assert_eq!(first("/privacy/enter?at=x"), "/privacy/enter?at=x&lang=de");
        for elsewhere in ["//evil.example", "/\\evil.example", "https://evil.example", ""] {
            assert_eq!(first(elsewhere), "/?lang=de");
        }
    }
}
