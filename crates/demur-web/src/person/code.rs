//! One-time codes by e-mail. What the page says, what is written and how long it takes is the same
//! whether or not an account has the address; only the mailbox learns which.

use askama::Template;
use axum::Form;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use demur_core::id::AccountId;
use demur_notice::Language;
use demur_register::desk::Drawer;
use demur_register::{Act, Error, account_text, parse_account};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::app::{App, Shared};
use crate::guard::{Visitor, after};
use crate::mails::{self, MailKind};
use crate::person::centre::Asked;
use crate::person::identify::{self, NoAddress};
use crate::person::person;
use crate::site::frame::{Frame, html};
use crate::site::limits::{Limit, take, take_from};
use crate::site::problem::Problem;

/// Digits of a code: few enough to type, too many to guess in [`TRIES`].
const DIGITS: usize = 8;
/// How often a code may be entered wrongly.
const TRIES: u8 = 5;
/// The longest address that mail knows (RFC 5321).
const LONGEST_ADDRESS: usize = 254;

/// What the desk holds of a code.
#[derive(Serialize, Deserialize)]
struct Waiting {
    /// Keyed with the form's own number, so that neither is of use without the other.
    digest: String,
    /// Whose accounts the address belongs to, person by person; empty where to nobody's.
    people: Vec<Vec<String>>,
    /// How often another code was entered.
    tries: u8,
}

/// The form for an address.
#[derive(Deserialize)]
pub(super) struct Address {
    #[serde(default)]
    email: String,
}

/// The form for a code.
#[derive(Default, Deserialize)]
pub(super) struct Entered {
    /// The form's own number.
    #[serde(default)]
    at: String,
    #[serde(default)]
    code: String,
    /// Whose, where several people have one address.
    #[serde(default)]
    account: Option<String>,
}

#[derive(Template)]
#[template(path = "person/code.html")]
struct Page {
    frame: Frame,
    at: String,
    sent: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "person/choose.html")]
struct Choose {
    frame: Frame,
    at: String,
    code: String,
    people: Vec<Chosen>,
    error: Option<String>,
}

/// Someone to choose: what the form sends, and the accounts that they have.
struct Chosen {
    value: String,
    label: String,
}

/// What became of an entered code.
enum Outcome {
    Wrong,
    Choose(Vec<Vec<String>>),
    Right(String),
}

/// Sends a code.
pub(super) async fn ask(
    State(app): State<Shared>,
    visitor: Visitor,
    sent: Result<Form<Address>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(Address { email }) = sent.map_err(|_| Problem::Unreadable)?;
    let email = email.trim();
    if !is_address(email) {
        let wrong = NoAddress(email.to_owned());
        return identify::page(&app, &visitor, &Asked::default(), Some(wrong));
    }
    take_from(&app, Limit::Asks, visitor.address).await?;
    take(&app, Limit::Codes, &email.to_lowercase()).await?;

    let people = people(&app, email);
    let known = people.iter().flatten().find_map(|account| app.directory.person(account));
    // What is on record counts, not what was typed: the two may be different mailboxes that some
    // comparison takes for one.
    let to = known.as_ref().and_then(|person| person.email.clone());
    let to = to.unwrap_or_else(|| email.to_owned());
    let language = known.and_then(|person| person.language).unwrap_or(visitor.language);
    let until = after(app.now(), app.settings.times.code);
    let minutes = app.settings.times.code.as_secs() / 60;
    let nonce =
        app.registry.act(move |act| write(act, &people, &to, language, until, minutes)).await?;
    Ok(visitor.go(&address(&URL_SAFE_NO_PAD.encode(nonce))))
}

/// Shows the form for the code.
pub(super) async fn show(
    State(app): State<Shared>,
    visitor: Visitor,
    asked: Result<Query<Entered>, QueryRejection>,
) -> Response {
    match asked {
        Ok(Query(asked)) if !asked.at.is_empty() => page(&app, &visitor, asked.at, false),
        _ => visitor.go("/privacy"),
    }
}

/// Takes the code, once.
pub(super) async fn enter(
    State(app): State<Shared>,
    visitor: Visitor,
    sent: Result<Form<Entered>, FormRejection>,
) -> Result<Response, Problem> {
    let Form(Entered { at, code, account }) = sent.map_err(|_| Problem::Unreadable)?;
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let nonce: Option<[u8; 32]> =
        URL_SAFE_NO_PAD.decode(&at).ok().and_then(|bytes| bytes.try_into().ok());
    let outcome = match nonce {
        None => Outcome::Wrong,
        Some(nonce) => {
            let (now, code, account) = (app.now(), code.clone(), account.clone());
            app.registry.act(move |act| check(act, &nonce, &code, account.as_deref(), now)).await?
        }
    };
    match outcome {
        Outcome::Right(account) => {
            let account = parse_account(&account).ok_or(Problem::Internal)?;
            identify::admit(&app, &visitor, account).await
        }
        Outcome::Choose(people) => {
            let people = people.into_iter().filter_map(chosen).collect();
            let frame = Frame::new(&app, &visitor, "privacy-choose-title", &[]).at(&address(&at));
            let wrong = account.is_some().then(|| frame.t("privacy-choose-account"));
            let status =
                if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            Ok(html(status, &Choose { frame, at, code, people, error: wrong }))
        }
        Outcome::Wrong => {
            take_from(&app, Limit::Guesses, visitor.address).await?;
            Ok(page(&app, &visitor, at, true))
        }
    }
}

