//! What the desk holds of somebody on their way through the form. A ticket is a random number that only
//! the address of their page holds; what lies under it is sealed.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use demur_notice::Language;
use demur_register::desk::Drawer;
use demur_register::{Act, Error, Register};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::guard::after;
use crate::mails::{self, MailKind};

/// Digits of a code: few enough to type, too many to guess in [`TRIES`].
const DIGITS: usize = 8;
/// How often a code may be entered wrongly.
const TRIES: u8 = 5;
/// How long a confirmed address may be used: nobody should have to hurry with a form.
const CONFIRMED: Duration = Duration::from_secs(24 * 60 * 60);

/// The number of a ticket.
pub(super) type Ticket = [u8; 32];

/// Somebody who asked for a code.
#[derive(Serialize, Deserialize)]
pub(super) struct Asked {
    pub(super) email: String,
    /// The code's digest, keyed with the ticket: neither is of use without the other.
    digest: String,
    /// How often another code was entered.
    wrong: u8,
}

/// Somebody who has entered it.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Confirmed {
    pub(super) email: String,
    /// What their last form brought: the cases, and the record that each names.
    pub(super) done: Vec<(String, Option<String>)>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stored {
    Asked(Asked),
    Confirmed(Confirmed),
}

/// A ticket as it stands in an address.
pub(super) fn written(ticket: &Ticket) -> String {
    URL_SAFE_NO_PAD.encode(ticket)
}

/// A ticket from an address.
pub(super) fn read(text: &str) -> Option<Ticket> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

/// Makes a code for an address and lays the mail with it on the desk. It does the same for every address.
pub(super) fn ask(
    act: &mut Act<'_, '_>,
    email: &str,
    language: Language,
    lasts: Duration,
) -> Result<Ticket, Error> {
    let ticket: Ticket = act.random();
    let number = u64::from_le_bytes(act.random()) % 10_u64.pow(DIGITS as u32);
    let code = format!("{number:0DIGITS$}");
    let digest = digest(&ticket, &code).to_hex().to_string();
    let asked = Stored::Asked(Asked { email: email.to_owned(), digest, wrong: 0 });
    let until = after(act.at(), lasts);
    act.put(Drawer::Code, &ticket, until, None, &text(&asked))?;
    let (left, right) = code.split_at(DIGITS / 2);
    let code = MailKind::Code { code: format!("{left} {right}"), minutes: lasts.as_secs() / 60 };
    mails::put(act, email, language, code)?;
    Ok(ticket)
}

/// Somebody who waits for a code.
pub(super) fn asked(
    register: &Register,
    ticket: &Ticket,
    now: Timestamp,
) -> Result<Option<Asked>, Error> {
    let item = register.item(Drawer::Code, ticket)?.filter(|item| item.due > now);
    Ok(item.and_then(|item| match serde_json::from_str(&item.text) {
        Ok(Stored::Asked(asked)) => Some(asked),
        _ => None,
    }))
}

/// Enters a code: a right one is used up and opens the form, a wrong one counts.
pub(super) fn enter(
    act: &mut Act<'_, '_>,
    ticket: &Ticket,
    code: &str,
) -> Result<Option<Ticket>, Error> {
    let now = act.at();
    let Some(item) = act.item(Drawer::Code, ticket)?.filter(|item| item.due > now) else {
        return Ok(None);
    };
    let Ok(Stored::Asked(mut asked)) = serde_json::from_str(&item.text) else { return Ok(None) };
    // Comparing two hashes takes the same time wherever they differ.
    let is_right =
        blake3::Hash::from_hex(&asked.digest).is_ok_and(|known| known == digest(ticket, code));
    if is_right {
        act.remove(&item.key)?;
        let opened: Ticket = act.random();
        let confirmed = Confirmed { email: asked.email, done: Vec::new() };
        let until = after(now, CONFIRMED);
        act.put(Drawer::Code, &opened, until, None, &text(&Stored::Confirmed(confirmed)))?;
        return Ok(Some(opened));
    }
    asked.wrong += 1;
    if asked.wrong >= TRIES {
        act.remove(&item.key)?;
    } else {
        act.put_back(&item.key, item.due, &text(&Stored::Asked(asked)))?;
    }
    Ok(None)
}

/// Somebody whose address is confirmed.
pub(super) fn confirmed(
    register: &Register,
    ticket: &Ticket,
    now: Timestamp,
) -> Result<Option<Confirmed>, Error> {
    let item = register.item(Drawer::Code, ticket)?.filter(|item| item.due > now);
    Ok(item.and_then(|item| match serde_json::from_str(&item.text) {
        Ok(Stored::Confirmed(confirmed)) => Some(confirmed),
        _ => None,
    }))
}

/// Notes what a form brought, for the page that says so.
pub(super) fn note(
    act: &mut Act<'_, '_>,
    ticket: &Ticket,
    confirmed: Confirmed,
) -> Result<(), Error> {
    let Some(item) = act.item(Drawer::Code, ticket)? else { return Ok(()) };
    act.put_back(&item.key, item.due, &text(&Stored::Confirmed(confirmed)))
}

fn digest(ticket: &Ticket, code: &str) -> blake3::Hash {
    blake3::keyed_hash(ticket, code.as_bytes())
}

fn text(stored: &Stored) -> String {
    serde_json::to_string(stored).unwrap_or_default()
}
