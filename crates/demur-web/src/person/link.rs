//! The direct link `/o/TOKEN`: looking shows what will happen, and only the button does it. Mail
//! scanners that open every link change nothing.

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use demur_core::objection::{Scope, Scopes};
use demur_core::purpose::Review;
use demur_register::event::Source;
use demur_register::{CaseId, CaseSummary, Link, LinkKind, LinkState, NewObjection};
use jiff::civil::Date;
use serde::Deserialize;

use crate::acts;
use crate::app::{App, Shared};
use crate::directory::Person;
use crate::guard::Visitor;
use crate::person::held::{self, Held};
use crate::person::identify;
use crate::person::used::{Choice, Used, choices};
use crate::settings::PurposeSettings;
use crate::site::frame::{Frame, html};
use crate::site::limits::{Limit, take_from};
use crate::site::problem::Problem;

/// The page before the decision.
#[derive(Template)]
#[template(path = "person/link.html")]
struct Page {
    frame: Frame,
    used: Used,
    automatic: bool,
    scopes: Vec<Choice>,
    privacy: String,
}

/// The page after it.
#[derive(Template)]
#[template(path = "person/link_done.html")]
struct Done {
    frame: Frame,
    text: String,
    case: Option<String>,
    privacy: String,
}

/// What the form sends.
#[derive(Default, Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    leave: Option<String>,
    #[serde(default)]
    public_content: Option<String>,
    #[serde(default)]
    ai_interactions: Option<String>,
    #[serde(default)]
    third_party: Option<String>,
    #[serde(default)]
    narrowed: Option<String>,
}

impl Sent {
    /// What is objected to. A form that names nothing, as from a mail program's one-click button, means
    /// all that is the person's own.
    fn scopes(&self) -> Scopes {
        let all = [
            (Scope::PublicContent, &self.public_content),
            (Scope::AiInteractions, &self.ai_interactions),
            (Scope::ThirdParty, &self.third_party),
        ];
        let chosen: Scopes =
            all.into_iter().filter(|(_, sent)| sent.is_some()).map(|(scope, _)| scope).collect();
        if chosen.is_empty() && self.narrowed.is_none() { Scopes::OWN } else { chosen }
    }
}

/// A link that may be acted on, and what it leads to.
struct Opened {
    link: Link,
    person: Person,
    purpose: String,
}

/// Shows what the link is for.
pub(super) async fn show(
    State(app): State<Shared>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let Some(opened) = open(&app, &visitor, &token).await? else {
        return Ok(invalid(&app, &visitor));
    };
    let visitor = visitor.speaking(opened.person.language);
    let link = opened.link.clone();
    let now = app.now();
    let state = app.registry.read(move |register| register.link_state(&link, now)).await?;
    if state != LinkState::Valid {
        return Ok(invalid(&app, &visitor));
    }
    let settings = app.settings.purpose(&opened.purpose).ok_or(Problem::NotFound)?;
    let cases = held::cases(&app, &opened.person).await?;
    if let Some(case) = known(&cases, &opened.purpose, Scopes::OWN) {
        return already(&app, &visitor, settings, case, &token);
    }
    let frame = Frame::new(&app, &visitor, "link-title", &[]);
    let page = Page {
        used: Used::of(&app, &frame, settings)?,
        automatic: settings.purpose.review == Review::Automatic,
        scopes: choices(&frame, Scope::ALL.into_iter().collect(), Scopes::OWN),
        privacy: privacy(&frame, &token),
        frame,
    };
    Ok(html(StatusCode::OK, &page))
}