fn page(app: &App, visitor: &Visitor, at: String, is_wrong: bool) -> Response {
    let frame = Frame::new(app, visitor, "privacy-code-title", &[]).at(&address(&at));
    let minutes = app.settings.times.code.as_secs() / 60;
    let sent = frame.text("form-code-sent", &[("minutes", minutes.into())]);
    let error = is_wrong.then(|| frame.t("form-code-invalid"));
    let status = if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    html(status, &Page { frame, at, sent, error })
}

/// Where the form for a code is found again.
fn address(at: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    // What was not made here need not be kept.
    let at = if at.chars().all(is_plain) { at } else { "x" };
    format!("/privacy/enter?at={at}")
}

/// The people who have an address, each with all their accounts that have it.
fn people(app: &App, email: &str) -> Vec<Vec<AccountId>> {
    let mut people: Vec<Vec<AccountId>> = Vec::new();
    for account in app.directory.with_email(email) {
        let all = person(app, &account).accounts;
        match people.iter_mut().find(|known| known.iter().any(|other| all.contains(other))) {
            Some(known) => known.push(account),
            None => people.push(vec![account]),
        }
    }
    people
}

/// Writes a code and its mail; for an address that nobody has, the same amount of both.
fn write(
    act: &mut Act<'_, '_>,
    people: &[Vec<AccountId>],
    to: &str,
    language: Language,
    until: Timestamp,
    minutes: u64,
) -> Result<[u8; 32], Error> {
    let nonce: [u8; 32] = act.random();
    let number = u64::from_le_bytes(act.random()) % 10_u64.pow(DIGITS as u32);
    let code = format!("{number:0DIGITS$}");
    let waiting = Waiting {
        digest: keyed(&nonce, &code).to_hex().to_string(),
        people: people.iter().map(|all| all.iter().map(account_text).collect()).collect(),
        tries: 0,
    };
    act.put(Drawer::Code, &nonce, until, None, &text(&waiting))?;
    let mail = if people.is_empty() {
        MailKind::NoAccount {}
    } else {
        let (left, right) = code.split_at(DIGITS / 2);
        MailKind::Code { code: format!("{left} {right}"), minutes }
    };
    mails::put(act, to, language, mail)?;
    Ok(nonce)
}

/// Compares a code, counts a wrong one, uses up a right one.
fn check(
    act: &mut Act<'_, '_>,
    nonce: &[u8; 32],
    code: &str,
    account: Option<&str>,
    now: Timestamp,
) -> Result<Outcome, Error> {
    let Some(item) = act.item(Drawer::Code, nonce)?.filter(|item| item.due > now) else {
        return Ok(Outcome::Wrong);
    };
    let Ok(mut waiting) = serde_json::from_str::<Waiting>(&item.text) else {
        return Ok(Outcome::Wrong);
    };
    // Comparing two hashes takes the same time wherever they differ.
    let is_right =
        blake3::Hash::from_hex(&waiting.digest).is_ok_and(|known| known == keyed(nonce, code));
    if !is_right || waiting.people.is_empty() {
        waiting.tries += 1;
        if waiting.tries >= TRIES {
            act.remove(&item.key)?;
        } else {
            act.put_back(&item.key, item.due, &text(&waiting))?;
        }
        return Ok(Outcome::Wrong);
    }
    let chosen = match (waiting.people.as_slice(), account) {
        ([only], _) => only.first().cloned(),
        (several, Some(wanted)) => several.iter().flatten().find(|one| *one == wanted).cloned(),
        (_, None) => None,
    };
    match chosen {
        Some(account) => {
            act.remove(&item.key)?;
            Ok(Outcome::Right(account))
        }
        None => Ok(Outcome::Choose(waiting.people)),
    }
}

fn chosen(accounts: Vec<String>) -> Option<Chosen> {
    let value = accounts.first()?.clone();
    let labels: Vec<String> =
        accounts.iter().filter_map(|a| Some(parse_account(a)?.to_string())).collect();
    Some(Chosen { value, label: labels.join(", ") })
}

fn keyed(nonce: &[u8; 32], code: &str) -> blake3::Hash {
    blake3::keyed_hash(nonce, code.as_bytes())
}

fn text(waiting: &Waiting) -> String {
    serde_json::to_string(waiting).unwrap_or_default()
}

/// Whether a mail could go there, as far as its look says.
pub(super) fn is_address(text: &str) -> bool {
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>,;\"()".contains(c);
    text.len() <= LONGEST_ADDRESS
        && text.chars().all(is_plain)
        && text.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && !domain.contains('@')
                && domain.split('.').count() > 1
                && domain.split('.').all(|part| !part.is_empty())
        })
}
