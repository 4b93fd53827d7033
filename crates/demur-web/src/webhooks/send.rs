//! One message on its way: its text, its signature, and what came back.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use rustls::crypto::CryptoProvider;
use sha2::Sha256;

use crate::settings::Webhook;
use crate::webhooks::queue::Message;

/// How long a recipient may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came of sending a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// The recipient has it.
    Taken,
    /// The recipient answered, and not that it has it.
    Refused(String),
    /// There was no answer.
    Unreachable(String),
}

/// Sends messages.
#[derive(Clone)]
pub(super) struct Client(reqwest::Client);

impl Client {
    /// # Errors
    /// In words, where the machine lacks what secure connections take.
    pub(super) fn new() -> Result<Self, String> {
        // A process has one provider of cryptography; whoever comes first brings it.
        if CryptoProvider::get_default().is_none() {
            drop(rustls::crypto::ring::default_provider().install_default());
        }
        reqwest::Client::builder()
            .redirect(Policy::none())
            .timeout(PATIENCE)
            .user_agent(concat!("demur/", env!("CARGO_PKG_VERSION")))
            .build()
            .map(Client)
            .map_err(|error| format!("no connections can be made: {error}"))
    }

    /// Sends a message, signed for this moment.
    pub(super) async fn send(&self, to: &Webhook, message: &Message, now: Timestamp) -> Sent {
        let body = serde_json::to_vec(message).unwrap_or_default();
        let request = self
            .0
            .post(&to.url)
            .header(CONTENT_TYPE, "application/json")
            .header("Demur-Delivery", &message.id)
            .header("Demur-Signature", signature(&to.secret, now, &body))
            .body(body);
        Sent::of(request).await
    }
}

impl Sent {
    async fn of(request: reqwest::RequestBuilder) -> Sent {
        match request.send().await {
            Ok(answer) if answer.status().is_success() => Sent::Taken,
            Ok(answer) => Sent::Refused(format!("it answered {}", answer.status().as_u16())),
            // The error itself would tell the address, and with it perhaps a token.
            Err(error) if error.is_timeout() => Sent::Unreachable("no answer in time".into()),
            Err(error) if error.is_connect() => Sent::Unreachable("no connection".into()),
            Err(error) if error.is_builder() => Sent::Refused("its address is wrong".into()),
            Err(_) => Sent::Unreachable("the connection broke off".into()),
        }
    }
}

/// Posts JSON to an address, unsigned and once.
///
/// # Errors
/// In words that follow "it was not taken", without the address.
pub async fn post_json(url: &str, body: String) -> Result<(), String> {
    let client = Client::new()?;
    let request = client.0.post(url).header(CONTENT_TYPE, "application/json").body(body);
    match Sent::of(request).await {
        Sent::Taken => Ok(()),
        Sent::Refused(why) | Sent::Unreachable(why) => Err(why),
    }
}

/// The value of the header `Demur-Signature`: when it was signed, in seconds since 1970, and the
/// HMAC-SHA-256 of that number, a full stop and the body.
#[must_use]
pub fn signature(secret: &[u8], at: Timestamp, body: &[u8]) -> String {
    let at = at.as_second().to_string();
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret).expect("a key of this code may have any length");
    mac.update(at.as_bytes());
    mac.update(b".");
    mac.update(body);
    format!("t={at},v1={}", hex::encode(mac.finalize().into_bytes()))
}
