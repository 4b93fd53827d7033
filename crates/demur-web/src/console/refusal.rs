//! The form of a refusal: grounds against the balancing test, the competent authority and the way to court,
//! filled in from the person's country (Art. 12(4), 21(1)).

use askama::Template;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use demur_core::authority::{self, AUTHORITIES};
use demur_core::purpose::Refusals;
use demur_notice::Language;
use demur_notice::messages::text;
use demur_register::Refusal;
use demur_register::event::Ground;
use serde::Deserialize;

use super::dossier::Dossier;
use super::filter::Entry;
use super::plan::{Sent, Wrong};
use super::{Bar, number, signed_in, to_case, words};
use crate::app::{App, Shared};
use crate::complaint;
use crate::guard::Visitor;
use crate::letters;
use crate::site::frame::html;
use crate::site::problem::Problem;

/// The longest text of a part.
const LONGEST: usize = 20_000;

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    country: String,
}

#[derive(Template)]
#[template(path = "console/refuse.html")]
struct Page {
    bar: Bar,
    case: String,
    /// Where the balancing test is, and the other documents.
    references: Vec<(&'static str, String)>,
    countries: Vec<Entry>,
    kinds: Vec<Entry>,
    two: bool,
    language: String,
    language_code: &'static str,
    typed: Sent,
    wrong: Wrong,
}

pub(super) async fn form(
    State(app): State<Shared>,
    Path(case): Path<String>,
    visitor: Visitor,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(Asked { country }) = asked.map_err(|_| Problem::NotFound)?;
    let dossier = Dossier::open(&app, number(&case)?, signed_in(&visitor)?).await?;
    if !dossier.is_open() || dossier.purpose.purpose.refusals == Refusals::Never {
        return Ok(to_case(dossier.number(), "moved"));
    }
    let country = authority::for_country(&country).map(|authority| authority.country);
    let sent = offered(&dossier, country);
    page(&app, &visitor, &dossier, &sent, country, Wrong::default()).await
}

/// The usual words for a country, or for that of the person.
fn offered(dossier: &Dossier, country: Option<&str>) -> Sent {
    let country = country.or(dossier.country());
    let remedy = letters::remedy(&dossier.purpose.purpose, country, None);
    let language = dossier.language;
    let (authority, court_route) = match remedy {
        Some(remedy) => (
            complaint::authority(language, remedy.authority),
            complaint::court(language, remedy.country),
        ),
        None => (String::new(), complaint::court(language, "")),
    };
    Sent { authority, court_route, ..Sent::default() }
}

/// The form, as it was sent before.
pub(super) async fn page(
    app: &App,
    visitor: &Visitor,
    dossier: &Dossier,
    typed: &Sent,
    country: Option<&str>,
    wrong: Wrong,
) -> Result<Response, Problem> {
    let case = dossier.number().to_string();
    let bar = Bar::new(app, visitor, "case", format!("Refuse case {case}")).await?;
    let references = &dossier.purpose.purpose.references;
    let chosen = country.or(dossier.country());
    let country = |authority: &authority::Authority| Entry {
        value: authority.country.to_owned(),
        label: format!("{}: {}", authority.country, authority.english),
        chosen: chosen == Some(authority.country),
    };
    let status = wrong.status();
    let page = Page {
        bar,
        case,
        references: vec![
            ("Balancing test", references.balancing_test.clone()),
            ("Interest pursued", references.interest.clone()),
            ("Necessity", references.necessity.clone()),
            ("Impact assessment", references.dpia.clone()),
        ],
        countries: AUTHORITIES.iter().map(country).collect(),
        kinds: Ground::ALL.into_iter().rev().map(|ground| kind(ground, typed)).collect(),
        two: dossier.needs_two(),
        language: words::language(dossier.language),
        language_code: dossier.language.code(),
        typed: typed.clone(),
        wrong,
    };
    Ok(html(status, &page))
}

/// A kind of grounds, called as the public figures call it. Whoever chooses none has other grounds.
fn kind(ground: Ground, typed: &Sent) -> Entry {
    let id = format!("figures-ground-{}", ground.name().replace('_', "-"));
    Entry {
        value: ground.name().to_owned(),
        label: text(Language::ENGLISH, &id, &[]),
        chosen: typed.ground == ground.name(),
    }
}

/// The refusal that a form asks for, by whoever is signed in; or what is wrong with it.
pub(super) fn refused(sent: &Sent, by: &str) -> Result<Refusal, Wrong> {
    let parts = [
        ("grounds", clean(&sent.grounds), "Write the compelling grounds; the person reads them."),
        ("authority", clean(&sent.authority), "Name the supervisory authority."),
        ("court_route", clean(&sent.court_route), "Say which way to the courts there is."),
    ];
    let wrong: Vec<_> = parts
        .iter()
        .filter_map(|(field, text, missing)| match text.len() {
            0 => Some((*field, (*missing).to_owned())),
            1..=LONGEST => None,
            _ => Some((*field, format!("Write at most {LONGEST} characters."))),
        })
        .collect();
    if !wrong.is_empty() {
        return Err(Wrong(wrong));
    }
    let [grounds, authority, court_route] = parts.map(|(_, text, _)| text);
    let ground = sent.ground.parse().ok();
    Ok(Refusal { by: by.to_owned(), grounds, authority, court_route, ground })
}

/// A refusal as a form sends it back.
pub(super) fn cleaned(refusal: &Refusal) -> Refusal {
    Refusal {
        by: refusal.by.clone(),
        grounds: clean(&refusal.grounds),
        authority: clean(&refusal.authority),
        court_route: clean(&refusal.court_route),
        ground: refusal.ground,
    }
}

/// Browsers send line ends of their own.
fn clean(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}
