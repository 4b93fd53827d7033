//! A provider: what it says of itself, the address that people are sent to, and what the code is worth
//! that they come back with.

use std::sync::Arc;
use std::time::SystemTime;

use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreIdTokenClaims,
    CoreJwsSigningAlgorithm as Algorithm, CoreProviderMetadata, CoreTokenResponse,
};
use openidconnect::{
    AccessTokenHash, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, LanguageTag, OAuth2TokenResponse,
    PkceCodeChallenge, RedirectUrl, RequestTokenError, Scope, SignatureVerificationError,
    TokenResponse,
};
use tokio::sync::Mutex;

use super::attempt::Attempt;
use super::claims::{self, Claims};
use super::http::Http;
use crate::guard::Visitor;
use crate::settings::Oidc;

/// After this long a provider is asked anew what it says of itself.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// This long a provider that did not answer is left alone.
const PAUSE: SignedDuration = SignedDuration::from_secs(10);
/// The signatures that are believed: those that only the provider can make.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

pub(super) type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Why somebody could not be signed in. The text says which step failed and nothing of what was said.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The provider does not answer, or not as a provider does.
    #[error("{0}")]
    Down(&'static str),
    /// It answered, and nobody is confirmed by it.
    #[error("{0}")]
    Unconfirmed(&'static str),
}

/// A provider, as the site knows it.
pub(crate) struct Provider {
    oidc: Oidc,
    /// Where it sends browsers back to.
    back: String,
    known: Mutex<Known>,
}

/// What it last said of itself, and when.
#[derive(Default)]
struct Known {
    http: Option<Arc<Http>>,
    metadata: Option<(Arc<CoreProviderMetadata>, Timestamp)>,
    failed_at: Option<Timestamp>,
}

impl Provider {
    pub(crate) fn new(oidc: Oidc, back: String) -> Self {
        Provider { oidc, back, known: Mutex::default() }
    }

    /// The address where somebody signs in.
    pub(super) async fn address(
        &self,
        attempt: &Attempt,
        visitor: &Visitor,
        now: Timestamp,
    ) -> Result<String, Failure> {
        let (_, metadata) = self.metadata(now, FRESH).await?;
        let client = self.client(&metadata)?;
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&attempt.verifier());
        let language = visitor.language;
        let state = attempt.state(visitor.chose_language.then_some(language));
        let nonce = attempt.nonce();
        let scopes = self.oidc.scopes.iter().filter(|scope| *scope != "openid");
        let (address, ..) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || state, || nonce)
            .add_scopes(scopes.cloned().map(Scope::new))
            .add_ui_locale(LanguageTag::new(language.code().to_owned()))
            .set_pkce_challenge(challenge)
            .url();
        Ok(address.into())
    }

    /// Whether a name that came back with the browser is this provider's (RFC 9207).
    pub(super) fn is_issuer(&self, name: &str) -> bool {
        name == self.oidc.issuer
    }

    /// What the provider says of whoever came back with this code. Asks for more where the id token
    /// has none of the `wanted` claims.
    pub(super) async fn claims(
        &self,
        attempt: &Attempt,
        code: String,
        wanted: &[&str],
        now: Timestamp,
    ) -> Result<Claims, Failure> {
        let (http, metadata) = self.metadata(now, FRESH).await?;
        let client = self.client(&metadata)?;
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| Failure::Down("the provider names no token endpoint"))?
            .set_pkce_verifier(attempt.verifier())
            .request_async(&*http)
            .await
            .map_err(|error| match error {
                RequestTokenError::ServerResponse(_) => {
                    Failure::Unconfirmed("the provider does not take the code")
                }
                _ => Failure::Down("the token endpoint does not answer as it should"),
            })?;
        let token = answer.id_token().ok_or(Failure::Unconfirmed("there is no id token"))?;
        let verified = match verify(&client, &metadata, attempt, token, now) {
            // The keys may have changed since they were fetched.
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let (_, metadata) = self.metadata(now, SignedDuration::from_mins(1)).await?;
                let client = self.client(&metadata)?;
                verify(&client, &metadata, attempt, token, now)
                    .and_then(|verified| check_hash(&client, &answer, token, verified))
            }
            verified => verified.and_then(|verified| check_hash(&client, &answer, token, verified)),
        };
        let verified = verified.map_err(|error| Failure::Unconfirmed(name(&error)))?;
        let mut found =
            claims::of_token(token).ok_or(Failure::Unconfirmed("the id token cannot be read"))?;
        if wanted.iter().any(|claim| !found.contains_key(*claim)) {
            claims::add_more(&client, &http, &answer, verified.subject(), &mut found).await;
        }
        Ok(found)
    }

    fn client(&self, metadata: &CoreProviderMetadata) -> Result<Client, Failure> {
        let secret = self.oidc.client_secret.clone().map(ClientSecret::new);
        let back = RedirectUrl::new(self.back.clone())
            .map_err(|_| Failure::Down("the site's own address cannot be read"))?;
        let id = ClientId::new(self.oidc.client_id.clone());
        let client =
            CoreClient::from_provider_metadata(metadata.clone(), id, secret).set_redirect_uri(back);
        let basic = CoreClientAuthMethod::ClientSecretBasic;
        let by_header = match metadata.token_endpoint_auth_methods_supported() {
            None => true,
            Some(methods) => methods.contains(&basic),
        };
        Ok(if by_header { client } else { client.set_auth_type(AuthType::RequestBody) })
    }

    /// What the provider says of itself, not older than `fresh` unless it does not answer.
    async fn metadata(
        &self,
        now: Timestamp,
        fresh: SignedDuration,
    ) -> Result<(Arc<Http>, Arc<CoreProviderMetadata>), Failure> {
        let mut known = self.known.lock().await;
        let http = match &known.http {
            Some(http) => Arc::clone(http),
            None => {
                let http = Http::new(self.is_on_this_machine())
                    .map_err(|_| Failure::Down("this machine has no certificates to trust"))?;
                Arc::clone(known.http.insert(Arc::new(http)))
            }
        };
        let within = |moment: Timestamp, span| now.duration_since(moment) < span;
        let paused = known.failed_at.is_some_and(|failed_at| within(failed_at, PAUSE));
        let is_fresh = known.metadata.as_ref().is_some_and(|(_, at)| within(*at, fresh));
        if !is_fresh && !paused {
            match self.discover(&http).await {
                Ok(metadata) => {
                    known.metadata = Some((Arc::new(metadata), now));
                    known.failed_at = None;
                }
                Err(failure) => {
                    tracing::warn!(%failure, "a provider of OpenID Connect was not found");
                    known.failed_at = Some(now);
                }
            }
        }
        // What it said before is better than nothing.
        match &known.metadata {
            Some((metadata, _)) => Ok((http, Arc::clone(metadata))),
            None => Err(Failure::Down("the provider could not be asked")),
        }
    }

    async fn discover(&self, http: &Http) -> Result<CoreProviderMetadata, Failure> {
        use openidconnect::DiscoveryError as E;
        let issuer = IssuerUrl::new(self.oidc.issuer.clone())
            .map_err(|_| Failure::Down("the issuer is not an address"))?;
        CoreProviderMetadata::discover_async(issuer, http).await.map_err(|error| {
            Failure::Down(match error {
                E::Request(_) => "it does not answer, or not over TLS",
                E::Response(..) => "its answer is no document",
                E::Parse(_) => "its document cannot be read",
                E::Validation(_) => "its document names another issuer",
                _ => "it cannot be asked",
            })
        })
    }

    /// Whether its address leads without TLS to this very machine, which is where tests run.
    fn is_on_this_machine(&self) -> bool {
        let Ok(issuer) = IssuerUrl::new(self.oidc.issuer.clone()) else { return false };
        let url = issuer.url();
        url.scheme() == "http"
            && matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
    }
}

