//! The direct link `/o/TOKEN`: looking shows what will happen, and only the button does it. Mail
//! scanners that open every link change nothing.

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use demur_core::objection::{Effect, Scope, Scopes};
use demur_core::purpose::Review;
use demur_notice::messages::Arg;
use demur_register::event::Source;
use demur_register::{CaseFilter, Link, LinkKind, LinkState, NewObjection, Submitted};
use serde::Deserialize;

use crate::acts;
use crate::app::{App, Shared};
use crate::directory::Person;
use crate::guard::Visitor;
use crate::settings::PurposeSettings;
use crate::site::frame::{Frame, html};
use crate::site::limits::network;
use crate::site::problem::Problem;

/// The page before the decision.
#[derive(Template)]
#[template(path = "person/link.html")]
struct Page {
    frame: Frame,
    intro: String,
    advised: String,
    automatic: bool,
    scopes: Vec<Choice>,
    kinds: Vec<String>,
    already: Option<String>,
    case: Option<String>,
}

/// A scope to choose.
struct Choice {
    value: &'static str,
    label: String,
    about: String,
    chosen: bool,
}

/// The page after it.
#[derive(Template)]
#[template(path = "person/link_done.html")]
struct Done {
    frame: Frame,
    text: String,
    case: Option<String>,
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
    let Some(opened) = open(&app, &visitor, &token)? else { return Ok(invalid(&app, &visitor)) };
    let visitor = visitor.speaking(opened.person.language);
    let link = opened.link.clone();
    let (account, purpose) = (opened.person.account.clone(), opened.purpose.clone());
    let now = app.now();
    let (state, cases) = app
        .registry
        .read(move |register| {
            let filter = CaseFilter {
                account: Some(account),
                purpose: Some(purpose),
                ..CaseFilter::default()
            };
            Ok((register.link_state(&link, now)?, register.cases(&filter, 100)?))
        })
        .await?;
    if state != LinkState::Valid {
        return Ok(invalid(&app, &visitor));
    }
    let settings = app.settings.purpose(&opened.purpose).ok_or(Problem::NotFound)?;
    let known = cases.iter().find(|case| {
        case.status.effect() != Effect::None && !case.names_record && case.scopes == Scopes::OWN
    });
    let frame = Frame::new(&app, &visitor, "link-title", &[]);
    let zone = super::zone(settings)?;
    let already = known.map(|case| {
        let date = zone.to_datetime(case.received_at).date();
        let number = case.case.to_string();
        frame.text("link-already", &[("date", date.into()), ("case", (&number).into())])
    });
    let case = known.map(|case| super::case_address(&app, case.case));
    let page = page(&app, frame, settings, already, case);
    Ok(html(StatusCode::OK, &page))
}

fn page(
    app: &App,
    frame: Frame,
    settings: &PurposeSettings,
    already: Option<String>,
    case: Option<String>,
) -> Page {
    let purpose = &settings.purpose;
    let language = frame.language;
    let args: [(&str, Arg<'_>); 3] = [
        ("controller", (&purpose.controller).into()),
        ("purpose", (&settings.text(language).title).into()),
        ("starts", purpose.starts_on.into()),
    ];
    let today = super::zone(settings).map(|zone| zone.to_datetime(app.now()).date());
    let begun = today.is_ok_and(|today| today >= purpose.starts_on);
    let advised = if begun {
        frame.text("privacy-later", &[("starts", purpose.starts_on.into())])
    } else {
        frame.text("privacy-advised", &[("date", purpose.object_by.into())])
    };
    Page {
        intro: frame.text("link-intro", &args),
        advised,
        automatic: purpose.review == Review::Automatic,
        scopes: Scope::ALL
            .into_iter()
            .map(|scope| Choice {
                value: scope.name(),
                label: demur_notice::messages::scope(language, scope),
                about: frame.t(&format!("{}-about", demur_notice::messages::scope_id(scope))),
                chosen: Scopes::OWN.contains(scope),
            })
            .collect(),
        kinds: purpose
            .content
            .keys()
            .map(|kind| demur_notice::messages::kind(language, kind))
            .collect(),
        already,
        case,
        frame,
    }
}

/// Objects, or leaves everything as it is.
pub(super) async fn act(
    State(app): State<Shared>,
    Path(token): Path<String>,
    visitor: Visitor,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Problem> {
    let Some(opened) = open(&app, &visitor, &token)? else { return Ok(invalid(&app, &visitor)) };
    let visitor = visitor.speaking(opened.person.language);
    let sent = match sent {
        Ok(Form(sent)) => sent,
        // No form at all: the link was posted to as it is.
        Err(FormRejection::InvalidFormContentType(_)) => Sent::default(),
        Err(_) => return Err(Problem::Unreadable),
    };
    if sent.leave.is_some() {
        let frame = Frame::new(&app, &visitor, "link-left-title", &[]);
        let text = frame.t("link-left");
        return Ok(html(StatusCode::OK, &Done { frame, text, case: None }));
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
        return Ok(crate::guard::see_other(&visitor.path));
    }
    let link = opened.link.clone();
    let submitted = app
        .registry
        .act(move |act| match act.link_state(&link, now)? {
            LinkState::Valid => acts::submit(act, new).map(Some),
            LinkState::Expired | LinkState::Revoked => Ok(None),
        })
        .await?;
    let Some(Submitted { case, .. }) = submitted else { return Ok(invalid(&app, &visitor)) };
    let frame = Frame::new(&app, &visitor, "link-done-title", &[]);
    let date = super::zone(settings)?.to_datetime(now).date();
    let number = case.to_string();
    let text = frame.text("link-done", &[("date", date.into()), ("case", (&number).into())]);
    let case = Some(super::case_address(&app, case));
    Ok(html(StatusCode::OK, &Done { frame, text, case }))
}

/// What a token leads to; `None` where it leads nowhere any more.
fn open(app: &App, visitor: &Visitor, token: &str) -> Result<Option<Opened>, Problem> {
    let link = app.links.open(token);
    let Some(Link { kind: LinkKind::Object { account, purpose }, .. }) = &link else {
        // Whoever tries tokens out is slowed down.
        if let Some(address) = visitor.address {
            app.limits.guesses.take(&network(address))?;
        }
        return Ok(None);
    };
    if app.settings.purpose(purpose).is_none() {
        return Ok(None);
    }
    // An account that is gone from the facts can still be objected for.
    let person = app.directory.person(account).unwrap_or_else(|| Person {
        account: account.clone(),
        accounts: vec![account.clone()],
        email: None,
        language: None,
        country: None,
    });
    let purpose = purpose.clone();
    Ok(link.map(|link| Opened { link, person, purpose }))
}

/// The page for links that no longer work: it objects all the same.
pub(super) fn invalid(app: &App, visitor: &Visitor) -> Response {
    let frame = Frame::new(app, visitor, "link-invalid-title", &[]);
    let text = frame.t("link-invalid");
    html(StatusCode::OK, &Invalid { frame, text })
}

#[derive(Template)]
#[template(path = "person/link_invalid.html")]
struct Invalid {
    frame: Frame,
    text: String,
}
