//! Who is asking, and whether they may: looked at before any handler runs.
//!
//! A session is an item on the register's desk under a random token that only the visitor's cookie
//! holds. People, reviewers and auditors have sessions of the same make; who may go where stands with
//! each address in [`crate::routes`].

use std::net::IpAddr;
use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use demur_core::id::AccountId;
use demur_notice::Language;
use demur_register::desk::{Drawer, ItemKey};
use demur_register::{account_text, parse_account};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::api::key;
use crate::app::{App, Shared};
use crate::registry::Failed;
use crate::routes::Access;
use crate::site::frame::in_language;
use crate::site::problem::Problem;
use crate::site::{client, origin};
use crate::staff;

/// What a reviewer's account may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Looks and decides.
    Reviewer,
    /// Looks only.
    Auditor,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Someone whose data is used.
    Person(AccountId),
    /// Someone who works on cases.
    Staff {
        /// Their name, as letters and the log have it.
        name: String,
        /// What they may do.
        role: Role,
    },
}

/// Someone who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    /// Where the session lies.
    pub(crate) key: ItemKey,
    /// Who it is.
    pub(crate) who: Who,
}

/// Whoever sent a request. Every handler may ask for it.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// The address asked for, without its query.
    pub(crate) path: String,
    /// The language in which they are answered.
    pub(crate) language: Language,
    /// Whether the address itself asks for that language.
    pub(crate) chose_language: bool,
    /// Where the request comes from, for limits.
    pub(crate) address: Option<IpAddr>,
    /// Whether their browser sends `Sec-GPC: 1` (Art. 21(5)).
    pub(crate) signal: bool,
    /// Who is signed in.
    pub(crate) session: Option<Session>,
}

/// A session as the desk holds it.
#[derive(Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "lowercase")]
enum Stored {
    Person {
        account: String,
    },
    Staff {
        name: String,
        role: Role,
        /// Since when; what ends somebody's sessions ends those of before.
        #[serde(default)]
        since: Timestamp,
    },
}

impl Visitor {
    /// Whoever sent this, as far as the request alone says.
    pub(crate) fn stranger(app: &App, request: &Parts) -> Self {
        let headers = &request.headers;
        let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let chosen = chosen(&request.uri);
        Visitor {
            path: request.uri.path().to_owned(),
            language: chosen.unwrap_or_else(|| Language::negotiate(None, accepted)),
            chose_language: chosen.is_some(),
            address: client::address(&request.extensions, headers, app.settings.proxies),
            signal: headers.get("sec-gpc").is_some_and(|value| value == "1"),
            session: None,
        }
    }

    /// The account of a person who is signed in.
    pub(crate) fn account(&self) -> Option<&AccountId> {
        match &self.session.as_ref()?.who {
            Who::Person(account) => Some(account),
            Who::Staff { .. } => None,
        }
    }

    /// Name and role of a reviewer or auditor who is signed in.
    pub(crate) fn staff(&self) -> Option<(&str, Role)> {
        match &self.session.as_ref()?.who {
            Who::Staff { name, role } => Some((name, *role)),
            Who::Person(_) => None,
        }
    }

    /// Sends them on to another page of this site, in the language that they chose.
    pub(crate) fn go(&self, path: &str) -> Response {
        see_other(&in_language(path, self.chose_language.then_some(self.language)))
    }

    /// The same visitor, answered in the language of an account, unless they chose another.
    pub(crate) fn speaking(mut self, account: Option<Language>) -> Self {
        if let (false, Some(language)) = (self.chose_language, account) {
            self.language = language;
        }
        self
    }
}

/// The language that the address itself asks for.
fn chosen(uri: &Uri) -> Option<Language> {
    let query = uri.query()?;
    let tag = query.split('&').find_map(|pair| pair.strip_prefix("lang="))?;
    Language::all().find(|language| language.code() == tag)
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // The guard puts it there before any handler runs.
        parts.extensions.get::<Visitor>().cloned().ok_or(Problem::Internal)
    }
}

