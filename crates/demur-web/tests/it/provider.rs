//! A small provider of OpenID Connect that says whatever a test wants it to say.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use demur_web::settings::Oidc;
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm};
use openidconnect::url::Url;
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::moment;

/// What the site is called there, and the secret between them.
const CLIENT: &str = "demur";
const SECRET: &str = "between the two: + and %";

/// What becomes of a token before it is handed out.
type Forge = fn(String) -> String;

/// The provider, on a port of its own until the test ends.
pub struct Provider {
    pub issuer: String,
    state: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    issuer: String,
    is_down: AtomicBool,
    /// Which key it signs with.
    key: AtomicU8,
    /// What was asked for, by code.
    asked: Mutex<HashMap<String, Asked>>,
    /// What the id token says besides or instead.
    says: Mutex<Value>,
    /// What it tells when asked.
    tells: Mutex<Value>,
    /// Makes another token of a token.
    forges: Mutex<Option<Forge>>,
}

struct Asked {
    nonce: String,
    challenge: String,
    back: String,
}

impl Provider {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Inner {
            issuer: issuer.clone(),
            says: Mutex::new(json!({})),
            tells: Mutex::new(json!({})),
            ..Inner::default()
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(document))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(me))
            .layer(from_fn_with_state(Arc::clone(&state), answer))
            .with_state(Arc::clone(&state));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Provider { issuer, state }
    }

    /// The site as its client.
    pub fn oidc(&self, claim: &str) -> Oidc {
        Oidc {
            issuer: self.issuer.clone(),
            client_id: CLIENT.into(),
            client_secret: Some(SECRET.into()),
            scopes: vec!["profile".into()],
            account_claim: claim.into(),
        }
    }

    /// What the next id tokens say, besides or instead of the usual.
    pub fn says(&self, claims: Value) {
        *self.state.says.lock().unwrap() = claims;
    }

    /// What it tells of somebody when asked.
    pub fn tells(&self, claims: Value) {
        *self.state.tells.lock().unwrap() = claims;
    }

    pub fn forges(&self, how: fn(String) -> String) {
        *self.state.forges.lock().unwrap() = Some(how);
    }

    pub fn changes_its_key(&self) {
        self.state.key.fetch_add(1, Ordering::SeqCst);
    }

    pub fn goes_down(&self, is_down: bool) {
        self.state.is_down.store(is_down, Ordering::SeqCst);
    }

    /// Somebody signs in at the address that the site sent them to; where they are sent back to.
    pub fn visit(&self, address: &str) -> String {
        let url: Url = address.parse().unwrap();
        assert!(address.starts_with(&format!("{}/authorize?", self.issuer)), "{address}");
        let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["client_id"], CLIENT);
        assert_eq!(query["scope"], "openid profile");
        assert_eq!(query["code_challenge_method"], "S256");
        let code = format!("code-of-{}", &query["state"][..8]);
        let asked = Asked {
            nonce: query["nonce"].clone(),
            challenge: query["code_challenge"].clone(),
            back: query["redirect_uri"].clone(),
        };
        self.state.asked.lock().unwrap().insert(code.clone(), asked);
        let back: Url = query["redirect_uri"].parse().unwrap();
        format!("{}?code={code}&state={}", back.path(), query["state"])
    }
}

async fn answer(State(state): State<Arc<Inner>>, request: Request, next: Next) -> Response {
    if state.is_down.load(Ordering::SeqCst) {
        return StatusCode::BAD_GATEWAY.into_response();
    }
    next.run(request).await
}

async fn document(State(state): State<Arc<Inner>>) -> Json<Value> {
    let issuer = &state.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/me"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "EdDSA", "HS256", "none"],
    }))
}

async fn keys(State(state): State<Arc<Inner>>) -> Json<Value> {
    Json(json!({ "keys": [key(state.key.load(Ordering::SeqCst)).as_verification_key()] }))
}

/// Each code once, to whom it was given.
async fn token(
    State(state): State<Arc<Inner>>,
    headers: axum::http::HeaderMap,
    Form(sent): Form<HashMap<String, String>>,
) -> Response {
    let asked = sent.get("code").and_then(|code| state.asked.lock().unwrap().remove(code));
    let Some(asked) = asked else { return refused() };
    let encoded = "between+the+two%3A+%2B+and+%25";
    let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{encoded}")));
    let verifier = sent.get("code_verifier").map_or("", String::as_str);
    let is_same = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == asked.challenge;
    let is_client = headers.get(AUTHORIZATION).is_some_and(|value| value == basic.as_str());
    if !is_same || !is_client || sent.get("redirect_uri") != Some(&asked.back) {
        return refused();
    }
    let mut claims = json!({
        "iss": state.issuer,
        "sub": "ana",
        "aud": CLIENT,
        "iat": moment(0).as_second(),
        "exp": moment(5).as_second(),
        "nonce": asked.nonce,
    });
    for (name, value) in state.says.lock().unwrap().as_object().unwrap() {
        claims[name] = value.clone();
    }
    let key = key(state.key.load(Ordering::SeqCst));
    let mut token = sign(&key, &claims);
    if let Some(forge) = *state.forges.lock().unwrap() {
        token = forge(token);
    }
    Json(json!({ "access_token": "an-access-token", "token_type": "Bearer", "id_token": token }))
        .into_response()
}

fn refused() -> Response {
    let body = json!({ "error": "invalid_grant", "error_description": "a-secret-of-the-provider" });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

async fn me(State(state): State<Arc<Inner>>, headers: axum::http::HeaderMap) -> Response {
    if headers.get(AUTHORIZATION).is_none_or(|value| value != "Bearer an-access-token") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    Json(state.tells.lock().unwrap().clone()).into_response()
}

/// A key of the provider, the same for the same number.
fn key(number: u8) -> CoreEdDsaPrivateSigningKey {
    // PKCS #8 of an Ed25519 key: what stands before its 32 bytes is always the same.
    let mut der = hex::decode("302e020100300506032b657004220420").unwrap();
    der.extend([number + 1; 32]);
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(der)
    );
    let id = JsonWebKeyId::new(format!("key-{number}"));
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(id)).unwrap()
}

fn sign(key: &CoreEdDsaPrivateSigningKey, claims: &Value) -> String {
    let id = serde_json::to_value(key.as_verification_key()).unwrap()["kid"].clone();
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let open = format!("{}.{}", part(json!({ "alg": "EdDSA", "kid": id })), part(claims.clone()));
    let signature = key.sign(&CoreJwsSigningAlgorithm::EdDsa, open.as_bytes()).unwrap();
    format!("{open}.{}", URL_SAFE_NO_PAD.encode(signature))
}