/// Objects, or leaves everything as it is.
pub(super) async fn act(
    State(app): State<Shared>,
    Path(token): Path<String>,
    visitor: Visitor,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Problem> {
    let Some(opened) = open(&app, &visitor, &token).await? else {
        return Ok(invalid(&app, &visitor));
    };
    let visitor = visitor.speaking(opened.person.language);
    let sent = match sent {
        Ok(Form(sent)) => sent,
        // No form at all: the link was posted to as it is.
        Err(FormRejection::InvalidFormContentType(_)) => Sent::default(),
        Err(_) => return Err(Problem::Unreadable),
    };
    if sent.leave.is_some() {
        let frame = Frame::new(&app, &visitor, "link-left-title", &[]);
        let (text, privacy) = (frame.t("link-left"), privacy(&frame, &token));
        return Ok(html(StatusCode::OK, &Done { frame, text, case: None, privacy }));
    }
    let settings = app.settings.purpose(&opened.purpose).ok_or(Problem::NotFound)?;
    let now = app.now();
    let new = NewObjection {
        account: Some(opened.person.account.clone()),
        record: None,
        purpose: opened.purpose.clone(),
        scopes: sent.scopes(),
        received_at: now,
        grounds: None,
        contact: None,
        source: Source::DirectLink,
    };
    if new.scopes.is_empty() {
        return Ok(visitor.go(&visitor.path));
    }
    // Taken in for this account even if another account's case covers it: that holds only as long as the
    // account facts say that both are one person's.
    let link = opened.link.clone();
    let submitted = app
        .registry
        .act(move |act| match act.link_state(&link, now)? {
            LinkState::Expired | LinkState::Revoked => Ok(None),
            LinkState::Valid => {
                acts::submit(act, new).map(|submitted| Some((submitted.case, submitted.is_new)))
            }
        })
        .await?;
    match submitted {
        None => Ok(invalid(&app, &visitor)),
        Some((case, true)) => {
            let date = super::zone(settings)?.to_datetime(now).date();
            Ok(done(&app, &visitor, ("link-done-title", "link-done"), case, date, &token))
        }
        Some((case, false)) => {
            let known = held::own(&app, &opened.person, case).await?.ok_or(Problem::Internal)?;
            already(&app, &visitor, settings, &known.summary, &token)
        }
    }
}

/// Opens a session for whoever holds the link: they need not say again who they are.
pub(super) async fn enter(
    State(app): State<Shared>,
    Path(token): Path<String>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let Some(opened) = open(&app, &visitor, &token).await? else {
        return Ok(invalid(&app, &visitor));
    };
    let visitor = visitor.speaking(opened.person.language);
    let (link, now) = (opened.link, app.now());
    let state = app.registry.read(move |register| register.link_state(&link, now)).await?;
    match state {
        LinkState::Valid => identify::admit(&app, &visitor, opened.person.account).await,
        LinkState::Expired | LinkState::Revoked => Ok(invalid(&app, &visitor)),
    }
}

/// The case that covers all of this, on whichever account of the person.
fn known<'c>(cases: &'c [Held], purpose: &str, wanted: Scopes) -> Option<&'c CaseSummary> {
    cases.iter().map(|held| &held.summary).find(|case| {
        case.purpose == purpose
            && !case.names_record
            && held::is_in_force(case)
            && held::left(wanted, case.scopes).is_empty()
    })
}

/// The page for someone who has said it before.
fn already(
    app: &App,
    visitor: &Visitor,
    settings: &PurposeSettings,
    case: &CaseSummary,
    token: &str,
) -> Result<Response, Problem> {
    let date = super::zone(settings)?.to_datetime(case.received_at).date();
    Ok(done(app, visitor, ("link-already-title", "link-already"), case.case, date, token))
}

fn done(
    app: &App,
    visitor: &Visitor,
    (title, text): (&str, &str),
    case: CaseId,
    date: Date,
    token: &str,
) -> Response {
    let frame = Frame::new(app, visitor, title, &[]);
    let number = case.to_string();
    let text = frame.text(text, &[("date", date.into()), ("case", (&number).into())]);
    let case = Some(frame.to(&super::case_address(app, case)));
    let privacy = privacy(&frame, token);
    html(StatusCode::OK, &Done { frame, text, case, privacy })
}

/// Where the link's holder opens the privacy centre.
fn privacy(frame: &Frame, token: &str) -> String {
    frame.to(&format!("/o/{token}/privacy"))
}

/// What a token leads to; `None` where it leads nowhere any more.
async fn open(app: &App, visitor: &Visitor, token: &str) -> Result<Option<Opened>, Problem> {
    let link = app.links.open(token);
    let Some(Link { kind: LinkKind::Object { account, purpose }, .. }) = &link else {
        // Whoever tries tokens out is slowed down.
        take_from(app, Limit::Guesses, visitor.address).await?;
        return Ok(None);
    };
    if app.settings.purpose(purpose).is_none() {
        return Ok(None);
    }
    let person = super::person(app, account);
    let purpose = purpose.clone();
    Ok(link.map(|link| Opened { link, person, purpose }))
}

/// The page for links that no longer work: it objects all the same.
pub(super) fn invalid(app: &App, visitor: &Visitor) -> Response {
    let frame = Frame::new(app, visitor, "link-invalid-title", &[]).at("/privacy");
    let text = frame.t("link-invalid");
    html(StatusCode::OK, &Invalid { frame, text, email: String::new(), error: None })
}

#[derive(Template)]
#[template(path = "person/link_invalid.html")]
struct Invalid {
    frame: Frame,
    text: String,
    email: String,
    error: Option<String>,
}