/// Stands before a handler: finds out who asks, and lets through whom `access` admits.
pub(crate) async fn stand(
    State((app, access)): State<(Shared, Access)>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    if let Access::Key(scope) = access {
        return match key::admit(&app, scope, &parts).await {
            Ok(caller) => {
                parts.extensions.insert(caller);
                next.run(Request::from_parts(parts, body)).await
            }
            Err(problem) => problem.into_response(),
        };
    }
    match admit(&app, access, &parts).await {
        Ok(visitor) => {
            parts.extensions.insert(visitor);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(Refused::Sign(page)) => see_other(page),
        Err(Refused::With(problem)) => problem.into_response(),
    }
}

enum Refused {
    /// Signing in may help.
    Sign(&'static str),
    With(Problem),
}

async fn admit(app: &Shared, access: Access, request: &Parts) -> Result<Visitor, Refused> {
    let mut visitor = Visitor::stranger(app, request);
    if !origin::may_act(&request.method, &request.headers, &app.settings.url) {
        return Err(Refused::With(Problem::Stale));
    }
    if let Some(token) = cookie(app, &request.headers, SESSION) {
        visitor.session = find(app, token).await.map_err(|failed| Refused::With(failed.into()))?;
    }
    if let Some(account) = visitor.account().cloned() {
        let language = app.directory.person(&account).and_then(|person| person.language);
        visitor = visitor.speaking(language);
    }
    let admitted = match (access, &visitor.session) {
        (Access::Public, _) => true,
        (Access::Person, Some(_)) => visitor.account().is_some(),
        (Access::Read, Some(_)) => visitor.staff().is_some(),
        (Access::Decide, Some(_)) => {
            matches!(visitor.staff(), Some((_, Role::Reviewer)))
        }
        _ => false,
    };
    match (admitted, access, &visitor.session) {
        (true, ..) => Ok(visitor),
        (false, Access::Person, None) => Err(Refused::Sign("/privacy")),
        (false, Access::Read | Access::Decide, None) => Err(Refused::Sign("/console/sign-in")),
        _ => Err(Refused::With(Problem::Forbidden)),
    }
}

/// Sends the browser on to another page of this site.
pub(crate) fn see_other(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(path) => (StatusCode::SEE_OTHER, [(LOCATION, path)]).into_response(),
        Err(_) => Problem::Internal.into_response(),
    }
}

async fn find(app: &Shared, token: [u8; 32]) -> Result<Option<Session>, Failed> {
    let now = app.now();
    app.registry
        .read(move |register| {
            let item = register.item(Drawer::Session, &token)?.filter(|item| item.due > now);
            let Some(item) = item else { return Ok(None) };
            let who = match serde_json::from_str(&item.text) {
                Ok(Stored::Person { account }) => parse_account(&account).map(Who::Person),
                Ok(Stored::Staff { name, role, since }) => {
                    let is_over = staff::is_ended(register, &name, since)?;
                    (!is_over).then_some(Who::Staff { name, role })
                }
                Err(_) => None,
            };
            Ok(who.map(|who| Session { key: item.key, who }))
        })
        .await
}

/// Opens a session and returns the cookie that holds it.
pub(crate) async fn sign_in(app: &Shared, who: Who) -> Result<HeaderValue, Failed> {
    let (lasts, stored) = match who {
        Who::Person(account) => {
            (app.settings.times.person_session, Stored::Person { account: account_text(&account) })
        }
        Who::Staff { name, role } => {
            let since = app.now();
            (app.settings.times.reviewer_session, Stored::Staff { name, role, since })
        }
    };
    let text = serde_json::to_string(&stored).unwrap_or_default();
    let until = after(app.now(), lasts);
    let token = app
        .registry
        .act(move |act| {
            let token: [u8; 32] = act.random();
            act.put(Drawer::Session, &token, until, None, &text)?;
            Ok(token)
        })
        .await?;
    Ok(bake(app, SESSION, &URL_SAFE_NO_PAD.encode(token), lasts))
}

/// Ends a session and returns the cookie that forgets it.
pub(crate) async fn sign_out(app: &Shared, session: &Session) -> Result<HeaderValue, Failed> {
    let key = session.key;
    app.registry.act(move |act| act.remove(&key)).await?;
    Ok(bake(app, SESSION, "", Duration::ZERO))
}

/// A moment some time later.
pub(crate) fn after(now: Timestamp, lasts: Duration) -> Timestamp {
    now.checked_add(lasts).unwrap_or(Timestamp::MAX)
}

/// An answer that sets a session's cookie.
pub(crate) fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(SET_COOKIE, cookie);
    response
}

/// The name of the cookie that holds a session.
const SESSION: &str = "demur";

/// A browser takes a `__Host-` cookie from no other name and no plain connection.
fn cookie_name(app: &App, name: &str) -> String {
    let prefix = if app.settings.is_secure() { "__Host-" } else { "" };
    format!("{prefix}{name}")
}

/// A cookie that only this site reads, and no script. Name and value are ASCII letters.
pub(crate) fn bake(app: &App, name: &str, value: &str, lasts: Duration) -> HeaderValue {
    let secure = if app.settings.is_secure() { "; Secure" } else { "" };
    let (name, lasts) = (cookie_name(app, name), lasts.as_secs());
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={lasts}{secure}");
    HeaderValue::from_str(&text).expect("a cookie of ASCII letters is a header value")
}

/// The token in a cookie of this name.
pub(crate) fn cookie(app: &App, headers: &HeaderMap, name: &str) -> Option<[u8; 32]> {
    let name = cookie_name(app, name);
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .and_then(|(_, value)| URL_SAFE_NO_PAD.decode(value).ok()?.try_into().ok())
}
