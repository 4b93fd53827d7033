//! What the tests of the console share: signed-in staff, and forms as a browser sends them.

use std::sync::LazyLock;

use axum::http::StatusCode;
use demur_core::objection::Scopes;
use demur_core::purpose::{Purpose, Review, sample};
use demur_notice::Composed;
use demur_register::event::{Contact, Route, Source, What};
use demur_register::{Case, CaseId, NewObjection};
use demur_web::{Role, acts, staff};
use jiff::{SignedDuration, Timestamp};

use crate::post_room::Sent;
use crate::support::{Answer, PURPOSE, Site, id};

pub const PASSWORD: &str = "correct horse battery";
static HASH: LazyLock<String> = LazyLock::new(|| staff::hash(PASSWORD, [7; 16]).unwrap());

pub fn manual() -> Purpose {
    Purpose { review: Review::Manual, ..sample() }
}

/// Gives someone an account, and returns the cookie of their session.
pub async fn sign_in(site: &Site, name: &str, role: Role) -> String {
    let added = site.register().act(site.app.now(), |act| staff::add(act, name, role, &HASH));
    added.unwrap();
    let form = format!("name={}&password={}", encoded(name), encoded(PASSWORD));
    let answer = site.post("/console/sign-in", &form).await;
    assert_eq!((answer.status, answer.leads_to()), (StatusCode::SEE_OTHER, "/console"));
    answer.cookie().unwrap()
}

pub async fn reviewer(site: &Site, name: &str) -> String {
    sign_in(site, name, Role::Reviewer).await
}

pub async fn auditor(site: &Site) -> String {
    sign_in(site, "Otto", Role::Auditor).await
}

/// An objection of an account, as it arrived some days before now.
pub fn objection(account: &str, received_at: Timestamp) -> NewObjection {
    NewObjection {
        account: Some(id(account)),
        record: None,
        purpose: PURPOSE.into(),
        scopes: Scopes::OWN,
        received_at,
        grounds: None,
        contact: None,
        source: Source::PrivacyCentre,
    }
}

/// Someone without an account who says in words what is meant.
pub fn message(email: &str, grounds: &str, received_at: Timestamp) -> NewObjection {
    let (email, language) = (email.to_owned(), "fr".to_owned());
    NewObjection {
        account: None,
        grounds: Some(grounds.into()),
        contact: Some(Contact { email, language, route: Route::Guardian }),
        ..objection("", received_at)
    }
}

pub fn submit(site: &Site, new: NewObjection) -> CaseId {
    site.register().act(site.app.now(), |act| acts::submit(act, new)).unwrap().case
}

pub fn days_ago(site: &Site, days: i64) -> Timestamp {
    site.app.now() - SignedDuration::from_hours(24 * days)
}

pub fn case(site: &Site, case: CaseId) -> Case {
    site.register().case(&case).unwrap().unwrap()
}

/// What the events of a case are called, without who looked.
pub fn events(site: &Site, number: CaseId) -> Vec<&'static str> {
    let history = case(site, number).history;
    let looks = |what: &&What| !matches!(what, What::CaseViewed(_));
    history.iter().map(|entry| &entry.what).filter(looks).map(What::name).collect()
}

/// Who looked at a case, in turn.
pub fn looks(site: &Site, number: CaseId) -> Vec<String> {
    let history = case(site, number).history;
    let looks = history.into_iter().filter(|entry| matches!(entry.what, What::CaseViewed(_)));
    looks.map(|entry| entry.personal.unwrap().by.unwrap()).collect()
}

/// The form on a page that leads to an address: its hidden fields, ready to be sent.
pub fn fields(page: &Answer, action: &str) -> String {
    let start = page.body.find(&format!("action=\"{action}\"")).expect("there is such a form");
    let form = &page.body[start..];
    let form = &form[..form.find("</form>").unwrap()];
    let hidden = form.split("<input type=\"hidden\" name=\"").skip(1);
    let field = |text: &str| {
        let (name, rest) = text.split_once("\" value=\"").unwrap();
        let (value, _) = rest.split_once('"').unwrap();
        format!("{name}={}", encoded(&unescaped(value)))
    };
    hidden.map(field).collect::<Vec<_>>().join("&")
}

/// A value as a form sends it.
pub fn encoded(value: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    value.bytes().map(byte).collect()
}

fn unescaped(text: &str) -> String {
    let entities =
        [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, c)| text.replace(entity, c))
}

/// The letter in a message as a page shows it, with the personal link as a preview has it.
pub fn letter(mail: &Sent) -> String {
    let part = mail.raw.split("Content-Type: text/html").nth(1).unwrap();
    let body = part.split_once("\r\n\r\n").unwrap().1;
    let quoted = part.split("\r\n\r\n").next().unwrap().contains("quoted-printable");
    let html = if quoted { unquoted(body) } else { body.to_owned() };
    let html = html.replace("\r\n", "\n");
    let page = Composed {
        language: demur_notice::Language::ENGLISH,
        subject: String::new(),
        text: String::new(),
        html,
    }
    .for_page();
    let (before, rest) = page.split_once("/c/").unwrap();
    let (_, after) = rest.split_once('"').unwrap();
    format!("{before}/c/…\"{after}")
}

/// Quoted-printable, read (RFC 2045).
fn unquoted(text: &str) -> String {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut parts = text.split('=');
    bytes.extend(parts.next().unwrap().bytes());
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend(part[2..].bytes());
    }
    String::from_utf8(bytes).unwrap()
}
