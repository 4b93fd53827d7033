//! What ties the way to a provider to the way back: one random seed in the visitor's cookie.
//!
//! State, nonce and code verifier all follow from the seed by a one-way function, each by its own. Who
//! sees the addresses learns none of the others, and the site has nothing to remember.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use demur_notice::Language;
use openidconnect::{CsrfToken, Nonce, PkceCodeVerifier};

use crate::app::{App, Shared};
use crate::guard::{self, with_cookie};
use crate::registry::Failed;

/// How long somebody may take to sign in at the provider.
const LASTS: Duration = Duration::from_secs(15 * 60);

/// Who signs in where. Attempts of one sort are of no use for the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// People, at the privacy centre.
    People,
    /// Staff, at the console.
    Staff,
}

impl Door {
    fn cookie(self) -> &'static str {
        match self {
            Door::People => "demur-sign-in",
            Door::Staff => "demur-sign-in-staff",
        }
    }
}

/// Somebody's way to a provider and back.
pub(super) struct Attempt {
    door: Door,
    seed: [u8; 32],
}

impl Attempt {
    /// A new one.
    pub(super) async fn begin(app: &Shared, door: Door) -> Result<Self, Failed> {
        let seed = app.registry.act(|act| Ok(act.random())).await?;
        Ok(Attempt { door, seed })
    }

    /// The one that the visitor's cookie holds.
    pub(super) fn of(app: &App, headers: &HeaderMap, door: Door) -> Option<Self> {
        let seed = guard::cookie(app, headers, door.cookie())?;
        Some(Attempt { door, seed })
    }

    /// The cookie that holds it.
    pub(super) fn cookie(&self, app: &App) -> HeaderValue {
        guard::bake(app, self.door.cookie(), &URL_SAFE_NO_PAD.encode(self.seed), LASTS)
    }

    /// What the provider hands back with the browser. It also keeps the language that the visitor
    /// chose.
    pub(super) fn state(&self, chosen: Option<Language>) -> CsrfToken {
        let proof = self.derive("state");
        CsrfToken::new(match chosen {
            Some(language) => format!("{proof}.{}", language.code()),
            None => proof,
        })
    }

    /// What the provider puts into the id token.
    pub(super) fn nonce(&self) -> Nonce {
        Nonce::new(self.derive("nonce"))
    }

    /// What proves to the provider that the code comes from here.
    pub(super) fn verifier(&self) -> PkceCodeVerifier {
        PkceCodeVerifier::new(self.derive("code verifier"))
    }

    /// Whether a state that came back is this attempt's.
    pub(super) fn is_of(&self, state: &str) -> bool {
        let proof = state.split('.').next().unwrap_or_default();
        // Digests compare in constant time.
        blake3::hash(self.derive("state").as_bytes()) == blake3::hash(proof.as_bytes())
    }

    fn derive(&self, what: &str) -> String {
        let context = format!("demur v1 {} {what}", self.door.cookie());
        URL_SAFE_NO_PAD.encode(blake3::derive_key(&context, &self.seed))
    }
}

/// The language that a state keeps.
pub(super) fn language_of(state: &str) -> Option<Language> {
    let code = state.split('.').nth(1)?;
    Language::all().find(|language| language.code() == code)
}

/// An answer after which the visitor's attempt is over.
pub(super) fn over(app: &App, door: Door, response: Response) -> Response {
    with_cookie(response, guard::bake(app, door.cookie(), "", Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_derived_differs_by_use_door_and_seed() {
        let attempts = [(Door::People, 1), (Door::Staff, 1), (Door::People, 2)]
            .map(|(door, byte)| Attempt { door, seed: [byte; 32] });
        let mut seen: Vec<String> = attempts
            .iter()
            .flat_map(|a| {
                [
                    a.state(None).secret().clone(),
                    a.nonce().secret().clone(),
                    a.verifier().into_secret(),
                ]
            })
            .collect();
        // RFC 7636, 4.1: at least 43 characters.
        assert!(seen.iter().all(|text| text.len() >= 43));
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 9);
        assert!(attempts[0].is_of(attempts[0].state(None).secret()));
        assert!(!attempts[0].is_of(attempts[1].state(None).secret()));
        assert!(!attempts[0].is_of(""));
        let german = Language::from_locale("de");
        let state = attempts[0].state(german);
        assert!(attempts[0].is_of(state.secret()));
        assert_eq!(language_of(state.secret()), german);
        assert_eq!(language_of(attempts[0].state(None).secret()), None);
    }
}