fn verify<'t>(
    client: &Client,
    metadata: &CoreProviderMetadata,
    attempt: &Attempt,
    token: &'t CoreIdToken,
    now: Timestamp,
) -> Result<&'t CoreIdTokenClaims, ClaimsVerificationError> {
    let announced = metadata.id_token_signing_alg_values_supported();
    let believed = ALGORITHMS.into_iter().filter(|algorithm| announced.contains(algorithm));
    let now =
        SystemTime::try_from(now).map_err(|_| ClaimsVerificationError::Other("time".into()))?;
    let verifier =
        client.id_token_verifier().set_allowed_algs(believed).set_time_fn(move || now.into());
    token.claims(&verifier, &attempt.nonce())
}

/// Where the id token names an access token, it has to be the one that came with it.
fn check_hash<'t>(
    client: &Client,
    answer: &CoreTokenResponse,
    token: &CoreIdToken,
    verified: &'t CoreIdTokenClaims,
) -> Result<&'t CoreIdTokenClaims, ClaimsVerificationError> {
    let Some(named) = verified.access_token_hash() else { return Ok(verified) };
    let wrong = || ClaimsVerificationError::Other("access token".into());
    let verifier = client.id_token_verifier();
    let algorithm = token.signing_alg().map_err(|_| wrong())?;
    let key = token.signing_key(&verifier).map_err(|_| wrong())?;
    let own = AccessTokenHash::from_token(answer.access_token(), algorithm, key);
    if own.is_ok_and(|own| own == *named) { Ok(verified) } else { Err(wrong()) }
}

/// What is wrong with an id token, without saying what is in it.
fn name(error: &ClaimsVerificationError) -> &'static str {
    use ClaimsVerificationError as E;
    match error {
        E::Expired(_) => "the id token has expired",
        E::InvalidAudience(_) => "the id token is for another site",
        E::InvalidIssuer(_) => "the id token is from another provider",
        E::InvalidNonce(_) => "the id token is of another attempt",
        E::SignatureVerification(_) => "the id token's signature is not the provider's",
        _ => "the id token is not as it should be",
    }
}
