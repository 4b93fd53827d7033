//! What things are called on the console.

use demur_core::deadline::Urgency;
use demur_core::objection::{Scope, Scopes, Status};
use demur_notice::{Language, format};
use demur_register::event::{By, Letter, News, Route, Source, What};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// A language, for reviewers.
pub(super) fn language(language: Language) -> String {
    let name = match language.code() {
        "en" => "English",
        "de" => "German",
        "fr" => "French",
        "es" => "Spanish",
        "it" => "Italian",
        "pl" => "Polish",
        _ => return language.endonym(),
    };
    name.to_owned()
}

/// A day.
pub(super) fn day(date: Date) -> String {
    format::date(Language::ENGLISH, date)
}

/// A moment, to the minute.
pub(super) fn moment(at: Timestamp, zone: &TimeZone) -> String {
    format::date_time(Language::ENGLISH, zone.to_datetime(at))
}

/// A count: `1,234`.
pub(super) fn count(count: u64) -> String {
    format::number(Language::ENGLISH, count)
}

pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Received => "received",
        Status::UnderReview => "under review",
        Status::Approved => "approved",
        Status::Refused => "refused",
        Status::Withdrawn => "withdrawn",
    }
}

pub(super) fn urgency(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Overdue => "overdue",
        Urgency::DueSoon => "due soon",
        Urgency::Open => "in time",
    }
}

pub(super) fn source(source: Source) -> &'static str {
    match source {
        Source::Import => "imported",
        Source::CommandLine => "entered by an operator",
        Source::PrivacyCentre => "privacy centre",
        Source::DirectLink => "direct link",
        Source::Agent => "the person’s software",
    }
}

pub(super) fn route(route: Route) -> &'static str {
    match route {
        Route::Items => "single items, without an account",
        Route::Mentions => "content that names or shows them, without an account",
        Route::Guardian => "for a child or someone in their care",
        Route::Heir => "for someone who has died",
        Route::LockedOut => "locked out of their account",
        Route::PageAuthor => "for a page or group",
        Route::Output => "a model’s output contains data about them",
        Route::Other => "something else",
    }
}

/// What an objection covers.
pub(super) fn covers(scopes: Scopes, names_record: bool) -> String {
    let scope = |scope| match scope {
        Scope::PublicContent => "public content",
        Scope::AiInteractions => "AI conversations",
        Scope::ThirdParty => "others’ content",
    };
    let mut parts: Vec<&str> = scopes.iter().map(scope).collect();
    if names_record {
        parts.push("one record");
    }
    parts.join(", ")
}

pub(super) fn letter(letter: Letter) -> &'static str {
    match letter {
        Letter::Receipt => "receipt",
        Letter::Approval => "approval",
        Letter::Refusal => "refusal",
        Letter::Extension => "extension",
        Letter::Withdrawal => "withdrawal",
        Letter::Lifting => "end of the restriction",
    }
}

pub(super) fn news(news: News) -> &'static str {
    match news {
        News::Restricted => "that the data is restricted",
        News::Erased => "that the data must be erased",
        News::Lifted => "that the restriction is over",
    }
}

/// What an event of a case says.
pub(super) fn event(what: &What) -> String {
    match what {
        What::ObjectionReceived(new) => format!("arrived: {}", source(new.source)),
        What::ReviewStarted(_) => "review started".into(),
        What::ObjectionApproved(_) => "approved".into(),
        What::ObjectionRefused(_) => "refused".into(),
        What::ObjectionWithdrawn(_) => "withdrawn".into(),
        What::ObjectionReopened(_) => "reopened".into(),
        What::DeadlineExtended { until, .. } => format!("extended until {}", day(*until)),
        What::CaseViewed(_) => "looked at".into(),
        What::RefusalProposed(_) => "refusal proposed".into(),
        What::LetterSent { letter: sent, .. } => format!("letter sent: {}", letter(*sent)),
        What::RecipientTold { recipient, news: told, .. } => {
            format!("recipient told: {recipient}, {}", news(*told))
        }
        other => other.name().replace('_', " "),
    }
}

/// Who took a step, where it was nobody with a name.
pub(super) fn by(by: Option<By>) -> &'static str {
    match by {
        Some(By::Person) => "the person",
        Some(By::Rule) => "a rule",
        Some(By::Reviewer) => "a reviewer",
        Some(By::Authority) => "an authority or court",
        Some(By::Import) => "an import",
        Some(By::Operator) => "whoever runs the system",
        None => "the system",
    }
}
