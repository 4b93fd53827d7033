//! From what lies on the desk to a message, or to why there is none.

use std::time::Duration;

use demur_core::objection::{Effect, Status};
use demur_core::purpose::Refusals;
use demur_notice::letter::Noted;
use demur_notice::mail::{Envelope, EnvelopeError, Mail, Sender};
use demur_notice::{Composed, Language};
use demur_register::desk::ItemKey;
use demur_register::event::Letter;
use demur_register::{Case, HistoryEntry, Link, LinkKind};
use jiff::Timestamp;

use crate::acts::Stuck;
use crate::app::App;
use crate::guard::after;
use crate::letters::{self, Refused, Told, Writing};
use crate::person;
use crate::settings::PurposeSettings;

use super::found::{About, Found, What};

/// What is to be done with something that lies on the desk.
pub(super) enum Next {
    /// Send this.
    Send(Mail),
    /// Take it away: there is nothing to be said any more.
    Drop,
    /// Leave it to a person.
    GiveUp(Stuck),
    /// Try it later: the sender as configured makes no mail.
    Later,
}

/// A mail without its envelope, and to whom it goes.
struct Written {
    to: String,
    composed: Composed,
}

/// What is to be done next.
pub(super) fn next(app: &App, found: &Found, now: Timestamp) -> Next {
    let (written, id) = match &found.what {
        What::Mail(mail) => {
            let written = Written { to: mail.to.clone(), composed: mail.compose(&app.settings) };
            (written, mail.id.clone())
        }
        What::Letter(about) => match letter(app, about, now) {
            Ok(written) => (written, id(&found.item.key)),
            Err(next) => return next,
        },
        What::Unreadable => {
            tracing::error!("something on the desk cannot be read and was taken away");
            return Next::Drop;
        }
    };
    seal(app, &written, &id, now)
}

fn seal(app: &App, written: &Written, id: &str, now: Timestamp) -> Next {
    let Some(sender) = &app.settings.mail else { return Next::Later };
    let domain = sender.from_address.rsplit('@').next().unwrap_or_default();
    let envelope = Envelope {
        from: Sender { name: &sender.from_name, address: &sender.from_address },
        to: &written.to,
        message_id: &format!("{id}@{domain}"),
        date: now,
        composed: &written.composed,
        list_unsubscribe: None,
    };
    match envelope.seal() {
        Ok(mail) => Next::Send(mail),
        Err(EnvelopeError::Recipient) => Next::GiveUp(Stuck::BadAddress),
        Err(error) => {
            tracing::error!(%error, "the configured sender makes no mail");
            Next::Later
        }
    }
}

/// The part of a letter's Message-ID before the @: the same for a second copy. A letter's place on the
/// desk follows from its case and its position in the log, under the register's key.
fn id(key: &ItemKey) -> String {
    let digest = blake3::derive_key("demur post room message id", &key.bytes());
    hex::encode(&digest[..16])
}

fn letter(app: &App, about: &About, now: Timestamp) -> Result<Written, Next> {
    let About { letter, cases, purpose } = about;
    let (Some(case), Some(purpose)) = (cases.first(), purpose) else { return Err(Next::Drop) };
    let is_open = case.summary.status.effect() == Effect::Restricted;
    let told = match &letter.refusal {
        Some(_) if !is_open || has_moved_on(case, letter.position) => return Err(Next::Drop),
        Some(_) if purpose.refusals == Refusals::Never => {
            return Err(Next::GiveUp(Stuck::RefusalsForbidden));
        }
        Some(_) => None,
        None => {
            let told = letters::last(case, letter.letter, letter.position);
            Some(told.filter(|told| is_still_due(case, *told)).ok_or(Next::Drop)?)
        }
    };

    let person = case.summary.account.as_ref().and_then(|account| app.directory.person(account));
    let contact = case.contact.as_ref();
    let to = person.as_ref().and_then(|person| person.email.clone());
    let to = to.or_else(|| contact.map(|contact| contact.email.clone()));
    let to = to.ok_or(Next::GiveUp(Stuck::NoAddress))?;
    let language = person.as_ref().and_then(|person| person.language);
    let language = language.or_else(|| Language::from_locale(&contact?.language));

    let settings = app.settings.purpose(&purpose.id).cloned();
    let settings = settings.unwrap_or_else(|| PurposeSettings::of_record(purpose.clone()));
    let zone = person::zone(&settings).map_err(|_| Next::Later)?;
    // The moment of the event, so that a second copy carries the same link.
    let at = told.map_or(now, |told| case.history[told.entry].at);
    let links: Vec<String> = cases.iter().map(|case| link(app, case, at)).collect();
    let numbers: Vec<String> = cases.iter().map(|case| case.summary.case.to_string()).collect();
    let writing = Writing {
        settings: &app.settings,
        purpose: &settings,
        zone: &zone,
        case,
        number: &numbers[0],
        language: language.unwrap_or(Language::ENGLISH),
        country: person.as_ref().and_then(|person| person.country.as_deref()),
        link: &links[0],
    };
    let composed = match (&letter.refusal, told) {
        (Some(refusal), _) => writing.refusal(&Refused {
            by: &refusal.by,
            grounds: &refusal.grounds,
            authority: &refusal.authority,
            court_route: &refusal.court_route,
            decided: zone.to_datetime(now).date(),
        }),
        (None, Some(told)) => {
            let noted = noted(cases, &numbers, &links);
            writing.compose(told, if noted.len() > 1 { &noted } else { &[] })
        }
        (None, None) => return Err(Next::Drop),
    };
    match composed {
        Ok(composed) => Ok(Written { to, composed }),
        Err(error) => {
            tracing::error!(%error, "a letter lacks a part");
            Err(Next::GiveUp(Stuck::Incomplete))
        }
    }
}

/// Whether something was decided since a refusal was written; then it is not sent any more.
fn has_moved_on(case: &Case, position: u64) -> bool {
    let since = |entry: &&HistoryEntry| entry.seq >= position;
    let decides = |status: Status| status != Status::UnderReview;
    case.history.iter().filter(since).any(|entry| entry.what.status().is_some_and(decides))
}

/// A receipt or an extension says nothing any more once the case is decided. A decision is always told.
fn is_still_due(case: &Case, told: Told) -> bool {
    let passing = matches!(told.letter, Letter::Receipt | Letter::Extension);
    !passing || case.summary.status.effect() == Effect::Restricted
}

fn noted<'a>(cases: &'a [Case], numbers: &'a [String], links: &'a [String]) -> Vec<Noted<'a>> {
    let each = cases.iter().zip(numbers).zip(links);
    each.map(|((case, number), link)| {
        let record = case.record.as_ref().map(|record| record.0.as_str());
        Noted { number, record, link }
    })
    .collect()
}

/// The personal address of a case's page, whole.
fn link(app: &App, case: &Case, at: Timestamp) -> String {
    let lasts: Duration = app.settings.times.link;
    let kind = LinkKind::Case(case.summary.case);
    let link = Link { kind, issued_at: at, expires_at: after(at, lasts) };
    format!("{}/c/{}", app.settings.url, app.links.seal(&link))
}
