//! What a provider says of somebody.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreGenderClaim, CoreIdToken, CoreTokenResponse};
use openidconnect::{AdditionalClaims, OAuth2TokenResponse, SubjectIdentifier, UserInfoClaims};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::http::Http;
use super::provider::Client;

/// Claims by name.
pub(super) type Claims = Map<String, Value>;

/// All claims that the standard does not name.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Others {
    #[serde(flatten)]
    all: Claims,
}

impl AdditionalClaims for Others {}

/// The claims of an id token that was verified.
pub(super) fn of_token(token: &CoreIdToken) -> Option<Claims> {
    let token = token.to_string();
    let payload = token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

/// Adds what the provider tells only when asked (OpenID Connect Core, 5.3). What the id token says
/// stays; where the provider does not tell, nothing is added.
pub(super) async fn add_more(
    client: &Client,
    http: &Http,
    answer: &CoreTokenResponse,
    subject: &SubjectIdentifier,
    claims: &mut Claims,
) {
    let request = client.user_info(answer.access_token().clone(), Some(subject.clone()));
    let Ok(request) = request else { return };
    let more: Result<UserInfoClaims<Others, CoreGenderClaim>, _> =
        request.request_async(http).await;
    let Ok(Ok(Value::Object(more))) = more.map(serde_json::to_value) else {
        tracing::warn!("a provider of OpenID Connect does not tell more of somebody");
        return;
    };
    for (name, value) in more {
        claims.entry(name).or_insert(value);
    }
}

/// A claim that is a text or a whole number.
pub(super) fn text(claims: &Claims, name: &str) -> Option<String> {
    match claims.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_i64() || number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

/// A claim that is a list of texts, or one.
pub(super) fn list<'c>(claims: &'c Claims, name: &str) -> Vec<&'c str> {
    match claims.get(name) {
        Some(Value::Array(values)) => values.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => vec![text],
        _ => Vec::new(),
    }
}
