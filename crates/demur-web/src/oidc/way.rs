//! The way to a provider and back, the same for people and for staff.

use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;

use super::attempt::{Attempt, Door, language_of};
use super::claims::Claims;
use super::provider::{Failure, Provider};
use crate::app::Shared;
use crate::guard::{Visitor, see_other, with_cookie};
use crate::site::limits::{Limit, take_from};
use crate::site::problem::Problem;

/// What a provider sends a browser back with.
#[derive(Default, Deserialize)]
pub(super) struct Back {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
}

impl Back {
    /// The same visitor, answered in the language that they chose before they left.
    pub(super) fn speaking(&self, mut visitor: Visitor) -> Visitor {
        if let Some(language) = self.state.as_deref().and_then(language_of) {
            (visitor.language, visitor.chose_language) = (language, true);
        }
        visitor
    }
}

/// The answer that sends a browser to a provider, with the cookie by which it is known again.
pub(super) async fn leave(
    app: &Shared,
    provider: &Provider,
    visitor: &Visitor,
    door: Door,
) -> Result<Result<Response, Failure>, Problem> {
    take_from(app, Limit::Asks, visitor.address).await?;
    let attempt = Attempt::begin(app, door).await?;
    let address = provider.address(&attempt, visitor, app.now()).await;
    Ok(address
        .map(|address| with_cookie(see_other(&address), attempt.cookie(app)))
        .inspect_err(|failure| tracing::warn!(%failure, "nobody can be sent to sign in")))
}

/// What the provider says of whoever came back.
pub(super) async fn confirmed(
    app: &Shared,
    provider: &Provider,
    headers: &HeaderMap,
    sent: Back,
    door: Door,
    wanted: &[&str],
) -> Result<Claims, Failure> {
    let asked = Attempt::of(app, headers, door)
        .filter(|attempt| sent.state.as_deref().is_some_and(|state| attempt.is_of(state)));
    let named = sent.iss.as_deref().is_none_or(|name| provider.is_issuer(name));
    let confirmed = match (asked, sent.code) {
        (None, _) => Err(Failure::Unconfirmed("the answer belongs to no attempt of this browser")),
        (Some(_), _) if !named => Err(Failure::Unconfirmed("another provider answered")),
        (Some(_), None) => Err(Failure::Unconfirmed("the provider sends no code")),
        (Some(attempt), Some(code)) => provider.claims(&attempt, code, wanted, app.now()).await,
    };
    confirmed.inspect_err(|failure| tracing::warn!(%failure, "somebody could not be signed in"))
}
