//! The way to a provider: HTTPS, no redirects, an answer of bounded length within a bounded time.

use std::pin::Pin;
use std::sync::Once;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};

/// How long a provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(8);
/// The longest answer that is read, in bytes. Key sets are a few kilobytes.
const LONGEST: usize = 512 * 1024;

/// Asks a provider.
pub(super) struct Http(reqwest::Client);

/// Why it did not answer. What it was asked and what it said stays out of it.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpError {
    #[error("the provider cannot be reached")]
    Unreachable,
    #[error("the provider's answer is too long")]
    TooLong,
    #[error("the provider's answer cannot be read")]
    Unreadable,
}

impl Http {
    /// Of a provider on this machine, without TLS, where its address says so: `is_plain`.
    pub(super) fn new(is_plain: bool) -> Result<Self, HttpError> {
        choose_cryptography();
        let mut client = reqwest::Client::builder()
            .timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .https_only(!is_plain);
        if is_plain {
            client = client.no_proxy();
        }
        client.build().map(Http).map_err(|_| HttpError::Unreachable)
    }

    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let request = request.try_into().map_err(|_| HttpError::Unreadable)?;
        let mut response = self.0.execute(request).await.map_err(|_| HttpError::Unreachable)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| HttpError::Unreachable)? {
            if body.len() + chunk.len() > LONGEST {
                return Err(HttpError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let mut answer = http::Response::new(body);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

/// Says once which implementation of cryptography TLS uses; whoever said so before is right.
fn choose_cryptography() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}
