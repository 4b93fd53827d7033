//! What people are told of a purpose on the pages where they object (Art. 13).

use demur_core::objection::{Scope, Scopes};
use demur_core::purpose::{Allowed, Purpose};
use demur_notice::messages::{self, Arg};
use jiff::civil::Date;

use crate::app::App;
use crate::settings::PurposeSettings;
use crate::site::frame::Frame;
use crate::site::problem::Problem;

/// A purpose as a page shows it.
pub(super) struct Used {
    /// Its short name.
    pub(super) id: String,
    /// What it is called.
    pub(super) title: String,
    /// Who wants to use data for it, and from when.
    pub(super) intro: String,
    /// The sentence before the list of kinds.
    pub(super) sentence: String,
    /// The kinds of record that are used.
    pub(super) kinds: Vec<String>,
    /// What is not used, as far as that can be said of all kinds at once.
    pub(super) not_used: Option<String>,
    /// Legal basis, interest and the like, each with its name.
    pub(super) facts: Vec<(String, String)>,
    /// Until when objecting is advised, or that later works too.
    pub(super) advised: String,
    /// The address of the public notice.
    pub(super) notice: String,
}

impl Used {
    /// The purpose in the language of the page.
    pub(super) fn of(
        app: &App,
        frame: &Frame,
        settings: &PurposeSettings,
    ) -> Result<Self, Problem> {
        let purpose = &settings.purpose;
        let title = &settings.text(frame.language).title;
        let args: [(&str, Arg<'_>); 3] = [
            ("controller", (&purpose.controller).into()),
            ("purpose", title.into()),
            ("starts", purpose.starts_on.into()),
        ];
        let today = super::zone(settings)?.to_datetime(app.now()).date();
        Ok(Used {
            id: purpose.id.clone(),
            title: title.clone(),
            intro: frame.text("link-intro", &args),
            sentence: frame.text("privacy-used", &args),
            kinds: purpose.content.keys().map(|k| messages::kind(frame.language, k)).collect(),
            not_used: not_used(frame, purpose),
            facts: facts(app, frame, settings),
            advised: advised(frame, purpose, today),
            notice: frame.to(&format!("/notice/{}", purpose.id)),
        })
    }
}

/// A scope to choose.
pub(super) struct Choice {
    /// What the form sends.
    pub(super) value: &'static str,
    /// What it is called.
    pub(super) label: String,
    /// What it covers.
    pub(super) about: String,
    /// Whether it is ticked.
    pub(super) chosen: bool,
}

/// The scopes that may be chosen, those of `chosen` ticked.
pub(super) fn choices(frame: &Frame, offered: Scopes, chosen: Scopes) -> Vec<Choice> {
    let choice = |scope| Choice {
        value: Scope::name(scope),
        label: messages::scope(frame.language, scope),
        about: frame.t(&format!("{}-about", messages::scope_id(scope))),
        chosen: chosen.contains(scope),
    };
    offered.iter().map(choice).collect()
}

fn advised(frame: &Frame, purpose: &Purpose, today: Date) -> String {
    if today >= purpose.starts_on {
        frame.text("privacy-later", &[("starts", purpose.starts_on.into())])
    } else {
        frame.text("privacy-advised", &[("date", purpose.object_by.into())])
    }
}

/// Said only where it holds for everything that people publish.
fn not_used(frame: &Frame, purpose: &Purpose) -> Option<String> {
    let is_public = |allowed: &Allowed| match allowed {
        Allowed::Only(names) => names.iter().all(|name| name == "public"),
        Allowed::Any => false,
    };
    let published = purpose.content.values().filter(|rule| rule.scope == Scope::PublicContent);
    let holds =
        purpose.needs_birth_date() && published.into_iter().all(|r| is_public(&r.visibility));
    let age = u64::from(purpose.minimum_age);
    holds.then(|| frame.text("privacy-not-used", &[("age", age.into())]))
}

fn facts(app: &App, frame: &Frame, settings: &PurposeSettings) -> Vec<(String, String)> {
    let (purpose, text) = (&settings.purpose, settings.text(frame.language));
    let names: Vec<&str> =
        app.settings.recipients_of(&purpose.id).map(|recipient| recipient.name.as_str()).collect();
    let recipients =
        if names.is_empty() { frame.t("public-recipients-none") } else { names.join(", ") };
    let starts = demur_notice::format::date(frame.language, purpose.starts_on);
    [
        ("public-controller", Some(purpose.controller.clone())),
        ("public-basis", Some(frame.t("notice-basis"))),
        ("public-interest", text.interest.clone()),
        ("public-starts", Some(starts)),
        ("public-retention", text.retention.clone()),
        ("public-recipients", Some(recipients)),
        ("public-transfers", text.transfers.clone()),
    ]
    .into_iter()
    .filter_map(|(id, value)| Some((frame.t(id), value?)))
    .collect()
}
