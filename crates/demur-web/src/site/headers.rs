//! Headers of every answer.

use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::Shared;

/// No script but the site's own file, nothing from elsewhere, no frame around it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                      connect-src 'none'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// Adds what is missing: an answer that says something itself keeps it.
pub(crate) async fn add(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    set(headers, CONTENT_SECURITY_POLICY, POLICY);
    // Addresses of pages are personal; only this site may learn where somebody came from. Without it
    // the browser would not say so in `Origin` either.
    set(headers, REFERRER_POLICY, "same-origin");
    set(headers, CACHE_CONTROL, "no-store");
    set(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    let none = "camera=(), geolocation=(), microphone=(), payment=(), browsing-topics=()";
    set(headers, HeaderName::from_static("permissions-policy"), none);
    set(headers, HeaderName::from_static("x-robots-tag"), "noindex");
    if app.settings.is_secure() {
        set(headers, STRICT_TRANSPORT_SECURITY, "max-age=63072000");
    }
    response
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
